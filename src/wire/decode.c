/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/decode-private.h"
#include "wire/rules.h"
#include "wire/tree.h"

#include <string.h>

typedef void (*TakeMember)(CasaRules *rules, const CasaMember *member);

static TakeMember
taker(const CasaTopic *topic)
{
  return topic->kind == CASA_TOPIC_METRIC_READING ? casa_rules_metric_member : casa_rules_station_member;
}

static void
trim(const char **payload, gsize *len)
{
  while (*len > 0 && g_ascii_isspace((*payload)[0])) {
    (*payload)++;
    (*len)--;
  }
  while (*len > 0 && g_ascii_isspace((*payload)[*len - 1]))
    (*len)--;
}

/* --- Flat: no allocation ----------------------------------------------------------------------------------------- */

gboolean
casa_decode_reading_flat(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic, const char *payload,
                         gsize len, gint64 now_ms, CasaReading *out, CasaReason *why)
{
  CasaMember members[CASA_FLAT_MEMBERS_MAX];
  guint n;
  why->code = NULL;
  if (len > limits->max_payload || limits->max_depth < 1 || !g_utf8_validate(payload, (gssize)len, NULL) ||
      !casa_flat_read(payload, len, members, &n))
    return FALSE;
  CasaRules rules;
  casa_rules_begin(&rules, metrics, limits, topic, now_ms, out);
  TakeMember take = taker(topic);
  for (guint i = 0; i < n; i++)
    take(&rules, &members[i]);
  return casa_rules_end(&rules, why);
}

/* --- Tree: anything JSON ----------------------------------------------------------------------------------------- */

static CasaMember
member_of(const char *name, gsize name_len, const json_t *value)
{
  CasaMember m = { .name = name, .name_len = name_len, .type = CASA_MEMBER_NULL };
  switch (json_typeof(value)) {
  case JSON_INTEGER:
  case JSON_REAL:
    m.type = CASA_MEMBER_NUMBER;
    m.number = json_number_value(value);
    break;
  case JSON_TRUE:
  case JSON_FALSE:
    m.type = CASA_MEMBER_BOOL;
    m.number = json_is_true(value) ? 1 : 0;
    break;
  case JSON_STRING:
    m.type = CASA_MEMBER_TEXT;
    m.text = json_string_value(value);
    m.text_len = json_string_length(value);
    break;
  case JSON_ARRAY: m.type = CASA_MEMBER_ARRAY; break;
  case JSON_OBJECT: m.type = CASA_MEMBER_OBJECT; break;
  case JSON_NULL: break;
  }
  return m;
}

/* {"gps":{"alt":12}} is the metric gps_alt. Recursion is bounded by max_depth. */
static void
take_nested(CasaRules *rules, const char *outer, json_t *object)
{
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value) {
    g_autofree char *name = g_strdup_printf("%s_%s", outer, key);
    if (json_is_object(value)) {
      take_nested(rules, name, value);
    } else {
      CasaMember member = member_of(name, strlen(name), value);
      casa_rules_station_member(rules, &member);
    }
  }
}

static void
take_object(CasaRules *rules, TakeMember take, json_t *object)
{
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value) {
    if (json_is_object(value) && rules->topic->kind == CASA_TOPIC_STATION_READING) {
      take_nested(rules, key, value);
      continue;
    }
    CasaMember member = member_of(key, strlen(key), value);
    take(rules, &member);
  }
}

static void
refuse_root(const CasaTopic *topic, const json_t *root, CasaReason *why)
{
  CasaMember m = member_of("", 0, root);
  if (m.type == CASA_MEMBER_NUMBER || m.type == CASA_MEMBER_BOOL)
    casa_reason_set(why, "no-metric",
                    "payload: a plain number, of which metric? publish it to …/%s/<metric>, or send "
                    "{\"<metric>\":…}",
                    topic->station);
  else
    casa_reason_set(why, "type", "payload: JSON %s, wanted an object such as {\"t\":…,\"pm10\":74.2}, one message per moment",
                    casa_member_type_name(&m));
}

gboolean
casa_decode_reading_tree(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic, const char *payload,
                         gsize len, gint64 now_ms, CasaReading *out, CasaReason *why)
{
  json_t *root = casa_tree_load(limits, payload, len, why);
  if (!root)
    return FALSE;
  CasaRules rules;
  casa_rules_begin(&rules, metrics, limits, topic, now_ms, out);
  gboolean ok = FALSE;
  if (json_is_object(root)) {
    take_object(&rules, taker(topic), root);
    ok = casa_rules_end(&rules, why);
  } else if (topic->kind == CASA_TOPIC_METRIC_READING && !json_is_array(root)) {
    CasaMember member = member_of(topic->metric, strlen(topic->metric), root);
    casa_rules_plain(&rules, &member);
    ok = casa_rules_end(&rules, why);
  } else {
    refuse_root(topic, root, why);
  }
  json_decref(root);
  return ok;
}

/* --- Plain numbers ----------------------------------------------------------------------------------------------- */

/* FALSE with why->code NULL: the payload is not a bare number. */
static gboolean
decode_plain(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic, const char *payload, gsize len,
             gint64 now_ms, CasaReading *out, CasaReason *why)
{
  double ignored;
  why->code = NULL;
  if (topic->kind != CASA_TOPIC_METRIC_READING || casa_number_parse(payload, len, &ignored) == CASA_NUMBER_NOT)
    return FALSE;
  CasaRules rules;
  CasaMember member = {
    .name = topic->metric, .name_len = strlen(topic->metric), .type = CASA_MEMBER_TEXT, .text = payload, .text_len = len
  };
  casa_rules_begin(&rules, metrics, limits, topic, now_ms, out);
  casa_rules_plain(&rules, &member);
  return casa_rules_end(&rules, why);
}

static gboolean
check_domain(const CasaMetrics *metrics, const CasaTopic *topic, CasaReason *why)
{
  if (casa_metrics_has_domain(metrics, topic->domain))
    return TRUE;
  casa_reason_set(why, "domain",
                  "domain \"%s\" is not declared; use mobility, energy, air…, or add it to [domains] declared in metrics.conf",
                  topic->domain);
  return FALSE;
}

gboolean
casa_decode_reading(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic, const void *payload,
                    gsize len, gint64 now_ms, CasaReading *out, CasaReason *why)
{
  const char *text = payload;
  out->n_fields = out->n_refused = 0;
  if (!check_domain(metrics, topic, why))
    return FALSE;
  if (len > limits->max_payload)
    return casa_tree_check_bytes(limits, text, len, why);
  trim(&text, &len);
  if (len == 0) {
    casa_reason_set(why, "empty", "payload: nothing in it; send a JSON object%s",
                    topic->kind == CASA_TOPIC_METRIC_READING ? " or a number" : " such as {\"pm10\":74.2}");
    return FALSE;
  }
  if (decode_plain(metrics, limits, topic, text, len, now_ms, out, why))
    return TRUE;
  if (why->code)
    return FALSE;
  if (casa_decode_reading_flat(metrics, limits, topic, text, len, now_ms, out, why))
    return TRUE;
  if (why->code)
    return FALSE;
  return casa_decode_reading_tree(metrics, limits, topic, text, len, now_ms, out, why);
}
