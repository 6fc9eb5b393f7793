/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/format.h"
#include "wire/formats/letter.h"
#include "wire/formats/named.h"

#include <string.h>

/* [{"t":…,"pm10":74.2},…]: what a station kept while it had no network, or what a gateway heard of several devices. Also
 * {…}{…} without brackets, or an object a line. Each object is a reading of its own, with its own time. */

static gboolean
claims(CasaPayload *payload)
{
  if (payload->text_len == 0 || !strchr("[{\"", payload->text[0]) || casa_payload_members(payload, &(guint){ 0 }))
    return FALSE;
  const json_t *root = casa_payload_json(payload, NULL);
  return json_is_array(root) && json_array_size(root) > 0;
}

/* --- Several devices --------------------------------------------------------------------------------------------- */

#define LABEL_MEMBERS 32 /* a label stands among the first */

/* The text by which @object tells whose it is; its type is CASA_MEMBER_NULL when it does not. */
static CasaMember
label_of(json_t *object)
{
  CasaMember members[LABEL_MEMBERS];
  const char *key;
  json_t *value;
  guint n = 0;
  json_object_foreach (object, key, value)
    if (n < LABEL_MEMBERS)
      members[n++] = casa_member_of_json(key, strlen(key), value);
  const CasaMember *label = casa_named_label(members, n);
  return label ? *label : (CasaMember){ .type = CASA_MEMBER_NULL };
}

static gboolean
is_same(const CasaMember *a, const CasaMember *b)
{
  return a->type == b->type && a->text_len == b->text_len && (a->text_len == 0 || memcmp(a->text, b->text, a->text_len) == 0);
}

/* Labels that are the names of metrics tell what, not whose: named.c has them. */
static gboolean
is_label(const CasaEmit *emit, const CasaMember *label)
{
  return label->type == CASA_MEMBER_TEXT && !casa_emit_find_metric(emit, label->text, label->text_len);
}

/* Whether objects of @list tell whose they are, and whether they differ in it. */
static gboolean
are_labelled(const CasaEmit *emit, json_t *list, gboolean *differ)
{
  json_t *element;
  size_t i;
  CasaMember first = { .type = CASA_MEMBER_NULL };
  *differ = FALSE;
  json_array_foreach (list, i, element) {
    CasaMember label = label_of(element);
    if (!is_label(emit, &label))
      continue;
    if (first.type == CASA_MEMBER_NULL)
      first = label;
    *differ |= !is_same(&first, &label);
  }
  return first.type != CASA_MEMBER_NULL;
}

/* A gateway that once told of several devices still does when only one of them has something to say. */
static gboolean
are_several(CasaEmit *emit, json_t *list, const char *station)
{
  gboolean differ;
  if (!are_labelled(emit, list, &differ))
    return FALSE;
  if (differ)
    casa_emit_remember(emit, station, "", 0);
  return differ || casa_emit_recall(emit, station, NULL);
}

/* --- Elements ---------------------------------------------------------------------------------------------------- */

static gboolean
has_time(json_t *object)
{
  return json_object_get(object, "t") || json_object_get(object, "ts") || json_object_get(object, "time") ||
         json_object_get(object, "timestamp");
}

/* Its zone is that of all; its time that of objects without one. */
static void
take_common_time(CasaEmit *emit, json_t *common, gboolean zone_alone)
{
  const char *key;
  json_t *value;
  json_object_foreach (common, key, value) {
    CasaMember member = casa_member_of_json(key, strlen(key), value);
    if (zone_alone)
      casa_emit_zone_named(emit, &member);
    else
      casa_emit_time_named(emit, &member);
  }
}

static void
take_element(CasaPayload *payload, CasaEmit *emit, json_t *element, gboolean several)
{
  CasaMember label = label_of(element);
  several = several && is_label(emit, &label);
  json_auto_t *rest = several ? json_copy(element) : json_incref(element);
  if (several) {
    g_autofree char *name = g_strndup(label.name, label.name_len);
    casa_format_substation(emit, &label);
    json_object_del(rest, name);
  }
  casa_format_take_object(payload, emit, rest);
}

/* Each as it is read without an envelope of its own: [{"properties":{…}},…]. (transfer full) */
static json_t *
open_each(const CasaEmit *emit, json_t *list)
{
  json_t *opened = json_array(), *element;
  size_t i;
  json_array_foreach (list, i, element)
    json_array_append_new(opened, json_is_object(element) ? casa_letter_of(emit, element) : json_incref(element));
  return opened;
}

void
casa_format_take_list(CasaPayload *payload, CasaEmit *emit, json_t *elements, json_t *common)
{
  json_t *element;
  size_t i;
  json_auto_t *list = open_each(emit, elements);
  g_autofree char *station = g_strdup(casa_emit_whose(emit));
  gboolean several = are_several(emit, list, station);
  json_array_foreach (list, i, element) {
    if (!casa_emit_begin(emit))
      continue;
    casa_emit_station(emit, station, strlen(station));
    if (json_is_object(element)) {
      take_common_time(emit, common, has_time(element));
      take_element(payload, emit, element, several);
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

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_payload_json(payload, NULL);
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, 0);
  if (json_array_size(root) > 1 && json_is_number(json_array_get(root, 0))) { /* [23.4,55]: nobody knows what is what */
    CasaReason why;
    casa_reason_set(&why, CASA_WHY_LIST);
    casa_emit_refuse(emit, (guint)json_array_size(root), &why);
    return;
  }
  casa_format_take_list(payload, emit, root, NULL);
}

const CasaFormat casa_format_array = { .id = "array", .name = "array of objects", .claims = claims, .decode = decode };
