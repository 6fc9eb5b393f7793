/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "metrics-page.h"
#include "service.h"

#include "base/clock.h"
#include "pulse.h"
#include "wire/encode.h"

#include <errno.h>
#include <glib-unix.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const CliCommand command = {
  .name = "record",
  .summary = "Subscribes to the city's sensors and stores every series, as the wall does, but without a screen.",
  .details = "One JSON object is printed every --stats seconds and one at the end. Its counts are of messages since the\n"
             "start, and received = stored + duplicates + rejected + ignored, always; samples, forwarded and pending\n"
             "count values. What is happening is said on standard error. Where standard output cannot be written to (a\n"
             "full disk), that is said, and recording goes on.\n\n"
             "Ends on Ctrl-C, on SIGTERM or after --duration. A broker that is away is waited for.\n\n"
             "Several recorders, each with a store of its own, share the work with --share (the broker deals each message to\n"
             "one of them), or with --filter (each takes other topics).\n\n"
             "Examples:\n  casa record --broker mqtt://127.0.0.1:1883 --store day.db --stats 5\n"
             "  casa record --share hall --store part-1.db\n"
             "  casa record --filter 'city/mobility/#' --filter '+/$station/+' --store mobility.db",
};

/* How often systemd is told how it goes, and how long packing may hold up the end, which a service has a minute for. */
enum { STATUS_US = 10 * G_USEC_PER_SEC, PACK_US = 20 * G_USEC_PER_SEC };

typedef struct {
  CasaPulse *pulse;
  GMainLoop *loop;
  CasaForwardState forward;
  gboolean ever_up;
  CasaLinkState told_link; /* what systemd was told, and when */
  gboolean told_stuck;
  gint64 told_us;
  GString *unprinted; /* of a line whose beginning standard output took */
  int print_error;    /* errno of what it did not take last; 0: it takes */
} Record;

static void
append_count(GString *out, const char *key, guint64 n)
{
  g_string_append_printf(out, ",\"%s\":%" G_GUINT64_FORMAT, key, n);
}

static void
append_real(GString *out, const char *key, double value)
{
  if (isfinite(value))
    casa_encode_number(out, key, value, 1);
  else
    g_string_append_printf(out, ",\"%s\":null", key);
}

static void
append_words(GString *out, const char *key, const char *text)
{
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, text);
}

/* Who sends more than its quota, by name. */
static void
append_floods(Record *self, GString *out)
{
  CasaQuotaTally tallies[10];
  guint n = casa_pulse_read_over_quota(self->pulse, tallies, G_N_ELEMENTS(tallies));
  g_string_append(out, ",\"over_quota_sources\":{");
  for (guint i = 0; i < n; i++) {
    g_string_append(out, i ? "," : "");
    casa_encode_string(out, tallies[i].source);
    g_string_append_printf(out, ":%" G_GUINT64_FORMAT, tallies[i].over);
  }
  g_string_append_c(out, '}');
}

static const char *
link_name(CasaLinkState state)
{
  static const char *const names[] = {
    [CASA_LINK_OFF] = "off",   [CASA_LINK_CONNECTING] = "connecting", [CASA_LINK_UP] = "up",
    [CASA_LINK_LOST] = "lost", [CASA_LINK_REFUSED] = "refused",
  };
  return names[state];
}

/* As much of @text as standard output takes, which is then taken off it. Returns errno of the rest, or 0. */
static int
write_out(GString *text)
{
  while (text->len > 0) {
    gssize n = write(STDOUT_FILENO, text->str, text->len);
    if (n < 0 && errno != EINTR)
      return errno;
    if (n > 0)
      g_string_erase(text, 0, n);
  }
  return 0;
}

/* A line of counts is printed whole or, where standard output takes nothing, left out: the next one has all its counts.
 * Consumes @line. */
static void
print_line(Record *self, GString *line)
{
  const gsize whole = line->len;
  int error = write_out(self->unprinted);
  if (error == 0) {
    error = write_out(line);
    if (line->len < whole)
      g_string_assign(self->unprinted, line->str);
  }
  if (error != 0 && error != self->print_error && error != EPIPE)
    g_message("the counts cannot be written to standard output, recording goes on: %s", g_strerror(error));
  else if (error == 0 && self->print_error != 0)
    g_message("standard output takes the counts again");
  self->print_error = error;
}

static void
print_stats(Record *self)
{
  CasaCounts c;
  CasaLink link;
  CasaFault blocked;
  g_autoptr(GString) out = g_string_new(NULL);
  casa_pulse_read_counts(self->pulse, &c);
  casa_pulse_read_link(self->pulse, &link, &blocked);
  casa_encode_begin(out, casa_clock_now_ms());
  append_count(out, "received", c.received);
  append_count(out, "stored", c.stored);
  append_count(out, "duplicates", c.duplicates);
  append_count(out, "rejected", c.rejected);
  append_count(out, "ignored", c.ignored);
  append_count(out, "over_quota", c.over_quota);
  append_count(out, "forwarded", c.forwarded);
  append_count(out, "pending", c.pending);
  append_count(out, "dropped_display", c.dropped_display);
  append_count(out, "reconnects", c.reconnects);
  append_count(out, "gaps", c.gaps);
  append_count(out, "broker_dropped", c.broker_dropped);
  append_count(out, "samples_received", c.samples_received);
  append_count(out, "samples", c.samples);
  append_count(out, "samples_duplicate", c.samples_duplicate);
  append_count(out, "fields_rejected", c.fields_rejected);
  append_count(out, "quarantined", c.quarantined);
  append_real(out, "rate", c.rate);
  append_real(out, "latency_ms", c.latency_ms);
  append_real(out, "latency_p50_ms", c.latency_p50_ms);
  append_real(out, "latency_p95_ms", c.latency_p95_ms);
  append_real(out, "latency_p99_ms", c.latency_p99_ms);
  append_floods(self, out);
  append_words(out, "link", link_name(link.state));
  append_words(out, "blocked", blocked.detail);
  casa_encode_end(out);
  g_string_append_c(out, '\n');
  print_line(self, out);
}

/* Who reads them (head, less) may have seen enough; a log on a full disk is no reason to record no more. */
static gboolean
stats_cb(gpointer data)
{
  Record *self = data;
  print_stats(self);
  if (self->print_error == EPIPE)
    g_main_loop_quit(self->loop);
  return G_SOURCE_CONTINUE;
}

static const char *
link_words(CasaLinkState state)
{
  static const char *const words[] = {
    [CASA_LINK_OFF] = "not connected",
    [CASA_LINK_CONNECTING] = "connecting to the broker",
    [CASA_LINK_UP] = "recording",
    [CASA_LINK_LOST] = "the broker is lost, it is tried again",
    [CASA_LINK_REFUSED] = "the broker refuses us",
  };
  return words[state];
}

/* "systemctl status" shows it; in steps of ten seconds, for no one reads faster. */
static void
tell_service(Record *self, const CasaLink *link, const CasaFault *blocked)
{
  const gint64 now = casa_clock_mono_us();
  const gboolean stuck = *blocked->detail != '\0';
  CasaCounts c;

  if (link->state == self->told_link && stuck == self->told_stuck && now - self->told_us < STATUS_US)
    return;
  self->told_link = link->state;
  self->told_stuck = stuck;
  self->told_us = now;
  casa_pulse_read_counts(self->pulse, &c);
  cli_service_status(
    "%s%s%s; %" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " values stored, %" G_GUINT64_FORMAT " messages refused",
    link_words(link->state), stuck ? "; the store waits: " : "", blocked->detail, c.received, c.samples, c.rejected);
}

/* The link tells its own changes; the forwarder's are told here. */
static gboolean
look_cb(gpointer data)
{
  Record *self = data;
  CasaLink link;
  CasaFault blocked;
  CasaForwardStatus forward;
  casa_pulse_read_link(self->pulse, &link, &blocked);
  self->ever_up |= link.connections > 0;
  tell_service(self, &link, &blocked);
  casa_pulse_read_forward(self->pulse, &forward);
  if (forward.state != self->forward)
    g_message("influx: %s", forward.text);
  self->forward = forward.state;
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb(gpointer data)
{
  Record *self = data;
  g_main_loop_quit(self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
run(Record *self, gint64 duration_ms, gint64 stats_ms, GError **error)
{
  if (!casa_pulse_start(self->pulse, error))
    return FALSE;
  guint sources[] = {
    g_unix_signal_add(SIGINT, quit_cb, self),
    g_unix_signal_add(SIGTERM, quit_cb, self),
    g_timeout_add(100, look_cb, self),
    stats_ms > 0 ? g_timeout_add((guint)MIN(stats_ms, G_MAXINT), stats_cb, self) : 0,
    duration_ms > 0 ? g_timeout_add((guint)MIN(duration_ms, G_MAXINT), quit_cb, self) : 0,
  };
  cli_service_ready();
  look_cb(self);
  g_main_loop_run(self->loop);
  cli_service_stopping();
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
    if (sources[i])
      g_source_remove(sources[i]);
  look_cb(self);
  casa_pulse_stop(self->pulse);
  print_stats(self);
  return TRUE;
}

static int
record(const CasaConfig *config, gint64 duration_ms, gint64 stats_ms, guint16 metrics_port)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaPulse) pulse = casa_pulse_new(config, FALSE, &error);
  if (!pulse)
    return cli_fail(&command, error);
  g_autoptr(CliMetricsPage) page = metrics_port ? cli_metrics_page_new(pulse, metrics_port, &error) : NULL;
  if (metrics_port && !page)
    return cli_fail(&command, error);
  g_autoptr(GString) unprinted = g_string_new(NULL);
  Record self = { .pulse = pulse, .loop = g_main_loop_new(NULL, FALSE), .forward = CASA_FORWARD_OFF, .unprinted = unprinted };
  gboolean ok = run(&self, duration_ms, stats_ms, &error);
  g_main_loop_unref(self.loop);
  if (!ok)
    return cli_fail(&command, error);
  gboolean left = FALSE;
  if (!casa_store_upkeep_for(casa_pulse_store(pulse), casa_clock_now_ms(), PACK_US, &left, &error))
    g_message("the rollups are left for the next start: %s", error->message);
  else if (left)
    g_message("what is not packed yet is packed after the next start; nothing is lost");
  if (self.print_error != 0 && self.print_error != EPIPE) {
    g_printerr("casa record: cannot write to standard output: %s; what was recorded is in the store\n",
               g_strerror(self.print_error));
    return CLI_FAILED;
  }
  if (self.ever_up || duration_ms == 0)
    return CLI_OK;
  g_printerr("casa record: nothing was recorded: %s was not reached\n", config->broker_url);
  return CLI_FAILED;
}

int
cli_record(int argc, char **argv)
{
  g_autofree char *duration = NULL, *stats = NULL, *share = NULL, *port = NULL;
  g_auto(GStrv) filters = NULL;
  const GOptionEntry own[] = {
    { "duration", 'd', 0, G_OPTION_ARG_STRING, &duration, "End after so long (90s, 1.5h, 7d)", "DURATION" },
    { "stats", 0, 0, G_OPTION_ARG_STRING, &stats, "Print the counts so often (default 10; 0: only at the end)", "SECONDS" },
    { "metrics-port", 0, 0, G_OPTION_ARG_STRING, &port, "Show the counters to Prometheus at http://127.0.0.1:PORT/metrics",
      "PORT" },
    { "share", 0, 0, G_OPTION_ARG_STRING, &share, "Share the messages with all recorders of this group (MQTT 5)", "GROUP" },
    { "filter", 'F', 0, G_OPTION_ARG_STRING_ARRAY, &filters, "Record only these topics below the root; may be repeated",
      "FILTER" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  gint64 duration_ms = 0, stats_ms = 10000;
  guint64 metrics_port = 0;
  int status;
  if (!cli_parse(&command, own, &argc, &argv, &config, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  if (duration && !casa_duration_parse(duration, &duration_ms, &error))
    return cli_usage(&command, "--duration: %s", error->message);
  if (duration && duration_ms == 0)
    return cli_usage(&command, "--duration must be more than nothing; leave it out to record until Ctrl-C");
  if (stats && !casa_duration_parse(stats, &stats_ms, &error))
    return cli_usage(&command, "--stats: %s", error->message);
  if (port && !g_ascii_string_to_unsigned(port, 10, 1, G_MAXUINT16, &metrics_port, NULL))
    return cli_usage(&command, "--metrics-port %s: write a port, 1 to 65535", port);
  casa_config_be_recorder(config);
  if (!casa_config_share(config, share, (const char *const *)filters, &error))
    return cli_usage(&command, "%s: %s", share ? "--share or --filter" : "--filter", error->message);
  return cli_finish_stdout(&command, record(config, duration_ms, stats_ms, (guint16)metrics_port));
}
