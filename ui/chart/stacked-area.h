/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-paint.h"
#include "ui/chart/plot.h"

G_BEGIN_DECLS

/* Parts of a whole over time, one upon the other, from 0 up; the edge of the last is the whole. A band (lowest to highest of
 * many) is two layers of which the first is clear. */
typedef struct {
  const char *name;     /* at the right end; NULL: none */
  const double *values; /* [n_columns]; NAN: unknown, then the whole column is a gap. Not owned */
  CasaRgb colour;
  gboolean clear; /* only lifts what lies on it */
} CasaStackLayer;

#define CASA_STACK_LAYERS_MAX 8

typedef struct {
  CasaStackLayer layers[CASA_STACK_LAYERS_MAX]; /* from the bottom up; negative values count as 0 */
  guint n_layers;
  guint n_columns;
  gint64 from_ms, to_ms; /* that the columns share */
  gboolean zero_based;   /* FALSE: the axis begins where the lowest value asks for, and says so by its numbers (bands) */
  guint decimals;
  const char *unit;
  const CasaChartFlag *flags; /* as those of a CasaChartPicture */
  guint n_flags;
} CasaStackedArea;

void casa_stacked_area_paint(const CasaPlot *plot, const CasaStackedArea *area); /* Fills the plot */

G_END_DECLS
