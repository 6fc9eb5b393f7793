/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What is wrong with one sensor, told from what happens in the city by its neighbours, who measure the same nearby: an event
 * moves them all, a fault moves one. Pure: no file, no clock, no thread. Method and what it is worth: docs/ANALYSIS.md. */
typedef struct _CasaSensorWatch CasaSensorWatch;

typedef enum {
  CASA_SENSOR_SOUND,
  CASA_SENSOR_STUCK,   /* the same value for an hour, while its neighbours move */
  CASA_SENSOR_OUTLIER, /* one reading that neither its own past nor its neighbours bear out, and that was gone with the next */
  CASA_SENSOR_DRIFT,   /* it moves away from its neighbours for days, slowly */
  CASA_SENSOR_CLOCK,   /* what it says of the time is not when it arrives, steadily */
} CasaSensorFault;

typedef struct {
  CasaSensorFault fault; /* the gravest; SOUND: none is seen */
  gboolean begins;       /* with this reading */
  gint64 since_ms;       /* arrival of the first reading that was wrong */
  double size;           /* of an outlier and a drift: how far it is off, in its unit; of a clock: ms that it is ahead */
} CasaSensorVerdict;

/* @least: what the sensor can tell apart, in its unit. */
CasaSensorWatch *casa_sensor_watch_new(double least);
void casa_sensor_watch_free(CasaSensorWatch *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSensorWatch, casa_sensor_watch_free)

/* Adds a reading that arrived at @arrived_ms (rising), said to be of @said_ms. @neighbours: median of what the others of its
 * kind say then; NAN: there are none. */
void casa_sensor_watch_add(CasaSensorWatch *self, gint64 said_ms, gint64 arrived_ms, double value, double neighbours,
                           CasaSensorVerdict *out);

G_END_DECLS
