/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* ThingSpeak's channels: "field1=21.5&field2=48", {"created_at":"…","field1":"21.5"}, and what a channel answers, {"channel":
 * {"field1":"Temperature",…},"feeds":[…]}. Only that last says what a field is of; for the others the organisers say it in
 * config/feeds.conf, and who reads this was not told. */

static const char *const marks[] = { "field1", "field2", "field3", "field4", "field5", "field6", "field7", "field8", NULL };

static gboolean
is_field(const char *name)
{
  return strlen(name) == 6 && memcmp(name, "field", 5) == 0 && name[5] >= '1' && name[5] <= '8';
}

/* Fields, and nothing beside them but what ThingSpeak has there. */
static gboolean
is_entry(json_t *object)
{
  static const char *const beside[] = { "created_at", "entry_id", "channel_id", "latitude", "longitude",
                                        "elevation",  "status",   "api_key",    "key",      "timezone",
                                        "lat",        "long",     "delta_t",    "tweet",    "location" };
  const char *key;
  json_t *value;
  gboolean any = FALSE;
  json_object_foreach (object, key, value) {
    gboolean known = is_field(key);
    any |= known;
    for (guint i = 0; i < G_N_ELEMENTS(beside) && !known; i++)
      known = strcmp(key, beside[i]) == 0;
    if (!known)
      return FALSE;
  }
  return any;
}

/* What the message says as an object, also where it is a form. (transfer full) NULL: it is none of these. */
static json_t *
entry_of(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  json_auto_t *form = root ? json_incref(root) : casa_kit_form(payload);
  return is_entry(form) ? json_incref(form) : NULL;
}

static json_t *
feeds_of(json_t *root)
{
  json_t *feeds = json_object_get(root, "feeds"), *updates = json_object_get(root, "updates"); /* several at once */
  if (is_entry(json_array_get(updates, 0)))
    return updates;
  return json_is_object(json_object_get(root, "channel")) && is_entry(json_array_get(feeds, 0)) ? feeds : NULL;
}

static gboolean
is_field_topic(const CasaPayload *payload)
{
  return (casa_payload_kit_is(payload, "channels/+/subscribe/fields/#") ||
          casa_payload_kit_is(payload, "channels/+/publish/fields/#")) &&
         casa_kit_is_plain(payload);
}

static gboolean
claims(CasaPayload *payload)
{
  json_auto_t *entry = payload->topic->kind == CASA_TOPIC_METRIC_READING ? NULL : entry_of(payload);
  return entry || feeds_of(casa_kit_root(payload)) || is_field_topic(payload);
}

static void
refuse_field(CasaEmit *emit, const char *name, const char *value, gsize len)
{
  char got[CASA_QUOTE_SIZE], line[CASA_QUOTE_SIZE];
  CasaReason why;
  g_snprintf(line, sizeof line, "value.METRIC = %s", name);
  casa_reason_set(&why, CASA_WHY_NAMELESS, .field = name, .got = casa_reason_quote(got, value, len), .wanted = line);
  casa_emit_refuse(emit, 1, &why);
}

/* @called: what the channel says of its fields; NULL: it says nothing. */
static void
take_field(CasaEmit *emit, const char *name, json_t *value, json_t *called)
{
  const char *said = casa_kit_text(called, name), *label = said && g_ascii_strncasecmp(said, "field", 5) == 0 ? NULL : said;
  CasaMember member = casa_member_of_json(name, strlen(name), value);
  char number[CASA_QUOTE_SIZE];
  casa_reason_number(number, json_number_value(value));
  if (json_is_null(value))
    return;
  if (label && *label)
    casa_kit_take_as(emit, &member, label, NULL);
  else if (json_is_string(value))
    refuse_field(emit, name, json_string_value(value), json_string_length(value));
  else
    refuse_field(emit, name, number, strlen(number));
}

static void
take_entry(CasaEmit *emit, json_t *entry, json_t *called)
{
  const char *key;
  json_t *value;
  casa_kit_place(emit, json_object_get(entry, "latitude"), json_object_get(entry, "longitude"), NULL, NULL, FALSE);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, json_object_get(entry, "created_at"));
  json_object_foreach (entry, key, value)
    if (is_field(key))
      take_field(emit, key, value, called);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *feeds = feeds_of(root), *channel = json_object_get(root, "channel"), *one;
  json_auto_t *entry = feeds ? NULL : entry_of(payload);
  g_autofree char *field = casa_kit_level(payload, 4), *id = casa_kit_level(payload, 1);
  size_t i;
  casa_format_station_of_topic(payload, emit, 0);
  if (casa_payload_kit_is(payload, "channels/+/#"))
    casa_kit_station(payload, emit, id);
  if (entry) {
    take_entry(emit, entry, NULL);
  } else if (feeds) {
    casa_kit_station(payload, emit, casa_kit_text(channel, "name"));
    casa_kit_place(emit, json_object_get(channel, "latitude"), json_object_get(channel, "longitude"),
                   casa_kit_text(channel, "name"), NULL, FALSE);
    json_array_foreach (feeds, i, one)
      take_entry(emit, one, channel);
  } else if (field) {
    refuse_field(emit, field, payload->text, payload->text_len);
  }
}

const CasaFormat casa_format_thingspeak = {
  .id = "thingspeak", .name = "ThingSpeak", .marks = marks, .claims = claims, .decode = decode
};
