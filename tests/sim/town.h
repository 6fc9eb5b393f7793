/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "stations/world.h"

G_BEGIN_DECLS

/* A simulated city for a test, and what its stations say. */
typedef struct {
  CasaCity *city;
  CasaSimScenario *scenario; /* the calendar's; a test may change it before town_build() */
  CasaSimModel *model;
  CasaSimWorld *world;
  GHashTable *index; /* station id → index + 1 */
} Town;

#define TOWN_MINUTE_MS G_GINT64_CONSTANT(60000)
#define TOWN_HOUR_MS (60 * TOWN_MINUTE_MS)
#define TOWN_DAY_MS (24 * TOWN_HOUR_MS)

/* UTC. */
gint64 town_utc(guint year, guint month, guint day, guint hour);

/* Loads the tree's configuration; nothing is simulated yet. */
void town_load(Town *self);
void town_build(Town *self, guint64 seed, guint n_stations);
void town_free(Town *self);

/* One value of one station at @t_ms, counters over the ten seconds before; NAN when it does not say it. */
double town_value(Town *self, const char *station, const char *metric, gint64 t_ms);
/* Mean, or sum, over all stations whose id begins with @prefix. */
double town_mean(Town *self, const char *prefix, const char *metric, gint64 t_ms);
double town_sum(Town *self, const char *prefix, const char *metric, gint64 t_ms);

/* Two of one seed: to one of them something happens. */
typedef struct {
  Town usual, eventful;
} Towns;

void towns_build(Towns *self);
void towns_free(Towns *self);
/* The second obeys @command at @t_ms, or the test fails. */
void towns_command(Towns *self, const char *command, gint64 t_ms);
/* At @t_ms all say the same bytes in both, but for those of whom @concerned says so. */
void towns_assert_same(Towns *self, gint64 t_ms, gboolean (*concerned)(const char *id));

/* A day of May's local hour, which is UTC+1 then. */
#define TOWN_TUESDAY 20592 /* 2026-05-19 */
#define TOWN_AT(day, h) (((gint64)(day)*24 + (h)-1) * TOWN_HOUR_MS)

/* Of two courses. */
double town_correlation(const double *x, const double *y, guint n);

G_END_DECLS
