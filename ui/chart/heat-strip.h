/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot.h"

G_BEGIN_DECLS

/* Days one above the other, hours from left to right, each hour in the colour of its value; a key beside it says which is
 * which. Hours without a value are hatched. */
typedef struct {
  const double *values;    /* [n_days * 24], the first day first, hour 0 first; NAN: nothing measured. Not owned */
  const char *const *days; /* [n_days] names; not owned */
  guint n_days;
  double low, high; /* that the ends of the colours stand for */
  guint decimals;
  const char *unit;
} CasaHeatStrip;

void casa_heat_strip_paint(const CasaPlot *plot, const CasaHeatStrip *strip); /* Fills the plot */
/* Which colour @value has: linear between the theme's steps, clamped. */
CasaRgb casa_heat_strip_colour(const CasaTheme *theme, const CasaHeatStrip *strip, double value);

G_END_DECLS
