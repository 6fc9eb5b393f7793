/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "base/clock.h"
#include "forward/import.h"
#include "wire/encode.h"

#include <unistd.h>

static const CliCommand command = {
  .name = "import",
  .summary = "Reads history back from InfluxDB into the store. What the store has already is not stored again.",
  .details = "GLOB: * and ? as in the shell. TIME: 2026-05-21T17:42:07Z, 2026-05-21, now, now-2h.\n"
             "Read is what Casa Pulse forwards: measurements with the tags source and station, numbers as fields. What\n"
             "else is found is left out, and that is said. URL as for --influx; token, user and password come from\n"
             "[influx] in pulse.conf. InfluxDB 2 and 3 are asked by their 1.x path /query; 2 needs the bucket mapped to a\n"
             "database of the same name. The store must not be in use by casa record or casa-pulse.\n\n"
             "One JSON object is printed at the end: rows read, samples stored, duplicates (samples the store had),\n"
             "skipped_rows and skipped_values. If it breaks off, run it again.\n\n"
             "Example:\n  casa import --from-influx 'http://127.0.0.1:8086/?db=casa' --from now-7d --store week.db",
};

/* A server may need its time to find the beginning of a large answer. */
#define CONNECT_MS 5000
#define STALLED_S 120
#define PROGRESS_US (G_USEC_PER_SEC / 5)

typedef struct {
  gboolean terminal; /* stderr is one: the line under way is shown and overwritten */
  gint64 shown_us;
} Screen;

static void
progress_cb(const CasaImportCounts *counts, const char *measurement, gpointer data)
{
  Screen *screen = data;
  gint64 now_us = casa_clock_mono_us();

  if (!screen->terminal || now_us - screen->shown_us < PROGRESS_US)
    return;
  screen->shown_us = now_us;
  fprintf(stderr,
          "\r\033[K%s: %" G_GUINT64_FORMAT " rows, %" G_GUINT64_FORMAT " samples stored, %" G_GUINT64_FORMAT " there already",
          measurement, counts->rows, counts->stored, counts->duplicates);
}

static void
clear_line(const Screen *screen)
{
  if (screen->terminal)
    fprintf(stderr, "\r\033[K");
}

static void
report_cb(const char *text, gpointer data)
{
  clear_line(data);
  g_printerr("casa import: %s\n", text);
}

static void
append_count(GString *out, const char *key, guint64 n)
{
  g_string_append_printf(out, ",\"%s\":%" G_GUINT64_FORMAT, key, n);
}

static void
print_counts(const CasaImportCounts *counts)
{
  g_autoptr(GString) out = g_string_new(NULL);

  casa_encode_begin(out, casa_clock_now_ms());
  append_count(out, "measurements", counts->measurements);
  append_count(out, "rows", counts->rows);
  append_count(out, "stored", counts->stored);
  append_count(out, "duplicates", counts->duplicates);
  append_count(out, "skipped_rows", counts->skipped_rows);
  append_count(out, "skipped_values", counts->skipped_values);
  casa_encode_end(out);
  g_string_append_c(out, '\n');
  cli_write(out->str, out->len);
}

static CasaStore *
open_store(const CasaConfig *config, GError **error)
{
  g_autofree char *set_aside = NULL;
  CasaStoreOptions options = {
    .path = config->store_path,
    .retention_ms = config->retention_ms,
    .max_size = config->max_size,
    .power_safe = config->power_safe,
    .max_series = config->max_series,
    .root = config->root,
    .own = config->own,
  };
  CasaStore *store = casa_store_open(&options, &set_aside, error);

  if (set_aside)
    g_printerr("casa import: the store %s was damaged: it was set aside as %s, and a new one was begun\n", config->store_path,
               set_aside);
  return store;
}

static gboolean
run(const CasaConfig *config, CasaInflux *influx, CasaStore *store, CasaImportOptions *options, GError **error)
{
  Screen screen = { .terminal = isatty(STDERR_FILENO) };
  CasaImportCounts counts;

  options->influx = influx;
  options->store = store;
  options->newest_ms = casa_clock_now_ms() + config->future_ms;
  options->oldest_ms = config->retention_ms > 0 ? casa_clock_now_ms() - config->retention_ms : G_MININT64;
  options->progress = progress_cb;
  options->report = report_cb;
  options->data = &screen;
  gboolean ok = casa_import_run(options, &counts, error);
  clear_line(&screen);
  print_counts(&counts);
  return ok;
}

static int
import(const CasaConfig *config, const char *url, CasaImportOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaInflux) influx =
    casa_influx_new(url, config->influx_token, config->influx_user, config->influx_password, &error);

  if (!influx)
    return cli_fail(&command, error);
  casa_influx_set_timeouts(influx, CONNECT_MS, 0, STALLED_S);
  CasaStore *store = open_store(config, &error);
  if (!store)
    return cli_fail(&command, error);
  gboolean ok = run(config, influx, store, options, &error);
  if (!ok)
    g_prefix_error(&error, "broken off, run it again for the rest: ");
  else if (!casa_store_upkeep(store, casa_clock_now_ms(), &error)) {
    g_message("the rollups are left for the next start: %s", error->message);
    g_clear_error(&error);
  }
  casa_store_close(store);
  return ok ? CLI_OK : cli_fail(&command, error);
}

typedef struct {
  char *url, *measurement, *from, *to;
} Options;

static void
options_clear(Options *o)
{
  g_free(o->url);
  g_free(o->measurement);
  g_free(o->from);
  g_free(o->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* FALSE: *status is set and the message was printed. */
static gboolean
read_times(const Options *o, CasaImportOptions *out, int *status)
{
  g_autoptr(GError) error = NULL;
  gint64 now_ms = casa_clock_now_ms();
  out->from_ms = G_MININT64;
  out->to_ms = G_MAXINT64;
  if (o->from && !casa_time_parse_at(o->from, now_ms, &out->from_ms, &error))
    *status = cli_usage(&command, "--from: %s", error->message);
  else if (o->to && !casa_time_parse_at(o->to, now_ms, &out->to_ms, &error))
    *status = cli_usage(&command, "--to: %s", error->message);
  else if (out->from_ms >= out->to_ms)
    *status = cli_usage(&command, "--from must be before --to");
  else
    return TRUE;
  return FALSE;
}

int
cli_import(int argc, char **argv)
{
  g_auto(Options) o = { NULL };
  const GOptionEntry own[] = {
    { "from-influx", 0, 0, G_OPTION_ARG_STRING, &o.url, "Where from (default: [influx] url)", "URL" },
    { "measurement", 0, 0, G_OPTION_ARG_STRING, &o.measurement, "Only these measurements (our domains)", "GLOB" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &o.from, "Not before (default: the oldest)", "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &o.to, "Before this (default: the newest)", "TIME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  CasaImportOptions options = { NULL };
  int status;

  if (!cli_parse(&command, own, &argc, &argv, &config, &status) || !read_times(&o, &options, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  if (!o.url && !config->influx_url)
    return cli_usage(&command, "from where? name an InfluxDB with --from-influx URL, or in pulse.conf, [influx] url=");
  options.measurement = o.measurement;
  return cli_finish_stdout(&command, import(config, o.url ? o.url : config->influx_url, &options));
}
