/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "casa-build.h"
#include "ui/chart/chart.h"
#include "ui/data/two-futures.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/window.h"
#include "ui/stage/clicker.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* "What if" as a presenter asks it: the card over the scene, its keys, what the true simulator answers, and how little is left
 * when it is closed. */

#define SIM CASA_BUILD_ROOT "/sensors-sim/casa-sim"
#define SCENE                                                                                                                  \
  "[scene wall]\ntitle_fr = Ville\ngrid = 1920 1080\npanel = panel 32 112 900 600 domain=energy\n"                             \
  "[scene other]\ntitle_fr = Autre\ngrid = 1920 1080\npanel = panel 32 112 900 600 domain=air\n"
#define PATIENCE_S 60

static AdwApplication *app;

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaSceneList *scenes;
  CasaWindow *window;
} Stage;

static void
stage_open(Stage *stage, const char *const *command)
{
  app_fixture_init(&stage->fixture);
  app_fixture_fill(&stage->fixture, casa_clock_now_ms(), 60);
  g_autofree char *path = g_build_filename(stage->fixture.dir, "scenes.conf", NULL);
  g_assert_true(g_file_set_contents(path, SCENE, -1, NULL));
  stage->model = app_fixture_model(&stage->fixture);
  casa_model_tick(stage->model, casa_clock_now_ms());
  stage->scenes = casa_scene_list_new(path, casa_scene_world(stage->fixture.indicators));
  casa_lang_set("fr");
  stage->window = casa_window_new(app, stage->model, stage->scenes, "dark");
  casa_window_offer_what_if(stage->window, command);
  casa_window_pose(stage->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(stage->window));
}

static void
stage_close(Stage *stage)
{
  gtk_window_destroy(GTK_WINDOW(stage->window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_object_unref(stage->scenes);
  casa_model_free(stage->model);
  app_fixture_clear(&stage->fixture);
}

static void
wait_for(Stage *stage, const char *text, gboolean wanted)
{
  const gint64 end = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;

  while (app_look_has_text(GTK_WIDGET(stage->window), text) != wanted) {
    if (g_get_monotonic_time() > end)
      g_error("\"%s\": %s", text, wanted ? "is not said" : "is still said");
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
  }
}

/* As the clicker gives it. FALSE: nobody wants it. */
static gboolean
press(Stage *stage, guint keyval)
{
  return gtk_widget_activate_action(GTK_WIDGET(stage->window), CASA_CLICKER_OVER "." CASA_CLICKER_OVER_KEY, "u", keyval);
}

static void
toggle(Stage *stage)
{
  gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.what-if", NULL);
}

static void
test_ask(void)
{
  Stage s = { 0 };

  stage_open(&s, (const char *const[]){ SIM, "--seed", "3", NULL });
  g_assert_false(press(&s, GDK_KEY_Right)); /* arrows turn scenes while nothing is asked */
  toggle(&s);
  wait_for(&s, "Et si… Coupure de courant · Maârif ?", TRUE);
  wait_for(&s, "◆ SIMULATION", TRUE);
  wait_for(&s, "MWh non livrés, simulé", TRUE);
  wait_for(&s, "min perdues par les voyageurs", TRUE);
  g_assert_true(press(&s, GDK_KEY_Down)); /* the place */
  g_assert_true(press(&s, GDK_KEY_Left));
  wait_for(&s, "Et si… Coupure de courant · Maârif ?", FALSE);
  g_assert_true(press(&s, GDK_KEY_3));
  wait_for(&s, "Et si… Vent de poussière ?", TRUE);
  wait_for(&s, "µg/m³·h de PM10 × ", TRUE);
  casa_window_set_language(s.window, "en");
  wait_for(&s, "What if… Dust wind?", TRUE);
  wait_for(&s, "inhabitants", TRUE);
  casa_window_set_language(s.window, "ar");
  wait_for(&s, "◆ محاكاة", TRUE);
  casa_window_set_language(s.window, "fr");
  gtk_widget_activate_action(GTK_WIDGET(s.window), "win.leave", NULL); /* Escape */
  wait_for(&s, "◆ SIMULATION", FALSE);
  g_assert_false(press(&s, GDK_KEY_Right));
  stage_close(&s);
}

/* Backwards from the first event: the scenarios, each with what it assumes. */
static void
test_futures(void)
{
  Stage s = { 0 };

  stage_open(&s, (const char *const[]){ SIM, NULL });
  toggle(&s);
  g_assert_true(press(&s, GDK_KEY_Left));
  wait_for(&s, "Et si… Un tramway toutes les 4 minutes ?", TRUE);
  wait_for(&s, "min d’attente de moins, en tout", TRUE);
  wait_for(&s, "TCRP 95", TRUE);
  g_assert_false(app_look_has_text(GTK_WIDGET(s.window), "Force")); /* it has neither strength nor hour */
  g_assert_true(press(&s, GDK_KEY_Left));
  g_assert_true(press(&s, GDK_KEY_Left));
  wait_for(&s, "Et si… Éclairage public en LED ?", TRUE);
  wait_for(&s, "58 %", TRUE);
  casa_window_go(s.window, 1); /* another scene takes the card away */
  wait_for(&s, "◆ SIMULATION", FALSE);
  stage_close(&s);
}

/* Nobody there, or a refusal: said, and the wall goes on. */
static void
test_refused(void)
{
  Stage s = { 0 };

  stage_open(&s, (const char *const[]){ "/no/such/casa-sim", NULL });
  toggle(&s);
  wait_for(&s, "Le simulateur ne peut pas le jouer", TRUE);
  stage_close(&s);
  stage_open(&s, (const char *const[]){ SIM, "--seed", "many", NULL });
  toggle(&s);
  wait_for(&s, "--seed", TRUE);
  stage_close(&s);
}

/* --- The service by itself --- */

typedef struct {
  guint n_changes;
} Told;

static void
changed_cb(gpointer data)
{
  ((Told *)data)->n_changes++;
}

/* A hundred questions in a row: the last one is played, and what was begun before is ended. */
static void
test_newest_counts(void)
{
  AppFixture f;
  Told told = { 0 };
  g_autofree char *dir = g_dir_make_tmp("casa-what-if-XXXXXX", NULL), *log = g_build_filename(dir, "runs", NULL);
  g_autofree char *script = g_strdup_printf("echo run >> '%s'; exec '%s' \"$@\"", log, SIM);
  const char *const command[] = { "/bin/sh", "-c", script, "sh", NULL };

  app_fixture_init(&f);
  const CasaIndicator *load = casa_indicators_find(f.indicators, "load");
  g_autoptr(CasaTwoFutures) futures = casa_two_futures_new(command, CASA_SOURCE_ROOT "/config", changed_cb, &told);
  CasaTwoFuturesQuestion q = { .what = "future-led", .step_ms = 10 * CASA_MINUTE_MS, .figures = { load } };
  q.from_ms = q.start_ms = G_GINT64_CONSTANT(1796054400000);
  for (guint i = 1; i <= 100; i++) {
    q.to_ms = q.from_ms + i * CASA_HOUR_MS / 10;
    casa_two_futures_ask(futures, &q);
  }
  while (casa_two_futures_state(futures) == CASA_TWO_FUTURES_ASKED)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpint(casa_two_futures_state(futures), ==, CASA_TWO_FUTURES_KNOWN);
  g_assert_cmpuint(casa_pyramid_length(casa_two_futures_with(futures, 0)), ==, 61); /* of the last: ten hours */
  double sum, share;
  g_assert_true(casa_two_futures_difference(futures, 0, &sum, &share));
  g_assert_cmpfloat(sum, <, -50);
  g_assert_true(isnan(casa_two_futures_cost(futures, "no-such", NULL)));
  g_autofree char *runs = NULL;
  g_assert_true(g_file_get_contents(log, &runs, NULL, NULL));
  g_assert_cmpstr(runs, ==, "run\n");
  casa_two_futures_ask(futures, &q);
  casa_two_futures_forget(futures);
  g_assert_cmpint(casa_two_futures_state(futures), ==, CASA_TWO_FUTURES_IDLE);
  g_assert_cmpuint(casa_pyramid_length(casa_two_futures_with(futures, 0)), ==, 0);
  g_remove(log);
  g_rmdir(dir);
  app_fixture_clear(&f);
}

static void
test_command(void)
{
  g_auto(GStrv) words = casa_two_futures_command("/opt/casa-sim --seed 7 --keep '/a folder/events'");
  g_auto(GStrv) open_quote = casa_two_futures_command("casa-sim 'x");

  g_assert_cmpstr(words[0], ==, "/opt/casa-sim");
  g_assert_cmpstr(words[4], ==, "/a folder/events");
  g_assert_null(open_quote);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gtk_init();
  app = adw_application_new("io.github.casapulse.TestWhatIf", G_APPLICATION_NON_UNIQUE);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  g_test_add_func("/app/what-if/ask", test_ask);
  g_test_add_func("/app/what-if/futures", test_futures);
  g_test_add_func("/app/what-if/refused", test_refused);
  g_test_add_func("/app/what-if/newest-counts", test_newest_counts);
  g_test_add_func("/app/what-if/command", test_command);
  const int status = g_test_run();
  g_object_unref(app);
  return status;
}
