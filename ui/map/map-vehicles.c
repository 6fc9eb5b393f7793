/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include "ui/map/map-text.h"
#include <math.h>

#define HALO 2.5 /* radius of the halo, in radii of the core */

static double
core_radius(const CasaMapBase *base)
{
  return MAX(base->font_px * 0.26, 2.2);
}

double
casa_map_glow_reach(const CasaMapBase *base)
{
  return ceil(core_radius(base) * HALO) + 1;
}

static void
paint_halo(cairo_t *cr, CasaRgb c, double middle, double r, double strength)
{
  cairo_pattern_t *halo = cairo_pattern_create_radial(middle, middle, r * 0.6, middle, middle, r * HALO);

  cairo_pattern_add_color_stop_rgba(halo, 0, c.r, c.g, c.b, strength);
  cairo_pattern_add_color_stop_rgba(halo, 0.35, c.r, c.g, c.b, strength * 0.5);
  cairo_pattern_add_color_stop_rgba(halo, 1, c.r, c.g, c.b, 0);
  cairo_set_source(cr, halo);
  cairo_paint(cr);
  cairo_pattern_destroy(halo);
}

cairo_surface_t *
casa_map_glow(const CasaMapBase *base, guint32 rgb, double scale)
{
  double r = core_radius(base), reach = casa_map_glow_reach(base);
  int side = (int)ceil(2 * reach * scale);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, side, side);
  CasaRgb line = casa_map_rgb(rgb);
  cairo_t *cr;

  cairo_surface_set_device_scale(surface, scale, scale);
  cr = cairo_create(surface);
  paint_halo(cr, base->theme->dark ? casa_rgb_mix(line, (CasaRgb){ 1, 1, 1 }, 0.2) : line, reach, r, 0.95);
  cairo_arc(cr, reach, reach, r, 0, 2 * G_PI);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, base->theme->dark ? casa_rgb_mix(line, (CasaRgb){ 1, 1, 1 }, 0.55) : base->theme->ink, 1);
  cairo_set_line_width(cr, MAX(r * 0.16, 0.7));
  cairo_stroke(cr);
  cairo_destroy(cr);
  return surface;
}

/* Sprites of this call by colour: a city has six lines, so six gradients however many vehicles. */
static cairo_surface_t *
sprite(GHashTable *sprites, const CasaMapBase *base, guint32 rgb)
{
  cairo_surface_t *surface = g_hash_table_lookup(sprites, GUINT_TO_POINTER(rgb));

  if (surface == NULL) {
    surface = casa_map_glow(base, rgb, 2);
    g_hash_table_insert(sprites, GUINT_TO_POINTER(rgb), surface);
  }
  return surface;
}

void
casa_map_paint_vehicles(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaMapVehicle *vehicles, guint n)
{
  g_autoptr(GHashTable) sprites = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)cairo_surface_destroy);
  double reach = casa_map_glow_reach(base);

  cairo_save(cr);
  cairo_rectangle(cr, view->x, view->y, view->w, view->h);
  cairo_clip(cr);
  for (guint i = 0; i < n; i++) {
    double x, y;

    casa_map_project(view, vehicles[i].at, &x, &y);
    if (!isfinite(x) || !isfinite(y) || vehicles[i].alpha <= 0)
      continue;
    cairo_set_source_surface(cr, sprite(sprites, base, vehicles[i].rgb), x - reach, y - reach);
    cairo_paint_with_alpha(cr, MIN(vehicles[i].alpha, 1));
  }
  cairo_restore(cr);
}
