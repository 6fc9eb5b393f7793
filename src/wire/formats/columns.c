/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* Tables by column: {"columns":["time","temp"],"values":[[…],[…]]}, also InfluxDB's {"results":[{"series":[…]}]}; arrays side
 * by side, {"time":[…],"temp":[…]}; and Open-Meteo's {"hourly_units":{…},"hourly":{"time":[…],…}}. Each row is a reading. */

#define SUFFIX "_units"

static json_t *
rows_of(json_t *table)
{
  static const char *const names[] = { "values", "data", "points", "rows" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (json_is_array(json_array_get(json_object_get(table, names[i]), 0)))
      return json_object_get(table, names[i]);
  return NULL;
}

static json_t *
table_of(json_t *root)
{
  json_t *series = json_object_get(json_array_get(json_object_get(root, "results"), 0), "series");
  json_t *table = series ? json_array_get(series, 0) : root;
  return json_is_string(json_array_get(json_object_get(table, "columns"), 0)) && rows_of(table) ? table : NULL;
}

static gboolean
is_time(const char *name)
{
  CasaMember member = casa_member_of_text(name, "", 0);
  return casa_emit_is_reserved_member(&member) && g_ascii_tolower(name[0]) == 't';
}

/* How many rows arrays side by side have, one of which is of times; 0: they are none. */
static gsize
depth_of(json_t *object)
{
  const char *key;
  json_t *value;
  gsize depth = 0, n = 0;
  gboolean times = FALSE;
  json_object_foreach (object, key, value) {
    if (!json_is_array(value) || json_is_object(json_array_get(value, 0)) || json_is_array(json_array_get(value, 0)))
      continue;
    if (n++ > 0 && json_array_size(value) != depth)
      return 0;
    depth = json_array_size(value);
    times |= is_time(key);
  }
  return times && n > 1 ? depth : 0;
}

/* The member that @object tells units for, as "hourly_units" does for "hourly". */
static const char *
find_block(json_t *object)
{
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value) {
    g_autofree char *name = g_str_has_suffix(key, SUFFIX) ? g_strndup(key, strlen(key) - strlen(SUFFIX)) : NULL;
    if (name && json_is_object(value) && json_is_object(json_object_get(object, name)))
      return key;
  }
  return NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  json_t *root =
    casa_payload_members(payload, &n) || payload->topic->kind == CASA_TOPIC_METRIC_READING ? NULL : casa_kit_root(payload);
  return table_of(root) || depth_of(root) > 0 || find_block(root);
}

static json_t *
rows_of_table(json_t *table)
{
  json_t *list = json_array(), *columns = json_object_get(table, "columns"), *row, *name;
  size_t i, k;
  json_array_foreach (rows_of(table), i, row) {
    json_t *one = json_object();
    json_array_foreach (columns, k, name)
      if (json_is_string(name) && json_array_get(row, k))
        json_object_set(one, json_string_value(name), json_array_get(row, k));
    json_array_append_new(list, one);
  }
  return list;
}

static json_t *
rows_of_arrays(json_t *object, gsize depth)
{
  json_t *list = json_array(), *value;
  const char *key;
  for (gsize i = 0; i < depth; i++) {
    json_t *one = json_object();
    json_object_foreach (object, key, value)
      if (json_is_array(value) && json_array_get(value, i))
        json_object_set(one, key, json_array_get(value, i));
    json_array_append_new(list, one);
  }
  return list;
}

/* "2026-05-21T17:30", whose zone stands beside it. */
static void
say_zone(json_t *row, json_t *offset)
{
  const char *text = casa_kit_text(row, "time");
  double seconds = casa_kit_number(offset);
  if (!text || strlen(text) != 16 || isnan(seconds) || fabs(seconds) > 86400)
    return;
  int minutes = (int)(fabs(seconds) / 60);
  g_autofree char *whole = g_strdup_printf("%s:00%c%02d:%02d", text, seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
  json_object_set_new(row, "time", json_string(whole));
}

static void
take_rows(CasaPayload *payload, CasaEmit *emit, json_t *list, json_t *units, json_t *root)
{
  json_t *row;
  size_t i;
  json_array_foreach (list, i, row) {
    say_zone(row, json_object_get(root, "utc_offset_seconds"));
    if (json_is_object(units))
      json_object_set(row, "units", units);
  }
  casa_format_take_list(payload, emit, list, root);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *table = table_of(root);
  const char *key = table || depth_of(root) > 0 ? NULL : find_block(root);
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, 0);
  if (key) {
    g_autofree char *name = g_strndup(key, strlen(key) - strlen(SUFFIX));
    json_t *block = json_object_get(root, name);
    json_object_del(block, "interval");
    json_auto_t *list = depth_of(block) > 0 ? rows_of_arrays(block, depth_of(block)) : json_pack("[O]", block);
    casa_kit_place(emit, json_object_get(root, "latitude"), json_object_get(root, "longitude"), NULL, NULL, FALSE);
    take_rows(payload, emit, list, json_object_get(root, key), root);
    return;
  }
  json_auto_t *list = table ? rows_of_table(table) : rows_of_arrays(root, depth_of(root));
  take_rows(payload, emit, list, json_object_get(root, "units"), root);
}

const CasaFormat casa_format_columns = { .id = "columns", .name = "table by column", .claims = claims, .decode = decode };
