/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include "ui/map/field.h"
#include "ui/map/lamps.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-text.h"
#include "ui/map/roads.h"
#include <math.h>

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

/* Where its lamps are out, a district is nearly black by night. */
static CasaRgb
district_colour(const CasaMapBase *base, const CasaMapDistrict *district)
{
  const CasaMapScale *scale = &base->scale;
  CasaRgb colour = casa_map_ramp(base->theme, scale->ramp, (district->value - scale->min) / (scale->max - scale->min));

  if (!base->lamps)
    return colour;
  return casa_rgb_mix(colour, (CasaRgb){ 0.012, 0.02, 0.04 },
                      (1 - CLAMP(district->lit, 0, 1)) * (0.35 + 0.65 * base->darkness));
}

static void
fill_district(cairo_t *cr, const CasaMapBase *base, const CasaMapDistrict *district)
{
  if (isfinite(district->value)) {
    casa_map_colour(cr, district_colour(base, district), 1);
    cairo_fill(cr);
    return;
  }
  cairo_save(cr);
  cairo_clip(cr);
  casa_map_hatch(cr, base);
  cairo_restore(cr);
}

static void
fill_districts(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  static const CasaMapDistrict unknown = { NAN, 1 };

  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  for (guint i = 0; i < base->city->n_districts; i++) {
    cairo_new_path(cr);
    casa_map_trace_district(cr, view, &base->city->districts[i]);
    fill_district(cr, base, base->districts != NULL ? &base->districts[i] : &unknown);
  }
}

static void
stroke_districts(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  gboolean quiet = base->theme->dark && base->n_field == 0;

  cairo_new_path(cr);
  for (guint i = 0; i < base->city->n_districts; i++)
    casa_map_trace_district(cr, view, &base->city->districts[i]);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width(cr, MAX(casa_map_unit(base) * 2.4, 1));
  casa_map_colour(cr, base->theme->district_edge, base->n_field > 0 ? 0.25 : 0.9);
  cairo_stroke_preserve(cr);
  cairo_set_line_width(cr, MAX(casa_map_unit(base), 0.7));
  casa_map_colour(cr, base->theme->muted, quiet ? 0.12 : 0);
  cairo_stroke(cr);
}

/* The casing is dark on every theme: it sets the official colours off from any ground. */
static void
paint_line(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaLine *line, gboolean stands)
{
  const CasaTheme *theme = base->theme;
  double u = casa_map_unit(base) * casa_map_thickness(view, base);
  const double dash[2] = { 7 * u, 6 * u };

  cairo_new_path(cr);
  casa_map_trace_path(cr, view, &line->track);
  cairo_set_line_width(cr, MAX(4.6 * u, 1.8));
  casa_map_colour(cr, theme->dark ? theme->ground : theme->ink, theme->dark ? 0.7 : 0.5);
  cairo_stroke_preserve(cr);
  cairo_set_line_width(cr, MAX((stands ? 3 : 2.2) * u, 1));
  casa_map_colour(cr, casa_map_line_colour(theme, line->rgb), base->theme->dark ? 0.7 : 0.9);
  if (stands) { /* nothing runs on it: it is no solid line */
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(cr, dash, 2, 0);
  }
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
}

static void
paint_stops(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaLine *line)
{
  double r = MAX(base->font_px * 0.17, 1.5);

  for (guint i = 0; i < line->n_stops; i++) {
    double x, y;

    casa_map_project(view, line->stops[i].at, &x, &y);
    cairo_new_path(cr);
    cairo_arc(cr, x, y, r, 0, 2 * G_PI);
    casa_map_colour(cr, base->theme->dark ? base->theme->ground : base->theme->panel, 1);
    cairo_fill_preserve(cr);
    casa_map_colour(cr, casa_map_line_colour(base->theme, line->rgb), 1);
    cairo_set_line_width(cr, r * 0.5);
    cairo_stroke(cr);
  }
}

static void
paint_lines(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  double km = view->scale / 111.2; /* pixels; a degree of latitude is 111.2 km */
  const CasaCity *city = base->city;

  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < city->n_lines; i++)
    paint_line(cr, view, base, &city->lines[i], base->standing != NULL && base->standing[i]);
  if (km * 0.5 < base->font_px * 2) /* stops stand about half a kilometre apart: closer than that they only clutter */
    return;
  for (guint i = 0; i < city->n_lines; i++)
    paint_stops(cr, view, base, &city->lines[i]);
}

static void
paint_field(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  g_auto(CasaMapField) field;

  casa_map_field_init(&field, view, base->field, base->n_field);
  casa_map_field_paint(&field, cr, view, base);
}

void
casa_map_paint_ground(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaMapLamps *lamps)
{
  cairo_save(cr);
  cairo_rectangle(cr, view->x, view->y, view->w, view->h);
  cairo_clip(cr);
  if (base->n_field > 0)
    paint_field(cr, view, base);
  else
    fill_districts(cr, view, base);
  stroke_districts(cr, view, base);
  if (lamps != NULL && base->lamps)
    casa_map_lamps_paint(lamps, cr, base);
  casa_map_roads_paint(cr, view, base);
  paint_lines(cr, view, base);
  cairo_restore(cr);
}

void
casa_map_paint_base(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base)
{
  gboolean lit = base->lamps && base->darkness > 0;
  g_autoptr(GPtrArray) dots = lit ? casa_map_lamps_spread(base->city) : NULL;
  g_autoptr(CasaMapLamps) lamps = lit ? casa_map_lamps_new(view, base, dots, 1) : NULL;

  casa_map_paint_land(cr, view, base);
  casa_map_paint_ground(cr, view, base, lamps);
}
