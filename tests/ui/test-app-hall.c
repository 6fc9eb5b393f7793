/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "casa-build.h"
#include "app-look.h"
#include "base/clock.h"
#include "ui/kit/screenshot.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include <adwaita.h>

/* What the hall sees while the presenter freezes, blackens and goes on: judged by pixels. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaWindow *window;
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

static gboolean
is_live(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static void
show_open(Show *show)
{
  *show = (Show){ 0 };
  casa_lang_set("fr");
  app_fixture_init(&show->fixture);
  app_fixture_fill(&show->fixture, casa_clock_now_ms(), 60);
  show->model = app_fixture_model(&show->fixture);
  app_fixture_report(&show->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(show->model, is_live, 60));
  show->ticker = casa_ticker_new(show->model);
  show->window = casa_window_new(app, show->model, scenes, "dark");
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->window));
  casa_window_pose(show->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(show->window));
  while (gtk_widget_get_width(casa_window_picture(show->window)) != 1280)
    spin(0.01);
  spin(1.5);
}

static void
show_close(Show *show)
{
  gtk_window_destroy(GTK_WINDOW(show->window));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  app_fixture_clear(&show->fixture);
}

static void
press(Show *show, guint keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(show->window));

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    gboolean handled = FALSE;
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller) && gtk_event_controller_get_propagation_phase(controller) == GTK_PHASE_CAPTURE)
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0u, (GdkModifierType)0, &handled);
  }
  spin(0.5);
}

/* The bytes of what the hall sees now. (transfer full) */
static GBytes *
look(Show *show, const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = app_look_artifact(name);
  char *data = NULL;
  gsize len = 0;
  gboolean saved =
    casa_screenshot_save(casa_window_sight(show->window), path, &error) && g_file_get_contents(path, &data, &len, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  return g_bytes_new_take(data, len);
}

/* How many pixels of the hall are not the colour of the ground. */
static guint
ink(Show *show)
{
  GtkWidget *sight = casa_window_sight(show->window);
  int width = gtk_widget_get_width(sight), height = gtk_widget_get_height(sight);
  g_autofree char *path = app_look_artifact("hall-ink.png");

  g_bytes_unref(look(show, "hall-ink.png"));
  return (guint)(width * height) - app_look_ink(path, 0, 0, width, height, casa_theme_get("dark")->ground, 3);
}

static const char *
badge(Show *show)
{
  GtkWidget *label = app_look_find(casa_window_sight(show->window), "frozen", 0);

  return label && gtk_widget_get_mapped(label) ? gtk_label_get_text(GTK_LABEL(label)) : NULL;
}

/* Not a pixel moves, whatever comes in and whatever is prepared behind; and the picture says that it stands still, where it said
 * that it is live. */
static void
test_frozen(void)
{
  Show show;

  show_open(&show);
  press(&show, GDK_KEY_f);
  g_autoptr(GBytes) first = look(&show, "hall-frozen.png");
  g_assert_true(g_str_has_prefix(badge(&show), "‖ FIGÉ · "));
  app_fixture_report(&show.fixture, casa_clock_now_ms());
  spin(2.2);
  g_autoptr(GBytes) later = look(&show, "hall-frozen-later.png");
  g_assert_true(g_bytes_equal(first, later));
  press(&show, GDK_KEY_Page_Down);
  g_assert_cmpuint(casa_window_scene(show.window), ==, 1);
  casa_window_set_language(show.window, "ar");
  casa_window_set_theme(show.window, "dark");
  spin(0.5);
  g_autoptr(GBytes) prepared = look(&show, "hall-frozen-prepared.png");
  g_assert_true(g_bytes_equal(first, prepared));
  press(&show, GDK_KEY_Escape);
  spin(0.5);
  g_autoptr(GBytes) live = look(&show, "hall-live-again.png");
  g_assert_false(g_bytes_equal(first, live));
  g_assert_null(badge(&show));
  g_assert_true(app_look_has_text(casa_window_picture(show.window), "التنقل"));
  show_close(&show);
}

/* From black the last picture can be frozen: the hall never sees an empty one. */
static void
test_states(void)
{
  Show show;

  show_open(&show);
  guint before = ink(&show);
  press(&show, GDK_KEY_period);
  g_assert_cmpint(casa_window_hall(show.window), ==, CASA_HALL_BLACK);
  press(&show, GDK_KEY_w);
  g_assert_cmpint(casa_window_hall(show.window), ==, CASA_HALL_FROZEN);
  g_assert_cmpuint(ink(&show), >, before / 2);
  g_assert_cmpuint(ink(&show), <, before * 2);
  press(&show, GDK_KEY_comma);
  g_assert_cmpint(casa_window_hall(show.window), ==, CASA_HALL_LIVE);
  casa_window_set_hall(show.window, CASA_HALL_WHITE);
  press(&show, GDK_KEY_Escape);
  g_assert_cmpint(casa_window_hall(show.window), ==, CASA_HALL_LIVE);
  show_close(&show);
}

typedef struct {
  Show *show;
  guint frames, least;
} Watch;

static void
painted_cb(GdkFrameClock *clock, gpointer data)
{
  Watch *watch = data;

  watch->frames++;
  watch->least = MIN(watch->least, ink(watch->show));
}

/* Every frame after a change of language has a whole picture. */
static void
test_no_flash(void)
{
  Show show;

  show_open(&show);
  Watch watch = { &show, 0, G_MAXUINT };
  guint before = ink(&show);
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(show.window));
  gulong id = g_signal_connect(clock, "after-paint", G_CALLBACK(painted_cb), &watch);
  casa_window_set_language(show.window, "en");
  while (watch.frames < 8)
    spin(0.01);
  g_signal_handler_disconnect(clock, id);
  g_assert_cmpuint(watch.least, >, before / 2);
  g_assert_true(app_look_has_text(casa_window_picture(show.window), "Mobility"));
  show_close(&show);
}

/* A loop turns by itself, the first scene after the last; a frozen hall stops it. */
static void
test_loop(void)
{
  static const char text[] = "[scene a]\ntitle_fr = A\nstay = 3\nt = text 0 0 1 1\nt.text_fr = Un\n"
                             "[scene b]\ntitle_fr = B\nstay = 3\nt = text 0 0 1 1\nt.text_fr = Deux\n";
  g_autofree char *path = app_look_artifact("hall-loop.conf");
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  g_autoptr(CasaSceneList) shipped = scenes;
  Show show;
  gboolean turned = FALSE, back = FALSE;
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  scenes = casa_scene_list_new(path, casa_scene_world(indicators));
  show_open(&show);
  while (!back && casa_clock_mono_us() < until) {
    spin(0.05);
    turned = turned || casa_window_scene(show.window) == 1;
    back = turned && casa_window_scene(show.window) == 0;
  }
  g_assert_true(back);
  casa_window_set_hall(show.window, CASA_HALL_FROZEN);
  spin(3.5);
  g_assert_cmpuint(casa_window_scene(show.window), ==, 0);
  show_close(&show);
  g_object_unref(scenes);
  scenes = g_steal_pointer(&shipped);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestHall", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_func("/app/hall/frozen", test_frozen);
  g_test_add_func("/app/hall/states", test_states);
  g_test_add_func("/app/hall/no-flash", test_no_flash);
  g_test_add_func("/app/hall/loop", test_loop);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/scenes.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
