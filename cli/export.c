/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "base/clock.h"
#include "forward/line-protocol.h"
#include "store/reader.h"
#include "wire/encode.h"

#include "export-open311.h"

#include <string.h>
#include <unistd.h>

static const CliCommand command = {
  .name = "export",
  .without_keyring = TRUE,
  .summary = "Prints stored samples, ordered by series and time. The store may be in use meanwhile.",
  .details = "GLOB: * and ? as in the shell. TIME: 2026-05-21T17:42:07Z, 2026-05-21, now, now-2h. DURATION: 30s, 5m, 1h, 1d.\n"
             "With --every, each line is the mean of a bucket, with its minimum, maximum and number of samples.\n\n"
             "  csv   time,source,domain,station,metric,value,received   (with --every: …,value,min,max,n)\n"
             "  json  one object per line; t in milliseconds since 1970, UTC\n"
             "  lp    InfluxDB line protocol, times in milliseconds (write with precision=ms)\n"
             "With --open311 the reports of citizens that the hall may see are printed instead, newest first.\n\n"
             "Example:\n  casa export --domain air --metric 'pm*' --from now-1d --every 10m --format csv",
};

#define YEAR_10000_MS G_GINT64_CONSTANT(253402300800000)

#define OUTPUT_BUFFER (1 << 16) /* fewer, larger writes: a pipe takes 64 KiB */
#define LOOK_EVERY 4096         /* rows between two looks at the clock */

typedef struct {
  void (*row)(GString *out, const CasaExportRow *row, gboolean buckets);
  gboolean buckets, progress, open311;
  GString *line;
  guint64 n, left_out;
  gint64 began_us, shown_us;
} Export;

static void
append_number(GString *out, const char *before, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(out, before);
  g_string_append(out, cli_number(buf, value));
}

static void
csv_row(GString *out, const CasaExportRow *r, gboolean buckets)
{
  char time[32], received[32];
  g_string_printf(out, "%s,%s,%s,%s,%s", casa_time_format(r->t_ms, time), r->source, r->domain, r->station, r->metric);
  append_number(out, ",", r->value);
  if (buckets) {
    append_number(out, ",", r->min);
    append_number(out, ",", r->max);
    g_string_append_printf(out, ",%u\n", r->n);
  } else {
    g_string_append_printf(out, ",%s\n", casa_time_format(r->received_ms, received));
  }
}

static void
append_name(GString *out, const char *key, const char *name)
{
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, name);
}

static void
json_row(GString *out, const CasaExportRow *r, gboolean buckets)
{
  casa_encode_begin(out, r->t_ms);
  append_name(out, "source", r->source);
  append_name(out, "domain", r->domain);
  append_name(out, "station", r->station);
  append_name(out, "metric", r->metric);
  append_number(out, ",\"value\":", r->value);
  if (buckets) {
    append_number(out, ",\"min\":", r->min);
    append_number(out, ",\"max\":", r->max);
    g_string_append_printf(out, ",\"n\":%u}\n", r->n);
  } else {
    g_string_append_printf(out, ",\"received\":%" G_GINT64_FORMAT "}\n", r->received_ms);
  }
}

/* Leaves @out empty when the row cannot be said in line protocol. */
static void
lp_row(GString *out, const CasaExportRow *r, gboolean buckets)
{
  CasaLineField field = { r->metric, r->value };
  g_string_truncate(out, 0);
  if (!casa_line_append(out, r->domain, r->source, r->station, &field, 1, r->t_ms))
    g_string_truncate(out, 0);
}

/* On a terminal, and only there: one line that is written over. */
static void
show_progress(Export *self, const CasaExportRow *row)
{
  gint64 now_us = g_get_monotonic_time();
  if (now_us - self->shown_us < G_USEC_PER_SEC / 2)
    return;
  self->shown_us = now_us;
  fprintf(stderr, "\rcasa export: %" G_GUINT64_FORMAT " lines in %.0f s, at %s/%s/%s/%s\033[K", self->n,
          (double)(now_us - self->began_us) / G_USEC_PER_SEC, row->source, row->domain, row->station, row->metric);
}

static gboolean
each_cb(const CasaExportRow *row, gpointer data)
{
  Export *self = data;
  self->row(self->line, row, self->buckets);
  self->left_out += self->line->len == 0;
  self->n++;
  if (self->progress && self->n % LOOK_EVERY == 0)
    show_progress(self, row);
  return cli_write(self->line->str, self->line->len);
}

/* --- Nothing matched: why? --- */

static gboolean
found_cb(const CasaExportRow *row, gpointer found)
{
  *(gboolean *)found = TRUE;
  return FALSE;
}

static gboolean
holds_any(CasaReader *reader, const CasaExportQuery *query)
{
  gboolean found = FALSE;
  return casa_reader_export(reader, query, found_cb, &found, NULL) && found;
}

/* TRUE: @glob alone is what nothing matches, and that was said. */
static gboolean
blame(CasaReader *reader, const char *what, const char *glob, CasaExportQuery alone)
{
  if (!glob || holds_any(reader, &alone))
    return FALSE;
  g_printerr("casa export: nothing matched: the store has no %s \"%s\"\n", what, glob);
  return TRUE;
}

static void
say_why_nothing(CasaReader *reader, const CasaExportQuery *q)
{
  const CasaExportQuery always = { .to_ms = YEAR_10000_MS, .every_ms = q->every_ms };
  CasaExportQuery all = *q, source = always, domain = always, station = always, metric = always, means = *q;
  all.from_ms = 0;
  all.to_ms = YEAR_10000_MS;
  source.source = q->source;
  domain.domain = q->domain;
  station.station = q->station;
  metric.metric = q->metric;
  means.every_ms = 3600000;
  if (!holds_any(reader, &always))
    g_printerr("casa export: nothing matched: the store holds no sample\n");
  else if (blame(reader, "source", q->source, source) || blame(reader, "domain", q->domain, domain) ||
           blame(reader, "station", q->station, station) || blame(reader, "metric", q->metric, metric))
    return;
  else if (!holds_any(reader, &all))
    g_printerr("casa export: nothing matched: each of these exists, but no series is all of them\n");
  else if (q->every_ms == 0 && holds_any(reader, &means))
    g_printerr("casa export: of that time only means are kept; ask for them with --every 1h\n");
  else
    g_printerr("casa export: nothing matched: these series have no sample in that time\n");
}

/* --- */

static gboolean
choose_format(Export *self, const char *format)
{
  if (!format || strcmp(format, "csv") == 0)
    self->row = csv_row;
  else if (strcmp(format, "json") == 0)
    self->row = json_row;
  else if (strcmp(format, "lp") == 0)
    self->row = lp_row;
  return self->row != NULL;
}

static void
begin(Export *self)
{
  static const char header[] = "time,source,domain,station,metric,value,received\n";
  static const char bucket_header[] = "time,source,domain,station,metric,value,min,max,n\n";
  if (!isatty(STDOUT_FILENO))
    setvbuf(stdout, NULL, _IOFBF, OUTPUT_BUFFER);
  self->progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
  self->began_us = self->shown_us = g_get_monotonic_time();
  if (self->row == csv_row)
    cli_write(self->buckets ? bucket_header : header, (self->buckets ? sizeof bucket_header : sizeof header) - 1);
}

static int export(const CasaConfig *config, const CasaExportQuery *query, Export *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, &error);
  if (!reader)
    return cli_fail(&command, error);
  if (self->open311)
    return cli_export_open311(reader, query, &error) ? CLI_OK : cli_fail(&command, error);
  begin(self);
  self->line = g_string_new(NULL);
  gboolean ok = casa_reader_export(reader, query, each_cb, self, &error);
  g_string_free(self->line, TRUE);
  if (self->shown_us != self->began_us)
    fprintf(stderr, "\r\033[K");
  if (!ok)
    return cli_fail(&command, error);
  if (self->n == 0)
    say_why_nothing(reader, query);
  if (self->left_out)
    g_printerr("casa export: left out: %" G_GUINT64_FORMAT " samples cannot be written as line protocol\n", self->left_out);
  return CLI_OK;
}

typedef struct {
  char *source, *domain, *station, *metric, *from, *to, *every, *format;
} Options;

static void
options_clear(Options *o)
{
  char **all[] = { &o->source, &o->domain, &o->station, &o->metric, &o->from, &o->to, &o->every, &o->format };
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_clear_pointer(all[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* FALSE: *status is set and the message was printed. */
static gboolean
read_times(const Options *o, CasaExportQuery *query, int *status)
{
  g_autoptr(GError) error = NULL;
  gint64 now_ms = casa_clock_now_ms();
  query->from_ms = 0;
  query->to_ms = YEAR_10000_MS;
  if (o->from && !casa_time_parse_at(o->from, now_ms, &query->from_ms, &error))
    *status = cli_usage(&command, "--from: %s", error->message);
  else if (o->to && !casa_time_parse_at(o->to, now_ms, &query->to_ms, &error))
    *status = cli_usage(&command, "--to: %s", error->message);
  else if (o->every && !casa_duration_parse(o->every, &query->every_ms, &error))
    *status = cli_usage(&command, "--every: %s", error->message);
  else if (o->every && query->every_ms == 0)
    *status = cli_usage(&command, "--every must be more than nothing; leave it out for every sample");
  else if (query->from_ms >= query->to_ms)
    *status = cli_usage(&command, "--from must be before --to");
  else
    return TRUE;
  return FALSE;
}

int
cli_export(int argc, char **argv)
{
  g_auto(Options) o = { 0 };
  Export self = { 0 };
  const GOptionEntry own[] = {
    { "source", 0, 0, G_OPTION_ARG_STRING, &o.source, "Only these sources", "GLOB" },
    { "domain", 0, 0, G_OPTION_ARG_STRING, &o.domain, "Only these domains", "GLOB" },
    { "station", 0, 0, G_OPTION_ARG_STRING, &o.station, "Only these stations", "GLOB" },
    { "metric", 0, 0, G_OPTION_ARG_STRING, &o.metric, "Only these metrics", "GLOB" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &o.from, "Not before (default: the oldest)", "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &o.to, "Before this (default: the newest)", "TIME" },
    { "every", 0, 0, G_OPTION_ARG_STRING, &o.every, "Means over so long instead of every sample", "DURATION" },
    { "open311", 0, 0, G_OPTION_ARG_NONE, &self.open311,
      "Not samples but the citizens' reports that the organiser has shown, as Open311 GeoReport v2 (JSON)", NULL },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &o.format, "csv (default), json or lp", "FORMAT" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  CasaExportQuery query = { 0 };
  int status;
  if (!cli_parse(&command, own, &argc, &argv, &config, &status) || !read_times(&o, &query, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  if (self.open311 && (o.domain || o.station || o.metric || o.every || o.format))
    return cli_usage(&command, "--open311 goes with --source, --from and --to alone");
  if (!choose_format(&self, o.format))
    return cli_usage(&command, "--format %s: use csv, json or lp", o.format);
  query.source = o.source;
  query.domain = o.domain;
  query.station = o.station;
  query.metric = o.metric;
  self.buckets = query.every_ms > 0;
  return cli_finish_stdout(&command, export(config, &query, &self));
}
