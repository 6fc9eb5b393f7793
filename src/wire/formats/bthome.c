/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* BTHome's objects as JSON, as scripts on Shelly devices and bridges publish them: flat, or
 * {"temperature":{"value":…,"unit":…}}, with the MAC address of the device. https://bthome.io/format/ */

static const CasaKitName names[] = {
  { "device", NULL, NULL },
  { "mac", NULL, NULL },
  { "address", NULL, NULL },
  { "timestamp", NULL, NULL },
  { "ts", NULL, NULL },
  { "pid", NULL, NULL },
  { "packet_id", NULL, NULL },
  { "encryption", NULL, NULL },
  { "BTHome_version", NULL, NULL },
  { "button", NULL, NULL },
  { "voltage", "battery_v", NULL },
  { "temperature", "temp_c", "°C" },
  { "humidity", "rh_pct", "%" },
  { "moisture", "moisture", NULL },
  { "pm25", "pm2_5", "µg/m³" },
  { "occupancy", "presence", NULL },
  { "power", "power_w", "W" },
  { "energy", "energy_kwh", "kWh" },
  { "current", "current_a", "A" },
  { "illuminance", "illuminance_lx", "lx" },
  { "co2", "co2_ppm", "ppm" },
  { 0 },
};

static const char *const marks[] = { "BTHome_version", "mac", NULL };

static gboolean
has_pair(json_t *root)
{
  const char *key;
  json_t *value;
  json_object_foreach (root, key, value)
    if (json_object_get(value, "value") && json_object_get(value, "unit"))
      return TRUE;
  return FALSE;
}

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  gboolean heard = json_object_get(root, "rssi") && (casa_kit_text(root, "mac") || casa_kit_text(root, "address"));
  return json_object_get(root, "BTHome_version") || (root && casa_payload_kit_is(payload, "bthome/#")) ||
         (heard && has_pair(root)) || (heard && json_object_get(root, "packet_id"));
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *time = json_object_get(root, "timestamp");
  const char *mac = casa_kit_text(root, "mac"), *address = casa_kit_text(root, "address");
  casa_format_station_of_topic(payload, emit, 0);
  if (casa_payload_kit_is(payload, "bthome/+/#")) {
    g_autofree char *name = casa_kit_level(payload, 1);
    casa_kit_station(payload, emit, name);
  }
  casa_kit_station(payload, emit, mac ? mac : address);
  casa_emit_begin(emit);
  casa_kit_time(emit, time ? time : json_object_get(root, "ts"));
  casa_kit_take_object(emit, root, names, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_bthome = { .id = "bthome", .name = "BTHome", .marks = marks, .claims = claims, .decode = decode };
