/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "casa-build.h"
#include "app-look.h"
#include "base/clock.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/chart/chart.h"
#include "ui/kit/screenshot.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include <adwaita.h>

/* The real window on a real model with a day of stored readings and live ones on top: everything but the broker. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaWindow *window;
} Stage;

static AdwApplication *app;   /* one for the whole program: it cannot be registered twice */
static CasaSceneList *scenes; /* as shipped */
static const char *const LANGUAGES[] = { "fr", "ar", "en" };

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
count_frame_cb(GdkFrameClock *clock, gpointer data)
{
  guint *frames = data;

  (*frames)++;
}

static void
wait_frames(Stage *stage, guint n)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(stage->window));
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  guint frames = 0;
  gulong id = g_signal_connect(clock, "after-paint", G_CALLBACK(count_frame_cb), &frames);

  while (frames < n) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_PAINT);
    spin(0.01);
  }
  g_signal_handler_disconnect(clock, id);
}

/* What moves begins with a frame, is at rest @seconds after that, and was then drawn so: however long the frames take. */
static void
settle(Stage *stage, double seconds)
{
  wait_frames(stage, 3);
  spin(seconds);
  wait_frames(stage, 4);
}

static void
wait_text(GtkWidget *root, const char *text)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!app_look_has_text(root, text)) {
    if (casa_clock_mono_us() > until)
      g_error("\"%s\" does not come on the wall", text);
    spin(0.05);
  }
}

/* Frames go by until the scene is laid out at the wanted size and drawn. */
static gboolean
wait_size(Stage *stage, int width, int height)
{
  GtkWidget *picture = casa_window_picture(stage->window);
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (gtk_widget_get_width(picture) != width || gtk_widget_get_height(picture) != height) {
    if (casa_clock_mono_us() > until)
      return FALSE;
    spin(0.05);
  }
  settle(stage, 0.5);
  return TRUE;
}

static gboolean
ready(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static void
stage_open_with(Stage *stage, const char *language, int width, int height, guint minutes)
{
  gint64 now = casa_clock_now_ms();

  *stage = (Stage){ 0 };
  app_fixture_init(&stage->fixture);
  app_fixture_fill(&stage->fixture, now, minutes);
  stage->model = app_fixture_model(&stage->fixture);
  app_fixture_report(&stage->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(stage->model, ready, 60));
  casa_lang_set(language);
  stage->window = casa_window_new(app, stage->model, scenes, "dark");
  stage->ticker = casa_ticker_new(stage->model);
  casa_ticker_follow(stage->ticker, GTK_WIDGET(stage->window));
  casa_window_pose(stage->window, width, height);
  gtk_window_present(GTK_WINDOW(stage->window));
  g_assert_true(wait_size(stage, width, height));
}

static void
stage_open(Stage *stage, const char *language, int width, int height)
{
  stage_open_with(stage, language, width, height, 24 * 60);
}

static void
stage_close(Stage *stage)
{
  gtk_window_destroy(GTK_WINDOW(stage->window));
  spin(0.05);
  casa_ticker_free(stage->ticker);
  casa_model_free(stage->model);
  app_fixture_clear(&stage->fixture);
}

static char *
shoot(Stage *stage, const char *name)
{
  g_autoptr(GError) error = NULL;
  char *path = app_look_artifact(name);
  gboolean saved = casa_screenshot_save(casa_window_picture(stage->window), path, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  return path;
}

/* One wall that is made larger and smaller. */
static void
test_sizes(gconstpointer data)
{
  static const int sizes[][2] = { { 1920, 1080 }, { 1024, 600 }, { 3840, 2160 }, { 1280, 1024 } };
  guint l = GPOINTER_TO_UINT(data);
  Stage stage;

  stage_open(&stage, LANGUAGES[l], sizes[0][0], sizes[0][1]);
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    int w = sizes[i][0], h = sizes[i][1];
    g_autofree char *name = g_strdup_printf("wall-%s-%dx%d.png", LANGUAGES[l], w, h);
    casa_window_pose(stage.window, w, h);
    g_assert_true(wait_size(&stage, w, h));
    g_autofree char *path = shoot(&stage, name);
    GtkWidget *root = casa_window_picture(stage.window);

    app_look_check_wall(path, w, h, casa_lang_rtl());
    g_assert_cmpuint(app_look_check_labels(root, i < 3 ? 0.75 : 0.5), >, 30);
    g_assert_cmpuint(app_look_check_places(root), ==, 7 + 6);
    if (h == 1080) {
      g_assert_cmpfloat(app_look_smallest_px(root), >=, 20);
      GtkWidget *number = app_look_find(root, "casa-number", 0);
      g_assert_nonnull(number);
      g_assert_cmpfloat(app_look_smallest_px(number), >=, 64);
    }
  }
  stage_close(&stage);
}

static void
test_focus(gconstpointer data)
{
  guint l = GPOINTER_TO_UINT(data);
  Stage stage;

  stage_open(&stage, LANGUAGES[l], 1920, 1080);
  for (guint scene = 1; scene < 4; scene++) {
    g_autofree char *name = g_strdup_printf("focus-%s-%u.png", LANGUAGES[l], scene);
    casa_window_go(stage.window, scene);
    settle(&stage, 1);
    g_autofree char *path = shoot(&stage, name);
    g_assert_cmpuint(app_look_ink(path, 100, 500, 1500, 420, app_look_domain(scene - 1, "dark"), 24), >, 2000);
    app_look_check_labels(casa_window_picture(stage.window), 0.75);
    g_assert_cmpuint(app_look_check_places(casa_window_picture(stage.window)), ==, 3);
    g_assert_cmpfloat(app_look_smallest_px(casa_window_picture(stage.window)), >=, 32);
  }
  casa_window_go(stage.window, 0);
  settle(&stage, 1);
  g_assert_nonnull(app_look_find(casa_window_picture(stage.window), "casa-map", 0));
  stage_close(&stage);
}

/* Parts of scene @i, and the tiles on it. */
static guint
count_places(guint i, gboolean upright)
{
  const GPtrArray *parts = casa_scene_parts(casa_scene_file_get(casa_scene_list_file(scenes), i), upright);
  guint n = parts->len;

  for (guint k = 0; k < parts->len; k++) {
    const CasaPartSpec *spec = g_ptr_array_index(parts, k);
    g_auto(GStrv) tiles = casa_part_spec_list(spec, "indicators");
    n += g_str_equal(spec->type, "tiles") ? g_strv_length(tiles) : 0;
  }
  return n;
}

/* Every scene that ships, at every size: nothing outside, nothing on another, every word whole. */
static void
test_places(gconstpointer data)
{
  static const int sizes[][2] = { { 1024, 600 }, { 1366, 768 }, { 1080, 1920 }, { 1920, 1080 }, { 3840, 2160 } };
  const char *language = LANGUAGES[GPOINTER_TO_UINT(data)];
  guint n = casa_scene_file_n(casa_scene_list_file(scenes));
  Stage stage;

  stage_open(&stage, language, sizes[0][0], sizes[0][1]);
  for (guint i = 0; i < n * G_N_ELEMENTS(sizes); i++) {
    const int *size = sizes[i / n];
    if (i % n == 0) {
      casa_window_pose(stage.window, size[0], size[1]);
      g_assert_true(wait_size(&stage, size[0], size[1]));
    }
    casa_window_go(stage.window, i % n);
    settle(&stage, 0.7); /* the scene before has faded */
    g_test_message("scene %u, %s, %d×%d", i % n, language, size[0], size[1]);
    GtkWidget *page = gtk_stack_get_visible_child(GTK_STACK(casa_window_picture(stage.window)));
    g_assert_cmpuint(app_look_check_places(page), ==, count_places(i % n, size[0] < size[1]));
    app_look_check_labels(page, 0.7);
  }
  stage_close(&stage);
}

static void
test_themes(void)
{
  static const char *const themes[] = { "light", "contrast" };
  Stage stage;

  stage_open(&stage, "fr", 1920, 1080);
  for (guint i = 0; i < G_N_ELEMENTS(themes); i++) {
    const CasaTheme *t = casa_theme_get(themes[i]);
    g_autofree char *name = g_strdup_printf("wall-%s.png", themes[i]);
    casa_window_set_theme(stage.window, themes[i]);
    settle(&stage, 0.5);
    g_autofree char *path = shoot(&stage, name);
    g_assert_cmpuint(app_look_ink(path, 0, 0, 1920, 20, t->ground, 24), >, 30000);
    g_assert_cmpuint(app_look_ink(path, 1460, 112, 420, 240, app_look_domain(0, themes[i]), 24), >, 200);
  }
  stage_close(&stage);
}

/* On stage, without a restart: the words change and the layout turns round. */
static void
test_language(void)
{
  Stage stage;
  graphene_rect_t before, after;

  stage_open(&stage, "fr", 1920, 1080);
  GtkWidget *root = casa_window_picture(stage.window);
  g_assert_true(app_look_has_text(root, "Mobilité"));
  g_assert_true(gtk_widget_compute_bounds(app_look_find(root, "casa-map", 0), root, &before));
  casa_window_set_language(stage.window, "ar");
  settle(&stage, 0.5);
  wait_text(root, "التنقل");
  g_assert_false(app_look_has_text(root, "Mobilité"));
  g_assert_true(gtk_widget_compute_bounds(app_look_find(root, "casa-map", 0), root, &after));
  g_assert_cmpfloat_with_epsilon(after.origin.x, 1920 - before.origin.x - before.size.width, 2);
  casa_window_set_language(stage.window, "en");
  wait_text(root, "Mobility");
  stage_close(&stage);
}

/* Names come from strangers: shown as they are, never as markup. */
static void
test_strangers(void)
{
  Stage stage;

  stage_open(&stage, "fr", 1920, 1080);
  app_fixture_describe(&stage.fixture, "air", "air-ain-sebaa", "<b>A & B</b>", 33.61, -7.53);
  wait_text(casa_window_picture(stage.window), "<b>A & B</b>");
  casa_window_toast(stage.window, "<b>a & b</b>");
  spin(0.5);
  stage_close(&stage);
}

/* Whatever a stranger calls a station, the wall keeps its words, its reading order and its places. */
static void
test_hostile_names(gconstpointer data)
{
  static const char *const names[] = { "\u202eÂâbeS nïA\u202c\u2067",
                                       "a\n\n\nb\tc\r\u2028d",
                                       "👩\u200d🚒🏳\ufe0f\u200d🌈👍🏽",
                                       "\x1b[31m\x07%s%n",
                                       "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030aalgo",
                                       "عين السبع <b>" };
  const char *language = data;
  g_autofree char *endless = g_strnfill(500, 'W');
  Stage stage;

  stage_open(&stage, language, 1280, 720);
  GtkWidget *root = casa_window_picture(stage.window);
  for (guint i = 0; i <= G_N_ELEMENTS(names); i++) {
    const char *name = i < G_N_ELEMENTS(names) ? names[i] : endless;
    g_autofree char *tame = casa_name_tame(name), *file = g_strdup_printf("hostile-%s-%u.png", language, i);
    app_fixture_describe(&stage.fixture, "air", "air-ain-sebaa", name, 33.61, -7.53);
    app_fixture_report(&stage.fixture, casa_clock_now_ms());
    wait_text(root, tame);
    settle(&stage, 0.1);
    g_assert_false(app_look_has_text(root, "\u202e"));
    g_assert_false(app_look_has_text(root, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWW"));
    GtkWidget *unit = app_look_find(app_look_find(root, "casa-panel", 2), "casa-unit", 0);
    graphene_rect_t panel, words;
    g_assert_true(gtk_widget_compute_bounds(app_look_find(root, "casa-panel", 2), root, &panel));
    g_assert_true(gtk_widget_compute_bounds(unit, root, &words));
    g_assert_true(graphene_rect_contains_rect(&panel, &words));
    g_free(shoot(&stage, file));
  }
  stage_close(&stage);
}

/* A key, as the window hears it. */
static void
press(Stage *stage, guint keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(stage->window));

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    gboolean handled = FALSE;
    if (!GTK_IS_EVENT_CONTROLLER_KEY(controller))
      continue;
    if (gtk_event_controller_get_propagation_phase(controller) != GTK_PHASE_CAPTURE)
      continue;
    g_signal_emit_by_name(controller, "key-pressed", keyval, 0u, (GdkModifierType)0, &handled);
  }
  spin(0.3);
}

static gboolean
is_blank(Stage *stage, const char *css_class)
{
  GtkWidget *blank = app_look_find(GTK_WIDGET(stage->window), css_class, 0);

  return blank && gtk_widget_get_visible(blank);
}

static void
test_clicker(void)
{
  Stage stage;

  stage_open(&stage, "fr", 1280, 720);
  press(&stage, GDK_KEY_Page_Down);
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 1);
  press(&stage, GDK_KEY_Page_Up);
  press(&stage, GDK_KEY_Page_Up);
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 3);
  press(&stage, GDK_KEY_period);
  g_assert_true(is_blank(&stage, "casa-black"));
  press(&stage, GDK_KEY_b);
  g_assert_false(is_blank(&stage, "casa-black"));
  casa_window_set_hall(stage.window, CASA_HALL_WHITE);
  g_assert_true(is_blank(&stage, "casa-white"));
  press(&stage, GDK_KEY_Page_Down); /* a scene is wanted: it is shown */
  g_assert_false(is_blank(&stage, "casa-white"));
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 0);
  for (guint i = 0; i < 4; i++) {
    press(&stage, GDK_KEY_4 - i);
    g_assert_cmpuint(casa_window_scene(stage.window), ==, 3 - i);
  }
  for (guint i = 0; i < 3; i++)
    press(&stage, GDK_KEY_Escape);
  g_assert_true(gtk_widget_get_mapped(GTK_WIDGET(stage.window)));
  stage_close(&stage);
}

/* The pale line of yesterday, what it is called, and no time beyond now. */
static void
test_yesterday(gconstpointer data)
{
  const char *language = data;
  Stage stage;

  stage_open_with(&stage, language, 1024, 600, 49 * 60);
  for (guint i = 0; i < 3; i++) {
    GtkWidget *panel = app_look_find(casa_window_picture(stage.window), "casa-panel", i);
    CasaChart *chart = CASA_CHART(gtk_widget_get_last_child(panel));
    const CasaChartPicture *picture = casa_chart_picture(chart);
    const CasaChartLayout *layout = casa_chart_layout(chart);
    guint named = 0;
    g_assert_nonnull(layout);
    g_assert_cmpint(picture->to_ms, ==, picture->now_ms);
    g_assert_cmpuint(layout->n_panes, ==, 2);
    /* It was drawn when a column of the last hour had passed: at most a minute ago. */
    g_assert_cmpint(ABS(layout->split_ms - (picture->now_ms - 3600000)), <, 60000);
    g_assert_cmpuint(layout->panes[0].n_times, >, 0);
    g_assert_true(layout->panes[1].ends);
    for (guint k = 0; k < layout->n_names; k++)
      named += !layout->names[k].is_limit && picture->lines[layout->names[k].line].behind &&
               g_str_equal(picture->lines[layout->names[k].line].name, _("hier"));
    g_assert_cmpuint(named, ==, 1);
  }
  stage_close(&stage);
}

/* What a screen reader says of a chart. */
static void
test_accessible(void)
{
  Stage stage;

  stage_open(&stage, "fr", 1280, 720);
  for (guint i = 0; i < 3; i++) {
    GtkWidget *panel = app_look_find(casa_window_picture(stage.window), "casa-panel", i);
    GtkWidget *chart = panel ? gtk_widget_get_last_child(panel) : NULL;
    g_assert_nonnull(chart);
    g_assert_cmpint(gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(chart)), ==, GTK_ACCESSIBLE_ROLE_IMG);
    g_assert_true(gtk_test_accessible_has_property(GTK_ACCESSIBLE(chart), GTK_ACCESSIBLE_PROPERTY_LABEL));
    g_assert_true(gtk_test_accessible_has_property(GTK_ACCESSIBLE(chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  }
  stage_close(&stage);
}

/* Nothing to show: the window says why. */
static void
test_error(void)
{
  casa_lang_set("fr");
  CasaWindow *window = casa_window_new(app, NULL, NULL, "dark");

  casa_window_show_error(window, "Casa Pulse ne peut pas démarrer", "/tmp/<store>.db & co");
  gtk_window_present(GTK_WINDOW(window));
  spin(0.5);
  g_assert_true(app_look_has_text(GTK_WIDGET(window), "/tmp/<store>.db & co"));
  gtk_window_destroy(GTK_WINDOW(window));
}

static void
test_formats(void)
{
  Stage stage;
  g_autoptr(GError) error = NULL;

  stage_open(&stage, "fr", 1280, 720);
  g_autofree char *svg = shoot(&stage, "wall.svg"), *pdf = shoot(&stage, "wall.pdf"), *text = NULL, *bytes = NULL;
  g_assert_true(g_file_get_contents(svg, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "<svg"));
  g_assert_true(g_file_get_contents(pdf, &bytes, NULL, NULL));
  g_assert_true(g_str_has_prefix(bytes, "%PDF"));
  g_assert_false(casa_screenshot_save(casa_window_picture(stage.window), "/dev/null/wall.png", &error));
  g_assert_nonnull(strstr(error->message, "/dev/null/wall.png"));
  stage_close(&stage);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_printerr("needs a display: run it with xvfb-run\n");
    return 1;
  }
  app = adw_application_new(NULL, G_APPLICATION_NON_UNIQUE);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
    g_autofree char *sizes = g_strdup_printf("/app/wall/sizes/%s", LANGUAGES[i]);
    g_autofree char *focus = g_strdup_printf("/app/wall/focus/%s", LANGUAGES[i]);
    g_test_add_data_func(sizes, GUINT_TO_POINTER(i), test_sizes);
    g_autofree char *places = g_strdup_printf("/app/wall/places/%s", LANGUAGES[i]);
    g_test_add_data_func(focus, GUINT_TO_POINTER(i), test_focus);
    g_test_add_data_func(places, GUINT_TO_POINTER(i), test_places);
  }
  g_test_add_func("/app/wall/themes", test_themes);
  g_test_add_func("/app/wall/language", test_language);
  g_test_add_func("/app/wall/strangers", test_strangers);
  g_test_add_data_func("/app/wall/hostile-names/fr", "fr", test_hostile_names);
  g_test_add_data_func("/app/wall/hostile-names/ar", "ar", test_hostile_names);
  g_test_add_func("/app/wall/formats", test_formats);
  g_test_add_func("/app/wall/clicker", test_clicker);
  g_test_add_data_func("/app/wall/yesterday/fr", "fr", test_yesterday);
  g_test_add_data_func("/app/wall/yesterday/ar", "ar", test_yesterday);
  g_test_add_func("/app/wall/accessible", test_accessible);
  g_test_add_func("/app/wall/error", test_error);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/talks/grid.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
