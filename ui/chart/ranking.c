/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/ranking.h"
#include "ui/text/lang.h"
#include <math.h>

typedef struct {
  const CasaPlot *plot;
  const CasaRanking *ranking;
  CasaPlotAxis axis;
  double top, pitch;     /* of the rows */
  double names, numbers; /* room at either side */
  guint n;
  guint held; /* the row that stands last though it would not fit; G_MAXUINT: none */
} Layout;

static const CasaRankingRow *
row_at(const Layout *l, guint i)
{
  return &l->ranking->rows[l->held != G_MAXUINT && i + 1 == l->n ? l->held : i];
}

static char *
number_of(const Layout *l, const CasaRankingRow *row)
{
  if (row->text != NULL)
    return g_strdup(row->text);
  return isnan(row->value) ? g_strdup("—") : casa_lang_number(row->value, l->ranking->decimals);
}

static double
highest(const CasaRankingRow *row)
{
  double high = isnan(row->value) ? 0 : row->value;
  if (row->is_spread)
    high = MAX(high, row->p90);
  for (guint i = 0; i < row->n_members; i++)
    high = MAX(high, row->members[i]);
  return high;
}

static double
lowest(const CasaRankingRow *row)
{
  double low = isnan(row->value) ? 0 : MIN(row->value, 0);
  for (guint i = 0; i < row->n_members; i++)
    low = MIN(low, row->members[i]);
  return low;
}

static void
layout_init(Layout *l, const CasaPlot *plot, const CasaRanking *ranking)
{
  const double line = casa_plot_line_height(plot), px = plot->font_px;
  double low = 0, high = 0;
  *l = (Layout){ .plot = plot, .ranking = ranking, .held = G_MAXUINT };
  for (guint i = 0; i < ranking->n_limits; i++) {
    high = MAX(high, ranking->limits[i].value);
    l->top = ranking->limits[i].name ? line * 1.1 : l->top;
  }
  const double bottom = plot->height - line - px * 0.4;
  l->n = MIN(ranking->n_rows, (guint)MAX(0, floor((bottom - l->top) / (line * 1.05))));
  l->pitch = l->n > 0 ? MIN((bottom - l->top) / l->n, line * 2.4) : line;
  for (guint i = l->n; i < ranking->n_rows && l->n > 0 && l->held == G_MAXUINT; i++)
    l->held = ranking->rows[i].marked ? i : G_MAXUINT;
  for (guint i = 0; i < l->n; i++) {
    const CasaRankingRow *row = row_at(l, i);
    g_autofree char *number = number_of(l, row);
    l->names = MAX(l->names, casa_plot_text_width(plot, row->name, TRUE) + (ranking->chips ? px : 0));
    l->numbers = MAX(l->numbers, casa_plot_text_width(plot, number, TRUE));
    low = MIN(low, lowest(row));
    high = MAX(high, highest(row));
  }
  /* Bars are read beside their numbers, a name is read or it is not. */
  l->names = MIN(l->names, plot->width * 0.6) + px * 0.6;
  l->numbers += px * 0.6;
  casa_axis_values(low, MAX(high, low + 1e-6), pow(10, -(double)ranking->decimals), CASA_AXIS_LINES_MAX, &l->axis.values);
  l->axis.from = l->names;
  l->axis.to = MAX(plot->width - l->numbers, l->names + 1);
}

static CasaRgb
told_colour(const CasaPlot *plot, const CasaRankingRow *row)
{
  return row->marked ? casa_rgb_readable(plot->theme->bad, plot->theme->panel, 4.5) : plot->theme->ink;
}

static void
draw_name(const Layout *l, const CasaRankingRow *row, double middle)
{
  const CasaPlot *plot = l->plot;
  const double px = plot->font_px, room = l->names - px * 0.6;
  if (!l->ranking->chips) {
    casa_plot_text(plot, row->name, 0, middle, 0, room, told_colour(plot, row), row->marked);
    return;
  }
  const double width = MIN(casa_plot_text_width(plot, row->name, TRUE) + px * 0.8, room),
               height = MIN(l->pitch * 0.8, px * 1.5);
  const double x = room - width, y = middle - height / 2, r = px * 0.3;
  cairo_t *cr = plot->cr;
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - r, y + r, r, -G_PI_2, 0);
  cairo_arc(cr, x + width - r, y + height - r, r, 0, G_PI_2);
  cairo_arc(cr, x + r, y + height - r, r, G_PI_2, G_PI);
  cairo_arc(cr, x + r, y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
  casa_plot_set_colour(plot, row->colour, 1);
  cairo_fill(cr);
  /* Black or white, whichever is read better on the line's own colour. */
  const CasaRgb black = { 0, 0, 0 }, white = { 1, 1, 1 };
  const gboolean dark = casa_rgb_contrast(black, row->colour) > casa_rgb_contrast(white, row->colour);
  const CasaChartType type = { plot->pango, plot->font, px, TRUE };
  casa_chart_text_draw(cr, &type, row->name, x + px * 0.4, middle, width - px * 0.4, dark ? black : white, NULL);
}

static void
draw_bar(const Layout *l, double from, double to, double middle, double height, CasaRgb colour, double alpha)
{
  const double x0 = casa_plot_axis_place(&l->axis, from), x1 = casa_plot_axis_place(&l->axis, to);
  casa_plot_set_colour(l->plot, colour, alpha);
  cairo_rectangle(l->plot->cr, MIN(x0, x1), middle - height / 2, fabs(x1 - x0), height);
  cairo_fill(l->plot->cr);
}

static void
draw_spread(const Layout *l, const CasaRankingRow *row, double middle)
{
  const CasaPlot *plot = l->plot;
  const double height = MIN(l->pitch * 0.6, plot->font_px * 1.1), x = casa_plot_axis_place(&l->axis, row->value);
  const CasaRgb colour = casa_plot_mark(plot, row->colour);
  draw_bar(l, row->p10, row->p90, middle, height, colour, 0.3);
  draw_bar(l, row->p25, row->p75, middle, height, colour, 0.6);
  casa_plot_set_colour(plot, plot->theme->ink, 0.9);
  for (guint i = 0; i < row->n_members; i++) {
    const double at = casa_plot_axis_place(&l->axis, row->members[i]);
    /* A little up or down, always the same, so that equal ones are told apart. */
    const double off = ((double)(i * 7 % 5) - 2) / 5 * height * 0.5;
    cairo_new_sub_path(plot->cr);
    cairo_arc(plot->cr, at, middle + off, plot->font_px * 0.09, 0, 2 * G_PI);
  }
  cairo_fill(plot->cr);
  casa_plot_set_colour(plot, plot->theme->ink, 1);
  cairo_rectangle(plot->cr, x - plot->font_px * 0.08, middle - height * 0.65, plot->font_px * 0.16, height * 1.3);
  cairo_fill(plot->cr);
}

static void
draw_row(const Layout *l, guint i)
{
  const CasaPlot *plot = l->plot;
  const CasaRankingRow *row = row_at(l, i);
  const double middle = l->top + (i + 0.5) * l->pitch;
  const CasaRgb colour = casa_plot_mark(plot, row->marked ? plot->theme->bad : row->colour);
  g_autofree char *number = number_of(l, row);
  draw_name(l, row, middle);
  if (row->is_spread && !isnan(row->value))
    draw_spread(l, row, middle);
  else if (!isnan(row->value))
    draw_bar(l, 0, row->value, middle, MIN(l->pitch * 0.6, plot->font_px), colour, 1);
  casa_plot_text(plot, number, plot->width, middle, 1, l->numbers, told_colour(plot, row), TRUE);
}

/* Above the row that is held: those between are left out. */
static void
draw_break(const Layout *l)
{
  const CasaPlot *plot = l->plot;
  const double y = l->top + (l->n - 1) * l->pitch;
  cairo_save(plot->cr);
  casa_plot_set_colour(plot, plot->theme->muted, 1);
  cairo_set_line_width(plot->cr, MAX(1, plot->font_px * 0.06));
  cairo_set_dash(plot->cr, (double[]){ plot->font_px * 0.3, plot->font_px * 0.3 }, 2, 0);
  cairo_move_to(plot->cr, 0, y);
  cairo_line_to(plot->cr, plot->width, y);
  cairo_stroke(plot->cr);
  cairo_restore(plot->cr);
}

/* Names that would stand on one another move apart, and stay within the picture. */
static void
place_names(const Layout *l, double *centres, double *widths)
{
  const CasaPlot *plot = l->plot;
  double right = plot->width;
  for (guint i = 0; i < l->ranking->n_limits; i++) {
    const CasaRankingLimit *limit = &l->ranking->limits[i];
    widths[i] = limit->name ? casa_plot_text_width(plot, limit->name, FALSE) + plot->font_px * 0.6 : 0;
    centres[i] = casa_plot_axis_place(&l->axis, limit->value);
  }
  for (guint i = l->ranking->n_limits; i > 0; i--) { /* from the right: the last keeps its place where it can */
    centres[i - 1] = MIN(centres[i - 1], right - widths[i - 1] / 2);
    right = centres[i - 1] - widths[i - 1] / 2;
  }
}

static void
draw_limits(const Layout *l)
{
  const CasaPlot *plot = l->plot;
  const double px = plot->font_px;
  double centres[CASA_RANKING_LIMITS_MAX], widths[CASA_RANKING_LIMITS_MAX];
  place_names(l, centres, widths);
  for (guint i = 0; i < l->ranking->n_limits; i++) {
    const CasaRankingLimit *limit = &l->ranking->limits[i];
    const double x = casa_plot_axis_place(&l->axis, limit->value);
    cairo_save(plot->cr);
    casa_plot_set_colour(plot, casa_plot_mark(plot, plot->theme->warning), 1);
    cairo_set_line_width(plot->cr, MAX(1, px * 0.1));
    cairo_set_dash(plot->cr, (double[]){ px * 0.38, px * 0.26 }, 2, 0);
    cairo_move_to(plot->cr, x, l->top);
    cairo_line_to(plot->cr, x, l->top + l->n * l->pitch);
    cairo_stroke(plot->cr);
    cairo_restore(plot->cr);
    if (limit->name != NULL)
      casa_plot_text(plot, limit->name, centres[i], l->top / 2, 0.5, plot->width, plot->theme->warning, FALSE);
  }
}

void
casa_ranking_paint(const CasaPlot *plot, const CasaRanking *ranking)
{
  Layout l;
  if (ranking->n_rows == 0 && ranking->empty) {
    casa_plot_text(plot, ranking->empty, plot->width / 2, plot->height / 2, 0.5, plot->width, plot->theme->muted, FALSE);
    return;
  }
  layout_init(&l, plot, ranking);
  casa_plot_axis_draw_level(plot, &l.axis, l.top, l.top + l.n * l.pitch, ranking->unit);
  for (guint i = 0; i < l.n; i++)
    draw_row(&l, i);
  if (l.held != G_MAXUINT)
    draw_break(&l);
  if (l.n > 0)
    draw_limits(&l);
}
