/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Casablanca as config/casablanca/ tells it. WGS84 degrees. Everything is immutable after load and owned by CasaCity.
 * Geometry derives from OpenStreetMap (ODbL): every picture of it carries "© contributeurs OpenStreetMap". */

typedef struct {
  double lon, lat;
} CasaLonLat;

typedef struct {
  CasaLonLat *points;
  guint n;
} CasaPath;

typedef struct {
  char *id; /* topic-safe slug: "ain-sebaa" */
  char *name_fr, *name_ar;
  guint population, households; /* HCP, RGPH 2024 */
  double area_km2;
  CasaLonLat centroid;
  CasaPath *rings; /* outer rings first, then holes; fill with the even-odd rule */
  guint n_rings;
} CasaDistrict;

typedef struct {
  char *id; /* slug, unique in the city: "t1-place-des-nations-unies" */
  char *name_fr, *name_ar;
  CasaLonLat at;
  double km;      /* along the line's track from terminus A */
  char *district; /* district id, NULL outside the city */
} CasaStop;

typedef struct {
  char *id;   /* "t1", "bw2" */
  char *name; /* "T1" */
  gboolean busway;
  guint32 rgb; /* official colour 0xRRGGBB */
  char *terminus_a, *terminus_b;
  CasaPath track;   /* terminus A → B */
  double *track_km; /* [track.n] distance along the track */
  double length_km;
  double headway_peak_min, headway_offpeak_min, headway_weekend_min;
  guint first_min, last_min; /* first and last departure, local minutes after midnight (330 = 05:30) */
  double riders_per_day;     /* sourced or, where unknown, an estimate; 0 = unknown */
  CasaStop *stops;
  guint n_stops;
} CasaLine;

typedef struct {
  char *id; /* slug "bd-zerktouni" */
  char *name_fr, *name_ar;
  char *klass; /* "boulevard", "avenue", "motorway", … */
  CasaPath path;
  double length_km;
  char *district; /* of the middle point; NULL outside */
} CasaRoad;

typedef enum {
  CASA_PLACE_LANDMARK, /* squares, stations, stadium… */
  CASA_PLACE_STATION,  /* where a sensor stands */
} CasaPlaceKind;

typedef struct {
  CasaPlaceKind kind;
  char *id, *name_fr, *name_ar;
  char *category; /* "square", "industrial", "urban traffic"… */
  CasaLonLat at;
  double accuracy_m;
  gboolean assumed; /* TRUE: the position (or the whole station) is our assumption, not a published fact */
  char *district;
  guint rank; /* 0 = always label on the map, larger = only when there is room */
} CasaPlace;

typedef struct _CasaMapSources CasaMapSources; /* city/map-sources.h */
typedef struct _CasaStories CasaStories;       /* city/stories.h */
typedef struct _CasaPalette CasaPalette;       /* city/palette.h */

/* Files that say how the city is told, commanded and drawn: city/city-files.h. */
typedef enum { CASA_CITY_STORIES, CASA_CITY_PALETTE, CASA_CITY_MAP, CASA_N_CITY_FILES } CasaCityFile;

typedef struct {
  CasaDistrict *districts;
  guint n_districts;
  CasaLine *lines;
  guint n_lines;
  CasaRoad *roads;
  guint n_roads;
  CasaPlace *places;
  guint n_places;
  CasaPath *land; /* polygons of land in the map box */
  guint n_land;
  CasaLonLat min, max;                /* box of all districts */
  CasaMapSources *sources;            /* what the layers of its map are made of; NULL: nothing */
  CasaStories *stories;               /* how is told what happens in it; NULL: nothing is */
  CasaPalette *palette;               /* which events can be commanded to it; NULL: none */
  GError *faults[CASA_N_CITY_FILES];  /* of those files as last read; NULL: none */
  GSList *retired[CASA_N_CITY_FILES]; /* what those files said before they were saved again */
} CasaCity;

/* Reads @dir/casablanca/ (districts, lines, stops, roads, places, coast .geojson). CASA_ERROR_DATA names file and feature. */
CasaCity *casa_city_load(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_city_free(CasaCity *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaCity, casa_city_free)

/* District that contains @at, or NULL. Even-odd test. */
const CasaDistrict *casa_city_district_at(const CasaCity *self, CasaLonLat at);
const CasaDistrict *casa_city_district(const CasaCity *self, const char *id); /* By id; NULL: there is none */
const CasaLine *casa_city_line(const CasaCity *self, const char *id);         /* By id; NULL: there is none */

/* The box of all rings of @district. */
void casa_district_box(const CasaDistrict *district, CasaLonLat *out_min, CasaLonLat *out_max);

/* Point @km along a line's track (clamped to its ends). */
CasaLonLat casa_line_at(const CasaLine *line, double km);

/* Great-circle distance in km (haversine, R = 6371.0088 km, IUGG mean radius). */
double casa_distance_km(CasaLonLat a, CasaLonLat b);

G_END_DECLS
