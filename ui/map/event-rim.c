/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/event-rim.h"
#include "ui/map/map-text.h"
#include <math.h>

#define DRAWN_US (600 * 1000)
#define DIM 0.35 /* of the light is taken from the rest */

void
casa_map_event_rim_set(CasaMapEventRim *self, const CasaDistrict *district, gint64 mono_us)
{
  *self = (CasaMapEventRim){ .district = district, .since_us = mono_us };
}

gboolean
casa_map_event_rim_is_moving(const CasaMapEventRim *self, gint64 mono_us)
{
  return self->district != NULL && (mono_us - self->since_us < DRAWN_US || self->painted < 1);
}

CasaRgb
casa_map_event_colour(const CasaTheme *theme)
{
  return theme->dark ? (CasaRgb){ 1, .478, .271 } : (CasaRgb){ .698, .227, .055 };
}

static double
progress(const CasaMapEventRim *self, gint64 mono_us, gboolean still)
{
  return still ? 1 : CLAMP((double)(mono_us - self->since_us) / DRAWN_US, 0, 1);
}

static void
dim_rest(const CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, double alpha)
{
  if (alpha <= 0.001)
    return;
  cairo_new_path(cr);
  casa_map_trace_district(cr, view, self->district);
  cairo_rectangle(cr, view->x, view->y, view->w, view->h);
  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  casa_map_colour(cr, base->theme->ground, alpha);
  cairo_fill(cr);
}

static double
outline_length(const CasaMapView *view, const CasaPath *ring)
{
  double length = 0, x0, y0, x1, y1;

  if (ring->n == 0)
    return 0;
  casa_map_project(view, ring->points[0], &x0, &y0);
  for (guint i = 1; i < ring->n; i++, x0 = x1, y0 = y1) {
    casa_map_project(view, ring->points[i], &x1, &y1);
    length += hypot(x1 - x0, y1 - y0);
  }
  return length;
}

/* As a pen goes: the dash is as long as what is drawn yet. */
static void
draw_rim(const CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, double share)
{
  static const double strokes[][2] = { { 26, .10 }, { 15, .16 }, { 8, .28 }, { 2.6, 1 } };
  const CasaRgb warm = casa_map_event_colour(base->theme);
  double u = casa_map_unit(base);

  for (guint r = 0; r < self->district->n_rings; r++) {
    double length = outline_length(view, &self->district->rings[r]), dash[2] = { MAX(length * share, 0.1), MAX(length * 2, 1) };

    cairo_new_path(cr);
    casa_map_trace_path(cr, view, &self->district->rings[r]);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    if (share < 1)
      cairo_set_dash(cr, dash, 2, 0);
    for (guint i = 0; i < G_N_ELEMENTS(strokes); i++) {
      casa_map_colour(cr, warm, strokes[i][1]);
      cairo_set_line_width(cr, MAX(strokes[i][0] * u, 1));
      cairo_stroke_preserve(cr);
    }
    cairo_set_dash(cr, NULL, 0, 0);
  }
  cairo_new_path(cr);
}

void
casa_map_event_rim_paint(CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, gint64 mono_us,
                         gboolean still)
{
  double share = progress(self, mono_us, still);

  if (self->district == NULL)
    return;
  dim_rest(self, cr, view, base, DIM * share);
  draw_rim(self, cr, view, base, share);
  self->painted = share;
}

void
casa_map_event_rim_paint_again(const CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  if (self->district == NULL || self->painted <= 0)
    return;
  dim_rest(self, cr, view, base, DIM * self->painted);
  draw_rim(self, cr, view, base, self->painted);
}

void
casa_map_event_rim_paint_rest(const CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base,
                              gint64 mono_us, gboolean still)
{
  double share = progress(self, mono_us, still);

  if (self->district == NULL || share <= self->painted)
    return;
  dim_rest(self, cr, view, base, DIM * (share - self->painted));
  draw_rim(self, cr, view, base, share);
}

void
casa_map_event_line_paint(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaLine *line)
{
  static const double strokes[][2] = { { 34, .12 }, { 20, .18 }, { 10, .30 } };
  const double u = casa_map_unit(base);

  cairo_save(cr);
  cairo_new_path(cr);
  casa_map_trace_path(cr, view, &line->track);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < G_N_ELEMENTS(strokes); i++) {
    casa_map_colour(cr, base->theme->warning, strokes[i][1]);
    cairo_set_line_width(cr, MAX(strokes[i][0] * u, 1));
    cairo_stroke_preserve(cr);
  }
  cairo_new_path(cr);
  cairo_restore(cr);
}
