/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/lamps.h"
#include "city/track.h"
#include <math.h>
#include <string.h>

#define SEED 7
#define NEAR_KM 0.75    /* lamps stand closer so near to a stop */
#define FAR_SHARE 0.10  /* chance of one far from any */
#define AVENUE_KM 0.055 /* from dot to dot along an avenue */
#define TRIES 60        /* per dot, before a district of odd shape is left with fewer */
#define HALO 6          /* the halo is painted so much smaller */
#define BLUR 2          /* box radius in its pixels, three times */

#define CITY_PX_PER_KM 46 /* as the lamps are tuned for: where the city is smaller, they would burn it out */

typedef struct {
  int x, y, w, h;        /* device pixels in the picture */
  cairo_surface_t *dots; /* A8; NULL where nothing is seen */
  cairo_surface_t *halo; /* A8, HALO times smaller */
} Glow;

struct _CasaMapLamps {
  guint n;
  Glow *glows; /* [n] districts */
  double device_scale;
  double strength; /* of the light, for how close the dots stand */
};

static gboolean
is_inside(const CasaDistrict *district, CasaLonLat at)
{
  gboolean inside = FALSE;

  for (guint r = 0; r < district->n_rings; r++) {
    const CasaPath *ring = &district->rings[r];

    for (guint i = 0, j = ring->n - 1; i < ring->n; j = i++) {
      CasaLonLat a = ring->points[i], b = ring->points[j];

      if ((a.lat > at.lat) != (b.lat > at.lat) && at.lon < (b.lon - a.lon) * (at.lat - a.lat) / (b.lat - a.lat) + a.lon)
        inside = !inside;
    }
  }
  return inside;
}

static void
district_box(const CasaDistrict *district, CasaLonLat *min, CasaLonLat *max)
{
  *min = (CasaLonLat){ INFINITY, INFINITY };
  *max = (CasaLonLat){ -INFINITY, -INFINITY };
  for (guint r = 0; r < district->n_rings; r++)
    for (guint i = 0; i < district->rings[r].n; i++) {
      CasaLonLat p = district->rings[r].points[i];

      *min = (CasaLonLat){ MIN(min->lon, p.lon), MIN(min->lat, p.lat) };
      *max = (CasaLonLat){ MAX(max->lon, p.lon), MAX(max->lat, p.lat) };
    }
}

static double
nearest_stop_km(const CasaCity *city, CasaLonLat at)
{
  double k = cos(at.lat * G_PI / 180), best = INFINITY;

  for (guint l = 0; l < city->n_lines; l++)
    for (guint s = 0; s < city->lines[l].n_stops; s++) {
      CasaLonLat stop = city->lines[l].stops[s].at;

      best = MIN(best, hypot((stop.lon - at.lon) * k, stop.lat - at.lat));
    }
  return best * 111.2;
}

static double
weight(const CasaCity *city, const CasaDistrict *district)
{
  double area = 0, people = 0;

  for (guint i = 0; i < city->n_districts; i++) {
    area += city->districts[i].area_km2;
    people += city->districts[i].population;
  }
  return (area > 0 ? 0.45 * district->area_km2 / area : 0) + (people > 0 ? 0.55 * district->population / people : 0);
}

static void
spread(GRand *random, const CasaCity *city, const CasaDistrict *district, GArray *dots)
{
  guint wanted = (guint)(CASA_MAP_LAMPS_TOTAL / CASA_MAP_LAMPS_PER_DOT * weight(city, district));
  CasaLonLat min, max;

  district_box(district, &min, &max);
  for (guint tries = 0; dots->len < wanted && tries < wanted * TRIES; tries++) {
    CasaMapPoint dot = { { g_rand_double_range(random, min.lon, max.lon), g_rand_double_range(random, min.lat, max.lat) },
                         g_rand_double(random) };

    if (!is_inside(district, dot.at))
      continue;
    if (g_rand_double(random) < FAR_SHARE + (1 - FAR_SHARE) * exp(-pow(nearest_stop_km(city, dot.at) / NEAR_KM, 1.3)))
      g_array_append_val(dots, dot);
  }
}

/* Avenues are strings of lamps, a little off their middle. */
static void
string_along(GRand *random, const CasaCity *city, const CasaRoad *road, GPtrArray *dots)
{
  g_autofree double *km = road->path.n > 0 ? casa_track_measure(&road->path) : NULL;

  for (double at_km = 0; km != NULL && at_km < km[road->path.n - 1]; at_km += AVENUE_KM) {
    CasaMapPoint dot = { casa_track_at(&road->path, km, at_km), g_rand_double_range(random, 0.6, 1) };

    dot.at.lon += g_rand_double_range(random, -0.0004, 0.0004);
    dot.at.lat += g_rand_double_range(random, -0.0003, 0.0003);
    for (guint i = 0; i < city->n_districts; i++)
      if (is_inside(&city->districts[i], dot.at)) {
        g_array_append_val((GArray *)dots->pdata[i], dot);
        break;
      }
  }
}

static void
unref_dots(gpointer dots)
{
  g_array_unref(dots);
}

GPtrArray *
casa_map_lamps_spread(const CasaCity *city)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
  GPtrArray *all = g_ptr_array_new_with_free_func(unref_dots);

  for (guint i = 0; i < city->n_districts; i++) {
    GArray *dots = g_array_new(FALSE, FALSE, sizeof(CasaMapPoint));

    spread(random, city, &city->districts[i], dots);
    g_ptr_array_add(all, dots);
  }
  for (guint i = 0; i < city->n_roads; i++)
    string_along(random, city, &city->roads[i], all);
  return all;
}

static void
add_light(guint8 *data, int stride, int w, int h, int x, int y, double light)
{
  guint8 *pixel;

  if (x < 0 || y < 0 || x >= w || y >= h)
    return;
  pixel = data + (gsize)y * (gsize)stride + x;
  *pixel = (guint8)MIN(255, *pixel + light * 255);
}

/* A soft disc of radius @r about @x, @y. */
static void
splat(guint8 *data, int stride, int w, int h, double x, double y, double r, double light)
{
  for (int j = (int)floor(y - r - 0.5); j <= (int)ceil(y + r + 0.5); j++)
    for (int i = (int)floor(x - r - 0.5); i <= (int)ceil(x + r + 0.5); i++)
      add_light(data, stride, w, h, i, j, light * CLAMP(r + 0.5 - hypot(i + 0.5 - x, j + 0.5 - y), 0, 1));
}

/* Mean over 2 @radius + 1 pixels of a row or column of @n pixels @step apart. */
static void
blur_run(guint8 *data, gsize step, int n, int radius, guint8 *line)
{
  int sum = 0, width = 2 * radius + 1;

  for (int i = 0; i < n; i++)
    line[i] = data[(gsize)i * step];
  for (int i = -radius; i <= radius; i++)
    sum += i >= 0 && i < n ? line[i] : 0;
  for (int i = 0; i < n; i++) {
    data[(gsize)i * step] = (guint8)(sum / width);
    sum += (i + radius + 1 < n ? line[i + radius + 1] : 0) - (i - radius >= 0 ? line[i - radius] : 0);
  }
}

static void
blur(cairo_surface_t *surface, int radius)
{
  int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
  gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  guint8 *data = cairo_image_surface_get_data(surface);
  g_autofree guint8 *line = g_malloc((gsize)MAX(w, h));

  for (int pass = 0; pass < 3; pass++) {
    for (int y = 0; y < h; y++)
      blur_run(data + (gsize)y * stride, 1, w, radius, line);
    for (int x = 0; x < w; x++)
      blur_run(data + x, stride, h, radius, line);
  }
}

/* The box of a district on the picture, with room for its halo; empty when it is out of sight. */
static void
measure(Glow *glow, const CasaMapView *view, const CasaDistrict *district, double device_scale)
{
  CasaLonLat min, max;
  double x0, y0, x1, y1, room = HALO * BLUR * 4;

  district_box(district, &min, &max);
  casa_map_project(view, (CasaLonLat){ min.lon, max.lat }, &x0, &y0);
  casa_map_project(view, (CasaLonLat){ max.lon, min.lat }, &x1, &y1);
  x0 = MAX(floor((x0 - view->x) * device_scale - room), 0);
  y0 = MAX(floor((y0 - view->y) * device_scale - room), 0);
  x1 = MIN(ceil((x1 - view->x) * device_scale + room), ceil(view->w * device_scale));
  y1 = MIN(ceil((y1 - view->y) * device_scale + room), ceil(view->h * device_scale));
  if (!(x1 > x0 && y1 > y0))
    return;
  glow->x = (int)x0;
  glow->y = (int)y0;
  glow->w = (int)(x1 - x0);
  glow->h = (int)(y1 - y0);
}

typedef struct {
  guint8 *data;
  int stride, w, h;
} Plane;

static Plane
plane(cairo_surface_t *surface)
{
  cairo_surface_flush(surface);
  return (Plane){ cairo_image_surface_get_data(surface), cairo_image_surface_get_stride(surface),
                  cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface) };
}

static void
light_up(Glow *glow, const CasaMapView *view, const CasaMapBase *base, const GArray *dots, double device_scale)
{
  double u = casa_map_unit(base) * casa_map_thickness(view, base) * device_scale;
  double r = MAX(1.15 * u, 0.5), reach = MAX(4 * u / HALO, 0.4);
  Plane fine, coarse;

  glow->dots = cairo_image_surface_create(CAIRO_FORMAT_A8, glow->w, glow->h);
  glow->halo = cairo_image_surface_create(CAIRO_FORMAT_A8, glow->w / HALO + 2, glow->h / HALO + 2);
  fine = plane(glow->dots);
  coarse = plane(glow->halo);
  for (guint i = 0; i < dots->len; i++) {
    const CasaMapPoint *dot = &g_array_index(dots, CasaMapPoint, i);
    double x, y, b = dot->value;

    casa_map_project(view, dot->at, &x, &y);
    x = (x - view->x) * device_scale - glow->x;
    y = (y - view->y) * device_scale - glow->y;
    splat(fine.data, fine.stride, fine.w, fine.h, x, y, r * (0.62 + 0.62 * b), 0.30 + 0.55 * b * b);
    splat(coarse.data, coarse.stride, coarse.w, coarse.h, x / HALO, y / HALO, reach, 0.20 + 0.22 * b);
  }
  blur(glow->halo, MAX(1, (int)lround(BLUR * MIN(u, 1.5))));
  cairo_surface_mark_dirty(glow->dots);
  cairo_surface_mark_dirty(glow->halo);
}

CasaMapLamps *
casa_map_lamps_new(const CasaMapView *view, const CasaMapBase *base, const GPtrArray *dots, double device_scale)
{
  CasaMapLamps *self = g_new0(CasaMapLamps, 1);

  self->n = base->city->n_districts;
  self->glows = g_new0(Glow, MAX(self->n, 1));
  self->device_scale = device_scale;
  self->strength = CLAMP(pow(view->scale / 111.2 / casa_map_unit(base) / CITY_PX_PER_KM, 1.6), 0.3, 1);
  for (guint i = 0; i < self->n; i++) {
    measure(&self->glows[i], view, &base->city->districts[i], device_scale);
    if (self->glows[i].w > 0)
      light_up(&self->glows[i], view, base, dots->pdata[i], device_scale);
  }
  return self;
}

void
casa_map_lamps_free(CasaMapLamps *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++) {
    g_clear_pointer(&self->glows[i].dots, cairo_surface_destroy);
    g_clear_pointer(&self->glows[i].halo, cairo_surface_destroy);
  }
  g_free(self->glows);
  g_free(self);
}

static void
paint_glow(cairo_t *cr, const Glow *glow, double strength)
{
  cairo_save(cr);
  cairo_rectangle(cr, glow->x, glow->y, glow->w, glow->h);
  cairo_clip(cr);
  cairo_translate(cr, glow->x, glow->y);
  cairo_set_source_rgba(cr, 1, .66, .30, .95 * strength);
  cairo_save(cr);
  cairo_scale(cr, HALO, HALO);
  cairo_mask_surface(cr, glow->halo, 0, 0);
  cairo_restore(cr);
  cairo_set_source_rgba(cr, 1, .80, .54, strength);
  cairo_mask_surface(cr, glow->dots, 0, 0);
  cairo_restore(cr);
}

void
casa_map_lamps_paint(const CasaMapLamps *self, cairo_t *cr, const CasaMapBase *base)
{
  cairo_save(cr);
  cairo_scale(cr, 1 / self->device_scale, 1 / self->device_scale);
  cairo_set_operator(cr, CAIRO_OPERATOR_ADD);
  for (guint i = 0; i < self->n; i++) {
    double lit = base->districts != NULL ? base->districts[i].lit : 1, strength = lit * base->darkness * self->strength;

    if (self->glows[i].w > 0 && strength > 0.004)
      paint_glow(cr, &self->glows[i], strength);
  }
  cairo_restore(cr);
}
