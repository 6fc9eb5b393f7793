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
#include <math.h>

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
press_with(Show *show, guint keyval, GdkModifierType state)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(show->window));

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    gboolean handled = FALSE;
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller) && gtk_event_controller_get_propagation_phase(controller) == GTK_PHASE_CAPTURE)
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0u, state, &handled);
  }
  spin(0.5);
}

static void
press(Show *show, guint keyval)
{
  press_with(show, keyval, 0);
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

/* Where the first widget of class @css_class stands in the hall's picture. */
static graphene_rect_t
place_of(Show *show, const char *css_class)
{
  GtkWidget *widget = app_look_find(casa_window_sight(show->window), css_class, 0);
  graphene_rect_t place;

  g_assert_nonnull(widget);
  g_assert_true(gtk_widget_compute_bounds(widget, casa_window_sight(show->window), &place));
  return place;
}

/* Not a pixel moves, whatever comes in and whatever is prepared behind; and the picture says that it stands still, where it
 * said that it is live. */
static void
test_frozen(void)
{
  Show show;

  show_open(&show);
  const graphene_rect_t live_badge = place_of(&show, "live");
  press(&show, GDK_KEY_f);
  g_autoptr(GBytes) first = look(&show, "hall-frozen.png");
  const graphene_rect_t frozen_badge = place_of(&show, "frozen");
  g_assert_true(g_str_has_prefix(badge(&show), "‖ FIGÉ · "));
  g_assert_true(graphene_rect_contains_rect(&frozen_badge, &live_badge));
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

/* --- Over the picture -------------------------------------------------------------------------------------------- */

static cairo_surface_t *
picture_of(Show *show, const char *name)
{
  g_autofree char *path = app_look_artifact(name);

  g_bytes_unref(look(show, name));
  cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
  g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

static const guchar *
pixel(cairo_surface_t *surface, int x, int y)
{
  return cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface) + 4 * x;
}

typedef struct {
  guint inside, outside; /* pixels that differ */
  double before, after;  /* mean light inside */
} Difference;

/* Of two pictures, inside a disc of @r and at least @rim beyond it. */
static Difference
compare(cairo_surface_t *a, cairo_surface_t *b, double cx, double cy, double r, double rim)
{
  Difference d = { 0 };
  guint n = 0;

  for (int y = 0; y < cairo_image_surface_get_height(a); y++)
    for (int x = 0; x < cairo_image_surface_get_width(a); x++) {
      const guchar *p = pixel(a, x, y), *q = pixel(b, x, y);
      const double from = hypot(x - cx, y - cy);
      const gboolean differ = memcmp(p, q, 3) != 0;
      if (from > r + rim)
        d.outside += differ;
      if (from >= r)
        continue;
      d.inside += differ;
      d.before += p[0] + p[1] + p[2];
      d.after += q[0] + q[1] + q[2];
      n++;
    }
  d.before /= n;
  d.after /= n;
  return d;
}

/* Pixels of the pen's colour. */
static guint
pen_ink(Show *show)
{
  g_autofree char *path = app_look_artifact("hall-pen.png");
  GtkWidget *sight = casa_window_sight(show->window);

  g_bytes_unref(look(show, "hall-pen.png"));
  return app_look_ink(path, 0, 0, gtk_widget_get_width(sight), gtk_widget_get_height(sight),
                      casa_rgb_from_hex(CASA_MARKS_COLOUR), 2);
}

/* Each tool paints where the mouse is and nowhere else, and leaves no trace: of a still picture not a pixel is another
 * afterwards. */
static void
test_tools(void)
{
  static const struct {
    guint key;
    double radius, rim; /* of the height */
    gboolean around;    /* it paints around the disc, not in it */
  } tools[] = { { GDK_KEY_o, 0.02, 0.004, FALSE }, { GDK_KEY_s, 0.15, 0.03, TRUE }, { GDK_KEY_m, 0.195, 0.012, FALSE } };
  Show show;

  show_open(&show);
  press(&show, GDK_KEY_f);
  cairo_surface_t *still = picture_of(&show, "hall-still.png");
  const double width = cairo_image_surface_get_width(still), height = cairo_image_surface_get_height(still);
  const guint all = (guint)(width * height);
  for (guint i = 0; i < G_N_ELEMENTS(tools); i++) {
    g_autofree char *name = g_strdup_printf("hall-tool-%u.png", i);
    press(&show, tools[i].key);
    casa_marks_point(casa_window_marks(show.window), 0.3, 0.5);
    spin(0.3);
    cairo_surface_t *used = picture_of(&show, name);
    Difference d = compare(still, used, 0.3 * width, 0.5 * height, tools[i].radius * height, tools[i].rim * height);
    g_assert_cmpuint(tools[i].around ? d.inside : d.outside, ==, 0);
    g_assert_cmpuint(tools[i].around ? d.outside : d.inside, >, tools[i].around ? all / 4 : 200);
    casa_marks_point(casa_window_marks(show.window), 0.8, 0.5);
    spin(0.3);
    cairo_surface_t *moved = picture_of(&show, name);
    d = compare(still, moved, 0.8 * width, 0.5 * height, tools[i].radius * height, tools[i].rim * height);
    g_assert_cmpuint(tools[i].around ? d.inside : d.outside, ==, 0);
    press(&show, GDK_KEY_Escape);
    g_assert_cmpint(casa_window_hall(show.window), ==, CASA_HALL_FROZEN); /* Escape leaves the tool first */
    cairo_surface_t *after = picture_of(&show, "hall-still-again.png");
    d = compare(still, after, 0, 0, 1, 0);
    g_assert_cmpuint(d.outside, ==, 0);
    cairo_surface_destroy(used);
    cairo_surface_destroy(moved);
    cairo_surface_destroy(after);
  }
  cairo_surface_destroy(still);
  show_close(&show);
}

/* What the magnifier shows is what lies below it, and follows the scene while that is live. */
static void
test_magnifier(void)
{
  Show show;

  show_open(&show);
  press(&show, GDK_KEY_f);
  cairo_surface_t *still = picture_of(&show, "hall-still.png");
  const double width = cairo_image_surface_get_width(still), height = cairo_image_surface_get_height(still);
  press(&show, GDK_KEY_m);
  casa_marks_point(casa_window_marks(show.window), 0.8, 0.35);
  spin(0.3);
  cairo_surface_t *used = picture_of(&show, "hall-magnified.png");
  const double r = 0.18 * height, x = 0.8 * width, y = 0.35 * height;
  Difference small = compare(still, still, x, y, r / 2, 0), large = compare(still, used, x, y, r, 0);
  g_assert_cmpfloat(ABS(large.after - small.before), <, 12);
  press(&show, GDK_KEY_Escape);
  press(&show, GDK_KEY_f);
  press(&show, GDK_KEY_m);
  spin(1.2);
  cairo_surface_t *live = picture_of(&show, "hall-magnified-live.png");
  Difference d = compare(still, live, x, y, r, 0);
  g_assert_cmpfloat(d.after, >, 20); /* not an empty lens */
  cairo_surface_destroy(still);
  cairo_surface_destroy(used);
  cairo_surface_destroy(live);
  show_close(&show);
}

static void
write_line(Show *show, double y)
{
  CasaMarks *marks = casa_window_marks(show->window);

  casa_marks_press(marks, 0.2, y);
  for (guint i = 1; i <= 300; i++)
    casa_marks_point(marks, 0.2 + 0.002 * i, y + 0.05 * sin(i / 20.0));
  casa_marks_release(marks);
  casa_marks_point(marks, 0.9, 0.9); /* let go: writes nothing */
  spin(0.3);
}

/* The pen writes where it is pressed, and only then; lines can be taken back, and go with their scene; black covers them. */
static void
test_pen(void)
{
  Show show;

  show_open(&show);
  press(&show, GDK_KEY_f);
  g_autoptr(GBytes) still = look(&show, "hall-frozen.png");
  write_line(&show, 0.3);
  g_assert_cmpuint(pen_ink(&show), ==, 0); /* no pen is taken */
  press(&show, GDK_KEY_c);
  write_line(&show, 0.3);
  guint one = pen_ink(&show);
  g_assert_cmpuint(one, >, 600 * 2);
  write_line(&show, 0.6);
  g_assert_cmpuint(pen_ink(&show), >, one + one / 2);
  press_with(&show, GDK_KEY_z, GDK_CONTROL_MASK);
  g_assert_cmpuint(pen_ink(&show), ==, one);
  press(&show, GDK_KEY_b);
  g_assert_cmpuint(pen_ink(&show), ==, 0);
  press(&show, GDK_KEY_f);
  g_assert_cmpuint(pen_ink(&show), ==, one);
  press(&show, GDK_KEY_Escape); /* the pen */
  g_assert_cmpuint(pen_ink(&show), ==, one);
  press(&show, GDK_KEY_Escape); /* the line */
  g_autoptr(GBytes) again = look(&show, "hall-frozen-again.png");
  g_assert_true(g_bytes_equal(still, again));
  press(&show, GDK_KEY_Escape); /* the still picture */
  g_assert_cmpint(casa_window_hall(show.window), ==, CASA_HALL_LIVE);
  press(&show, GDK_KEY_c);
  write_line(&show, 0.3);
  write_line(&show, 0.6);
  press(&show, GDK_KEY_BackSpace);
  g_assert_cmpuint(casa_marks_n_strokes(casa_window_marks(show.window)), ==, 0);
  write_line(&show, 0.3);
  press(&show, GDK_KEY_Page_Down);
  g_assert_cmpuint(casa_marks_n_strokes(casa_window_marks(show.window)), ==, 0);
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
  g_test_add_func("/app/hall/tools", test_tools);
  g_test_add_func("/app/hall/magnifier", test_magnifier);
  g_test_add_func("/app/hall/pen", test_pen);
  g_test_add_func("/app/hall/loop", test_loop);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/scenes.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
