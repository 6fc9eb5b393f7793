/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Where an axis starts, ends and has its ticks. Pure. */

#define CASA_AXIS_LINES_MAX 4

typedef struct {
  double low, high;
  double ticks[CASA_AXIS_LINES_MAX]; /* rising, round, within low…high */
  guint n_ticks;
  guint decimals; /* that the ticks need */
} CasaAxisValues;

/* An axis that holds @min…@max (any finite numbers, @min ≤ @max) with ticks a round step apart: 1, 2, 2.5 or 5 times a power of
 * ten, a multiple of @step_min (itself a power of ten). At most @lines_max lines (1…4), a baseline at low that is no tick
 * counted as one. low and high only take quarters of a step, so that the axis stands still while live data move a little. */
void casa_axis_values(double min, double max, double step_min, guint lines_max, CasaAxisValues *axis);

/* The shortest step between ticks of time that is longer than @step_ms: seconds to weeks, all of them divide a minute, an
 * hour or a day, or are whole days. 0 gives the first, the longest gives 0. */
gint64 casa_axis_time_step_after(gint64 step_ms);

/* Ticks within @from_ms…@to_ms at whole multiples of @step_ms of the clock on the wall in @zone (weeks start on Monday). A
 * change of the zone's offset within the window is respected. Returns how many of @max were written. */
guint casa_axis_times(gint64 from_ms, gint64 to_ms, gint64 step_ms, GTimeZone *zone, gint64 *ticks, guint max);

/* Moves @centres (rising) as little as possible so that neighbours are @spacing apart and all lie within @low…@high. */
void casa_axis_spread(double *centres, guint n, double spacing, double low, double high);

G_END_DECLS
