/* SPDX-License-Identifier: Apache-2.0 */
#include "toy-city.h"

#define W -7.70
#define M -7.60
#define E -7.50
#define S 33.50
#define H 33.58
#define N 33.66

/* Rings are closed, as in GeoJSON. */
static CasaLonLat corners[4][5] = {
  { { W, H }, { M, H }, { M, N }, { W, N }, { W, H } },
  { { M, H }, { E, H }, { E, N }, { M, N }, { M, H } },
  { { W, S }, { M, S }, { M, H }, { W, H }, { W, S } },
  { { M, S }, { E, S }, { E, H }, { M, H }, { M, S } },
};
static CasaPath rings[4] = { { corners[0], 5 }, { corners[1], 5 }, { corners[2], 5 }, { corners[3], 5 } };
static CasaDistrict districts[4] = {
  { .id = (char *)"a",
    .name_fr = (char *)"Anoual",
    .name_ar = (char *)"أنوال",
    .centroid = { -7.65, 33.62 },
    .rings = &rings[0],
    .n_rings = 1 },
  { .id = (char *)"b",
    .name_fr = (char *)"Bourgogne",
    .name_ar = (char *)"بوركون",
    .centroid = { -7.55, 33.62 },
    .rings = &rings[1],
    .n_rings = 1 },
  { .id = (char *)"c",
    .name_fr = (char *)"Californie",
    .name_ar = (char *)"كاليفورنيا",
    .centroid = { -7.65, 33.54 },
    .rings = &rings[2],
    .n_rings = 1 },
  { .id = (char *)"d",
    .name_fr = (char *)"Derb",
    .name_ar = (char *)"درب",
    .centroid = { -7.55, 33.54 },
    .rings = &rings[3],
    .n_rings = 1 },
};
static CasaLonLat track[3] = { { W, 33.57 }, { M, 33.57 }, { E, 33.57 } };
static double track_km[3] = { 0, 9.26, 18.52 };
static CasaStop stops[2] = {
  { .id = (char *)"x1-w", .name_fr = (char *)"Ouest", .at = { W, 33.57 } },
  { .id = (char *)"x1-e", .name_fr = (char *)"Est", .at = { E, 33.57 }, .km = 18.52 },
};
static CasaLine lines[1] = {
  { .id = (char *)"x1",
    .name = (char *)"X1",
    .rgb = 0xE8621A,
    .track = { track, 3 },
    .track_km = track_km,
    .length_km = 18.52,
    .stops = stops,
    .n_stops = 2 },
};
static CasaPlace places[1] = {
  { .id = (char *)"gare", .name_fr = (char *)"Gare", .name_ar = (char *)"المحطة", .at = { -7.55, 33.52 } },
};
static CasaLonLat shore[4] = { { -8, 33.3 }, { -7.2, 33.3 }, { -7.2, 33.7 }, { -8, 33.6 } };
static CasaPath land[1] = { { shore, 4 } };
static const CasaCity city = {
  .districts = districts,
  .n_districts = 4,
  .lines = lines,
  .n_lines = 1,
  .places = places,
  .n_places = 1,
  .land = land,
  .n_land = 1,
  .min = { W, S },
  .max = { E, N },
};

const CasaCity *
toy_city(void)
{
  return &city;
}
