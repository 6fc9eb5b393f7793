/* SPDX-License-Identifier: Apache-2.0 */
#include "check-hints.h"
#include "cli.h"

#include "base/clock.h"
#include "wire/decoder.h"
#include "wire/encode.h"
#include "wire/formats/format.h"
#include "wire/event.h"

#include <errno.h>
#include <string.h>

static const CliCommand command = {
  .name = "check",
  .without_keyring = TRUE,
  .args = "[FILE|-]",
  .summary = "Says of each payload what would be stored, or why not and how to mend it. Needs no broker and no store.",
  .details = "With --topic, each line of FILE (default: standard input) is a payload for that topic; a payload that begins\n"
             "with a line holding only { is read to the end. Without, each line is a topic, a tab or blank, and a payload,\n"
             "as casa-sim --stdout and mosquitto_sub -v print them.\n"
             "Exit status 1: at least one payload or field would be refused.\n\n"
             "Examples:\n"
             "  echo '{\"pm10\":74.2}' | casa check --topic casa/v1/my-team/air/esp32-1\n"
             "  mosquitto_sub -v -t 'casa/v1/my-team/#' | casa check",
};

typedef struct {
  const CasaConfig *config;
  CasaMetrics *metrics;
  CasaWireLimits limits;
  CasaDecoder *decoder;
  CasaDecoded *decoded;
  gint64 now_ms;                   /* 0: the clock */
  gboolean json, contract, closed; /* contract: --json; closed: stdout takes no more */
  const char *format;              /* NULL: as it looks */
  guint64 line, refused;
  GString *out;
} Check;

/* What the payload would become. */
typedef struct {
  CasaTopic topic;
  gboolean usable, ignored;
  const CasaDecoded *decoded; /* of the Check; NULL: the topic is not one of readings */
  CasaDescriptor descriptor;
  CasaEvent event;
  CasaReason why;         /* of what has no readings */
  char *hint, *new_names; /* owned; NULL: nothing to add */
} Verdict;

/* Of a payload that is over the limit, not more than that need be in memory: it is refused by its length alone. */
static void
judge(const Check *self, const char *topic, gsize topic_len, const char *payload, gsize len, Verdict *v)
{
  gint64 now_ms = self->now_ms ? self->now_ms : casa_clock_now_ms();
  v->ignored = FALSE;
  v->decoded = NULL;
  v->why.code = NULL;
  v->usable = casa_topic_parse(self->config->root, topic, topic_len, &v->topic, &v->why);
  if (!v->usable)
    return;
  switch (v->topic.kind) {
  case CASA_TOPIC_STATION_READING:
  case CASA_TOPIC_METRIC_READING:
  case CASA_TOPIC_KIT:
    v->usable = casa_decoder_decode(self->decoder, &v->topic, payload, len, now_ms, self->decoded);
    v->decoded = self->decoded;
    v->ignored = v->usable && self->decoded->readings->len == 0 && self->decoded->descriptors->len == 0;
    break;
  case CASA_TOPIC_DESCRIPTOR:
    v->usable = casa_decode_descriptor(&self->limits, &v->topic, payload, len, &v->descriptor, &v->why);
    break;
  case CASA_TOPIC_EVENT:
    v->usable = casa_decode_event(&self->limits, &v->topic, payload, len, now_ms, &v->event, &v->why);
    break;
  case CASA_TOPIC_STATUS:
  case CASA_TOPIC_OWN: v->ignored = TRUE; break;
  }
}

/* Why @v, or a part of it, is refused; NULL when nothing is. */
static const CasaReason *
refusal(const Verdict *v)
{
  if (v->decoded)
    return casa_decoded_why(v->decoded);
  return v->usable ? NULL : &v->why;
}

static void
add_hints(const Check *self, const char *topic, gsize topic_len, const char *payload, gsize len, Verdict *v)
{
  const CasaReason *why = refusal(v);
  v->hint = why ? cli_check_hint(self->metrics, self->config->root, topic, topic_len, payload, len, why->code) : NULL;
  v->new_names = v->decoded ? cli_check_new_names(self->metrics, v->decoded) : NULL;
}

static const char *
time_note(const CasaReading *reading)
{
  switch (reading->time_source) {
  case CASA_TIME_PAYLOAD: return "";
  case CASA_TIME_ARRIVAL: return " (no time in it: arrival time)";
  case CASA_TIME_UPTIME: return " (its time is an uptime: arrival time)";
  }
  return "";
}

static void
describe_event(Check *self, const CasaEvent *e)
{
  char start[32], end[32], buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(self->out, "event    %s/%s", e->source, e->id);
  if (e->over) {
    g_string_append(self->out, " is over");
    return;
  }
  g_string_append_printf(self->out, " %s%s%s from %s to %s intensity=%s%s", e->event, *e->place ? " at " : "", e->place,
                         casa_time_format(e->start_ms, start),
                         e->end_ms == CASA_EVENT_OPEN ? "an open end" : casa_time_format(e->end_ms, end),
                         cli_number(buf, e->intensity), e->simulated ? " simulated" : "");
}

static void
describe_reading(Check *self, const CasaReading *r)
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
  return casa_reason_text(&g_array_index(d->refusals, CasaRefused, i).why, words);
}

/* The first reading and the first refusal; the others follow, a line each. */
static void
describe_first(Check *self, const CasaDecoded *d)
{
  char words[CASA_REASON_SIZE];
  g_string_append(self->out, d->refusals->len ? "partly   " : "stored   ");
  describe_reading(self, casa_decoded_reading(d, 0));
  if (d->refusals->len > 0)
    g_string_append_printf(self->out, "; refused %u: %s", d->n_refused, words_of(d, 0, words));
}

static void
describe_others(Check *self, const CasaDecoded *d)
{
  char words[CASA_REASON_SIZE];
  for (guint i = 1; i < d->readings->len; i++) {
    g_string_append(self->out, "\n   and   ");
    describe_reading(self, casa_decoded_reading(d, i));
  }
  for (guint i = 1; i < d->refusals->len; i++)
    g_string_append_printf(self->out, "\n   refused  %s", words_of(d, i, words));
}

static void
describe_text(Check *self, const Verdict *v)
{
  char words[CASA_REASON_SIZE];
  const CasaReason *why = refusal(v);
  if (!v->usable) {
    g_string_append_printf(self->out, "refused  %s: %s", why->code, casa_reason_text(why, words));
  } else if (v->ignored) {
    g_string_append(self->out, v->decoded ? "ignored  understood, and nothing to store" : "ignored  this topic is not data");
  } else if (v->topic.kind == CASA_TOPIC_EVENT) {
    describe_event(self, &v->event);
  } else if (v->decoded && v->decoded->readings->len > 0) {
    describe_first(self, v->decoded);
  } else {
    const CasaDescriptor *d = v->decoded ? &g_array_index(v->decoded->descriptors, CasaDescriptor, 0) : &v->descriptor;
    g_string_append_printf(self->out, "station  %s/%s/%s name=\"%s\" kind=%s%s%s", d->source, d->domain, d->station, d->name,
                           d->kind, d->has_position ? "" : " (no position)", d->simulated ? " simulated" : "");
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

static void
describe_json(Check *self, const Verdict *v)
{
  char words[CASA_REASON_SIZE];
  const CasaReason *why = refusal(v);
  gboolean reading = v->usable && v->decoded && v->decoded->readings->len > 0;
  g_string_append_printf(self->out, "{\"line\":%" G_GUINT64_FORMAT, self->line);
  append_text(self->out, "verdict",
              !v->usable                          ? "refused"
              : v->ignored                        ? "ignored"
              : v->topic.kind == CASA_TOPIC_EVENT ? "event"
              : !reading                          ? "station"
              : why                               ? "partly"
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
append_decoded(Check *self, const Verdict *v)
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

static void
describe_contract(Check *self, const char *topic, gsize topic_len, const Verdict *v)
{
  char quoted[CASA_QUOTE_SIZE];
  const CasaReason *why = refusal(v);
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
    g_string_append_c(self->out, ']');
  }
  g_string_append_c(self->out, '}');
}

static void
check_one(Check *self, const char *topic, gsize topic_len, const char *payload, gsize len)
{
  Verdict v;
  judge(self, topic, topic_len, payload, len, &v);
  add_hints(self, topic, topic_len, payload, len, &v);
  g_string_truncate(self->out, 0);
  if (self->contract) {
    describe_contract(self, topic, topic_len, &v);
  } else if (self->json) {
    describe_json(self, &v);
  } else {
    g_string_append_printf(self->out, "%" G_GUINT64_FORMAT ": ", self->line);
    describe_text(self, &v);
  }
  g_string_append_c(self->out, '\n');
  self->closed = !cli_write(self->out->str, self->out->len);
  self->refused += refusal(&v) != NULL;
  g_free(v.hint);
  g_free(v.new_names);
}

/* "topic<TAB or blank>payload"; @len may be more than what was kept of the line. */
static void
check_pair(Check *self, const GString *line, gsize len)
{
  gsize kept = MIN(len, line->len);
  const char *tab = memchr(line->str, '\t', kept), *blank = memchr(line->str, ' ', kept);
  const char *split = tab ? tab : blank;
  gsize topic_len = split ? (gsize)(split - line->str) : kept;
  const char *payload = split ? split + 1 : line->str + kept;
  check_one(self, line->str, topic_len, payload, len - (gsize)(payload - line->str));
}

/* Reads to the end of the line, or of the file, and keeps the first @keep bytes: a file without line ends, or a log of
 * gigabytes, must not fill the memory. The line's true length in *@len. FALSE: the file has ended. */
static gboolean
read_line(FILE *in, GString *line, gsize keep, gsize *len, gboolean to_end)
{
  int c;
  *len = 0;
  g_string_truncate(line, 0);
  while ((c = getc_unlocked(in)) != EOF && (c != '\n' || to_end))
    if ((*len)++ < keep)
      g_string_append_c(line, (char)c);
  return c != EOF || *len > 0;
}

static gsize
trimmed(const GString *line, gsize len)
{
  while (len > 0 && len <= line->len && line->str[len - 1] == '\r')
    len--;
  return len;
}

/* Protobuf, CBOR, gzip…: bytes 0x0A in it end no line. */
static gboolean
is_binary(const GString *line, gsize len)
{
  gsize kept = MIN(len, line->len);
  for (gsize i = 0; i < kept; i++)
    if ((guchar)line->str[i] < 0x20 && !strchr("\t\r\n\f\b\033", line->str[i]))
      return TRUE;
  return !g_utf8_validate(line->str, (gssize)kept, NULL);
}

static void
check_stream(Check *self, const char *topic, FILE *in)
{
  /* A topic has at most 64 KiB; of a payload that is too long only its length counts. */
  const gsize keep = 65536 + 1 + (gsize)MAX(self->limits.max_payload, self->limits.max_batch);
  g_autoptr(GString) line = g_string_new(NULL), rest = g_string_new(NULL);
  gsize len, more;
  while (!self->closed && read_line(in, line, keep, &len, FALSE)) {
    self->line++;
    len = trimmed(line, len);
    if (topic && is_binary(line, len)) {
      g_string_append_c(line, '\n');
      gboolean more_lines = read_line(in, rest, keep, &more, TRUE);
      g_string_append_len(line, rest->str, more_lines ? (gssize)rest->len : 0);
      check_one(self, topic, strlen(topic), line->str, more_lines ? len + 1 + more : len);
    } else if (topic && len == 1 && line->str[0] == '{') {
      read_line(in, rest, keep, &more, TRUE);
      g_string_assign(line, "{\n");
      g_string_append_len(line, rest->str, (gssize)rest->len);
      check_one(self, topic, strlen(topic), line->str, more + 2);
    } else if (topic) {
      check_one(self, topic, strlen(topic), line->str, len);
    } else if (len > 0) {
      check_pair(self, line, len);
    }
  }
}

static int
check(Check *self, const char *topic, const char *path)
{
  g_autoptr(GError) error = NULL;
  gboolean from_stdin = !path || strcmp(path, "-") == 0;
  self->metrics = casa_metrics_load(self->config->dir, &error);
  if (!self->metrics)
    return cli_fail(&command, error);
  self->decoder = casa_decoder_new(self->metrics, &self->limits);
  self->decoded = casa_decoded_new();
  casa_decoder_force(self->decoder, self->format);
  if (!casa_decoder_load_feeds(self->decoder, self->config->dir, &error))
    return cli_fail(&command, error);
  FILE *in = from_stdin ? stdin : fopen(path, "rb");
  if (!in) {
    g_printerr("casa check: %s: %s\n", path, g_strerror(errno));
    return CLI_FAILED;
  }
  check_stream(self, topic, in);
  gboolean broken = ferror(in) != 0;
  if (broken)
    g_printerr("casa check: %s: %s\n", from_stdin ? "standard input" : path, g_strerror(errno));
  if (!from_stdin)
    fclose(in);
  return broken || self->refused > 0 ? CLI_FAILED : CLI_OK;
}

static char *
format_ids(void)
{
  guint n;
  const CasaFormat *const *formats = casa_formats(&n);
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(out, "%s%s", i ? ", " : "", formats[i]->id);
  return g_string_free(out, FALSE);
}

/* How to answer (text, or lines of JSON: before there was --json), or how to read. */
static gboolean
check_format(const char *format, Check *self)
{
  self->json = g_strcmp0(format, "json") == 0;
  if (!format || self->json || strcmp(format, "text") == 0)
    return TRUE;
  self->format = format;
  return casa_format_by_id(format) != NULL;
}

/* A topic that does not begin as the root does is a kit's own: as it would come below <root>/<source>/kit/. (transfer full) */
static char *
topic_of_kit(const Check *self, const char *topic, const char *source)
{
  gsize n = strcspn(self->config->root, "/");
  gboolean below = strncmp(topic, self->config->root, n) == 0 && (topic[n] == '/' || topic[n] == '\0');
  return below ? g_strdup(topic) : g_strdup_printf("%s/%s/kit/%s", self->config->root, source ? source : "team", topic);
}

int
cli_check(int argc, char **argv)
{
  g_autofree char *topic = NULL, *format = NULL, *now = NULL, *source = NULL, *whole = NULL;
  Check self = { 0 };
  const GOptionEntry own[] = {
    { "topic", 't', 0, G_OPTION_ARG_STRING, &topic, "The topic of every payload", "TOPIC" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format, "Read payloads as this format (tasmota, senml…)", "FORMAT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.contract, "Answer with a JSON object for each payload", NULL },
    { "source", 0, 0, G_OPTION_ARG_STRING, &source, "Whose kit it is, for a TOPIC of a kit's own", "NAME" },
    { "now", 0, 0, G_OPTION_ARG_STRING, &now, "Judge times as if it were then", "TIME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  int status;
  if (!cli_parse(&command, own, &argc, &argv, &config, &status))
    return status;
  if (argc > 2)
    return cli_usage(&command, "only one FILE at a time, not also \"%s\"", argv[2]);
  if (!check_format(format, &self)) {
    g_autofree char *known = format_ids();
    return cli_usage(&command, "--format %s: use text, json, or one of %s", format, known);
  }
  if (now && !casa_time_parse(now, &self.now_ms, &error))
    return cli_usage(&command, "--now: %s", error->message);
  self.config = config;
  self.limits = casa_wire_limits(config);
  self.out = g_string_new(NULL);
  whole = topic ? topic_of_kit(&self, topic, source) : NULL;
  status = check(&self, whole, argc > 1 ? argv[1] : NULL);
  g_string_free(self.out, TRUE);
  casa_decoder_free(self.decoder);
  casa_decoded_free(self.decoded);
  casa_metrics_free(self.metrics);
  return cli_finish_stdout(&command, status);
}
