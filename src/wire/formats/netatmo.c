/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Netatmo's weather stations as their interface answers: a device with its newest values in "dashboard_data", and its modules,
 * each with its own; alone, or as {"body":{"devices":[…]}}. https://dev.netatmo.com/apidocumentation/weather */

static const CasaKitName names[] = {
  { "Temperature", "temp_c", "°C" },
  { "Humidity", "rh_pct", "%" },
  { "CO2", "co2_ppm", "ppm" },
  { "Noise", "noise_dba", "dB" },
  { "Pressure", "pressure_hpa", "mbar" },
  { "AbsolutePressure", "station_pressure", NULL },
  { "WindStrength", "wind_ms", "km/h" },
  { "WindAngle", "wind_dir", "°" },
  { "GustStrength", "wind_gust_kmh", NULL },
  { "GustAngle", "wind_gust_dir", NULL },
  { "Rain", "rain_mm", NULL },
  { "sum_rain_1", "rain_1h_mm", NULL },
  { "sum_rain_24", "rain_24h_mm", NULL },
  { "time_utc", NULL, NULL },
  { "min_temp", NULL, NULL }, /* of the day so far, as all that follow */
  { "max_temp", NULL, NULL },
  { "date_min_temp", NULL, NULL },
  { "date_max_temp", NULL, NULL },
  { "max_wind_str", NULL, NULL },
  { "max_wind_angle", NULL, NULL },
  { "date_max_wind_str", NULL, NULL },
  { 0 },
};

static const char *const marks[] = { "dashboard_data", NULL };

/* The devices of a message: one, or a list. NULL: it has none. */
static json_t *
devices_of(json_t *root)
{
  if (json_is_object(json_object_get(root, "dashboard_data")))
    return root;
  json_t *body = json_object_get(root, "body"), *list = json_object_get(body ? body : root, "devices");
  if (json_is_array(body))
    list = body;
  return json_object_get(json_array_get(list, 0), "dashboard_data") ? list : NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  if (casa_payload_members(payload, &n)) /* objects in objects */
    return FALSE;
  return devices_of(casa_kit_root(payload)) != NULL;
}

static void
take_values(CasaEmit *emit, json_t *device)
{
  json_t *values = json_object_get(device, "dashboard_data");
  if (!json_is_object(values) || !casa_emit_begin(emit)) /* a module out of reach has none */
    return;
  casa_kit_time(emit, json_object_get(values, "time_utc"));
  casa_kit_take_object(emit, values, names, NULL);
  casa_emit_end(emit);
}

static void
take_device(CasaPayload *payload, CasaEmit *emit, json_t *device, gboolean several)
{
  json_t *modules = json_object_get(device, "modules"), *module, *place = casa_kit_at(device, "place", "location", NULL);
  const char *own = casa_kit_text(device, "station_name");
  size_t i;
  own = own ? own : casa_kit_text(device, "module_name");
  own = own ? own : casa_kit_text(device, "_id");
  if (several)
    casa_kit_substation(payload, emit, own);
  else
    casa_kit_station(payload, emit, own);
  g_autofree char *station = g_strdup(casa_emit_whose(emit));
  casa_kit_place(emit, json_array_get(place, 1), json_array_get(place, 0), own, NULL, FALSE);
  take_values(emit, device);
  json_array_foreach (modules, i, module) {
    const char *name = casa_kit_text(module, "module_name"), *id = casa_kit_text(module, "_id");
    g_autofree char *whole = g_strdup_printf("%s-%s", station, name ? name : id ? id : "module");
    casa_emit_station(emit, whole, strlen(whole));
    take_values(emit, module);
  }
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *devices = devices_of(casa_kit_root(payload)), *device;
  size_t i;
  casa_format_station_of_topic(payload, emit, 0);
  if (!json_is_array(devices))
    take_device(payload, emit, devices, FALSE);
  json_array_foreach (devices, i, device)
    take_device(payload, emit, device, json_array_size(devices) > 1);
}

const CasaFormat casa_format_netatmo = {
  .id = "netatmo", .name = "Netatmo's weather stations", .marks = marks, .claims = claims, .decode = decode
};
