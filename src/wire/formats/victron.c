/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Victron's Venus OS: N/<portal>/<service>/<instance>/<path…> {"value":231.2}; each instance of a service is a station.
 * https://github.com/victronenergy/dbus-flashmq */

static gboolean
claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "N/+/#") || casa_payload_kit_is(payload, "R/+/#") ||
         casa_payload_kit_is(payload, "W/+/#");
}

/* What the end of a path measures. */
static const CasaKitName names[] = {
  { "Voltage", "voltage_v", "V" },
  { "V", "voltage_v", "V" },
  { "Current", "current_a", "A" },
  { "I", "current_a", "A" },
  { "Power", "power_w", "W" },
  { "P", "power_w", "W" },
  { "Frequency", "frequency_hz", "Hz" },
  { "F", "frequency_hz", "Hz" },
  { "Temperature", "temp_c", "°C" },
  { "Humidity", "rh_pct", "%" },
  { "Pressure", "pressure_hpa", "hPa" },
  { "SolarIrradiance", "solar_radiation_wm2", NULL },
  { "Soc", "battery", NULL },
  { "Forward", "energy_kwh", "kWh" },
  { "Latitude", "lat", NULL },
  { "Longitude", "lon", NULL },
  { "Level", "level_pct", "%" },
  { 0 },
};

/* Sources of a whole installation, "Ac/Grid/L1/Power", are parts of the station: several phases, batteries and loads measure
 * the same. */
static char *
part_of(const CasaPayload *payload)
{
  GString *part = g_string_new(NULL);
  for (int i = 4;; i++) {
    g_autofree char *level = casa_kit_level(payload, i), *next = casa_kit_level(payload, i + 1);
    if (!level || !next)
      break;
    if (strcmp(level, "0") != 0 && strcmp(level, "Dc") != 0 && strcmp(level, "History") != 0)
      g_string_append_printf(part, "-%s", level);
  }
  return g_string_free(part, FALSE);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *value = json_object_get(root, "value");
  g_autofree char *service = casa_kit_level(payload, 2), *instance = casa_kit_level(payload, 3),
                  *last = casa_payload_kit_is(payload, "N/+/+/+/+/#") ? casa_kit_level(payload, -1) : NULL,
                  *part = part_of(payload);
  double ignored;
  if (!last || !value || strcmp(service, "settings") == 0 ||
      (json_is_string(value) &&
       casa_number_parse(json_string_value(value), json_string_length(value), &ignored) != CASA_NUMBER_OK)) {
    casa_emit_understood(emit);
    return;
  }
  g_autofree char *name = g_strdup_printf("%s-%s%s", service, instance, part);
  casa_kit_station(payload, emit, name);
  casa_emit_begin(emit);
  CasaMember member = casa_member_of_json(last, strlen(last), json_is_array(value) ? json_null() : value); /* its "no value" */
  casa_kit_take(emit, &member, names);
  casa_emit_end(emit);
}

const CasaFormat casa_format_victron = { .id = "victron", .name = "Victron Venus OS", .claims = claims, .decode = decode };
