/* SPDX-License-Identifier: Apache-2.0 */
#include "city/map-sources.h"
#include "base/keyfile.h"
#include "city/city-resources.h"
#include "city/indicators-private.h"
#include <math.h>

#define SHIPPED "/casa-pulse/map.conf"

struct _CasaMapSources {
  CasaMapSource sources[CASA_N_MAP_SOURCES];
};

static const char *const GROUPS[CASA_N_MAP_SOURCES] = {
  [CASA_MAP_OF_DISTRICTS] = "districts", [CASA_MAP_OF_LAMPS] = "lamps", [CASA_MAP_OF_ROADS] = "roads",
  [CASA_MAP_OF_BOARDINGS] = "boardings", [CASA_MAP_OF_WIND] = "wind",   [CASA_MAP_OF_FIELD] = "field",
  [CASA_MAP_OF_RAIN] = "rain",
};

static const char *const KEYS[] = { "kind",          "metric",        "from_metric", "per_km2", "title_fr",
                                    "title_en",      "title_ar",      "unit_fr",     "unit_en", "unit_ar",
                                    "limit_name_fr", "limit_name_en", "min",         "max",     "limit",
                                    "isoline",       "limit_name_ar", "least",       "free",    "free_fast",
                                    "fast",          "event",         NULL };

static gboolean
read_numbers(const CasaKeyfile *file, const char *group, CasaMapSource *out, GError **error)
{
  out->max = out->free_kmh = out->free_fast_kmh = 1;
  out->limit = NAN;
  if (!casa_keyfile_get_double(file, group, "min", -1e9, 1e9, &out->min, error) ||
      !casa_keyfile_get_double(file, group, "max", -1e9, 1e9, &out->max, error) ||
      !casa_keyfile_get_double(file, group, "limit", -1e9, 1e9, &out->limit, error) ||
      !casa_keyfile_get_double(file, group, "isoline", 0, 1e9, &out->isoline, error) ||
      !casa_keyfile_get_double(file, group, "least", -1e9, 1e9, &out->least, error) ||
      !casa_keyfile_get_double(file, group, "free", 1, 300, &out->free_kmh, error))
    return FALSE;
  out->free_fast_kmh = out->free_kmh;
  if (!casa_keyfile_get_double(file, group, "free_fast", 1, 300, &out->free_fast_kmh, error) ||
      !casa_keyfile_get_bool(file, group, "per_km2", &out->per_km2, error))
    return FALSE;
  if (out->max <= out->min)
    return casa_keyfile_fail(file, group, "max", error, "must be above min");
  return TRUE;
}

static gboolean
read_source(const CasaKeyfile *file, const char *group, CasaMapLayerId id, CasaMapSource *out, GError **error)
{
  const CasaText nothing = { (char *)"", (char *)"", (char *)"" };

  if (!casa_keyfile_check_keys(file, group, KEYS, error) || !read_numbers(file, group, out, error))
    return FALSE;
  out->kind = g_strdup(casa_keyfile_get(file, group, "kind"));
  out->metric = g_strdup(casa_keyfile_get(file, group, "metric"));
  out->from_metric = g_strdup(casa_keyfile_get(file, group, "from_metric"));
  out->fast = casa_keyfile_get_list(file, group, "fast");
  casa_text_read(file, group, "title", &nothing, &out->title);
  casa_text_read(file, group, "unit", &nothing, &out->unit);
  casa_text_read(file, group, "limit_name", &nothing, &out->limit_name);
  out->event = g_strdup(casa_keyfile_get(file, group, "event"));
  if (id == CASA_MAP_OF_RAIN)
    return out->event != NULL || casa_keyfile_fail(file, group, "event", error, "is missing");
  if (out->kind == NULL || out->metric == NULL)
    return casa_keyfile_fail(file, group, out->kind == NULL ? "kind" : "metric", error, "is missing");
  return TRUE;
}

static gboolean
read_all(CasaMapSources *self, const CasaKeyfile *file, GError **error)
{
  const char *const *groups = casa_keyfile_groups(file);

  for (guint i = 0; groups[i] != NULL; i++) {
    guint id = 0;

    while (id < CASA_N_MAP_SOURCES && !g_str_equal(groups[i], GROUPS[id]))
      id++;
    if (id == CASA_N_MAP_SOURCES)
      return casa_keyfile_fail(file, groups[i], NULL, error, "is no layer of the map");
    if (!read_source(file, groups[i], id, &self->sources[id], error))
      return FALSE;
  }
  return TRUE;
}

/* NULL and @error where @file is NULL or wrong. */
static CasaMapSources *
read_file(CasaKeyfile *file, GError **error)
{
  g_autoptr(CasaMapSources) self = g_new0(CasaMapSources, 1);
  g_autoptr(CasaKeyfile) owned = file;

  if (owned == NULL || !read_all(self, owned, error))
    return NULL;
  return g_steal_pointer(&self);
}

static CasaMapSources *
shipped(void)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data(casa_city_get_resource(), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize len = 0;
  const char *text = bytes != NULL ? g_bytes_get_data(bytes, &len) : "";
  CasaMapSources *self = read_file(casa_keyfile_parse(text, len, "map.conf", NULL), NULL);

  return self != NULL ? self : g_new0(CasaMapSources, 1);
}

CasaMapSources *
casa_map_sources_load(const char *dir, GError **out_fault)
{
  g_autofree char *path = g_build_filename(dir, "map.conf", NULL);
  CasaMapSources *self;
  GError *error = NULL;

  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return shipped();
  self = read_file(casa_keyfile_load(path, &error), &error);
  if (self != NULL)
    return self;
  g_propagate_error(out_fault, error);
  return shipped();
}

void
casa_map_sources_free(CasaMapSources *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < CASA_N_MAP_SOURCES; i++) {
    CasaMapSource *source = &self->sources[i];

    g_free(source->kind);
    g_free(source->metric);
    g_free(source->from_metric);
    g_free(source->event);
    g_strfreev(source->fast);
    casa_text_clear(&source->title);
    casa_text_clear(&source->unit);
    casa_text_clear(&source->limit_name);
  }
  g_free(self);
}

const CasaMapSource *
casa_map_sources_get(const CasaMapSources *self, CasaMapLayerId id)
{
  return &self->sources[id];
}
