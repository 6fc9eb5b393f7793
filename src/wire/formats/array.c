/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/format.h"

/* [{"t":…,"pm10":74.2},…]: what a station kept while it had no network. Each object is a reading of its own, with its own
 * time. */

static gboolean
claims(CasaPayload *payload)
{
  if (payload->text_len == 0 || payload->text[0] != '[')
    return FALSE;
  const json_t *root = casa_payload_json(payload, NULL);
  return json_is_array(root) && json_array_size(root) > 0;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_payload_json(payload, NULL), *element;
  size_t i;
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, 0);
  if (json_array_size(root) > 1 && json_is_number(json_array_get(root, 0))) { /* [23.4,55]: nobody knows what is what */
    CasaReason why;
    casa_reason_set(&why, CASA_WHY_LIST);
    casa_emit_refuse(emit, (guint)json_array_size(root), &why);
    return;
  }
  json_array_foreach (root, i, element) {
    if (!casa_emit_begin(emit))
      continue;
    if (json_is_object(element)) {
      casa_format_take_object(payload, emit, element);
    } else {
      char number[CASA_QUOTE_SIZE];
      CasaReason why;
      CasaMember member = casa_member_of_json("", 0, element);
      casa_reason_set(&why, CASA_WHY_READING, .field = casa_reason_count(number, i + 1), .got = casa_member_type_name(&member));
      casa_emit_refuse(emit, 1, &why);
    }
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_array = { .id = "array", .name = "array of objects", .claims = claims, .decode = decode };
