/* SPDX-License-Identifier: Apache-2.0 */
#include "live-fixture.h"
#include "app-look.h"
#include "casa-build.h"
#include "ui/text/lang.h"
#include <glib/gstdio.h>
#include <unistd.h>

#define SIM CASA_BUILD_ROOT "/sensors-sim/casa-sim"
#define CONFIG CASA_SOURCE_ROOT "/config"

static AdwApplication *app;

static void
link_config(LiveCity *city, const char *name)
{
  g_autofree char *from = g_build_filename(CONFIG, name, NULL), *to = g_build_filename(city->config, name, NULL);

  g_assert_cmpint(symlink(from, to), ==, 0);
}

void
live_city_open(LiveCity *city, const char *extra)
{
  *city = (LiveCity){ .dir = test_dir_new() };
  city->store = g_build_filename(city->dir, "pulse.db", NULL);
  city->config = g_build_filename(city->dir, "config", NULL);
  g_mkdir(city->config, 0755);
  link_config(city, "casablanca");
  link_config(city, "metrics.conf");
  link_config(city, "pulse.conf");
  city->broker = test_broker_new(extra);
}

void
live_city_close(LiveCity *city)
{
  test_process_free(city->sim);
  test_broker_free(city->broker);
  test_dir_remove(city->dir);
  g_free(city->dir);
  g_free(city->config);
  g_free(city->store);
}

static gboolean
has_answer(gpointer data)
{
  CasaLink link;

  casa_pulse_read_link(((LiveWall *)data)->pulse, &link, NULL);
  g_main_context_iteration(NULL, FALSE);
  return link.state == CASA_LINK_UP || link.state == CASA_LINK_REFUSED || link.fault.code == CASA_FAULT_LINK_NO_ANSWER;
}

/* The city begins to speak when the wall listens: of what was said before, nobody keeps a copy. */
static void
start_city(LiveWall *wall, LiveCity *city)
{
  if (city->sim)
    return;
  g_assert_true(test_wait_for(has_answer, wall, 60));
  city->sim = test_process_start(
    city->dir, "sim",
    (const char *[]){ SIM, "--config", CONFIG, "--broker", test_broker_url(city->broker), "--backfill", "6h", NULL });
}

static CasaModel *
open_model(LiveWall *wall, LiveCity *city)
{
  CasaModelSource source = { casa_pulse_hub(wall->pulse), casa_pulse_catalogue(wall->pulse), city->store, wall->pulse,
                             .indicators = wall->indicators };

  if (wall->replay) {
    source.hub = casa_replay_hub(wall->replay);
    source.catalogue = casa_replay_catalogue(wall->replay);
    source.store_path = casa_replay_store_path(wall->replay);
    source.clock = casa_replay_clock(wall->replay);
    source.replay = wall->replay;
  }
  return casa_model_new(&source, wall->city);
}

static void
open_wall(LiveWall *wall, LiveCity *city, const char *influx, const CasaReplayOptions *past)
{
  g_autoptr(GError) error = NULL;
  const CasaConfigOverrides overrides = { city->config, test_broker_url(city->broker), city->store, influx };

  casa_lang_set("fr");
  wall->config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  wall->city = casa_city_load(wall->config->dir, &error);
  g_assert_no_error(error);
  wall->indicators = casa_indicators_load(wall->config->dir, &error);
  g_assert_no_error(error);
  wall->pulse = casa_pulse_new(wall->config, !past, &error);
  g_assert_no_error(error);
  gboolean started = casa_pulse_start(wall->pulse, &error);
  g_assert_no_error(error);
  g_assert_true(started);
  wall->replay = past ? casa_replay_new(wall->config, wall->pulse, past, &error) : NULL;
  g_assert_no_error(error);
  g_assert_true(!past || casa_replay_start(wall->replay, &error));
  wall->model = open_model(wall, city);
  g_autofree char *scenes = g_build_filename(city->config, "scenes.conf", NULL);
  const char *grid = CASA_SOURCE_ROOT "/config/talks/grid.conf"; /* its status line has all words */
  wall->scenes =
    casa_scene_list_new(g_file_test(scenes, G_FILE_TEST_EXISTS) ? scenes : grid, casa_scene_world(wall->indicators));
  wall->window = casa_window_new(app, wall->model, wall->scenes, "dark");
  wall->ticker = casa_ticker_new(wall->model);
  casa_ticker_follow(wall->ticker, GTK_WIDGET(wall->window));
  casa_window_pose(wall->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(wall->window));
  start_city(wall, city);
}

void
live_wall_open(LiveWall *wall, LiveCity *city, const char *influx)
{
  open_wall(wall, city, influx, NULL);
}

void
live_wall_open_past(LiveWall *wall, LiveCity *city, const CasaReplayOptions *past)
{
  open_wall(wall, city, NULL, past);
}

void
live_wall_close(LiveWall *wall)
{
  gtk_window_destroy(GTK_WINDOW(wall->window));
  while (g_main_context_iteration(NULL, FALSE))
    continue;
  casa_ticker_free(wall->ticker);
  g_object_unref(wall->scenes);
  casa_model_free(wall->model);
  casa_replay_free(wall->replay);
  casa_pulse_stop(wall->pulse);
  casa_pulse_free(wall->pulse);
  casa_city_free(wall->city);
  casa_indicators_unref(wall->indicators);
  casa_config_free(wall->config);
}

double
live_wall_wait(LiveWall *wall, const char *text, double limit_s)
{
  gint64 start = casa_clock_mono_us();

  while (!app_look_has_text(casa_window_picture(wall->window), text)) {
    double waited = (double)(casa_clock_mono_us() - start) / G_USEC_PER_SEC;
    if (waited > limit_s)
      g_error("\"%s\" is not on the wall after %.1f s", text, waited);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
  return (double)(casa_clock_mono_us() - start) / G_USEC_PER_SEC;
}

void
live_wall_wait_curve(LiveWall *wall, guint points, double limit_s)
{
  gint64 until = casa_clock_mono_us() + (gint64)(limit_s * G_USEC_PER_SEC);

  while (casa_pyramid_length(casa_model_curve(wall->model, app_indicator(wall->model, "load"))) < points) {
    if (casa_clock_mono_us() > until)
      g_error("%u points of history after %.0f s",
              casa_pyramid_length(casa_model_curve(wall->model, app_indicator(wall->model, "load"))), limit_s);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

void
live_wall_wait_gone(LiveWall *wall, const char *text, double limit_s)
{
  gint64 until = casa_clock_mono_us() + (gint64)(limit_s * G_USEC_PER_SEC);

  while (app_look_has_text(casa_window_picture(wall->window), text)) {
    if (casa_clock_mono_us() > until)
      g_error("\"%s\" still stands on the wall after %.0f s", text, limit_s);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

void
live_wall_speak(LiveWall *wall, const char *language)
{
  casa_window_set_language(wall->window, language);
}

int
live_main(void)
{
  if (!gtk_init_check()) {
    g_printerr("needs a display: run it with xvfb-run\n");
    return 1;
  }
  app = adw_application_new(NULL, G_APPLICATION_NON_UNIQUE);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
