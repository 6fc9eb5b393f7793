/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/format.h"
#include "wire/formats/named.h"
#include "wire/formats/symbols.h"
#include "wire/formats/units.h"
#include "wire/tree.h"

#include <string.h>

/* Our own JSON: {"t":…,"pm10":74.2,"gps":{"alt":57},"temp":{"value":70.5,"unit":"°F"}}, and {"value":21.4,"unit":"°C"} where
 * the topic names the metric. */

static gboolean
claims(CasaPayload *payload)
{
  guint n;
  return casa_payload_members(payload, &n) || json_is_object(casa_payload_json(payload, NULL));
}

/* --- Members as an array, so that units and times are known before the values ------------------------------------ */

#define ROOM 32 /* members of most objects */

typedef struct {
  CasaMember room[ROOM], *members;
  guint n;
} Members;

static void
members_of(Members *self, json_t *object)
{
  const char *key;
  json_t *value;
  self->n = 0;
  self->members = json_object_size(object) <= ROOM ? self->room : g_new(CasaMember, json_object_size(object));
  json_object_foreach (object, key, value)
    self->members[self->n++] = casa_member_of_json(key, strlen(key), value);
}

static void
members_clear(Members *self)
{
  if (self->members != self->room)
    g_free(self->members);
}

static const CasaMember *
find_like(const CasaMember *members, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (casa_member_is_like(&members[i], name))
      return &members[i];
  return NULL;
}

static const CasaMember *
find_value(const CasaMember *members, guint n)
{
  const CasaMember *value = find_like(members, n, "value");
  return value ? value : find_like(members, n, "val");
}

/* --- Values ------------------------------------------------------------------------------------------------------ */

/* 2915 beside the charge of a battery: devices with batteries tell their voltage in thousandths, and none has 1,000 V. */
#define MILLI_LEAST 1000

static gboolean
runs_on_battery(const CasaMember *members, guint n)
{
  static const char *const signs[] = { "battery", "batt", "bat", "battery_low", "linkquality", "lqi", "rssi" };
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS(signs); k++)
      if (casa_member_is_like(&members[i], signs[k]))
        return TRUE;
  return FALSE;
}

static gboolean
is_likely_milli(CasaEmit *emit, const CasaMember *member, const CasaMember *members, guint n)
{
  double value, factor, offset;
  if (casa_member_number(member, &value) != CASA_NUMBER_OK || value < MILLI_LEAST)
    return FALSE;
  const CasaMetric *metric = casa_emit_find_metric(emit, member->name, member->name_len);
  if (!metric || casa_member_is(member, metric->id))
    return FALSE;
  g_autofree char *milli = g_strconcat("m", metric->unit, NULL);
  if (!casa_metrics_convert(emit->metrics, metric, milli, &factor, &offset) || factor != 0.001 || !runs_on_battery(members, n))
    return FALSE;
  char name[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE], cure[CASA_QUOTE_SIZE];
  CasaReason why;
  g_snprintf(cure, sizeof cure, "%s in %s", metric->id, metric->unit);
  casa_reason_set(&why, CASA_WHY_UNIT_LIKELY, .field = casa_reason_quote(name, member->name, member->name_len),
                  .got = casa_reason_number(got, value), .wanted = milli, .more = cure);
  casa_emit_refuse(emit, 1, &why);
  return TRUE;
}

static void take_nested(CasaEmit *emit, const CasaUnits *outer, const CasaMember *member);

static void
take_member(CasaEmit *emit, const CasaUnits *units, const CasaMember *member, const CasaMember *members, guint n)
{
  if (member->type == CASA_MEMBER_OBJECT) {
    take_nested(emit, units, member);
    return;
  }
  const char *unit = NULL, *symbol = casa_symbol_metric(member, members, n, &unit);
  if (symbol) {
    CasaMember named = *member;
    named.name = symbol;
    named.name_len = strlen(symbol);
    casa_emit_value(emit, &named, unit ? unit : casa_units_of(units, emit, symbol, named.name_len));
    return;
  }
  unit = casa_units_of(units, emit, member->name, member->name_len);
  if (!unit && is_likely_milli(emit, member, members, n))
    return;
  casa_emit_value(emit, member, unit);
}

/* {"location":{"lat":33.5,"lon":-7.6}} is where the station is. */
static gboolean
is_of_place(const CasaMember *object, const CasaMember *member)
{
  static const char *const places[] = { "location", "position", "coordinates", "coords", "coord",
                                        "geo",      "gps",      "place",       "context" };
  static const char *const parts[] = { "lat", "lon", "lng", "latitude", "longitude" };
  gboolean place = FALSE, part = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(places) && !place; i++) {
    const gsize n = strlen(places[i]), k = object->name_len;
    place = casa_member_is_like(object, places[i]) ||
            (k > n && object->name[k - n - 1] == '_' && memcmp(object->name + k - n, places[i], n) == 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS(parts) && place && !part; i++)
    part = casa_member_is_like(member, parts[i]);
  return part;
}

/* {"v":70.5,"u":"F"} and {"val":70.5,"unit":"F"} are a value and its unit. */
static void
name_pair(Members *members)
{
  CasaMember *value = NULL, *unit = NULL;
  for (guint i = 0; i < members->n; i++) {
    CasaMember *m = &members->members[i];
    if (m->type == CASA_MEMBER_TEXT && (casa_member_is_like(m, "u") || casa_member_is_like(m, "unit")))
      unit = m;
    else if (casa_member_is_like(m, "v") || casa_member_is_like(m, "val"))
      value = m;
  }
  if (!value || !unit)
    return;
  value->name = "value";
  unit->name = "unit";
  value->name_len = strlen("value");
  unit->name_len = strlen("unit");
}

/* {"gps":{"alt":12}} is the metric gps_alt, {"temp":{"value":12}} is temp. Depth is bounded by the limits. */
static void
take_nested(CasaEmit *emit, const CasaUnits *outer, const CasaMember *object)
{
  Members inner;
  CasaUnits units;
  members_of(&inner, object->json);
  name_pair(&inner);
  casa_units_gather(&units, emit, outer, inner.members, inner.n);
  const CasaMember *value = find_value(inner.members, inner.n);
  for (guint i = 0; i < inner.n; i++) {
    CasaMember member = inner.members[i];
    g_autofree char *name = NULL;
    if (casa_units_has(&units, &inner.members[i]) || (value && casa_emit_time_named(emit, &inner.members[i])))
      continue;
    if (&inner.members[i] == value) {
      member.name = object->name;
      member.name_len = object->name_len;
    } else if (!is_of_place(object, &inner.members[i])) {
      name = g_strdup_printf("%.*s_%s", (int)object->name_len, object->name, member.name);
      member.name = name;
      member.name_len = strlen(name);
    }
    const char *unit = casa_units_of(&units, emit, value ? object->name : inner.members[i].name,
                                     value ? object->name_len : inner.members[i].name_len);
    if (member.type == CASA_MEMBER_OBJECT)
      take_nested(emit, &units, &member);
    else
      casa_emit_value(emit, &member, unit);
  }
  members_clear(&inner);
}

/* --- What holds values ------------------------------------------------------------------------------------------- */

/* Objects whose names say where a value comes from, and not what it is: a place of the sensor, or the beginning of a chip's
 * name. */
static const char *const places[] = { "air", "ambient", "climate", "env",     "environment", "indoor",  "outdoor",
                                      "pm",  "sensor",  "sensors", "capteur", "capteurs",    "weather", NULL };
static const char *const chips[] = { "aht",   "am230", "bh1750", "bme",  "bmp",  "ccs811", "dht",   "ds18b20", "hdc",
                                     "hm330", "htu",   "ina2",   "lm35", "mcp9", "mh-z19", "mhz19", "pms",     "pzem",
                                     "scd",   "sds",   "sgp",    "sht",  "si70", "sps3",   "tsl2",  "veml",    NULL };

static gboolean
is_holder(const char *name, json_t *value)
{
  gboolean is = FALSE;
  if (!json_is_object(value) || json_object_get(value, "value") || json_object_get(value, "unit"))
    return FALSE;
  for (guint i = 0; places[i] && !is; i++)
    is = g_ascii_strcasecmp(name, places[i]) == 0;
  for (guint i = 0; chips[i] && !is; i++)
    is = g_ascii_strncasecmp(name, chips[i], strlen(chips[i])) == 0;
  return is;
}

/* What @member, one of @all, is known as; NULL: as nothing. Static, or the catalogue's. */
static const char *
known_as(const CasaEmit *emit, const CasaMember *member, const Members *all)
{
  const char *unit;
  const CasaMetric *metric = casa_emit_find_metric(emit, member->name, member->name_len);
  return metric ? metric->id : casa_symbol_metric(member, all->members, all->n, &unit);
}

static void
count_known(const CasaEmit *emit, GHashTable *counts, json_t *object, gboolean holders)
{
  Members members;
  members_of(&members, object);
  for (guint i = 0; i < members.n; i++) {
    const CasaMember *member = &members.members[i];
    const gboolean holds = holders && member->type == CASA_MEMBER_OBJECT && is_holder(member->name, member->json);
    const char *id = holds ? NULL : known_as(emit, member, &members);
    if (holds)
      count_known(emit, counts, member->json, FALSE);
    if (id)
      g_hash_table_insert(counts, (gpointer)id, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, id)) + 1));
  }
  members_clear(&members);
}

/* Puts into @lifted what the catalogue knows of @holder and nothing else in the message is. */
static void
lift_from(const CasaEmit *emit, GHashTable *counts, json_t *holder, json_t *lifted)
{
  Members members;
  members_of(&members, holder);
  for (guint i = 0; i < members.n; i++) {
    const char *id = known_as(emit, &members.members[i], &members);
    if (id && GPOINTER_TO_UINT(g_hash_table_lookup(counts, id)) == 1)
      json_object_set(lifted, members.members[i].name, json_object_get(holder, members.members[i].name));
  }
  members_clear(&members);
  const char *name;
  json_t *value;
  json_object_foreach (lifted, name, value)
    if (json_object_get(holder, name) == value)
      json_object_del(holder, name);
}

/* {"bme280":{"temperature":20}} is {"temperature":20}. What two of them measure keeps the names in front, which tell it apart,
 * and so does what the catalogue does not know. */
static void
lift_values(const CasaEmit *emit, json_t *object)
{
  g_autoptr(GHashTable) counts = NULL;
  json_auto_t *lifted = NULL;
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value)
    if (is_holder(key, value)) {
      lift_values(emit, value); /* as deep as the limits let a payload be */
      if (!counts)
        counts = g_hash_table_new(g_str_hash, g_str_equal);
    }
  if (!counts)
    return;
  count_known(emit, counts, object, TRUE);
  lifted = json_object();
  json_object_foreach (object, key, value)
    if (is_holder(key, value))
      lift_from(emit, counts, value, lifted);
  json_object_update(object, lifted);
}

/* --- Objects ----------------------------------------------------------------------------------------------------- */

static void
refuse_member(CasaEmit *emit, CasaWhy what, const CasaMember *member)
{
  CasaReason why;
  char name[CASA_QUOTE_SIZE];
  casa_reason_set(&why, what, .field = casa_reason_quote(name, member->name, member->name_len),
                  .got = casa_member_type_name(member), .more = emit->topic->station[0] ? emit->topic->station : "<station>");
  casa_emit_refuse(emit, 1, &why);
}

static void
take_station_members(CasaEmit *emit, const CasaMember *members, guint n)
{
  CasaUnits units;
  casa_units_gather(&units, emit, NULL, members, n);
  for (guint i = 0; i < n; i++) {
    const CasaMember *m = &members[i];
    if (casa_emit_time_named(emit, m) || casa_emit_seq_named(emit, m) || casa_units_has(&units, m))
      continue;
    if (casa_named_is_label(m))
      continue;
    if (casa_emit_is_reserved_member(m))
      refuse_member(emit, casa_member_is_like(m, "value") ? CASA_WHY_OF_WHICH : CASA_WHY_UNIT_NO_TEXT, m);
    else
      take_member(emit, &units, m, members, n);
  }
}

/* The value that an object on a metric's topic is about: `value`, or the metric's own name. */
static const CasaMember *
find_metric_value(const CasaEmit *emit, const char *metric, gsize len, const CasaMember *members, guint n)
{
  const CasaMember *value = find_value(members, n);
  const CasaMetric *known = value ? NULL : casa_emit_find_metric(emit, metric, len);
  for (guint i = 0; i < n && !value; i++) {
    gboolean same = members[i].name_len == len && memcmp(members[i].name, metric, len) == 0;
    if (same || (known && known == casa_emit_find_metric(emit, members[i].name, members[i].name_len)))
      value = &members[i];
  }
  return value;
}

/* Other fields than the value, its unit, time and seq are not read. */
static void
take_metric_members(CasaEmit *emit, const char *metric, gsize len, const CasaMember *members, guint n)
{
  CasaUnits units;
  CasaReason why;
  const CasaMember *found = find_metric_value(emit, metric, len, members, n);
  if (!found) {
    casa_reason_set(&why, CASA_WHY_NO_VALUE);
    casa_emit_refuse(emit, 1, &why);
    return;
  }
  CasaMember value = *found;
  value.name = metric;
  value.name_len = len;
  casa_units_gather_of_one(&units, emit, members, n);
  for (guint i = 0; i < n; i++)
    if (!casa_emit_time_named(emit, &members[i]))
      casa_emit_seq_named(emit, &members[i]);
  const char *unit = units.all[0] ? units.all : casa_units_of(&units, emit, metric, len);
  casa_emit_value(emit, &value, unit);
}

/* What stands beside a named value is read as it always is; the value takes the name that the text gives, and who says so is
 * whose it is: two sensors of one topic do not end in one curve. */
static void
take_named(CasaEmit *emit, const CasaNamed *named, const CasaMember *members, guint n)
{
  Members copy = { .members = n <= ROOM ? copy.room : g_new(CasaMember, n) };
  for (guint i = 0; i < n; i++) {
    if (&members[i] == named->label || &members[i] == named->says)
      continue;
    copy.members[copy.n] = members[i];
    if (&members[i] == named->value) {
      copy.members[copy.n].name = named->says->text;
      copy.members[copy.n].name_len = named->says->text_len;
    }
    copy.n++;
  }
  if (named->label)
    casa_format_substation(emit, named->label);
  take_station_members(emit, copy.members, copy.n);
  members_clear(&copy);
}

/* "…/temperature/json": the last level says how, and the one before it what. */
static gboolean
says_how(const char *level, gsize len)
{
  static const char *const words[] = { "json", "state", "status", "value", "get", "data" };
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strlen(words[i]) == len && g_ascii_strncasecmp(words[i], level, len) == 0)
      return TRUE;
  return FALSE;
}

/* Below kit/, the metric that the topic's last level names, or that before a word that says how: of {"value":…}, if no text
 * beside the value names one. NULL: it names none. *@levels: how many of them are not the station's. */
static const char *
metric_of_kit(const CasaPayload *payload, const CasaEmit *emit, const CasaMember *members, guint n, gsize *len, guint *levels)
{
  CasaNamed named;
  gsize k;
  const char *last = casa_payload_kit_level(payload, -1, len), *before = casa_payload_kit_level(payload, -2, &k);
  *levels = 1;
  if (!last || last == payload->topic->kit || !find_value(members, n))
    return NULL;
  if (casa_emit_find_metric(emit, last, *len))
    return last;
  if (before && before != payload->topic->kit && says_how(last, *len) && casa_emit_find_metric(emit, before, k)) {
    *levels = 2;
    *len = k;
    return before;
  }
  return casa_named_find(emit, members, n, &named) && named.metric ? NULL : last;
}

static void
take_members(CasaPayload *payload, CasaEmit *emit, const CasaMember *members, guint n)
{
  const CasaTopic *topic = payload->topic;
  gsize len;
  CasaNamed named;
  guint levels;
  const char *of_kit = metric_of_kit(payload, emit, members, n, &len, &levels);
  if (topic->kind == CASA_TOPIC_METRIC_READING)
    take_metric_members(emit, topic->metric, strlen(topic->metric), members, n);
  else if (of_kit)
    take_metric_members(emit, of_kit, len, members, n);
  else if (!casa_named_find(emit, members, n, &named))
    take_station_members(emit, members, n);
  else if (named.metric)
    take_named(emit, &named, members, n);
  else
    casa_named_refuse(emit, &named);
}

void
casa_format_take_object(CasaPayload *payload, CasaEmit *emit, json_t *object)
{
  Members members;
  lift_values(emit, object);
  members_of(&members, object);
  take_members(payload, emit, members.members, members.n);
  members_clear(&members);
}

/* {"value":…} below kit/ is of the metric that the topic's last level names; else all levels are the station. */
static void
name_station(CasaPayload *payload, CasaEmit *emit, const CasaMember *members, guint n)
{
  gsize len;
  guint levels;
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, metric_of_kit(payload, emit, members, n, &len, &levels) ? levels : 0);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  guint n;
  Members members = { .members = members.room };
  const CasaMember *flat = casa_payload_members(payload, &n);
  CasaReason why;
  if (!casa_tree_check_size(payload->limits, payload->text_len, &why)) {
    casa_emit_refuse(emit, 0, &why);
    return;
  }
  if (!flat) {
    lift_values(emit, casa_payload_json(payload, NULL));
    members_of(&members, casa_payload_json(payload, NULL));
    flat = members.members;
    n = members.n;
  }
  name_station(payload, emit, flat, n);
  casa_emit_begin(emit);
  take_members(payload, emit, flat, n);
  casa_emit_end(emit);
  members_clear(&members);
}

const CasaFormat casa_format_object = { .id = "object", .name = "JSON object", .claims = claims, .decode = decode };
