/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/faults.h"
#include "wire/formats/format.h"

#include <string.h>

/* The whole payload is the value of the metric that the topic names: a number, true, false, or a number in quotes. Below kit/
 * the last level is the metric, those before it the station. */

static gboolean
has_metric(const CasaPayload *payload)
{
  return payload->topic->kind == CASA_TOPIC_METRIC_READING || casa_payload_kit_is(payload, "+/+/#");
}

/* "21.5 °C": kits say the unit in the same text. */
static gboolean
is_quantity(const CasaPayload *payload)
{
  CasaReason why;
  return payload->topic->kind == CASA_TOPIC_KIT &&
         g_ascii_isdigit(payload->text[payload->text[0] == '-' && payload->text_len > 1]) &&
         casa_fault_of_text(payload->text, payload->text_len, "", &why) && why.why == CASA_WHY_UNIT_BEHIND;
}

/* A scalar: JSON's own are told by their first byte, numbers that JSON does not know by trying. */
static gboolean
claims(CasaPayload *payload)
{
  double ignored;
  if (!has_metric(payload) || payload->text_len == 0)
    return FALSE;
  if (payload->text[0] == '"') /* JSON as a text is JSON */
    return !json_is_object(casa_payload_json(payload, NULL)) && !json_is_array(casa_payload_json(payload, NULL));
  return strchr("tfn", payload->text[0]) || casa_number_parse(payload->text, payload->text_len, &ignored) != CASA_NUMBER_NOT ||
         is_quantity(payload);
}

static gboolean
read_scalar(CasaPayload *payload, CasaMember *member, CasaReason *why)
{
  double ignored;
  const CasaReason *not_json;
  if (casa_number_parse(payload->text, payload->text_len, &ignored) != CASA_NUMBER_NOT || is_quantity(payload)) {
    member->type = CASA_MEMBER_TEXT;
    member->text = payload->text;
    member->text_len = payload->text_len;
    return TRUE;
  }
  json_t *root = casa_payload_json(payload, &not_json);
  if (!root) {
    char name[CASA_QUOTE_SIZE];
    casa_reason_quote(name, member->name, member->name_len);
    if (!casa_fault_of_payload(payload->bytes, payload->len, name, why))
      *why = *not_json;
    return FALSE;
  }
  *member = casa_member_of_json(member->name, member->name_len, root);
  return TRUE;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  CasaReason why;
  CasaMember member = { .name = payload->topic->metric, .name_len = strlen(payload->topic->metric) };
  if (payload->topic->kind == CASA_TOPIC_KIT) {
    member.name = casa_payload_kit_level(payload, -1, &member.name_len);
    casa_format_station_of_topic(payload, emit, 1);
  }
  if (!read_scalar(payload, &member, &why)) {
    casa_emit_refuse(emit, 0, &why);
    return;
  }
  casa_emit_begin(emit);
  casa_emit_value(emit, &member, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_plain = { .id = "plain", .name = "plain number", .claims = claims, .decode = decode };
