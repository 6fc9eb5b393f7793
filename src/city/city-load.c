/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city-files.h"
#include "base/error.h"
#include "city/geojson.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The files of config/casablanca, each filling its part of the city. */

/* One file being read: for messages, and to find an id that stands twice. */
typedef struct {
  char *path;
  CasaFeatures *features;
  GHashTable *ids; /* of char * owned by the features */
} Source;

static void
clear_source(Source *source)
{
  g_free(source->path);
  casa_features_free(source->features);
  g_clear_pointer(&source->ids, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, clear_source)

static gboolean
open_source(Source *source, const char *dir, const char *name, GError **error)
{
  source->path = g_build_filename(dir, "casablanca", name, NULL);
  source->features = casa_features_load(source->path, error);
  source->ids = g_hash_table_new(g_str_hash, g_str_equal);
  return source->features != NULL;
}

static gboolean fail(const Source *source, guint i, GError **error, const char *format, ...) G_GNUC_PRINTF(4, 5);

static gboolean
fail(const Source *source, guint i, GError **error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  const char *id = casa_feature_string(casa_features_get(source->features, i), "id", "?");
  g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: feature %u (%s): %s", source->path, i + 1, id, message);
  return FALSE;
}

/* What every feature has: a topic-safe, unique id and geometry of at least @least points in its first path. */
static gboolean
check_feature(const Source *source, guint i, guint least, GError **error)
{
  const CasaFeature *f = casa_features_get(source->features, i);
  const char *id = casa_feature_string(f, "id", "");
  gsize len = strlen(id);
  if (len < 1 || len > 64 || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
    return fail(source, i, error, "\"id\" must be 1 to 64 of a-z, 0-9, _ and -");
  if (!g_hash_table_add(source->ids, (gpointer)id))
    return fail(source, i, error, "this id stands twice in the file");
  if (f->n_paths == 0 || f->paths[0].n < least)
    return fail(source, i, error, least == 1 ? "has no position" : least == 2 ? "is not a LineString" : "is no area");
  return TRUE;
}

static CasaPath
copy_path(const CasaPath *path)
{
  return (CasaPath){ g_memdup2(path->points, path->n * sizeof *path->points), path->n };
}

static char *
dup_string(const CasaFeature *f, const char *key, const char *def)
{
  return g_strdup(casa_feature_string(f, key, def));
}

static CasaLonLat
position(const CasaFeature *f)
{
  return f->paths[0].points[0];
}

static void
read_centroid(const CasaFeature *f, CasaLonLat *out)
{
  const json_t *at = json_object_get(f->properties, "centroid");
  out->lon = json_number_value(json_array_get(at, 0));
  out->lat = json_number_value(json_array_get(at, 1));
}

static void
grow_box(CasaCity *self, const CasaPath *path)
{
  for (guint i = 0; i < path->n; i++) {
    const CasaLonLat *p = &path->points[i];
    self->min.lon = MIN(self->min.lon, p->lon);
    self->min.lat = MIN(self->min.lat, p->lat);
    self->max.lon = MAX(self->max.lon, p->lon);
    self->max.lat = MAX(self->max.lat, p->lat);
  }
}

static gboolean
read_district(CasaCity *self, const Source *source, guint i, CasaDistrict *d, GError **error)
{
  const CasaFeature *f = casa_features_get(source->features, i);
  d->id = dup_string(f, "id", "");
  d->name_fr = dup_string(f, "name_fr", d->id);
  d->name_ar = dup_string(f, "name_ar", d->name_fr);
  d->n_rings = f->n_paths;
  d->rings = g_new0(CasaPath, f->n_paths);
  for (guint r = 0; r < f->n_paths; r++) {
    d->rings[r] = copy_path(&f->paths[r]);
    grow_box(self, &d->rings[r]);
  }
  double population = casa_feature_number(f, "population", -1);
  double households = casa_feature_number(f, "households", -1);
  d->area_km2 = casa_feature_number(f, "area_km2", -1);
  if (!(population >= 0 && population < 1e9 && households >= 0 && households < 1e9 && d->area_km2 > 0))
    return fail(source, i, error, "population, households and area_km2 must be numbers, none negative");
  d->population = (guint)population;
  d->households = (guint)households;
  read_centroid(f, &d->centroid);
  if (casa_city_district_at(self, d->centroid) != d)
    return fail(source, i, error, "\"centroid\" must be [longitude, latitude] inside the district");
  return TRUE;
}

static gboolean
load_districts(CasaCity *self, const char *dir, GError **error)
{
  g_auto(Source) source = { 0 };
  if (!open_source(&source, dir, "districts.geojson", error))
    return FALSE;
  guint n = casa_features_count(source.features);
  self->districts = g_new0(CasaDistrict, n);
  self->min = (CasaLonLat){ 180, 90 };
  self->max = (CasaLonLat){ -180, -90 };
  for (guint i = 0; i < n; i++)
    if (!check_feature(&source, i, 4, error) || !read_district(self, &source, i, &self->districts[self->n_districts++], error))
      return FALSE;
  if (n > 0)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: holds no district", source.path);
  return FALSE;
}

/* The feature's district, NULL when it names none (outside the city). */
static gboolean
read_district_id(const CasaCity *self, const Source *source, guint i, char **out, GError **error)
{
  const char *id = casa_feature_string(casa_features_get(source->features, i), "district", NULL);
  *out = g_strdup(id);
  return !id || casa_city_district(self, id) ||
         fail(source, i, error, "\"district\" %s is none of those in districts.geojson", id);
}

/* "05:30" → 330; FALSE when it is no time of day (24:00 and later are for departures after midnight). */
static gboolean
parse_minutes(const char *text, guint *out)
{
  guint64 hour, minute;
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);
  if (g_strv_length(parts) != 2 || strlen(parts[1]) != 2 || !g_ascii_string_to_unsigned(parts[0], 10, 0, 29, &hour, NULL) ||
      !g_ascii_string_to_unsigned(parts[1], 10, 0, 59, &minute, NULL))
    return FALSE;
  *out = (guint)(hour * 60 + minute);
  return TRUE;
}

static gboolean
parse_colour(const char *text, guint32 *out)
{
  guint64 value;
  if (text[0] != '#' || strlen(text) != 7 || !g_ascii_string_to_unsigned(text + 1, 16, 0, 0xFFFFFF, &value, NULL))
    return FALSE;
  *out = (guint32)value;
  return TRUE;
}

/* The sine of one C library differs from another's in the last digit; vehicles are placed by these distances, and the
 * simulator promises the same bytes on both. */
static double
whole_mm(double km)
{
  return floor(km * 1e6 + 0.5) / 1e6;
}

static void
measure_track(CasaLine *line)
{
  line->track_km = g_new0(double, line->track.n);
  for (guint i = 1; i < line->track.n; i++)
    line->track_km[i] = line->track_km[i - 1] + whole_mm(casa_distance_km(line->track.points[i - 1], line->track.points[i]));
  line->length_km = line->track_km[line->track.n - 1];
}

static gboolean
read_service(const Source *source, guint i, CasaLine *line, GError **error)
{
  const CasaFeature *f = casa_features_get(source->features, i);
  line->headway_peak_min = casa_feature_number(f, "headway_peak_min", 0);
  line->headway_offpeak_min = casa_feature_number(f, "headway_offpeak_min", 0);
  line->headway_weekend_min = casa_feature_number(f, "headway_weekend_min", 0);
  line->riders_per_day = casa_feature_number(f, "riders_per_day", 0);
  double least = MIN(line->headway_peak_min, MIN(line->headway_offpeak_min, line->headway_weekend_min));
  if (!(least >= 0.5))
    return fail(source, i, error, "headway_peak_min, headway_offpeak_min and headway_weekend_min must be 0.5 or more");
  if (!(line->riders_per_day >= 0))
    return fail(source, i, error, "riders_per_day is negative");
  if (!parse_minutes(casa_feature_string(f, "first_departure", ""), &line->first_min) ||
      !parse_minutes(casa_feature_string(f, "last_departure", ""), &line->last_min) || line->first_min >= line->last_min)
    return fail(source, i, error, "first_departure and last_departure must be times as 05:30, the first before the last");
  return TRUE;
}

static gboolean
load_lines(CasaCity *self, const char *dir, GError **error)
{
  g_auto(Source) source = { 0 };
  if (!open_source(&source, dir, "lines.geojson", error))
    return FALSE;
  guint n = casa_features_count(source.features);
  self->lines = g_new0(CasaLine, n);
  for (guint i = 0; i < n; i++) {
    const CasaFeature *f = casa_features_get(source.features, i);
    CasaLine *line = &self->lines[self->n_lines++];
    if (!check_feature(&source, i, 2, error))
      return FALSE;
    line->id = dup_string(f, "id", "");
    line->name = dup_string(f, "name", line->id);
    line->terminus_a = dup_string(f, "terminus_a", "");
    line->terminus_b = dup_string(f, "terminus_b", "");
    const char *mode = casa_feature_string(f, "mode", "");
    line->busway = strcmp(mode, "busway") == 0;
    if (!line->busway && strcmp(mode, "tram") != 0)
      return fail(&source, i, error, "\"mode\" must be \"tram\" or \"busway\"");
    if (!parse_colour(casa_feature_string(f, "colour", ""), &line->rgb))
      return fail(&source, i, error, "\"colour\" must be written as \"#E8621A\"");
    line->track = copy_path(&f->paths[0]);
    measure_track(line);
    if (!read_service(&source, i, line, error))
      return FALSE;
  }
  return TRUE;
}

static CasaLine *
find_line(CasaCity *self, const CasaFeature *f)
{
  return (CasaLine *)casa_city_line(self, casa_feature_string(f, "line", ""));
}

/* Stops stand in the file in the order of their lines; @line->stops has room for all. */
static gboolean
add_stop(const CasaCity *self, const Source *source, guint i, CasaLine *line, GError **error)
{
  const CasaFeature *f = casa_features_get(source->features, i);
  CasaStop *stop = &line->stops[line->n_stops++];
  double before = line->n_stops > 1 ? stop[-1].km : -1;
  stop->id = dup_string(f, "id", "");
  stop->name_fr = dup_string(f, "name_fr", stop->id);
  stop->name_ar = dup_string(f, "name_ar", stop->name_fr);
  stop->at = position(f);
  stop->km = casa_feature_number(f, "km", -1);
  if (!(stop->km > before && stop->km <= line->length_km))
    return fail(source, i, error, "\"km\" must grow from stop to stop and end within the track's %.3f km", line->length_km);
  return read_district_id(self, source, i, &stop->district, error);
}

static gboolean
load_stops(CasaCity *self, const char *dir, GError **error)
{
  g_auto(Source) source = { 0 };
  if (!open_source(&source, dir, "stops.geojson", error))
    return FALSE;
  guint n = casa_features_count(source.features);
  for (guint i = 0; i < n; i++) {
    if (!check_feature(&source, i, 1, error))
      return FALSE;
    CasaLine *line = find_line(self, casa_features_get(source.features, i));
    if (!line)
      return fail(&source, i, error, "\"line\" is none of those in lines.geojson");
    if (!line->stops)
      line->stops = g_new0(CasaStop, n);
    if (!add_stop(self, &source, i, line, error))
      return FALSE;
  }
  for (guint i = 0; i < self->n_lines; i++)
    if (self->lines[i].n_stops < 2) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: line %s has fewer than two stops", source.path, self->lines[i].id);
      return FALSE;
    }
  return TRUE;
}

static double
path_length_km(const CasaPath *path)
{
  double km = 0;
  for (guint i = 1; i < path->n; i++)
    km += casa_distance_km(path->points[i - 1], path->points[i]);
  return km;
}

static gboolean
load_roads(CasaCity *self, const char *dir, GError **error)
{
  g_auto(Source) source = { 0 };
  if (!open_source(&source, dir, "roads.geojson", error))
    return FALSE;
  guint n = casa_features_count(source.features);
  self->roads = g_new0(CasaRoad, n);
  for (guint i = 0; i < n; i++) {
    const CasaFeature *f = casa_features_get(source.features, i);
    CasaRoad *road = &self->roads[self->n_roads++];
    if (!check_feature(&source, i, 2, error))
      return FALSE;
    road->id = dup_string(f, "id", "");
    road->name_fr = dup_string(f, "name_fr", road->id);
    road->name_ar = dup_string(f, "name_ar", road->name_fr);
    road->klass = dup_string(f, "class", "street");
    road->path = copy_path(&f->paths[0]);
    road->length_km = path_length_km(&road->path);
    if (!read_district_id(self, &source, i, &road->district, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_place(const CasaCity *self, const Source *source, guint i, CasaPlace *place, GError **error)
{
  const CasaFeature *f = casa_features_get(source->features, i);
  const char *kind = casa_feature_string(f, "kind", "");
  place->kind = strcmp(kind, "station") == 0 ? CASA_PLACE_STATION : CASA_PLACE_LANDMARK;
  place->id = dup_string(f, "id", "");
  place->name_fr = dup_string(f, "name_fr", place->id);
  place->name_ar = dup_string(f, "name_ar", place->name_fr);
  place->category = dup_string(f, "category", "");
  place->at = position(f);
  place->accuracy_m = casa_feature_number(f, "accuracy_m", 0);
  /* A station that exists, at a place we guessed, is as little a published fact on the map as an assumed one. */
  place->assumed =
    json_is_true(json_object_get(f->properties, "assumed")) || strcmp(casa_feature_string(f, "position", ""), "guessed") == 0;
  double rank = casa_feature_number(f, "rank", 0);
  place->rank = (guint)CLAMP(rank, 0, 9);
  if (place->kind == CASA_PLACE_LANDMARK && strcmp(kind, "landmark") != 0)
    return fail(source, i, error, "\"kind\" must be \"landmark\" or \"station\"");
  return read_district_id(self, source, i, &place->district, error);
}

static gboolean
load_places(CasaCity *self, const char *dir, GError **error)
{
  g_auto(Source) source = { 0 };
  if (!open_source(&source, dir, "places.geojson", error))
    return FALSE;
  guint n = casa_features_count(source.features);
  self->places = g_new0(CasaPlace, n);
  for (guint i = 0; i < n; i++)
    if (!check_feature(&source, i, 1, error) || !read_place(self, &source, i, &self->places[self->n_places++], error))
      return FALSE;
  return TRUE;
}

static gboolean
load_coast(CasaCity *self, const char *dir, GError **error)
{
  g_auto(Source) source = { 0 };
  if (!open_source(&source, dir, "coast.geojson", error))
    return FALSE;
  g_autoptr(GArray) land = g_array_new(FALSE, FALSE, sizeof(CasaPath));
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < casa_features_count(source.features); i++) {
    const CasaFeature *f = casa_features_get(source.features, i);
    ok = check_feature(&source, i, 4, error);
    for (guint p = 0; ok && p < f->n_paths; p++) {
      CasaPath path = copy_path(&f->paths[p]);
      g_array_append_val(land, path);
    }
  }
  self->n_land = land->len;
  self->land = (CasaPath *)g_array_free(g_steal_pointer(&land), FALSE);
  return ok;
}

CasaCity *
casa_city_load(const char *dir, GError **error)
{
  g_autoptr(CasaCity) self = g_new0(CasaCity, 1);
  /* Stops need their lines. */
  if (!load_districts(self, dir, error) || !load_lines(self, dir, error) || !load_stops(self, dir, error) ||
      !load_roads(self, dir, error) || !load_places(self, dir, error) || !load_coast(self, dir, error))
    return NULL;
  /* A mistake there costs no city: what was built in is drawn, and the mistake is told. */
  for (guint i = 0; i < CASA_N_CITY_FILES; i++)
    if (!casa_city_read_again(self, dir, i))
      g_printerr("%s\n", self->faults[i]->message);
  return g_steal_pointer(&self);
}
