/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Smart Citizen's kit, device/sck/<token>/readings: {"data":[{"recorded_at":"…","sensors":[{"id":55,"value":21.5},…]}]}, and
 * readings/raw: {t:2026-05-21T17:42:07Z,55:21.5,56:48}. Sensors are numbers: https://api.smartcitizen.me/v0/sensors */

static const struct {
  int id;
  const char *metric, *unit;
} sensors[] = {
  { 10, "battery", NULL },
  { 14, "illuminance_lx", "lx" },
  { 53, "noise_dba", "dBA" },
  { 55, "temp_c", "°C" },
  { 56, "rh_pct", "%" },
  { 58, "pressure_hpa", "kPa" },
  { 87, "pm2_5", "µg/m³" },
  { 88, "pm10", "µg/m³" },
  { 89, "pm1", NULL },
  { 112, "eco2_ppm", NULL },
  { 113, "tvoc_ppb", NULL },
  { 158, "co2_ppm", "ppm" },
  { 160, "co2_sensor_temp_c", NULL },
  { 161, "co2_sensor_rh", NULL },
};

#define TOPIC "device/sck/+/#"

/* A reading as the kit has it. */
static gboolean
is_reading(json_t *object)
{
  json_t *first = json_array_get(json_object_get(object, "sensors"), 0);
  return json_object_get(first, "id") && json_object_get(first, "value") && json_object_get(object, "recorded_at");
}

/* Also of what its interface answers, {"name":…,"data":{"recorded_at":…,"sensors":[…]}}. (transfer full) NULL: there are
 * none. */
static json_t *
readings_of(json_t *root)
{
  json_t *data = json_object_get(root, "data");
  if (is_reading(data))
    return json_pack("[O]", data);
  return is_reading(json_array_get(data, 0)) ? json_incref(data) : NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  json_auto_t *readings = casa_payload_members(payload, &n) ? NULL : readings_of(casa_kit_root(payload));
  return casa_payload_kit_is(payload, TOPIC) || readings;
}

static void
take_sensor(CasaEmit *emit, int id, json_t *value)
{
  char name[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE];
  CasaMember member = casa_member_of_json("value", 5, value);
  CasaReason why;
  for (guint i = 0; i < G_N_ELEMENTS(sensors); i++)
    if (sensors[i].id == id) {
      casa_kit_take_as(emit, &member, sensors[i].metric, sensors[i].unit);
      return;
    }
  g_snprintf(name, sizeof name, "sensor %d", id);
  casa_reason_set(&why, CASA_WHY_NAMELESS, .field = name, .got = casa_reason_number(got, casa_kit_number(value)),
                  .wanted = "value.METRIC = data[0].sensors[0].value");
  casa_emit_refuse(emit, 1, &why);
}

static void
take_reading(CasaEmit *emit, json_t *reading)
{
  json_t *sensor;
  size_t i;
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, json_object_get(reading, "recorded_at"));
  json_array_foreach (json_object_get(reading, "sensors"), i, sensor) {
    double id = casa_kit_number(json_object_get(sensor, "id"));
    if (json_object_get(sensor, "value"))
      take_sensor(emit, id >= 0 && id < 10000 ? (int)id : -1, json_object_get(sensor, "value"));
  }
  casa_emit_end(emit);
}

/* {t:2026-05-21T17:42:07Z,55:21.5} */
static void
take_raw(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *text = g_strndup(payload->text, payload->text_len);
  g_auto(GStrv) parts = g_strsplit_set(text, "{,}", 256);
  if (!casa_emit_begin(emit))
    return;
  for (guint i = 0; parts[i]; i++) {
    char *colon = strchr(parts[i], ':');
    double value;
    if (!colon)
      continue;
    if (parts[i][0] == 't') {
      casa_kit_time_text(emit, colon + 1, strlen(colon + 1));
    } else if (casa_number_parse(colon + 1, strlen(colon + 1), &value) == CASA_NUMBER_OK) {
      json_auto_t *number = json_real(value);
      take_sensor(emit, (int)g_ascii_strtoull(parts[i], NULL, 10), number);
    }
  }
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *reading;
  json_auto_t *list = readings_of(root);
  g_autofree char *token = casa_payload_kit_is(payload, TOPIC) ? casa_kit_level(payload, 2) : NULL;
  size_t i;
  casa_format_station_of_topic(payload, emit, 0);
  if (json_is_object(json_object_get(root, "data")))
    casa_kit_station(payload, emit, casa_kit_text(root, "name"));
  if (token) {
    g_autofree char *name = g_strdup_printf("sck-%s", token);
    casa_kit_station(payload, emit, name);
  }
  if (!list && casa_payload_kit_is(payload, "device/sck/+/readings/raw"))
    take_raw(payload, emit);
  else if (!list) /* what it is, and that it is there */
    casa_emit_understood(emit);
  json_array_foreach (list, i, reading)
    take_reading(emit, reading);
}

const CasaFormat casa_format_smartcitizen = {
  .id = "smartcitizen", .name = "Smart Citizen's kit", .claims = claims, .decode = decode
};
