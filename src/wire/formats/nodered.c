/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"
#include "wire/tree.h"

#include <string.h>

/* A whole msg of Node-RED, {"_msgid":…,"topic":…,"payload":…}, sent where its payload alone was meant. */

static const char *const marks[] = { "_msgid", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return casa_kit_text(root, "_msgid") && json_object_get(root, "payload");
}

/* Its topic, or the message's, whose last level names a plain value. */
static void
take_value(CasaPayload *payload, CasaEmit *emit, json_t *value, const char *topic)
{
  const char *slash = topic ? strrchr(topic, '/') : NULL;
  g_autofree char *station = slash ? g_strndup(topic, (gsize)(slash - topic)) : NULL, *last = casa_kit_level(payload, -1);
  const char *metric = payload->topic->metric[0] ? payload->topic->metric : slash ? slash + 1 : last;
  casa_format_station_of_topic(payload, emit, slash ? 0 : 1);
  casa_kit_station(payload, emit, station);
  casa_emit_begin(emit);
  CasaMember member = casa_member_of_json("payload", 7, value);
  if (metric) {
    casa_kit_take_as(emit, &member, metric, NULL);
  } else {
    CasaReason why;
    casa_reason_set(&why, CASA_WHY_OF_WHICH, .more = payload->topic->station);
    casa_emit_refuse(emit, 1, &why);
  }
  casa_emit_end(emit);
}

/* What a node that reads text (a serial port, an HTTP request) leaves: JSON that nobody read yet. (transfer full); NULL:
 * none */
static json_t *
inner_text(const CasaPayload *payload, const json_t *inner)
{
  const char *text = json_is_string(inner) ? json_string_value(inner) : "";
  CasaReason why;
  return text[0] == '{' || text[0] == '[' ? casa_tree_load(payload->limits, text, strlen(text), &why) : NULL;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *inner = json_object_get(root, "payload"), *one;
  const char *topic = casa_kit_text(root, "topic");
  json_auto_t *read = inner_text(payload, inner);
  size_t i;
  inner = read ? read : inner;
  json_auto_t *list = json_is_array(inner) ? json_incref(inner) : json_pack("[O]", inner);
  if (!json_is_object(json_array_get(list, 0))) {
    take_value(payload, emit, inner, topic);
    return;
  }
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, topic);
  json_array_foreach (list, i, one) {
    if (!casa_emit_begin(emit))
      continue;
    if (json_is_object(one))
      casa_format_take_object(payload, emit, one);
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_nodered = {
  .id = "nodered", .name = "Node-RED", .marks = marks, .claims = claims, .decode = decode
};
