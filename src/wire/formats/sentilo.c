/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include "base/clock.h"

#include <string.h>

/* Sentilo: {"observations":[{"value":"22.4","timestamp":"21/05/2026T17:42:00","location":"33.57 -7.59"}]} of the sensor that
 * the topic names, or {"sensors":[{"sensor":…,"observations":…}]}. Its times are UTC. https://sentilo.readthedocs.io/ */

static gboolean
is_list(json_t *value)
{
  json_t *first = json_array_get(value, 0);
  return json_object_get(first, "value") != NULL;
}

/* What the platform sends to those who subscribed: {"message":"53.2","timestamp":…,"sensor":…,"provider":…,"type":"DATA"}. */
static gboolean
is_push(json_t *root)
{
  return casa_kit_text(root, "message") && casa_kit_text(root, "sensor") && casa_kit_text(root, "provider");
}

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload), *sensors = json_object_get(root, "sensors");
  return is_push(root) || is_list(json_object_get(root, "observations")) ||
         is_list(json_object_get(json_array_get(sensors, 0), "observations"));
}

/* "21/05/2026T17:42:00" → RFC 3339. */
static void
take_time(CasaEmit *emit, const char *text)
{
  char iso[40];
  if (!text || strlen(text) < 19 || text[2] != '/' || text[5] != '/' || strlen(text) > 28)
    return;
  g_snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s%s%s", text + 6, text + 3, text, text + 10, text[19] ? "" : "Z");
  casa_kit_time_text(emit, iso, strlen(iso));
}

static void
take_place(CasaEmit *emit, const char *text)
{
  const char *blank = text ? strchr(text, ' ') : NULL;
  if (!blank)
    return;
  json_auto_t *lat = json_stringn(text, (size_t)(blank - text)), *lon = json_string(blank + 1);
  casa_kit_place(emit, lat, lon, NULL, NULL, FALSE);
}

static void
take_observation(CasaPayload *payload, CasaEmit *emit, json_t *one, const char *metric)
{
  json_t *value = json_object_get(one, "value");
  if (!casa_emit_begin(emit))
    return;
  take_time(emit, casa_kit_text(one, "timestamp"));
  take_place(emit, casa_kit_text(one, "location"));
  CasaMember member = casa_member_of_json("value", 5, value ? value : json_null());
  if (metric) {
    casa_kit_take_as(emit, &member, metric, NULL);
  } else {
    CasaReason why;
    casa_reason_set(&why, CASA_WHY_OF_WHICH, .more = payload->topic->station);
    casa_emit_refuse(emit, 1, &why);
  }
  casa_emit_end(emit);
}

/* A sensor's name ends in what it measures, or is that. */
static void
take_sensor(CasaPayload *payload, CasaEmit *emit, const char *sensor, json_t *observations)
{
  json_t *one;
  size_t i;
  gsize split = sensor ? casa_kit_split_name(emit, sensor, strlen(sensor)) : 0;
  g_autofree char *part = split > 0 ? g_strndup(sensor, split) : NULL;
  if (casa_payload_kit_is(payload, "data/+/#")) {
    g_autofree char *provider = casa_kit_level(payload, 1);
    casa_kit_station(payload, emit, provider);
  }
  casa_kit_station(payload, emit, part);
  json_array_foreach (observations, i, one)
    take_observation(payload, emit, one, split > 0 ? sensor + split + 1 : sensor);
}

/* Alarms and orders are no readings. */
static void
take_push(CasaPayload *payload, CasaEmit *emit, json_t *root)
{
  const char *type = casa_kit_text(root, "type");
  casa_emit_understood(emit);
  if (type && strcmp(type, "DATA") != 0)
    return;
  json_auto_t *one = json_copy(root);
  json_object_set(one, "value", json_object_get(root, "message"));
  json_auto_t *list = json_pack("[O]", one);
  casa_kit_station(payload, emit, casa_kit_text(root, "provider"));
  take_sensor(payload, emit, casa_kit_text(root, "sensor"), list);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *sensors = json_object_get(root, "sensors"), *one;
  g_autofree char *last = casa_payload_kit_is(payload, "+/+/#") ? casa_kit_level(payload, -1) : NULL;
  const char *named = payload->topic->kind == CASA_TOPIC_METRIC_READING ? payload->topic->metric : last;
  size_t i;
  if (is_push(root)) {
    take_push(payload, emit, root);
    return;
  }
  casa_format_station_of_topic(payload, emit, last ? 1 : 0);
  if (json_object_get(root, "observations"))
    take_sensor(payload, emit, named, json_object_get(root, "observations"));
  json_array_foreach (sensors, i, one)
    take_sensor(payload, emit, casa_kit_text(one, "sensor"), json_object_get(one, "observations"));
}

const CasaFormat casa_format_sentilo = { .id = "sentilo", .name = "Sentilo", .claims = claims, .decode = decode };
