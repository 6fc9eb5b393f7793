/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* OGC SensorThings: an Observation {"result":…,"phenomenonTime":…,"Datastream":{…}}, on v1.1/Datastreams(12)/Observations. What
 * a Datastream measures is in the Observation when it is expanded, or was said on v1.1/Datastreams(12).
 * https://docs.ogc.org/is/18-088/ */

static const char *const marks[] = { "phenomenonTime", NULL };

/* "Datastreams(12)" of the topic; NULL: there is none. */
static char *
stream_of_topic(const CasaPayload *payload)
{
  for (int i = 0;; i++) {
    char *level = casa_kit_level(payload, i);
    if (!level || g_str_has_prefix(level, "Datastreams("))
      return level;
    g_free(level);
  }
}

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  g_autofree char *stream = stream_of_topic(payload);
  return (root && stream) || (json_object_get(root, "result") && casa_kit_at(root, "Datastream", "@iot.id", NULL)) ||
         (json_object_get(root, "phenomenonTime") && json_object_get(root, "result")) ||
         (json_object_get(root, "unitOfMeasurement") && json_object_get(root, "observationType"));
}

/* The text behind the last path of names that is there. */
static const char *
name_of(json_t *stream)
{
  json_t *property = json_object_get(stream, "ObservedProperty");
  const char *name = casa_kit_text(property, "name");
  return name ? name : casa_kit_text(stream, "name");
}

static void
note_stream(CasaEmit *emit, const char *key, json_t *stream)
{
  const char *name = name_of(stream), *unit = casa_kit_text(json_object_get(stream, "unitOfMeasurement"), "symbol"),
             *thing = casa_kit_text(json_object_get(stream, "Thing"), "name");
  json_auto_t *note = json_pack("{s:s*, s:s*, s:s*}", "metric", name, "unit", unit, "station", thing);
  char *text = note ? json_dumps(note, JSON_COMPACT) : NULL;
  if (text)
    casa_emit_remember(emit, key, text, strlen(text));
  free(text);
}

/* "2026-05-21T17:00:00Z/2026-05-21T18:00:00Z": the end of the interval. */
static void
take_time(CasaEmit *emit, json_t *time)
{
  const char *text = json_string_value(time), *slash = text ? strchr(text, '/') : NULL;
  if (slash)
    casa_kit_time_text(emit, slash + 1, strlen(slash + 1));
  else
    casa_kit_time(emit, time);
}

static void
take_place(CasaEmit *emit, json_t *root, json_t *thing)
{
  json_t *location = json_array_get(json_object_get(thing, "Locations"), 0);
  json_t *at = casa_kit_at(location, "location", "coordinates", NULL);
  if (!at)
    at = casa_kit_at(root, "FeatureOfInterest", "feature", "coordinates", NULL);
  casa_kit_place(emit, json_array_get(at, 1), json_array_get(at, 0), casa_kit_text(thing, "name"), NULL, FALSE);
}

/* "Datastreams(5)". (transfer full) NULL: it is no id. */
static char *
stream_of_id(json_t *id)
{
  if (json_is_string(id))
    return g_strdup_printf("Datastreams(%s)", json_string_value(id));
  return json_is_number(id) ? g_strdup_printf("Datastreams(%.0f)", json_number_value(id)) : NULL;
}

static void
take_observation(CasaPayload *payload, CasaEmit *emit, json_t *root, const char *key)
{
  json_t *stream = json_object_get(root, "Datastream"), *thing = json_object_get(stream, "Thing");
  g_autofree char *named = name_of(stream) ? NULL : stream_of_id(json_object_get(stream, "@iot.id"));
  if (named) { /* no more than a reference to one that was described */
    key = named;
    stream = NULL;
  }
  const char *said = key && !stream ? casa_emit_recall(emit, key, NULL) : NULL;
  json_auto_t *note = said ? json_loads(said, 0, NULL) : NULL;
  const char *metric = stream ? name_of(stream) : casa_kit_text(note, "metric"),
             *unit =
               stream ? casa_kit_text(json_object_get(stream, "unitOfMeasurement"), "symbol") : casa_kit_text(note, "unit"),
             *station = stream ? casa_kit_text(thing, "name") : casa_kit_text(note, "station");
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, station ? station : key);
  casa_emit_begin(emit);
  take_time(emit, json_object_get(root, "phenomenonTime"));
  take_place(emit, root, thing);
  json_t *result = json_object_get(root, "result");
  CasaMember value = casa_member_of_json("result", 6, result ? result : json_null());
  casa_kit_take_as(emit, &value, metric ? metric : "result", unit);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  g_autofree char *key = stream_of_topic(payload);
  if (json_object_get(root, "result")) {
    take_observation(payload, emit, root, key);
    return;
  }
  casa_emit_understood(emit);
  if (key && json_object_get(root, "unitOfMeasurement"))
    note_stream(emit, key, root);
}

const CasaFormat casa_format_sensorthings = {
  .id = "sensorthings", .name = "OGC SensorThings", .marks = marks, .claims = claims, .decode = decode
};
