/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-flags.h"
#include <math.h>

#define TINT 0.12      /* of the colour, over the time that it lasted */
#define NEAR_PX 5      /* of the pole: so near is on it */
#define MARK_LEAST 3.0 /* contrast of a mark with its ground (WCAG 2.1, 1.4.11) */
#define TEXT_LEAST 4.5 /* of text (WCAG 2.1, 1.4.3) */

static gint64
end_of(const CasaChartFlag *flag, const CasaChartPicture *picture)
{
  if (flag->to_ms != CASA_CHART_FLAG_OPEN)
    return flag->to_ms;
  return picture->now_ms != 0 ? picture->now_ms : picture->to_ms;
}

static gboolean
stands_in(const CasaChartLayout *layout, const CasaChartFlag *flag)
{
  return flag->from_ms >= layout->from_ms && flag->from_ms < layout->to_ms;
}

void
casa_chart_flags_draw_spans(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_flags; i++) {
    const CasaChartFlag *flag = &picture->flags[i];
    const gint64 from = MAX(flag->from_ms, layout->from_ms), to = MIN(end_of(flag, picture), layout->to_ms);
    if (to <= from)
      continue;
    const double left = casa_chart_layout_x(layout, from), right = casa_chart_layout_x(layout, to);
    cairo_set_source_rgba(cr, flag->colour.r, flag->colour.g, flag->colour.b, TINT);
    cairo_rectangle(cr, left, layout->y, right - left, layout->h);
    cairo_fill(cr);
  }
}

typedef struct {
  double pole, x, width;
} Plate;

/* The plate that carries the sign, at the right of the pole's top; at its left where it would cover what is written beside
 * the pane. */
static Plate
plate_of(const CasaChartLayout *layout, const CasaChartFlag *flag)
{
  Plate plate;
  double height;
  casa_chart_text_measure(&layout->strong, flag->sign ? flag->sign : "!", &plate.width, &height);
  plate.width = ceil(plate.width + layout->small.px * 0.5);
  plate.pole = plate.x = round(casa_chart_layout_x(layout, flag->from_ms));
  if (plate.x + plate.width > layout->x + layout->w)
    plate.x -= plate.width;
  return plate;
}

static void
draw_pole(cairo_t *cr, const CasaChartLayout *layout, CasaRgb mark, double x)
{
  cairo_set_source_rgb(cr, mark.r, mark.g, mark.b);
  cairo_rectangle(cr, x - 1, layout->y, 2, layout->h);
  cairo_fill(cr);
}

static void
draw_plate(cairo_t *cr, const CasaChartLayout *layout, const CasaChartFlag *flag, CasaRgb mark, const Plate *plate)
{
  const double height = layout->text_height * 0.95, pad = layout->small.px * 0.25;
  const CasaRgb black = { 0, 0, 0 };
  cairo_set_source_rgb(cr, mark.r, mark.g, mark.b);
  cairo_rectangle(cr, plate->x - 1, layout->y, plate->width + 2, height);
  cairo_fill(cr);
  casa_chart_text_draw(cr, &layout->strong, flag->sign ? flag->sign : "!", plate->x + pad, layout->y + height / 2, plate->width,
                       casa_rgb_readable(black, mark, TEXT_LEAST), NULL);
}

/* The text ends where the next flag stands, or the pane ends; less than a few letters of it are none. */
static double
draw_text(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, guint i, double left)
{
  const CasaChartFlag *flag = &picture->flags[i];
  double right = layout->x + layout->w, width, height;
  if (flag->text == NULL)
    return left;
  if (i + 1 < picture->n_flags && stands_in(layout, &picture->flags[i + 1]))
    right = casa_chart_layout_x(layout, picture->flags[i + 1].from_ms) - layout->small.px * 0.4;
  casa_chart_text_measure(&layout->small, flag->text, &width, &height);
  const double room = MIN(width + 1, right - left);
  if (room < MIN(width, 4 * layout->small.px))
    return left;
  casa_chart_text_draw(cr, &layout->small, flag->text, left, layout->y + layout->text_height * 0.475, room, picture->theme->ink,
                       &picture->theme->panel);
  return left + room;
}

void
casa_chart_flags_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  double taken = -INFINITY;
  for (guint i = 0; i < picture->n_flags; i++) {
    const CasaChartFlag *flag = &picture->flags[i];
    const CasaRgb mark = casa_rgb_readable(flag->colour, picture->theme->panel, MARK_LEAST);
    if (!stands_in(layout, flag))
      continue;
    const Plate plate = plate_of(layout, flag);
    draw_pole(cr, layout, mark, plate.pole);
    if (plate.x < MAX(taken, layout->x))
      continue;
    draw_plate(cr, layout, flag, mark, &plate);
    taken = draw_text(cr, layout, picture, i, plate.x + plate.width + layout->small.px * 0.25);
  }
}

const CasaChartFlag *
casa_chart_flags_at(const CasaChartLayout *layout, const CasaChartPicture *picture, double x, double y)
{
  if (y < layout->y || y > layout->y + layout->h)
    return NULL;
  for (guint i = picture->n_flags; i > 0; i--) {
    const CasaChartFlag *flag = &picture->flags[i - 1];
    if (!stands_in(layout, flag))
      continue;
    const Plate plate = plate_of(layout, flag);
    const gboolean on_plate = y < layout->y + layout->text_height;
    if (fabs(x - plate.pole) <= NEAR_PX || (on_plate && x >= plate.x - NEAR_PX && x <= plate.x + plate.width))
      return flag;
  }
  return NULL;
}
