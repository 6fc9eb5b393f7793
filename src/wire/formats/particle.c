/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/faults.h"
#include "wire/formats/kit.h"
#include "wire/tree.h"

#include <math.h>
#include <string.h>

/* Particle's events, {"event":"temperature","data":"21.5","coreid":"…","published_at":"…"}, as its webhooks and streams have
 * them. Data is a text: JSON of all values, or one value of what the event's name says. */

static const char *const marks[] = { "coreid", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return casa_kit_text(root, "coreid") && json_object_get(root, "data");
}

/* No number, or one of a name that nobody knows. */
static void
refuse_value(CasaEmit *emit, json_t *data, const char *name)
{
  char got[CASA_QUOTE_SIZE], number[CASA_QUOTE_SIZE];
  const double value = casa_kit_number(data);
  const char *text = json_is_string(data) ? json_string_value(data) : NULL;
  CasaReason why;
  if (!text || !isnan(value) || !casa_fault_of_payload(text, strlen(text), "data", &why))
    casa_reason_set(&why, CASA_WHY_NAMED, .field = "event", .got = casa_reason_quote(got, name, strlen(name)),
                    .wanted = casa_reason_number(number, isnan(value) ? 21.4 : value));
  casa_emit_refuse(emit, 1, &why);
}

/* "garden/temperature", "room_temperature": by its end, if the catalogue knows that. */
static void
take_value(CasaEmit *emit, json_t *data, const char *event)
{
  const char *slash = event ? strrchr(event, '/') : NULL, *name = slash ? slash + 1 : event ? event : "";
  gsize before = casa_emit_find_metric(emit, name, strlen(name)) ? 0 : casa_kit_split_name(emit, name, strlen(name));
  name += before > 0 ? before + 1 : 0;
  CasaMember member = casa_member_of_json("data", 4, data);
  if (casa_emit_find_metric(emit, name, strlen(name))) {
    casa_kit_take_as(emit, &member, name, NULL);
    return;
  }
  refuse_value(emit, data, name);
}

/* The values, if the text is JSON of an object or a list. (transfer full) */
static json_t *
read_data(const CasaPayload *payload, json_t *data)
{
  const char *text = json_is_string(data) ? json_string_value(data) : "";
  CasaReason why;
  if (json_is_object(data) || json_is_array(data))
    return json_incref(data);
  while (g_ascii_isspace(*text))
    text++;
  return *text == '{' || *text == '[' ? casa_tree_load(payload->limits, text, strlen(text), &why) : NULL;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *data = json_object_get(root, "data");
  const char *event = casa_kit_text(root, "event");
  g_autofree char *level = event ? NULL : casa_kit_level(payload, -1);
  if (!event)
    event = casa_kit_text(root, "name") ? casa_kit_text(root, "name") : level;
  if (event && (g_str_has_prefix(event, "spark/") || g_str_has_prefix(event, "particle/"))) { /* the cloud's own */
    casa_emit_understood(emit);
    return;
  }
  json_auto_t *values = read_data(payload, data), *common = json_object();
  casa_kit_station(payload, emit, casa_kit_text(root, "coreid"));
  if (json_is_array(values)) {
    if (json_object_get(root, "published_at"))
      json_object_set(common, "time", json_object_get(root, "published_at"));
    casa_format_take_list(payload, emit, values, common);
    return;
  }
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, json_object_get(root, "published_at"));
  if (values)
    casa_format_take_object(payload, emit, values);
  else
    take_value(emit, data, event);
  casa_emit_end(emit);
}

const CasaFormat casa_format_particle = {
  .id = "particle", .name = "Particle's events", .marks = marks, .claims = claims, .decode = decode
};
