/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include "ui/map/map-text.h"
#include <math.h>

#define BEYOND 3.0 /* degrees that land goes on past the box of our data, so that a wide picture has no false sea */
#define NEAR 1e-4  /* degrees: about 10 m */
#define COARSE 4   /* the coast's glow is painted so much smaller: it has no edges */

typedef struct {
  CasaLonLat min, max;
  double trend; /* degrees of latitude that the shore climbs per degree of longitude */
} LandFrame;

static void
widen(LandFrame *f, const CasaPath *land)
{
  for (guint k = 0; k < land->n; k++) {
    CasaLonLat p = land->points[k];

    f->min = (CasaLonLat){ MIN(f->min.lon, p.lon), MIN(f->min.lat, p.lat) };
    f->max = (CasaLonLat){ MAX(f->max.lon, p.lon), MAX(f->max.lat, p.lat) };
  }
}

/* The northernmost points on the western and eastern border are where the shore leaves our data. */
static LandFrame
land_frame(const CasaCity *city)
{
  LandFrame f = { { INFINITY, INFINITY }, { -INFINITY, -INFINITY }, 0 };
  double west = -INFINITY, east = -INFINITY;

  for (guint i = 0; i < city->n_land; i++)
    widen(&f, &city->land[i]);
  for (guint i = 0; i < city->n_land; i++)
    for (guint k = 0; k < city->land[i].n; k++) {
      CasaLonLat p = city->land[i].points[k];

      if (p.lon < f.min.lon + NEAR)
        west = MAX(west, p.lat);
      if (p.lon > f.max.lon - NEAR)
        east = MAX(east, p.lat);
    }
  if (f.max.lon > f.min.lon)
    f.trend = (east - west) / (f.max.lon - f.min.lon);
  return f;
}

/* Points on the border of the data box are moved out of any picture: the land does not end where our data do. */
static CasaLonLat
beyond(const LandFrame *f, CasaLonLat p)
{
  double away = p.lon > f->max.lon - NEAR ? BEYOND : p.lon < f->min.lon + NEAR ? -BEYOND : 0;

  p.lon += away;
  p.lat += away * f->trend;
  if (p.lat - away * f->trend < f->min.lat + NEAR)
    p.lat -= 2 * BEYOND;
  return p;
}

void
casa_map_trace_land(cairo_t *cr, const CasaMapView *view, const CasaCity *city)
{
  LandFrame f = land_frame(city);

  cairo_new_path(cr);
  for (guint i = 0; i < city->n_land; i++) {
    for (guint k = 0; k < city->land[i].n; k++) {
      double x, y;

      casa_map_project(view, beyond(&f, city->land[i].points[k]), &x, &y);
      cairo_line_to(cr, x, y);
    }
    cairo_close_path(cr);
  }
}

static void
paint_sea(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  CasaRgb near = base->theme->sea, deep = base->theme->dark ? casa_rgb_mix(near, (CasaRgb){ 0, 0, 0 }, 0.55) : near;
  cairo_pattern_t *sea = cairo_pattern_create_linear(view->x, view->y, view->x + view->w * 0.26, view->y + view->h * 0.65);

  cairo_pattern_add_color_stop_rgb(sea, 0, deep.r, deep.g, deep.b);
  cairo_pattern_add_color_stop_rgb(sea, 1, near.r, near.g, near.b);
  cairo_set_source(cr, sea);
  cairo_paint(cr);
  cairo_pattern_destroy(sea);
}

/* The shore stroked from wide and faint to narrow, painted small and stretched. */
static void
paint_glow(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  static const double strokes[][2] = { { 150, .018 }, { 110, .022 }, { 76, .028 }, { 48, .036 }, { 28, .05 }, { 14, .075 } };
  double u = casa_map_unit(base) * casa_map_thickness(view, base);
  CasaRgb glow = base->theme->dark ? (CasaRgb){ .25, .61, .82 } : (CasaRgb){ 1, 1, 1 };
  cairo_surface_t *small =
    cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(view->w / COARSE) + 1, (int)ceil(view->h / COARSE) + 1);
  cairo_t *to = cairo_create(small);

  cairo_scale(to, 1.0 / COARSE, 1.0 / COARSE);
  cairo_translate(to, -view->x, -view->y);
  casa_map_trace_land(to, view, base->city);
  cairo_set_line_join(to, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < G_N_ELEMENTS(strokes); i++) {
    cairo_set_line_width(to, MAX(strokes[i][0] * u, 1));
    casa_map_colour(to, glow, strokes[i][1] * (base->theme->dark ? 1.15 : 5));
    cairo_stroke_preserve(to);
  }
  cairo_destroy(to);
  cairo_save(cr);
  cairo_translate(cr, view->x, view->y);
  cairo_scale(cr, COARSE, COARSE);
  cairo_set_source_surface(cr, small, 0, 0);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(small);
}

void
casa_map_paint_land(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  const CasaTheme *theme = base->theme;

  cairo_save(cr);
  cairo_rectangle(cr, view->x, view->y, view->w, view->h);
  cairo_clip(cr);
  paint_sea(cr, view, base);
  paint_glow(cr, view, base);
  casa_map_trace_land(cr, view, base->city);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  casa_map_colour(cr, theme->land, 1);
  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, theme->dark ? (CasaRgb){ .435, .765, .949 } : casa_rgb_mix(theme->land, theme->accent, 0.6), 0.55);
  cairo_set_line_width(cr, MAX(casa_map_unit(base) * 1.6, 0.8));
  cairo_stroke(cr);
  cairo_restore(cr);
}
