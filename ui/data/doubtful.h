/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/sensor-watch.h"
#include "city/indicators.h"
#include "store/catalogue.h"

G_BEGIN_DECLS

/* Which of the city's sensors are doubtful: each is held against the others of its kind (analysis/sensor-watch.h), for the
 * indicators that have a `resolution` in indicators.conf. Worked out from the store every five minutes on a thread of its own,
 * with a read-only connection of its own. docs/ANALYSIS.md tells the method and its limits. All functions: from the thread that
 * made it, in whose default main context answers arrive. */
typedef struct _CasaDoubtful CasaDoubtful;

typedef struct {
  const CasaIndicator *indicator;
  guint series, station; /* of the catalogue */
  CasaSensorFault fault; /* STUCK, DRIFT or CLOCK: an outlier is gone with the next reading */
  gint64 since_ms;       /* first reading that was so, by the sensor's own steps of five minutes */
  double value;          /* what it said last */
  double size;           /* of a drift: how far it is off its neighbours, in its unit; of a clock: ms that it is ahead */
} CasaDoubtfulSensor;

/* @path (copied) of the store; @catalogue outlives it. @changed: another answer has come. (transfer full) */
CasaDoubtful *casa_doubtful_new(const char *path, CasaCatalogue *catalogue, void (*changed)(gpointer data), gpointer data);
void casa_doubtful_free(CasaDoubtful *self); /* Joins the thread. NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaDoubtful, casa_doubtful_free)

/* What time it is, and what is shown (held): asks anew when five minutes are over. What is later than @now_ms is not read. */
void casa_doubtful_want(CasaDoubtful *self, CasaIndicators *indicators, gint64 now_ms);
void casa_doubtful_forget(CasaDoubtful *self); /* The past has become another one: it is learned again, some time */

/* CasaDoubtfulSensor: those that are doubtful now, in the order of their series. (transfer none) until the next answer. */
const GArray *casa_doubtful_sensors(const CasaDoubtful *self);
/* Of one station, about @indicator (NULL: about anything); NULL: it is not doubtful. (transfer none) until the next answer. */
const CasaDoubtfulSensor *casa_doubtful_of(const CasaDoubtful *self, guint station, const CasaIndicator *indicator);

G_END_DECLS
