/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* rtl_433: {"time":…,"model":"Nexus-TH","id":37,"temperature_C":17.4} on …/events, or a value a message on
 * …/devices/<model>/<channel>/<id>/<field>. A model's id is a station. https://triq.org/rtl_433/ */

static const CasaKitName names[] = {
  { "time", NULL, NULL },
  { "model", NULL, NULL },
  { "id", NULL, NULL },
  { "channel", NULL, NULL },
  { "subtype", NULL, NULL },
  { "protocol", NULL, NULL },
  { "mic", NULL, NULL },
  { "mod", NULL, NULL },
  { "freq", NULL, NULL },
  { "freq1", NULL, NULL },
  { "freq2", NULL, NULL },
  { "type", NULL, NULL },
  { "sequence_num", NULL, NULL },
  { "message_type", NULL, NULL },
  { "exception", NULL, NULL },
  { "raw_msg", NULL, NULL },
  { "temperature_C", "temp_c", "°C" },
  { "temperature_F", "temp_c", "°F" },
  { "humidity", "rh_pct", "%" },
  { "pressure_hPa", "pressure_hpa", "hPa" },
  { "wind_avg_km_h", "wind_ms", "km/h" },
  { "wind_avg_m_s", "wind_ms", "m/s" },
  { "wind_avg_mi_h", "wind_ms", "mph" },
  { "wind_speed_km_h", "wind_ms", "km/h" },
  { "wind_max_km_h", "wind_gust_kmh", NULL },
  { "wind_max_m_s", "wind_gust_ms", NULL },
  { "wind_dir_deg", "wind_dir", "°" },
  { "light_lux", "illuminance_lx", "lx" },
  { "power_W", "power_w", "W" },
  { "energy_kWh", "energy_kwh", "kWh" },
  { "voltage_V", "voltage_v", "V" },
  { "current_A", "current_a", "A" },
  { "co2_ppm", "co2_ppm", "ppm" },
  { "pm2_5_ug_m3", "pm2_5", "µg/m³" },
  { "pm10_ug_m3", "pm10", "µg/m³" },
  { "pressure_kPa", "tyre_pressure_kpa", NULL }, /* of wheels, not of the air */
  { "pressure_PSI", "tyre_pressure_psi", NULL },
  { "pressure_bar", "tyre_pressure_bar", NULL },
  { 0 },
};

static gboolean
is_event(json_t *root)
{
  return casa_kit_text(root, "model") &&
         (json_object_get(root, "id") || json_object_get(root, "channel") || json_object_get(root, "protocol")) &&
         json_object_get(root, "time");
}

static gboolean
claims(CasaPayload *payload)
{
  gboolean own = casa_kit_level_is(payload, 0, "rtl_433");
  return (payload->topic->kind == CASA_TOPIC_KIT && is_event(casa_kit_root(payload))) ||
         (own && casa_kit_text(casa_kit_root(payload), "model")) || (own && casa_kit_is_plain(payload));
}

static char *
word_of(json_t *value)
{
  return json_is_number(value) ? g_strdup_printf("%.0f", json_number_value(value)) : g_strdup(json_string_value(value));
}

static void
take_event(CasaPayload *payload, CasaEmit *emit, json_t *root)
{
  json_t *id = json_object_get(root, "id");
  g_autofree char *which = word_of(id ? id : json_object_get(root, "channel"));
  g_autofree char *name = g_strdup_printf("%s%s%s", casa_kit_text(root, "model"), which ? "-" : "", which ? which : "");
  casa_kit_station(payload, emit, name);
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(root, "time"));
  casa_kit_take_object(emit, root, names, NULL);
  casa_emit_end(emit);
}

/* rtl_433/<host>/devices/<model>[/<channel>][/<id>]/<field> */
static void
take_field(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *field = casa_kit_level(payload, -1), *id = casa_kit_level(payload, -2), *model = casa_kit_level(payload, 3);
  casa_emit_understood(emit);
  if (!casa_kit_level_is(payload, 2, "devices") || !model || !id || !field)
    return;
  g_autofree char *name = strcmp(model, id) == 0 ? g_strdup(model) : g_strdup_printf("%s-%s", model, id);
  casa_kit_station(payload, emit, name);
  casa_emit_begin(emit);
  CasaMember value = casa_kit_plain(payload, field);
  casa_kit_take(emit, &value, names);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  if (root)
    take_event(payload, emit, root);
  else
    take_field(payload, emit);
}

const CasaFormat casa_format_rtl433 = { .id = "rtl433", .name = "rtl_433", .claims = claims, .decode = decode };
