/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city.h"
#include "city/map-sources.h"
#include "city/palette.h"
#include "city/stories.h"

#include <math.h>
#include <string.h>

#define EARTH_RADIUS_KM 6371.0088 /* IUGG mean radius */

static void
clear_path(CasaPath *path)
{
  g_free(path->points);
}

static void
clear_district(CasaDistrict *d)
{
  g_free(d->id);
  g_free(d->name_fr);
  g_free(d->name_ar);
  for (guint i = 0; i < d->n_rings; i++)
    clear_path(&d->rings[i]);
  g_free(d->rings);
}

static void
clear_stop(CasaStop *stop)
{
  g_free(stop->id);
  g_free(stop->name_fr);
  g_free(stop->name_ar);
  g_free(stop->district);
}

static void
clear_line(CasaLine *line)
{
  g_free(line->id);
  g_free(line->name);
  g_free(line->terminus_a);
  g_free(line->terminus_b);
  g_free(line->track_km);
  clear_path(&line->track);
  for (guint i = 0; i < line->n_stops; i++)
    clear_stop(&line->stops[i]);
  g_free(line->stops);
}

static void
clear_road(CasaRoad *road)
{
  g_free(road->id);
  g_free(road->name_fr);
  g_free(road->name_ar);
  g_free(road->klass);
  g_free(road->district);
  clear_path(&road->path);
}

static void
clear_place(CasaPlace *place)
{
  g_free(place->id);
  g_free(place->name_fr);
  g_free(place->name_ar);
  g_free(place->category);
  g_free(place->district);
}

void
casa_city_free(CasaCity *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_districts; i++)
    clear_district(&self->districts[i]);
  for (guint i = 0; i < self->n_lines; i++)
    clear_line(&self->lines[i]);
  for (guint i = 0; i < self->n_roads; i++)
    clear_road(&self->roads[i]);
  for (guint i = 0; i < self->n_places; i++)
    clear_place(&self->places[i]);
  for (guint i = 0; i < self->n_land; i++)
    clear_path(&self->land[i]);
  g_free(self->districts);
  g_free(self->lines);
  g_free(self->roads);
  g_free(self->places);
  g_free(self->land);
  casa_map_sources_free(self->sources);
  casa_stories_free(self->stories);
  casa_palette_free(self->palette);
  g_slist_free_full(self->retired[CASA_CITY_STORIES], (GDestroyNotify)casa_stories_free);
  g_slist_free_full(self->retired[CASA_CITY_PALETTE], (GDestroyNotify)casa_palette_free);
  g_slist_free_full(self->retired[CASA_CITY_MAP], (GDestroyNotify)casa_map_sources_free);
  for (guint i = 0; i < CASA_N_CITY_FILES; i++)
    g_clear_error(&self->faults[i]);
  g_free(self);
}

/* Whether a ray from @at eastwards crosses the ring an odd number of times. */
static gboolean
ring_contains(const CasaPath *ring, CasaLonLat at)
{
  gboolean inside = FALSE;
  for (guint i = 0, j = ring->n - 1; i < ring->n; j = i++) {
    const CasaLonLat *a = &ring->points[i], *b = &ring->points[j];
    if ((a->lat > at.lat) != (b->lat > at.lat) && at.lon < (b->lon - a->lon) * (at.lat - a->lat) / (b->lat - a->lat) + a->lon)
      inside = !inside;
  }
  return inside;
}

const CasaDistrict *
casa_city_district_at(const CasaCity *self, CasaLonLat at)
{
  for (guint i = 0; i < self->n_districts; i++) {
    const CasaDistrict *d = &self->districts[i];
    gboolean inside = FALSE;
    for (guint r = 0; r < d->n_rings; r++)
      inside ^= ring_contains(&d->rings[r], at);
    if (inside)
      return d;
  }
  return NULL;
}

const CasaDistrict *
casa_city_district(const CasaCity *self, const char *id)
{
  for (guint i = 0; id && i < self->n_districts; i++)
    if (strcmp(self->districts[i].id, id) == 0)
      return &self->districts[i];
  return NULL;
}

const CasaLine *
casa_city_line(const CasaCity *self, const char *id)
{
  for (guint i = 0; id && i < self->n_lines; i++)
    if (strcmp(self->lines[i].id, id) == 0)
      return &self->lines[i];
  return NULL;
}

void
casa_district_box(const CasaDistrict *district, CasaLonLat *out_min, CasaLonLat *out_max)
{
  *out_min = (CasaLonLat){ INFINITY, INFINITY };
  *out_max = (CasaLonLat){ -INFINITY, -INFINITY };
  for (guint r = 0; r < district->n_rings; r++)
    for (guint i = 0; i < district->rings[r].n; i++) {
      const CasaLonLat p = district->rings[r].points[i];
      *out_min = (CasaLonLat){ MIN(out_min->lon, p.lon), MIN(out_min->lat, p.lat) };
      *out_max = (CasaLonLat){ MAX(out_max->lon, p.lon), MAX(out_max->lat, p.lat) };
    }
}

double
casa_distance_km(CasaLonLat a, CasaLonLat b)
{
  double lat_a = a.lat * G_PI / 180, lat_b = b.lat * G_PI / 180;
  double s_lat = sin((lat_b - lat_a) / 2), s_lon = sin((b.lon - a.lon) * G_PI / 360);
  double h = s_lat * s_lat + cos(lat_a) * cos(lat_b) * s_lon * s_lon;
  return 2 * EARTH_RADIUS_KM * asin(MIN(1, sqrt(h)));
}
