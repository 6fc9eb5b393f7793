/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* Domoticz: {"idx":7,"name":"Salon","dtype":"Temp + Humidity","nvalue":0,"svalue1":"21.5","svalue2":"48"}, also with all
 * values in "svalue":"21.5;48;1". What each is, the type tells, which what Domoticz sends out has, and what it is told
 * (domoticz/in) has not: of those, who heard the device before knows it.
 * https://www.domoticz.com/wiki/Domoticz_API/JSON_URL%27s */

#define VALUES_MAX 8

/* A value of a type, by its place; NULL: it is no reading, as a word for how humid that is. */
typedef struct {
  const char *metric, *unit;
  double scale;
} Place;

typedef struct {
  const char *dtype, *stype; /* stype NULL: whatever it is */
  Place places[VALUES_MAX];
} Type;

#define TEMP                                                                                                                   \
  {                                                                                                                            \
    "temp_c", "°C", 1                                                                                                          \
  }
#define HUM                                                                                                                    \
  {                                                                                                                            \
    "rh_pct", "%", 1                                                                                                           \
  }
#define BARO                                                                                                                   \
  {                                                                                                                            \
    "pressure_hpa", "hPa", 1                                                                                                   \
  }
#define NONE                                                                                                                   \
  {                                                                                                                            \
    NULL, NULL, 1                                                                                                              \
  }

static const Type types[] = {
  { "Temp", NULL, { TEMP } },
  { "Temp + Humidity", NULL, { TEMP, HUM } },
  { "Temp + Humidity + Baro", NULL, { TEMP, HUM, NONE, BARO } },
  { "Temp + Baro", NULL, { TEMP, BARO } },
  { "Wind", NULL, { { "wind_dir", "°", 1 }, NONE, { "wind_ms", "m/s", 0.1 }, { "wind_gust_ms", NULL, 0.1 }, TEMP } },
  { "Rain", NULL, { { "rain_rate_mmh", NULL, 0.01 }, { "rain_mm", NULL, 1 } } },
  { "UV", NULL, { { "uv_index", NULL, 1 } } },
  { "Lux", NULL, { { "illuminance_lx", "lx", 1 } } },
  { "Usage", NULL, { { "power_w", "W", 1 } } },
  { "Current", NULL, { { "current_a_1", NULL, 1 }, { "current_a_2", NULL, 1 }, { "current_a_3", NULL, 1 } } },
  { "General", "kWh", { { "power_w", "W", 1 }, { "energy_kwh", "Wh", 1 } } },
  { "General", "Barometer", { BARO } },
  { "General", "Sound Level", { { "noise_dba", "dB", 1 } } },
  { "General", "Voltage", { { "voltage_v", "V", 1 } } },
  { "General", "Current", { { "current_a", "A", 1 } } },
  { "General", "Pressure", { { "pressure_bar", "bar", 1 } } },
  { "General", "Solar Radiation", { { "solar_radiation_wm2", NULL, 1 } } },
  { "General", "Percentage", { { "percentage", NULL, 1 } } },
  { "General", "Distance", { { "distance_cm", NULL, 1 } } },
  { "General", "Waterflow", { { "flow_m3h", "l/min", 1 } } },
};

static const char *const marks[] = { "idx", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return !isnan(casa_kit_number(json_object_get(root, "idx"))) &&
         (json_object_get(root, "svalue") || json_object_get(root, "svalue1") || json_object_get(root, "nvalue") ||
          json_object_get(root, "command"));
}

/* --- What it is -------------------------------------------------------------------------------------------------- */

static const Type *
find_type(const char *dtype, const char *stype)
{
  for (guint i = 0; dtype && i < G_N_ELEMENTS(types); i++)
    if (strcmp(types[i].dtype, dtype) == 0 && (!types[i].stype || g_strcmp0(types[i].stype, stype) == 0))
      return &types[i];
  return NULL;
}

/* "dtype/stype" as the message says it or, of a device that was heard before, as it said then. (transfer full) */
static char *
type_name(CasaEmit *emit, json_t *root)
{
  const char *dtype = casa_kit_text(root, "dtype"), *stype = casa_kit_text(root, "stype");
  g_autofree char *idx = g_strdup_printf("%.0f", casa_kit_number(json_object_get(root, "idx")));
  if (dtype) {
    char *name = g_strdup_printf("%s/%s", dtype, stype ? stype : "");
    casa_emit_remember(emit, idx, name, strlen(name));
    return name;
  }
  gsize len;
  const char *before = casa_emit_recall(emit, idx, &len);
  return before ? g_strndup(before, len) : NULL;
}

/* --- Its values -------------------------------------------------------------------------------------------------- */

/* As svalue1, svalue2… have them, or as they stand in svalue. (transfer full) */
static char **
values_of(json_t *root)
{
  g_autoptr(GStrvBuilder) values = g_strv_builder_new();
  const char *all = casa_kit_text(root, "svalue");
  if (all)
    return g_strsplit(all, ";", VALUES_MAX);
  for (guint i = 1; i <= VALUES_MAX; i++) {
    char name[16];
    g_snprintf(name, sizeof name, "svalue%u", i);
    const char *text = casa_kit_text(root, name);
    if (!text)
      break;
    g_strv_builder_add(values, text);
  }
  return g_strv_builder_end(values);
}

static void
take_place(CasaEmit *emit, const Place *place, const char *text)
{
  double value;
  CasaMember member = casa_member_of_text(place->metric, text, strlen(text));
  if (casa_number_parse(text, strlen(text), &value) == CASA_NUMBER_OK)
    casa_emit_number(emit, place->metric, value * place->scale, place->unit);
  else
    casa_kit_take_as(emit, &member, place->metric, place->unit);
}

/* Energy of both tariffs in Wh, and power. */
static void
take_smart_meter(CasaEmit *emit, char **values)
{
  double of[6];
  if (g_strv_length(values) < 6)
    return;
  for (guint i = 0; i < 6; i++)
    of[i] = g_ascii_strtod(values[i], NULL);
  casa_emit_number(emit, "energy_kwh", of[0] + of[1], "Wh");
  casa_emit_number(emit, "power_w", of[4] - of[5], "W");
}

static void
refuse_values(CasaEmit *emit, json_t *root, char **values)
{
  char got[CASA_QUOTE_SIZE], number[CASA_QUOTE_SIZE], line[CASA_QUOTE_SIZE];
  CasaReason why;
  const gboolean text = casa_kit_text(root, "svalue") || !values[0];
  if (text && values[0] && values[1]) { /* "21.5;48;1" */
    casa_reason_set(&why, CASA_WHY_LIST);
    casa_emit_refuse(emit, g_strv_length(values), &why);
    return;
  }
  const char *field = !values[0] ? "nvalue" : text ? "svalue" : "svalue1";
  const char *value = values[0] ? values[0] : casa_reason_number(number, casa_kit_number(json_object_get(root, "nvalue")));
  g_snprintf(line, sizeof line, "value.METRIC = %s", field);
  casa_reason_set(&why, CASA_WHY_NAMELESS, .field = field, .got = casa_reason_quote(got, value, strlen(value)), .wanted = line);
  casa_emit_refuse(emit, MAX(1, g_strv_length(values)), &why);
}

/* What stands in nvalue, and not in the texts: switches, humidity, carbon dioxide. FALSE: it is no such type. */
static gboolean
take_whole(CasaEmit *emit, const char *dtype, json_t *nvalue)
{
  double number = casa_kit_number(nvalue);
  if (strcmp(dtype, "Humidity") == 0)
    casa_emit_number(emit, "rh_pct", number, "%");
  else if (strcmp(dtype, "Air Quality") == 0)
    casa_emit_number(emit, "co2_ppm", number, "ppm");
  else if (strcmp(dtype, "Light/Switch") == 0 || g_str_has_prefix(dtype, "Lighting"))
    casa_emit_number(emit, "relay", number != 0, NULL);
  else
    return FALSE;
  return TRUE;
}

static void
take_device(CasaEmit *emit, json_t *root)
{
  g_autofree char *name = type_name(emit, root);
  g_auto(GStrv) values = values_of(root), parts = g_strsplit(name ? name : "/", "/", 2);
  const gboolean light = name && g_str_has_prefix(name, "Light/"); /* the one type with a / in its name */
  const char *dtype = light ? "Light/Switch" : parts[0];
  const Type *type = find_type(dtype, parts[1]);
  if (!isnan(casa_kit_number(json_object_get(root, "nvalue"))) && take_whole(emit, dtype, json_object_get(root, "nvalue")))
    return;
  if (strcmp(dtype, "P1 Smart Meter") == 0 && g_strcmp0(parts[1], "Energy") == 0) {
    take_smart_meter(emit, values);
    return;
  }
  if (!type) {
    refuse_values(emit, root, values);
    return;
  }
  for (guint i = 0; values[i] && i < VALUES_MAX; i++)
    if (type->places[i].metric)
      take_place(emit, &type->places[i], values[i]);
}

#define NO_BATTERY 255

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  const char *name = casa_kit_text(root, "name");
  g_autofree char *number = g_strdup_printf("domoticz-%.0f", casa_kit_number(json_object_get(root, "idx")));
  if (casa_kit_text(root, "command")) { /* what somebody tells it to do */
    casa_emit_understood(emit);
    return;
  }
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, name && *name ? name : number);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, json_object_get(root, "LastUpdate"));
  take_device(emit, root);
  double battery = casa_kit_number(json_object_get(root, "Battery"));
  if (battery >= 0 && battery < NO_BATTERY && casa_kit_text(root, "dtype"))
    casa_emit_number(emit, "battery", battery, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_domoticz = {
  .id = "domoticz", .name = "Domoticz", .marks = marks, .claims = claims, .decode = decode
};
