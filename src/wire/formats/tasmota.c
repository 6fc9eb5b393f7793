/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* Tasmota: tele/<device>/SENSOR with an object for each chip, tele/<device>/STATE, stat/<device>/STATUS10; the three parts of
 * its topics may stand in another order. https://tasmota.github.io/docs/MQTT/ */

static const CasaKitName names[] = {
  { "Time", NULL, NULL },
  { "Id", NULL, NULL },
  { "Uptime", NULL, NULL },
  { "UptimeSec", NULL, NULL },
  { "Heap", NULL, NULL },
  { "Sleep", NULL, NULL },
  { "SleepMode", NULL, NULL },
  { "LoadAvg", NULL, NULL },
  { "MqttCount", NULL, NULL },
  { "Berry", NULL, NULL },
  { "TotalStartTime", NULL, NULL },
  { "Period", NULL, NULL },
  { "Total", "energy_kwh", "kWh" },
  { "Today", "energy_today_kwh", NULL },
  { "Yesterday", "energy_yesterday_kwh", NULL },
  { "Power", "power_w", "W" },
  { "ApparentPower", "apparent_power_va", NULL },
  { "ReactivePower", "reactive_power_var", NULL },
  { "Factor", "power_factor", NULL },
  { "Voltage", "voltage_v", "V" },
  { "Current", "current_a", "A" },
  { "Frequency", "frequency_hz", "Hz" },
  { "Humidity", "rh_pct", "%" },
  { "Illuminance", "illuminance_lx", "lx" },
  { "CarbonDioxide", "co2_ppm", "ppm" },
  { "eCO2", "eco2_ppm", NULL },
  { "TVOC", "tvoc_ppb", NULL },
  { "PM1", "pm1", NULL },
  { "PM2.5", "pm2_5", "µg/m³" },
  { "PM10", "pm10", "µg/m³" },
  { "SeaPressure", "sea_pressure_hpa", NULL },
  { 0 },
};

/* --- Is it? ------------------------------------------------------------------------------------------------------ */

static gboolean
is_word_of_tasmota(const char *level)
{
  return level && (strcmp(level, "SENSOR") == 0 || strcmp(level, "STATE") == 0 || strcmp(level, "LWT") == 0 ||
                   strcmp(level, "RESULT") == 0 || strcmp(level, "UPTIME") == 0 || g_str_has_prefix(level, "STATUS") ||
                   g_str_has_prefix(level, "INFO") || g_str_has_prefix(level, "POWER"));
}

static gboolean
has_kit_topic(const CasaPayload *payload)
{
  if (casa_payload_kit_is(payload, "tasmota/discovery/#"))
    return TRUE;
  g_autofree char *last = casa_kit_level(payload, -1);
  gboolean prefix = FALSE;
  for (int i = 0; i < 3; i++)
    prefix |=
      casa_kit_level_is(payload, i, "tele") || casa_kit_level_is(payload, i, "stat") || casa_kit_level_is(payload, i, "cmnd");
  return prefix && is_word_of_tasmota(last);
}

/* "Time":"2026-05-21T18:40:07", and objects beside it. */
static gboolean
looks_like_it(json_t *root)
{
  const char *time = casa_kit_text(root, "Time"), *key;
  json_t *value;
  if (!time || strlen(time) != 19 || time[10] != 'T')
    return FALSE;
  json_object_foreach (root, key, value)
    if (json_is_object(value))
      return TRUE;
  return json_object_get(root, "TempUnit") || json_object_get(root, "POWER") || json_object_get(root, "UptimeSec");
}

static gboolean
claims(CasaPayload *payload)
{
  return has_kit_topic(payload) || looks_like_it(casa_kit_root(payload)) ||
         json_is_object(json_object_get(casa_kit_root(payload), "StatusSNS"));
}

/* --- Units for all of a message ---------------------------------------------------------------------------------- */

/* Chips whose names say which unit the message tells at its end. */
static void
convert_chip(json_t *chip, gboolean fahrenheit, const char *pressure_unit)
{
  static const char *const warm[] = { "Temperature", "DewPoint", "HeatIndex", "ObjTMP", "AmbTMP" };
  for (guint i = 0; i < G_N_ELEMENTS(warm) && fahrenheit; i++) {
    json_t *value = json_object_get(chip, warm[i]);
    if (json_is_number(value))
      json_real_set(value, round((json_number_value(value) - 32) / 1.8 * 1e6) / 1e6);
  }
  const char *const pressures[] = { "Pressure", "SeaPressure" };
  double hpa = !pressure_unit                                   ? 1
               : g_ascii_strcasecmp(pressure_unit, "mmHg") == 0 ? 1.33322387
               : g_ascii_strcasecmp(pressure_unit, "inHg") == 0 ? 33.8638864
               : g_ascii_strcasecmp(pressure_unit, "kPa") == 0  ? 10
                                                                : 1;
  for (guint i = 0; i < G_N_ELEMENTS(pressures) && hpa != 1; i++) {
    json_t *value = json_object_get(chip, pressures[i]);
    if (json_is_number(value))
      json_real_set(value, json_number_value(value) * hpa);
  }
}

/* --- Readings ---------------------------------------------------------------------------------------------------- */

#define CHIPS_MAX 32

static void
take_sensor(CasaEmit *emit, json_t *root)
{
  CasaKitPart parts[CHIPS_MAX];
  guint n = 0;
  const char *key, *temp = casa_kit_text(root, "TempUnit"), *pressure = casa_kit_text(root, "PressureUnit");
  json_t *value;
  json_auto_t *own = json_object();
  json_object_foreach (root, key, value) {
    if (json_is_object(value) && n < CHIPS_MAX - 1) {
      convert_chip(value, temp && g_ascii_toupper(temp[0]) == 'F', pressure);
      parts[n++] = (CasaKitPart){ key, value };
    } else if (!json_is_string(value)) {
      json_object_set(own, key, value);
    } else if (g_str_has_prefix(key, "Switch")) {
      json_object_set(own, key, value);
    }
  }
  if (json_object_size(own) > 0)
    parts[n++] = (CasaKitPart){ "", own };
  casa_kit_take_parts(emit, parts, n, names, json_object_get(root, "Time"));
}

static const CasaKitName zigbee[] = { { "Device", NULL, NULL },
                                      { "Name", NULL, NULL },
                                      { "Endpoint", NULL, NULL },
                                      { "Group", NULL, NULL },
                                      { "IEEEAddr", NULL, NULL },
                                      { "ModelId", NULL, NULL },
                                      { "Manufacturer", NULL, NULL },
                                      { "Power", "relay", NULL },
                                      { "Pressure", "pressure_hpa", "hPa" },
                                      { "BatteryPercentage", "battery", NULL },
                                      { "BatteryVoltage", "battery_v", NULL },
                                      { "LinkQuality", "linkquality", NULL },
                                      { 0 } };

/* {"ZbReceived":{"0x8F20":{"Name":"Kitchen","Temperature":21.3}}}: each is a device of its own. */
static void
take_zigbee(CasaEmit *emit, json_t *devices)
{
  const char *address;
  json_t *device;
  g_autofree char *bridge = g_strdup(casa_emit_whose(emit));
  json_object_foreach (devices, address, device) {
    const char *name = casa_kit_text(device, "Name");
    g_autofree char *station = g_strdup_printf("%s-%s", bridge, name ? name : address);
    casa_emit_station(emit, station, strlen(station));
    if (!casa_emit_begin(emit))
      return;
    casa_kit_take_object(emit, device, zigbee, NULL);
    casa_emit_end(emit);
  }
}

/* POWER, POWER1, POWER2: the relay is on or off, which is no power. */
static void
take_state(CasaEmit *emit, json_t *root)
{
  const char *key;
  json_t *value;
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(root, "Time"));
  json_object_foreach (root, key, value) {
    CasaMember member = casa_member_of_json(key, strlen(key), value);
    g_autofree char *relay = g_strdup_printf("relay%s", g_str_has_prefix(key, "POWER") ? key + 5 : "");
    if (g_str_has_prefix(key, "POWER"))
      casa_kit_take_as(emit, &member, relay, NULL);
  }
  casa_kit_take_member(emit, root, "Vcc", "vcc_v", NULL);
  casa_kit_take_member(emit, json_object_get(root, "Wifi"), "Signal", "wifi_signal_dbm", NULL);
  casa_emit_end(emit);
  casa_emit_understood(emit);
}

static void
take_words(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *last = casa_kit_level(payload, -1);
  casa_emit_understood(emit);
  if (last && g_str_has_prefix(last, "POWER") && casa_emit_begin(emit)) {
    CasaMember value = casa_kit_plain(payload, last);
    g_autofree char *relay = g_strdup_printf("relay%s", last + 5);
    casa_kit_take_as(emit, &value, relay, NULL);
    casa_emit_end(emit);
  }
}

/* The level that is neither tele or stat nor the last. */
static void
name_station(CasaPayload *payload, CasaEmit *emit)
{
  g_autoptr(GString) name = g_string_new(NULL);
  if (!has_kit_topic(payload)) {
    casa_format_station_of_topic(payload, emit, 0);
    return;
  }
  for (int i = 0;; i++) {
    g_autofree char *level = casa_kit_level(payload, i), *next = casa_kit_level(payload, i + 1);
    if (!level || !next)
      break;
    if (strcmp(level, "tele") != 0 && strcmp(level, "stat") != 0 && strcmp(level, "cmnd") != 0)
      g_string_append_printf(name, "%s%s", name->len ? "-" : "", level);
  }
  casa_kit_station(payload, emit, name->str);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *status = json_object_get(root, "StatusSNS");
  g_autofree char *last = casa_kit_level(payload, -1);
  name_station(payload, emit);
  if (status)
    take_sensor(emit, status);
  else if (json_is_object(json_object_get(root, "ZbReceived")))
    take_zigbee(emit, json_object_get(root, "ZbReceived"));
  else if (!root || casa_payload_kit_is(payload, "tasmota/discovery/#"))
    take_words(payload, emit);
  else if (json_object_get(root, "UptimeSec") || json_object_get(root, "Wifi") || json_object_get(root, "POWER") ||
           g_strcmp0(last, "STATE") == 0)
    take_state(emit, root);
  else if (last && (g_str_has_prefix(last, "STATUS") || g_str_has_prefix(last, "INFO") || strcmp(last, "RESULT") == 0))
    casa_emit_understood(emit);
  else
    take_sensor(emit, root);
}

static const char *const marks[] = { "TempUnit", NULL };

const CasaFormat casa_format_tasmota = {
  .id = "tasmota", .name = "Tasmota", .marks = marks, .claims = claims, .decode = decode
};
