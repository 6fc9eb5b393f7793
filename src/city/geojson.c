/* SPDX-License-Identifier: Apache-2.0 */
#include "city/geojson.h"
#include "base/error.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define MAX_BYTES (32u << 20)
#define MAX_DEPTH 32

struct _CasaFeatures {
  json_t *root;
  GArray *features; /* CasaFeature */
};

/* jansson recurses per level: a depth bomb is refused before it gets there. */
static gboolean depth_ok(const char *text, gsize len)
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
    } else if (c == '{' || c == '[') {
      if (++depth > MAX_DEPTH)
        return FALSE;
    } else if ((c == '}' || c == ']') && depth > 0) {
      depth--;
    }
  }
  return TRUE;
}

static gboolean read_point(const json_t *json, CasaLonLat *out)
{
  if (!json_is_array(json) || json_array_size(json) < 2)
    return FALSE;
  const json_t *lon = json_array_get(json, 0), *lat = json_array_get(json, 1);
  if (!json_is_number(lon) || !json_is_number(lat))
    return FALSE;
  out->lon = json_number_value(lon);
  out->lat = json_number_value(lat);
  return isfinite(out->lon) && isfinite(out->lat) && fabs(out->lon) <= 180 && fabs(out->lat) <= 90;
}

static gboolean read_path(const json_t *json, guint least, GArray *paths)
{
  gsize n = json_array_size(json);
  if (!json_is_array(json) || n < least)
    return FALSE;
  CasaPath path = {g_new(CasaLonLat, n), (guint)n};
  for (gsize i = 0; i < n; i++) {
    if (!read_point(json_array_get(json, i), &path.points[i])) {
      g_free(path.points);
      return FALSE;
    }
  }
  g_array_append_val(paths, path);
  return TRUE;
}

static gboolean read_paths(const json_t *json, guint least, GArray *paths)
{
  gsize i;
  json_t *item;
  if (!json_is_array(json) || json_array_size(json) == 0)
    return FALSE;
  json_array_foreach(json, i, item) {
    if (!read_path(item, least, paths))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_multipolygon(const json_t *json, GArray *paths)
{
  gsize i;
  json_t *item;
  if (!json_is_array(json) || json_array_size(json) == 0)
    return FALSE;
  json_array_foreach(json, i, item) {
    if (!read_paths(item, 4, paths))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_geometry(const json_t *geometry, GArray *paths)
{
  const char *type = json_string_value(json_object_get(geometry, "type"));
  const json_t *c = json_object_get(geometry, "coordinates");
  if (!type || !c)
    return FALSE;
  if (!strcmp(type, "Point")) {
    CasaPath path = {g_new(CasaLonLat, 1), 1};
    if (!read_point(c, path.points)) {
      g_free(path.points);
      return FALSE;
    }
    g_array_append_val(paths, path);
    return TRUE;
  }
  if (!strcmp(type, "LineString"))
    return read_path(c, 2, paths);
  if (!strcmp(type, "MultiLineString"))
    return read_paths(c, 2, paths);
  if (!strcmp(type, "Polygon"))
    return read_paths(c, 4, paths);
  if (!strcmp(type, "MultiPolygon"))
    return read_multipolygon(c, paths);
  return FALSE;
}

static void free_paths(GArray *paths)
{
  for (guint i = 0; i < paths->len; i++)
    g_free(g_array_index(paths, CasaPath, i).points);
  g_array_free(paths, TRUE);
}

static gboolean read_feature(CasaFeatures *self, const json_t *json, guint number, const char *name, GError **error)
{
  GArray *paths = g_array_new(FALSE, FALSE, sizeof(CasaPath));
  const json_t *properties = json_object_get(json, "properties");
  if (!json_is_object(properties) || !read_geometry(json_object_get(json, "geometry"), paths)) {
    free_paths(paths);
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA,
                "%s: feature %u has no usable %s (wanted: properties, and a geometry of finite WGS84 [lon, lat])", name,
                number, json_is_object(properties) ? "geometry" : "properties");
    return FALSE;
  }
  CasaFeature feature = {NULL, paths->len, properties};
  feature.paths = (CasaPath *)(void *)g_array_free(paths, FALSE);
  g_array_append_val(self->features, feature);
  return TRUE;
}

CasaFeatures *casa_features_parse(const char *text, gsize len, const char *name, GError **error)
{
  if (len > MAX_BYTES || !depth_ok(text, len)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: %s", name,
                len > MAX_BYTES ? "larger than 32 MiB; simplify the geometry" : "nested deeper than 32 levels");
    return NULL;
  }
  json_error_t json_error;
  g_autoptr(CasaFeatures) self = g_new0(CasaFeatures, 1);
  self->features = g_array_new(FALSE, FALSE, sizeof(CasaFeature));
  self->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &json_error);
  if (!self->root) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s:%d: not JSON: %s", name, json_error.line, json_error.text);
    return NULL;
  }
  const json_t *features = json_object_get(self->root, "features");
  if (!json_is_array(features)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s: no \"features\": wanted a GeoJSON FeatureCollection", name);
    return NULL;
  }
  gsize i;
  json_t *item;
  json_array_foreach(features, i, item) {
    if (!read_feature(self, item, (guint)i + 1, name, error))
      return NULL;
  }
  return g_steal_pointer(&self);
}

CasaFeatures *casa_features_load(const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize len;
  g_autoptr(GError) local = NULL;
  if (!g_file_get_contents(path, &text, &len, &local)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "%s", local->message);
    return NULL;
  }
  return casa_features_parse(text, len, path, error);
}

void casa_features_free(CasaFeatures *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->features->len; i++) {
    CasaFeature *feature = &g_array_index(self->features, CasaFeature, i);
    for (guint p = 0; p < feature->n_paths; p++)
      g_free(feature->paths[p].points);
    g_free(feature->paths);
  }
  g_array_free(self->features, TRUE);
  json_decref(self->root);
  g_free(self);
}

const CasaFeature *casa_features_get(const CasaFeatures *self, guint i)
{
  return i < self->features->len ? &g_array_index(self->features, CasaFeature, i) : NULL;
}

guint casa_features_count(const CasaFeatures *self)
{
  return self->features->len;
}

const char *casa_feature_string(const CasaFeature *f, const char *key, const char *def)
{
  const char *value = json_string_value(json_object_get(f->properties, key));
  return value ? value : def;
}

double casa_feature_number(const CasaFeature *f, const char *key, double def)
{
  const json_t *value = json_object_get(f->properties, key);
  if (json_is_boolean(value))
    return json_is_true(value);
  return json_is_number(value) ? json_number_value(value) : def;
}
