/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ui/chart/chart-layout.h"
#include "ui/chart/chart-gestures.h"
#include <math.h>

/* Needs a display: tests/ui/meson.build gives it a virtual one. */

#define NOW G_GINT64_CONSTANT(1779385327000)
#define SPAN G_GINT64_CONSTANT(3600000)
#define DEADLINE_US (60 * G_USEC_PER_SEC)

typedef struct {
  GtkWidget *window;
  CasaChart *chart;
  CasaPyramid *series;
} Fixture;

static void
turn(gint64 deadline)
{
  g_assert_cmpint(casa_clock_mono_us(), <, deadline);
  if (!g_main_context_iteration(NULL, FALSE))
    g_usleep(1000);
}

static void
wait_for_paint(Fixture *f, guint painted_before)
{
  const gint64 deadline = casa_clock_mono_us() + DEADLINE_US;
  while (casa_chart_n_paints(f->chart) == painted_before)
    turn(deadline);
}

static void
count_frame_cb(GdkFrameClock *clock, gpointer data)
{
  guint *frames = data;
  (*frames)++;
}

/* Lets the window draw a few whole frames, whatever is due in them. */
static void
draw_frames(Fixture *f)
{
  const gint64 deadline = casa_clock_mono_us() + DEADLINE_US;
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(f->chart));
  guint frames = 0;
  const gulong id = g_signal_connect(clock, "after-paint", G_CALLBACK(count_frame_cb), &frames);
  while (frames < 3) {
    gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_PAINT);
    turn(deadline);
  }
  g_signal_handler_disconnect(clock, id);
}

static void
set_up(Fixture *f, gconstpointer data)
{
  f->series = casa_pyramid_new(10000);
  for (gint64 t = NOW - SPAN; t <= NOW; t += 10000)
    casa_pyramid_add(f->series, t, sin((double)(t - NOW) / 1e5));
  f->window = gtk_window_new();
  f->chart = CASA_CHART(casa_chart_new());
  CasaChartPicture *picture = casa_chart_picture(f->chart);
  picture->theme = casa_theme_get("dark");
  picture->lines[0] = (CasaChartLine){ .data = f->series, .name = "PM10", .colour = picture->theme->good };
  picture->n_lines = 1;
  picture->decimals = 2;
  casa_chart_set_range(f->chart, NOW - SPAN, NOW, NOW);
  gtk_window_set_default_size(GTK_WINDOW(f->window), 400, 200);
  gtk_window_set_child(GTK_WINDOW(f->window), GTK_WIDGET(f->chart));
  gtk_window_present(GTK_WINDOW(f->window));
  wait_for_paint(f, 0);
  draw_frames(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  gtk_window_destroy(GTK_WINDOW(f->window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
  casa_pyramid_free(f->series);
}

/* A column is 9 s wide here: the clock ticks on, the picture is kept until a column has passed. */
static void
test_paints_by_the_pixel(Fixture *f, gconstpointer data)
{
  guint painted = casa_chart_n_paints(f->chart);
  for (gint64 ms = 0; ms < 2000; ms += 100)
    casa_chart_set_range(f->chart, NOW - SPAN, NOW, NOW);
  gtk_widget_queue_draw(GTK_WIDGET(f->chart));
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_paints(f->chart), ==, painted);

  casa_chart_set_range(f->chart, NOW - SPAN + 30000, NOW + 30000, NOW + 30000);
  wait_for_paint(f, painted);

  /* A hundred steps of 10 ms move it by a ninth of a column: one paint at most. */
  painted = casa_chart_n_paints(f->chart);
  for (gint64 ms = 10; ms <= 1000; ms += 10) {
    casa_chart_set_range(f->chart, NOW - SPAN + 30000 + ms, NOW + 30000 + ms, NOW + 30000 + ms);
    if (ms % 250 == 0)
      draw_frames(f);
  }
  g_assert_cmpuint(casa_chart_n_paints(f->chart), <=, painted + 1);
}

/* A range that follows the clock moves with each second: GTK is not asked to draw what is the same. A cursor is drawn. */
static void
test_draws_by_the_pixel(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaViewport) viewport = casa_viewport_new(NOW);
  guint drawn;

  casa_chart_set_viewport(f->chart, viewport);
  draw_frames(f);
  drawn = casa_chart_n_draws(f->chart);
  for (gint64 ms = 200; ms <= 1000; ms += 200) {
    casa_viewport_set_now(viewport, NOW + ms);
    draw_frames(f);
  }
  g_assert_cmpuint(casa_chart_n_draws(f->chart), <=, drawn + 1);

  drawn = casa_chart_n_draws(f->chart);
  casa_viewport_point(viewport, NOW - SPAN);
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_draws(f->chart), >, drawn);
  drawn = casa_chart_n_draws(f->chart);
  casa_viewport_unpoint(viewport);
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_draws(f->chart), >, drawn);
  drawn = casa_chart_n_draws(f->chart);
  casa_viewport_set_now(viewport, NOW + 1200);
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_draws(f->chart), <=, drawn + 1);
  casa_chart_set_viewport(f->chart, NULL);
}

static void
test_paints_new_data(Fixture *f, gconstpointer data)
{
  guint painted = casa_chart_n_paints(f->chart);
  casa_pyramid_add(f->series, NOW - 1000, 5);
  casa_chart_changed(f->chart);
  wait_for_paint(f, painted);

  /* Late, in the middle. */
  draw_frames(f);
  painted = casa_chart_n_paints(f->chart);
  casa_pyramid_add(f->series, NOW - SPAN / 2 + 1, -5);
  casa_chart_changed(f->chart);
  wait_for_paint(f, painted);

  /* The newest value once more: nothing to paint. */
  draw_frames(f);
  painted = casa_chart_n_paints(f->chart);
  double last;
  g_assert_true(casa_pyramid_last(f->series, NULL, &last));
  casa_pyramid_add(f->series, NOW, last);
  casa_chart_changed(f->chart);
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_paints(f->chart), ==, painted);
}

/* The mean of a minute that is not over: by a thousandth of the axis nobody sees it, by a tenth one does. */
static void
test_keeps_tip(Fixture *f, gconstpointer data)
{
  guint painted = casa_chart_n_paints(f->chart);

  casa_pyramid_add(f->series, NOW, 0.001);
  casa_chart_changed(f->chart);
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_paints(f->chart), ==, painted);
  casa_pyramid_add(f->series, NOW, 0.2);
  casa_chart_changed(f->chart);
  wait_for_paint(f, painted);
  draw_frames(f);

  /* Small steps add up. */
  painted = casa_chart_n_paints(f->chart);
  for (guint i = 1; i <= 50; i++) {
    casa_pyramid_add(f->series, NOW, 0.2 + i * 0.002);
    casa_chart_changed(f->chart);
  }
  wait_for_paint(f, painted);
}

/* What was painted can be asked: a place of it is a time and a value, and back. */
static void
test_keeps_layout(Fixture *f, gconstpointer data)
{
  const CasaChartLayout *layout = casa_chart_layout(f->chart);
  g_assert_nonnull(layout);
  for (gint64 t = NOW - SPAN; t <= NOW; t += 77777) {
    const double x = casa_chart_layout_x(layout, t), value = sin((double)(t - NOW) / 1e5);
    g_assert_cmpint(ABS(casa_chart_layout_time(layout, x) - t), <=, 1);
    g_assert_cmpfloat_with_epsilon(casa_chart_layout_value(layout, casa_chart_layout_y(layout, value)), value, 1e-9);
  }
}

static void
press(Fixture *f, guint key, GdkModifierType state)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(f->chart));
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GObject) controller = g_list_model_get_item(controllers, i);
    gboolean handled = FALSE;
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", key, 0, state, &handled);
  }
}

/* Two charts on one viewport: a key on one moves both, the cursor is one moment for both, and painting follows what is
 * shown. */
static void
test_shares_viewport(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaViewport) viewport = casa_viewport_new(NOW);
  CasaChart *other = g_object_ref_sink(CASA_CHART(casa_chart_new()));
  gint64 from, to, cursor = 0;
  gboolean pinned = FALSE;
  casa_viewport_set_first(viewport, NOW - SPAN);
  casa_viewport_set_preset(viewport, CASA_PRESET_1_H);
  casa_chart_set_viewport(f->chart, viewport);
  casa_chart_set_viewport(other, viewport);
  casa_chart_gestures_attach(f->chart);
  draw_frames(f);
  press(f, GDK_KEY_Left, 0); /* from the right end to the newest sample */
  g_assert_true(casa_viewport_cursor(viewport, &cursor, &pinned));
  g_assert_true(pinned);
  g_assert_cmpint(cursor, ==, NOW);
  press(f, GDK_KEY_Left, GDK_SHIFT_MASK);
  casa_viewport_cursor(viewport, &cursor, &pinned);
  g_assert_cmpint(cursor, ==, NOW - 10 * 10000);
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(f->chart), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "18:40:27 PM10 −0,84 ");
  /* The cursor alone paints nothing anew. */
  const guint painted = casa_chart_n_paints(f->chart);
  draw_frames(f);
  g_assert_cmpuint(casa_chart_n_paints(f->chart), ==, painted);
  press(f, GDK_KEY_plus, 0);
  g_assert_false(casa_viewport_is_following(viewport));
  casa_viewport_range(viewport, &from, &to);
  g_assert_cmpint(to - from, ==, SPAN * 2 / 3);
  g_assert_cmpint(casa_chart_picture(other)->to_ms, ==, to);
  g_assert_cmpint(casa_chart_picture(f->chart)->from_ms, ==, from);
  wait_for_paint(f, painted);
  press(f, GDK_KEY_Escape, 0);
  g_assert_false(casa_viewport_cursor(viewport, &cursor, &pinned));
  press(f, GDK_KEY_End, 0);
  g_assert_true(casa_viewport_is_following(viewport));
  press(f, GDK_KEY_1, GDK_CONTROL_MASK);
  g_assert_cmpint(casa_viewport_preset(viewport), ==, CASA_PRESET_10_MIN);
  press(f, GDK_KEY_0, 0);
  casa_viewport_range(viewport, &from, &to);
  g_assert_cmpint(from, ==, NOW - SPAN);
  /* One that has gone is not told any more. */
  g_object_unref(other);
  casa_viewport_set_preset(viewport, CASA_PRESET_1_H);
}

static void
test_paints_new_style_and_size(Fixture *f, gconstpointer data)
{
  guint painted = casa_chart_n_paints(f->chart);
  casa_chart_picture(f->chart)->theme = casa_theme_get("light");
  casa_chart_changed(f->chart);
  wait_for_paint(f, painted);
  draw_frames(f);
  painted = casa_chart_n_paints(f->chart);
  gtk_window_set_default_size(GTK_WINDOW(f->window), 500, 260);
  wait_for_paint(f, painted);
}

static void
test_speaks(Fixture *f, gconstpointer data)
{
  g_assert_cmpint(gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(f->chart)), ==, GTK_ACCESSIBLE_ROLE_IMG);
  casa_chart_set_accessible(f->chart, "Air, PM10", "74 µg/m³, mauvais");
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(f->chart), GTK_ACCESSIBLE_PROPERTY_LABEL, "Air, PM10");
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(f->chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "74 µg/m³, mauvais");
}

/* Charts above each other show an hour at the same place, whatever their numbers and names are. */
static void
test_aligns(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaPyramid) large = casa_pyramid_new(100);
  CasaChart *charts[2] = { f->chart, CASA_CHART(casa_chart_new()) };
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  CasaChartPicture *first = casa_chart_picture(f->chart), *second = casa_chart_picture(charts[1]);
  CasaChartLayout layouts[2];
  for (gint64 t = NOW - SPAN; t <= NOW; t += 60000)
    casa_pyramid_add(large, t, 1500 + (double)(t - NOW) / 10000);
  first->show_values = TRUE;
  *second = *first;
  second->lines[0].data = large;
  second->lines[0].name = "a name that is long";
  second->decimals = 0;
  g_object_ref(f->chart);
  gtk_window_set_child(GTK_WINDOW(f->window), box);
  for (guint i = 0; i < 2; i++) {
    gtk_widget_set_vexpand(GTK_WIDGET(charts[i]), TRUE);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(charts[i]));
  }
  g_object_unref(f->chart);
  wait_for_paint(&(Fixture){ f->window, charts[1], large }, 0);
  casa_chart_align(charts, 2);
  for (guint i = 0; i < 2; i++)
    casa_chart_layout_init(&layouts[i], gtk_widget_get_pango_context(GTK_WIDGET(charts[i])),
                           gtk_widget_get_width(GTK_WIDGET(charts[i])), gtk_widget_get_height(GTK_WIDGET(charts[i])), 1,
                           casa_chart_picture(charts[i]));
  g_assert_cmpfloat(layouts[0].x, ==, layouts[1].x);
  g_assert_cmpfloat(layouts[0].w, ==, layouts[1].w);
  g_assert_cmpfloat(layouts[0].x, >, 0);
  second->n_lines = 0;
}

static void
count_note_cb(CasaChart *chart, gint64 from_ms, gint64 to_ms, gpointer data)
{
  gint64 *noted = data;
  noted[0]++;
  noted[1] = from_ms;
  noted[2] = to_ms;
}

static void
count_undo_cb(CasaChart *chart, gpointer data)
{
  (*(guint *)data)++;
}

static void
release(Fixture *f, guint key)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(f->chart));
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GObject) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-released", key, 0, 0);
  }
}

/* N by itself asks for a note of the moment under the cursor, once; without a cursor of now. Ctrl+Z asks to take one back. */
static void
test_notes(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaViewport) viewport = casa_viewport_new(NOW);
  gint64 noted[3] = { 0 };
  guint undone = 0;
  casa_viewport_set_first(viewport, NOW - SPAN);
  casa_viewport_set_preset(viewport, CASA_PRESET_1_H);
  casa_chart_set_viewport(f->chart, viewport);
  casa_chart_gestures_attach(f->chart);
  g_signal_connect(f->chart, "note", G_CALLBACK(count_note_cb), noted);
  g_signal_connect(f->chart, "undo-note", G_CALLBACK(count_undo_cb), &undone);
  draw_frames(f);
  press(f, GDK_KEY_n, 0);
  press(f, GDK_KEY_n, 0); /* held: it repeats */
  release(f, GDK_KEY_n);
  release(f, GDK_KEY_n);
  g_assert_cmpint(noted[0], ==, 1);
  g_assert_true(noted[1] == NOW && noted[2] == NOW);
  casa_viewport_pin(viewport, NOW - SPAN / 2, -1);
  press(f, GDK_KEY_n, 0);
  release(f, GDK_KEY_n);
  g_assert_cmpint(noted[0], ==, 2);
  g_assert_true(noted[1] == NOW - SPAN / 2 && noted[2] == NOW - SPAN / 2);
  g_assert_cmpuint(undone, ==, 0);
  press(f, GDK_KEY_z, 0);
  g_assert_cmpuint(undone, ==, 0);
  press(f, GDK_KEY_z, GDK_CONTROL_MASK);
  g_assert_cmpuint(undone, ==, 1);
}

int
main(int argc, char **argv)
{
  /* GTK's own listener instead of the session's. */
  g_setenv("GTK_A11Y", "test", TRUE);
  gtk_test_init(&argc, &argv, NULL);
  g_test_add("/ui/chart/widget/paints-by-the-pixel", Fixture, NULL, set_up, test_paints_by_the_pixel, tear_down);
  g_test_add("/ui/chart/widget/draws-by-the-pixel", Fixture, NULL, set_up, test_draws_by_the_pixel, tear_down);
  g_test_add("/ui/chart/widget/keeps-tip", Fixture, NULL, set_up, test_keeps_tip, tear_down);
  g_test_add("/ui/chart/widget/shares-viewport", Fixture, NULL, set_up, test_shares_viewport, tear_down);
  g_test_add("/ui/chart/widget/notes", Fixture, NULL, set_up, test_notes, tear_down);
  g_test_add("/ui/chart/widget/keeps-layout", Fixture, NULL, set_up, test_keeps_layout, tear_down);
  g_test_add("/ui/chart/widget/paints-new-data", Fixture, NULL, set_up, test_paints_new_data, tear_down);
  g_test_add("/ui/chart/widget/paints-new-style-and-size", Fixture, NULL, set_up, test_paints_new_style_and_size, tear_down);
  g_test_add("/ui/chart/widget/aligns", Fixture, NULL, set_up, test_aligns, tear_down);
  g_test_add("/ui/chart/widget/speaks", Fixture, NULL, set_up, test_speaks, tear_down);
  return g_test_run();
}
