/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* PurpleAir's sensor: {"SensorId":…,"DateTime":"2026/05/21T17:42:07z","current_temp_f":…,"pm2_5_atm":…}. Its second laser's
 * values end in _b. https://community.purpleair.com/t/sensor-json-documentation/6917 */

static const CasaKitName names[] = {
  { "current_temp_f", "temp_c", "°F" },
  { "current_humidity", "rh_pct", "%" },
  { "pressure", "pressure_hpa", "mbar" },
  { "pm1_0_atm", "pm1", NULL },
  { "pm2_5_atm", "pm2_5", "µg/m³" },
  { "pm10_0_atm", "pm10", "µg/m³" },
  { "pm1_0_atm_b", "pm1_b", NULL },
  { "pm2_5_atm_b", "pm2_5_b", NULL },
  { "pm10_0_atm_b", "pm10_b", NULL },
  { "rssi", "rssi", NULL },
  { "gas_680", "gas_680", NULL },
  { "pm2.5_aqi", "pm2_5_aqi", NULL },
  { 0 },
};

static const char *const marks[] = { "SensorId", "current_temp_f", "pm2_5_atm", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return json_object_get(root, "pm2_5_atm") && (json_object_get(root, "SensorId") || json_object_get(root, "current_temp_f"));
}

/* "2026/05/21T17:42:07z" */
static void
take_time(CasaEmit *emit, const char *text)
{
  g_autofree char *iso = g_strdelimit(g_strdup(text ? text : ""), "/", '-');
  casa_kit_time_text(emit, iso, strlen(iso));
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  const char *id = casa_kit_text(root, "Geo"), *mac = casa_kit_text(root, "SensorId");
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, id ? id : mac);
  casa_kit_place(emit, json_object_get(root, "lat"), json_object_get(root, "lon"), id, casa_kit_domain_of(emit, "pm10"), FALSE);
  casa_emit_begin(emit);
  take_time(emit, casa_kit_text(root, "DateTime"));
  for (const CasaKitName *n = names; n->theirs; n++)
    casa_kit_take_member(emit, root, n->theirs, n->ours, n->unit);
  casa_emit_end(emit);
}

const CasaFormat casa_format_purpleair = {
  .id = "purpleair", .name = "PurpleAir", .marks = marks, .claims = claims, .decode = decode
};
