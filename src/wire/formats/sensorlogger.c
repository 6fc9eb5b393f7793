/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Sensor Logger, an app of phones: {"messageId":1,"sessionId":"…","deviceId":"…","payload":[{"name":"barometer","time":…,
 * "values":{"pressure":1013.2}},…]}. Times are nanoseconds; each element is a reading of one of the phone's sensors. */

static const struct {
  const char *sensor, *key, *metric, *unit;
} names[] = {
  { "barometer", "pressure", "pressure_hpa", "hPa" },
  { "light", "lux", "illuminance_lx", "lx" },
  { "brightness", "brightness", "screen_brightness", NULL },
  { "battery", "batteryLevel", "battery_share", NULL },
  { "location", "latitude", "lat", NULL },
  { "location", "longitude", "lon", NULL },
  { "location", "speed", "speed_kmh", "m/s" },
  { "location", "altitude", "altitude_m", NULL },
  { "location", "horizontalAccuracy", "accuracy_m", NULL },
  { "microphone", "dBFS", "sound_dbfs", NULL },
  { "pedometer", "steps", "steps", NULL },
};

static const char *const marks[] = { "sessionId", NULL };

static gboolean
is_event(json_t *event)
{
  return casa_kit_text(event, "name") && json_is_number(json_object_get(event, "time")) &&
         json_is_object(json_object_get(event, "values"));
}

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  json_t *root = casa_payload_members(payload, &n) ? NULL : casa_kit_root(payload); /* a list of objects */
  return (json_object_get(root, "sessionId") || json_object_get(root, "deviceId")) &&
         is_event(json_array_get(json_object_get(root, "payload"), 0));
}

/* A speed below zero is one that is not known. */
static void
take_value(CasaEmit *emit, const char *sensor, const char *key, json_t *value)
{
  CasaMember member = casa_member_of_json(key, strlen(key), value);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_ascii_strcasecmp(names[i].sensor, sensor) == 0 && strcmp(names[i].key, key) == 0) {
      if (strcmp(key, "speed") != 0 || !json_is_number(value) || json_number_value(value) >= 0)
        casa_kit_take_as(emit, &member, names[i].metric, names[i].unit);
      return;
    }
  g_autofree char *whole = g_strdup_printf("%s_%s", sensor, key);
  if (json_is_number(value) || json_is_boolean(value))
    casa_kit_take_as(emit, &member, whole, NULL);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *events = json_object_get(casa_kit_root(payload), "payload"), *event, *value;
  const char *key;
  size_t i;
  casa_format_station_of_topic(payload, emit, 0);
  json_array_foreach (events, i, event) {
    if (!is_event(event) || !casa_emit_begin(emit))
      continue;
    casa_kit_time(emit, json_object_get(event, "time"));
    json_object_foreach (json_object_get(event, "values"), key, value)
      take_value(emit, casa_kit_text(event, "name"), key, value);
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_sensorlogger = {
  .id = "sensorlogger", .name = "Sensor Logger", .marks = marks, .claims = claims, .decode = decode
};
