/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-paint.h"
#include "ui/chart/chart-gaps.h"
#include "ui/chart/chart-layout.h"
#include "ui/chart/chart-line.h"
#include "ui/chart/pixel-layer.h"
#include "ui/text/lang.h"
#include <math.h>

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

static void
draw_times(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const CasaChartType *type = &layout->small;
  const double middle = layout->height - layout->text_height / 2;
  double free_from = 0;
  for (guint i = 0; i < layout->n_times; i++) {
    g_autofree char *label = casa_chart_layout_time_label(layout->times[i], layout->time_step);
    double width, height;
    casa_chart_text_measure(type, label, &width, &height);
    const double x = casa_chart_layout_x(layout, layout->times[i]) - width / 2;
    /* Half a label would be worse than none. */
    if (x < free_from || x + width > layout->width)
      continue;
    casa_chart_text_draw(cr, type, label, x, middle, width + 1, picture->theme->muted, NULL);
    free_from = x + width + type->px * 0.3;
  }
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
    set_colour(cr, picture->limits[i].colour);
    cairo_move_to(cr, layout->x, y);
    cairo_line_to(cr, layout->x + layout->w, y);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}

typedef struct {
  double x, y, width, height;
} Box;

/* Whether one column of a line runs through a box; @before: the line's column before, to which it is joined. */
static gboolean
column_hits(const CasaChartLayout *layout, double line_px, Box box, const CasaColumn *column, const CasaColumn *before)
{
  float min = column->min, max = column->max;
  if (before != NULL && !column->gap_before) {
    min = MIN(min, before->last);
    max = MAX(max, before->last);
  }
  const double top = casa_chart_layout_y(layout, (double)max) - line_px;
  const double bottom = casa_chart_layout_y(layout, (double)min) + line_px;
  return top < box.y + box.height && bottom > box.y;
}

/* How much of a line, in parts of the box's width, runs through it. */
static double
line_in(const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line, Box box)
{
  CasaColumn columns[24];
  const double pixel_ms = (double)(layout->to_ms - layout->from_ms) / layout->w;
  const gint64 from = layout->from_ms + (gint64)((box.x - layout->x) * pixel_ms);
  const CasaColumn *before = NULL;
  double ink = 0;
  casa_pyramid_columns(line->data, from, from + (gint64)(box.width * pixel_ms), G_N_ELEMENTS(columns), picture->gap_ms,
                       columns);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    if (columns[i].n == 0)
      continue;
    const guint width = before != NULL && !columns[i].gap_before ? (guint)(&columns[i] - before) : 1;
    if (column_hits(layout, picture->line_px, box, &columns[i], before))
      ink += (double)width / G_N_ELEMENTS(columns);
    before = &columns[i];
  }
  return ink;
}

static gboolean
overlap(Box a, Box b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/* What a name at @box would cover: other names count most, then "now", then lines. */
static double
ink_in(const CasaChartLayout *layout, const CasaChartPicture *picture, Box box)
{
  double ink = 0;
  for (guint i = 0; i < layout->n_names; i++) {
    const CasaChartName *name = &layout->names[i];
    const Box taken = { name->x, name->middle - layout->text_height / 2, name->width, layout->text_height };
    ink += overlap(box, taken) ? 100 : 0;
  }
  const double now = casa_chart_layout_x(layout, picture->now_ms);
  ink += picture->now_ms != 0 && now > box.x - 2 && now < box.x + box.width + 2 ? 0.5 : 0;
  for (guint i = 0; i < picture->n_lines; i++)
    ink += line_in(layout, picture, &picture->lines[i], box);
  return ink;
}

/* Above the limit's left end, or at the next of a few fixed places that is free. FALSE: nowhere. */
static gboolean
place_limit_name(const CasaChartLayout *layout, const CasaChartPicture *picture, double y, Box *box)
{
  enum { PLACES = 12 };
  const double gap = picture->line_px * 0.5 + layout->small.px * 0.12, inset = layout->small.px * 0.3;
  const double room = layout->w - box->width - 2 * inset;
  double least = 100;
  for (guint place = 0; place < 2 * PLACES; place++) {
    Box at = *box;
    at.x = layout->x + inset + room * (place / 2) / (PLACES - 1);
    at.y = place % 2 == 0 ? y - gap - box->height : y + gap;
    if (at.y < 0 || at.y + at.height > layout->y + layout->h)
      continue;
    const double ink = ink_in(layout, picture, at);
    if (ink < least) {
      least = ink;
      box->x = at.x;
      box->y = at.y;
    }
  }
  return room >= 0 && least < 100;
}

static void
draw_limit_names(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_limits; i++) {
    const CasaChartLimit *limit = &picture->limits[i];
    if (limit->name == NULL || !limit_shown(layout, limit))
      continue;
    Box box = { 0, 0, 0, 0 };
    casa_chart_text_measure(&layout->small, limit->name, &box.width, &box.height);
    /* In a small chart the name would hide the data; the dashes remain. */
    const gboolean roomy = box.width <= layout->w * 0.5 && box.height <= layout->h * 0.3;
    if (!roomy || !place_limit_name(layout, picture, casa_chart_layout_y(layout, limit->value), &box))
      continue;
    casa_chart_text_draw(cr, &layout->small, limit->name, box.x, box.y + box.height / 2, box.width + 1, limit->colour,
                         &picture->theme->panel);
  }
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
    const CasaChartLine *line = &picture->lines[name->line];
    if (name->width > layout->small.px)
      casa_chart_text_draw(cr, casa_chart_layout_name_type(layout, line), line->name, name->x, name->middle, name->width,
                           line->colour, &picture->theme->panel);
  }
}

static void
draw_lines(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_lines; i++)
    if (picture->lines[i].fill)
      casa_chart_line_draw_area(cr, layout, picture, &picture->lines[i]);
  draw_limits(cr, layout, picture);
  /* The first line is the one the chart is about: it lies on top. */
  for (guint i = picture->n_lines; i > 0; i--)
    casa_chart_line_draw(cr, layout, picture, &picture->lines[i - 1]);
}

void
casa_chart_layout_paint(const CasaChartLayout *self, cairo_t *cr, const CasaChartPicture *picture)
{
  cairo_save(cr);
  cairo_rectangle(cr, 0, 0, self->width, self->height);
  cairo_clip(cr);
  draw_grid(cr, self, picture);
  casa_chart_gaps_draw(cr, self, picture);
  draw_values(cr, self, picture);
  draw_times(cr, self, picture);
  if (!self->empty)
    draw_lines(cr, self, picture);
  draw_now(cr, self, picture);
  draw_limit_names(cr, self, picture);
  draw_names(cr, self, picture);
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
