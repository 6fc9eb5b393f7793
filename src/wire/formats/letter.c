/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/letter.h"

#include "wire/formats/kit.h"
#include "wire/formats/symbols.h"

#include <string.h>

#define DEEPEST 4 /* envelopes in envelopes */

static const char *const envelopes[] = { "data",       "d",          "payload", "values",  "readings",     "reading",
                                         "sensors",    "messages",   "samples", "records", "measurements", "measures",
                                         "entries",    "items",      "results", "points",  "observations", "devices",
                                         "nodes",      "batch",      "metrics", "body",    "telemetry",    "fields",
                                         "state",      "reported",   "uplink",  "mesures", "capteurs",     "donnees",
                                         "properties", "attributes", "feeds",   "params",  "main",         "features",
                                         "services",   "vehicle",    NULL };

static gboolean
is_full(const json_t *value)
{
  return json_is_object(value) ? json_object_size(value) > 0 : json_is_object(json_array_get(value, 0));
}

const char *
casa_letter_find(json_t *object)
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

json_t *
casa_letter_open(json_t *root, json_t **common)
{
  json_t *object = json_copy(root);
  const char *name = casa_letter_find(object);
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
    name = casa_letter_find(object);
  }
  return object;
}

#define MEMBERS 16 /* symbols stand in small objects */

gboolean
casa_letter_is_known(const CasaEmit *emit, json_t *object)
{
  CasaMember members[MEMBERS];
  const char *key, *unit;
  json_t *value;
  guint n = 0;
  json_object_foreach (object, key, value) {
    if (casa_emit_find_metric(emit, key, strlen(key)) || casa_emit_is_reserved(key))
      return TRUE;
    if (n < MEMBERS)
      members[n++] = casa_member_of_json(key, strlen(key), value);
  }
  for (guint i = 0; i < n; i++)
    if (casa_symbol_metric(&members[i], members, n, &unit))
      return TRUE;
  return FALSE;
}

/* Most objects hold numbers and texts alone. */
static gboolean
holds_others(json_t *object)
{
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value)
    if (json_is_object(value) || json_is_array(value))
      return TRUE;
  return FALSE;
}

json_t *
casa_letter_of(const CasaEmit *emit, json_t *object)
{
  json_t *common = NULL;
  if (!holds_others(object) || !casa_letter_find(object))
    return json_incref(object);
  json_auto_t *letter = casa_letter_open(object, &common);
  json_decref(common);
  return json_incref(json_is_object(letter) && casa_letter_is_known(emit, letter) ? letter : object);
}
