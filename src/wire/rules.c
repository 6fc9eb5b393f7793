/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/rules.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

/* 2^53: every sequence number below it is exact as a double. */
#define SEQ_MAX 9007199254740992.0

static const char *const time_names[] = { "t", "ts", "time", "timestamp" };

void
casa_rules_begin(CasaRules *self, const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                 gint64 now_ms, CasaReading *out)
{
  self->metrics = metrics;
  self->limits = limits;
  self->topic = topic;
  self->now_ms = now_ms;
  self->out = out;
  self->time_rank = G_N_ELEMENTS(time_names);
  self->time_bad = FALSE;
  self->has_value = FALSE;
  self->unit[0] = '\0';
  g_strlcpy(out->source, topic->source, sizeof out->source);
  g_strlcpy(out->domain, topic->domain, sizeof out->domain);
  g_strlcpy(out->station, topic->station, sizeof out->station);
  out->t_ms = now_ms;
  out->time_source = CASA_TIME_ARRIVAL;
  out->has_seq = FALSE;
  out->seq = 0;
  out->n_fields = out->n_refused = 0;
  out->refused.code = NULL;
  out->refused.text[0] = '\0';
}

/* Where the reason of one more refused field goes: only the first is told. */
static CasaReason *
refuse(CasaRules *self)
{
  return self->out->n_refused++ == 0 ? &self->out->refused : NULL;
}

const char *
casa_member_type_name(const CasaMember *member)
{
  switch (member->type) {
  case CASA_MEMBER_NUMBER: return "number";
  case CASA_MEMBER_BOOL: return "boolean";
  case CASA_MEMBER_TEXT: return "text";
  case CASA_MEMBER_NULL: return "null";
  case CASA_MEMBER_ARRAY: return "array";
  case CASA_MEMBER_OBJECT: return "object";
  }
  return "value";
}

CasaNumberResult
casa_member_number(const CasaMember *member, double *out)
{
  if (member->type == CASA_MEMBER_TEXT)
    return casa_number_parse(member->text, member->text_len, out);
  if (member->type != CASA_MEMBER_NUMBER && member->type != CASA_MEMBER_BOOL)
    return CASA_NUMBER_NOT;
  *out = member->number + 0.0; /* jansson keeps -0 */
  return isfinite(*out) ? CASA_NUMBER_OK : CASA_NUMBER_NON_FINITE;
}

static gboolean
named(const CasaMember *member, const char *name)
{
  return member->name_len == strlen(name) && memcmp(member->name, name, member->name_len) == 0;
}

/* The publisher's own name brought to [a-z0-9_]. */
static gboolean
clean_name(const char *name, gsize len, char out[CASA_NAME_MAX + 1])
{
  gsize n = 0;
  gboolean separate = FALSE;
  for (gsize i = 0; i < len; i++) {
    if (!g_ascii_isalnum(name[i])) {
      separate = n > 0;
      continue;
    }
    if (n + separate >= CASA_NAME_MAX)
      return FALSE;
    if (separate)
      out[n++] = '_';
    separate = FALSE;
    out[n++] = g_ascii_tolower(name[i]);
  }
  out[n] = '\0';
  return n > 0;
}

/* @metric: what the catalogue knows by this name as it is written or, so that no spelling goes round the catalogue's
 * range and units, as it is cleaned; else NULL. FALSE: no name can be made of it. */
static gboolean
find_metric(const CasaRules *self, const char *name, gsize len, const CasaMetric **metric, char id[CASA_NAME_MAX + 1])
{
  *metric = casa_metrics_find(self->metrics, name, len);
  if (!*metric) {
    if (!clean_name(name, len, id))
      return FALSE;
    *metric = casa_metrics_find(self->metrics, id, strlen(id));
  }
  if (*metric)
    g_strlcpy(id, (*metric)->id, CASA_NAME_MAX + 1);
  return TRUE;
}

static gboolean
has_field(const CasaReading *reading, const char *id)
{
  for (guint i = 0; i < reading->n_fields; i++)
    if (strcmp(reading->fields[i].metric, id) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
in_range(CasaRules *self, const CasaMetric *metric, const char *name, double value)
{
  if (!metric || (value >= metric->min && value <= metric->max))
    return TRUE;
  char v[G_ASCII_DTOSTR_BUF_SIZE], lo[G_ASCII_DTOSTR_BUF_SIZE], hi[G_ASCII_DTOSTR_BUF_SIZE];
  casa_reason_set(refuse(self), "out-of-range",
                  "field \"%s\": %s is outside %s … %s %s; check the sensor and its unit (canonical unit of %s: %s)", name,
                  g_ascii_formatd(v, sizeof v, "%.6g", value), g_ascii_formatd(lo, sizeof lo, "%.6g", metric->min),
                  g_ascii_formatd(hi, sizeof hi, "%.6g", metric->max), metric->unit, metric->id,
                  metric->unit[0] ? metric->unit : "none");
  return FALSE;
}

static void
add_field(CasaRules *self, const CasaMetric *metric, const char *name, const char *id, double value)
{
  CasaReading *out = self->out;
  if (!in_range(self, metric, name, value))
    return;
  if (has_field(out, id)) {
    casa_reason_set(refuse(self), "duplicate-key", "field \"%s\": %s is already in this message; send each metric once", name,
                    id);
    return;
  }
  if (out->n_fields >= MIN(self->limits->max_fields, CASA_FIELDS_MAX)) {
    casa_reason_set(refuse(self), "fields", "field \"%s\": more than %u metrics; split the message", name,
                    MIN(self->limits->max_fields, CASA_FIELDS_MAX));
    return;
  }
  CasaField *field = &out->fields[out->n_fields++];
  g_strlcpy(field->metric, id, sizeof field->metric);
  field->value = value;
}

/* Says why @member is no number. */
static gboolean
number_of(CasaRules *self, const CasaMember *member, const char *name, double *out)
{
  CasaNumberResult result = casa_member_number(member, out);
  if (result == CASA_NUMBER_OK)
    return TRUE;
  if (result == CASA_NUMBER_NON_FINITE)
    casa_reason_set(refuse(self), "non-finite",
                    "field \"%s\": not a finite number; leave the field out when the sensor has no reading", name);
  else
    casa_reason_set(refuse(self), "type", "field \"%s\": %s, wanted a number%s", name, casa_member_type_name(member),
                    member->type == CASA_MEMBER_NULL ? "; leave the field out when there is no reading" : "");
  return FALSE;
}

/* --- Time and sequence ------------------------------------------------------------------------------------------- */

gboolean
casa_epoch_to_ms(double epoch, gint64 *out_ms)
{
  if (!isfinite(epoch) || epoch < 1e9)
    return FALSE;
  double ms = epoch < 5e9 ? epoch * 1e3 : epoch < 5e12 ? epoch : epoch < 5e15 ? epoch / 1e3 : epoch / 1e6;
  *out_ms = (gint64)floor(MIN(ms, 9e15) + 0.5); /* the year 287,000: far enough to be refused as future */
  return TRUE;
}

static void
set_time(CasaRules *self, gint64 t_ms, CasaTimeSource source)
{
  self->time_bad = FALSE;
  self->out->t_ms = t_ms;
  self->out->time_source = source;
}

static void
set_bad_time(CasaRules *self, const CasaMember *member)
{
  char name[CASA_QUOTE_SIZE], text[CASA_QUOTE_SIZE];
  self->time_bad = TRUE;
  casa_reason_quote(name, member->name, member->name_len);
  if (member->type == CASA_MEMBER_TEXT)
    casa_reason_set(&self->time_why, "time",
                    "field \"%s\": \"%s\" is no time; write RFC 3339 with a zone (2026-05-21T17:42:07Z) or a Unix epoch", name,
                    casa_reason_quote(text, member->text, MIN(member->text_len, 60)));
  else
    casa_reason_set(&self->time_why, "time", "field \"%s\": %s, wanted RFC 3339 text or a Unix epoch", name,
                    casa_member_type_name(member));
}

static void
read_time(CasaRules *self, const CasaMember *member)
{
  double epoch;
  gint64 t_ms;
  if (member->type == CASA_MEMBER_NULL) {
    set_time(self, self->now_ms, CASA_TIME_ARRIVAL);
  } else if (member->type != CASA_MEMBER_BOOL && casa_member_number(member, &epoch) == CASA_NUMBER_OK) {
    if (casa_epoch_to_ms(epoch, &t_ms))
      set_time(self, t_ms, CASA_TIME_PAYLOAD);
    else
      set_time(self, self->now_ms, CASA_TIME_UPTIME);
  } else if (member->type == CASA_MEMBER_TEXT && casa_time_parse_rfc3339(member->text, member->text_len, &t_ms)) {
    set_time(self, t_ms, CASA_TIME_PAYLOAD);
  } else {
    set_bad_time(self, member);
  }
}

/* `t` wins over `ts`, `ts` over `time`…, in whatever order they come. */
static gboolean
take_time(CasaRules *self, const CasaMember *member)
{
  for (guint i = 0; i < G_N_ELEMENTS(time_names); i++) {
    if (!named(member, time_names[i]))
      continue;
    if (i < self->time_rank) {
      self->time_rank = i;
      read_time(self, member);
    }
    return TRUE;
  }
  return FALSE;
}

static gboolean
take_seq(CasaRules *self, const CasaMember *member)
{
  double seq;
  if (!named(member, "seq"))
    return FALSE;
  if (member->type != CASA_MEMBER_BOOL && casa_member_number(member, &seq) == CASA_NUMBER_OK && seq >= 0 && seq < SEQ_MAX &&
      seq == floor(seq)) {
    self->out->has_seq = TRUE;
    self->out->seq = (gint64)seq;
    return TRUE;
  }
  casa_reason_set(refuse(self), "type", "field \"seq\": wanted a whole number from 0 up to 2^53; count messages from 0");
  return TRUE;
}

/* What take_time(), take_seq() and refuse_reserved() keep for themselves. */
gboolean
casa_decode_is_reserved(const char *name)
{
  static const char *const others[] = { "seq", "unit", "units", "value" };
  for (guint i = 0; i < G_N_ELEMENTS(time_names); i++)
    if (strcmp(name, time_names[i]) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    if (strcmp(name, others[i]) == 0)
      return TRUE;
  return FALSE;
}

/* --- Members ----------------------------------------------------------------------------------------------------- */

static gboolean
is_unit(const CasaMember *member)
{
  return named(member, "unit") || named(member, "units");
}

/* Names that carry no metric on a station topic, with what to do instead. */
static gboolean
refuse_reserved(CasaRules *self, const CasaMember *member)
{
  if (is_unit(member)) {
    casa_reason_set(refuse(self), "unit",
                    "field \"unit\": which metric does it belong to? publish that metric to …/%s/<metric> with value and unit",
                    self->topic->station);
    return TRUE;
  }
  if (named(member, "value")) {
    casa_reason_set(refuse(self), "no-metric",
                    "field \"value\": of which metric? name the field after it, or publish to …/%s/<metric>",
                    self->topic->station);
    return TRUE;
  }
  return FALSE;
}

void
casa_rules_station_member(CasaRules *self, const CasaMember *member)
{
  char name[CASA_QUOTE_SIZE], id[CASA_NAME_MAX + 1];
  double value;
  if (take_time(self, member) || take_seq(self, member) || refuse_reserved(self, member))
    return;
  casa_reason_quote(name, member->name, member->name_len);
  if (!number_of(self, member, name, &value))
    return;
  const CasaMetric *metric;
  if (find_metric(self, member->name, member->name_len, &metric, id))
    add_field(self, metric, name, id, value);
  else
    casa_reason_set(refuse(self), "no-metric", "field \"%s\": name it with 1 to %d of a-z, 0-9 and _", name, CASA_NAME_MAX);
}

void
casa_rules_metric_member(CasaRules *self, const CasaMember *member)
{
  if (take_time(self, member) || take_seq(self, member))
    return;
  if (named(member, "value")) {
    self->value = *member;
    self->has_value = TRUE;
  } else if (is_unit(member) && member->type == CASA_MEMBER_TEXT) {
    gsize n = MIN(member->text_len, sizeof self->unit - 1);
    memcpy(self->unit, member->text, n);
    self->unit[n] = '\0';
  }
}

void
casa_rules_plain(CasaRules *self, const CasaMember *value)
{
  self->value = *value;
  self->has_value = TRUE;
}

/* --- The message as a whole -------------------------------------------------------------------------------------- */

/* FALSE: the unit is not one of the metric's. A metric that is not in the catalogue keeps the publisher's unit. */
static gboolean
convert_unit(CasaRules *self, const CasaMetric *metric, double *value)
{
  double factor, offset;
  if (!metric || self->unit[0] == '\0')
    return TRUE;
  if (casa_metrics_convert(self->metrics, metric, self->unit, &factor, &offset)) {
    *value = *value * factor + offset;
    return TRUE;
  }
  char quoted[CASA_QUOTE_SIZE];
  casa_reason_set(refuse(self), "unit", "unit \"%s\" is not known for %s; send %s, or add the unit to config/metrics.conf",
                  casa_reason_quote(quoted, self->unit, strlen(self->unit)), metric->id,
                  metric->unit[0] ? metric->unit : "the bare number");
  return FALSE;
}

static void
end_metric(CasaRules *self)
{
  const char *name = self->topic->metric;
  char id[CASA_NAME_MAX + 1];
  double value;
  if (!self->has_value) {
    casa_reason_set(refuse(self), "empty", "payload: no \"value\"; send {\"value\":21.4} or the plain number 21.4");
    return;
  }
  const CasaMetric *metric;
  gboolean has_name = find_metric(self, name, strlen(name), &metric, id);
  if (!number_of(self, &self->value, name, &value) || !convert_unit(self, metric, &value))
    return;
  if (has_name)
    add_field(self, metric, name, id, value);
  else
    casa_reason_set(refuse(self), "no-metric", "topic: the metric \"%s\" needs a letter or a digit", name);
}

static gboolean
check_time(const CasaRules *self, CasaReason *why)
{
  char at[32];
  gint64 t_ms = self->out->t_ms;
  if (self->time_bad) {
    *why = self->time_why;
    return FALSE;
  }
  if (self->out->time_source != CASA_TIME_PAYLOAD)
    return TRUE;
  if (t_ms > self->now_ms + self->limits->future_ms) {
    casa_reason_set(why, "time-future",
                    "time: %s is %" G_GINT64_FORMAT " s ahead of the clock; set the sensor's clock (NTP, UTC)",
                    casa_time_format(t_ms, at), (t_ms - self->now_ms) / 1000);
    return FALSE;
  }
  if (self->limits->retention_ms > 0 && t_ms < self->now_ms - self->limits->retention_ms) {
    casa_reason_set(why, "time-past",
                    "time: %s is older than the %" G_GINT64_FORMAT " h that are kept; set the sensor's clock or retention",
                    casa_time_format(t_ms, at), self->limits->retention_ms / 3600000);
    return FALSE;
  }
  return TRUE;
}

gboolean
casa_rules_end(CasaRules *self, CasaReason *why)
{
  if (self->topic->kind == CASA_TOPIC_METRIC_READING)
    end_metric(self);
  if (!check_time(self, why))
    return FALSE;
  if (self->out->n_fields > 0)
    return TRUE;
  if (self->out->n_refused > 0)
    *why = self->out->refused;
  else
    casa_reason_set(why, "empty", "payload: no metric in it; send at least one, as in {\"pm10\":74.2}");
  return FALSE;
}
