/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* The sensors of Sensor.Community (airrohr): {"esp8266id":…,"sensordatavalues":[{"value_type":"SDS_P1","value":"14.20"}…]}, and
 * what its archive answers: an array of such, with place and time. https://github.com/opendata-stuttgart/meta/wiki/APIs */

static const CasaKitName names[] = {
  { "P0", "pm1", NULL },
  { "P1", "pm10", "µg/m³" },
  { "P2", "pm2_5", "µg/m³" },
  { "P4", "pm4", NULL },
  { "temperature", "temp_c", "°C" },
  { "humidity", "rh_pct", "%" },
  { "pressure", "pressure_hpa", "Pa" },
  { "pressure_at_sealevel", NULL, NULL },
  { "noise_LAeq", "noise_dba", "dB" },
  { "LAeq", "noise_dba", "dB" },
  { "co2_ppm", "co2_ppm", NULL },
  { "lat", "lat", NULL },
  { "lon", "lon", NULL },
  { "samples", NULL, NULL },
  { "min_micro", NULL, NULL },
  { "max_micro", NULL, NULL },
  { "interval", NULL, NULL },
  { 0 },
};

static const char *const marks[] = { "sensordatavalues", NULL };

static json_t *
first_of(CasaPayload *payload)
{
  json_t *root = payload->text_len > 0 && strchr("{[", payload->text[0]) ? casa_payload_json(payload, NULL) : NULL;
  return json_is_array(root) ? json_array_get(root, 0) : root;
}

static gboolean
claims(CasaPayload *payload)
{
  return json_is_array(json_object_get(first_of(payload), "sensordatavalues"));
}

/* "BME280_temperature" is of the chip BME280, "P1" and "samples" are of none. */
static const char *
split_chip(const char *type, char chip[CASA_NAME_MAX + 1])
{
  const char *cut = strchr(type, '_');
  chip[0] = '\0';
  if (!cut || casa_kit_find(names, type, strlen(type)) || (gsize)(cut - type) > CASA_NAME_MAX)
    return type;
  memcpy(chip, type, (gsize)(cut - type));
  chip[cut - type] = '\0';
  return cut + 1;
}

/* values[chip][quantity] */
static json_t *
by_chip(json_t *values)
{
  json_t *chips = json_object(), *one;
  size_t i;
  json_array_foreach (values, i, one) {
    char chip[CASA_NAME_MAX + 1];
    const char *type = casa_kit_text(one, "value_type");
    json_t *value = json_object_get(one, "value");
    if (!type || !value)
      continue;
    type = split_chip(type, chip);
    json_t *of_chip = json_object_get(chips, chip);
    if (!of_chip) {
      of_chip = json_object();
      json_object_set_new(chips, chip, of_chip);
    }
    json_object_set(of_chip, type, value);
  }
  return chips;
}

#define CHIPS_MAX 32

/* The archive's times are UTC and say no zone. */
static json_t *
time_of(json_t *box)
{
  const char *time = casa_kit_text(box, "timestamp");
  return time && strlen(time) == 19 ? json_sprintf("%sZ", time) : NULL;
}

static void
take_box(CasaPayload *payload, CasaEmit *emit, json_t *box)
{
  CasaKitPart parts[CHIPS_MAX];
  guint n = 0;
  const char *chip;
  json_t *values;
  json_auto_t *chips = by_chip(json_object_get(box, "sensordatavalues"));
  json_auto_t *time = time_of(box);
  json_t *id = json_object_get(box, "esp8266id"), *place = json_object_get(box, "location");
  if (!id)
    id = casa_kit_at(box, "sensor", "id", NULL);
  g_autofree char *name = json_is_string(id)   ? g_strdup_printf("airrohr-%s", json_string_value(id))
                          : json_is_number(id) ? g_strdup_printf("airrohr-%.0f", json_number_value(id))
                                               : NULL;
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, name);
  casa_kit_place(emit, json_object_get(place, "latitude"), json_object_get(place, "longitude"), NULL,
                 casa_kit_domain_of(emit, names[0].ours), FALSE);
  json_object_foreach (chips, chip, values)
    if (n < CHIPS_MAX)
      parts[n++] = (CasaKitPart){ chip, values };
  casa_kit_take_parts(emit, parts, n, names, time);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_payload_json(payload, NULL), *box;
  size_t i;
  if (json_is_object(root))
    take_box(payload, emit, root);
  json_array_foreach (root, i, box)
    take_box(payload, emit, box);
}

const CasaFormat casa_format_airrohr = {
  .id = "airrohr", .name = "airrohr, Sensor.Community", .marks = marks, .claims = claims, .decode = decode
};
