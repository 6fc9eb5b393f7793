/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* The World Air Quality Index project's answers, {"status":"ok","data":{"aqi":71,"iaqi":{"pm10":{"v":38},"t":{"v":21}},…}}.
 * What they say of a pollutant is the index of the United States' EPA, no concentration: it cannot be stored as one. The
 * weather beside it is measured. https://aqicn.org/json-api/doc/ */

static const CasaKitName names[] = {
  { "t", "temp_c", "°C" },        { "h", "rh_pct", "%" },
  { "p", "pressure_hpa", "hPa" }, { "w", "wind_ms", "m/s" },
  { "wd", "wind_dir", "°" },      { "wg", "wind_gust_ms", NULL },
  { "dew", "dew_point_c", NULL }, { "r", "rain_mm", NULL },
  { "uvi", "uv_index", NULL },    { 0 },
};

static const char *const marks[] = { "iaqi", NULL };

static json_t *
answer_of(json_t *root)
{
  json_t *data = json_object_get(root, "data");
  return json_is_object(json_object_get(root, "iaqi")) ? root : json_is_object(json_object_get(data, "iaqi")) ? data : NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  if (casa_payload_members(payload, &n)) /* objects in objects */
    return FALSE;
  return answer_of(casa_kit_root(payload)) != NULL;
}

static void
take_one(CasaEmit *emit, const char *key, json_t *value)
{
  const CasaKitName *name = casa_kit_find(names, key, strlen(key));
  const CasaMetric *metric = name ? NULL : casa_emit_find_metric(emit, key, strlen(key));
  if (name)
    casa_emit_number(emit, name->ours, json_number_value(value), name->unit);
  if (!metric)
    return;
  char field[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE];
  CasaReason why;
  casa_reason_set(&why, CASA_WHY_INDEX, .field = casa_reason_quote(field, key, strlen(key)),
                  .got = casa_reason_number(got, json_number_value(value)), .wanted = metric->unit);
  casa_emit_refuse(emit, 1, &why);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *answer = answer_of(casa_kit_root(payload)), *city = json_object_get(answer, "city"),
         *at = json_object_get(city, "geo"), *time = json_object_get(answer, "time"), *iso = json_object_get(time, "iso"),
         *value;
  const char *name = casa_kit_text(city, "name"), *key, *clock = casa_kit_text(time, "s"), *zone = casa_kit_text(time, "tz");
  g_autofree char *whole = clock && zone ? g_strconcat(clock, zone, NULL) : NULL;
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, name);
  casa_kit_place(emit, json_array_get(at, 0), json_array_get(at, 1), name, NULL, FALSE);
  if (!casa_emit_begin(emit))
    return;
  if (json_is_string(iso))
    casa_kit_time(emit, iso);
  else if (whole)
    casa_kit_time_text(emit, whole, strlen(whole));
  if (!isnan(casa_kit_number(json_object_get(answer, "aqi"))))
    casa_emit_number(emit, "aqi", casa_kit_number(json_object_get(answer, "aqi")), NULL);
  json_object_foreach (json_object_get(answer, "iaqi"), key, value)
    if (json_is_number(json_object_get(value, "v")))
      take_one(emit, key, json_object_get(value, "v"));
  casa_emit_end(emit);
}

const CasaFormat casa_format_waqi = {
  .id = "waqi", .name = "World Air Quality Index", .marks = marks, .claims = claims, .decode = decode
};
