/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "base/clock.h"
#include "broker.h"
#include "casa-build.h"
#include "process.h"
#include "pulse.h"
#include "ui/lang.h"
#include "ui/window.h"
#include <signal.h>

/* End to end: a real broker, the simulator, the application. */

#define PULSE CASA_BUILD_ROOT "/ui/casa-pulse"
#define SIM CASA_BUILD_ROOT "/sensors-sim/casa-sim"
#define CONFIG CASA_SOURCE_ROOT "/config"
#define PATIENCE_S 120
#define HISTORY 70 /* points: six hours, one each five minutes, and some to spare */

static AdwApplication *app;

typedef struct {
  TestBroker *broker;
  TestProcess *sim;
  char *dir, *store;
} City;

static void city_open(City *city) {
  city->dir = test_dir_new();
  city->store = g_build_filename(city->dir, "pulse.db", NULL);
  city->broker = test_broker_new(NULL);
  city->sim = test_process_start(
      city->dir, "sim",
      (const char *[]) {SIM, "--config", CONFIG, "--broker", test_broker_url(city->broker), "--backfill", "6h", NULL});
}

static void city_close(City *city) {
  test_process_free(city->sim);
  test_broker_free(city->broker);
  test_dir_remove(city->dir);
  g_free(city->dir);
  g_free(city->store);
}

/* The application, in this process, so that its words can be read. */
typedef struct {
  CasaConfig *config;
  CasaCity *city;
  CasaPulse *pulse;
  CasaModel *model;
  CasaWindow *window;
} Wall;

static void wall_open(Wall *wall, const City *city) {
  g_autoptr(GError) error = NULL;
  const CasaConfigOverrides overrides = {CONFIG, test_broker_url(city->broker), city->store, NULL};

  casa_lang_set("fr");
  wall->config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  wall->city = casa_city_load(wall->config->dir, &error);
  g_assert_no_error(error);
  wall->pulse = casa_pulse_new(wall->config, TRUE, &error);
  g_assert_no_error(error);
  gboolean started = casa_pulse_start(wall->pulse, &error);
  g_assert_no_error(error);
  g_assert_true(started);
  const CasaModelSource source = {casa_pulse_hub(wall->pulse), casa_pulse_catalogue(wall->pulse), city->store, wall->pulse};
  wall->model = casa_model_new(&source, wall->city);
  wall->window = casa_window_new(app, wall->model, "dark");
  casa_window_pose(wall->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(wall->window));
}

static void wall_close(Wall *wall) {
  gtk_window_destroy(GTK_WINDOW(wall->window));
  while (g_main_context_iteration(NULL, FALSE)) continue;
  casa_model_free(wall->model);
  casa_pulse_stop(wall->pulse);
  casa_pulse_free(wall->pulse);
  casa_city_free(wall->city);
  casa_config_free(wall->config);
}

/* Seconds until @text stands on the wall; fails after @limit_s. */
static double wait_text(Wall *wall, const char *text, double limit_s) {
  gint64 start = casa_clock_mono_us();

  while (!app_look_has_text(casa_window_picture(wall->window), text)) {
    double waited = (double) (casa_clock_mono_us() - start) / G_USEC_PER_SEC;
    if (waited > limit_s) g_error("\"%s\" is not on the wall after %.1f s", text, waited);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
  return (double) (casa_clock_mono_us() - start) / G_USEC_PER_SEC;
}

static void wait_curve(Wall *wall, guint points, double limit_s) {
  gint64 until = casa_clock_mono_us() + (gint64) (limit_s * G_USEC_PER_SEC);

  while (casa_pyramid_length(casa_model_curve(wall->model, CASA_CURVE_LOAD)) < points) {
    if (casa_clock_mono_us() > until)
      g_error("%u points of history after %.0f s", casa_pyramid_length(casa_model_curve(wall->model, CASA_CURVE_LOAD)), limit_s);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static void test_link(void) {
  City city;
  Wall wall;

  city_open(&city);
  wall_open(&wall, &city);
  wait_text(&wall, "EN DIRECT", PATIENCE_S);
  wait_text(&wall, "SIMULÉ", PATIENCE_S);
  test_broker_kill(city.broker);
  g_test_message("said after %.2f s", wait_text(&wall, "LIAISON PERDUE", 3));
  wait_text(&wall, "liaison MQTT perdue", 3);
  test_broker_start(city.broker);
  wait_text(&wall, "EN DIRECT", PATIENCE_S);
  g_assert_false(app_look_has_text(casa_window_picture(wall.window), "LIAISON PERDUE"));
  wall_close(&wall);
  city_close(&city);
}

/* The broker hangs but its connection stays open: silence is said, too. */
static void test_silence(void) {
  City city;
  Wall wall;

  city_open(&city);
  wall_open(&wall, &city);
  wait_text(&wall, "EN DIRECT", PATIENCE_S);
  wait_curve(&wall, HISTORY, PATIENCE_S);
  test_process_signal(city.sim, SIGSTOP);
  wait_text(&wall, "DERNIÈRE VALEUR", 10);
  test_process_signal(city.sim, SIGCONT);
  wait_text(&wall, "EN DIRECT", PATIENCE_S);
  wall_close(&wall);
  city_close(&city);
}

/* Closing and opening again: the past is there at once, and does not pretend to be live. */
static void test_reopen(void) {
  City city;
  Wall wall;

  city_open(&city);
  wall_open(&wall, &city);
  wait_curve(&wall, HISTORY, PATIENCE_S);
  guint before = casa_pyramid_length(casa_model_curve(wall.model, CASA_CURVE_LOAD));
  wall_close(&wall);
  test_broker_stop(city.broker);
  wall_open(&wall, &city);
  wait_curve(&wall, before - 1, 10);
  wait_text(&wall, "DERNIÈRE VALEUR", 10);
  g_assert_false(app_look_has_text(casa_window_picture(wall.window), "EN DIRECT"));
  g_assert_cmpint(casa_model_summary(wall.model)->load.state, ==, CASA_STATE_LAST);
  wall_close(&wall);
  city_close(&city);
}

/* The program itself writes the picture, in every language at another size. */
static void test_pictures(void) {
  static const struct {
    const char *language, *size;
    int width, height;
  } shots[] = {{"fr", "1920x1080", 1920, 1080}, {"ar", "1024x600", 1024, 600}, {"en", "3840x2160", 3840, 2160}};
  City city;
  Wall wall;

  city_open(&city);
  wall_open(&wall, &city);
  wait_curve(&wall, HISTORY, PATIENCE_S);
  wall_close(&wall);
  for (guint i = 0; i < G_N_ELEMENTS(shots); i++) {
    g_autofree char *name = g_strdup_printf("live-%s-%s.png", shots[i].language, shots[i].size);
    g_autofree char *path = app_look_artifact(name), *err = NULL;
    const char *argv[] = {PULSE,    "--config", CONFIG,     "--broker", test_broker_url(city.broker),
                          "--store", city.store, "--size",   shots[i].size, "--lang",
                          shots[i].language, "--screenshot", path, NULL};
    int status = test_run(argv, NULL, NULL, &err);
    if (status != 0) g_error("casa-pulse: status %d, %s", status, err);
    app_look_check_wall(path, shots[i].width, shots[i].height, i == 1);
  }
  city_close(&city);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_printerr("needs a display: run it with xvfb-run\n");
    return 1;
  }
  app = adw_application_new(NULL, G_APPLICATION_NON_UNIQUE);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  g_test_add_func("/app/live/link", test_link);
  g_test_add_func("/app/live/silence", test_silence);
  g_test_add_func("/app/live/reopen", test_reopen);
  g_test_add_func("/app/live/pictures", test_pictures);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
