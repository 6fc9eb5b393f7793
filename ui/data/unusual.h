/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/anomaly.h"
#include "city/city.h"
#include "city/indicators.h"
#include "store/catalogue.h"

G_BEGIN_DECLS

/* What is unusual for its hour and kind of day, of the indicators that indicators.conf watches (`unusual`), by district,
 * line or for the whole city: worked out from the store every five minutes on a thread of its own, with a read-only
 * connection of its own. docs/ANALYSIS.md tells the method and its limits. All functions: from the thread that made it, in
 * whose default main context answers arrive. */
typedef struct _CasaUnusual CasaUnusual;

#define CASA_UNUSUAL_TOLD_MS (30 * 60 * 1000) /* what is over is told for so long */
#define CASA_UNUSUAL_PLACE 64

typedef enum { CASA_DAY_WORKING, CASA_DAY_FRIDAY, CASA_DAY_SATURDAY, CASA_DAY_SUNDAY } CasaDayKind;

typedef struct {
  const CasaIndicator *indicator;
  char place[CASA_UNUSUAL_PLACE]; /* id of a district or line; "": the whole city */
  gint64 since_ms, until_ms;      /* first and last step that it was so */
  gboolean lasts;
  double value, expected; /* of the last step that it was so: what it was, what is usual then */
  double score;           /* the farthest that it was, in usual deviations; signed */
  guint rank, of;         /* as far off at that hour were @rank of the last @of days of its kind */
  CasaDayKind day;
  guint n_stations, n_agree; /* that it is made of; that moved the same way when it began */
} CasaUnusualAlert;

/* @path (copied) of the store; @catalogue and @city outlive it. @changed: other alerts have come. (transfer full) */
CasaUnusual *casa_unusual_new(const char *path, CasaCatalogue *catalogue, const CasaCity *city, void (*changed)(gpointer data),
                              gpointer data);
void casa_unusual_free(CasaUnusual *self); /* Joins the thread. NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaUnusual, casa_unusual_free)

/* What time it is, and what is shown (held): asks anew when five minutes are over. What is later than @now_ms is not read. */
void casa_unusual_want(CasaUnusual *self, CasaIndicators *indicators, gint64 now_ms);
void casa_unusual_forget(CasaUnusual *self); /* The past has become another one: it is learned again, some time */

/* CasaUnusualAlert: what lasts, the farthest off first, then what has just ended. (transfer none) until the next answer. */
const GArray *casa_unusual_alerts(const CasaUnusual *self);

G_END_DECLS
