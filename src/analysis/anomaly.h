/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Whether a figure of the city is unusual for its hour and its kind of day, in steps of five minutes: what is usual comes from
 * days before, robustly, so that an event of last week is not usual this week. It tells an event only when it lasts; what a
 * single sensor does wrong is sensor-watch.h's. Pure: no file, no clock, no thread; a verdict depends on nothing that is added
 * later. Method and what it is worth: docs/ANALYSIS.md. */
typedef struct _CasaAnomaly CasaAnomaly;

#define CASA_ANOMALY_STEP_MS (5 * 60 * 1000) /* a value is the mean or the newest of such a step */
#define CASA_ANOMALY_SLOTS 288               /* of a local day */
#define CASA_ANOMALY_KINDS 8                 /* of days: what the caller makes of them, such as the days of the week */
#define CASA_ANOMALY_DAYS 52                 /* of one kind that are remembered */

typedef struct {
  gboolean known;  /* enough days are remembered; else nothing below is set */
  double expected; /* usual at this hour, moved by how far the last hours were from usual */
  double score;    /* how far it is from that, in robust standard deviations; signed */
  gboolean lasts;  /* an alert lasts */
  gboolean begins; /* with this step */
  gint64 since_ms; /* first step that was unusual, of an alert */
  guint rank, of;  /* so unusual at this hour were @rank of the last @of days of its kind, this one included */
} CasaAnomalyVerdict;

/* @least: the smallest deviation that may be called one standard deviation, in the figure's unit: resolution, or what nobody
 * minds. */
CasaAnomaly *casa_anomaly_new(double least);
void casa_anomaly_free(CasaAnomaly *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaAnomaly, casa_anomaly_free)

/* Adds the step at @t_ms (rising; one that is left out is unknown), of slot @slot of a local day of kind @kind and with number
 * @day (rising). @value NAN: nothing was measured. Some 10 µs. */
void casa_anomaly_add(CasaAnomaly *self, gint64 t_ms, guint slot, guint kind, gint64 day, double value,
                      CasaAnomalyVerdict *out);

G_END_DECLS
