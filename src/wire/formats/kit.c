/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include "base/clock.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define CLOCK_NEVER_SET_MS (G_GINT64_CONSTANT(1000000000) * 1000) /* 2001: before it, an epoch is an uptime too */

const CasaKitName *
casa_kit_find(const CasaKitName *names, const char *name, gsize len)
{
  for (; names && names->theirs; names++)
    if (strlen(names->theirs) == len && g_ascii_strncasecmp(names->theirs, name, len) == 0)
      return names;
  return NULL;
}

void
casa_kit_refuse(CasaEmit *emit, guint values, CasaWhy what, const char *field, const char *got)
{
  CasaReason why;
  casa_reason_set(&why, what, .field = field, .got = got);
  casa_emit_refuse(emit, values, &why);
}

/* --- One value --------------------------------------------------------------------------------------------------- */

static gboolean
is_one_of(const char *const *words, guint n, const char *text, gsize len)
{
  for (guint i = 0; i < n; i++)
    if (strlen(words[i]) == len && g_ascii_strncasecmp(words[i], text, len) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_absent(const char *text, gsize len)
{
  static const char *const words[] = { "",    "nan",  "unavailable", "unknown", "none",         "null", "n/a",
                                       "na",  "-",    "--",          "---",     "undefined",    "nil",  "not available",
                                       "inf", "-inf", "error",       "err",     "disconnected", "-nan", "invalid" };
  return is_one_of(words, G_N_ELEMENTS(words), text, len);
}

/* -1: it is no state. */
static int
state_of(const char *text, gsize len)
{
  static const char *const on[] = { "on", "true", "open", "yes", "online", "home", "detected", "wet", "motion" },
                           *const off[] = { "off",     "false",    "closed", "close", "no",
                                            "offline", "not_home", "clear",  "dry",   "no motion" };
  if (is_one_of(on, G_N_ELEMENTS(on), text, len))
    return 1;
  return is_one_of(off, G_N_ELEMENTS(off), text, len) ? 0 : -1;
}

static void
refuse_member(CasaEmit *emit, const CasaMember *member, CasaWhy what)
{
  char name[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE];
  casa_reason_quote(name, member->name, member->name_len);
  const char *said = member->type == CASA_MEMBER_TEXT && what == CASA_WHY_ABSENT
                       ? casa_reason_quote(got, member->text, member->text_len)
                       : casa_member_type_name(member);
  casa_kit_refuse(emit, 1, what, name, said);
}

static void
take_text(CasaEmit *emit, const CasaMember *member, const char *ours, const char *unit)
{
  double ignored;
  CasaMember value = *member;
  while (value.text_len > 0 && g_ascii_isspace(value.text[0])) {
    value.text++;
    value.text_len--;
  }
  while (value.text_len > 0 && g_ascii_isspace(value.text[value.text_len - 1]))
    value.text_len--;
  value.name = ours;
  value.name_len = strlen(ours);
  int state = state_of(value.text, value.text_len);
  if (casa_number_parse(value.text, value.text_len, &ignored) == CASA_NUMBER_OK) {
    casa_emit_value(emit, &value, unit);
  } else if (is_absent(value.text, value.text_len) &&
             (value.text_len > 0 || casa_emit_find_metric(emit, ours, value.name_len))) {
    refuse_member(emit, member, CASA_WHY_ABSENT);
  } else if (state >= 0) {
    value.type = CASA_MEMBER_BOOL;
    value.number = state;
    casa_emit_value(emit, &value, NULL);
  } else if (casa_emit_find_metric(emit, ours, strlen(ours)) && !casa_emit_quantity(emit, &value)) {
    refuse_member(emit, member, CASA_WHY_NOT_NUMBER);
  }
}

static void
take_nested(CasaEmit *emit, json_t *object, const char *ours, const char *unit)
{
  json_t *value = json_object_get(object, "value");
  if (!value) {
    casa_kit_take_object(emit, object, NULL, ours);
    return;
  }
  const char *said = casa_kit_text(object, "unit");
  if (!said)
    said = casa_kit_text(object, "unit_of_measurement");
  CasaMember member = casa_member_of_json(ours, strlen(ours), value);
  if (member.type != CASA_MEMBER_OBJECT)
    casa_kit_take_as(emit, &member, ours, said ? said : unit);
}

#define PHASES_MAX 8

/* One value for each phase of a meter: power_w_1, power_w_2… */
static void
take_array(CasaEmit *emit, const CasaMember *member, const char *ours, const char *unit)
{
  json_t *one;
  size_t i;
  if (!casa_emit_find_metric(emit, ours, strlen(ours)))
    return;
  json_array_foreach (member->json, i, one)
    if (!json_is_number(one) || i >= PHASES_MAX) {
      refuse_member(emit, member, CASA_WHY_NOT_NUMBER);
      return;
    }
  json_array_foreach (member->json, i, one) {
    g_autofree char *name = g_strdup_printf("%s_%zu", ours, i + 1);
    casa_emit_number(emit, name, json_number_value(one), unit);
  }
}

void
casa_kit_take_as(CasaEmit *emit, const CasaMember *member, const char *ours, const char *unit)
{
  CasaMember value = *member;
  value.name = ours;
  value.name_len = strlen(ours);
  switch (member->type) {
  case CASA_MEMBER_NUMBER:
  case CASA_MEMBER_BOOL: casa_emit_value(emit, &value, member->type == CASA_MEMBER_NUMBER ? unit : NULL); break;
  case CASA_MEMBER_TEXT: take_text(emit, member, ours, unit); break;
  case CASA_MEMBER_NULL: refuse_member(emit, member, CASA_WHY_NULL); break;
  case CASA_MEMBER_OBJECT: take_nested(emit, member->json, ours, unit); break;
  case CASA_MEMBER_ARRAY: take_array(emit, member, ours, unit); break;
  }
}

void
casa_kit_take(CasaEmit *emit, const CasaMember *member, const CasaKitName *names)
{
  const CasaKitName *name = casa_kit_find(names, member->name, member->name_len);
  if (name && !name->ours)
    return;
  g_autofree char *own = name ? NULL : g_strndup(member->name, member->name_len);
  casa_kit_take_as(emit, member, name ? name->ours : own, name ? name->unit : NULL);
}

/* {"voltage":3005,"voltage_unit":"mV"} */
static const char *
unit_beside(json_t *object, const char *key)
{
  char name[CASA_NAME_MAX + 8];
  if (strlen(key) > CASA_NAME_MAX)
    return NULL;
  g_snprintf(name, sizeof name, "%s_unit", key);
  return casa_kit_text(object, name);
}

void
casa_kit_take_object(CasaEmit *emit, json_t *object, const CasaKitName *names, const char *prefix)
{
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value) {
    CasaMember member = casa_member_of_json(key, strlen(key), value);
    const CasaKitName *known = casa_kit_find(names, key, strlen(key));
    g_autofree char *name = prefix && !known ? g_strdup_printf("%s_%s", prefix, key) : NULL;
    if (name) {
      member.name = name;
      member.name_len = strlen(name);
    }
    const char *unit = known && !known->ours ? NULL : unit_beside(object, key);
    if (unit)
      casa_kit_take_as(emit, &member, known ? known->ours : name ? name : key, unit);
    else
      casa_kit_take(emit, &member, names);
  }
}

void
casa_kit_take_member(CasaEmit *emit, json_t *object, const char *theirs, const char *ours, const char *unit)
{
  json_t *value = json_object_get(object, theirs);
  if (!value)
    return;
  CasaMember member = casa_member_of_json(theirs, strlen(theirs), value);
  casa_kit_take_as(emit, &member, ours, unit);
}

/* --- When -------------------------------------------------------------------------------------------------------- */

void
casa_kit_time_text(CasaEmit *emit, const char *text, gsize len)
{
  gint64 t_ms;
  CasaMember member = { .name = "time", .name_len = 4, .type = CASA_MEMBER_TEXT, .text = text, .text_len = len };
  CasaMember uptime = casa_member_of_number("time", 0);
  double ignored;
  if (casa_number_parse(text, len, &ignored) == CASA_NUMBER_OK)
    casa_emit_time(emit, &member);
  else if (casa_time_parse_rfc3339(text, len, &t_ms))
    casa_emit_time(emit, t_ms < CLOCK_NEVER_SET_MS ? &uptime : &member);
  else if ((len > 6 && memcmp(text, "/Date(", 6) == 0) || casa_time_parse_mail(text, len, &t_ms))
    casa_emit_time(emit, &member);
  else if (casa_time_parse_wall(text, len, &t_ms) && (t_ms < CLOCK_NEVER_SET_MS || emit->limits->zone))
    casa_emit_time(emit, t_ms < CLOCK_NEVER_SET_MS ? &uptime : &member);
}

void
casa_kit_time(CasaEmit *emit, json_t *time)
{
  if (json_is_string(time)) {
    casa_kit_time_text(emit, json_string_value(time), json_string_length(time));
  } else if (json_is_number(time)) {
    CasaMember member = casa_member_of_json("time", 4, time);
    casa_emit_time(emit, &member);
  }
}

/* --- Whose ------------------------------------------------------------------------------------------------------- */

void
casa_kit_station(const CasaPayload *payload, CasaEmit *emit, const char *name)
{
  if (payload->topic->kind == CASA_TOPIC_KIT && name && *name)
    casa_emit_station(emit, name, strlen(name));
}

void
casa_kit_substation(const CasaPayload *payload, CasaEmit *emit, const char *name)
{
  if (!name || !*name)
    return;
  g_autofree char *whole =
    payload->topic->kind == CASA_TOPIC_KIT ? g_strdup(name) : g_strdup_printf("%s-%s", payload->topic->station, name);
  casa_emit_station(emit, whole, strlen(whole));
}

char *
casa_kit_level(const CasaPayload *payload, int i)
{
  gsize len;
  const char *level = casa_payload_kit_level(payload, i, &len);
  return level && len > 0 ? g_strndup(level, len) : NULL;
}

gboolean
casa_kit_level_is(const CasaPayload *payload, int i, const char *wanted)
{
  gsize len;
  const char *level = casa_payload_kit_level(payload, i, &len);
  return level && len == strlen(wanted) && memcmp(level, wanted, len) == 0;
}

/* --- Several in one message -------------------------------------------------------------------------------------- */

/* What a member is stored as, with a number for values only; NULL: it is no value. */
static char *
metric_of(const CasaEmit *emit, const CasaKitName *names, const char *key, json_t *value)
{
  const CasaKitName *name = casa_kit_find(names, key, strlen(key));
  const char *ours = name ? name->ours : key;
  if (!ours || isnan(casa_kit_number(value)))
    return NULL;
  const CasaMetric *metric = casa_emit_find_metric(emit, ours, strlen(ours));
  return metric ? g_strdup(metric->id) : g_ascii_strdown(ours, -1);
}

static gboolean
measure_the_same(const CasaEmit *emit, const CasaKitPart *parts, guint n, const CasaKitName *names)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n; i++) {
    const char *key;
    json_t *value;
    json_object_foreach (parts[i].values, key, value) {
      char *metric = metric_of(emit, names, key, value);
      gpointer whose = metric ? g_hash_table_lookup(seen, metric) : NULL;
      if (whose && whose != &parts[i]) {
        g_free(metric);
        return TRUE;
      }
      if (metric)
        g_hash_table_insert(seen, metric, (gpointer)&parts[i]);
    }
  }
  return FALSE;
}

void
casa_kit_take_parts(CasaEmit *emit, const CasaKitPart *parts, guint n, const CasaKitName *names, json_t *time)
{
  char station[CASA_NAME_MAX + 1];
  gboolean apart = measure_the_same(emit, parts, n, names);
  g_strlcpy(station, casa_emit_whose(emit), sizeof station);
  for (guint i = 0; i < n; i++) {
    if ((i == 0 || apart) && !casa_emit_begin(emit))
      continue;
    if (i == 0 || apart)
      casa_kit_time(emit, time);
    if (apart && parts[i].name[0]) {
      g_autofree char *name = g_strdup_printf("%s-%s", station, parts[i].name);
      casa_emit_station(emit, name, strlen(name));
    }
    casa_kit_take_object(emit, parts[i].values, names, NULL);
    if (apart) {
      casa_emit_end(emit);
      casa_emit_station(emit, station, strlen(station));
    }
  }
  casa_emit_end(emit);
}

void
casa_kit_place(CasaEmit *emit, json_t *lat, json_t *lon, const char *name, const char *kind, gboolean moves)
{
  double north = casa_kit_number(lat), east = casa_kit_number(lon);
  if (isnan(north) || isnan(east))
    return;
  if (moves) {
    casa_emit_number(emit, "lat", north, NULL);
    casa_emit_number(emit, "lon", east, NULL);
  }
  casa_emit_describe(emit, casa_emit_whose(emit), name, kind, north, east);
}

const char *
casa_kit_domain_of(const CasaEmit *emit, const char *metric)
{
  const CasaMetric *known = casa_emit_find_metric(emit, metric, strlen(metric));
  return known ? known->domain : NULL;
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

json_t *
casa_kit_at(json_t *object, const char *name, ...)
{
  va_list names;
  va_start(names, name);
  for (; name && object; name = va_arg(names, const char *))
    object = json_object_get(object, name);
  va_end(names);
  return object;
}

const char *
casa_kit_text(json_t *object, const char *name)
{
  return json_string_value(json_object_get(object, name));
}

double
casa_kit_number(json_t *value)
{
  double number;
  if (json_is_number(value))
    return json_number_value(value);
  if (json_is_string(value) &&
      casa_number_parse(json_string_value(value), json_string_length(value), &number) == CASA_NUMBER_OK)
    return number;
  return NAN;
}

json_t *
casa_kit_root(CasaPayload *payload)
{
  if (payload->text_len == 0 || payload->text[0] != '{')
    return NULL;
  json_t *root = casa_payload_json(payload, NULL);
  return json_is_object(root) ? root : NULL;
}

#define FORM_MAX 200 /* members */

json_t *
casa_kit_form(const CasaPayload *payload)
{
  if (payload->text_len == 0 || !g_ascii_isalpha(payload->text[0]) || !memchr(payload->text, '=', payload->text_len) ||
      !g_utf8_validate(payload->text, (gssize)payload->text_len, NULL))
    return NULL;
  json_t *form = json_object();
  g_autofree char *text = g_strndup(payload->text, payload->text_len);
  g_auto(GStrv) pairs = g_strsplit(g_strdelimit(text, "+", ' '), "&", FORM_MAX);
  for (guint i = 0; pairs[i]; i++) {
    char *equals = strchr(pairs[i], '=');
    if (!equals)
      continue;
    *equals = '\0';
    g_autofree char *value = g_uri_unescape_string(equals + 1, NULL);
    if (value)
      json_object_set_new(form, pairs[i], json_string(value));
  }
  return form;
}

/* --- Plain values ------------------------------------------------------------------------------------------------ */

#define WORD_MAX 64

gboolean
casa_kit_is_plain(const CasaPayload *payload)
{
  return payload->text_len <= WORD_MAX && (payload->text_len == 0 || !strchr("{[", payload->text[0])) &&
         g_utf8_validate(payload->text, (gssize)payload->text_len, NULL);
}

CasaMember
casa_kit_plain(const CasaPayload *payload, const char *name)
{
  const char *text = payload->text;
  gsize len = payload->text_len;
  if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
    text++;
    len -= 2;
  }
  return casa_member_of_text(name, text, len);
}

gsize
casa_kit_split_name(const CasaEmit *emit, const char *name, gsize len)
{
  for (gsize i = 1; i + 1 < len; i++)
    if (strchr("_-. ", name[i]) && casa_emit_find_metric(emit, name + i + 1, len - i - 1))
      return i;
  return 0;
}
