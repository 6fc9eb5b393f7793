/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-between.h"
#include <math.h>

#define STRENGTH 0.30

/* The line at @t_ms, between the samples around it as it is drawn. FALSE: none is drawn there. */
static gboolean
line_at(const CasaChartPicture *picture, guint line, gint64 t_ms, double *value)
{
  const CasaPyramid *data = picture->lines[line].data;
  const guint i = casa_pyramid_search(data, t_ms), n = casa_pyramid_length(data);
  gint64 before_ms, after_ms;
  double before, after;

  if (i == n)
    return FALSE;
  casa_pyramid_get(data, i, &after_ms, &after);
  if (after_ms == t_ms || i == 0) {
    *value = after;
    return after_ms == t_ms && isfinite(after);
  }
  casa_pyramid_get(data, i - 1, &before_ms, &before);
  if (picture->gap_ms > 0 && after_ms - before_ms > picture->gap_ms)
    return FALSE;
  *value = before + (after - before) * (double)(t_ms - before_ms) / (double)(after_ms - before_ms);
  return isfinite(*value);
}

static void
fill(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, gint64 from_ms, gint64 to_ms)
{
  const double step = 1 / layout->scale, left = casa_chart_layout_x(layout, from_ms),
               right = casa_chart_layout_x(layout, to_ms);
  double a, b;

  /* A column at a time: where either line has a gap there is no area. */
  for (double x = left; x < right; x += step) {
    const gint64 t = MIN(from_ms + (gint64)llround((x - left) / (right - left) * (double)(to_ms - from_ms)), to_ms);
    if (!line_at(picture, picture->between.a, t, &a) || !line_at(picture, picture->between.b, t, &b))
      continue;
    const double top = casa_chart_layout_y(layout, MAX(a, b)), bottom = casa_chart_layout_y(layout, MIN(a, b));
    cairo_rectangle(cr, x, top, MIN(step, right - x), bottom - top);
  }
  cairo_set_source_rgba(cr, picture->between.colour.r, picture->between.colour.g, picture->between.colour.b, STRENGTH);
  cairo_fill(cr);
}

void
casa_chart_between_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture)
{
  gint64 first, last;
  double value;

  if (!picture->between.shown || !casa_pyramid_length(picture->lines[picture->between.b].data))
    return;
  casa_pyramid_get(picture->lines[picture->between.b].data, 0, &first, &value);
  casa_pyramid_last(picture->lines[picture->between.b].data, &last, &value);
  first = MAX(first, layout->from_ms);
  last = MIN(last, layout->to_ms);
  if (last <= first)
    return;
  cairo_save(cr);
  cairo_rectangle(cr, layout->x, layout->y, layout->w, layout->h);
  cairo_clip(cr);
  fill(cr, layout, picture, first, last);
  cairo_restore(cr);
}
