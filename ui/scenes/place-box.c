/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/place-box.h"
#include <math.h>

#define ROUND_DEG 0.008 /* some 800 m */
#define LINE_LESS 0.11  /* of its length, at both ends */

void
casa_place_box_line(const CasaLine *line, CasaLonLat *min, CasaLonLat *max)
{
  *min = (CasaLonLat){ INFINITY, INFINITY };
  *max = (CasaLonLat){ -INFINITY, -INFINITY };
  for (guint i = 0; i < line->track.n; i++) {
    const CasaLonLat p = line->track.points[i];
    *min = (CasaLonLat){ MIN(min->lon, p.lon), MIN(min->lat, p.lat) };
    *max = (CasaLonLat){ MAX(max->lon, p.lon), MAX(max->lat, p.lat) };
  }
  const double lon = (max->lon - min->lon) * LINE_LESS, lat = (max->lat - min->lat) * LINE_LESS;
  *min = (CasaLonLat){ min->lon + lon, min->lat + lat };
  *max = (CasaLonLat){ max->lon - lon, max->lat - lat };
}

void
casa_place_box_round(CasaLonLat at, CasaLonLat *min, CasaLonLat *max)
{
  *min = (CasaLonLat){ at.lon - ROUND_DEG, at.lat - ROUND_DEG };
  *max = (CasaLonLat){ at.lon + ROUND_DEG, at.lat + ROUND_DEG };
}

/* A stop of any line, or a landmark. NULL: there is none. */
static const CasaLonLat *
find_point(const CasaCity *city, const char *id)
{
  for (guint i = 0; i < city->n_lines; i++)
    for (guint k = 0; k < city->lines[i].n_stops; k++)
      if (g_str_equal(city->lines[i].stops[k].id, id))
        return &city->lines[i].stops[k].at;
  for (guint i = 0; i < city->n_places; i++)
    if (city->places[i].kind == CASA_PLACE_LANDMARK && g_str_equal(city->places[i].id, id))
      return &city->places[i].at;
  return NULL;
}

gboolean
casa_place_box_find(const CasaCity *city, const char *place, CasaLonLat *min, CasaLonLat *max)
{
  const CasaDistrict *district = casa_city_district(city, place);
  const CasaLine *line = casa_city_line(city, place);
  const CasaLonLat *point = find_point(city, place);

  if (district)
    casa_district_box(district, min, max);
  else if (line)
    casa_place_box_line(line, min, max);
  else if (point)
    casa_place_box_round(*point, min, max);
  return district || line || point;
}
