/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city.h"

#include <math.h>
#include <string.h>

double casa_distance_km(CasaLonLat a, CasaLonLat b)
{
  const double rad = G_PI / 180, radius = 6371.0088;
  double u = sin((b.lat - a.lat) * rad / 2), v = sin((b.lon - a.lon) * rad / 2);
  double h = u * u + cos(a.lat * rad) * cos(b.lat * rad) * v * v;
  return 2 * radius * asin(sqrt(fmin(h, 1)));
}

CasaLonLat casa_line_at(const CasaLine *line, double km)
{
  guint low = 0, high = line->track.n - 1;
  if (!(km > 0))
    return line->track.points[0];
  if (km >= line->track_km[high])
    return line->track.points[high];
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (line->track_km[middle] <= km)
      low = middle;
    else
      high = middle;
  }
  CasaLonLat a = line->track.points[low], b = line->track.points[high];
  double span = line->track_km[high] - line->track_km[low];
  double part = span > 0 ? (km - line->track_km[low]) / span : 0;
  return (CasaLonLat){a.lon + part * (b.lon - a.lon), a.lat + part * (b.lat - a.lat)};
}

static gboolean crosses(CasaLonLat a, CasaLonLat b, CasaLonLat p)
{
  if ((a.lat > p.lat) == (b.lat > p.lat))
    return FALSE;
  return p.lon < a.lon + (b.lon - a.lon) * (p.lat - a.lat) / (b.lat - a.lat);
}

static gboolean district_contains(const CasaDistrict *district, CasaLonLat p)
{
  gboolean inside = FALSE;
  for (guint r = 0; r < district->n_rings; r++) {
    const CasaPath *ring = &district->rings[r];
    for (guint i = 1; i < ring->n; i++)
      inside ^= crosses(ring->points[i - 1], ring->points[i], p);
  }
  return inside;
}

const CasaDistrict *casa_city_district_at(const CasaCity *self, CasaLonLat at)
{
  for (guint i = 0; i < self->n_districts; i++) {
    if (district_contains(&self->districts[i], at))
      return &self->districts[i];
  }
  return NULL;
}

const CasaDistrict *casa_city_district(const CasaCity *self, const char *id)
{
  for (guint i = 0; id && i < self->n_districts; i++) {
    if (!strcmp(self->districts[i].id, id))
      return &self->districts[i];
  }
  return NULL;
}

const CasaLine *casa_city_line(const CasaCity *self, const char *id)
{
  for (guint i = 0; id && i < self->n_lines; i++) {
    if (!strcmp(self->lines[i].id, id))
      return &self->lines[i];
  }
  return NULL;
}
