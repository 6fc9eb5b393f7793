/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "casa-build.h"
#include "app-look.h"
#include "base/clock.h"
#include "ui/chart/chart.h"
#include "ui/kit/screenshot.h"
#include "ui/kit/style.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include <adwaita.h>

/* Several windows look on at one model: each with its own size, theme, scene and language. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaWindow *hall, *desk;
} Show;

static AdwApplication *app;   /* one for the whole program: it cannot be registered twice */
static CasaSceneList *scenes; /* as shipped */

static void
spin(double seconds)
{
  gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static void
wait_until(gboolean (*done)(Show *show), Show *show, const char *what)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!done(show)) {
    if (casa_clock_mono_us() > until)
      g_error("waited in vain: %s", what);
    spin(0.01);
  }
}

static GtkWidget *
page(CasaWindow *window)
{
  return casa_window_picture(window);
}

static gboolean
is_live(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static CasaWindow *
open_window(Show *show, const char *language, const char *theme, guint scene, int width, int height)
{
  CasaWindow *window = casa_window_new(app, show->model, scenes, theme);

  casa_ticker_follow(show->ticker, GTK_WIDGET(window));
  casa_window_set_language(window, language);
  casa_window_go(window, scene);
  casa_window_pose(window, width, height);
  gtk_window_present(GTK_WINDOW(window));
  return window;
}

static gboolean
are_laid_out(Show *show)
{
  return gtk_widget_get_width(page(show->hall)) == 1280 && gtk_widget_get_width(page(show->desk)) == 1024;
}

static void
count_cb(GdkFrameClock *clock, gpointer data)
{
  (*(guint *)data)++;
}

/* Both have been drawn with all that was asked of them before: fades have ended. */
static void
wait_drawn(Show *show)
{
  CasaWindow *windows[] = { show->hall, show->desk };

  spin(0.5);
  for (guint i = 0; i < G_N_ELEMENTS(windows); i++) {
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(windows[i]));
    guint frames = 0;
    gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
    gulong id = g_signal_connect(clock, "after-paint", G_CALLBACK(count_cb), &frames);
    while (frames < 4) {
      g_assert_cmpint(casa_clock_mono_us(), <, until);
      gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      spin(0.01);
    }
    g_signal_handler_disconnect(clock, id);
  }
}

static void
show_open(Show *show)
{
  gint64 now = casa_clock_now_ms();

  *show = (Show){ 0 };
  casa_lang_set("fr");
  app_fixture_init(&show->fixture);
  app_fixture_fill(&show->fixture, now, 24 * 60);
  show->model = app_fixture_model(&show->fixture);
  app_fixture_report(&show->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(show->model, is_live, 60));
  show->ticker = casa_ticker_new(show->model);
  show->hall = open_window(show, "fr", "dark", 0, 1280, 720);
  show->desk = open_window(show, "ar", "light", 2, 1024, 600);
  wait_until(are_laid_out, show, "two windows of their sizes");
  wait_drawn(show);
}

static void
show_close(Show *show)
{
  gtk_window_destroy(GTK_WINDOW(show->hall));
  gtk_window_destroy(GTK_WINDOW(show->desk));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  app_fixture_clear(&show->fixture);
}

static char *
shoot(CasaWindow *window, const char *name)
{
  g_autoptr(GError) error = NULL;
  char *path = app_look_artifact(name);
  gboolean saved = casa_screenshot_save(page(window), path, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  return path;
}

static double
title_px(CasaWindow *window)
{
  return app_look_smallest_px(app_look_find(page(window), "casa-title", 0));
}

/* Where the middle of its title stands, 0 left to 1 right. */
static double
title_place(CasaWindow *window)
{
  graphene_rect_t bounds;
  GtkWidget *root = page(window);

  g_assert_true(gtk_widget_compute_bounds(app_look_find(root, "casa-title", 0), root, &bounds));
  return (bounds.origin.x + bounds.size.width / 2) / gtk_widget_get_width(root);
}

/* What the first chart calls its first line: not a label's text but painted. */
static const char *
painted_name(CasaWindow *window)
{
  GtkWidget *chart = gtk_widget_get_last_child(app_look_find(page(window), "casa-panel", 0));

  return casa_chart_picture(CASA_CHART(chart))->lines[0].name;
}

static void
assert_words(Show *show)
{
  g_assert_true(app_look_has_text(page(show->hall), "Mobilité"));
  g_assert_true(app_look_has_text(page(show->hall), "EN DIRECT"));
  g_assert_false(app_look_has_text(page(show->hall), "الطاقة"));
  g_assert_true(app_look_has_text(page(show->desk), "الطاقة"));
  g_assert_false(app_look_has_text(page(show->desk), "Énergie"));
  g_assert_false(app_look_has_text(page(show->desk), "EN DIRECT"));
  g_assert_cmpstr(painted_name(show->hall), ==, "trafic");
  g_assert_cmpstr(painted_name(show->desk), ==, "الحمل");
}

static void
test_two(void)
{
  Show show;

  show_open(&show);
  assert_words(&show);
  g_autofree char *hall = shoot(show.hall, "windows-hall.png"), *desk = shoot(show.desk, "windows-desk.png");
  g_assert_cmpuint(app_look_ink(hall, 0, 0, 1280, 8, casa_theme_get("dark")->ground, 4), >, 9000);
  g_assert_cmpuint(app_look_ink(desk, 0, 0, 1024, 8, casa_theme_get("light")->ground, 4), >, 7000);
  g_assert_cmpuint(app_look_ink(desk, 100, 280, 800, 240, app_look_domain(1, "light"), 24), >, 500);
  g_assert_cmpfloat_with_epsilon(title_px(show.hall), 42 * casa_look_unit(1280, 720), 0.1);
  g_assert_cmpfloat_with_epsilon(title_px(show.desk), 42 * casa_look_unit(1024, 600), 0.1);
  g_assert_cmpfloat(title_place(show.hall), <, 0.5);
  g_assert_cmpfloat(title_place(show.desk), >, 0.5);
  g_assert_cmpuint(app_look_check_labels(page(show.hall), 0.75), >, 30);
  g_assert_cmpuint(app_look_check_labels(page(show.desk), 0.75), >, 5);
  show_close(&show);
}

/* A label may change in the very moment of the picture. */
static void
test_layout_pending(void)
{
  Show show;

  show_open(&show);
  gtk_widget_queue_resize(page(show.hall));
  g_autofree char *hall = shoot(show.hall, "windows-pending.png");
  g_assert_cmpuint(app_look_ink(hall, 0, 0, 1280, 8, casa_theme_get("dark")->ground, 4), >, 9000);
  show_close(&show);
}

/* What one is told, the other does not follow. */
static void
test_apart(void)
{
  Show show;

  show_open(&show);
  casa_window_set_theme(show.desk, "contrast");
  casa_window_set_language(show.desk, "en");
  casa_window_pose(show.desk, 1024, 768);
  casa_window_go(show.desk, 3);
  wait_drawn(&show);
  g_assert_true(app_look_has_text(page(show.hall), "Mobilité"));
  g_assert_true(app_look_has_text(page(show.desk), "LIVE"));
  g_assert_cmpuint(casa_window_scene(show.hall), ==, 0);
  g_assert_cmpstr(casa_window_theme(show.hall), ==, "dark");
  g_assert_cmpfloat_with_epsilon(title_px(show.hall), 42 * casa_look_unit(1280, 720), 0.1);
  g_autofree char *hall = shoot(show.hall, "windows-apart.png");
  g_assert_cmpuint(app_look_ink(hall, 0, 0, 1280, 8, casa_theme_get("dark")->ground, 4), >, 9000);
  gtk_window_destroy(GTK_WINDOW(show.desk));
  show.desk = open_window(&show, "ar", "light", 2, 1024, 600);
  wait_drawn(&show);
  assert_words(&show);
  show_close(&show);
}

/* Two windows are no reason to do the work twice. */
static void
test_one_tick(void)
{
  Show show;

  show_open(&show);
  const guint64 before = casa_ticker_n_ticks(show.ticker);
  const gint64 from_us = casa_clock_mono_us();
  while (casa_ticker_n_ticks(show.ticker) < before + 40)
    spin(0.01);
  g_assert_cmpint(casa_clock_mono_us() - from_us, >, 40 * 40000);
  show_close(&show);
}

/* Figures come once a second. Between them a scene in which nothing moves asks for no frames: their clock costs more. */
static void
test_rests(void)
{
  Show show;
  guint frames = 0;

  show_open(&show);
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(show.desk));
  const gulong id = g_signal_connect(clock, "update", G_CALLBACK(count_cb), &frames);
  const guint64 before = casa_ticker_n_ticks(show.ticker);
  while (casa_ticker_n_ticks(show.ticker) < before + 60)
    spin(0.01);
  g_assert_cmpuint(frames, <, 30);
  g_signal_handler_disconnect(clock, id);
  show_close(&show);
}

static gboolean
is_mobbed(Show *show)
{
  return app_figure(show->model, "vehicles")->known == 5;
}

static gboolean
says_so(Show *show)
{
  return app_look_has_text(page(show->hall), "/ 5 · 24 h");
}

/* Time goes on when nobody can see it; nothing is painted then, and all is there when a window comes back. */
static void
test_hidden(void)
{
  Show show;

  show_open(&show);
  GtkWidget *chart = gtk_widget_get_last_child(app_look_find(page(show.hall), "casa-panel", 0));
  g_assert_true(CASA_IS_CHART(chart));
  gtk_widget_set_visible(GTK_WIDGET(show.hall), FALSE);
  gtk_widget_set_visible(GTK_WIDGET(show.desk), FALSE);
  guint paints = casa_chart_n_paints(CASA_CHART(chart));
  gint64 now = casa_clock_now_ms();
  CasaLonLat at = casa_line_at(&show.fixture.city->lines[0], 20);
  app_fixture_put(&show.fixture, "city", "mobility", "veh-t1-050", "lat", at.lat, now, APP_LIVE);
  app_fixture_put(&show.fixture, "city", "mobility", "veh-t1-050", "lon", at.lon, now, APP_LIVE);
  wait_until(is_mobbed, &show, "a fifth vehicle, while no window is shown");
  g_assert_false(app_look_has_text(page(show.hall), "/ 5 · 24 h"));
  g_assert_cmpuint(casa_chart_n_paints(CASA_CHART(chart)), ==, paints);
  gtk_window_present(GTK_WINDOW(show.hall));
  wait_until(says_so, &show, "the fifth vehicle, on the wall");
  show_close(&show);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestWindows", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_func("/app/windows/two", test_two);
  g_test_add_func("/app/windows/layout-pending", test_layout_pending);
  g_test_add_func("/app/windows/apart", test_apart);
  g_test_add_func("/app/windows/one-tick", test_one_tick);
  g_test_add_func("/app/windows/rests", test_rests);
  g_test_add_func("/app/windows/hidden", test_hidden);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/talks/grid.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
