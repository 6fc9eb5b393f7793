/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "base/clock.h"
#include "forward/line-protocol.h"
#include "store/reader.h"
#include "wire/encode.h"

#include <string.h>

static const CliCommand command = {
  .name = "export",
  .summary = "Prints stored samples, ordered by series and time. The store may be in use meanwhile.",
  .details = "GLOB: * and ? as in the shell. TIME: 2026-05-21T17:42:07Z, 2026-05-21, now, now-2h. DURATION: 30s, 5m, 1h, 1d.\n"
             "With --every, each line is the mean of a bucket, with its minimum, maximum and number of samples.\n\n"
             "  csv   time,source,domain,station,metric,value,received   (with --every: …,value,min,max,n)\n"
             "  json  one object per line; t in milliseconds since 1970, UTC\n"
             "  lp    InfluxDB line protocol, times in milliseconds (write with precision=ms)\n\n"
             "Example:\n  casa export --domain air --metric 'pm*' --from now-1d --every 10m --format csv",
};

#define YEAR_10000_MS G_GINT64_CONSTANT(253402300800000)

typedef struct {
  void (*row)(GString *out, const CasaExportRow *row, gboolean buckets);
  gboolean buckets;
  GString *line;
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

static void
lp_row(GString *out, const CasaExportRow *r, gboolean buckets)
{
  CasaLineField field = {r->metric, r->value};
  g_string_truncate(out, 0);
  if (!casa_line_append(out, r->domain, r->source, r->station, &field, 1, r->t_ms))
    g_message("left out: %s/%s/%s/%s cannot be written as line protocol", r->source, r->domain, r->station, r->metric);
}

static gboolean
each_cb(const CasaExportRow *row, gpointer data)
{
  Export *self = data;
  self->row(self->line, row, self->buckets);
  return fwrite(self->line->str, 1, self->line->len, stdout) == self->line->len;
}

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

static int
export(const CasaConfig *config, const CasaExportQuery *query, Export *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, &error);
  if (!reader)
    return cli_fail(&command, error);
  if (self->row == csv_row)
    puts(self->buckets ? "time,source,domain,station,metric,value,min,max,n"
                       : "time,source,domain,station,metric,value,received");
  self->line = g_string_new(NULL);
  gboolean ok = casa_reader_export(reader, query, each_cb, self, &error);
  g_string_free(self->line, TRUE);
  return ok ? CLI_OK : cli_fail(&command, error);
}

typedef struct {
  char *source, *domain, *station, *metric, *from, *to, *every, *format;
} Options;

static void
options_clear(Options *o)
{
  char **all[] = {&o->source, &o->domain, &o->station, &o->metric, &o->from, &o->to, &o->every, &o->format};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_clear_pointer(all[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* FALSE: *status is set and the message was printed. */
static gboolean
read_times(const Options *o, CasaExportQuery *query, int *status)
{
  g_autoptr(GError) error = NULL;
  query->from_ms = 0;
  query->to_ms = YEAR_10000_MS;
  if (o->from && !casa_time_parse(o->from, &query->from_ms, &error))
    *status = cli_usage(&command, "--from: %s", error->message);
  else if (o->to && !casa_time_parse(o->to, &query->to_ms, &error))
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
  g_auto(Options) o = {0};
  const GOptionEntry own[] = {
    {"source", 0, 0, G_OPTION_ARG_STRING, &o.source, "Only these sources", "GLOB"},
    {"domain", 0, 0, G_OPTION_ARG_STRING, &o.domain, "Only these domains", "GLOB"},
    {"station", 0, 0, G_OPTION_ARG_STRING, &o.station, "Only these stations", "GLOB"},
    {"metric", 0, 0, G_OPTION_ARG_STRING, &o.metric, "Only these metrics", "GLOB"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &o.from, "Not before (default: the oldest)", "TIME"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &o.to, "Before this (default: the newest)", "TIME"},
    {"every", 0, 0, G_OPTION_ARG_STRING, &o.every, "Means over so long instead of every sample", "DURATION"},
    {"format", 'f', 0, G_OPTION_ARG_STRING, &o.format, "csv (default), json or lp", "FORMAT"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  CasaExportQuery query = {0};
  Export self = {0};
  int status;
  if (!cli_parse(&command, own, &argc, &argv, &config, &status) || !read_times(&o, &query, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  if (!choose_format(&self, o.format))
    return cli_usage(&command, "--format %s: use csv, json or lp", o.format);
  query.source = o.source;
  query.domain = o.domain;
  query.station = o.station;
  query.metric = o.metric;
  self.buckets = query.every_ms > 0;
  return cli_finish_stdout(&command, export(config, &query, &self));
}
