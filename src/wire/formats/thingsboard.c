/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* ThingsBoard's telemetry: {"ts":…,"values":{…}}, arrays of these, and a gateway's {"<device>":[{"ts":…,"values":{…}}]}.
 * https://thingsboard.io/docs/reference/mqtt-api/ */

static const char *const marks[] = { "values", NULL };

static gboolean
is_one(json_t *one)
{
  return json_is_object(json_object_get(one, "values")) && json_object_get(one, "ts");
}

static gboolean
is_of_gateway(json_t *root)
{
  void *first = json_object_iter(root);
  json_t *list = first ? json_object_iter_value(first) : NULL;
  return json_is_array(list) && is_one(json_array_get(list, 0));
}

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = payload->text_len > 0 && strchr("{[", payload->text[0]) ? casa_payload_json(payload, NULL) : NULL;
  return is_one(root) || (json_is_array(root) && is_one(json_array_get(root, 0))) || is_of_gateway(root) ||
         (root && casa_payload_kit_is(payload, "v1/devices/me/+")) || (root && casa_payload_kit_is(payload, "v1/gateway/+"));
}

static void
take_one(CasaEmit *emit, json_t *one)
{
  json_t *values = json_object_get(one, "values");
  if (!json_is_object(one) || !casa_emit_begin(emit))
    return;
  if (is_one(one))
    casa_kit_time(emit, json_object_get(one, "ts"));
  casa_kit_take_object(emit, json_is_object(values) ? values : one, NULL, NULL);
  casa_emit_end(emit);
}

/* The token is the device: the source's own name. */
static void
name_station(CasaPayload *payload, CasaEmit *emit)
{
  if (casa_payload_kit_is(payload, "v1/#"))
    casa_kit_station(payload, emit, payload->topic->source);
  else
    casa_format_station_of_topic(payload, emit, 0);
}

static void
take_gateway(CasaPayload *payload, CasaEmit *emit, json_t *root)
{
  const char *device;
  json_t *list, *one;
  size_t i;
  json_object_foreach (root, device, list) {
    casa_kit_substation(payload, emit, device);
    json_array_foreach (list, i, one)
      take_one(emit, one);
  }
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_payload_json(payload, NULL), *one;
  size_t i;
  name_station(payload, emit);
  if (casa_payload_kit_is(payload, "v1/#") && !casa_kit_level_is(payload, -1, "telemetry")) {
    casa_emit_understood(emit); /* attributes, connects */
    return;
  }
  if (is_of_gateway(root)) {
    take_gateway(payload, emit, root);
    return;
  }
  if (json_is_object(root))
    take_one(emit, root);
  json_array_foreach (root, i, one)
    take_one(emit, one);
}

const CasaFormat casa_format_thingsboard = {
  .id = "thingsboard", .name = "ThingsBoard", .marks = marks, .claims = claims, .decode = decode
};
