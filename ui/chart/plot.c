/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/plot.h"
#include "ui/text/lang.h"
#include <math.h>

#define MARK_CONTRAST 3.0
#define TEXT_CONTRAST 4.5

CasaRgb
casa_plot_mark(const CasaPlot *self, CasaRgb colour)
{
  return casa_rgb_readable(colour, self->theme->panel, MARK_CONTRAST);
}

CasaRgb
casa_plot_ink(const CasaPlot *self, CasaRgb colour)
{
  return casa_rgb_readable(colour, self->theme->panel, TEXT_CONTRAST);
}

static CasaChartType
type_of(const CasaPlot *self, gboolean strong)
{
  return (CasaChartType){ self->pango, self->font, self->font_px, strong };
}

void
casa_plot_text(const CasaPlot *self, const char *text, double x, double middle, double align, double max_width, CasaRgb colour,
               gboolean strong)
{
  const CasaChartType type = type_of(self, strong);
  double width, height;
  casa_chart_text_measure(&type, text, &width, &height);
  width = MIN(width + 1, max_width);
  casa_chart_text_draw(self->cr, &type, text, x - align * width, middle, width, casa_plot_ink(self, colour),
                       &self->theme->panel);
}

double
casa_plot_text_width(const CasaPlot *self, const char *text, gboolean strong)
{
  const CasaChartType type = type_of(self, strong);
  double width, height;
  casa_chart_text_measure(&type, text, &width, &height);
  return width + 1;
}

double
casa_plot_line_height(const CasaPlot *self)
{
  const CasaChartType type = type_of(self, FALSE);
  double width, height;
  casa_chart_text_measure(&type, "0", &width, &height);
  return height;
}

void
casa_plot_set_colour(const CasaPlot *self, CasaRgb colour, double alpha)
{
  cairo_set_source_rgba(self->cr, colour.r, colour.g, colour.b, alpha);
}

double
casa_plot_axis_place(const CasaPlotAxis *self, double value)
{
  const double part = (value - self->values.low) / (self->values.high - self->values.low);
  return self->from + part * (self->to - self->from);
}

static char *
tick_label(const CasaPlotAxis *axis, guint i, const char *unit)
{
  g_autofree char *number = casa_lang_number(axis->values.ticks[i], axis->values.decimals);
  return unit != NULL && i + 1 == axis->values.n_ticks ? g_strdup_printf("%s %s", number, unit) : g_steal_pointer(&number);
}

/* On whole pixels, so that it is crisp. */
static void
hairline(const CasaPlot *self, double x0, double y0, double x1, double y1)
{
  casa_plot_set_colour(self, self->theme->grid, 1);
  cairo_set_line_width(self->cr, 1);
  cairo_move_to(self->cr, x0 == x1 ? floor(x0) + 0.5 : x0, y0 == y1 ? floor(y0) + 0.5 : y0);
  cairo_line_to(self->cr, x0 == x1 ? floor(x1) + 0.5 : x1, y0 == y1 ? floor(y1) + 0.5 : y1);
  cairo_stroke(self->cr);
}

void
casa_plot_axis_draw_rising(const CasaPlot *self, const CasaPlotAxis *axis, double left, double right, const char *unit)
{
  hairline(self, left, axis->from, right, axis->from);
  for (guint i = 0; i < axis->values.n_ticks; i++) {
    g_autofree char *label = tick_label(axis, i, NULL);
    const double y = casa_plot_axis_place(axis, axis->values.ticks[i]);
    hairline(self, left, y, right, y);
    casa_plot_text(self, label, left - self->font_px * 0.4, y, 1, left, self->theme->muted, FALSE);
  }
  if (unit != NULL)
    casa_plot_text(self, unit, 0, casa_plot_line_height(self) / 2, 0, self->width, self->theme->muted, FALSE);
}

/* The last one carries the unit, and keeps its place; of the others those are written that touch neither it nor one another. */
void
casa_plot_axis_draw_level(const CasaPlot *self, const CasaPlotAxis *axis, double top, double bottom, const char *unit)
{
  const double middle = bottom + casa_plot_line_height(self) / 2 + self->font_px * 0.2, apart = self->font_px * 0.4;
  double free_from = -INFINITY, free_to = INFINITY;
  for (guint k = 0; k < axis->values.n_ticks; k++) {
    const guint i = k == 0 ? axis->values.n_ticks - 1 : k - 1; /* the last, then from the first on */
    g_autofree char *label = tick_label(axis, i, unit);
    const double x = casa_plot_axis_place(axis, axis->values.ticks[i]), width = casa_plot_text_width(self, label, FALSE);
    const double from = CLAMP(x - width / 2, 0, MAX(0, self->width - width));
    hairline(self, x, top, x, bottom);
    if (from < free_from || from + width > free_to)
      continue;
    casa_plot_text(self, label, from, middle, 0, width, self->theme->muted, FALSE);
    if (k == 0)
      free_to = from - apart;
    else
      free_from = from + width + apart;
  }
}

double
casa_plot_axis_room(const CasaPlot *self, const CasaPlotAxis *axis)
{
  double room = 0;
  for (guint i = 0; i < axis->values.n_ticks; i++) {
    g_autofree char *label = tick_label(axis, i, NULL);
    room = MAX(room, casa_plot_text_width(self, label, FALSE));
  }
  return room + self->font_px * 0.6;
}
