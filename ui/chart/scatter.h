/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot.h"

G_BEGIN_DECLS

/* One quantity against another: a dot for each moment, the last stretch as a path, now as a large dot with its time. */
typedef struct {
  double x, y; /* NAN in either: left out, and the path is broken */
} CasaScatterPoint;

typedef struct {
  const CasaScatterPoint *points; /* oldest first; not owned */
  guint n_points;
  guint n_path; /* the last so many are joined */
  CasaRgb colour;
  const char *x_unit, *y_unit; /* NULL: none */
  guint x_decimals, y_decimals;
  gboolean y_any;       /* the rising axis begins where the values do, and says so by its numbers; else on 0 */
  const char *now_text; /* beside the last point, "18:40"; NULL: no large dot */
} CasaScatter;

/* Both axes stand on 0 where values are not negative, but see y_any. */
void casa_scatter_paint(const CasaPlot *plot, const CasaScatter *scatter);

G_END_DECLS
