/* SPDX-License-Identifier: Apache-2.0 */
#include "check-hints.h"
#include "cli.h"

#include "base/clock.h"
#include "wire/decode.h"
#include "wire/encode.h"
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
  gint64 now_ms;         /* 0: the clock */
  gboolean json, closed; /* closed: stdout takes no more */
  guint64 line, refused;
  GString *out;
} Check;

/* What the payload would become. */
typedef struct {
  CasaTopic topic;
  gboolean usable, ignored;
  CasaReading reading;
  CasaDescriptor descriptor;
  CasaEvent event;
  CasaReason why;
  char *hint, *new_names; /* owned; NULL: nothing to add */
} Verdict;

/* Of a payload that is over the limit, not more than that need be in memory: it is refused by its length alone. */
static void
judge(const Check *self, const char *topic, gsize topic_len, const char *payload, gsize len, Verdict *v)
{
  gint64 now_ms = self->now_ms ? self->now_ms : casa_clock_now_ms();
  v->ignored = FALSE;
  v->reading.n_refused = 0;
  v->why.code = NULL;
  v->usable = casa_topic_parse(self->config->root, topic, topic_len, &v->topic, &v->why);
  if (!v->usable)
    return;
  switch (v->topic.kind) {
  case CASA_TOPIC_STATION_READING:
  case CASA_TOPIC_METRIC_READING:
    v->usable = casa_decode_reading(self->metrics, &self->limits, &v->topic, payload, len, now_ms, &v->reading, &v->why);
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

static gboolean
is_reading(const Verdict *v)
{
  return v->topic.kind == CASA_TOPIC_STATION_READING || v->topic.kind == CASA_TOPIC_METRIC_READING;
}

/* Why @v, or a field of it, is refused; NULL when nothing is. */
static const CasaReason *
refusal(const Verdict *v)
{
  if (!v->usable)
    return &v->why;
  return !v->ignored && is_reading(v) && v->reading.n_refused ? &v->reading.refused : NULL;
}

static void
add_hints(const Check *self, const char *topic, gsize topic_len, const char *payload, gsize len, Verdict *v)
{
  const CasaReason *why = refusal(v);
  v->hint = why ? cli_check_hint(self->metrics, self->config->root, topic, topic_len, payload, len, why->code) : NULL;
  v->new_names = v->usable && !v->ignored && is_reading(v) ? cli_check_new_names(self->metrics, &v->reading) : NULL;
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
describe_text(Check *self, const Verdict *v)
{
  char time[32], buf[G_ASCII_DTOSTR_BUF_SIZE];
  const CasaReading *r = &v->reading;
  if (!v->usable) {
    g_string_append_printf(self->out, "refused  %s: %s", v->why.code, v->why.text);
  } else if (v->ignored) {
    g_string_append(self->out, "ignored  this topic is not data");
  } else if (v->topic.kind == CASA_TOPIC_EVENT) {
    describe_event(self, &v->event);
  } else if (!is_reading(v)) {
    const CasaDescriptor *d = &v->descriptor;
    g_string_append_printf(self->out, "station  %s/%s/%s name=\"%s\" kind=%s%s%s", d->source, d->domain, d->station, d->name,
                           d->kind, d->has_position ? "" : " (no position)", d->simulated ? " simulated" : "");
  } else {
    g_string_append_printf(self->out, "%s   %s/%s/%s %s", r->n_refused ? "partly" : "stored", r->source, r->domain, r->station,
                           casa_time_format(r->t_ms, time));
    for (guint i = 0; i < r->n_fields; i++)
      g_string_append_printf(self->out, " %s=%s", r->fields[i].metric, cli_number(buf, r->fields[i].value));
    g_string_append(self->out, time_note(r));
    if (r->n_refused)
      g_string_append_printf(self->out, "; refused %u: %s", r->n_refused, r->refused.text);
  }
  if (v->hint)
    g_string_append_printf(self->out, "; %s", v->hint);
  if (v->new_names)
    g_string_append_printf(self->out, "; %s", v->new_names);
}

static void
append_text(GString *out, const char *key, const char *text)
{
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, text);
}

static void
append_fields(GString *out, const CasaReading *r)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(out, ",\"t\":%" G_GINT64_FORMAT ",\"fields\":{", r->t_ms);
  for (guint i = 0; i < r->n_fields; i++) {
    if (i)
      g_string_append_c(out, ',');
    casa_encode_string(out, r->fields[i].metric);
    g_string_append_printf(out, ":%s", cli_number(buf, r->fields[i].value));
  }
  g_string_append_printf(out, "},\"refused\":%u", r->n_refused);
}

static void
describe_json(Check *self, const Verdict *v)
{
  gboolean reading = v->usable && !v->ignored && is_reading(v);
  const CasaReason *why = refusal(v);
  g_string_append_printf(self->out, "{\"line\":%" G_GUINT64_FORMAT, self->line);
  append_text(self->out, "verdict",
              !v->usable                          ? "refused"
              : v->ignored                        ? "ignored"
              : v->topic.kind == CASA_TOPIC_EVENT ? "event"
              : !reading                          ? "station"
              : v->reading.n_refused              ? "partly"
                                                  : "stored");
  if (reading)
    append_fields(self->out, &v->reading);
  if (why) {
    append_text(self->out, "code", why->code);
    append_text(self->out, "reason", why->text);
  }
  if (v->hint)
    append_text(self->out, "hint", v->hint);
  if (v->new_names)
    append_text(self->out, "new_names", v->new_names);
  g_string_append_c(self->out, '}');
}

static void
check_one(Check *self, const char *topic, gsize topic_len, const char *payload, gsize len)
{
  Verdict v;
  judge(self, topic, topic_len, payload, len, &v);
  add_hints(self, topic, topic_len, payload, len, &v);
  g_string_truncate(self->out, 0);
  if (self->json) {
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

static void
check_stream(Check *self, const char *topic, FILE *in)
{
  /* A topic has at most 64 KiB; of a payload that is too long only its length counts. */
  const gsize keep = 65536 + 1 + (gsize)self->limits.max_payload;
  g_autoptr(GString) line = g_string_new(NULL), rest = g_string_new(NULL);
  gsize len, more;
  while (!self->closed && read_line(in, line, keep, &len, FALSE)) {
    self->line++;
    len = trimmed(line, len);
    if (topic && len == 1 && line->str[0] == '{') {
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

int
cli_check(int argc, char **argv)
{
  g_autofree char *topic = NULL, *format = NULL, *now = NULL;
  const GOptionEntry own[] = {
    { "topic", 't', 0, G_OPTION_ARG_STRING, &topic, "The topic of every payload", "TOPIC" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format, "Answer as text (default) or json lines", "FORMAT" },
    { "now", 0, 0, G_OPTION_ARG_STRING, &now, "Judge times as if it were then", "TIME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  Check self = { 0 };
  int status;
  if (!cli_parse(&command, own, &argc, &argv, &config, &status))
    return status;
  if (argc > 2)
    return cli_usage(&command, "only one FILE at a time, not also \"%s\"", argv[2]);
  if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
    return cli_usage(&command, "--format %s: use text or json", format);
  if (now && !casa_time_parse(now, &self.now_ms, &error))
    return cli_usage(&command, "--now: %s", error->message);
  self.json = g_strcmp0(format, "json") == 0;
  self.config = config;
  self.limits =
    (CasaWireLimits){ config->max_payload, config->max_depth, config->max_fields, config->future_ms, config->retention_ms };
  self.out = g_string_new(NULL);
  status = check(&self, topic, argc > 1 ? argv[1] : NULL);
  g_string_free(self.out, TRUE);
  casa_metrics_free(self.metrics);
  return cli_finish_stdout(&command, status);
}
