/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-map-json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/keyfile.h"

#define VALUE_GROUP "value "
#define QUESTION "# QUESTION: "

/* Lists as arrays, true and false as such, everything else as it is written. */
static json_t *
value_of(const CasaKeyfile *file, const char *group, const char *key)
{
  const char *value = casa_keyfile_get(file, group, key);
  if (!value)
    return json_null();
  if (strcmp(key, "missing") != 0 && strcmp(key, "columns") != 0)
    return strcmp(value, "true") == 0 ? json_true() : strcmp(value, "false") == 0 ? json_false() : json_string(value);
  json_t *array = json_array();
  g_auto(GStrv) parts = casa_keyfile_get_list(file, group, key);
  for (char **p = parts; p && *p; p++)
    json_array_append_new(array, json_string(*p));
  return array;
}

static json_t *
group_object(const CasaKeyfile *file, const char *group)
{
  json_t *object = json_object();
  g_auto(GStrv) keys = casa_keyfile_keys(file, group);
  for (char **k = keys; *k; k++)
    json_object_set_new(object, *k, value_of(file, group, *k));
  return object;
}

static json_t *
text_or_null(const char *text)
{
  return text && *text ? json_string(text) : json_null();
}

/* One column with its metric; the unit is the one in which the numbers are, also where it is the canonical one. */
static json_t *
column_object(const CasaKeyfile *file, const char *group, const CasaMetrics *metrics)
{
  const char *key = casa_keyfile_get(file, group, "metric"), *name = key ? key : group + strlen(VALUE_GROUP);
  const char *unit = casa_keyfile_get(file, group, "unit"), *station = casa_keyfile_get(file, group, "station");
  const CasaMetric *known = casa_metrics_find(metrics, name, strlen(name));
  json_t *object = json_object();
  json_object_set_new(object, "column", text_or_null(casa_keyfile_get(file, group, "column")));
  json_object_set_new(object, "metric", strcmp(name, "?") == 0 ? json_null() : json_string(known ? known->id : name));
  json_object_set_new(object, "unit", text_or_null(unit ? unit : known ? known->unit : NULL));
  json_object_set_new(object, "station", text_or_null(station));
  return object;
}

/* Lines that ask, and where in the mapping they stand. */
static json_t *
questions(const char *text)
{
  json_t *array = json_array();
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (g_str_has_prefix(lines[i], QUESTION))
      json_array_append_new(array, json_pack("{s:i,s:s}", "line", (int)i + 1, "question", lines[i] + strlen(QUESTION)));
  }
  return array;
}

char *
casa_sim_map_json(const char *text, const char *file_name, const CasaMetrics *metrics)
{
  g_autoptr(CasaKeyfile) file = casa_keyfile_parse(text, strlen(text), "mapping", NULL);
  json_t *root = json_object(), *columns = json_array();
  g_autofree char *shown = g_utf8_make_valid(file_name, -1);
  json_object_set_new(root, "file", json_string(shown));
  for (const char *const *g = file ? casa_keyfile_groups(file) : NULL; g && *g; g++) {
    if (g_str_has_prefix(*g, VALUE_GROUP))
      json_array_append_new(columns, column_object(file, *g, metrics));
    else
      json_object_set_new(root, *g, group_object(file, *g));
  }
  json_object_set_new(root, "columns", columns);
  json_object_set_new(root, "questions", questions(text));
  char *dumped = json_dumps(root, JSON_COMPACT), *out = g_strdup(dumped);
  free(dumped);
  json_decref(root);
  return out;
}
