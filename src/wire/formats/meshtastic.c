/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* Meshtastic: msh/<region>/2/json/<channel>/!<gateway>, messages of many nodes, told apart by "from". Its pm10_standard is
 * PM1.0, its pm100_standard PM10. https://meshtastic.org/docs/software/integrations/mqtt/ */

static const CasaKitName names[] = {
  { "time", NULL, NULL },
  { "battery_level", "battery", NULL },
  { "voltage", "battery_v", NULL },
  { "temperature", "temp_c", "°C" },
  { "relative_humidity", "rh_pct", "%" },
  { "barometric_pressure", "pressure_hpa", "hPa" },
  { "lux", "illuminance_lx", "lx" },
  { "wind_speed", "wind_ms", "m/s" },
  { "wind_direction", "wind_dir", "°" },
  { "pm10_standard", "pm1", NULL },
  { "pm25_standard", "pm2_5", "µg/m³" },
  { "pm100_standard", "pm10", "µg/m³" },
  { "pm10_environmental", NULL, NULL },
  { "pm25_environmental", NULL, NULL },
  { "pm100_environmental", NULL, NULL },
  { "co2", "co2_ppm", "ppm" },
  { "current", "current_ma", NULL },
  { "uptime_seconds", NULL, NULL },
  { "latitude_i", NULL, NULL },
  { "longitude_i", NULL, NULL },
  { "altitude", "altitude_m", NULL },
  { "PDOP", NULL, NULL },
  { "precision_bits", NULL, NULL },
  { "sats_in_view", NULL, NULL },
  { "ground_speed", "speed_kmh", "km/h" },
  { "ground_track", NULL, NULL },
  { 0 },
};

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return casa_payload_kit_is(payload, "msh/#") ||
         (json_object_get(root, "from") && json_object_get(root, "sender") && casa_kit_text(root, "type"));
}

/* Degrees times 10^7. */
static void
take_position(CasaEmit *emit, json_t *position)
{
  double lat = casa_kit_number(json_object_get(position, "latitude_i")),
         lon = casa_kit_number(json_object_get(position, "longitude_i"));
  if (isnan(lat) || isnan(lon))
    return;
  json_auto_t *north = json_real(lat / 1e7), *east = json_real(lon / 1e7);
  casa_kit_place(emit, north, east, NULL, "node", TRUE);
}

static void
take_node(CasaEmit *emit, json_t *user)
{
  casa_emit_describe(emit, casa_emit_whose(emit), casa_kit_text(user, "longname"), "node", G_MAXDOUBLE, G_MAXDOUBLE);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *inner = json_object_get(root, "payload");
  const char *type = casa_kit_text(root, "type");
  double from = casa_kit_number(json_object_get(root, "from"));
  if (!root && casa_kit_is_plain(payload)) { /* msh/…/stat/!gateway: online */
    casa_emit_understood(emit);
    return;
  }
  if (!root) {
    casa_kit_refuse(emit, 1, CASA_WHY_ENCRYPTED, NULL, "Meshtastic, unless JSON is enabled in its MQTT module,");
    return;
  }
  if (from >= 0 && from < 4294967296.0) {
    g_autofree char *name = g_strdup_printf("%08x", (guint32)from);
    casa_kit_station(payload, emit, name);
  }
  if (g_strcmp0(type, "nodeinfo") == 0)
    take_node(emit, inner);
  if (g_strcmp0(type, "telemetry") != 0 && g_strcmp0(type, "position") != 0) { /* texts are people's */
    casa_emit_understood(emit);
    return;
  }
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(root, "timestamp"));
  take_position(emit, inner);
  casa_kit_take_object(emit, inner, names, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_meshtastic = { .id = "meshtastic", .name = "Meshtastic", .claims = claims, .decode = decode };
