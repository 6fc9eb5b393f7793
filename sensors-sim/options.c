/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "events/faults.h"

#define MAX_STATIONS 1000000
#define MAX_PARTS 1000
#define REPORT_MS 5000
#define MAX_SLOTS 1e6 /* of schedule.c */
/* The calendar knows its way between. */
#define EARLIEST_MS G_GINT64_CONSTANT(31536000000) /* 1971-01-01 */
#define LATEST_MS G_GINT64_CONSTANT(7258118400000) /* 2200-01-01 */

/* As typed. */
typedef struct {
  char *seed, *start, *speed, *backfill, *backfill_step, *duration, *step, *stations, *shard, *rate, *qos, *sensors, *from, *to,
    *report;
} Typed;

static gboolean
usage(GError **error, const char *option, const char *typed, const char *mend)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s %s: %s", option, typed, mend);
  return FALSE;
}

static gboolean
read_duration(const char *option, const char *typed, gint64 min_ms, gint64 *out_ms, GError **error)
{
  g_autoptr(GError) why = NULL;
  if (!typed)
    return TRUE;
  if (!casa_duration_parse(typed, out_ms, &why))
    return usage(error, option, typed, why->message);
  if (*out_ms < min_ms)
    return usage(error, option, typed, "too short: write a duration such as 100ms, 10s, 5min, 24h");
  return TRUE;
}

static gboolean
read_number(const char *option, const char *typed, double min, double max, const char *mend, double *out, GError **error)
{
  char *end = NULL;
  if (!typed)
    return TRUE;
  double x = g_ascii_strtod(typed, &end);
  if (end == typed || *end || !(x >= min && x <= max))
    return usage(error, option, typed, mend);
  *out = x;
  return TRUE;
}

static gboolean
read_whole(const char *option, const char *typed, guint64 min, guint64 max, const char *mend, guint64 *out, GError **error)
{
  if (!typed)
    return TRUE;
  return g_ascii_string_to_unsigned(typed, 10, min, max, out, NULL) || usage(error, option, typed, mend);
}

static gboolean
read_moment(const char *option, const char *typed, gint64 *out_ms, GError **error)
{
  g_autoptr(GError) why = NULL;
  return !typed || casa_time_parse(typed, out_ms, &why) || usage(error, option, typed, why->message);
}

static gboolean
read_speed(CasaSimOptions *self, const char *typed, GError **error)
{
  if (typed && self->from_csv && strcmp(typed, "max") == 0) {
    self->speed = 0;
    return TRUE;
  }
  return read_number("--speed", typed, 0.001, 100000,
                     "write a number from 0.001 to 100000; 1 is real time (with --from-csv also max)", &self->speed, error);
}

static gboolean
read_sensors(CasaSimOptions *self, const char *typed, GError **error)
{
  g_autoptr(GError) why = NULL;
  if (!typed)
    return TRUE;
  return casa_sim_faults_parse(typed, &self->faults, &why) || usage(error, "--sensors", typed, why->message);
}

/* "2/5" */
static gboolean
read_shard(CasaSimOptions *self, const char *typed, GError **error)
{
  guint64 part = 0, n_parts = 0;
  self->n_parts = 1;
  if (!typed)
    return TRUE;
  g_auto(GStrv) parts = g_strsplit(typed, "/", 2);
  if (!parts[0] || !parts[1] || !g_ascii_string_to_unsigned(parts[1], 10, 1, MAX_PARTS, &n_parts, NULL) ||
      !g_ascii_string_to_unsigned(parts[0], 10, 1, n_parts, &part, NULL))
    return usage(error, "--shard", typed, "write which part of how many, such as 2/5; at most 1000");
  self->part = (guint)part - 1;
  self->n_parts = (guint)n_parts;
  return TRUE;
}

static gboolean
read_all(CasaSimOptions *self, const Typed *t, GError **error)
{
  guint64 stations = 0, qos = 1;
  self->has_start = t->start != NULL;
  self->has_faults = t->sensors != NULL;
  gboolean ok =
    read_whole("--seed", t->seed, 0, G_MAXUINT64, "write a whole number from 0 on", &self->seed, error) &&
    read_moment("--start", t->start, &self->start_ms, error) && read_moment("--from", t->from, &self->from_ms, error) &&
    read_moment("--to", t->to, &self->to_ms, error) && read_speed(self, t->speed, error) &&
    read_duration("--backfill", t->backfill, 0, &self->backfill_ms, error) &&
    read_duration("--backfill-step", t->backfill_step, 1000, &self->backfill_step_ms, error) &&
    read_duration("--duration", t->duration, 0, &self->duration_ms, error) &&
    read_duration("--step", t->step, 1, &self->step_ms, error) &&
    read_whole("--stations", t->stations, 1, MAX_STATIONS, "write a whole number from 1 to 1000000", &stations, error) &&
    read_shard(self, t->shard, error) &&
    read_number("--rate", t->rate, 0.0001, 1000, "write reports per second of each station, 0.0001 to 1000", &self->rate_hz,
                error) &&
    read_whole("--qos", t->qos, 0, 1, "write 0 or 1", &qos, error) && read_sensors(self, t->sensors, error) &&
    read_duration("--report", t->report, 0, &self->report_ms, error);
  if (!t->report && (t->stations || t->rate)) /* who asks for load wants to know what came of it */
    self->report_ms = REPORT_MS;
  self->stations = (guint)stations;
  self->qos = (guint)qos;
  return ok;
}

static gboolean
pointless_beside(const char *option, const char *beside, GError **error)
{
  if (!option)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s has no meaning %s: leave one of them out", option, beside);
  return FALSE;
}

/* A table is played, or the city is. */
static gboolean
check_replay(const CasaSimOptions *self, const Typed *t, GError **error)
{
  if (!self->print_map && !pointless_beside(self->json ? "--json" : NULL, "without --print-map FILE", error))
    return FALSE;
  if (!self->from_csv) {
    const char *alone = self->map ? "--map" : self->as_recorded ? "--as-recorded" : t->from ? "--from" : t->to ? "--to" : NULL;
    return pointless_beside(alone, "without --from-csv FILE", error);
  }
  const char *city = self->scenario     ? "--scenario"
                     : t->seed          ? "--seed"
                     : t->backfill      ? "--backfill"
                     : t->backfill_step ? "--backfill-step"
                     : t->duration      ? "--duration"
                     : t->step          ? "--step"
                     : t->stations      ? "--stations"
                     : t->shard         ? "--shard"
                     : t->rate          ? "--rate"
                     : t->sensors       ? "--sensors"
                     : t->report        ? "--report"
                                        : NULL;
  if (!pointless_beside(city, "with --from-csv, which plays what a table holds", error) ||
      !pointless_beside(self->as_recorded && t->start ? "--start" : NULL, "with --as-recorded, which keeps the table's times",
                        error))
    return FALSE;
  if (!self->map) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "--from-csv %s: how to read it? casa-sim --print-map %s > my.map proposes a mapping; "
                "then add --map my.map",
                self->from_csv, self->from_csv);
    return FALSE;
  }
  if (self->speed == 0 && !self->as_recorded && !t->start && !self->to_stdout) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "--speed max leaves no time to date the readings with the moment they are played: "
                "add --as-recorded, or --start TIME for the first of them");
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_span(const CasaSimOptions *self, GError **error)
{
  gint64 start_ms = self->has_start ? self->start_ms : casa_clock_now_ms();
  if (start_ms - self->backfill_ms >= EARLIEST_MS && start_ms < LATEST_MS && MAX(self->duration_ms, 0) < LATEST_MS - start_ms)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--start, --backfill, --duration: a run must lie between 1971 and 2200");
  return FALSE;
}

static gboolean
check_together(const CasaSimOptions *self, const Typed *t, GError **error)
{
  const char *pointless = !self->to_stdout      ? NULL
                          : t->speed            ? "--speed"
                          : t->qos              ? "--qos"
                          : t->report           ? "--report"
                          : self->broker        ? "--broker"
                          : self->password_file ? "--password-file"
                          : self->keep          ? "--keep"
                                                : NULL;
  if (!pointless_beside(self->what_if   ? NULL
                        : self->figures ? "--figures"
                                        : NULL,
                        "without --what-if WHAT", error) ||
      !pointless_beside(!self->what_if    ? NULL
                        : self->to_stdout ? "--stdout"
                        : self->from_csv  ? "--from-csv"
                        : self->broker    ? "--broker"
                        : t->speed        ? "--speed"
                        : t->sensors      ? "--sensors"
                        : t->stations     ? "--stations"
                        : t->rate         ? "--rate"
                                          : NULL,
                        "with --what-if, which plays two cities and ends", error))
    return FALSE;
  if (!pointless_beside(pointless, "with --stdout, which publishes nothing and does not wait", error) ||
      !check_replay(self, t, error) || !check_span(self, error))
    return FALSE;
  if (self->rate_hz > 0 && 1000 / self->rate_hz < (double)self->step_ms) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "--rate %s is quicker than the clock's step of %" G_GINT64_FORMAT " ms: give --step %dms or less", t->rate,
                self->step_ms, (int)MAX(1000 / self->rate_hz, 1));
    return FALSE;
  }
  if (self->rate_hz > 0 && 1000 / self->rate_hz > MAX_SLOTS * (double)self->step_ms) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "--rate %s has more than a million steps of %" G_GINT64_FORMAT " ms between two reports: give a longer --step",
                t->rate, self->step_ms);
    return FALSE;
  }
  return TRUE;
}

static void
typed_clear(Typed *t)
{
  g_free(t->seed);
  g_free(t->start);
  g_free(t->speed);
  g_free(t->backfill);
  g_free(t->backfill_step);
  g_free(t->duration);
  g_free(t->step);
  g_free(t->stations);
  g_free(t->shard);
  g_free(t->rate);
  g_free(t->qos);
  g_free(t->sensors);
  g_free(t->from);
  g_free(t->to);
  g_free(t->report);
}

static gboolean
parse_line(CasaSimOptions *self, Typed *t, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "scenario", 0, 0, G_OPTION_ARG_STRING, &self->scenario,
      "What kind of day to presume: one of config/scenarios, or a file; else the calendar's", "NAME|FILE" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &t->seed, "Chance: the same seed gives the same city (default 1)", "N" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &t->start, "First moment (default: now; with --stdout " CASA_SIM_STDOUT_START ")",
      "TIME" },
    { "speed", 0, 0, G_OPTION_ARG_STRING, &t->speed, "Simulated seconds per second (default 1)", "X" },
    { "backfill", 0, 0, G_OPTION_ARG_STRING, &t->backfill, "Publish this much history first, as fast as the broker takes it",
      "DURATION" },
    { "backfill-step", 0, 0, G_OPTION_ARG_STRING, &t->backfill_step, "Time between reports in that history (default 5min)",
      "DURATION" },
    { "duration", 0, 0, G_OPTION_ARG_STRING, &t->duration, "End after this much simulated time (default: run until stopped)",
      "DURATION" },
    { "step", 0, 0, G_OPTION_ARG_STRING, &t->step, "Step of the clock; no station reports more often (default 100ms)",
      "DURATION" },
    { "stations", 0, 0, G_OPTION_ARG_STRING, &t->stations, "Number of stations (default: the catalogue, about 400)", "N" },
    { "shard", 0, 0, G_OPTION_ARG_STRING, &t->shard,
      "Speak for this part of the stations only; the N programs with 1/N to N/N make one city", "I/N" },
    { "rate", 0, 0, G_OPTION_ARG_STRING, &t->rate, "Reports per second of each station (default: by its kind)", "HZ" },
    { "sensors", 0, 0, G_OPTION_ARG_STRING, &t->sensors,
      "clean (default), field (noise, dropouts, late and double messages…), or faults by name", "MODE" },
    { "report", 0, 0, G_OPTION_ARG_STRING, &t->report,
      "Say on stderr this often what is asked, sent and acknowledged (5s with --stations or --rate; 0s: never)", "DURATION" },
    { "qos", 0, 0, G_OPTION_ARG_STRING, &t->qos, "MQTT quality of service (default 1)", "0|1" },
    { "stdout", 0, 0, G_OPTION_ARG_NONE, &self->to_stdout, "Print topic<TAB>payload lines instead of publishing", NULL },
    { "event-delays", 0, 0, G_OPTION_ARG_NONE, &self->event_delays,
      "Print how soon each commanded event shows in the city's figures, and end", NULL },
    { "what-if", 0, 0, G_OPTION_ARG_STRING, &self->what_if,
      "Print the city with this event (such as power-cut-maarif, or a command in JSON) or scenario and without it, and end",
      "EVENT-PLACE|COMMAND|NAME|FILE" },
    { "figures", 0, 0, G_OPTION_ARG_STRING, &self->figures,
      "With --what-if: these values alone, such as substation/load_mw,road/speed_kmh", "LIST" },
    { "from-csv", 0, 0, G_OPTION_ARG_FILENAME, &self->from_csv, "Publish the rows of this table instead of the city", "FILE" },
    { "map", 0, 0, G_OPTION_ARG_FILENAME, &self->map, "How its columns become readings", "FILE" },
    { "print-map", 0, 0, G_OPTION_ARG_FILENAME, &self->print_map, "Propose a mapping for a table, and end", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "With --print-map: the mapping as JSON, for programs", NULL },
    { "as-recorded", 0, 0, G_OPTION_ARG_NONE, &self->as_recorded,
      "Keep the table's times (default: the moment each row is played)", NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &t->from, "Leave out rows before this time of the table", "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &t->to, "Leave out rows from this time on", "TIME" },
    { "keep", 0, 0, G_OPTION_ARG_FILENAME, &self->keep,
      "Keep commanded events in this file, and go on with those that still last", "FILE" },
    { "broker", 0, 0, G_OPTION_ARG_STRING, &self->broker, "mqtt://[user@]host[:port] or mqtts://…", "URL" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &self->password_file,
      "File with the user's password, readable by you alone", "FILE" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &self->config_dir, "Configuration folder", "DIR" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) why = NULL;
  g_option_context_set_summary(context, "Publishes what Casablanca's sensors would measure. Everything it says is simulated.");
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, argc, argv, &why)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s (casa-sim --help lists the options)", why->message);
    return FALSE;
  }
  if (*argc > 1)
    return usage(error, "argument", (*argv)[1], "casa-sim takes options only (casa-sim --help lists them)");
  return TRUE;
}

gboolean
casa_sim_options_parse(CasaSimOptions *self, int *argc, char ***argv, GError **error)
{
  Typed t = { NULL };
  *self = (CasaSimOptions){ .seed = 1,
                            .speed = 1,
                            .backfill_step_ms = 300000,
                            .duration_ms = -1,
                            .step_ms = CASA_SIM_DEFAULT_STEP_MS,
                            .qos = 1,
                            .from_ms = G_MININT64,
                            .to_ms = G_MAXINT64 };
  gboolean ok = parse_line(self, &t, argc, argv, error) && read_all(self, &t, error) && check_together(self, &t, error);
  typed_clear(&t);
  return ok;
}

void
casa_sim_options_clear(CasaSimOptions *self)
{
  g_free(self->scenario);
  g_free(self->config_dir);
  g_free(self->broker);
  g_free(self->password_file);
  g_free(self->keep);
  g_free(self->from_csv);
  g_free(self->map);
  g_free(self->print_map);
  g_free(self->what_if);
  g_free(self->figures);
  memset(self, 0, sizeof *self);
}
