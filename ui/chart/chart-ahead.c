/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-ahead.h"
#include <math.h>

#define STRENGTH 0.22    /* of the band's colour on the ground */
#define AWAY 0.5         /* letters between a badge that has no room beyond now, and now */
#define BADGE_HEIGHT 0.7 /* of the plot, from its top: lines are rarely so low */

/* One edge of the band, in the direction of time or against it: what is beyond now and in view. */
static void
add_edge(cairo_t *cr, const CasaChartLayout *layout, const CasaPyramid *edge, gint64 from_ms, gboolean back)
{
  const guint first = casa_pyramid_search(edge, from_ms), end = casa_pyramid_search(edge, layout->to_ms + 1);

  for (guint k = first; k < end; k++) {
    gint64 t_ms;
    double value;
    casa_pyramid_get(edge, back ? first + end - 1 - k : k, &t_ms, &value);
    if (isfinite(value))
      cairo_line_to(cr, casa_chart_layout_x(layout, t_ms), casa_chart_layout_y(layout, value));
  }
}

void
casa_chart_ahead_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const CasaChartAhead *ahead = &picture->ahead;
  const gint64 from_ms = MAX(picture->now_ms, layout->from_ms);

  if (!ahead->low || !ahead->high || from_ms >= layout->to_ms)
    return;
  cairo_save(cr);
  cairo_rectangle(cr, layout->x, layout->y, layout->w, layout->h);
  cairo_clip(cr);
  cairo_new_path(cr);
  add_edge(cr, layout, ahead->low, from_ms, FALSE);
  add_edge(cr, layout, ahead->high, from_ms, TRUE);
  cairo_close_path(cr);
  cairo_set_source_rgba(cr, ahead->colour.r, ahead->colour.g, ahead->colour.b, STRENGTH);
  cairo_fill(cr);
  cairo_restore(cr);
}

void
casa_chart_ahead_draw_badge(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  const double right = layout->x + layout->w;
  double width, height;

  if (!picture->ahead.badge || layout->empty)
    return;
  casa_chart_text_measure(&layout->small, picture->ahead.badge, &width, &height);
  if (width > layout->w)
    return;
  const double now = CLAMP(casa_chart_layout_x(layout, picture->now_ms), layout->x, right);
  const double x =
    right - now >= width ? now + (right - now - width) / 2 : MAX(layout->x, right - width - AWAY * layout->small.px);
  casa_chart_text_draw(cr, &layout->small, picture->ahead.badge, x, layout->y + BADGE_HEIGHT * layout->h, width + 1,
                       picture->ahead.low ? picture->theme->ink : picture->theme->muted, &picture->theme->panel);
}
