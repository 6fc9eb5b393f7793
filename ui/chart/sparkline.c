/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/sparkline.h"
#include <math.h>

void
casa_sparkline_paint(const CasaPlot *plot, const CasaSparkline *line)
{
  const double stroke = MAX(1, plot->height / 14), dot = stroke * 1.6, right = plot->width - dot;
  double low = INFINITY, high = -INFINITY, x = 0, y = 0;
  gboolean drawing = FALSE, any = FALSE;
  for (guint i = 0; i < line->n; i++)
    if (isfinite(line->values[i])) {
      low = MIN(low, line->values[i]);
      high = MAX(high, line->values[i]);
    }
  const double span = high > low ? high - low : 1, height = plot->height - 2 * dot;
  for (guint i = 0; i < line->n; i++) {
    if (!isfinite(line->values[i])) {
      drawing = FALSE;
      continue;
    }
    x = line->n > 1 ? stroke / 2 + (right - stroke) * i / (line->n - 1) : right;
    y = high > low ? dot + height * (high - line->values[i]) / span : plot->height / 2;
    if (!drawing)
      cairo_move_to(plot->cr, x, y);
    cairo_line_to(plot->cr, x, y); /* a value between two gaps is a dot */
    drawing = any = TRUE;
  }
  casa_plot_set_colour(plot, casa_plot_mark(plot, line->silent ? plot->theme->muted : line->colour), 1);
  cairo_set_line_width(plot->cr, stroke);
  cairo_set_line_join(plot->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(plot->cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke(plot->cr);
  if (!any || line->silent)
    return;
  cairo_arc(plot->cr, x, y, dot, 0, 2 * G_PI);
  cairo_fill(plot->cr);
}
