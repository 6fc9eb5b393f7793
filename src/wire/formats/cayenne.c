/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Cayenne's MQTT, v1/<user>/things/<thing>/data/<channel>: "temp,c=20.7", a type and its unit; also as JSON, data/json
 * [{"channel":1,"value":20.5,"type":"temp","unit":"c"}]. Each channel is a sensor of its own. */

static const CasaKitName types[] = {
  { "temp", "temp_c", NULL },          { "rel_hum", "rh_pct", NULL },       { "bp", "pressure_hpa", NULL },
  { "lum", "illuminance_lx", NULL },   { "voltage", "voltage_v", NULL },    { "volt", "voltage_v", NULL },
  { "current", "current_a", NULL },    { "curr", "current_a", NULL },       { "pow", "power_w", NULL },
  { "power", "power_w", NULL },        { "energy", "energy_kwh", NULL },    { "freq", "frequency_hz", NULL },
  { "wind_speed", "wind_ms", NULL },   { "wind_dir", "wind_dir", NULL },    { "co2", "co2_ppm", NULL },
  { "noise", "noise_dba", NULL },      { "sound", "noise_dba", NULL },      { "batt", "battery", NULL },
  { "rain_level", "rain_mm", NULL },   { "prox", "distance", NULL },        { "tl", "level_pct", NULL },
  { "digital_sensor", "state", NULL }, { "analog_sensor", "analog", NULL }, { 0 },
};

static const char *
unit_of(const char *said)
{
  static const char *const units[][2] = {
    { "c", "°C" },    { "f", "°F" },   { "k", "K" },   { "p", "%" },      { "r", "ratio" }, { "pa", "Pa" }, { "hpa", "hPa" },
    { "lux", "lx" },  { "v", "V" },    { "mv", "mV" }, { "a", "A" },      { "ma", "mA" },   { "w", "W" },   { "kw", "kW" },
    { "kwh", "kWh" }, { "wh", "Wh" },  { "hz", "Hz" }, { "khz", "kHz" },  { "ppm", "ppm" }, { "db", "dB" }, { "kmh", "km/h" },
    { "mph", "mph" }, { "ms", "m/s" }, { "deg", "°" }, { "inhg", "inHg" }
  };
  for (guint i = 0; said && i < G_N_ELEMENTS(units); i++)
    if (g_ascii_strcasecmp(units[i][0], said) == 0)
      return units[i][1];
  return NULL;
}

#define TOPIC "v1/+/things/+/"

/* "temp,c=20.7" into its three parts, of which the type is known; on its own topics also "temp=20.7". */
static gboolean
read_text(const CasaPayload *payload, char **type, char **unit, char **value)
{
  if (payload->text_len == 0 || payload->text_len > 64 || !g_ascii_isalpha(payload->text[0]) ||
      !g_utf8_validate(payload->text, (gssize)payload->text_len, NULL))
    return FALSE;
  g_autofree char *text = g_strndup(payload->text, payload->text_len);
  char *equals = strchr(text, '=');
  double ignored;
  if (!equals || casa_number_parse(equals + 1, strlen(equals + 1), &ignored) == CASA_NUMBER_NOT)
    return FALSE;
  *equals = '\0';
  char *comma = strchr(text, ',');
  if (comma)
    *comma = '\0';
  if (!(comma || casa_payload_kit_is(payload, TOPIC "#")) || !casa_kit_find(types, text, strlen(text)))
    return FALSE;
  *type = g_strdup(text);
  *unit = g_strdup(comma ? comma + 1 : "");
  *value = g_strdup(equals + 1);
  return TRUE;
}

/* "gps,m=[33.58,-7.61,20]": degrees, and meters above the sea. */
static gboolean
take_place(const CasaPayload *payload, CasaEmit *emit)
{
  static const char before[] = "gps,m=";
  if (payload->text_len <= strlen(before) || memcmp(payload->text, before, strlen(before)) != 0)
    return FALSE;
  json_auto_t *place =
    json_loadb(payload->text + strlen(before), payload->text_len - strlen(before), JSON_DECODE_INT_AS_REAL, NULL);
  if (!json_is_number(json_array_get(place, 0)) || !json_is_number(json_array_get(place, 1)))
    return FALSE;
  casa_emit_number(emit, "lat", json_number_value(json_array_get(place, 0)), NULL);
  casa_emit_number(emit, "lon", json_number_value(json_array_get(place, 1)), NULL);
  return TRUE;
}

static gboolean
claims(CasaPayload *payload)
{
  g_autofree char *type = NULL, *unit = NULL, *value = NULL;
  return casa_payload_kit_is(payload, TOPIC "#") ||
         (payload->topic->kind != CASA_TOPIC_METRIC_READING && read_text(payload, &type, &unit, &value));
}

static void
take_value(CasaEmit *emit, const char *type, const char *unit, const CasaMember *value)
{
  const CasaKitName *name = casa_kit_find(types, type, strlen(type));
  const char *known = unit_of(unit), *ours = name ? name->ours : type;
  if (!casa_emit_find_metric(emit, ours, strlen(ours)))
    known = NULL;
  else if (!known && unit && *unit && strcmp(unit, "null") != 0)
    known = unit;
  casa_kit_take_as(emit, value, ours, known);
}

/* A value that says no type. */
static void
refuse_bare(CasaEmit *emit, const char *text, gsize len)
{
  char got[CASA_QUOTE_SIZE];
  CasaReason why;
  casa_reason_set(&why, CASA_WHY_NAMELESS, .field = "value", .got = casa_reason_quote(got, text, len),
                  .wanted = "value.METRIC = value");
  casa_emit_refuse(emit, 1, &why);
}

static void
name_station(CasaPayload *payload, CasaEmit *emit, const char *channel)
{
  g_autofree char *thing = casa_kit_level(payload, 3);
  casa_format_station_of_topic(payload, emit, 0);
  if (!casa_payload_kit_is(payload, TOPIC "#"))
    return;
  g_autofree char *whole = channel ? g_strdup_printf("%s-%s", thing, channel) : g_strdup(thing);
  casa_kit_station(payload, emit, whole);
}

static void
take_list(CasaPayload *payload, CasaEmit *emit, json_t *list)
{
  json_t *one;
  size_t i;
  json_array_foreach (list, i, one) {
    const char *type = casa_kit_text(one, "type"), *unit = casa_kit_text(one, "unit");
    g_autofree char *number = g_strdup_printf("%.0f", casa_kit_number(json_object_get(one, "channel")));
    json_t *value = json_object_get(one, "value");
    name_station(payload, emit, json_is_number(json_object_get(one, "channel")) ? number : casa_kit_text(one, "channel"));
    if (!value || !casa_emit_begin(emit))
      continue;
    CasaMember member = casa_member_of_json("value", 5, value);
    char text[CASA_QUOTE_SIZE];
    casa_reason_number(text, casa_kit_number(value));
    if (type)
      take_value(emit, type, unit, &member);
    else
      refuse_bare(emit, text, strlen(text));
    casa_emit_end(emit);
  }
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *type = NULL, *unit = NULL, *value = NULL,
                  *channel = casa_payload_kit_is(payload, TOPIC "data/+") ? casa_kit_level(payload, 5) : NULL;
  json_t *root = payload->text_len > 0 && strchr("[{", payload->text[0]) ? casa_payload_json(payload, NULL) : NULL;
  json_auto_t *list = json_is_object(root) ? json_pack("[O]", root) : json_incref(root);
  if (casa_payload_kit_is(payload, TOPIC "#") &&
      !casa_payload_kit_is(payload, TOPIC "data/#")) { /* what the device is, commands and their answers */
    casa_emit_understood(emit);
  } else if (json_is_array(list)) {
    take_list(payload, emit, list);
  } else {
    name_station(payload, emit, channel);
    if (!casa_emit_begin(emit))
      return;
    if (read_text(payload, &type, &unit, &value)) {
      CasaMember member = casa_member_of_text("value", value, strlen(value));
      take_value(emit, type, unit, &member);
    } else if (!take_place(payload, emit)) {
      refuse_bare(emit, payload->text, MIN(payload->text_len, 40));
    }
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_cayenne = { .id = "cayenne", .name = "Cayenne's MQTT", .claims = claims, .decode = decode };
