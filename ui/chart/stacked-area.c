/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/stacked-area.h"
#include "ui/chart/chart-flags.h"
#include "ui/chart/chart-layout.h"
#include "ui/text/lang.h"
#include <math.h>

typedef struct {
  const CasaPlot *plot;
  const CasaStackedArea *area;
  CasaPlotAxis y;
  double left, right;
  double *tops; /* [(n_layers + 1) * n_columns], row 0 is the ground; NAN: a gap */
} Layout;

static double
top_of(const Layout *l, guint layer, guint column)
{
  return l->tops[(gsize)layer * l->area->n_columns + column];
}

static void
add_up(Layout *l)
{
  const CasaStackedArea *a = l->area;
  for (guint c = 0; c < a->n_columns; c++) {
    double sum = 0;
    for (guint i = 0; i <= a->n_layers; i++) {
      sum += i == 0 ? 0 : fmax(0, a->layers[i - 1].values[c]) + (isnan(a->layers[i - 1].values[c]) ? NAN : 0);
      l->tops[(gsize)i * a->n_columns + c] = sum;
    }
    for (guint i = 0; isnan(sum) && i <= a->n_layers; i++)
      l->tops[(gsize)i * a->n_columns + c] = NAN;
  }
}

static void
layout_init(Layout *l, const CasaPlot *plot, const CasaStackedArea *area)
{
  const double line = casa_plot_line_height(plot), px = plot->font_px;
  double low = INFINITY, high = -INFINITY, names = px * 0.3;
  *l = (Layout){ .plot = plot, .area = area };
  l->tops = g_new(double, (gsize)(area->n_layers + 1) * MAX(area->n_columns, 1));
  add_up(l);
  /* Of a band the ground is no value. */
  const guint first = area->n_layers > 0 && area->layers[0].clear ? 1 : 0;
  for (guint c = 0; c < area->n_columns; c++) {
    low = fmin(low, top_of(l, first, c));
    high = fmax(high, top_of(l, area->n_layers, c));
  }
  if (!(low <= high))
    low = 0, high = 1;
  casa_axis_values(area->zero_based ? 0 : low, MAX(high, low + 1e-6), pow(10, -(double)area->decimals), CASA_AXIS_LINES_MAX,
                   &l->y.values);
  for (guint i = 0; i < area->n_layers; i++)
    if (area->layers[i].name)
      names = MAX(names, casa_plot_text_width(plot, area->layers[i].name, TRUE) + px * 0.5);
  l->y.from = MAX(plot->height - line - px * 0.4, 1);
  l->y.to = MIN(area->unit ? line * 1.4 : line * 0.5, l->y.from - 1);
  l->left = casa_plot_axis_room(plot, &l->y);
  l->right = MAX(plot->width - MIN(names, plot->width * 0.34), l->left + 1);
}

static double
x_of(const Layout *l, guint column)
{
  return l->left + (l->right - l->left) * (column + 0.5) / MAX(l->area->n_columns, 1);
}

/* Columns [@begin, @end) have no gap. */
static void
fill_run(const Layout *l, guint layer, guint begin, guint end)
{
  cairo_t *cr = l->plot->cr;
  const double half = end - begin == 1 ? (l->right - l->left) / l->area->n_columns / 2 : 0;
  cairo_move_to(cr, x_of(l, begin) - half, casa_plot_axis_place(&l->y, top_of(l, layer + 1, begin)));
  for (guint c = begin; c < end; c++)
    cairo_line_to(cr, x_of(l, c) + half, casa_plot_axis_place(&l->y, top_of(l, layer + 1, c)));
  for (guint c = end; c > begin; c--)
    cairo_line_to(cr, x_of(l, c - 1) + half, casa_plot_axis_place(&l->y, MAX(top_of(l, layer, c - 1), l->y.values.low)));
  cairo_line_to(cr, x_of(l, begin) - half, casa_plot_axis_place(&l->y, MAX(top_of(l, layer, begin), l->y.values.low)));
  cairo_close_path(cr);
}

static void
draw_layer(const Layout *l, guint layer)
{
  const CasaStackLayer *of = &l->area->layers[layer];
  const guint n = l->area->n_columns;
  for (guint begin = 0; begin < n && !of->clear; begin++) {
    guint end = begin;
    while (end < n && !isnan(top_of(l, layer, end)))
      end++;
    if (end > begin)
      fill_run(l, layer, begin, end);
    begin = end;
  }
  casa_plot_set_colour(l->plot, casa_plot_mark(l->plot, of->colour), 0.9);
  cairo_fill_preserve(l->plot->cr);
  /* A seam of the ground between two layers, so that colour is not alone in telling them apart. */
  casa_plot_set_colour(l->plot, l->plot->theme->panel, 1);
  cairo_set_line_width(l->plot->cr, 1.5);
  cairo_stroke(l->plot->cr);
}

static void
draw_names(const Layout *l)
{
  const CasaStackedArea *a = l->area;
  const double spacing = casa_plot_line_height(l->plot);
  double middles[CASA_STACK_LAYERS_MAX];
  guint named[CASA_STACK_LAYERS_MAX], n = 0, last = a->n_columns;
  while (last > 0 && isnan(top_of(l, 0, last - 1)))
    last--;
  if (last == 0)
    return;
  for (guint i = a->n_layers; i > 0; i--) {
    if (!a->layers[i - 1].name || a->layers[i - 1].clear)
      continue;
    const double low = MAX(top_of(l, i - 1, last - 1), l->y.values.low);
    middles[n] = casa_plot_axis_place(&l->y, (low + top_of(l, i, last - 1)) / 2);
    named[n++] = i - 1;
  }
  casa_axis_spread(middles, n, spacing, spacing / 2, l->y.from);
  for (guint i = 0; i < n; i++)
    casa_plot_text(l->plot, a->layers[named[i]].name, l->right + l->plot->font_px * 0.4, middles[i], 0,
                   l->plot->width - l->right, a->layers[named[i]].colour, TRUE);
}

static void
draw_times(const Layout *l)
{
  const CasaStackedArea *a = l->area;
  gint64 times[CASA_CHART_TIMES_MAX];
  double free_from = 0;
  const double line = casa_plot_line_height(l->plot);
  const double pixel_ms = (double)(a->to_ms - a->from_ms) / (l->right - l->left);
  gint64 step = casa_axis_time_step_after(0);
  while (step > 0 && (double)step / pixel_ms < 3.4 * l->plot->font_px)
    step = casa_axis_time_step_after(step);
  const guint n = step > 0 ? casa_axis_times(a->from_ms, a->to_ms, step, casa_lang_zone(), times, CASA_CHART_TIMES_MAX) : 0;
  for (guint i = 0; i < n; i++) {
    g_autofree char *label = casa_chart_layout_time_label(times[i], step);
    const double width = casa_plot_text_width(l->plot, label, FALSE);
    const double x = l->left + (double)(times[i] - a->from_ms) / pixel_ms - width / 2;
    if (x < free_from || x + width > l->plot->width)
      continue;
    casa_plot_text(l->plot, label, x, l->plot->height - line / 2, 0, width, l->plot->theme->muted, FALSE);
    free_from = x + width + l->plot->font_px * 0.3;
  }
}

/* The same flags as on a chart of lines: a pole has no use for the axis of values. */
static void
draw_flags(const Layout *l)
{
  const CasaStackedArea *a = l->area;
  const CasaPlot *plot = l->plot;
  CasaChartLayout layout = { .width = plot->width,
                             .height = plot->height,
                             .scale = 1,
                             .x = l->left,
                             .y = l->y.to,
                             .w = l->right - l->left,
                             .h = l->y.from - l->y.to,
                             .from_ms = a->from_ms,
                             .to_ms = a->to_ms,
                             .text_height = casa_plot_line_height(plot),
                             .n_panes = 1,
                             .small = { plot->pango, plot->font, plot->font_px, FALSE },
                             .strong = { plot->pango, plot->font, plot->font_px, TRUE } };
  const CasaChartPicture picture = {
    .from_ms = a->from_ms, .to_ms = a->to_ms, .flags = a->flags, .n_flags = a->n_flags, .theme = plot->theme
  };
  layout.panes[0] = (CasaChartPane){ .x = layout.x, .w = layout.w, .from_ms = a->from_ms, .to_ms = a->to_ms };
  casa_chart_flags_draw_spans(plot->cr, &layout, &picture);
  casa_chart_flags_draw(plot->cr, &layout, &picture);
}

void
casa_stacked_area_paint(const CasaPlot *plot, const CasaStackedArea *area)
{
  Layout l;
  g_return_if_fail(area->n_layers <= CASA_STACK_LAYERS_MAX);
  if (area->to_ms <= area->from_ms)
    return;
  layout_init(&l, plot, area);
  casa_plot_axis_draw_rising(plot, &l.y, l.left, l.right, area->unit);
  for (guint i = 0; i < area->n_layers; i++)
    draw_layer(&l, i);
  draw_flags(&l);
  draw_names(&l);
  draw_times(&l);
  g_free(l.tops);
}
