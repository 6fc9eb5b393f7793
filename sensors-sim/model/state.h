/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "activity.h"
#include "calendar.h"
#include "city/city.h"
#include "events/events.h"
#include "weather.h"

G_BEGIN_DECLS

/* The whole city at one moment, before districts and sensors differ: people, weather, and what they make of the air and
 * the grid. Only doubles: moments between two minutes are interpolated field by field. */
typedef struct {
  CasaSimWeather weather;
  CasaSimActivity people;
  double dark; /* need of lamps indoors: 0 by day, 1 at night, rising over nearly two hours about dusk */
  double
    signs; /* signs, yards and stairways that are lit: 0 by day, 1 at night, over somewhat more than an hour about sunset */
  double photo;                   /* ozone-making light and warmth of the last hours, 0..1 */
  double heat;                    /* °C of the last day above 18: what air conditioning answers to */
  double stored;                  /* warmth that walls took in over the last hours, 0..1: highest in the evening */
  double use_homes, use_services; /* of electricity, of what is usual at that hour: no day is like the one before */
  double frequency_hz;            /* of the national grid */
  double dust;                    /* chergui, 0..1 */
  double haze;                    /* what the wind brings of the region's particles, times the ordinary */
  double rain, washed;            /* now; of the last hours: what holds the dust down */
} CasaSimState;

typedef struct _CasaSimModel CasaSimModel; /* caches: one thread */

/* @city, @scenario outlive the model. */
CasaSimModel *casa_sim_model_new(const CasaCity *city, const CasaSimScenario *scenario, guint64 seed);
void casa_sim_model_free(CasaSimModel *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimModel, casa_sim_model_free)

/* What it was made with, and its days (transfer none). */
guint64 casa_sim_model_seed(const CasaSimModel *self);
const CasaCity *casa_sim_model_city(const CasaSimModel *self);            /* The city */
CasaSimCalendar *casa_sim_model_calendar(CasaSimModel *self);             /* Its days */
const CasaSimScenario *casa_sim_model_scenario(const CasaSimModel *self); /* What it presumes */

/* The city at @t_ms: a pure function of (seed, scenario, time), whatever was asked before. */
void casa_sim_model_at(CasaSimModel *self, gint64 t_ms, CasaSimState *out);

/* Events that matter at @t_ms (GArray of CasaSimEvent, none daily; transfer none: valid until another day is asked for or
 * an event is added). */
const GArray *casa_sim_model_events(CasaSimModel *self, gint64 t_ms);

/* Adds a settled event that begins at its start_ms; what was before stays as it was. */
void casa_sim_model_add_event(CasaSimModel *self, const CasaSimEvent *event);
/* Ends at @t_ms, with their usual ramp, those that were added and are still on: of @kind (NULL: of any) at @place, as it was
 * written (NULL: wherever). Returns how many. */
guint casa_sim_model_calm(CasaSimModel *self, const CasaSimEventKind *kind, const char *place, gint64 t_ms);
/* Those that were added: GArray of CasaSimEvent. (transfer none) */
const GArray *casa_sim_model_commanded(const CasaSimModel *self);
/* From now on it has the live events of @other, a model of the same scenario, and of all events those in @left_out (GArray of
 * CasaSimEvent, none daily) never happen in it. */
void casa_sim_model_follow(CasaSimModel *self, const CasaSimModel *other, const GArray *left_out);
/* Counts the changes. */
guint casa_sim_model_n_changes(const CasaSimModel *self);

/* Road demand alone, for those who look ahead of the clock (a tram's run). */
double casa_sim_model_traffic(CasaSimModel *self, gint64 t_ms);

G_END_DECLS
