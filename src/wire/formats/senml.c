/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/cbor.h"
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* SenML (RFC 8428), as JSON and as CBOR: records with base values that hold for those that follow. The last part of a record's
 * name is the metric, what stands before it the station. */

/* --- Records ----------------------------------------------------------------------------------------------------- */

/* Names in JSON, and the labels of CBOR (RFC 8428, table 4). */
static json_t *
get(json_t *record, const char *name)
{
  static const char *const labels[][2] = { { "bn", "-2" }, { "bt", "-3" }, { "bu", "-4" }, { "bv", "-5" },
                                           { "n", "0" },   { "u", "1" },   { "v", "2" },   { "vs", "3" },
                                           { "vb", "4" },  { "s", "5" },   { "t", "6" },   { "vd", "8" } };
  json_t *value = json_object_get(record, name);
  for (guint i = 0; !value && i < G_N_ELEMENTS(labels); i++)
    if (strcmp(labels[i][0], name) == 0)
      value = json_object_get(record, labels[i][1]);
  return value;
}

static gboolean
is_pack(json_t *root)
{
  json_t *record;
  size_t i;
  gboolean named = FALSE, base = FALSE; /* a base value is a value of all that follow */
  json_array_foreach (root, i, record) {
    if (!json_is_object(record))
      return FALSE;
    named |= json_is_string(get(record, "n")) || json_is_string(get(record, "bn"));
    base |= json_is_number(get(record, "bv"));
    if (!base && !get(record, "v") && !get(record, "vs") && !get(record, "vb") && !get(record, "vd") && !get(record, "s") &&
        !get(record, "bn"))
      return FALSE;
  }
  return named;
}

static gboolean
is_json(const CasaPayload *payload)
{
  return payload->text_len > 0 && strchr("{[", payload->text[0]);
}

/* {"n":"roof/temp","u":"Cel","v":21.5}: a record that nobody put into an array has SenML's names alone. */
static gboolean
is_record(json_t *object)
{
  static const char *const labels[] = { "bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vb", "vs", "vd", "s", "t", "ut" };
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value) {
    gboolean known = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(labels) && !known; i++)
      known = strcmp(key, labels[i]) == 0;
    if (!known)
      return FALSE;
  }
  return json_is_string(json_object_get(object, "n")) &&
         (json_object_get(object, "v") || json_object_get(object, "vb") || json_object_get(object, "vs"));
}

/* Owned by the payload, or by *own. An object alone is a pack of one. */
static json_t *
pack_of(CasaPayload *payload, json_t **own)
{
  json_t *root;
  if (!is_json(payload)) {
    if (payload->len > 0 && ((guchar)payload->bytes[0] & 0xE0) == 0x80)
      *own = casa_cbor_load(payload->limits, payload->bytes, payload->len);
    return json_is_array(*own) && is_pack(*own) ? *own : NULL;
  }
  root = casa_payload_json(payload, NULL);
  if (json_is_object(root) && (json_is_string(json_object_get(root, "bn")) || is_record(root))) {
    *own = json_pack("[O]", root);
    root = *own;
  }
  return json_is_array(root) && is_pack(root) ? root : NULL;
}

static const char *const marks[] = { "bn", "n", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_auto_t *own = NULL;
  return pack_of(payload, &own) != NULL;
}

/* --- Names ------------------------------------------------------------------------------------------------------- */

/* "urn:dev:mac:0024befffe804ff1", "urn:dev:toit-1": what says only that a name of a device follows. */
static const char *
strip_urn(const char *name)
{
  static const char *const kinds[] = { "mac:", "ow:", "org:", "os:", "ops:" };
  if (!g_str_has_prefix(name, "urn:dev:"))
    return name;
  name += strlen("urn:dev:");
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_has_prefix(name, kinds[i]))
      return name + strlen(kinds[i]);
  return name;
}

/* What a device measures that says nothing but its unit; NULL: that may be many things. */
static const char *
metric_of_unit(json_t *unit)
{
  static const char *const units[][2] = { { "Cel", "temp_c" },      { "%RH", "rh_pct" },       { "V", "voltage_v" },
                                          { "W", "power_w" },       { "A", "current_a" },      { "Hz", "frequency_hz" },
                                          { "Pa", "pressure_hpa" }, { "lx", "illuminance_lx" } };
  for (guint i = 0; json_is_string(unit) && i < G_N_ELEMENTS(units); i++)
    if (strcmp(units[i][0], json_string_value(unit)) == 0)
      return units[i][1];
  return NULL;
}

/* Splits a full name at its last : or /; a base name without one at its end is the station all the same. Both are to be
 * freed. */
static void
split_name(const char *base, const char *own, char **station, char **metric)
{
  g_autofree char *full = g_strconcat(base, own, NULL);
  const char *name = strip_urn(full), *cut = NULL;
  gsize base_len = strlen(strip_urn(base));
  for (const char *p = name; *p; p++)
    if (strchr(":/", *p) && p[1])
      cut = p;
  gboolean joined = *own && base_len > 0 && !strchr(":/_-.", base[strlen(base) - 1]);
  if (joined)
    cut = name + base_len;
  *station = cut ? g_strndup(name, (gsize)(cut - name)) : NULL;
  *metric = g_strdup(cut ? cut + !joined : name);
  gsize n = strlen(*metric);
  while (n > 0 && strchr(":/", (*metric)[n - 1]))
    (*metric)[--n] = '\0';
}

/* --- Readings ---------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name, *unit;
  double time, value;
} Base;

static void
read_base(Base *base, json_t *record)
{
  if (json_is_string(get(record, "bn")))
    base->name = json_string_value(get(record, "bn"));
  if (json_is_string(get(record, "bu")))
    base->unit = json_string_value(get(record, "bu"));
  if (json_is_number(get(record, "bt")))
    base->time = json_number_value(get(record, "bt"));
  if (json_is_number(get(record, "bv")))
    base->value = json_number_value(get(record, "bv"));
}

/* {"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}: the name is the device's, and no metric. */
static void
name_by_unit(const Base *base, json_t *record, char **station, char **metric)
{
  json_t *unit = get(record, "u"), *own = get(record, "n");
  const char *name = *base->name ? base->name : json_is_string(own) ? json_string_value(own) : "";
  const char *known = *station || !g_str_has_prefix(name, "urn:dev:") ? NULL : metric_of_unit(unit);
  if (!known)
    return;
  *station = *metric;
  *metric = g_strdup(known);
}

#define RELATIVE_BELOW 268435456.0 /* 2^28: times below it are relative to now (RFC 8428, 4.5.3) */

static void
take_time(CasaEmit *emit, const Base *base, json_t *record)
{
  json_t *own = get(record, "t");
  double t = base->time + (json_is_number(own) ? json_number_value(own) : 0);
  if (fabs(t) < RELATIVE_BELOW)
    casa_emit_time_ms(emit, emit->now_ms + (gint64)floor(t * 1000 + 0.5));
  else
    casa_emit_time_ms(emit, (gint64)floor(CLAMP(t, -9e12, 9e12) * 1000 + 0.5));
}

/* A word is a state or a label, data are neither. */
static void
take_value(CasaEmit *emit, const Base *base, json_t *record, const char *metric)
{
  const char *unit = json_is_string(get(record, "u")) ? json_string_value(get(record, "u")) : base->unit;
  json_t *v = get(record, "v"), *other = get(record, "vb") ? get(record, "vb") : get(record, "vs");
  if (unit && (strcmp(unit, "lat") == 0 || strcmp(unit, "lon") == 0)) { /* degrees, by its registry of units */
    metric = unit;
    unit = NULL;
  }
  if (json_is_number(v) || (!v && !other && base->value != 0 && !get(record, "s") && !get(record, "vd"))) {
    casa_emit_number(emit, metric, base->value + json_number_value(v), unit);
    return;
  }
  if (!v && !other)
    other = get(record, "s");
  if (!v && !other)
    return;
  CasaMember member = casa_member_of_json(metric, strlen(metric), v ? v : other);
  casa_kit_take_as(emit, &member, metric, unit);
}

static gboolean
has_time(const Base *base, json_t *record)
{
  return base->time != 0 || json_is_number(get(record, "t"));
}

static gboolean
continues(const CasaEmit *emit, const Base *base, json_t *record, const char *station, const char *last, double *at)
{
  json_t *own = get(record, "t");
  double t = base->time + (json_is_number(own) ? json_number_value(own) : 0), before = *at;
  *at = t;
  return last && t == before && g_strcmp0(station, last) == 0;
}

/* Records of one station and moment that follow each other are one reading. */
static void
take_pack(CasaPayload *payload, CasaEmit *emit, json_t *pack)
{
  Base base = { .name = "" };
  g_autofree char *last = NULL;
  double at = NAN;
  gboolean open = FALSE;
  json_t *record;
  size_t i;
  json_array_foreach (pack, i, record) {
    g_autofree char *station = NULL, *metric = NULL;
    read_base(&base, record);
    json_t *own = get(record, "n");
    split_name(base.name, json_is_string(own) ? json_string_value(own) : "", &station, &metric);
    name_by_unit(&base, record, &station, &metric);
    gboolean same = continues(emit, &base, record, station ? station : "", last, &at);
    if (!(same && open)) {
      open = casa_emit_begin(emit);
      if (!open)
        continue;
      if (payload->topic->kind == CASA_TOPIC_KIT)
        casa_format_station_of_topic(payload, emit, 0);
      casa_kit_station(payload, emit, station);
      if (has_time(&base, record))
        take_time(emit, &base, record);
      g_free(last);
      last = g_strdup(station ? station : "");
    }
    take_value(emit, &base, record, metric);
  }
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_auto_t *own = NULL;
  take_pack(payload, emit, pack_of(payload, &own));
}

const CasaFormat casa_format_senml = {
  .id = "senml", .name = "SenML, JSON and CBOR (RFC 8428)", .marks = marks, .claims = claims, .decode = decode
};
