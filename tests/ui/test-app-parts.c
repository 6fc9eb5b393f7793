/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "casa-build.h"
#include "ui/chart/chart.h"
#include "ui/kit/label.h"
#include "ui/kit/line-box.h"
#include "ui/kit/screenshot.h"
#include "ui/kit/shrink-bin.h"
#include "ui/map/map.h"
#include "ui/scenes/page.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/stage/clicker.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <string.h>

/* The parts that a scene may have: what they say, and that they find room. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaSceneList *scenes;
  CasaWindow *window;
} Stage;

static AdwApplication *app; /* one for the whole program: it cannot be registered twice */

static const char *const KIT = "[scene wall]\ntitle_fr = Kit\ngrid = 1920 1080\nheader = header 32 16 1856 76\n"
                               "kit = station 32 112 900 400 source=equipe-7 station=kit-1 metric=temp_c\n"
                               "none = station 960 112 900 400 source=equipe-9 station=kit-1 metric=temp_c\n";

static void
spin(double seconds)
{
  gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static GtkWidget *
page(Stage *stage)
{
  return gtk_stack_get_visible_child(GTK_STACK(casa_window_picture(stage->window)));
}

static void
wait_text(Stage *stage, const char *text)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!app_look_has_text(page(stage), text)) {
    if (casa_clock_mono_us() > until)
      g_error("\"%s\" does not come", text);
    spin(0.02);
  }
}

static gboolean
is_live(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static void
wait_laid_out(Stage *stage, int width, int height)
{
  GtkWidget *picture = casa_window_picture(stage->window);
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (gtk_widget_get_width(picture) != width || gtk_widget_get_height(picture) != height) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  spin(0.6);
}

static void
stage_open(Stage *stage, const char *scenes, const char *language, int width, int height)
{
  gint64 now = casa_clock_now_ms();

  app_fixture_fill(&stage->fixture, now, 24 * 60);
  g_autofree char *path = g_build_filename(stage->fixture.dir, "scenes.conf", NULL);
  g_assert_true(g_file_set_contents(path, scenes, -1, NULL));
  stage->model = app_fixture_model(&stage->fixture);
  app_fixture_report(&stage->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(stage->model, is_live, 60));
  stage->scenes = casa_scene_list_new(path, casa_scene_world(stage->fixture.indicators));
  g_assert_null(casa_scene_list_fault(stage->scenes));
  casa_lang_set(language);
  stage->window = casa_window_new(app, stage->model, stage->scenes, "dark");
  stage->ticker = casa_ticker_new(stage->model);
  casa_ticker_follow(stage->ticker, GTK_WIDGET(stage->window));
  casa_window_pose(stage->window, width, height);
  gtk_window_present(GTK_WINDOW(stage->window));
  wait_laid_out(stage, width, height);
}

static void
stage_close(Stage *stage)
{
  gtk_window_destroy(GTK_WINDOW(stage->window));
  spin(0.05);
  casa_ticker_free(stage->ticker);
  g_object_unref(stage->scenes);
  casa_model_free(stage->model);
  app_fixture_clear(&stage->fixture);
}

static void
shoot(Stage *stage, const char *name)
{
  g_autofree char *path = app_look_artifact(name);
  g_autoptr(GError) error = NULL;

  g_assert_true(casa_screenshot_save(casa_window_picture(stage->window), path, &error));
}

/* The scenes that ship: a map that fills the window, everything else on it. */
static char *
read_theatre(void)
{
  char *text;

  g_assert_true(g_file_get_contents(CASA_SOURCE_ROOT "/config/scenes.conf", &text, NULL, NULL));
  return text;
}

/* Over a map, at every size and in every language: nothing outside, nothing on another, every word whole. */
static void
test_theatre(gconstpointer data)
{
  /* Width, height, and how many parts the scene has there. */
  static const int sizes[][3] = { { 1024, 600, 6 }, { 1920, 1080, 6 }, { 3840, 2160, 6 }, { 1080, 1920, 7 } };
  const char *language = data;
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();

  app_fixture_init(&stage.fixture);
  stage_open(&stage, theatre, language, sizes[0][0], sizes[0][1]);
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autofree char *name = g_strdup_printf("theatre-%s-%d.png", language, sizes[i][0]);
    casa_window_pose(stage.window, sizes[i][0], sizes[i][1]);
    wait_laid_out(&stage, sizes[i][0], sizes[i][1]);
    g_assert_cmpuint(app_look_check_places(page(&stage)), ==, sizes[i][2]);
    g_assert_cmpuint(app_look_check_labels(page(&stage), 0.6), >, 20);
    shoot(&stage, name);
  }
  stage_close(&stage);
}

/* The names of the column's panels, from above. */
static void
assert_column(Stage *stage, const char *first, const char *second, const char *third)
{
  const char *const wanted[] = { first, second, third };

  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    g_assert_cmpstr(app_look_text(app_look_find(page(stage), "casa-panel", i), "casa-name"), ==, wanted[i]);
}

/* Whether the sentence has the first panel's number. */
static gboolean
has_number_of_panel(Stage *stage)
{
  const char *story = app_look_text(page(stage), "casa-story");
  const char *number = app_look_text(app_look_find(page(stage), "casa-panel", 0), "casa-number");

  return story && number && *number && strstr(story, number) != NULL;
}

/* What is bad comes first and is told; else all is in the order of the file. Numbers of the sentence are those of the
 * panels. */
static void
test_order(void)
{
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();

  app_fixture_init(&stage.fixture);
  stage_open(&stage, theatre, "fr", 1280, 720);
  assert_column(&stage, "Mobilité", "Énergie", "Air");
  gint64 until = casa_clock_mono_us() + 120 * G_USEC_PER_SEC;
  while (!has_number_of_panel(&stage)) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  stage_close(&stage);
}

static gboolean
is_bad(CasaModel *model)
{
  const CasaIndicator *pm10 = app_indicator(model, "pm10");

  return app_figure(model, "pm10")->class != G_MAXUINT && app_figure(model, "pm10")->class >= pm10->scale->bad_from;
}

static void
test_bad(void)
{
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&stage.fixture);
  app_fixture_describe(&stage.fixture, "air", "air-hay-hassani", "Hay Hassani", 33.55, -7.67);
  for (gint64 t = now - 3 * 3600000; t < now; t += 120000)
    app_fixture_put(&stage.fixture, "city", "air", "air-hay-hassani", "pm10", 230, t, APP_STORED);
  stage_open(&stage, theatre, "fr", 1280, 720);
  app_fixture_put(&stage.fixture, "city", "air", "air-hay-hassani", "pm10", 230, casa_clock_now_ms(), APP_LIVE);
  g_assert_true(app_fixture_wait(stage.model, is_bad, 60));
  wait_text(&stage, "L’air est mauvais : PM10 230\u00a0µg/m³ à Hay Hassani.");
  spin(0.5);
  assert_column(&stage, "Air", "Mobilité", "Énergie");
  g_assert_true(gtk_widget_has_css_class(app_look_find(page(&stage), "casa-panel", 0), "casa-lead"));
  g_assert_false(gtk_widget_has_css_class(app_look_find(page(&stage), "casa-panel", 1), "casa-lead"));
  GtkWidget *lead = app_look_find(page(&stage), "casa-panel", 0);
  g_assert_cmpstr(app_look_text(lead, "casa-number"), ==, "230");
  /* What is judged of it has the room that a short name leaves. */
  GtkWidget *slot = gtk_widget_get_ancestor(app_look_find(lead, "casa-trend", 0), CASA_TYPE_SHRINK_BIN);
  g_test_message("\"%s\" at %.2f of its size", app_look_text(lead, "casa-trend"), casa_shrink_bin_scale(CASA_SHRINK_BIN(slot)));
  g_assert_cmpfloat(casa_shrink_bin_scale(CASA_SHRINK_BIN(slot)), >=, 0.95);
  stage_close(&stage);
}

static void
assert_no_banner(Stage *stage)
{
  g_assert_false(gtk_widget_get_mapped(app_look_find(page(stage), "casa-banner", 0)));
  g_assert_false(app_look_has_text(page(stage), "Maârif dans le noir"));
}

/* Until the figure of the domain that it concerns is compared with what it was when the event began, and not with yesterday. */
static void
wait_since(Stage *stage, gint64 start_ms)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  g_autofree char *clock = casa_lang_clock(start_ms, FALSE), *changed = g_strdup_printf("MW depuis %s", clock);
  g_autofree char *same = g_strdup_printf("● stable depuis %s", clock);

  while (!app_look_has_text(page(stage), changed) && !app_look_has_text(page(stage), same)) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.05);
  }
}

static void
wait_callout(CasaMap *map, gboolean there)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while ((casa_map_get_callout(map) != NULL) != there) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.05);
  }
}

/* What is announced has the banner, in words and numbers, and its domain's panel is first; the sentence stands back. */
static void
test_event(void)
{
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();
  g_autoptr(GError) error = NULL;
  gint64 now = casa_clock_now_ms();
  CasaEvent event = { .source = "city",
                      .id = "power-cut-1",
                      .event = "power-cut",
                      .place = "maarif",
                      .district = "maarif",
                      .start_ms = now - 60000,
                      .end_ms = now + 600000,
                      .intensity = 1,
                      .simulated = TRUE };
  gboolean changed;

  app_fixture_init(&stage.fixture);
  stage_open(&stage, theatre, "fr", 1920, 1080);
  CasaMap *map = CASA_MAP(app_look_find(page(&stage), "casa-map", 0));
  wait_callout(map, TRUE);
  g_assert_false(gtk_widget_get_mapped(app_look_find(page(&stage), "casa-banner", 0)));
  g_assert_true(casa_store_put_event(stage.fixture.store, &event, now, &changed, &error));
  wait_text(&stage, "Maârif dans le noir");
  wait_text(&stage, "◆ SIMULÉ");
  wait_text(&stage, "habitants");
  wait_callout(map, FALSE); /* one thing at a time: the hall looks at Maârif */
  spin(0.5);
  assert_column(&stage, "Énergie", "Mobilité", "Air");
  wait_since(&stage, event.start_ms);
  g_assert_false(gtk_widget_get_mapped(app_look_find(page(&stage), "casa-story", 0)));
  shoot(&stage, "part-banner.png");
  event.over = TRUE;
  g_assert_true(casa_store_put_event(stage.fixture.store, &event, casa_clock_now_ms(), &changed, &error));
  gint64 until = casa_clock_mono_us() + 120 * G_USEC_PER_SEC;
  while (!gtk_widget_get_mapped(app_look_find(page(&stage), "casa-story", 0))) { /* the end has been told */
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.05);
  }
  assert_no_banner(&stage);
  stage_close(&stage);
}

/* An event without numbers has the banner's whole width for its words: they are not made smaller beside empty room. */
static void
test_without_numbers(void)
{
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();
  g_autoptr(GError) error = NULL;
  const gint64 now = casa_clock_now_ms();
  CasaEvent event = { .source = "city",
                      .id = "link-lost-1",
                      .event = "link-lost",
                      .place = "maarif",
                      .district = "maarif",
                      .start_ms = now - 60000,
                      .end_ms = now + 600000,
                      .intensity = 1,
                      .simulated = TRUE };
  gboolean changed;

  app_fixture_init(&stage.fixture);
  stage_open(&stage, theatre, "fr", 1280, 720);
  g_assert_true(casa_store_put_event(stage.fixture.store, &event, now, &changed, &error));
  wait_text(&stage, "Liaison perdue");
  GtkWidget *banner = app_look_find(page(&stage), "casa-banner", 0);
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (!gtk_widget_get_mapped(banner) || gtk_widget_get_width(app_look_find(banner, "casa-banner-what", 0)) == 0) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.05);
  }
  g_assert_false(app_look_find(banner, "casa-banner-number", 0) &&
                 gtk_widget_get_mapped(app_look_find(banner, "casa-banner-number", 0)));
  GtkWidget *slot = gtk_widget_get_ancestor(app_look_find(banner, "casa-banner-what", 0), CASA_TYPE_SHRINK_BIN);
  g_test_message("\"%s\" at %.2f of its size", app_look_text(banner, "casa-banner-what"),
                 casa_shrink_bin_scale(CASA_SHRINK_BIN(slot)));
  g_assert_cmpfloat(casa_shrink_bin_scale(CASA_SHRINK_BIN(slot)), >=, 0.9);
  shoot(&stage, "part-banner-bare.png");
  stage_close(&stage);
}

/* Where there is no room for both, words are cut and the number above them is not. */
static void
test_numbers_whole(void)
{
  GtkWidget *window = gtk_window_new(), *line = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *number = casa_label_new_number("casa-banner-number"), *words = casa_label_new("casa-banner-words");

  casa_label_set(number, "139 669");
  casa_label_set(words, "habitants, d'après le recensement");
  gtk_box_append(GTK_BOX(line), number);
  gtk_box_append(GTK_BOX(line), words);
  gtk_window_set_child(GTK_WINDOW(window), casa_shrink_bin_new(line, 0, 0.5));
  gtk_window_set_default_size(GTK_WINDOW(window), 30, 60);
  gtk_window_present(GTK_WINDOW(window));
  while (gtk_widget_get_width(number) == 0)
    spin(0.02);
  g_assert_false(pango_layout_is_ellipsized(gtk_label_get_layout(GTK_LABEL(number))));
  g_assert_true(pango_layout_is_ellipsized(gtk_label_get_layout(GTK_LABEL(words))));
  gtk_window_destroy(GTK_WINDOW(window));
}

/* One key, as the window hears it. TRUE: it was taken. */
static gboolean
press(GtkWidget *window, guint keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(window);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(controllers) && !taken; i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller) && gtk_event_controller_get_propagation_phase(controller) == GTK_PHASE_CAPTURE)
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0u, (GdkModifierType)0, &taken);
  }
  return taken;
}

/* Which of the ribbon's figures are seen now; each is whole, and inside. *@at: where the first one stands. */
static guint
seen_facts(GtkWidget *ribbon, double *at)
{
  guint seen = 0, i = 0;

  for (GtkWidget *fact = gtk_widget_get_first_child(ribbon); fact; fact = gtk_widget_get_next_sibling(fact), i++) {
    graphene_rect_t box;
    int natural;
    if (!gtk_widget_get_mapped(fact))
      continue;
    gtk_widget_measure(fact, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
    g_assert_cmpint(gtk_widget_get_width(fact), >=, natural);
    g_assert_true(gtk_widget_compute_bounds(fact, ribbon, &box));
    g_assert_cmpfloat(box.origin.x, >=, 0);
    g_assert_cmpfloat(box.origin.x + box.size.width, <=, gtk_widget_get_width(ribbon) + 1);
    if (i == 0)
      *at = box.origin.x;
    seen |= 1u << i;
  }
  return seen;
}

static void
check_turns(Stage *stage, const int *size)
{
  casa_window_pose(stage->window, size[0], size[1]);
  wait_laid_out(stage, size[0], size[1]);
  GtkWidget *ribbon = app_look_find(page(stage), "casa-ribbon", 0);
  guint n = 0, all = 0;
  double first, at = 0;

  for (GtkWidget *fact = gtk_widget_get_first_child(ribbon); fact; fact = gtk_widget_get_next_sibling(fact))
    n++;
  seen_facts(ribbon, &first);
  for (guint turn = 0; turn < n && all != (1u << n) - 1; turn++) {
    casa_line_box_set_turn(CASA_LINE_BOX(ribbon), turn);
    spin(0.1);
    const guint seen = seen_facts(ribbon, &at);
    g_assert_true(seen & 1);
    g_assert_cmpfloat_with_epsilon(at, first, 1);
    all |= seen;
  }
  g_assert_cmpuint(all, ==, (1u << n) - 1);
}

/* What the ribbon has no room for takes turns: each figure is seen whole, and what stands at the beginning stays. */
static void
test_turns(gconstpointer language)
{
  static const int sizes[][2] = { { 1920, 1080 }, { 1366, 768 }, { 1024, 600 } };
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();

  app_fixture_init(&stage.fixture);
  stage_open(&stage, theatre, language, sizes[0][0], sizes[0][1]);
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    check_turns(&stage, sizes[i]);
  stage_close(&stage);
}

/* The key 0 shows the whole city, whatever has the focus. */
static void
test_home(void)
{
  Stage stage = { 0 };
  g_autofree char *theatre = read_theatre();

  app_fixture_init(&stage.fixture);
  stage_open(&stage, theatre, "fr", 1280, 720);
  GtkWidget *map = app_look_find(page(&stage), "casa-map", 0);
  casa_map_camera_zoom_about(casa_map_get_camera(CASA_MAP(map)), 3, 640, 360, 0, casa_clock_mono_us());
  casa_map_look(CASA_MAP(map));
  g_assert_cmpfloat(casa_map_get_zoom(CASA_MAP(map)), >, 1.5);
  g_assert_true(gtk_widget_grab_focus(app_look_find(page(&stage), "casa-fact", 0)));
  g_assert_true(press(GTK_WIDGET(stage.window), GDK_KEY_0));
  g_assert_cmpfloat_with_epsilon(casa_map_get_zoom(CASA_MAP(map)), 1, 0.01);
  stage_close(&stage);
}

/* Letters and digits belong to whoever writes. */
static void
test_writing(void)
{
  GtkWidget *window = gtk_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *entry = gtk_entry_new(), *button = gtk_button_new_with_label("b");

  casa_clicker_attach(GTK_WINDOW(window));
  gtk_box_append(GTK_BOX(box), entry);
  gtk_box_append(GTK_BOX(box), button);
  gtk_window_set_child(GTK_WINDOW(window), box);
  gtk_window_present(GTK_WINDOW(window));
  g_assert_true(gtk_widget_grab_focus(entry));
  g_assert_false(press(window, GDK_KEY_b));
  g_assert_false(press(window, GDK_KEY_0));
  g_assert_true(gtk_widget_grab_focus(button));
  g_assert_true(press(window, GDK_KEY_b));
  gtk_window_destroy(GTK_WINDOW(window));
}

/* A team's own sensor, with its name, its past and whose it is; one that is not there says so. */
static void
test_station(void)
{
  Stage stage = { 0 };
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&stage.fixture);
  for (gint64 t = now - 6 * 3600000; t < now; t += 120000)
    app_fixture_put(&stage.fixture, "equipe-7", "air", "kit-1", "temp_c", 20 + (double)(t - now) / 3600000, t, APP_STORED);
  app_fixture_describe_of(&stage.fixture, "equipe-7", "air", "kit-1", "Kit du <b>canal</b>", 33.58, -7.6);
  stage_open(&stage, KIT, "fr", 1280, 720);
  wait_text(&stage, "Kit du <b>canal</b>");
  app_fixture_put(&stage.fixture, "equipe-7", "air", "kit-1", "temp_c", 31.5, casa_clock_now_ms(), APP_LIVE);
  wait_text(&stage, "31,5");
  wait_text(&stage, "◇ équipe equipe-7");
  wait_text(&stage, "°C");
  GtkWidget *panel = app_look_find(page(&stage), "casa-panel", 0);
  CasaChartPicture *picture = casa_chart_picture(CASA_CHART(gtk_widget_get_last_child(panel)));
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (casa_pyramid_length(picture->lines[0].data) < 150) { /* six hours, a reading each two minutes */
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  GtkWidget *none = app_look_find(page(&stage), "casa-panel", 1);
  g_assert_true(app_look_has_text(none, "kit-1"));
  g_assert_true(app_look_has_text(none, "en attente de mesures"));
  g_assert_cmpuint(app_look_check_places(page(&stage)), ==, 3);
  app_look_check_labels(page(&stage), 0.6);
  shoot(&stage, "station.png");
  stage_close(&stage);
}

static const char *const TWO = "[scene wall]\ntitle_fr = Deux\ngrid = 1920 1080\nheader = header 32 16 1856 76\n"
                               "a = panel 32 112 900 400 domain=mobility\nb = panel 960 112 900 400 domain=energy\n";

static CasaChart *
chart_below(GtkWidget *root, guint nth)
{
  static guint left;

  left = nth == G_MAXUINT ? left : nth;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child)) {
    CasaChart *chart = CASA_IS_CHART(child) ? CASA_CHART(child) : chart_below(child, G_MAXUINT);
    if (!chart || (CASA_IS_CHART(child) && left-- > 0))
      continue;
    return chart;
  }
  return NULL;
}

/* All charts of a page show one stretch of time and one moment; what they need is read; left alone, they go back to rest. */
static void
test_one_time(void)
{
  Stage stage;

  app_fixture_init(&stage.fixture);
  stage_open(&stage, TWO, "fr", 1280, 720);
  CasaTimeView *time = casa_page_time(g_object_get_data(G_OBJECT(page(&stage)), "casa-page"));
  CasaViewport *viewport = casa_time_view_viewport(time);
  CasaChart *first = chart_below(page(&stage), 0), *second = chart_below(page(&stage), 1);
  gint64 from, to, now = casa_viewport_now(viewport), until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  g_assert_true(first && second && first != second);
  g_assert_true(casa_chart_viewport(first) == viewport && casa_chart_viewport(second) == viewport);
  g_assert_false(app_look_has_text(page(&stage), "suivi en pause"));
  g_assert_cmpint(casa_chart_picture(first)->last_pane_ms, >, 0);
  casa_viewport_set_range(viewport, now - 6 * 3600000, now - 3 * 3600000);
  wait_text(&stage, "suivi en pause");
  for (guint i = 0; i < 2; i++) {
    const CasaChartPicture *picture = casa_chart_picture(i ? second : first);
    casa_viewport_range(viewport, &from, &to);
    g_assert_cmpint(picture->from_ms, ==, from);
    g_assert_cmpint(picture->to_ms, ==, to);
    g_assert_cmpint(picture->last_pane_ms, ==, 0);
    while (casa_pyramid_length(picture->lines[0].data) == 0) {
      g_assert_cmpint(casa_clock_mono_us(), <, until);
      spin(0.02);
    }
  }
  casa_time_view_set_patience(time, 0);
  while (casa_time_view_is_explored(time)) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.05);
  }
  g_assert_true(casa_viewport_is_following(viewport));
  g_assert_cmpint(casa_chart_picture(first)->last_pane_ms, >, 0);
  g_assert_false(app_look_has_text(page(&stage), "suivi en pause"));
  stage_close(&stage);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestParts", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_data_func("/app/parts/theatre/fr", "fr", test_theatre);
  g_test_add_data_func("/app/parts/theatre/ar", "ar", test_theatre);
  g_test_add_data_func("/app/parts/theatre/en", "en", test_theatre);
  g_test_add_data_func("/app/parts/turns/fr", "fr", test_turns);
  g_test_add_data_func("/app/parts/turns/ar", "ar", test_turns);
  g_test_add_data_func("/app/parts/turns/en", "en", test_turns);
  g_test_add_func("/app/parts/order", test_order);
  g_test_add_func("/app/parts/bad", test_bad);
  g_test_add_func("/app/parts/event", test_event);
  g_test_add_func("/app/parts/without-numbers", test_without_numbers);
  g_test_add_func("/app/parts/numbers-whole", test_numbers_whole);
  g_test_add_func("/app/parts/home", test_home);
  g_test_add_func("/app/parts/writing", test_writing);
  g_test_add_func("/app/parts/station", test_station);
  g_test_add_func("/app/parts/one-time", test_one_time);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
