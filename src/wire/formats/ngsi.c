/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* FIWARE NGSI v2 and NGSI-LD: entities with attributes {"value":…,"unitCode":…}, alone, in a list, in a notification's "data",
 * or as plain key-values. https://fiware.github.io/specifications/ngsiv2/, ETSI GS CIM 009 */

static const char *const skipped[] = { "id",          "type",         "@context",         "location",
                                       "address",     "dateObserved", "dateObservedFrom", "dateObservedTo",
                                       "TimeInstant", "timestamp",    "observedAt",       "name",
                                       "refDevice",   "source",       "dataProvider",     "dateModified",
                                       "dateCreated", "modifiedAt",   "createdAt" };

/* UN/CEFACT's codes (Recommendation 20) as this program writes units. */
static const char *
unit_of_code(const char *code)
{
  static const char *const codes[][2] = {
    { "CEL", "°C" },   { "FAH", "°F" },   { "KEL", "K" },   { "P1", "%" },     { "C62", "1" },   { "GQ", "µg/m³" },
    { "GP", "mg/m³" }, { "59", "ppm" },   { "61", "ppb" },  { "HPA", "hPa" },  { "A97", "hPa" }, { "PAL", "Pa" },
    { "KPA", "kPa" },  { "MBR", "mbar" }, { "MTS", "m/s" }, { "KMH", "km/h" }, { "KNT", "kn" },  { "DD", "°" },
    { "WTT", "W" },    { "KWT", "kW" },   { "MAW", "MW" },  { "WHR", "Wh" },   { "KWH", "kWh" }, { "MWH", "MWh" },
    { "VLT", "V" },    { "AMP", "A" },    { "4K", "mA" },   { "HTZ", "Hz" },   { "LUX", "lx" },  { "2N", "dB" },
    { "MQH", "m³/h" }, { "SEC", "s" },    { "MIN", "min" }, { "2Z", "mV" },    { "BAR", "bar" },
  };
  for (guint i = 0; code && i < G_N_ELEMENTS(codes); i++)
    if (strcmp(codes[i][0], code) == 0)
      return codes[i][1];
  return code;
}

static const CasaKitName names[] = {
  { "relativeHumidity", "rh_pct", NULL },
  { "atmosphericPressure", "pressure_hpa", NULL },
  { "windSpeed", "wind_ms", NULL },
  { "windDirection", "wind_dir", NULL },
  { "PM25", "pm2_5", NULL },
  { "availableSpotNumber", "parking_free", NULL },
  { "fillingLevel", "fill_pct", "ratio" },
  { "availableBikeNumber", "bikes_free", NULL },
  { "batteryLevel", "battery", NULL },
  { "intensity", "flow_vph", NULL },
  { "averageVehicleSpeed", "speed_kmh", NULL },
  { "illuminance", "illuminance_lx", NULL },
  { "LAeq", "noise_dba", NULL },
  { 0 },
};

/* --- Entities ---------------------------------------------------------------------------------------------------- */

static gboolean
has_attribute(json_t *entity)
{
  const char *key;
  json_t *value;
  json_object_foreach (entity, key, value)
    if (json_is_object(value) && (json_object_get(value, "value") || json_object_get(value, "coordinates")))
      return TRUE;
  return FALSE;
}

static gboolean
is_entity(json_t *one)
{
  const char *id = casa_kit_text(one, "id");
  return id && casa_kit_text(one, "type") &&
         (has_attribute(one) || json_object_get(one, "@context") || g_str_has_prefix(id, "urn:ngsi"));
}

static json_t *
entities_of(CasaPayload *payload)
{
  json_t *root = payload->text_len > 0 && strchr("{[", payload->text[0]) ? casa_payload_json(payload, NULL) : NULL;
  json_t *data = json_object_get(root, "data");
  if (json_is_array(data) && (json_object_get(root, "subscriptionId") || is_entity(json_array_get(data, 0))))
    return data;
  return is_entity(json_is_array(root) ? json_array_get(root, 0) : root) ? root : NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  return entities_of(payload) != NULL;
}

/* --- Attributes -------------------------------------------------------------------------------------------------- */

static json_t *
value_of(json_t *attribute)
{
  json_t *value = json_is_object(attribute) ? json_object_get(attribute, "value") : attribute;
  json_t *typed = json_object_get(value, "@value");
  return typed ? typed : value;
}

static const char *
unit_of(json_t *attribute)
{
  const char *code = casa_kit_text(attribute, "unitCode");
  json_t *metadata = json_object_get(attribute, "metadata"), *inner = json_object_get(metadata, "unitCode");
  if (!code)
    code = casa_kit_text(inner ? inner : json_object_get(metadata, "unit"), "value");
  return unit_of_code(code);
}

/* Smart Data Models have it from 0 to 1, many who follow them in percent; outdoors it is never as dry as 1 %. */
static const char *
unit_of_humidity(const char *key, json_t *value)
{
  double number = casa_kit_number(value);
  return strcmp(key, "relativeHumidity") == 0 && number > 0 && number <= 1 ? "ratio" : NULL;
}

static json_t *
time_of(json_t *entity)
{
  static const char *const times[] = { "dateObserved",   "observedAt",   "TimeInstant", "timestamp",
                                       "dateObservedTo", "dateModified", "modifiedAt" };
  const char *key;
  json_t *attribute;
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    if (json_object_get(entity, times[i]))
      return value_of(json_object_get(entity, times[i]));
  json_object_foreach (entity, key, attribute)
    if (json_is_object(attribute) && json_object_get(attribute, "observedAt"))
      return json_object_get(attribute, "observedAt");
  return NULL;
}

static gboolean
is_skipped(const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS(skipped); i++)
    if (strcmp(skipped[i], key) == 0)
      return TRUE;
  return FALSE;
}

static void
take_place(CasaEmit *emit, json_t *entity, const char *type)
{
  json_t *place = value_of(json_object_get(entity, "location")), *at = json_object_get(place, "coordinates");
  const char *text = json_string_value(place); /* v2's geo:point: "lat, lon" */
  g_autofree char *lat = text && strchr(text, ',') ? g_strndup(text, strcspn(text, ",")) : NULL;
  json_auto_t *north = lat ? json_string(g_strstrip(lat)) : NULL,
              *east = lat ? json_string(text + strcspn(text, ",") + 1 + strspn(text + strcspn(text, ",") + 1, " ")) : NULL;
  if (!place)
    at = json_object_get(json_object_get(entity, "location"), "coordinates");
  gboolean point = at && json_is_number(json_array_get(at, 0));
  const char *name = json_string_value(value_of(json_object_get(entity, "name")));
  if (name && !at && !north)
    casa_emit_describe(emit, casa_emit_whose(emit), name, NULL, NAN, NAN);
  casa_kit_place(emit, point ? json_array_get(at, 1) : north, point ? json_array_get(at, 0) : east, name, NULL,
                 type && strstr(type, "Vehicle"));
}

static void
take_entity(CasaPayload *payload, CasaEmit *emit, json_t *entity, gboolean several)
{
  const char *id = casa_kit_text(entity, "id"), *tail = id ? strrchr(id, ':') : NULL, *key;
  json_t *attribute;
  if (several)
    casa_kit_substation(payload, emit, tail ? tail + 1 : id);
  else
    casa_kit_station(payload, emit, tail ? tail + 1 : id);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, time_of(entity));
  take_place(emit, entity, casa_kit_text(entity, "type"));
  json_object_foreach (entity, key, attribute) {
    json_t *value = value_of(attribute);
    if (is_skipped(key) || !value || json_is_object(value))
      continue;
    const CasaKitName *known = casa_kit_find(names, key, strlen(key));
    const char *unit = unit_of(attribute);
    CasaMember member = casa_member_of_json(key, strlen(key), value);
    unit = unit ? unit : unit_of_humidity(key, value);
    casa_kit_take_as(emit, &member, known ? known->ours : key, unit ? unit : known ? known->unit : NULL);
  }
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *entities = entities_of(payload), *one;
  size_t i;
  if (json_is_object(entities))
    take_entity(payload, emit, entities, FALSE);
  json_array_foreach (entities, i, one)
    take_entity(payload, emit, one, json_array_size(entities) > 1);
}

const CasaFormat casa_format_ngsi = { .id = "ngsi", .name = "FIWARE NGSI v2, NGSI-LD", .claims = claims, .decode = decode };
