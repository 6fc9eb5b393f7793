/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/named.h"
#include "wire/formats/symbols.h"

#include <math.h>

/* What kits call the value itself, the best first. */
static const char *const values[] = { "value",       "val",           "reading", "result", "sensor_value",
                                      "sensorValue", "current_value", "valeur",  "data",   "payload",
                                      "measurement", "measure",       "v",       NULL };
/* What kits call the text that says what was measured. */
static const char *const sayers[] = { "metric",
                                      "measurement",
                                      "quantity",
                                      "parameter",
                                      "param",
                                      "variable",
                                      "property",
                                      "observedProperty",
                                      "observed_property",
                                      "type",
                                      "sensor_type",
                                      "sensorType",
                                      "value_type",
                                      "measure",
                                      "mesure",
                                      "grandeur",
                                      "kind",
                                      "key",
                                      "field",
                                      "feed",
                                      "topic",
                                      "channel",
                                      "what",
                                      "name",
                                      "sensor",
                                      "label",
                                      NULL };
/* What kits call the text that says whose it is. */
static const char *const labels[] = { "device",  "device_id",   "deviceId",  "device_name", "station", "station_id", "node",
                                      "node_id", "nodeId",      "sensor_id", "sensorId",    "id",      "sensor",     "name",
                                      "mac",     "mac_address", "dev_eui",   "imei",        "serial",  NULL };

static const CasaMember *
find(const CasaMember *members, guint n, const char *name, CasaMemberType type)
{
  for (guint i = 0; i < n; i++)
    if (members[i].type == type && casa_member_is_like(&members[i], name))
      return &members[i];
  return NULL;
}

/* A text counts where it is wholly a number. */
static const CasaMember *
find_value(const CasaMember *members, guint n)
{
  double number;
  for (guint k = 0; values[k]; k++) {
    const CasaMember *text = find(members, n, values[k], CASA_MEMBER_TEXT);
    const CasaMember *found = find(members, n, values[k], CASA_MEMBER_NUMBER);
    if (!found && text && casa_member_number(text, &number) == CASA_NUMBER_OK)
      found = text;
    if (!found)
      found = find(members, n, values[k], CASA_MEMBER_BOOL);
    if (found)
      return found;
  }
  return NULL;
}

static gboolean
is_text_alone(const CasaMember *member)
{
  double number;
  return member && member->text_len > 0 && casa_member_number(member, &number) != CASA_NUMBER_OK;
}

const CasaMember *
casa_named_label(const CasaMember *members, guint n)
{
  for (guint k = 0; labels[k]; k++) {
    const CasaMember *found = find(members, n, labels[k], CASA_MEMBER_TEXT);
    if (found && found->text_len > 0)
      return found;
  }
  return NULL;
}

gboolean
casa_named_is_label(const CasaMember *member)
{
  static const char *const others[] = {
    "mac",   "mac_address", "serial",       "serial_number", "model",      "firmware", "fw",       "version",  "location",
    "place", "room",        "site",         "type",          "group",      "ssid",     "ip",       "hostname", "description",
    "brand", "vendor",      "manufacturer", "session_id",    "message_id", "tz",       "timezone", NULL
  };
  gboolean text = member->type == CASA_MEMBER_TEXT, known = FALSE;
  if (!text && (member->type != CASA_MEMBER_NUMBER || fabs(member->number) >= 9007199254740992.0)) /* 2^53: told as not exact */
    return FALSE;
  for (guint k = 0; labels[k] && !known; k++)
    known = casa_member_is_like(member, labels[k]);
  for (guint k = 0; text && others[k] && !known; k++)
    known = casa_member_is_like(member, others[k]);
  gsize n = member->name_len;
  return known && (text || (n >= 2 && g_ascii_strncasecmp(member->name + n - 2, "id", 2) == 0));
}

static void
find_metric(const CasaEmit *emit, const CasaMember *members, guint n, CasaNamed *out)
{
  for (guint k = 0; sayers[k]; k++) {
    const CasaMember *text = find(members, n, sayers[k], CASA_MEMBER_TEXT);
    const CasaMetric *metric = is_text_alone(text) ? casa_emit_find_metric(emit, text->text, text->text_len) : NULL;
    out->two |= metric && out->metric && metric != out->metric;
    if (is_text_alone(text) && (!out->says || (metric && !out->metric)))
      out->says = text;
    if (metric && !out->metric)
      out->metric = metric;
  }
}

/* Whether a member beside it is a reading by its own name: then a name that nobody knows is a label of them all. */
static gboolean
has_others(const CasaMember *members, guint n, const CasaNamed *named)
{
  for (guint i = 0; i < n; i++) {
    gboolean one = members[i].type != CASA_MEMBER_TEXT && members[i].type != CASA_MEMBER_NULL;
    gboolean time = casa_member_is_like(&members[i], "time") || casa_member_is_like(&members[i], "timestamp") ||
                    casa_member_is_like(&members[i], "ts") || casa_emit_is_reserved_member(&members[i]);
    if (&members[i] != named->value && one && !time)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_metric(const CasaEmit *emit, const CasaMember *members, guint n, const CasaMetric *metric)
{
  for (guint i = 0; i < n; i++)
    if (casa_emit_find_metric(emit, members[i].name, members[i].name_len) == metric)
      return TRUE;
  return FALSE;
}

gboolean
casa_named_find(const CasaEmit *emit, const CasaMember *members, guint n, CasaNamed *out)
{
  *out = (CasaNamed){ 0 };
  gboolean texts = FALSE;
  for (guint i = 0; i < n && !texts; i++)
    texts = members[i].type == CASA_MEMBER_TEXT;
  const char *unit;
  out->value = texts ? find_value(members, n) : NULL;
  if (!out->value || casa_symbol_metric(out->value, members, n, &unit)) /* V beside A is a voltage */
    return FALSE;
  find_metric(emit, members, n, out);
  if (!out->says)
    return FALSE;
  if (out->two)
    out->metric = NULL;
  else if (out->metric && has_metric(emit, members, n, out->metric))
    return FALSE;
  if (!out->metric && !out->two && has_others(members, n, out))
    return FALSE;
  const CasaMember *label = casa_named_label(members, n);
  out->label = label != out->says ? label : NULL;
  return TRUE;
}

void
casa_named_refuse(CasaEmit *emit, const CasaNamed *named)
{
  char field[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE], wanted[CASA_QUOTE_SIZE];
  double number = NAN;
  CasaReason why;
  casa_reason_quote(field, named->says->name, named->says->name_len);
  casa_reason_quote(got, named->says->text, named->says->text_len);
  casa_member_number(named->value, &number);
  casa_reason_set(&why, named->two ? CASA_WHY_NAMED_TWICE : CASA_WHY_NAMED, .field = field, .got = got,
                  .wanted = casa_reason_number(wanted, number));
  casa_emit_refuse(emit, 1, &why);
}
