/* SPDX-License-Identifier: Apache-2.0 */
#include "check-answer.h"
#include "check-files.h"
#include "check-hints.h"
#include "check-live.h"
#include "cli.h"

#include "base/clock.h"
#include "wire/formats/format.h"

#include <errno.h>
#include <string.h>

static const CliCommand command = {
  .name = "check",
  .without_keyring = TRUE,
  .args = "[FILE|-]",
  .summary = "Says of each payload what would be stored, or why not and how to mend it. Needs no broker and no store.",
  .details =
    "With --topic, each line of FILE (default: standard input) is a payload for that topic; a payload that begins\n"
    "with a line holding only { is read to the end. Without, each line is a topic, a tab or blank, and a payload,\n"
    "as casa-sim --stdout and mosquitto_sub -v print them; with --source, topics of kits' own are that team's.\n"
    "Exit status 1: at least one payload or field would be refused.\n\n"
    "With --live, what the source publishes is judged as it comes, a line each with its topic, until Ctrl-C; quotas\n"
    "are the recorder's affair. With --indicators or --scenes, such a file is checked instead: a mistake is told with\n"
    "file, line, key and cure, and the status is 2.\n\n"
    "Examples:\n"
    "  echo '{\"pm10\":74.2}' | casa check --topic casa/v1/my-team/air/esp32-1\n"
    "  casa check --live --source my-team --broker mqtt://me@host\n"
    "  casa check --scenes config/scenes.conf",
};

/* Of a payload that is over the limit, not more than that need be in memory: it is refused by its length alone. */
static void
judge(const CliCheck *self, const char *topic, gsize topic_len, const char *payload, gsize len, CliVerdict *v)
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
    v->usable = casa_decode_descriptor(self->metrics, &self->limits, &v->topic, payload, len, &v->descriptor, &v->why) &&
                casa_descriptor_settle(self->metrics, NULL, &v->descriptor, &v->why);
    break;
  case CASA_TOPIC_EVENT:
    v->usable = casa_decode_event(&self->limits, &v->topic, payload, len, now_ms, &v->event, &v->why);
    break;
  case CASA_TOPIC_REPORT: v->usable = casa_decode_report(&self->limits, &v->topic, payload, len, &v->report, &v->why); break;
  case CASA_TOPIC_TWIN: {
    CasaTopic reading = v->topic;
    reading.kind = CASA_TOPIC_STATION_READING;
    v->usable = casa_decoder_decode(self->decoder, &reading, payload, len, now_ms, self->decoded);
    v->decoded = self->decoded;
    v->ignored = v->usable;
    break;
  }
  case CASA_TOPIC_TOLL:
  case CASA_TOPIC_STATUS:
  case CASA_TOPIC_OWN: v->ignored = TRUE; break;
  }
}

static void
add_hints(const CliCheck *self, const char *topic, gsize topic_len, const char *payload, gsize len, CliVerdict *v)
{
  const CasaReason *why = cli_verdict_refusal(v);
  v->hint = why ? cli_check_hint(self->metrics, self->config->root, topic, topic_len, payload, len, why->code) : NULL;
  v->new_names = v->decoded ? cli_check_new_names(self->metrics, v->decoded) : NULL;
}

/* Before an answer in text: which payload it is about. */
static void
name_payload(CliCheck *self, const char *topic, gsize topic_len)
{
  char quoted[CASA_QUOTE_SIZE];
  if (self->live && g_utf8_validate(topic, (gssize)topic_len, NULL))
    g_string_append_len(self->out, topic, (gssize)topic_len);
  else if (self->live)
    g_string_append(self->out, casa_reason_quote(quoted, topic, topic_len));
  else
    g_string_append_printf(self->out, "%" G_GUINT64_FORMAT, self->line);
  g_string_append(self->out, ": ");
}

static void
check_one(CliCheck *self, const char *topic, gsize topic_len, const char *payload, gsize len)
{
  CliVerdict v;
  judge(self, topic, topic_len, payload, len, &v);
  add_hints(self, topic, topic_len, payload, len, &v);
  g_string_truncate(self->out, 0);
  if (self->contract) {
    cli_check_answer_contract(self, topic, topic_len, &v);
  } else if (self->json) {
    cli_check_answer_json(self, &v);
  } else {
    name_payload(self, topic, topic_len);
    cli_check_answer_text(self, &v);
  }
  g_string_append_c(self->out, '\n');
  self->closed = !cli_write(self->out->str, self->out->len);
  self->refused += cli_verdict_refusal(&v) != NULL;
  g_free(v.hint);
  g_free(v.new_names);
}

/* A topic that does not begin as the root does is a kit's own: as it would come below <root>/<source>/kit/. (transfer full) */
static char *
topic_of_kit(const CliCheck *self, const char *topic, const char *source)
{
  gsize n = strcspn(self->config->root, "/");
  gboolean below = strncmp(topic, self->config->root, n) == 0 && (topic[n] == '/' || topic[n] == '\0');
  while (!below && *topic == '/')
    topic++; /* as HSL's begin */
  return below ? g_strdup(topic) : g_strdup_printf("%s/%s/kit/%s", self->config->root, source ? source : "team", topic);
}

/* "topic<TAB or blank>payload"; @len may be more than what was kept of the line. */
static void
check_pair(CliCheck *self, const GString *line, gsize len)
{
  gsize kept = MIN(len, line->len);
  const char *tab = memchr(line->str, '\t', kept), *blank = memchr(line->str, ' ', kept);
  const char *split = tab ? tab : blank;
  gsize topic_len = split ? (gsize)(split - line->str) : kept;
  const char *payload = split ? split + 1 : line->str + kept;
  g_autofree char *topic = g_strndup(line->str, topic_len),
                  *whole = self->source ? topic_of_kit(self, topic, self->source) : NULL;
  if (whole)
    check_one(self, whole, strlen(whole), payload, len - (gsize)(payload - line->str));
  else
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

/* Also of a first byte that ends a line, as Protobuf's first field is written: the byte behind it is no text, then. */
static gboolean
begins_binary(FILE *in, const GString *line, gsize len)
{
  int next = len == 0 ? getc_unlocked(in) : EOF;
  if (next != EOF)
    ungetc(next, in);
  return is_binary(line, len) || (next != EOF && next < 0x20 && !strchr("\t\r\n\f\b\033", next));
}

/* The rest of the input is one payload with what was read of it; @len: its true length. */
static void
check_whole(CliCheck *self, const char *topic, GString *begun, gsize len, FILE *in, gsize keep)
{
  g_autoptr(GString) rest = g_string_new(NULL);
  gsize more;
  g_string_append_c(begun, '\n');
  gboolean more_lines = read_line(in, rest, keep, &more, TRUE);
  g_string_append_len(begun, rest->str, more_lines ? (gssize)rest->len : 0);
  check_one(self, topic, strlen(topic), begun->str, more_lines ? len + 1 + more : len);
}

static void
check_stream(CliCheck *self, const char *topic, FILE *in)
{
  /* A topic has at most 64 KiB; of a payload that is too long only its length counts. */
  const gsize keep = 65536 + 1 + (gsize)MAX(self->limits.max_payload, self->limits.max_batch);
  g_autoptr(GString) line = g_string_new(NULL), rest = g_string_new(NULL);
  gsize len, more;
  while (!self->closed && read_line(in, line, keep, &len, FALSE)) {
    self->line++;
    len = trimmed(line, len);
    if (topic && begins_binary(in, line, len)) {
      check_whole(self, topic, line, len, in, keep);
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

static gboolean
load(CliCheck *self, GError **error)
{
  self->metrics = casa_metrics_load(self->config->dir, error);
  if (!self->metrics)
    return FALSE;
  self->decoder = casa_decoder_new(self->metrics, &self->limits);
  self->decoded = casa_decoded_new();
  casa_decoder_force(self->decoder, self->format);
  return casa_decoder_load_feeds(self->decoder, self->config->dir, error);
}

/* What the recorder answers on $feedback is not what the source publishes. */
static gboolean
heard_cb(const CasaMessage *m, gpointer data)
{
  CliCheck *self = data;
  CasaTopic topic;
  CasaReason why;
  if (casa_topic_parse(self->config->root, m->topic, m->topic_len, &topic, &why) && topic.kind == CASA_TOPIC_OWN)
    return TRUE;
  self->line++;
  check_one(self, m->topic, m->topic_len, m->payload, m->payload_len);
  fflush(stdout);
  return !self->closed;
}

static int
check_live(CliCheck *self, const CliCommand *with_broker, const char *source, gint64 duration_ms)
{
  g_autoptr(GError) error = NULL;
  if (!load(self, &error))
    return cli_fail(with_broker, error);
  int status = cli_check_live(with_broker, self->config, source, duration_ms, heard_cb, self);
  return status == CLI_OK && self->refused > 0 ? CLI_FAILED : status;
}

static int
check(CliCheck *self, const char *topic, const char *path)
{
  g_autoptr(GError) error = NULL;
  gboolean from_stdin = !path || strcmp(path, "-") == 0;
  if (!load(self, &error))
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
check_format(const char *format, CliCheck *self)
{
  self->json = g_strcmp0(format, "json") == 0;
  if (!format || self->json || strcmp(format, "text") == 0)
    return TRUE;
  self->format = format;
  return casa_format_by_id(format) != NULL;
}

/* What was asked for beside payloads; texts are owned. */
typedef struct {
  char *topic, *format, *now, *source, *duration, *indicators, *scenes;
  gboolean live;
  gint64 duration_ms;
} Asked;

static void
asked_clear(Asked *a)
{
  char *const texts[] = { a->topic, a->format, a->now, a->source, a->duration, a->indicators, a->scenes };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
}

/* CLI_OK, or CLI_USAGE after saying why. */
static int
check_asked(Asked *a, CliCheck *self, int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc > 2)
    return cli_usage(&command,
                     cli_said("only one FILE at a time, not also \"%s\"", "un seul FILE à la fois, pas aussi « %s »",
                              "ملف واحد كل مرة، لا «%s» أيضًا"),
                     argv[2]);
  if (a->live && (!a->source || a->topic || argc > 1))
    return cli_usage(&command, "%s",
                     cli_said("--live needs --source NAME, and takes no --topic and no FILE",
                              "--live veut --source NOM, et ne prend ni --topic ni FILE",
                              "يحتاج --live إلى --source NAME، ولا يقبل --topic ولا ملفًا"));
  if ((a->indicators || a->scenes) && (a->live || a->topic || argc > 1))
    return cli_usage(&command, "%s",
                     cli_said("--indicators and --scenes check a file, and no payloads beside it",
                              "--indicators et --scenes vérifient un fichier, et pas de messages à côté",
                              "يفحص --indicators و--scenes ملفًا، لا رسائل معه"));
  if (!check_format(a->format, self)) {
    g_autofree char *known = format_ids();
    return cli_usage(&command,
                     cli_said("--format %s: use text, json, or one of %s", "--format %s : écrivez text, json, ou l'un de %s",
                              "--format %s: استعملوا text أو json أو أحد %s"),
                     a->format, known);
  }
  if (a->now && !casa_time_parse(a->now, &self->now_ms, &error))
    return cli_usage(&command, "--now: %s", error->message);
  if (a->duration && !casa_duration_parse(a->duration, &a->duration_ms, &error))
    return cli_usage(&command, "--duration: %s", error->message);
  return CLI_OK;
}

static int
run(CliCheck *self, const Asked *a, const CliCommand *with_broker, const char *path)
{
  if (a->indicators || a->scenes)
    return cli_check_files(&command, self->config, a->indicators, a->scenes);
  if (self->contract || self->json)
    cli_speak_english();
  self->limits = casa_wire_limits(self->config);
  self->out = g_string_new(NULL);
  g_autofree char *whole = a->topic ? topic_of_kit(self, a->topic, a->source) : NULL;
  int status = a->live ? check_live(self, with_broker, a->source, a->duration_ms) : check(self, whole, path);
  g_string_free(self->out, TRUE);
  casa_decoder_free(self->decoder);
  casa_decoded_free(self->decoded);
  casa_metrics_free(self->metrics);
  return status;
}

int
cli_check(int argc, char **argv)
{
  Asked a = { 0 };
  CliCheck self = { 0 };
  const GOptionEntry own[] = {
    { "topic", 't', 0, G_OPTION_ARG_STRING, &a.topic, "The topic of every payload", "TOPIC" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &a.format, "Read payloads as this format (tasmota, senml…)", "FORMAT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.contract, "Answer with a JSON object for each payload", NULL },
    { "source", 0, 0, G_OPTION_ARG_STRING, &a.source, "Whose: with --live, or of a TOPIC of a kit's own", "NAME" },
    { "live", 0, 0, G_OPTION_ARG_NONE, &a.live, "Judge what --source publishes now", NULL },
    { "duration", 'd', 0, G_OPTION_ARG_STRING, &a.duration, "With --live: end after so long (90s, 1h)", "DURATION" },
    { "indicators", 0, 0, G_OPTION_ARG_FILENAME, &a.indicators, "Check this file of indicators instead", "FILE" },
    { "scenes", 0, 0, G_OPTION_ARG_FILENAME, &a.scenes, "Check this file of scenes instead", "FILE" },
    { "talk", 0, 0, G_OPTION_ARG_FILENAME, &a.scenes, "The same, of a talk", "FILE" },
    { "now", 0, 0, G_OPTION_ARG_STRING, &a.now, "Judge times as if it were then", "TIME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  CliCommand asking = command;
  int status;
  /* Only who talks to the broker needs its password. */
  asking.without_keyring = !g_strv_contains((const char *const *)argv, "--live");
  if (cli_parse(&asking, own, &argc, &argv, &config, &status) && (status = check_asked(&a, &self, argc, argv)) == CLI_OK) {
    self.config = config;
    self.live = a.live;
    self.source = a.source;
    status = run(&self, &a, &asking, argc > 1 ? argv[1] : NULL);
  }
  asked_clear(&a);
  return cli_finish_stdout(&command, status);
}
