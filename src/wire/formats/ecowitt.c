/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Ecowitt's gateways (and Weather Underground's protocol): PASSKEY=…&dateutc=…&tempf=… as a form, or its members as JSON. US
 * units; the times are UTC. https://github.com/bachya/ecowitt2mqtt */

static const CasaKitName names[] = {
  { "tempf", "temp_c", "°F" },
  { "humidity", "rh_pct", "%" },
  { "tempinf", NULL, NULL }, /* indoors, see below */
  { "humidityin", NULL, NULL },
  { "baromrelin", "sea_pressure_inhg", NULL },
  { "baromabsin", "pressure_hpa", "inHg" },
  { "baromin", "pressure_hpa", "inHg" },
  { "windspeedmph", "wind_ms", "mph" },
  { "windgustmph", "wind_gust_mph", NULL },
  { "winddir", "wind_dir", "°" },
  { "dewptf", NULL, NULL },
  { "solarradiation", "solar_radiation_wm2", NULL },
  { "uv", "uv_index", NULL },
  { "rainratein", "rain_rate_inh", NULL },
  { "dailyrainin", "rain_day_in", NULL },
  { "pm25_ch1", "pm2_5", "µg/m³" },
  { "pm25", "pm2_5", "µg/m³" },
  { "pm10_co2", "pm10", "µg/m³" },
  { "co2", "co2_ppm", "ppm" },
  { "soilmoisture1", "soil_moisture", NULL },
  { 0 },
};

static const char *const marks[] = { "tempf", "PASSKEY", "stationtype", "baromabsin", NULL };

static gboolean
is_form(const CasaPayload *payload)
{
  static const char *const starts[] = { "PASSKEY=", "ID=", "stationtype=", "dateutc=" };
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++)
    if (payload->text_len > strlen(starts[i]) && memcmp(payload->text, starts[i], strlen(starts[i])) == 0)
      return memchr(payload->text, '&', payload->text_len) && g_utf8_validate(payload->text, (gssize)payload->text_len, NULL);
  return FALSE;
}

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return is_form(payload) || (json_object_get(root, "dateutc") && json_object_get(root, "tempf")) ||
         json_object_get(root, "PASSKEY") || (json_object_get(root, "stationtype") && json_object_get(root, "baromabsin"));
}

static void
take_time(CasaEmit *emit, const char *text)
{
  if (!text || strlen(text) != 19)
    return;
  g_autofree char *iso = g_strdup_printf("%.10sT%sZ", text, text + 11);
  casa_kit_time_text(emit, iso, strlen(iso));
}

/* tempinf, temp1f…: stations of their own. */
static void
take_channel(CasaPayload *payload, CasaEmit *emit, json_t *root, const char *part, const char *temp, const char *hum)
{
  char station[CASA_NAME_MAX + 1];
  if (!json_object_get(root, temp))
    return;
  g_strlcpy(station, casa_emit_whose(emit), sizeof station);
  g_autofree char *name = g_strdup_printf("%s-%s", station, part);
  casa_emit_station(emit, name, strlen(name));
  if (casa_emit_begin(emit)) {
    take_time(emit, casa_kit_text(root, "dateutc"));
    casa_kit_take_member(emit, root, temp, "temp_c", "°F");
    casa_kit_take_member(emit, root, hum, "rh_pct", "%");
    casa_emit_end(emit);
  }
  casa_emit_station(emit, station, strlen(station));
}

#define CHANNELS 8

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_auto_t *form = is_form(payload) ? casa_kit_form(payload) : NULL;
  json_t *root = form ? form : casa_kit_root(payload);
  casa_format_station_of_topic(payload, emit, 0);
  take_channel(payload, emit, root, "indoor", "tempinf", "humidityin");
  for (guint i = 1; i <= CHANNELS; i++) {
    g_autofree char *part = g_strdup_printf("ch%u", i), *temp = g_strdup_printf("temp%uf", i),
                    *hum = g_strdup_printf("humidity%u", i);
    take_channel(payload, emit, root, part, temp, hum);
  }
  if (!casa_emit_begin(emit))
    return;
  take_time(emit, casa_kit_text(root, "dateutc"));
  for (const CasaKitName *n = names; n->theirs; n++)
    if (n->ours)
      casa_kit_take_member(emit, root, n->theirs, n->ours, n->unit);
  casa_emit_end(emit);
}

const CasaFormat casa_format_ecowitt = {
  .id = "ecowitt", .name = "Ecowitt, Weather Underground", .marks = marks, .claims = claims, .decode = decode
};
