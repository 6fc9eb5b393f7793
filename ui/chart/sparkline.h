/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot.h"

G_BEGIN_DECLS

/* A line without axes beside a number, from lowest to highest over the whole height, its end marked. */
typedef struct {
  const double *values; /* one for each place from left to right; NAN: a gap. Not owned */
  guint n;
  CasaRgb colour;
  gboolean silent; /* what it measures is: paler, and without the mark at the end */
} CasaSparkline;

void casa_sparkline_paint(const CasaPlot *plot, const CasaSparkline *line); /* Fills the plot */

G_END_DECLS
