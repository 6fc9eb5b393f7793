/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"
#include "wire/formats/letter.h"

#include <string.h>

/* Our JSON in an envelope: {"device":"esp-1","data":{"temperature":21.5}}, {"readings":[{"type":"temperature","value":21.5}]},
 * {"state":{"reported":{…}}}, and a Feature of GeoJSON. The envelope's name says nothing of what was measured, so that it does
 * not stand before the names in it, as "gps" does in {"gps":{"alt":57}}. */

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  return !casa_payload_members(payload, &n) && payload->topic->kind != CASA_TOPIC_METRIC_READING &&
         casa_letter_find(casa_kit_root(payload));
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
  json_auto_t *letter = casa_letter_open(root, &common);
  json_auto_t *beside = common;
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, 0);
  if (json_is_array(letter)) {
    casa_format_take_list(payload, emit, letter, beside);
    take_common(payload, emit, beside);
  } else if (casa_emit_begin(emit)) {
    casa_format_take_object(payload, emit, casa_letter_is_known(emit, letter) ? letter : root);
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_envelope = {
  .id = "envelope", .name = "object in an envelope", .claims = claims, .decode = decode
};
