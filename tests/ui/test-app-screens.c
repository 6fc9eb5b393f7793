/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "casa-build.h"
#include "ui/kit/screenshot.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/full-screen.h"
#include "ui/shell/presenter.h"
#include "ui/shell/screens.h"
#include "ui/shell/ticker.h"
#include "ui/text/lang.h"

/* A projector that is unplugged and back, two windows that change screens, one screen for both: on a compositor's screens that
 * go. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaWindow *hall;
  GtkWindow *presenter;
  CasaScreens *screens;
} Show;

static AdwApplication *app; /* one for the whole program: it cannot be registered twice */
static CasaSceneList *scenes;

static void
spin(double seconds)
{
  gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

/* However slow the machine is. */
#define WAIT_UNTIL(condition)                                                                                                  \
  G_STMT_START                                                                                                                 \
  {                                                                                                                            \
    const gint64 until_us = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;                                                        \
    while (!(condition)) {                                                                                                     \
      if (casa_clock_mono_us() > until_us)                                                                                     \
        g_error("waited in vain for %s", #condition);                                                                          \
      spin(0.02);                                                                                                              \
    }                                                                                                                          \
  }                                                                                                                            \
  G_STMT_END

/* --- Screens that come and go -------------------------------------------------------------------------------------- */

/* @socket: of the compositor; NULL: of the one whose screens these are. */
static void
tell_sway(const char *socket, const char *command)
{
  const char *argv[] = { "swaymsg", "-q", "-s", socket ? socket : g_getenv("SWAYSOCK"), command, NULL };
  g_autoptr(GError) error = NULL;
  int status = 0;
  gboolean ran = g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);

  g_assert_no_error(error);
  g_assert_true(ran);
  g_assert_true(g_spawn_check_wait_status(status, NULL));
}

/* As somebody pulls its plug: the window that is the screen is closed. */
static void
unplug(const char *connector)
{
  g_autofree char *command = g_strdup_printf("[title=\"%s$\"] kill", connector);

  tell_sway(g_getenv("CASA_TEST_PLUGS"), command);
}

static guint
n_monitors(void)
{
  return g_list_model_get_n_items(gdk_display_get_monitors(gdk_display_get_default()));
}

static GdkMonitor *
monitor_at(guint i)
{
  g_autoptr(GdkMonitor) monitor = g_list_model_get_item(gdk_display_get_monitors(gdk_display_get_default()), i);

  return monitor;
}

/* Where @window stands; "": nowhere. */
static const char *
screen_of(gpointer window)
{
  GdkMonitor *monitor = casa_full_screen_monitor(GTK_WINDOW(window));

  return monitor ? gdk_monitor_get_connector(monitor) : "";
}

static gboolean
fills(gpointer window, const char *connector)
{
  return g_str_equal(screen_of(window), connector) && gtk_window_is_fullscreen(GTK_WINDOW(window)) &&
         casa_full_screen_fault(GTK_WINDOW(window)) == CASA_FULL_SCREEN_FINE;
}

/* --- The show ------------------------------------------------------------------------------------------------------ */

static gboolean
is_live(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static void
show_open(Show *show, guint screens)
{
  *show = (Show){ 0 };
  casa_lang_set("fr");
  while (n_monitors() < screens) {
    guint n = n_monitors();
    tell_sway(NULL, "create_output");
    WAIT_UNTIL(n_monitors() > n);
  }
  app_fixture_init(&show->fixture);
  app_fixture_fill(&show->fixture, casa_clock_now_ms(), 60);
  show->model = app_fixture_model(&show->fixture);
  app_fixture_report(&show->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(show->model, is_live, 60));
  show->ticker = casa_ticker_new(show->model);
  show->hall = casa_window_new(app, show->model, scenes, "dark");
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->hall));
  show->screens = casa_screens_new(show->hall);
  show->presenter = casa_presenter_new(app, show->hall, show->model, scenes, &(const CasaPresenterFacts){ .folder = "/" });
  casa_full_screen_on(GTK_WINDOW(show->hall), monitor_at(screens - 1));
  gtk_window_present(GTK_WINDOW(show->hall));
  WAIT_UNTIL(fills(show->hall, gdk_monitor_get_connector(monitor_at(screens - 1))));
}

static void
show_close(Show *show)
{
  casa_screens_free(show->screens);
  gtk_window_destroy(GTK_WINDOW(show->hall));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  app_fixture_clear(&show->fixture);
}

/* Pixels of what the audience sees, or would see, that are not the ground's. */
static guint
ink(Show *show)
{
  GtkWidget *sight = casa_window_sight(show->hall);
  g_autofree char *path = app_look_artifact("screens-hall.png");
  g_autoptr(GError) error = NULL;
  int width = gtk_widget_get_width(sight), height = gtk_widget_get_height(sight);

  if (!casa_screenshot_save(sight, path, &error))
    return 0; /* not laid out yet */
  if (gtk_widget_get_width(sight) != width || gtk_widget_get_height(sight) != height)
    return 0; /* it was laid out anew for the picture, in another window */
  return (guint)(width * height) - app_look_ink(path, 0, 0, width, height, casa_theme_get("dark")->ground, 3);
}

static gboolean
says(Show *show, const char *text)
{
  return app_look_has_text(gtk_window_get_child(show->presenter), text);
}

/* The show goes on where the presenter sees it; scenes turn, and every widget stands in the presenter's window. */
static void
check_goes_on(Show *show)
{
  guint scene = casa_window_scene(show->hall);

  g_assert_false(gtk_widget_get_mapped(GTK_WIDGET(show->hall)));
  WAIT_UNTIL(gtk_widget_get_mapped(casa_window_sight(show->hall)) && ink(show) > 5000);
  g_assert_true(GTK_WINDOW(gtk_widget_get_root(casa_window_sight(show->hall))) == show->presenter);
  gtk_widget_activate_action(GTK_WIDGET(show->hall), "win.next-scene", NULL);
  g_assert_cmpuint(casa_window_scene(show->hall), ==, scene + 1);
  casa_window_set_language(show->hall, "ar");
  WAIT_UNTIL(app_look_has_text(casa_window_sight(show->hall), "التنقل") || ink(show) > 5000);
  casa_window_set_language(show->hall, "fr");
}

static void
test_unplugged(void)
{
  Show show;

  show_open(&show, 2);
  gtk_window_present(show.presenter);
  WAIT_UNTIL(*screen_of(show.presenter) && !g_str_equal(screen_of(show.presenter), screen_of(show.hall)));
  g_assert_false(says(&show, "Projecteur débranché"));
  g_autofree char *projector = g_strdup(screen_of(show.hall));
  unplug(projector);
  WAIT_UNTIL(casa_window_audience(show.hall) == CASA_AUDIENCE_UNPLUGGED);
  WAIT_UNTIL(says(&show, "Projecteur débranché") && says(&show, "projecteur débranché"));
  check_goes_on(&show);
  tell_sway(NULL, "create_output");
  WAIT_UNTIL(n_monitors() == 2);
  WAIT_UNTIL(casa_window_audience(show.hall) == CASA_AUDIENCE_SEES &&
             fills(show.hall, gdk_monitor_get_connector(monitor_at(1))));
  WAIT_UNTIL(!g_str_equal(screen_of(show.presenter), screen_of(show.hall)));
  g_assert_true(GTK_WINDOW(gtk_widget_get_root(casa_window_sight(show.hall))) == GTK_WINDOW(show.hall));
  g_assert_cmpuint(casa_window_scene(show.hall), ==, 1); /* as it went on */
  WAIT_UNTIL(ink(&show) > 20000);
  show_close(&show);
}

static void
test_swap(void)
{
  Show show;

  show_open(&show, 2);
  gtk_window_present(show.presenter);
  WAIT_UNTIL(*screen_of(show.presenter) && !g_str_equal(screen_of(show.presenter), screen_of(show.hall)));
  g_autofree char *one = g_strdup(screen_of(show.hall)), *two = g_strdup(screen_of(show.presenter));
  g_assert_true(casa_screens_swap(show.screens));
  WAIT_UNTIL(fills(show.hall, two) && g_str_equal(screen_of(show.presenter), one));
  g_assert_true(casa_screens_swap(show.screens));
  WAIT_UNTIL(fills(show.hall, one) && g_str_equal(screen_of(show.presenter), two));
  show_close(&show);
}

static void
test_hidden(void)
{
  Show show;

  show_open(&show, 2);
  gtk_window_present(show.presenter);
  g_autofree char *one = g_strdup(screen_of(show.hall));
  WAIT_UNTIL(*screen_of(show.presenter));
  casa_screens_hide(show.screens);
  WAIT_UNTIL(says(&show, "Fenêtre de la salle cachée"));
  check_goes_on(&show);
  casa_screens_hide(show.screens);
  WAIT_UNTIL(fills(show.hall, one));
  casa_screens_hide(show.screens);
  gtk_window_destroy(show.presenter); /* gives the show back */
  WAIT_UNTIL(gtk_widget_get_mapped(GTK_WIDGET(show.hall)));
  g_assert_true(GTK_WINDOW(gtk_widget_get_root(casa_window_sight(show.hall))) == GTK_WINDOW(show.hall));
  show_close(&show);
}

/* Hidden by a key; its screen goes and comes back meanwhile: nothing is thrown before a hall that is not to see it, and the key
 * brings it to the screen that is there, as it was. */
static void
test_hidden_unplugged(void)
{
  Show show;

  show_open(&show, 2);
  gtk_window_present(show.presenter);
  WAIT_UNTIL(*screen_of(show.presenter) && !g_str_equal(screen_of(show.presenter), screen_of(show.hall)));
  g_autofree char *projector = g_strdup(screen_of(show.hall)), *laptop = g_strdup(screen_of(show.presenter));
  casa_screens_hide(show.screens);
  WAIT_UNTIL(says(&show, "Fenêtre de la salle cachée"));
  unplug(projector);
  WAIT_UNTIL(n_monitors() == 1);
  spin(1.2); /* two looks */
  g_assert_cmpint(casa_window_audience(show.hall), ==, CASA_AUDIENCE_HIDDEN);
  casa_screens_hide(show.screens); /* wanted back, and there is no screen for it: the presenter's is not the hall's */
  WAIT_UNTIL(casa_window_audience(show.hall) == CASA_AUDIENCE_UNPLUGGED);
  WAIT_UNTIL(says(&show, "Projecteur débranché"));
  g_assert_false(gtk_widget_get_mapped(GTK_WIDGET(show.hall)));
  tell_sway(NULL, "create_output");
  WAIT_UNTIL(n_monitors() == 2);
  WAIT_UNTIL(casa_window_audience(show.hall) == CASA_AUDIENCE_SEES && !g_str_equal(screen_of(show.hall), laptop) &&
             fills(show.hall, screen_of(show.hall)));
  casa_screens_hide(show.screens);
  WAIT_UNTIL(says(&show, "Fenêtre de la salle cachée"));
  g_autofree char *second = g_strdup(gdk_monitor_get_connector(monitor_at(1)));
  unplug(second);
  WAIT_UNTIL(n_monitors() == 1);
  tell_sway(NULL, "create_output");
  WAIT_UNTIL(n_monitors() == 2);
  spin(1.2);
  g_assert_cmpint(casa_window_audience(show.hall), ==, CASA_AUDIENCE_HIDDEN); /* a plug does not undo what a key did */
  check_goes_on(&show);
  casa_screens_hide(show.screens);
  WAIT_UNTIL(fills(show.hall, gdk_monitor_get_connector(monitor_at(1))));
  WAIT_UNTIL(g_str_equal(screen_of(show.presenter), laptop));
  show_close(&show);
}

/* A request for full screen is only that. */
static void
test_refused(void)
{
  Show show;

  show_open(&show, 2);
  gtk_window_present(show.presenter);
  WAIT_UNTIL(*screen_of(show.presenter));
  tell_sway(NULL, "[title=\"^Casa Pulse$\"] fullscreen disable");
  WAIT_UNTIL(casa_full_screen_fault(GTK_WINDOW(show.hall)) == CASA_FULL_SCREEN_REFUSED);
  WAIT_UNTIL(says(&show, "plein écran refusé : F11 encore"));
  casa_full_screen_off(GTK_WINDOW(show.hall));
  g_assert_cmpint(casa_full_screen_fault(GTK_WINDOW(show.hall)), ==, CASA_FULL_SCREEN_FINE);
  show_close(&show);
}

/* One screen: the presenter's window comes by two presses only, and goes by one. Last: it unplugs the other. */
static void
test_one_screen(void)
{
  Show show;

  while (n_monitors() > 1) {
    guint n = n_monitors();
    unplug(gdk_monitor_get_connector(monitor_at(n - 1)));
    WAIT_UNTIL(n_monitors() < n);
  }
  show_open(&show, 1);
  GtkWidget *presenter = GTK_WIDGET(show.presenter);
  g_assert_true(casa_screens_is_shared(show.screens));
  g_assert_false(casa_screens_swap(show.screens));
  casa_screens_view(show.screens);
  g_assert_false(gtk_widget_get_visible(presenter));
  spin(1.2);
  casa_screens_view(show.screens); /* too late for a second press */
  g_assert_false(gtk_widget_get_visible(presenter));
  casa_screens_view(show.screens);
  WAIT_UNTIL(gtk_widget_get_mapped(presenter) && gtk_window_is_fullscreen(show.presenter));
  casa_screens_view(show.screens);
  WAIT_UNTIL(!gtk_widget_get_mapped(presenter) && gtk_widget_get_mapped(GTK_WIDGET(show.hall)));
  /* Nor does any other window come before the hall by one press. */
  g_assert_false(casa_screens_may_cover(show.screens));
  g_assert_true(casa_screens_may_cover(show.screens));
  g_assert_false(casa_screens_may_cover(show.screens));
  show_close(&show);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestScreens", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_func("/app/screens/unplugged", test_unplugged);
  g_test_add_func("/app/screens/swap", test_swap);
  g_test_add_func("/app/screens/hidden", test_hidden);
  g_test_add_func("/app/screens/hidden-unplugged", test_hidden_unplugged);
  g_test_add_func("/app/screens/refused", test_refused);
  g_test_add_func("/app/screens/one", test_one_screen);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/talks/persuade.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
