/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Zigbee2MQTT: zigbee2mqtt/<friendly name>, an object with linkquality; a friendly name may have several levels.
 * https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html */

static const CasaKitName names[] = {
  { "last_seen", NULL, NULL },
  { "update", NULL, NULL },
  { "update_available", NULL, NULL },
  { "color", NULL, NULL },
  { "device", NULL, NULL },
  { "elapsed", NULL, NULL },
  { "level_config", NULL, NULL },
  { "color_options", NULL, NULL },
  { "temperature", "temp_c", "°C" },
  { "humidity", "rh_pct", "%" },
  { "pressure", "pressure_hpa", "hPa" },
  { "occupancy", "presence", NULL }, /* somebody is there, or not: no share of seats */
  { "power", "power_w", "W" },
  { "energy", "energy_kwh", "kWh" },
  { "current", "current_a", "A" },
  { "co2", "co2_ppm", "ppm" },
  { "pm25", "pm2_5", "µg/m³" },
  { "pm10", "pm10", "µg/m³" },
  { "illuminance", "illuminance_lx", "lx" },
  { "illuminance_lux", "illuminance_lux", NULL },
  { "water_leak", "water_leak", NULL },
  { "noise", "noise_dba", "dB" },
  { "voltage", "voltage_v", "V" },
  { "ac_frequency", "frequency_hz", "Hz" },
  { "level", "level", NULL },
  { "load", "load", NULL },
  { "local_temperature", "temp_c", "°C" }, /* of a radiator's valve */
  { 0 },
};

static const char *const marks[] = { "linkquality", NULL };

static gboolean
claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "zigbee2mqtt/#") || (casa_kit_root(payload) && casa_payload_has(payload, "linkquality"));
}

/* What the bridge says of itself, of the presence of devices, and what is said to devices. */
static gboolean
is_of_bridge(const CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "zigbee2mqtt/bridge/#") || casa_kit_level_is(payload, -1, "availability") ||
         casa_kit_level_is(payload, -1, "set") || casa_kit_level_is(payload, -1, "get");
}

/* Devices with batteries tell millivolts. */
static void
convert_voltage(json_t *root)
{
  json_t *voltage = json_object_get(root, "voltage");
  gboolean battery = json_object_get(root, "battery") || json_object_get(root, "battery_low");
  if (json_is_number(voltage) && !json_object_get(root, "voltage_unit") && battery && json_number_value(voltage) >= 500)
    json_real_set(voltage, json_number_value(voltage) / 1000);
}

/* Where both are told, light in lux is the one (the other was the chip's own scale once), and a room's temperature is. */
static void
prefer_known(json_t *root)
{
  json_t *lux = json_object_get(root, "illuminance_lux");
  if (json_is_number(lux)) {
    json_object_set(root, "illuminance", lux);
    json_object_del(root, "illuminance_lux");
  }
  if (json_object_get(root, "temperature") && json_object_get(root, "local_temperature")) {
    json_object_set(root, "valve_temperature_c", json_object_get(root, "local_temperature"));
    json_object_del(root, "local_temperature");
  }
}

/* The topic without its first level; a topic of one level is the name. */
static void
name_station(const CasaPayload *payload, CasaEmit *emit, guint skip)
{
  casa_format_station_of_topic(payload, emit, skip);
  if (!casa_payload_kit_is(payload, "zigbee2mqtt/+/#"))
    return;
  char *slash = strchr(casa_emit_whose(emit), '-');
  g_autofree char *name = slash ? g_strdup(slash + 1) : NULL;
  casa_kit_station(payload, emit, name);
}

/* With output: attribute, each is a message of its own. */
static void
take_attribute(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *name = casa_kit_level(payload, -1);
  name_station(payload, emit, 1);
  if (!name || !casa_kit_is_plain(payload) || !casa_emit_begin(emit))
    return;
  CasaMember value = casa_kit_plain(payload, name);
  casa_kit_take(emit, &value, names);
  casa_emit_end(emit);
  casa_emit_understood(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  if (is_of_bridge(payload)) {
    casa_emit_understood(emit);
    return;
  }
  if (!root) {
    take_attribute(payload, emit);
    return;
  }
  name_station(payload, emit, 0);
  convert_voltage(root);
  prefer_known(root);
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(root, "last_seen"));
  casa_kit_take_object(emit, root, names, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_zigbee2mqtt = {
  .id = "zigbee2mqtt", .name = "Zigbee2MQTT", .marks = marks, .claims = claims, .decode = decode
};
