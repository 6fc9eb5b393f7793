/* SPDX-License-Identifier: Apache-2.0 */
#include "city/geojson.h"
#include "base/error.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#define FILE_MAX (32 * 1024 * 1024)
#define DEPTH_MAX 32

struct _CasaFeatures {
  json_t *root;
  GArray *features; /* of CasaFeature */
};

static void
clear_feature(gpointer data)
{
  CasaFeature *f = data;
  for (guint i = 0; i < f->n_paths; i++)
    g_free(f->paths[i].points);
  g_free(f->paths);
}

void
casa_features_free(CasaFeatures *self)
{
  if (!self)
    return;
  g_array_unref(self->features);
  if (self->root)
    json_decref(self->root);
  g_free(self);
}

const CasaFeature *
casa_features_get(const CasaFeatures *self, guint i)
{
  return &g_array_index(self->features, CasaFeature, i);
}

guint
casa_features_count(const CasaFeatures *self)
{
  return self->features->len;
}

const char *
casa_feature_string(const CasaFeature *f, const char *key, const char *def)
{
  const char *value = json_string_value(json_object_get(f->properties, key));
  return value ? value : def;
}

double
casa_feature_number(const CasaFeature *f, const char *key, double def)
{
  const json_t *value = json_object_get(f->properties, key);
  return json_is_number(value) ? json_number_value(value) : def;
}

/* jansson would descend 2048 levels on the stack; nothing in GeoJSON needs more than a few. */
static gboolean
too_deep(const char *text, gsize len)
{
  guint depth = 0;
  gboolean in_string = FALSE;
  for (gsize i = 0; i < len; i++) {
    char c = text[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '[' || c == '{') {
      if (++depth > DEPTH_MAX)
        return TRUE;
    } else if ((c == ']' || c == '}') && depth > 0) {
      depth--;
    }
  }
  return FALSE;
}

static gboolean
read_position(const json_t *json, CasaLonLat *out, const char **why)
{
  const json_t *lon = json_array_get(json, 0), *lat = json_array_get(json, 1);
  if (!json_is_number(lon) || !json_is_number(lat)) {
    *why = "a position is not [longitude, latitude]";
    return FALSE;
  }
  out->lon = json_number_value(lon);
  out->lat = json_number_value(lat);
  if (!(fabs(out->lon) <= 180 && fabs(out->lat) <= 90)) {
    *why = "a position lies outside ±180, ±90 (GeoJSON puts the longitude first)";
    return FALSE;
  }
  return TRUE;
}

/* Appends a path of at least @least positions to @paths. */
static gboolean
add_path(const json_t *json, gsize least, GArray *paths, const char **why)
{
  gsize n = json_array_size(json);
  if (!json_is_array(json) || n < least) {
    *why = least == 4 ? "a ring has fewer than 4 positions" : "a line has fewer than 2 positions";
    return FALSE;
  }
  CasaPath path = { g_new(CasaLonLat, n), (guint)n };
  g_array_append_val(paths, path); /* owned from here on, also when a position is wrong */
  for (gsize i = 0; i < n; i++)
    if (!read_position(json_array_get(json, i), &path.points[i], why))
      return FALSE;
  return TRUE;
}

static gboolean
add_ring(const json_t *json, GArray *paths, const char **why)
{
  if (!add_path(json, 4, paths, why))
    return FALSE;
  const CasaPath *ring = &g_array_index(paths, CasaPath, paths->len - 1);
  const CasaLonLat *first = &ring->points[0], *last = &ring->points[ring->n - 1];
  if (first->lon != last->lon || first->lat != last->lat) {
    *why = "a ring does not end where it begins";
    return FALSE;
  }
  return TRUE;
}

/* Rings @from..@to (exclusive) of one polygon: 0..1 is its outer ring, the others are holes. */
static gboolean
add_rings(const json_t *polygon, gsize from, gsize to, GArray *paths, const char **why)
{
  gsize n = json_array_size(polygon);
  if (n == 0) {
    *why = "a polygon has no ring";
    return FALSE;
  }
  for (gsize i = from; i < MIN(n, to); i++)
    if (!add_ring(json_array_get(polygon, i), paths, why))
      return FALSE;
  return TRUE;
}

static gboolean
read_multi_polygon(const json_t *coordinates, GArray *paths, const char **why)
{
  gsize n = json_array_size(coordinates);
  if (n == 0) {
    *why = "a MultiPolygon without polygons";
    return FALSE;
  }
  for (int holes = 0; holes < 2; holes++)
    for (gsize i = 0; i < n; i++)
      if (!add_rings(json_array_get(coordinates, i), holes ? 1 : 0, holes ? G_MAXSIZE : 1, paths, why))
        return FALSE;
  return TRUE;
}

static gboolean
read_point(const json_t *coordinates, GArray *paths, const char **why)
{
  CasaLonLat at;
  if (!read_position(coordinates, &at, why))
    return FALSE;
  CasaPath path = { g_new(CasaLonLat, 1), 1 };
  path.points[0] = at;
  g_array_append_val(paths, path);
  return TRUE;
}

static gboolean
read_geometry(const json_t *geometry, GArray *paths, const char **why)
{
  const char *type = json_string_value(json_object_get(geometry, "type"));
  const json_t *coordinates = json_object_get(geometry, "coordinates");
  if (json_is_null(geometry))
    return TRUE; /* RFC 7946: a feature without a place */
  if (!type || !json_is_array(coordinates)) {
    *why = "no geometry with a type and coordinates";
    return FALSE;
  }
  if (strcmp(type, "Point") == 0)
    return read_point(coordinates, paths, why);
  if (strcmp(type, "LineString") == 0)
    return add_path(coordinates, 2, paths, why);
  if (strcmp(type, "Polygon") == 0)
    return add_rings(coordinates, 0, G_MAXSIZE, paths, why);
  if (strcmp(type, "MultiPolygon") == 0)
    return read_multi_polygon(coordinates, paths, why);
  *why = "the geometry is none of Point, LineString, Polygon, MultiPolygon";
  return FALSE;
}

static void
clear_path(gpointer data)
{
  g_free(((CasaPath *)data)->points);
}

static gboolean
read_feature(const json_t *json, CasaFeature *out, const char **why)
{
  g_autoptr(GArray) paths = g_array_new(FALSE, FALSE, sizeof(CasaPath));
  const char *type = json_string_value(json_object_get(json, "type"));
  const json_t *properties = json_object_get(json, "properties");
  g_array_set_clear_func(paths, clear_path);
  if (g_strcmp0(type, "Feature") != 0) {
    *why = "its type is not \"Feature\"";
    return FALSE;
  }
  if (!read_geometry(json_object_get(json, "geometry"), paths, why))
    return FALSE;
  g_array_set_clear_func(paths, NULL);
  out->n_paths = paths->len;
  out->paths = (CasaPath *)g_array_free(g_steal_pointer(&paths), FALSE);
  out->properties = json_is_object(properties) ? properties : NULL;
  return TRUE;
}

static gboolean
read_features(CasaFeatures *self, const char *name, GError **error)
{
  const json_t *list = json_object_get(self->root, "features");
  const char *type = json_string_value(json_object_get(self->root, "type"));
  if (g_strcmp0(type, "FeatureCollection") != 0 || !json_is_array(list)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: not a GeoJSON FeatureCollection with a list of features", name);
    return FALSE;
  }
  for (gsize i = 0; i < json_array_size(list); i++) {
    CasaFeature feature = { 0 };
    const char *why = NULL;
    if (!read_feature(json_array_get(list, i), &feature, &why)) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: feature %u: %s", name, (guint)i + 1, why);
      return FALSE;
    }
    g_array_append_val(self->features, feature);
  }
  return TRUE;
}

CasaFeatures *
casa_features_parse(const char *text, gsize len, const char *name, GError **error)
{
  if (len > FILE_MAX) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: larger than 32 MiB; simplify the geometry", name);
    return NULL;
  }
  if (too_deep(text, len)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: nested deeper than %d levels; this is not GeoJSON", name, DEPTH_MAX);
    return NULL;
  }
  json_error_t json_error;
  g_autoptr(CasaFeatures) self = g_new0(CasaFeatures, 1);
  self->features = g_array_new(FALSE, TRUE, sizeof(CasaFeature));
  g_array_set_clear_func(self->features, clear_feature);
  self->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &json_error);
  if (!self->root) {
    g_autofree char *explained = g_utf8_make_valid(json_error.text, -1); /* jansson may cut what it quotes */
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s:%d: not valid JSON: %s", name, json_error.line, explained);
    return NULL;
  }
  return read_features(self, name, error) ? g_steal_pointer(&self) : NULL;
}

CasaFeatures *
casa_features_load(const char *path, GError **error)
{
  GStatBuf st;
  g_autofree char *text = NULL;
  g_autoptr(GError) local = NULL;
  gsize len = 0;
  /* Told before it is read into memory. */
  if (g_stat(path, &st) == 0 && st.st_size > FILE_MAX) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: larger than 32 MiB; simplify the geometry", path);
    return NULL;
  }
  if (!g_file_get_contents(path, &text, &len, &local)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: cannot be read: %s", path, local->message);
    return NULL;
  }
  return casa_features_parse(text, len, path, error);
}
