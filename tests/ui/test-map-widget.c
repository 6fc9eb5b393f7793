/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "toy-city.h"
#include "ui/map/map.h"
#include <math.h>

/* Needs a display: tests/ui/meson.build gives it a virtual one. */

typedef struct {
  GtkWidget *window;
  CasaMap *map;
} Fixture;

#define DEADLINE_US (60 * G_USEC_PER_SEC)

/* Turns the main loop until @done says so, or fails the test. */
static void
wait_until(gboolean (*done)(Fixture *f), Fixture *f)
{
  gint64 end = casa_clock_mono_us() + DEADLINE_US;

  while (!done(f)) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static gboolean
painted(Fixture *f)
{
  return casa_map_n_base_paints(f->map) > 0 && gtk_widget_get_width(GTK_WIDGET(f->map)) > 0;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  static const double breaks[6] = { 0, 20, 40, 50, 100, 150 };
  const double values[4] = { 5, 45, 120, NAN };

  f->window = gtk_window_new();
  f->map = CASA_MAP(casa_map_new(toy_city()));
  casa_map_set_theme(f->map, casa_theme_get("dark"), "Inter", 16);
  casa_map_set_legend(f->map, "PM10", "µg/m³", breaks);
  casa_map_set_districts(f->map, values);
  gtk_window_set_default_size(GTK_WINDOW(f->window), 640, 480);
  gtk_window_set_child(GTK_WINDOW(f->window), GTK_WIDGET(f->map));
  gtk_window_present(GTK_WINDOW(f->window));
  wait_until(painted, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  gtk_window_destroy(GTK_WINDOW(f->window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

/* Runs until the window has drawn a few more frames. */
static void
some_frames(Fixture *f)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(f->map));
  gint64 start = gdk_frame_clock_get_frame_counter(clock), end = casa_clock_mono_us() + DEADLINE_US;

  while (gdk_frame_clock_get_frame_counter(clock) < start + 3) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    gtk_widget_queue_draw(GTK_WIDGET(f->map));
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static guint
paints_after(Fixture *f)
{
  some_frames(f);
  return casa_map_n_base_paints(f->map);
}

static void
test_base_is_kept(Fixture *f, gconstpointer data)
{
  const double same_class[4] = { 7, 41, 149, NAN }, other[4] = { 7, 41, 151, NAN };
  const CasaMapBadge badge = { { -7.55, 33.62 }, "74", 4, FALSE, 1 };
  guint before = paints_after(f);

  casa_map_set_districts(f->map, same_class);
  casa_map_set_badges(f->map, &badge, 1);
  casa_map_set_vehicle(f->map, 1, (CasaLonLat){ -7.6, 33.57 }, casa_clock_now_ms(), 0xE8621A);
  g_assert_cmpuint(paints_after(f), ==, before);
  casa_map_set_districts(f->map, other);
  g_assert_cmpuint(paints_after(f), ==, before + 1);
  casa_map_set_theme(f->map, casa_theme_get("light"), "Inter", 16);
  g_assert_cmpuint(paints_after(f), ==, before + 2);
  casa_map_set_theme(f->map, casa_theme_get("light"), "Inter", 16);
  g_assert_cmpuint(paints_after(f), ==, before + 2);
}

/* Presses a key as the focused widget's key controller gets it. */
static gboolean
press(Fixture *f, guint keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(f->map));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);

    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0, 0, &handled);
  }
  some_frames(f);
  return handled;
}

static void
test_keys(Fixture *f, gconstpointer data)
{
  g_assert_true(gtk_widget_get_focusable(GTK_WIDGET(f->map)));
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  g_assert_false(press(f, GDK_KEY_Right)); /* a clicker's arrow is not ours while the whole city is shown */
  g_assert_true(press(f, GDK_KEY_plus));
  g_assert_true(press(f, GDK_KEY_KP_Add));
  g_assert_cmpfloat_with_epsilon(casa_map_get_zoom(f->map), 2.25, 1e-9);
  g_assert_true(press(f, GDK_KEY_Right));
  g_assert_true(press(f, GDK_KEY_minus));
  g_assert_cmpfloat_with_epsilon(casa_map_get_zoom(f->map), 1.5, 1e-9);
  g_assert_true(press(f, GDK_KEY_0));
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  g_assert_true(press(f, GDK_KEY_minus));
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  for (int i = 0; i < 20; i++)
    press(f, GDK_KEY_plus);
  g_assert_cmpfloat(casa_map_get_zoom(f->map), <=, 24);
  g_assert_false(press(f, GDK_KEY_Escape));
  g_assert_false(press(f, GDK_KEY_Page_Down));
}

static gboolean
no_vehicle(Fixture *f)
{
  return casa_map_n_vehicles(f->map) == 0;
}

static void
test_silent_vehicles_go(Fixture *f, gconstpointer data)
{
  gint64 now = casa_clock_now_ms();

  casa_map_set_vehicle(f->map, 1, (CasaLonLat){ -7.6, 33.57 }, now - 60000, 0xE8621A); /* stale on arrival */
  casa_map_set_vehicle(f->map, 2, (CasaLonLat){ -7.6, 33.57 }, now, 0xE8621A);
  some_frames(f);
  g_assert_cmpuint(casa_map_n_vehicles(f->map), ==, 1);
  casa_map_set_stale(f->map, 1);
  wait_until(no_vehicle, f);
}

static void
test_screen_reader(Fixture *f, gconstpointer data)
{
  GtkAccessible *map = GTK_ACCESSIBLE(f->map);
  g_autofree char *label = NULL;

  casa_map_set_accessible(f->map, "Carte de Casablanca", "PM10 par arrondissement");
  g_assert_cmpint(gtk_accessible_get_accessible_role(map), ==, GTK_ACCESSIBLE_ROLE_IMG);
  label = gtk_test_accessible_check_property(map, GTK_ACCESSIBLE_PROPERTY_LABEL, "Carte de Casablanca");
  g_assert_null(label);
}

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  g_test_add("/map/widget/base-is-kept", Fixture, NULL, set_up, test_base_is_kept, tear_down);
  g_test_add("/map/widget/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add("/map/widget/silent-vehicles-go", Fixture, NULL, set_up, test_silent_vehicles_go, tear_down);
  g_test_add("/map/widget/screen-reader", Fixture, NULL, set_up, test_screen_reader, tear_down);
  return g_test_run();
}
