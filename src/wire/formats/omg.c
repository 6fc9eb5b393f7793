/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* OpenMQTTGateway and Theengs: home/<gateway>/BTtoMQTT/<MAC>, an object with the id of the device that was heard. Each device
 * is a station. https://docs.openmqttgateway.com/ */

static const CasaKitName names[] = {
  { "id", NULL, NULL },
  { "mac", NULL, NULL },
  { "mac_type", NULL, NULL },
  { "adv_type", NULL, NULL },
  { "tempf", NULL, NULL },
  { "tempf2", NULL, NULL },
  { "track", NULL, NULL },
  { "cidc", NULL, NULL },
  { "acts", NULL, NULL },
  { "cont", NULL, NULL },
  { "encr", NULL, NULL },
  { "servicedata", NULL, NULL },
  { "manufacturerdata", NULL, NULL },
  { "tempc", "temp_c", "°C" },
  { "hum", "rh_pct", "%" },
  { "batt", "battery", NULL },
  { "volt", "battery_v", NULL },
  { "pres", "pressure_hpa", "hPa" },
  { "pa", "pressure_hpa", "Pa" },
  { "lux", "illuminance_lx", "lx" },
  { "moi", "soil_moisture", NULL },
  { "fer", "soil_conductivity", NULL },
  { "co2", "co2_ppm", "ppm" },
  { "pm25", "pm2_5", "µg/m³" },
  { "pm10", "pm10", "µg/m³" },
  { "power", "power_w", "W" },
  { "energy", "energy_kwh", "kWh" },
  { "current", "current_a", "A" },
  { "voltage", "voltage_v", "V" },
  { 0 },
};

/* …/BTtoMQTT/…, …/SYStoMQTT, …/433toMQTT */
static char *
gate_of(const CasaPayload *payload, int *at)
{
  for (*at = 0;; (*at)++) {
    char *level = casa_kit_level(payload, *at);
    if (!level || g_str_has_suffix(level, "toMQTT"))
      return level;
    g_free(level);
  }
}

static const char *const marks[] = { "servicedatauuid", "model_id", NULL };

static gboolean
claims(CasaPayload *payload)
{
  int at;
  json_t *root = casa_kit_root(payload);
  g_autofree char *gate = gate_of(payload, &at);
  return gate || (casa_kit_text(root, "id") && casa_kit_text(root, "model_id") && json_object_get(root, "rssi"));
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  int at;
  json_t *root = casa_kit_root(payload);
  g_autofree char *gate = gate_of(payload, &at), *device = gate ? casa_kit_level(payload, at + 1) : NULL;
  const char *id = casa_kit_text(root, "id"), *name = casa_kit_text(root, "name");
  if (!root || (gate && (strcmp(gate, "SYStoMQTT") == 0 || strcmp(gate, "LOGtoMQTT") == 0))) {
    casa_emit_understood(emit);
    return;
  }
  if (g_strcmp0(gate, "RTL_433toMQTT") == 0 && casa_kit_text(root, "model")) { /* what it hears through rtl_433 */
    casa_format_rtl433.decode(payload, emit);
    return;
  }
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, id ? id : device);
  if (name)
    casa_emit_describe(emit, casa_emit_whose(emit), name, NULL, G_MAXDOUBLE, G_MAXDOUBLE);
  casa_emit_begin(emit);
  casa_kit_take_object(emit, root, names, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_omg = {
  .id = "omg", .name = "OpenMQTTGateway, Theengs", .marks = marks, .claims = claims, .decode = decode
};
