/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city.h"
#include "base/error.h"
#include "city/geojson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One file being read: says where it is when something is wrong. */
typedef struct {
  CasaFeatures *features;
  const CasaFeature *feature;
  char *path;
  guint number; /* of the feature, from 1 */
} Layer;

static gboolean layer_open(Layer *layer, const char *dir, const char *file, GError **error)
{
  layer->path = g_build_filename(dir, "casablanca", file, NULL);
  layer->features = casa_features_load(layer->path, error);
  return layer->features != NULL;
}

static void layer_close(Layer *layer)
{
  casa_features_free(layer->features);
  g_free(layer->path);
}

static gboolean layer_wrong(const Layer *layer, const char *what, GError **error)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: feature %u (%s): %s", layer->path, layer->number,
              casa_feature_string(layer->feature, "id", "no id"), what);
  return FALSE;
}

static gboolean slug_ok(const char *id)
{
  gsize n = id ? strlen(id) : 0;
  return n > 0 && n <= 58 && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

static gboolean layer_next(Layer *layer, guint i, guint least_points, GError **error)
{
  layer->feature = casa_features_get(layer->features, i);
  layer->number = i + 1;
  if (!slug_ok(casa_feature_string(layer->feature, "id", NULL)))
    return layer_wrong(layer, "\"id\" must be 1 to 58 of a-z, 0-9, - and _", error);
  if (layer->feature->n_paths == 0 || layer->feature->paths[0].n < least_points)
    return layer_wrong(layer, least_points > 1 ? "wanted a line or an area, not a point" : "empty geometry", error);
  return TRUE;
}

static char *text(const Layer *layer, const char *key)
{
  return g_strdup(casa_feature_string(layer->feature, key, NULL));
}

static CasaPath copy_path(const CasaPath *path)
{
  return (CasaPath){g_memdup2(path->points, path->n * sizeof *path->points), path->n};
}

static double path_km(const CasaPath *path)
{
  double km = 0;
  for (guint i = 1; i < path->n; i++)
    km += casa_distance_km(path->points[i - 1], path->points[i]);
  return km;
}

static void grow_box(CasaCity *self, const CasaPath *ring)
{
  for (guint i = 0; i < ring->n; i++) {
    self->min.lon = fmin(self->min.lon, ring->points[i].lon);
    self->min.lat = fmin(self->min.lat, ring->points[i].lat);
    self->max.lon = fmax(self->max.lon, ring->points[i].lon);
    self->max.lat = fmax(self->max.lat, ring->points[i].lat);
  }
}

/* Centre of the area of a closed ring (shoelace formula), taken relative to its first point to keep the digits. */
static CasaLonLat centroid(const CasaPath *ring)
{
  CasaLonLat o = ring->points[0], sum = {0, 0};
  double area = 0;
  for (guint i = 1; i < ring->n; i++) {
    double ax = ring->points[i - 1].lon - o.lon, ay = ring->points[i - 1].lat - o.lat;
    double bx = ring->points[i].lon - o.lon, by = ring->points[i].lat - o.lat;
    double cross = ax * by - bx * ay;
    area += cross;
    sum.lon += (ax + bx) * cross;
    sum.lat += (ay + by) * cross;
  }
  return area == 0 ? o : (CasaLonLat){o.lon + sum.lon / (3 * area), o.lat + sum.lat / (3 * area)};
}

static gboolean read_district(CasaCity *self, Layer *layer, guint i, GError **error)
{
  if (!layer_next(layer, i, 4, error))
    return FALSE;
  CasaDistrict *d = &self->districts[self->n_districts++];
  d->id = text(layer, "id");
  d->name_fr = text(layer, "name_fr");
  d->name_ar = text(layer, "name_ar");
  double people = casa_feature_number(layer->feature, "population", -1);
  if (!d->name_fr || !(people >= 0 && people < 1e9))
    return layer_wrong(layer, "a district needs \"name_fr\" and \"population\"", error);
  d->population = (guint)people;
  d->households = (guint)CLAMP(casa_feature_number(layer->feature, "households", 0), 0, 1e9);
  d->area_km2 = casa_feature_number(layer->feature, "area_km2", 0);
  d->n_rings = layer->feature->n_paths;
  d->rings = g_new0(CasaPath, d->n_rings);
  for (guint r = 0; r < d->n_rings; r++) {
    d->rings[r] = copy_path(&layer->feature->paths[r]);
    grow_box(self, &d->rings[r]);
  }
  d->centroid = centroid(&d->rings[0]);
  return TRUE;
}

static gboolean read_clock(const char *hhmm, guint *out_min)
{
  guint h, m;
  char end;
  if (!hhmm || sscanf(hhmm, "%2u:%2u%c", &h, &m, &end) != 2 || h > 29 || m > 59)
    return FALSE;
  *out_min = h * 60 + m;
  return TRUE;
}

static void measure_track(CasaLine *line)
{
  line->track_km = g_new0(double, line->track.n);
  for (guint i = 1; i < line->track.n; i++)
    line->track_km[i] = line->track_km[i - 1] + casa_distance_km(line->track.points[i - 1], line->track.points[i]);
  line->length_km = line->track_km[line->track.n - 1];
}

static gboolean read_line(CasaCity *self, Layer *layer, guint i, GError **error)
{
  if (!layer_next(layer, i, 2, error))
    return FALSE;
  CasaLine *line = &self->lines[self->n_lines++];
  line->track = copy_path(&layer->feature->paths[0]);
  measure_track(line);
  line->id = text(layer, "id");
  line->name = text(layer, "name");
  line->terminus_a = text(layer, "terminus_a");
  line->terminus_b = text(layer, "terminus_b");
  line->busway = !g_strcmp0(casa_feature_string(layer->feature, "mode", ""), "busway");
  guint rgb;
  if (!line->name || sscanf(casa_feature_string(layer->feature, "colour", ""), "#%6x", &rgb) != 1)
    return layer_wrong(layer, "a line needs \"name\" and \"colour\" as \"#RRGGBB\"", error);
  line->rgb = rgb;
  line->headway_peak_min = casa_feature_number(layer->feature, "headway_peak_min", 0);
  line->headway_offpeak_min = casa_feature_number(layer->feature, "headway_offpeak_min", 0);
  line->headway_weekend_min = casa_feature_number(layer->feature, "headway_weekend_min", 0);
  line->riders_per_day = casa_feature_number(layer->feature, "riders_per_day", 0);
  if (!(line->headway_peak_min >= 1 && line->headway_offpeak_min >= 1 && line->headway_weekend_min >= 1))
    return layer_wrong(layer, "headways must be 1 minute or more", error);
  if (!read_clock(casa_feature_string(layer->feature, "first_departure", NULL), &line->first_min) ||
      !read_clock(casa_feature_string(layer->feature, "last_departure", NULL), &line->last_min) ||
      line->last_min <= line->first_min)
    return layer_wrong(layer, "\"first_departure\" and \"last_departure\" must be hh:mm, in this order", error);
  return TRUE;
}

static guint stops_of(const Layer *layer, const char *line_id)
{
  guint n = 0;
  for (guint i = 0; i < casa_features_count(layer->features); i++)
    n += !strcmp(casa_feature_string(casa_features_get(layer->features, i), "line", ""), line_id);
  return n;
}

static gboolean read_stop(CasaCity *self, Layer *layer, guint i, GError **error)
{
  if (!layer_next(layer, i, 1, error))
    return FALSE;
  CasaLine *line = (CasaLine *)casa_city_line(self, casa_feature_string(layer->feature, "line", ""));
  if (!line)
    return layer_wrong(layer, "\"line\" names no line of lines.geojson", error);
  if (!line->stops)
    line->stops = g_new0(CasaStop, stops_of(layer, line->id));
  double km = casa_feature_number(layer->feature, "km", NAN);
  if (!(km >= 0 && km <= line->length_km + 0.5))
    return layer_wrong(layer, "\"km\" must lie on the line's track", error);
  if (line->n_stops > 0 && km < line->stops[line->n_stops - 1].km)
    return layer_wrong(layer, "stops must stand in order of \"km\"", error);
  CasaStop *stop = &line->stops[line->n_stops++];
  stop->id = text(layer, "id");
  stop->name_fr = text(layer, "name_fr");
  stop->name_ar = text(layer, "name_ar");
  stop->at = layer->feature->paths[0].points[0];
  stop->km = fmin(km, line->length_km);
  stop->district = text(layer, "district");
  return TRUE;
}

static gboolean read_road(CasaCity *self, Layer *layer, guint i, GError **error)
{
  if (!layer_next(layer, i, 2, error))
    return FALSE;
  CasaRoad *road = &self->roads[self->n_roads++];
  road->id = text(layer, "id");
  road->name_fr = text(layer, "name_fr");
  road->name_ar = text(layer, "name_ar");
  road->klass = text(layer, "class");
  road->district = text(layer, "district");
  road->path = copy_path(&layer->feature->paths[0]);
  road->length_km = path_km(&road->path);
  return TRUE;
}

static gboolean read_place(CasaCity *self, Layer *layer, guint i, GError **error)
{
  if (!layer_next(layer, i, 1, error))
    return FALSE;
  CasaPlace *place = &self->places[self->n_places++];
  const char *kind = casa_feature_string(layer->feature, "kind", "");
  if (strcmp(kind, "air") && strcmp(kind, "landmark"))
    return layer_wrong(layer, "\"kind\" must be \"air\" or \"landmark\"", error);
  place->kind = !strcmp(kind, "air") ? CASA_PLACE_AIR : CASA_PLACE_LANDMARK;
  place->id = text(layer, "id");
  place->name_fr = text(layer, "name_fr");
  place->name_ar = text(layer, "name_ar");
  place->category = text(layer, "category");
  place->at = layer->feature->paths[0].points[0];
  place->accuracy_m = casa_feature_number(layer->feature, "accuracy_m", 0);
  place->assumed = casa_feature_number(layer->feature, "assumed", 0) > 0;
  place->district = text(layer, "district");
  place->rank = (guint)CLAMP(casa_feature_number(layer->feature, "rank", 9), 0, 99);
  return TRUE;
}

static gboolean read_land(CasaCity *self, Layer *layer, guint i, GError **error)
{
  if (!layer_next(layer, i, 4, error))
    return FALSE;
  self->land[self->n_land++] = copy_path(&layer->feature->paths[0]);
  return TRUE;
}

typedef gboolean (*ReadFunc)(CasaCity *self, Layer *layer, guint i, GError **error);

/* Reads one layer; @items, when not NULL, is where its array of @item_size structs goes. */
static gboolean read_layer(CasaCity *self, const char *dir, const char *file, ReadFunc read, void *items,
                           gsize item_size, GError **error)
{
  Layer layer = {0};
  gboolean ok = layer_open(&layer, dir, file, error);
  guint n = ok ? casa_features_count(layer.features) : 0;
  if (items)
    *(void **)items = g_malloc0_n(MAX(n, 1), item_size);
  for (guint i = 0; ok && i < n; i++)
    ok = read(self, &layer, i, error);
  layer_close(&layer);
  return ok;
}

CasaCity *casa_city_load(const char *dir, GError **error)
{
  g_autoptr(CasaCity) self = g_new0(CasaCity, 1);
  self->min = (CasaLonLat){180, 90};
  self->max = (CasaLonLat){-180, -90};
  if (!read_layer(self, dir, "districts.geojson", read_district, &self->districts, sizeof(CasaDistrict), error) ||
      !read_layer(self, dir, "lines.geojson", read_line, &self->lines, sizeof(CasaLine), error) ||
      !read_layer(self, dir, "stops.geojson", read_stop, NULL, 0, error) ||
      !read_layer(self, dir, "roads.geojson", read_road, &self->roads, sizeof(CasaRoad), error) ||
      !read_layer(self, dir, "places.geojson", read_place, &self->places, sizeof(CasaPlace), error) ||
      !read_layer(self, dir, "coast.geojson", read_land, &self->land, sizeof(CasaPath), error))
    return NULL;
  return g_steal_pointer(&self);
}

static void free_district(CasaDistrict *d)
{
  g_free(d->id);
  g_free(d->name_fr);
  g_free(d->name_ar);
  for (guint r = 0; r < d->n_rings; r++)
    g_free(d->rings[r].points);
  g_free(d->rings);
}

static void free_line(CasaLine *line)
{
  g_free(line->id);
  g_free(line->name);
  g_free(line->terminus_a);
  g_free(line->terminus_b);
  g_free(line->track.points);
  g_free(line->track_km);
  for (guint i = 0; i < line->n_stops; i++) {
    g_free(line->stops[i].id);
    g_free(line->stops[i].name_fr);
    g_free(line->stops[i].name_ar);
    g_free(line->stops[i].district);
  }
  g_free(line->stops);
}

static void free_road(CasaRoad *road)
{
  g_free(road->id);
  g_free(road->name_fr);
  g_free(road->name_ar);
  g_free(road->klass);
  g_free(road->district);
  g_free(road->path.points);
}

static void free_place(CasaPlace *place)
{
  g_free(place->id);
  g_free(place->name_fr);
  g_free(place->name_ar);
  g_free(place->category);
  g_free(place->district);
}

void casa_city_free(CasaCity *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_districts; i++)
    free_district(&self->districts[i]);
  for (guint i = 0; i < self->n_lines; i++)
    free_line(&self->lines[i]);
  for (guint i = 0; i < self->n_roads; i++)
    free_road(&self->roads[i]);
  for (guint i = 0; i < self->n_places; i++)
    free_place(&self->places[i]);
  for (guint i = 0; i < self->n_land; i++)
    g_free(self->land[i].points);
  g_free(self->districts);
  g_free(self->lines);
  g_free(self->roads);
  g_free(self->places);
  g_free(self->land);
  g_free(self);
}
