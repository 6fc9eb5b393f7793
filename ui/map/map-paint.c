/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-text.h"
#include <math.h>

#define BEYOND 3.0 /* degrees that land goes on past the box of our data, so that a wide picture has no false sea */
#define NEAR 1e-4  /* degrees: about 10 m */

guint
casa_map_class(const double breaks[6], double value)
{
  guint class = 0;

  if (!isfinite(value))
    return G_MAXUINT;
  for (guint i = 1; i < 6; i++)
    if (value >= breaks[i])
      class = i;
  return class;
}

CasaMapView
casa_map_view_for(PangoContext *pango, const CasaMapBase *base, double w, double h, double zoom, const CasaLonLat *centre)
{
  CasaMapLegend legend = casa_map_legend_measure(pango, base, w, h);
  double m = base->font_px * 0.4;
  CasaMapBox avoid[2] = { legend.attribution, legend.box };

  for (guint i = 0; i < 2; i++)
    avoid[i] = (CasaMapBox){ avoid[i].x - m, avoid[i].y - m, avoid[i].w + 2 * m, avoid[i].h + 2 * m };
  return casa_map_view_fit_beside(base->city, w, h, zoom, centre, avoid, legend.box.w > 0 ? 2 : 1);
}

static void
trace(cairo_t *cr, const CasaMapView *view, const CasaPath *path, gboolean closed)
{
  for (guint i = 0; i < path->n; i++) {
    double x, y;

    casa_map_project(view, path->points[i], &x, &y);
    cairo_line_to(cr, x, y);
  }
  if (closed)
    cairo_close_path(cr);
  cairo_new_sub_path(cr);
}

typedef struct {
  CasaLonLat min, max;
  double trend; /* degrees of latitude that the shore climbs per degree of longitude */
} LandFrame;

/* The northernmost points on the western and eastern border are where the shore leaves our data. */
static LandFrame
land_frame(const CasaCity *city)
{
  LandFrame f = { { INFINITY, INFINITY }, { -INFINITY, -INFINITY }, 0 };
  double west = -INFINITY, east = -INFINITY;

  for (guint i = 0; i < city->n_land; i++)
    for (guint k = 0; k < city->land[i].n; k++) {
      CasaLonLat p = city->land[i].points[k];

      f.min = (CasaLonLat){ MIN(f.min.lon, p.lon), MIN(f.min.lat, p.lat) };
      f.max = (CasaLonLat){ MAX(f.max.lon, p.lon), MAX(f.max.lat, p.lat) };
    }
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

static void
trace_land(cairo_t *cr, const CasaMapView *view, const CasaCity *city)
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

/* The sea is lighter along the shore, as on engraved charts. */
static void
paint_sea_and_land(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  const CasaTheme *theme = base->theme;
  CasaRgb shallow = casa_rgb_mix(theme->sea, theme->mobility, theme->dark ? 0.5 : 0.25);

  casa_map_colour(cr, theme->sea, 1);
  cairo_paint(cr);
  trace_land(cr, view, base->city);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  for (int i = 4; i > 0; i--) {
    cairo_set_line_width(cr, base->font_px * 0.8 * i);
    casa_map_colour(cr, shallow, 0.055);
    cairo_stroke_preserve(cr);
  }
  casa_map_colour(cr, theme->land, 1);
  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, casa_rgb_mix(theme->land, theme->muted, 0.35), 1);
  cairo_set_line_width(cr, MAX(base->font_px * 0.05, 0.7));
  cairo_stroke(cr);
}

static void
trace_district(cairo_t *cr, const CasaMapView *view, const CasaDistrict *district)
{
  cairo_new_path(cr);
  for (guint r = 0; r < district->n_rings; r++)
    trace(cr, view, &district->rings[r], TRUE);
}

static void
fill_district(cairo_t *cr, const CasaMapBase *base, guint i)
{
  double value = base->districts != NULL ? base->districts[i].value : NAN;
  guint class = casa_map_class(base->breaks, value);

  if (class < 6) {
    casa_map_colour(cr, base->theme->ramp[class], 1);
    cairo_fill(cr);
    return;
  }
  cairo_save(cr);
  cairo_clip(cr);
  casa_map_hatch(cr, base);
  cairo_restore(cr);
}

static void
paint_districts(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  const CasaCity *city = base->city;

  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  for (guint i = 0; i < city->n_districts; i++) {
    trace_district(cr, view, &city->districts[i]);
    fill_district(cr, base, i);
  }
  cairo_set_line_width(cr, MAX(base->font_px * 0.1, 1));
  casa_map_colour(cr, base->theme->district_edge, 1);
  for (guint i = 0; i < city->n_districts; i++) {
    trace_district(cr, view, &city->districts[i]);
    cairo_stroke(cr);
  }
}

static void
paint_roads(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  cairo_set_line_width(cr, MAX(base->font_px * 0.06, 0.8));
  casa_map_colour(cr, base->theme->road, 0.55);
  for (guint i = 0; i < base->city->n_roads; i++) {
    cairo_new_path(cr);
    trace(cr, view, &base->city->roads[i].path, FALSE);
    cairo_stroke(cr);
  }
}

/* The casing is dark on every theme: it sets the official colours off from any class colour. */
static void
paint_line(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaLine *line)
{
  double px = MAX(base->font_px * 0.16, 1.4);

  cairo_new_path(cr);
  trace(cr, view, &line->track, FALSE);
  cairo_set_line_width(cr, px + MAX(base->font_px * 0.14, 1.2));
  casa_map_colour(cr, base->theme->dark ? base->theme->ground : base->theme->ink, 0.7);
  cairo_stroke_preserve(cr);
  cairo_set_line_width(cr, px);
  casa_map_colour(cr, casa_map_rgb(line->rgb), 1);
  cairo_stroke(cr);
}

static void
paint_stops(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaLine *line)
{
  double r = MAX(base->font_px * 0.14, 1.5);

  for (guint i = 0; i < line->n_stops; i++) {
    double x, y;

    casa_map_project(view, line->stops[i].at, &x, &y);
    cairo_new_path(cr);
    cairo_arc(cr, x, y, r, 0, 2 * G_PI);
    casa_map_colour(cr, base->theme->dark ? base->theme->ground : base->theme->panel, 1);
    cairo_fill_preserve(cr);
    casa_map_colour(cr, casa_map_rgb(line->rgb), 1);
    cairo_set_line_width(cr, r * 0.6);
    cairo_stroke(cr);
  }
}

static void
paint_lines(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  double km = view->scale / 111.2; /* pixels; a degree of latitude is 111.2 km */
  const CasaCity *city = base->city;

  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < city->n_lines; i++)
    paint_line(cr, view, base, &city->lines[i]);
  if (km * 0.5 < base->font_px * 2) /* stops stand about half a kilometre apart: closer than that they only clutter */
    return;
  for (guint i = 0; i < city->n_lines; i++)
    paint_stops(cr, view, base, &city->lines[i]);
}

void
casa_map_paint_base(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base)
{
  CasaMapLegend legend = casa_map_legend_measure(pango, base, view->w, view->h);

  legend.box.x += view->x;
  legend.box.y += view->y;
  legend.attribution.x += view->x;
  legend.attribution.y += view->y;
  cairo_save(cr);
  cairo_rectangle(cr, view->x, view->y, view->w, view->h);
  cairo_clip(cr);
  paint_sea_and_land(cr, view, base);
  paint_districts(cr, view, base);
  paint_roads(cr, view, base);
  paint_lines(cr, view, base);
  if (legend.box.w > 0 && casa_map_view_touches(view, base->city, &legend.box))
    casa_map_legend_ground(cr, base, &legend);
  casa_map_legend_paint(cr, pango, base, &legend);
  cairo_restore(cr);
}

void
casa_map_paint_overlay(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                       const CasaMapVehicle *vehicles, guint n_vehicles, const CasaMapBadge *badges, guint n_badges)
{
  casa_map_paint_vehicles(cr, view, base, vehicles, n_vehicles);
  casa_map_paint_signs(cr, pango, view, base, badges, n_badges);
}
