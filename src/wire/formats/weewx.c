/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* weewx's MQTT extension: weather/loop, members with their units at the end (outTemp_C) or, without them, in the system that
 * usUnits names (1 US, 16 metric, 17 metric with m/s); or a value a message. https://github.com/matthewwall/weewx-mqtt */

typedef struct {
  const char *theirs, *ours;
  const char *us, *metric, *metric_wx; /* units of the three systems */
} Name;

static const Name names[] = {
  { "barometer", "barometer_mbar", "inHg", "mbar", "mbar" },
  { "outTemp", "temp_c", "°F", "°C", "°C" },
  { "outHumidity", "rh_pct", "%", "%", "%" },
  { "pressure", "pressure_hpa", "inHg", "mbar", "mbar" },
  { "windSpeed", "wind_ms", "mph", "km/h", "m/s" },
  { "windDir", "wind_dir", "°", "°", "°" },
  { "co2", "co2_ppm", "ppm", "ppm", "ppm" },
  { "pm2_5", "pm2_5", NULL, NULL, NULL },
  { "pm10_0", "pm10", NULL, NULL, NULL },
};

static const char *const marks[] = { "usUnits", "outTemp_C", "outTemp_F", NULL };

static gboolean is_one(const CasaPayload *payload);

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return json_object_get(root, "usUnits") || is_one(payload) ||
         (json_object_get(root, "dateTime") &&
          (json_object_get(root, "outTemp_C") || json_object_get(root, "outTemp_F") || json_object_get(root, "outHumidity")));
}

static const struct {
  const char *suffix, *unit;
} suffixes[] = {
  { "_C", "°C" },     { "_F", "°F" },    { "_mbar", "mbar" }, { "_hPa", "hPa" }, { "_inHg", "inHg" },
  { "_kph", "km/h" }, { "_mps", "m/s" }, { "_mph", "mph" },   { "_knot", "kn" }, { "_kt", "kn" },
};

/* The unit at a name's end, and the length of the name without it. */
static const char *
strip_unit(const char *name, gsize *len)
{
  *len = strlen(name);
  for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++)
    if (g_str_has_suffix(name, suffixes[i].suffix)) {
      *len -= strlen(suffixes[i].suffix);
      return suffixes[i].unit;
    }
  return NULL;
}

static const Name *
find(const char *name, gsize len)
{
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (strlen(names[i].theirs) == len && memcmp(names[i].theirs, name, len) == 0)
      return &names[i];
  return NULL;
}

/* A value a message: weather/outTemp_C. */
static gboolean
is_one(const CasaPayload *payload)
{
  gsize len;
  g_autofree char *last = casa_kit_level(payload, -1);
  if (!last || !casa_kit_level_is(payload, 1, last) || !casa_kit_is_plain(payload))
    return FALSE;
  return strip_unit(last, &len) ? find(last, len) != NULL : g_str_has_prefix(last, "out") && find(last, strlen(last));
}

static void
take_member(CasaEmit *emit, const char *key, json_t *value, double system)
{
  gsize len;
  const char *unit = strip_unit(key, &len);
  const Name *name = find(key, len);
  CasaMember member = casa_member_of_json(key, strlen(key), value);
  if (strcmp(key, "dateTime") == 0 || strcmp(key, "usUnits") == 0 || g_str_has_prefix(key, "interval"))
    return;
  if (name && unit && strcmp(name->theirs, "barometer") == 0) /* no metric of ours: it has its unit in its name */
    name = NULL;
  if (name && !unit)
    unit = system == 1 ? name->us : system == 17 ? name->metric_wx : name->metric;
  if (name)
    casa_kit_take_as(emit, &member, name->ours, unit);
  else if (casa_emit_find_metric(emit, key, strlen(key)) == NULL)
    casa_kit_take(emit, &member, NULL);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *value;
  const char *key;
  if (!root) {
    g_autofree char *last = casa_kit_level(payload, -1);
    CasaMember plain = casa_kit_plain(payload, last);
    json_auto_t *text = json_stringn(plain.text, plain.text_len);
    casa_format_station_of_topic(payload, emit, 1);
    casa_emit_begin(emit);
    take_member(emit, last, text, NAN);
    casa_emit_end(emit);
    return;
  }
  double system = casa_kit_number(json_object_get(root, "usUnits"));
  casa_format_station_of_topic(payload, emit,
                               casa_kit_level_is(payload, -1, "loop") || casa_kit_level_is(payload, -1, "archive") ? 1 : 0);
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(root, "dateTime"));
  json_object_foreach (root, key, value)
    take_member(emit, key, value, system);
  casa_emit_end(emit);
}

const CasaFormat casa_format_weewx = { .id = "weewx", .name = "weewx", .marks = marks, .claims = claims, .decode = decode };
