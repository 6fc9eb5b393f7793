/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/scatter.h"
#include <math.h>

typedef struct {
  const CasaPlot *plot;
  const CasaScatter *scatter;
  CasaPlotAxis x, y;
} Layout;

static gboolean
is_known(const CasaScatterPoint *p)
{
  return isfinite(p->x) && isfinite(p->y);
}

static void
layout_init(Layout *l, const CasaPlot *plot, const CasaScatter *scatter)
{
  const double line = casa_plot_line_height(plot), px = plot->font_px;
  double x_low = 0, x_high = 0, y_low = scatter->y_any ? INFINITY : 0, y_high = scatter->y_any ? -INFINITY : 0;
  for (guint i = 0; i < scatter->n_points; i++) {
    const CasaScatterPoint *p = &scatter->points[i];
    if (!is_known(p))
      continue;
    x_low = MIN(x_low, p->x);
    x_high = MAX(x_high, p->x);
    y_low = MIN(y_low, p->y);
    y_high = MAX(y_high, p->y);
  }
  if (y_low > y_high)
    y_low = y_high = 0;
  *l = (Layout){ .plot = plot, .scatter = scatter };
  casa_axis_values(y_low, MAX(y_high, y_low + 1e-6), pow(10, -(double)scatter->y_decimals), CASA_AXIS_LINES_MAX, &l->y.values);
  casa_axis_values(x_low, MAX(x_high, x_low + 1e-6), pow(10, -(double)scatter->x_decimals), 3, &l->x.values);
  l->y.from = MAX(plot->height - line - px * 0.4, 1);
  l->y.to = MIN(scatter->y_unit ? line * 1.4 : line * 0.5, l->y.from - 1);
  l->x.from = casa_plot_axis_room(plot, &l->y);
  l->x.to = MAX(plot->width - px * 0.8, l->x.from + 1);
}

static void
draw_dots(const Layout *l)
{
  const CasaPlot *plot = l->plot;
  const double r = MAX(1.2, plot->font_px * 0.14);
  const CasaRgb colour = casa_plot_mark(plot, l->scatter->colour);
  for (guint i = 0; i < l->scatter->n_points; i++) {
    const CasaScatterPoint *p = &l->scatter->points[i];
    if (!is_known(p))
      continue;
    /* Old ones are paler, but all are to be seen. */
    casa_plot_set_colour(plot, colour, 0.35 + 0.45 * (i + 1) / l->scatter->n_points);
    cairo_arc(plot->cr, casa_plot_axis_place(&l->x, p->x), casa_plot_axis_place(&l->y, p->y), r, 0, 2 * G_PI);
    cairo_fill(plot->cr);
  }
}

static void
draw_path(const Layout *l)
{
  const CasaScatter *s = l->scatter;
  const guint first = s->n_points > s->n_path ? s->n_points - s->n_path : 0;
  gboolean drawing = FALSE;
  for (guint i = first; i < s->n_points; i++) {
    const CasaScatterPoint *p = &s->points[i];
    if (is_known(p) && drawing)
      cairo_line_to(l->plot->cr, casa_plot_axis_place(&l->x, p->x), casa_plot_axis_place(&l->y, p->y));
    else if (is_known(p))
      cairo_move_to(l->plot->cr, casa_plot_axis_place(&l->x, p->x), casa_plot_axis_place(&l->y, p->y));
    drawing = is_known(p);
  }
  casa_plot_set_colour(l->plot, l->plot->theme->ink, 0.9);
  cairo_set_line_width(l->plot->cr, MAX(1.5, l->plot->font_px * 0.12));
  cairo_set_line_join(l->plot->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(l->plot->cr);
}

static void
draw_now(const Layout *l)
{
  const CasaPlot *plot = l->plot;
  const double px = plot->font_px;
  guint i = l->scatter->n_points;
  while (i > 0 && !is_known(&l->scatter->points[i - 1]))
    i--;
  if (i == 0 || l->scatter->now_text == NULL)
    return;
  const double x = casa_plot_axis_place(&l->x, l->scatter->points[i - 1].x);
  const double y = casa_plot_axis_place(&l->y, l->scatter->points[i - 1].y);
  const double width = casa_plot_text_width(plot, l->scatter->now_text, TRUE);
  casa_plot_set_colour(plot, plot->theme->panel, 1);
  cairo_arc(plot->cr, x, y, px * 0.48, 0, 2 * G_PI);
  cairo_fill(plot->cr);
  casa_plot_set_colour(plot, plot->theme->ink, 1);
  cairo_arc(plot->cr, x, y, px * 0.36, 0, 2 * G_PI);
  cairo_fill(plot->cr);
  const gboolean right = x + px * 0.8 + width <= plot->width;
  const double line = casa_plot_line_height(plot);
  casa_plot_set_colour(plot, plot->theme->panel, 0.8); /* the time is read, whatever dots are there */
  cairo_rectangle(plot->cr, right ? x + px * 0.6 : x - px * 0.8 - width, y - line / 2, width + px * 0.2, line);
  cairo_fill(plot->cr);
  casa_plot_text(plot, l->scatter->now_text, right ? x + px * 0.7 : x - px * 0.7, y, right ? 0 : 1, width, plot->theme->ink,
                 TRUE);
}

void
casa_scatter_paint(const CasaPlot *plot, const CasaScatter *scatter)
{
  Layout l;
  layout_init(&l, plot, scatter);
  casa_plot_axis_draw_rising(plot, &l.y, l.x.from, l.x.to, scatter->y_unit);
  casa_plot_axis_draw_level(plot, &l.x, l.y.to, l.y.from, scatter->x_unit);
  draw_dots(&l);
  draw_path(&l);
  draw_now(&l);
}
