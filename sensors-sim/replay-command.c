/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "replay/replay-map-json.h"
#include "replay/replay-propose.h"
#include "replay/replay.h"
#include "session.h"

#define COMPLAINTS 20 /* told one by one; a table that is wrong all through would bury them */

typedef struct {
  const CasaSimOptions *options;
  CasaConfig *config;
  CasaMetrics *metrics;
  CasaSimMap *map;
  CasaSimCsv *csv;
  CasaSimRows *rows;
  const char *source; /* of the map, or the user's */
  char *team;
  guint complaints;
} Player;

static CasaSimCsv *
open_table(const char *path, char separator, const char *encoding, GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GError) why = NULL;
  g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, &why);
  if (!stream) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s: %s", path, why->message);
    return NULL;
  }
  return casa_sim_csv_new(G_INPUT_STREAM(stream), separator, encoding);
}

static void
complain_cb(gpointer data, guint64 line, const char *text)
{
  Player *p = data;
  if (++p->complaints <= COMPLAINTS)
    g_printerr("%s:%" G_GUINT64_FORMAT ": %s\n", p->options->from_csv, line, text);
  if (p->complaints == COMPLAINTS)
    g_printerr("%s: more of these are counted, not told\n", p->options->from_csv);
}

/* A team's further devices log in as NAME.2, NAME.3 …, and publish below NAME. */
static const char *
team_of(Player *p, const char *user)
{
  if (!user)
    return "replay";
  p->team = g_strndup(user, strcspn(user, "."));
  return p->team;
}

static gboolean
prepare(Player *p, GError **error)
{
  const CasaSimOptions *o = p->options;
  CasaConfigOverrides overrides = { .dir = o->config_dir, .broker = o->broker };
  g_autoptr(GError) why = NULL;
  if (!(p->config = casa_config_load(&overrides, error)) || !(p->metrics = casa_metrics_load(p->config->dir, error)) ||
      !(p->map = casa_sim_map_load(o->map, p->metrics, error)) ||
      !(p->csv = open_table(o->from_csv, p->map->separator, p->map->encoding, error)))
    return FALSE;
  p->source = p->map->source ? p->map->source : team_of(p, p->config->broker_user);
  p->rows = casa_sim_rows_new(p->csv, p->map, p->metrics, p->config->root, p->source, complain_cb, p, &why);
  if (p->rows)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s: %s (mapping: %s)", o->from_csv, why->message, o->map);
  return FALSE;
}

static void
player_clear(Player *p)
{
  casa_sim_rows_free(p->rows);
  casa_sim_csv_free(p->csv);
  casa_sim_map_free(p->map);
  casa_metrics_free(p->metrics);
  g_free(p->team);
  casa_config_free(p->config);
}

/* The first 20 rows that are wrong are told as they come, all are counted here. */
static void
say_rows(const Player *p, const CasaSimReplayCounts *c)
{
  CasaSimRowCounts rows;
  char first[32] = "", last[32] = "";
  casa_sim_rows_counts(p->rows, &rows);
  g_printerr("casa-sim: %s: %" G_GUINT64_FORMAT " rows, %" G_GUINT64_FORMAT " played of %u stations; %" G_GUINT64_FORMAT
             " skipped as wrong, %" G_GUINT64_FORMAT " without readings, %" G_GUINT64_FORMAT
             " outside of --from and --to, %" G_GUINT64_FORMAT " out of order; %" G_GUINT64_FORMAT " single values left out\n",
             p->options->from_csv, rows.rows, c->messages, casa_sim_rows_n_stations(p->rows), rows.bad_rows, rows.empty_rows,
             c->outside, c->out_of_order, rows.bad_cells);
  if (rows.invalid_rows > 0)
    g_printerr("casa-sim: %" G_GUINT64_FORMAT " rows left aside: the table calls them invalid in \"%s\"\n", rows.invalid_rows,
               p->map->valid_column);
  if (c->messages > 0)
    g_printerr("casa-sim: recorded from %s to %s\n", casa_time_format(c->first_ms, first), casa_time_format(c->last_ms, last));
  if (casa_sim_csv_error(p->csv))
    g_printerr("casa-sim: %s: reading ended early: %s\n", p->options->from_csv, casa_sim_csv_error(p->csv)->message);
}

static CasaSimReplayPlan
make_plan(const CasaSimOptions *o)
{
  CasaSimReplayPlan plan = {
    .start_ms = o->start_ms, .speed = o->to_stdout ? 0 : o->speed, .from_ms = o->from_ms, .to_ms = o->to_ms
  };
  /* Printed lines are the same every time, so they are not dated with today. */
  plan.dating = o->has_start                     ? CASA_SIM_REPLAY_START
                : o->as_recorded || o->to_stdout ? CASA_SIM_REPLAY_RECORDED
                                                 : CASA_SIM_REPLAY_NOW;
  return plan;
}

static gboolean
play_to_stdout(Player *p, const CasaSimReplayPlan *plan, CasaSimReplayCounts *counts)
{
  CasaSimSink *sink = casa_sim_lines_new(STDOUT_FILENO);
  gboolean ok = casa_sim_replay(p->rows, p->map, p->config->root, p->source, plan, sink, counts);
  casa_sim_lines_free(sink);
  return ok;
}

static gboolean
play_to_broker(Player *p, const CasaSimReplayPlan *plan, CasaSimReplayCounts *counts, GError **error)
{
  g_autoptr(CasaSimPublisher) publisher = casa_sim_session_new(p->options, p->config, p->source, FALSE, error);
  if (!publisher)
    return FALSE;
  gboolean ok = casa_sim_replay(p->rows, p->map, p->config->root, p->source, plan, casa_sim_publisher_sink(publisher), counts);
  casa_sim_session_say_end(publisher, p->options->qos);
  return ok;
}

int
casa_sim_replay_command(const CasaSimOptions *options, GError **error)
{
  Player p = { .options = options };
  CasaSimReplayPlan plan = make_plan(options);
  CasaSimReplayCounts counts = { 0 };
  gboolean ok = FALSE;
  g_autoptr(GError) why = NULL;
  if (prepare(&p, &why)) {
    ok = options->to_stdout ? play_to_stdout(&p, &plan, &counts) : play_to_broker(&p, &plan, &counts, &why);
    if (!why)
      say_rows(&p, &counts);
    ok = ok && counts.messages > 0 && !casa_sim_csv_error(p.csv);
  }
  player_clear(&p);
  int status = why ? casa_error_exit_status(why) : ok ? 0 : 1;
  if (why)
    g_propagate_error(error, g_steal_pointer(&why));
  return status;
}

/* What is asked in a file that nobody reads is asked on the terminal, too. */
static void
say_questions(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (g_str_has_prefix(lines[i], "# QUESTION: "))
      g_printerr("casa-sim: line %u of the mapping asks: %s\n", i + 1, lines[i] + strlen("# QUESTION: "));
  }
}

int
casa_sim_print_map_command(const CasaSimOptions *options, GError **error)
{
  CasaConfigOverrides overrides = { .dir = options->config_dir };
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, error);
  g_autoptr(CasaMetrics) metrics = config ? casa_metrics_load(config->dir, error) : NULL;
  g_autoptr(CasaSimCsv) csv = metrics ? open_table(options->print_map, 0, CASA_SIM_CSV_GUESS, error) : NULL;
  g_autoptr(GError) why = NULL;
  if (!csv)
    return 2;
  g_autofree char *text = casa_sim_propose_map(csv, metrics, options->print_map, &why);
  if (!text) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--print-map %s: %s", options->print_map, why->message);
    return 2;
  }
  if (options->json) {
    g_autofree char *json = casa_sim_map_json(text, options->print_map, metrics);
    puts(json);
    return 0;
  }
  say_questions(text);
  fputs(text, stdout); /* as it is: g_print() would recode µ for the locale */
  return 0;
}
