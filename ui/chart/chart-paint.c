/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-paint.h"
#include "ui/chart/chart-between.h"
#include "ui/chart/chart-ahead.h"
#include "ui/chart/chart-flags.h"
#include "ui/chart/chart-gaps.h"
#include "ui/chart/chart-layout.h"
#include "ui/chart/chart-line.h"
#include "ui/chart/pixel-layer.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define LAST_PANE_WIDTH 1.6 /* of lines in the last of two panes, beside the first */

static void
set_colour(cairo_t *cr, CasaRgb colour)
{
  cairo_set_source_rgb(cr, colour.r, colour.g, colour.b);
}

/* Thin lines are a whole number of device pixels and lie on them, so that they are crisp. */
static double
hairline(const CasaChartLayout *layout)
{
  return MAX(1, round(layout->small.px / 16 * layout->scale)) / layout->scale;
}

static double
on_pixel(const CasaChartLayout *layout, double at, double thickness)
{
  return round((at - thickness / 2) * layout->scale) / layout->scale;
}

static void
draw_grid(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const double thickness = hairline(layout);
  set_colour(cr, picture->theme->grid);
  for (guint i = 0; i < layout->values.n_ticks; i++) {
    const double y = casa_chart_layout_y(layout, layout->values.ticks[i]);
    cairo_rectangle(cr, layout->x, on_pixel(layout, y, thickness), layout->w, thickness);
  }
  cairo_rectangle(cr, layout->x, on_pixel(layout, layout->y + layout->h, thickness), layout->w, thickness);
  cairo_fill(cr);
}

static void
draw_values(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const CasaChartType *type = &layout->small;
  if (picture->unit != NULL && layout->y >= layout->text_height * 1.2)
    casa_chart_text_draw(cr, type, picture->unit, picture->show_values ? 0 : layout->x, layout->text_height / 2, layout->width,
                         picture->theme->muted, NULL);
  if (!picture->show_values || layout->empty)
    return;
  const double room = layout->x - type->px * 0.5;
  for (guint i = 0; i < layout->values.n_ticks; i++) {
    g_autofree char *label = casa_lang_number(layout->values.ticks[i], layout->values.decimals);
    double width, height;
    casa_chart_text_measure(type, label, &width, &height);
    if (width <= room + 0.5)
      casa_chart_text_draw(cr, type, label, room - width, casa_chart_layout_y(layout, layout->values.ticks[i]), width + 1,
                           picture->theme->muted, NULL);
  }
}

/* The pane's begin, and in a stronger hand now, below its line. */
static void
draw_ends(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const double middle = layout->height - layout->text_height / 2;
  for (guint i = 0; i < layout->n_times; i++) {
    const gboolean now = i + 1 == layout->n_times;
    const CasaChartType *type = now ? &layout->strong : &layout->small;
    g_autofree char *label = casa_lang_clock(layout->times[i], FALSE);
    double width, height;
    casa_chart_text_measure(type, label, &width, &height);
    const double x = now ? MIN(layout->x + layout->w - width / 2, layout->width - width) : layout->x;
    casa_chart_text_draw(cr, type, label, x, middle, width + 1, now ? picture->theme->ink : picture->theme->muted, NULL);
  }
}

/* Round times, where a pane's labels neither touch another's nor leave the picture. */
static void
draw_round_times(cairo_t *cr, const CasaChartLayout *layout, double free_from, double free_to, const CasaChartPicture *picture)
{
  const CasaChartType *type = &layout->small;
  const double middle = layout->height - layout->text_height / 2;
  for (guint i = 0; i < layout->n_times; i++) {
    g_autofree char *label = casa_chart_layout_time_label(layout->times[i], layout->time_step);
    double width, height;
    casa_chart_text_measure(type, label, &width, &height);
    const double x = casa_chart_layout_x(layout, layout->times[i]) - width / 2;
    /* Half a label would be worse than none. */
    if (x < free_from || x + width > free_to)
      continue;
    casa_chart_text_draw(cr, type, label, x, middle, width + 1, picture->theme->muted, NULL);
    free_from = x + width + type->px * 0.3;
  }
}

static void
draw_times(cairo_t *cr, const CasaChartLayout *whole, guint i, const CasaChartPicture *picture)
{
  const CasaChartLayout pane = casa_chart_layout_pane(whole, i);
  const double px = whole->small.px;
  if (whole->panes[i].ends)
    draw_ends(cr, &pane, picture);
  else if (i + 1 < whole->n_panes)
    draw_round_times(cr, &pane, 0, whole->panes[i + 1].x - px * 0.3, picture);
  else
    draw_round_times(cr, &pane, i > 0 ? pane.x : 0, whole->width, picture);
}

static gboolean
limit_shown(const CasaChartLayout *layout, const CasaChartLimit *limit)
{
  return !layout->empty && limit->value >= layout->values.low && limit->value <= layout->values.high;
}

static void
draw_limits(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const double thickness = MAX(hairline(layout), picture->line_px * 0.6), px = layout->small.px;
  cairo_save(cr);
  cairo_set_line_width(cr, thickness);
  cairo_set_dash(cr, (double[]){ px * 0.38, px * 0.26 }, 2, 0);
  for (guint i = 0; i < picture->n_limits; i++) {
    if (!limit_shown(layout, &picture->limits[i]))
      continue;
    const double y = on_pixel(layout, casa_chart_layout_y(layout, picture->limits[i].value), thickness) + thickness / 2;
    set_colour(cr, casa_chart_colour(picture->limits[i].colour, picture->theme->panel, CASA_CHART_MARK_LEAST));
    cairo_move_to(cr, layout->x, y);
    cairo_line_to(cr, layout->x + layout->w, y);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}

static void
draw_now(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  if (picture->now_ms == 0 || picture->now_ms < picture->from_ms || picture->now_ms > picture->to_ms)
    return;
  const double thickness = hairline(layout), px = layout->small.px;
  const double x = MIN(on_pixel(layout, casa_chart_layout_x(layout, picture->now_ms), thickness), layout->x + layout->w);
  const double top = MAX(0, layout->y - px * 0.3);
  const CasaRgb c = picture->theme->ink;
  cairo_set_source_rgba(cr, c.r, c.g, c.b, 0.5);
  cairo_rectangle(cr, x, top, thickness, layout->y + layout->h - top);
  cairo_fill(cr);
}

static void
draw_names(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  for (guint i = 0; i < layout->n_names; i++) {
    const CasaChartName *name = &layout->names[i];
    if (name->width <= layout->small.px)
      continue;
    const CasaChartLine *line = &picture->lines[name->is_limit ? 0 : name->line];
    const CasaChartLimit *limit = &picture->limits[name->is_limit ? name->line : 0];
    casa_chart_text_draw(
      cr, name->is_limit ? &layout->small : casa_chart_layout_name_type(layout, line),
      !name->is_limit  ? line->name
      : name->is_short ? limit->short_name
                       : limit->name,
      name->x, name->middle, name->width,
      casa_chart_colour(name->is_limit ? limit->colour : line->colour, picture->theme->panel, CASA_CHART_TEXT_LEAST),
      &picture->theme->panel);
  }
}

/* In two panes the day is a line, and the last hour has weight. */
static gboolean
is_filled(const CasaChartLine *line, const CasaChartLayout *whole, guint pane)
{
  return line->fill && !line->behind && pane + 1 == whole->n_panes;
}

static void
draw_lines(cairo_t *cr, const CasaChartLayout *whole, guint pane, const CasaChartPicture *picture)
{
  const CasaChartLayout layout = casa_chart_layout_pane(whole, pane);
  CasaChartPicture thick;
  memcpy(&thick, picture, sizeof thick);
  if (whole->n_panes > 1 && pane + 1 == whole->n_panes)
    thick.line_px *= LAST_PANE_WIDTH;
  for (guint i = 0; i < picture->n_lines; i++)
    if (is_filled(&picture->lines[i], whole, pane))
      casa_chart_line_draw_area(cr, &layout, picture, &picture->lines[i]);
  casa_chart_between_draw(cr, &layout, picture);
  casa_chart_ahead_draw(cr, &layout, picture);
  for (guint i = picture->n_lines; i > 0; i--)
    if (picture->lines[i - 1].behind)
      casa_chart_line_draw(cr, &layout, picture, &picture->lines[i - 1]);
  draw_limits(cr, &layout, picture);
  /* The first line is the one the chart is about: it lies on top. */
  for (guint i = picture->n_lines; i > 0; i--)
    if (!picture->lines[i - 1].behind)
      casa_chart_line_draw(cr, &layout, &thick, &picture->lines[i - 1]);
}

/* The last pane stands on light ground. */
static void
draw_ground(cairo_t *cr, const CasaChartLayout *pane, const CasaChartPicture *picture)
{
  const CasaRgb c = picture->theme->ink;
  cairo_set_source_rgba(cr, c.r, c.g, c.b, 0.06);
  cairo_rectangle(cr, pane->x, pane->y, pane->w, pane->h);
  cairo_fill(cr);
}

static void
draw_pane(cairo_t *cr, const CasaChartLayout *whole, guint i, const CasaChartPicture *picture)
{
  const CasaChartLayout pane = casa_chart_layout_pane(whole, i);
  if (whole->n_panes > 1 && i + 1 == whole->n_panes)
    draw_ground(cr, &pane, picture);
  draw_grid(cr, &pane, picture);
  casa_chart_gaps_draw(cr, &pane, picture);
  casa_chart_flags_draw_spans(cr, &pane, picture);
  draw_times(cr, whole, i, picture);
  if (!whole->empty)
    draw_lines(cr, whole, i, picture);
  casa_chart_flags_draw(cr, &pane, picture);
}

void
casa_chart_layout_paint(const CasaChartLayout *self, cairo_t *cr, const CasaChartPicture *picture)
{
  cairo_save(cr);
  cairo_rectangle(cr, 0, 0, self->width, self->height);
  cairo_clip(cr);
  draw_values(cr, self, picture);
  for (guint i = 0; i < self->n_panes; i++)
    draw_pane(cr, self, i, picture);
  draw_now(cr, self, picture);
  draw_names(cr, self, picture);
  casa_chart_ahead_draw_badge(cr, self, picture);
  if (self->empty && picture->empty_text != NULL)
    casa_chart_text_draw_centred(cr, &self->small, picture->empty_text, self->x, self->y, self->w, self->h,
                                 picture->theme->muted);
  cairo_restore(cr);
}

void
casa_chart_paint(cairo_t *cr, PangoContext *pango, double width, double height, const CasaChartPicture *picture)
{
  CasaChartLayout layout;
  if (width < 1 || height < 1 || picture->to_ms <= picture->from_ms)
    return;
  g_return_if_fail(picture->theme != NULL && picture->n_lines <= CASA_CHART_LINES_MAX);
  casa_chart_layout_init(&layout, pango, width, height, casa_pixel_layer_scale(cr), picture);
  casa_chart_layout_paint(&layout, cr, picture);
}
