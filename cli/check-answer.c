/* SPDX-License-Identifier: Apache-2.0 */
#include "check-answer.h"

#include "base/clock.h"
#include "wire/encode.h"

#include <string.h>

const CasaReason *
cli_verdict_refusal(const CliVerdict *v)
{
  if (v->decoded)
    return casa_decoded_why(v->decoded);
  return v->usable ? NULL : &v->why;
}

static const char *
time_note(const CasaReading *reading)
{
  switch (reading->time_source) {
  case CASA_TIME_PAYLOAD: return "";
  case CASA_TIME_ARRIVAL:
    return cli_said(" (no time in it: arrival time)", " (pas d'heure dedans : heure d'arrivée)", " (لا وقت فيها: وقت الوصول)");
  case CASA_TIME_UPTIME:
    return cli_said(" (its time is an uptime: arrival time)", " (son heure compte depuis l'allumage : heure d'arrivée)",
                    " (وقتها منذ التشغيل: وقت الوصول)");
  }
  return "";
}

static const char *
simulated_word(void)
{
  return cli_said(" simulated", " simulé", " محاكاة");
}

static void
describe_event(CliCheck *self, const CasaEvent *e)
{
  char start[32], end[32], buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(self->out, "%s%s/%s", cli_said("event    ", "événement  ", "حدث  "), e->source, e->id);
  if (e->over) {
    g_string_append(self->out, cli_said(" is over", " est fini", " انتهى"));
    return;
  }
  g_string_append_printf(
    self->out,
    cli_said(" %s%s%s from %s to %s intensity=%s%s", " %s%s%s de %s à %s intensité=%s%s", " %s%s%s من %s إلى %s شدة=%s%s"),
    e->event, *e->place ? cli_said(" at ", " à ", " في ") : "", e->place, casa_time_format(e->start_ms, start),
    e->end_ms == CASA_EVENT_OPEN ? cli_said("an open end", "une fin ouverte", "نهاية مفتوحة")
                                 : casa_time_format(e->end_ms, end),
    cli_number(buf, e->intensity), e->simulated ? simulated_word() : "");
}

static void
describe_reading(CliCheck *self, const CasaReading *r)
{
  char time[32], buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(self->out, "%s/%s/%s %s", r->source, r->domain, r->station, casa_time_format(r->t_ms, time));
  for (guint i = 0; i < r->n_fields; i++)
    g_string_append_printf(self->out, " %s=%s", r->fields[i].metric, cli_number(buf, r->fields[i].value));
  g_string_append(self->out, time_note(r));
}

static const char *
words_of(const CasaDecoded *d, guint i, char words[CASA_REASON_SIZE])
{
  return casa_reason_text_in(&g_array_index(d->refusals, CasaRefused, i).why, cli_language(), words);
}

static const char *
refused_word(void)
{
  return cli_said("refused", "refusé", "مرفوض");
}

static void
describe_refused(CliCheck *self, const CasaReason *why)
{
  char words[CASA_REASON_SIZE];
  g_string_append_printf(self->out, "%s  %s: %s", refused_word(), why->code, casa_reason_text_in(why, cli_language(), words));
}

/* The first reading and the first refusal; the others follow, a line each. */
static void
describe_first(CliCheck *self, const CasaDecoded *d)
{
  char words[CASA_REASON_SIZE];
  g_string_append(self->out, d->refusals->len ? cli_said("partly   ", "partiel  ", "جزئيًا  ")
                                              : cli_said("stored   ", "stocké   ", "حُفظ  "));
  describe_reading(self, casa_decoded_reading(d, 0));
  if (d->refusals->len > 0)
    g_string_append_printf(self->out, "%s %u: %s", cli_said("; refused", " ; refusés", "؛ مرفوض"), d->n_refused,
                           words_of(d, 0, words));
}

static void
describe_others(CliCheck *self, const CasaDecoded *d)
{
  char words[CASA_REASON_SIZE];
  for (guint i = 1; i < d->readings->len; i++) {
    g_string_append(self->out, cli_said("\n   and   ", "\n   et    ", "\n   و    "));
    describe_reading(self, casa_decoded_reading(d, i));
  }
  for (guint i = 1; i < d->refusals->len; i++)
    g_string_append_printf(self->out, "\n   %s  %s", refused_word(), words_of(d, i, words));
}

void
cli_check_answer_text(CliCheck *self, const CliVerdict *v)
{
  const CasaReason *why = cli_verdict_refusal(v);
  if (!v->usable) {
    describe_refused(self, why);
  } else if (v->ignored && v->decoded) {
    g_string_append(self->out, cli_said("ignored  understood, and nothing to store", "ignoré   compris, et rien à stocker",
                                        "متجاهل  مفهوم، ولا شيء يُحفظ"));
  } else if (v->ignored) {
    g_string_append(self->out, cli_said("ignored  this topic is not data", "ignoré   ce sujet ne porte pas de mesures",
                                        "متجاهل  هذا الموضوع لا يحمل قياسات"));
  } else if (v->topic.kind == CASA_TOPIC_EVENT) {
    describe_event(self, &v->event);
  } else if (v->topic.kind == CASA_TOPIC_REPORT) {
    g_string_append_printf(self->out, "%s%s/%s %s", cli_said("report   ", "signalement  ", "تبليغ  "), v->report.source,
                           v->report.id, v->report.withdrawn ? cli_said("withdrawn", "retiré", "سُحب") : v->report.service);
  } else if (v->decoded && v->decoded->readings->len > 0) {
    describe_first(self, v->decoded);
  } else if (why) {
    describe_refused(self, why);
  } else {
    const CasaDescriptor *d = v->decoded ? &g_array_index(v->decoded->descriptors, CasaDescriptor, 0) : &v->descriptor;
    g_string_append_printf(self->out, "%s%s/%s/%s name=\"%s\" kind=%s%s%s", cli_said("station  ", "station  ", "محطة  "),
                           d->source, d->domain, d->station, d->name, d->kind,
                           d->has_position ? "" : cli_said(" (no position)", " (sans position)", " (دون موقع)"),
                           d->simulated ? simulated_word() : "");
  }
  if (v->hint)
    g_string_append_printf(self->out, "; %s", v->hint);
  if (v->new_names)
    g_string_append_printf(self->out, "; %s", v->new_names);
  if (v->decoded)
    describe_others(self, v->decoded);
}

static void
append_text(GString *out, const char *key, const char *text)
{
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, text);
}

static void
append_fields(GString *out, const CasaDecoded *d)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  const CasaReading *r = casa_decoded_reading(d, 0);
  g_string_append_printf(out, ",\"t\":%" G_GINT64_FORMAT ",\"fields\":{", r->t_ms);
  for (guint i = 0; i < r->n_fields; i++) {
    if (i)
      g_string_append_c(out, ',');
    casa_encode_string(out, r->fields[i].metric);
    g_string_append_printf(out, ":%s", cli_number(buf, r->fields[i].value));
  }
  g_string_append_printf(out, "},\"refused\":%u", d->n_refused);
}

void
cli_check_answer_json(CliCheck *self, const CliVerdict *v)
{
  char words[CASA_REASON_SIZE];
  const CasaReason *why = cli_verdict_refusal(v);
  gboolean reading = v->usable && v->decoded && v->decoded->readings->len > 0;
  g_string_append_printf(self->out, "{\"line\":%" G_GUINT64_FORMAT, self->line);
  append_text(self->out, "verdict",
              !v->usable                           ? "refused"
              : v->ignored                         ? "ignored"
              : v->topic.kind == CASA_TOPIC_EVENT  ? "event"
              : v->topic.kind == CASA_TOPIC_REPORT ? "report"
              : !reading && why                    ? "refused"
              : !reading                           ? "station"
              : why                                ? "partly"
                                                   : "stored");
  if (reading)
    append_fields(self->out, v->decoded);
  if (why) {
    append_text(self->out, "code", why->code);
    append_text(self->out, "reason", casa_reason_text(why, words));
  }
  if (v->hint)
    append_text(self->out, "hint", v->hint);
  if (v->new_names)
    append_text(self->out, "new_names", v->new_names);
  g_string_append_c(self->out, '}');
}

/* --json: docs/WIRE.md promises its members. */

static void
append_reading(GString *out, const CasaMetrics *metrics, const CasaReading *r, gboolean *first)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint i = 0; i < r->n_fields; i++) {
    const CasaField *f = &r->fields[i];
    const CasaMetric *known = casa_metrics_find(metrics, f->metric, strlen(f->metric));
    g_string_append_printf(out, "%s{\"source\":\"%s\",\"domain\":\"%s\",\"station\":\"%s\"", *first ? "" : ",", r->source,
                           r->domain, r->station);
    append_text(out, "metric", f->metric);
    g_string_append_printf(out, ",\"value\":%s", cli_number(buf, f->value));
    if (known)
      append_text(out, "unit", known->unit);
    g_string_append_printf(out, ",\"t_ms\":%" G_GINT64_FORMAT, r->t_ms);
    append_text(out, "time", r->time_source == CASA_TIME_PAYLOAD ? "payload" : "arrival");
    g_string_append_c(out, '}');
    *first = FALSE;
  }
}

static void
append_refusal(GString *out, const CasaReason *why, const char *hint)
{
  char words[CASA_REASON_SIZE];
  g_string_append_printf(out, "{\"field\":");
  casa_encode_string(out, why->field);
  append_text(out, "code", why->code);
  append_text(out, "reason", casa_reason_what(why, words));
  casa_reason_cure(why, words);
  append_text(out, "cure", hint ? hint : words);
  g_string_append_c(out, '}');
}

static void
append_station(GString *out, const CasaDescriptor *d)
{
  char lat[G_ASCII_DTOSTR_BUF_SIZE], lon[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(out, "{\"source\":\"%s\",\"station\":\"%s\"", d->source, d->station);
  append_text(out, "name", d->name);
  append_text(out, "kind", d->kind);
  if (d->has_position)
    g_string_append_printf(out, ",\"lat\":%s,\"lon\":%s", cli_number(lat, d->lat), cli_number(lon, d->lon));
  g_string_append_c(out, '}');
}

static void
append_decoded(CliCheck *self, const CliVerdict *v)
{
  const CasaDecoded *d = v->decoded;
  gboolean first = TRUE;
  g_string_append(self->out, ",\"readings\":[");
  for (guint i = 0; i < d->readings->len; i++)
    append_reading(self->out, self->metrics, casa_decoded_reading(d, i), &first);
  g_string_append(self->out, "],\"refused\":[");
  for (guint i = 0; i < d->refusals->len; i++) {
    g_string_append(self->out, i ? "," : "");
    append_refusal(self->out, &g_array_index(d->refusals, CasaRefused, i).why, i == 0 ? v->hint : NULL);
  }
  g_string_append(self->out, "],\"stations\":[");
  for (guint i = 0; i < d->descriptors->len; i++) {
    g_string_append(self->out, i ? "," : "");
    append_station(self->out, &g_array_index(d->descriptors, CasaDescriptor, i));
  }
  g_string_append_c(self->out, ']');
}

void
cli_check_answer_contract(CliCheck *self, const char *topic, gsize topic_len, const CliVerdict *v)
{
  char quoted[CASA_QUOTE_SIZE];
  const CasaReason *why = cli_verdict_refusal(v);
  g_autofree char *whole = g_utf8_validate(topic, (gssize)topic_len, NULL)
                             ? g_strndup(topic, topic_len)
                             : g_strdup(casa_reason_quote(quoted, topic, topic_len));
  g_string_append(self->out, "{\"topic\":");
  casa_encode_string(self->out, whole);
  g_string_append(self->out, ",\"format\":");
  if (v->decoded && v->decoded->format)
    casa_encode_string(self->out, v->decoded->format);
  else
    g_string_append(self->out, "null");
  if (v->decoded) {
    append_decoded(self, v);
  } else {
    g_string_append(self->out, ",\"readings\":[],\"refused\":[");
    if (why)
      append_refusal(self->out, why, v->hint);
    g_string_append(self->out, "],\"stations\":[");
    if (v->usable && v->topic.kind == CASA_TOPIC_DESCRIPTOR)
      append_station(self->out, &v->descriptor);
    g_string_append_c(self->out, ']');
  }
  g_string_append_c(self->out, '}');
}
