/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include <math.h>

#define WALL_PX 23.6        /* body size on a wall of 1920 × 1080, in which the direction's pixels are counted */
#define CITY_PX_PER_KM 46.0 /* with the whole city on that wall */

double
casa_map_unit(const CasaMapBase *base)
{
  return base->font_px / WALL_PX;
}

double
casa_map_thickness(const CasaMapView *view, const CasaMapBase *base)
{
  double km_px = view->scale / 111.2 / casa_map_unit(base);

  return CLAMP(pow(km_px / CITY_PX_PER_KM, 0.45), 0.55, 2);
}

gboolean
casa_map_is_without(const CasaMapBase *base, double x, double y)
{
  const CasaMapBox *box = &base->without;

  return box->w > 0 && x >= box->x && x < box->x + box->w && y >= box->y && y < box->y + box->h;
}

void
casa_map_trace_path(cairo_t *cr, const CasaMapView *view, const CasaPath *path)
{
  for (guint i = 0; i < path->n; i++) {
    double x, y;

    casa_map_project(view, path->points[i], &x, &y);
    if (i == 0)
      cairo_move_to(cr, x, y);
    else
      cairo_line_to(cr, x, y);
  }
}

void
casa_map_trace_district(cairo_t *cr, const CasaMapView *view, const CasaDistrict *district)
{
  for (guint r = 0; r < district->n_rings; r++) {
    casa_map_trace_path(cr, view, &district->rings[r]);
    cairo_close_path(cr);
  }
}
