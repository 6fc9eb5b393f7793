/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Our JSON in an envelope: {"device":"esp-1","data":{"temperature":21.5}}, {"readings":[{"type":"temperature","value":21.5}]},
 * {"state":{"reported":{…}}}, and a Feature of GeoJSON. The envelope's name says nothing of what was measured, so that it does
 * not stand before the names in it, as "gps" does in {"gps":{"alt":57}}. */

#define DEEPEST 4 /* envelopes in envelopes */

static const char *const envelopes[] = { "data",       "d",          "payload", "values",  "readings",     "reading",
                                         "sensors",    "messages",   "samples", "records", "measurements", "measures",
                                         "entries",    "items",      "results", "points",  "observations", "devices",
                                         "nodes",      "batch",      "metrics", "body",    "telemetry",    "fields",
                                         "state",      "reported",   "uplink",  "mesures", "capteurs",     "donnees",
                                         "properties", "attributes", NULL };

static gboolean
is_full(const json_t *value)
{
  return json_is_object(value) ? json_object_size(value) > 0 : json_is_object(json_array_get(value, 0));
}

/* The one envelope in @object; NULL: there is none, or there are several, whose names then tell them apart. */
static const char *
find_envelope(json_t *object)
{
  const char *found = NULL;
  for (guint i = 0; envelopes[i]; i++)
    if (is_full(json_object_get(object, envelopes[i]))) {
      if (found)
        return NULL;
      found = envelopes[i];
    }
  return found;
}

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  return !casa_payload_members(payload, &n) && payload->topic->kind != CASA_TOPIC_METRIC_READING &&
         find_envelope(casa_kit_root(payload));
}

/* {"type":"Feature","geometry":{"type":"Point","coordinates":[lon,lat]},"properties":{…}} */
static void
open_feature(json_t *object)
{
  const char *type = casa_kit_text(object, "type");
  json_t *at = casa_kit_at(object, "geometry", "coordinates", NULL);
  if (!type || strcmp(type, "Feature") != 0)
    return;
  if (json_is_number(json_array_get(at, 0)) && json_is_number(json_array_get(at, 1))) {
    json_object_set(object, "lon", json_array_get(at, 0));
    json_object_set(object, "lat", json_array_get(at, 1));
  }
  json_object_del(object, "geometry");
  json_object_del(object, "type");
}

/* Takes the letter out of its envelope: what stands beside it stays, unless it has the name of a member of the letter.
 * (transfer full) What is left to be read: an object without an envelope, or an array, for which *common is what stood beside
 * it. */
static json_t *
open_envelopes(json_t *root, json_t **common)
{
  json_t *object = json_copy(root);
  const char *name = find_envelope(object);
  for (guint depth = 0; name && depth < DEEPEST; depth++) {
    json_t *letter = json_incref(json_object_get(object, name));
    json_object_del(object, name);
    open_feature(object);
    if (json_is_array(letter)) {
      *common = object;
      return letter;
    }
    json_object_update(object, letter);
    json_decref(letter);
    name = find_envelope(object);
  }
  return object;
}

/* Whether somebody would be told more by names without the envelope's before them. */
static gboolean
is_known(const CasaEmit *emit, json_t *object)
{
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value)
    if (casa_emit_find_metric(emit, key, strlen(key)) || casa_emit_is_reserved(key))
      return TRUE;
  return FALSE;
}

/* What stands beside a list is a reading of its own, if any of it is a number. */
static void
take_common(CasaPayload *payload, CasaEmit *emit, json_t *common)
{
  const char *key;
  json_t *value;
  gboolean any = FALSE;
  json_object_foreach (common, key, value) {
    CasaMember member = casa_member_of_json(key, strlen(key), value);
    any |= json_is_number(value) && !casa_emit_is_reserved_member(&member);
  }
  if (!any || !casa_emit_begin(emit))
    return;
  casa_format_take_object(payload, emit, common);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  json_t *common = NULL;
  json_auto_t *letter = open_envelopes(root, &common);
  json_auto_t *beside = common;
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, 0);
  if (json_is_array(letter)) {
    casa_format_take_list(payload, emit, letter, beside);
    take_common(payload, emit, beside);
  } else if (casa_emit_begin(emit)) {
    casa_format_take_object(payload, emit, is_known(emit, letter) ? letter : root);
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_envelope = {
  .id = "envelope", .name = "object in an envelope", .claims = claims, .decode = decode
};
