/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"
#include "base/time-units.h"
#include "casa-build.h"
#include "city/city.h"
#include "event-delays.h"
#include "replay-command.h"
#include "run.h"
#include "session.h"
#include "what-if.h"

#define TWIN_STATIONS 2000 /* what is run for load says nothing beside it */
#define WHAT_IF_MS (4 * CASA_HOUR_MS)
#define EVENT_DELAYS_START "2026-05-19T17:30:00Z"

/* What a run stands on. */
typedef struct {
  CasaSimOptions options;
  CasaConfig *config;
  CasaCity *city;
  CasaSimScenario *scenario;
  CasaSimModel *model;
  CasaSimWorld *world;
} App;

/* The city's files stand in the configuration folder: missing or wrong ones are wrong configuration. */
static gboolean
load_city(App *app, GError **error)
{
  g_autoptr(GError) cause = NULL;
  app->city = casa_city_load(app->config->dir, &cause);
  if (!app->city)
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_CONFIG, cause->message);
  return app->city != NULL;
}

static gboolean
build(App *app, GError **error)
{
  const CasaSimOptions *o = &app->options;
  CasaConfigOverrides overrides = { .dir = o->config_dir, .broker = o->broker };
  if (!(app->config = casa_config_load(&overrides, error)) || !load_city(app, error))
    return FALSE;
  app->scenario = o->scenario ? casa_sim_scenario_load(app->config->dir, o->scenario, error) : casa_sim_scenario_new();
  if (!app->scenario || !casa_sim_scenario_settle(app->scenario, app->city, error))
    return FALSE;
  app->model = casa_sim_model_new(app->city, app->scenario, o->seed);
  app->world = casa_sim_world_new(app->model, app->config->root, o->stations);
  if (o->n_parts > 1)
    casa_sim_world_keep_part(app->world, o->part, o->n_parts);
  return TRUE;
}

static void
clear(App *app)
{
  casa_sim_world_free(app->world);
  casa_sim_model_free(app->model);
  casa_sim_scenario_free(app->scenario);
  casa_city_free(app->city);
  casa_config_free(app->config);
  casa_sim_options_clear(&app->options);
}

static void
make_plan(const App *app, CasaSimPlan *plan)
{
  const CasaSimOptions *o = &app->options;
  *plan = (CasaSimPlan){ .start_ms = o->start_ms,
                         .backfill_ms = o->backfill_ms,
                         .backfill_step_ms = o->backfill_step_ms,
                         .duration_ms = o->duration_ms,
                         .step_ms = o->step_ms,
                         .rate_hz = o->rate_hz,
                         .speed = o->speed,
                         .silent = o->part > 0,
                         .faults = o->has_faults ? o->faults : app->scenario->sensors,
                         .keep = o->keep,
                         .twin = !o->to_stdout && o->rate_hz <= 0 && o->n_parts <= 1 &&
                                 casa_sim_world_size(app->world) <= TWIN_STATIONS,
                         .progress = !o->to_stdout,
                         .terminal = isatty(STDERR_FILENO),
                         .report_ms = o->report_ms };
  if (!o->has_start && (!o->to_stdout || !casa_time_parse(CASA_SIM_STDOUT_START, &plan->start_ms, NULL)))
    plan->start_ms = casa_clock_now_ms();
  plan->start_ms -= plan->start_ms % MAX(o->step_ms, 1);
}

/* Nothing that befell a message goes without a number. */
static void
say_faults(guint faults, const CasaSimFaultCounts *c)
{
  g_autofree char *text = casa_sim_faults_text(faults);
  if (c->silent + c->late + c->twice + c->frozen + c->wrong_clock + c->waiting > 0)
    g_printerr("casa-sim: sensors %s: %" G_GUINT64_FORMAT " messages never sent, %" G_GUINT64_FORMAT " late, %" G_GUINT64_FORMAT
               " sent twice, %" G_GUINT64_FORMAT " with frozen values, %" G_GUINT64_FORMAT
               " with a wrong time, %u still on their way\n",
               text, c->silent, c->late, c->twice, c->frozen, c->wrong_clock, c->waiting);
}

static int
print_lines(App *app, const CasaSimPlan *plan)
{
  CasaSimSink *sink = casa_sim_lines_new(STDOUT_FILENO);
  g_autoptr(GString) payload = g_string_new(NULL);
  g_autoptr(GString) topic = g_string_new(NULL);
  CasaSimRunStats stats;
  for (guint i = 0; i < casa_sim_world_size(app->world); i++) {
    casa_sim_world_descriptor(app->world, i, topic, payload);
    sink->send(sink, topic->str, payload, 0);
  }
  gboolean arrived = casa_sim_run(app->world, plan, sink, &stats);
  say_faults(plan->faults, &stats.sent);
  casa_sim_lines_free(sink);
  return arrived ? 0 : 1;
}

static CasaSimPublisher *
make_publisher(App *app, GError **error)
{
  CasaSimPublisher *publisher = casa_sim_session_new(&app->options, app->config, "city", TRUE, error);
  g_autoptr(GString) payload = g_string_new(NULL);
  g_autoptr(GString) topic = g_string_new(NULL);
  for (guint i = 0; publisher && i < casa_sim_world_size(app->world); i++) {
    casa_sim_world_descriptor(app->world, i, topic, payload);
    casa_sim_publisher_add_retained(publisher, topic->str, payload->str);
  }
  return publisher;
}

static int
publish(App *app, const CasaSimPlan *plan, GError **error)
{
  g_autoptr(CasaSimPublisher) publisher = make_publisher(app, error);
  CasaSimRunStats stats;
  if (!publisher)
    return casa_error_exit_status(error ? *error : NULL);
  if (plan->speed > 1 && !app->options.has_start)
    g_printerr("casa-sim: with --speed %g from now on, readings will be dated ahead of the clock, and the application "
               "refuses those more than 10 minutes ahead: give --start, such as --start now-6h\n",
               plan->speed);
  gboolean arrived = casa_sim_run(app->world, plan, casa_sim_publisher_sink(publisher), &stats);
  say_faults(plan->faults, &stats.sent);
  casa_sim_session_say_end(publisher, app->options.qos);
  return arrived ? 0 : 1;
}

/* On a weekday's evening rush, when there is something to disturb, unless told otherwise. */
static int
print_event_delays(App *app)
{
  gint64 start_ms = app->options.start_ms;
  if (!app->options.has_start && !casa_time_parse(EVENT_DELAYS_START, &start_ms, NULL))
    return 1;
  g_autoptr(GArray) delays = casa_sim_event_delays(app->city, app->scenario, app->options.seed, start_ms);
  g_autofree char *text = casa_sim_event_delays_text(delays);
  fputs(text, stdout); /* as it is: g_print() would recode for the locale */
  return 0;
}

static int
print_what_if(App *app, GError **error)
{
  const CasaSimOptions *o = &app->options;
  const gint64 start_ms = o->has_start ? o->start_ms : casa_clock_now_ms();
  const CasaSimQuestion question = { .city = app->city,
                                     .scenario = app->scenario,
                                     .seed = o->seed,
                                     .keep = o->keep,
                                     .what = o->what_if,
                                     .config_dir = app->config->dir,
                                     .figures = o->figures,
                                     .from_ms = start_ms - o->backfill_ms,
                                     .start_ms = start_ms,
                                     .to_ms = start_ms + (o->duration_ms < 0 ? WHAT_IF_MS : o->duration_ms),
                                     .step_ms = o->backfill_step_ms };
  g_autoptr(GString) out = g_string_new(NULL);
  if (!casa_sim_what_if(&question, out, error))
    return casa_error_exit_status(error ? *error : NULL);
  fputs(out->str, stdout);
  return 0;
}

static int
play_city(App *app, GError **error)
{
  CasaSimPlan plan;
  if (!build(app, error))
    return 2;
  if (app->options.event_delays)
    return print_event_delays(app);
  if (app->options.what_if)
    return print_what_if(app, error);
  make_plan(app, &plan);
  return app->options.to_stdout ? print_lines(app, &plan) : publish(app, &plan, error);
}

int
main(int argc, char **argv)
{
  App app = { 0 };
  g_autoptr(GError) error = NULL;
  int status = 0;
  setlocale(LC_ALL, "");
  /* paho would go through a web proxy, to a broker on this very machine too. */
  const char *const proxies[] = { "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" };
  for (guint i = 0; i < G_N_ELEMENTS(proxies); i++)
    g_unsetenv(proxies[i]);
  casa_sim_stop_on_signals();
  if (casa_sim_options_parse(&app.options, &argc, &argv, &error)) {
    if (app.options.version)
      g_print("casa-sim %s\n", CASA_VERSION);
    else if (app.options.print_map)
      status = casa_sim_print_map_command(&app.options, &error);
    else if (app.options.from_csv)
      status = casa_sim_replay_command(&app.options, &error);
    else
      status = play_city(&app, &error);
  }
  clear(&app);
  if (error) {
    g_printerr("casa-sim: %s\n", error->message);
    return casa_error_exit_status(error);
  }
  return status;
}
