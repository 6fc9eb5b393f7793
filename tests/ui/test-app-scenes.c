/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "ui/kit/screenshot.h"
#include "ui/chart/chart.h"
#include "ui/map/map.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

/* Scenes from a file that is edited while they are shown. */

typedef struct {
  AppFixture fixture;
  char *path;
  CasaModel *model;
  CasaTicker *ticker;
  CasaSceneList *scenes;
  CasaWindow *window;
} Stage;

static AdwApplication *app; /* one for the whole program: it cannot be registered twice */

#define HEAD "header = header 0 0 1 0.1\n"
#define FOOT "status = status 0 0.94 1 0.06\n"
#define ONE "[scene one]\ntitle_fr = Un\ntitle_en = One\n" HEAD "map = map 0 0.1 1 0.84\n" FOOT
#define TWO "[scene two]\ntitle_fr = Deux\ntitle_en = Two\n" HEAD "panel = panel 0 0.1 1 0.84 domain=air\n" FOOT
#define THREE "[scene three]\ntitle_fr = Trois\n" HEAD "tiles = tiles 0 0.2 1 0.2 indicators=delay,teams\n" FOOT

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
wait_text(Stage *stage, const char *text, gboolean there)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (app_look_has_text(page(stage), text) != there) {
    if (casa_clock_mono_us() > until)
      g_error("\"%s\" %s", text, there ? "does not come" : "does not go");
    spin(0.02);
  }
}

static void
save(Stage *stage, const char *text)
{
  g_autoptr(GError) error = NULL;

  /* Renames a new file over the old one. */
  g_file_set_contents(stage->path, text, -1, &error);
  g_assert_no_error(error);
}

/* As an editor does that writes into the file itself. */
static void
save_in_place(Stage *stage, const char *text)
{
  FILE *file = g_fopen(stage->path, "w");

  g_assert_nonnull(file);
  g_assert_cmpint(fputs(text, file), >=, 0);
  g_assert_cmpint(fclose(file), ==, 0);
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
  spin(0.5);
}

/* @text NULL: no file yet. */
static void
stage_open(Stage *stage, const char *text, const char *language, int width, int height)
{
  *stage = (Stage){ 0 };
  app_fixture_init(&stage->fixture);
  app_fixture_fill(&stage->fixture, casa_clock_now_ms(), 120);
  stage->path = g_build_filename(stage->fixture.dir, "scenes.conf", NULL);
  if (text)
    save(stage, text);
  stage->model = app_fixture_model(&stage->fixture);
  app_fixture_report(&stage->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(stage->model, is_live, 60));
  stage->scenes =
    casa_scene_list_new(stage->path, casa_scene_world_of_city(stage->fixture.indicators, casa_model_city(stage->model)));
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
  g_free(stage->path);
}

/* How the city stands: figures, what is not known, formula and source of what is chosen, in each language. */
static void
test_governance(void)
{
  static const char *const says[][5] = {
    /* last the source of the first that has a figure here */
    { "fr", "PM10 : OMS, 24 h", "pas de donnée", "Habitants à 500 m d’un arrêt, ODD 11.2.1", "ONU, indicateur ODD 11.2.1" },
    { "en", "PM10: WHO, 24 h", "no data", "People within 500 m of a stop, SDG 11.2.1", "UN SDG indicator 11.2.1" },
    { "ar", "منظمة الصحة، 24 س: PM10", "لا بيانات", "السكان على بعد 500 م من موقف، الهدف 11.2.1",
      "مؤشر هدف التنمية المستدامة 11.2.1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS(says); i++) {
    Stage stage;
    stage_open(&stage, "[scene one]\ntitle_fr = Un\n" HEAD "governance = governance 0 0.1 1 0.84\n" FOOT, says[i][0], 1280,
               720);
    for (guint k = 1; k < G_N_ELEMENTS(says[i]); k++)
      wait_text(&stage, says[i][k], TRUE);
    stage_close(&stage);
  }
}

static GtkWidget *
row_with(Stage *stage, const char *name)
{
  for (guint i = 0;; i++) {
    GtkWidget *row = app_look_find(page(stage), "casa-yardstick", i);
    g_assert_nonnull(row);
    if (app_look_has_text(row, name))
      return row;
  }
}

/* Enter on a row opens its formula and source, Escape closes them, and only then means what it means elsewhere. */
static void
test_governance_chosen(void)
{
  const char *source = "Source : OMS, lignes directrices mondiales sur la qualité de l’air, 2021, tableau 0.1";
  Stage stage;

  stage_open(&stage, "[scene one]\ntitle_fr = Un\n" HEAD "governance = governance 0 0.1 1 0.84\n" FOOT, "fr", 1280, 720);
  wait_text(&stage, "Source : ONU, indicateur ODD 11.2.1", TRUE);
  GtkWidget *row = row_with(&stage, "PM10 : OMS, 24 h");
  g_assert_false(gtk_widget_has_css_class(row, "casa-chosen"));
  g_assert_true(gtk_widget_grab_focus(row));
  g_assert_true(gtk_widget_activate(row)); /* as Enter does */
  wait_text(&stage, source, TRUE);
  wait_text(&stage, "45 µg/m³, à la station qui en a le plus", TRUE);
  g_assert_true(gtk_widget_has_css_class(row, "casa-chosen"));
  gtk_widget_activate_action(GTK_WIDGET(stage.window), "win.leave", NULL);
  wait_text(&stage, source, FALSE);
  wait_text(&stage, "Source : ONU, indicateur ODD 11.2.1", TRUE);
  g_assert_false(gtk_widget_has_css_class(row, "casa-chosen"));
  g_assert_false(gtk_widget_activate_action(row, "part.leave", NULL));
  stage_close(&stage);
}

/* In the order of the file, and no more than it has. */
static void
test_order(void)
{
  Stage stage;

  stage_open(&stage, ONE TWO THREE, "fr", 1280, 720);
  g_assert_nonnull(app_look_find(page(&stage), "casa-map", 0));
  g_assert_null(app_look_find(page(&stage), "casa-panel", 0));
  gtk_widget_activate_action(GTK_WIDGET(stage.window), "win.next-scene", NULL);
  wait_text(&stage, "scène 2/3 · Deux", TRUE);
  g_assert_nonnull(app_look_find(page(&stage), "casa-panel", 0));
  gtk_widget_activate_action(GTK_WIDGET(stage.window), "win.scene", "u", 2u);
  wait_text(&stage, "scène 3/3 · Trois", TRUE);
  gtk_widget_activate_action(GTK_WIDGET(stage.window), "win.scene", "u", 7u);
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 2);
  gtk_widget_activate_action(GTK_WIDGET(stage.window), "win.next-scene", NULL);
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 0);
  gtk_widget_activate_action(GTK_WIDGET(stage.window), "win.previous-scene", NULL);
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 2);
  stage_close(&stage);
}

/* Saved one way or the other, what is new is on the wall; the scene that is shown stays, wherever it now stands in the file. */
static void
test_saved(void)
{
  Stage stage;

  stage_open(&stage, ONE TWO, "en", 1280, 720);
  casa_window_go(stage.window, 1);
  wait_text(&stage, "scene 2/2 · Two", TRUE);
  save(&stage, ONE THREE TWO);
  wait_text(&stage, "scene 3/3 · Two", TRUE);
  save_in_place(&stage, TWO ONE);
  wait_text(&stage, "F11", TRUE); /* it is the first now */
  g_assert_nonnull(app_look_find(page(&stage), "casa-panel", 0));
  save(&stage, ONE THREE);
  wait_text(&stage, "F11", TRUE); /* gone: the one in its place */
  g_assert_cmpuint(casa_window_scene(stage.window), ==, 0);
  stage_close(&stage);
}

/* A mistake changes nothing but one line, in each language; mended, it is forgotten. */
static void
test_mistake(void)
{
  static const char *const says[][2] = { { "fr", "▲ scenes.conf:4 (map) : version précédente" },
                                         { "en", "▲ scenes.conf:4 (map): previous version kept" },
                                         { "ar", "▲ scenes.conf:4 (map): النسخة السابقة" } };
  Stage stage;

  stage_open(&stage, ONE TWO, "fr", 1280, 720);
  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE, "*scenes.conf:4: ?scene one? map: no kind of part \"mep\"*");
  save(&stage, "[scene one]\ntitle_fr = Un\n" HEAD "map = mep 0 0.1 1 0.84\n");
  for (guint i = 0; i < G_N_ELEMENTS(says); i++) {
    casa_window_set_language(stage.window, says[i][0]);
    wait_text(&stage, says[i][1], TRUE);
    g_assert_nonnull(app_look_find(page(&stage), "casa-map", 0));
    spin(0.5); /* laid out */
    app_look_check_labels(page(&stage), 0.7);
  }
  g_test_assert_expected_messages();
  casa_window_set_language(stage.window, "fr");
  casa_window_go(stage.window, 1);
  wait_text(&stage, "▲ scenes.conf:4", TRUE); /* on every scene */
  save(&stage, ONE TWO);
  wait_text(&stage, "▲ scenes.conf", FALSE);
  stage_close(&stage);
}

/* How close its map looks; 0: it has none. */
static double
zoom(Stage *stage)
{
  GtkWidget *map = app_look_find(page(stage), "casa-map", 0);

  return map ? casa_map_get_zoom(CASA_MAP(map)) : 0;
}

/* However slow the machine is: a page that was built just now is not laid out yet. */
static void
wait_zoom(Stage *stage, double wanted)
{
  for (gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC; fabs(zoom(stage) - wanted) > 1e-6;) {
    if (casa_clock_mono_us() > until)
      g_error("the map's zoom is %g, not %g", zoom(stage), wanted);
    spin(0.02);
  }
}

/* The map looks where the scene says as soon as it is saved; somewhere outside of the city it never looks. */
static void
test_camera(void)
{
  Stage stage;

  stage_open(&stage, ONE "camera = maarif\n" TWO, "fr", 1280, 720);
  const double district = zoom(&stage);
  g_assert_cmpfloat(district, >, 2);
  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE, "*scenes.conf:7: ?scene one? camera: 2.35 48.85 is outside of the city*");
  save(&stage, ONE "camera = 2.35 48.85 9\n" TWO);
  wait_text(&stage, "▲ scenes.conf:7 (camera) : version précédente", TRUE);
  g_test_assert_expected_messages();
  wait_zoom(&stage, district);
  save(&stage, ONE "camera = -7.62 33.59 9\n" TWO);
  wait_text(&stage, "▲ scenes.conf", FALSE);
  wait_zoom(&stage, 9);
  casa_window_set_language(stage.window, "ar"); /* builds the page anew */
  wait_zoom(&stage, 9);
  casa_window_set_language(stage.window, "fr");
  save(&stage, ONE TWO);
  wait_zoom(&stage, 1);
  stage_close(&stage);
}

/* The first below @root; NULL: there is none. */
static CasaChart *
chart_below(GtkWidget *root)
{
  CasaChart *found = CASA_IS_CHART(root) ? CASA_CHART(root) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found; child = gtk_widget_get_next_sibling(child))
    found = chart_below(child);
  return found;
}

/* The charts show the time that the scene says, and nobody is told that somebody moved them. */
static void
test_range(void)
{
  Stage stage;
  gint64 from, to;

  stage_open(&stage, TWO "range = 1h\n", "fr", 1280, 720);
  CasaChart *chart = chart_below(page(&stage));
  g_assert_nonnull(chart);
  casa_viewport_range(casa_chart_viewport(chart), &from, &to);
  g_assert_cmpint(to - from, ==, 3600000);
  g_assert_true(casa_viewport_is_following(casa_chart_viewport(chart)));
  const CasaChartPicture *picture = casa_chart_picture(chart);
  for (gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC; picture->to_ms - picture->from_ms != to - from ||
                                                                  picture->n_lines == 0 ||
                                                                  casa_pyramid_length(picture->lines[0].data) == 0;) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  g_assert_false(app_look_has_text(page(&stage), "reprendre"));
  casa_viewport_set_preset(casa_chart_viewport(chart), CASA_PRESET_24_H);
  wait_text(&stage, "reprendre", TRUE);
  stage_close(&stage);
}

/* Wrong from the beginning, or not there: the shipped scenes. */
static void
test_never_right(void)
{
  Stage stage;

  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE, "*scenes.conf*unknown group*");
  stage_open(&stage, "[skene one]\n", "fr", 1280, 720);
  g_test_assert_expected_messages();
  g_assert_nonnull(app_look_find(page(&stage), "casa-map", 0));
  wait_text(&stage, "▲ scenes.conf:1", TRUE);
  save(&stage, TWO);
  wait_text(&stage, "F11", TRUE);
  stage_close(&stage);
  stage_open(&stage, NULL, "fr", 1280, 720);
  g_assert_nonnull(app_look_find(page(&stage), "casa-story", 0));
  g_assert_false(app_look_has_text(page(&stage), "▲ scenes.conf"));
  save(&stage, TWO);
  wait_text(&stage, "Air", TRUE);
  g_unlink(stage.path);
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (!app_look_find(page(&stage), "casa-story", 0)) { /* taken away: shipped again */
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  stage_close(&stage);
}

/* Upright, a scene has the parts that were written for that, and gives them back. */
static void
test_narrow(void)
{
  static const char *const file =
    ONE "[scene one narrow]\n" HEAD "map = map 0 0.1 1 0.5\npanel = panel 0 0.6 1 0.2 domain=air\n"
        "ribbon = ribbon 0 0.8 1 0.14 indicators=delay,teams,lighting,air-index,vehicles,solar-share\n" FOOT;
  Stage stage;
  graphene_rect_t map;

  stage_open(&stage, file, "ar", 720, 1280);
  wait_text(&stage, "الهواء", TRUE);
  spin(0.5);
  g_assert_true(gtk_widget_compute_bounds(app_look_find(page(&stage), "casa-map", 0), page(&stage), &map));
  g_assert_cmpfloat_with_epsilon(map.size.height, 640, 1);
  g_assert_cmpuint(app_look_check_places(page(&stage)), ==, 5);
  g_autofree char *path = app_look_artifact("narrow-ar.png");
  g_assert_true(casa_screenshot_save(casa_window_picture(stage.window), path, NULL));
  casa_window_pose(stage.window, 1280, 720);
  wait_laid_out(&stage, 1280, 720);
  wait_text(&stage, "الهواء", FALSE);
  g_assert_cmpuint(app_look_check_places(page(&stage)), ==, 3);
  casa_window_pose(stage.window, 720, 1280);
  wait_laid_out(&stage, 720, 1280);
  wait_text(&stage, "الهواء", TRUE);
  stage_close(&stage);
}

/* "delay,teams,…": @n tiles, of the longest names and the shortest. (transfer full) */
static char *
list_tiles(guint n)
{
  static const char *const some[] = { "delay", "teams", "lighting", "air-index", "vehicles", "solar-share" };
  GString *list = g_string_new(some[0]);

  for (guint i = 1; i < n; i++)
    g_string_append_printf(list, ",%s", some[i % G_N_ELEMENTS(some)]);
  return g_string_free(list, FALSE);
}

static void
check_tiles(Stage *stage, const char *language, guint n, const int *size)
{
  g_autofree char *name = g_strdup_printf("tiles-%s-%u-%d.png", language, n, size[0]), *path = app_look_artifact(name);

  casa_window_pose(stage->window, size[0], size[1]);
  wait_laid_out(stage, size[0], size[1]);
  g_test_message("%u tiles, %s, %d×%d", n, language, size[0], size[1]);
  g_assert_cmpuint(app_look_check_places(page(stage)), ==, 4 + n);
  app_look_check_labels(page(stage), 0.7);
  g_assert_true(casa_screenshot_save(casa_window_picture(stage->window), path, NULL));
}

/* However many tiles there are: none falls off, none stands on another, every word can be read. */
static void
test_tiles(gconstpointer data)
{
  static const int sizes[][2] = { { 1024, 600 }, { 1366, 768 }, { 1920, 1080 }, { 3840, 2160 } };
  static const guint numbers[] = { 1, 3, 6, 7, 8, 9, 11 };
  const char *language = data;

  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    guint n = numbers[i];
    g_autofree char *list = list_tiles(n);
    g_autofree char *file = g_strdup_printf("[scene a]\ntitle_fr = A\ngrid = 1920 1080\n"
                                            "header = header 32 16 1856 76\nmap = map 32 112 1856 600\n"
                                            "tiles = tiles 32 %d 1856 %d indicators=%s\nstatus = status 32 1016 1856 52\n",
                                            n > 8 ? 740 : 888, n > 8 ? 260 : 112, list);
    Stage stage;
    stage_open(&stage, file, language, sizes[0][0], sizes[0][1]);
    for (guint k = 0; k < G_N_ELEMENTS(sizes); k++)
      check_tiles(&stage, language, n, sizes[k]);
    stage_close(&stage);
  }
}

static gboolean
cover_one_another(GtkWidget *root, GtkWidget *a, GtkWidget *b)
{
  graphene_rect_t of_a, of_b, both;

  g_assert_true(gtk_widget_compute_bounds(a, root, &of_a));
  g_assert_true(gtk_widget_compute_bounds(b, root, &of_b));
  return graphene_rect_intersection(&of_a, &of_b, &both) && both.size.width > 1 && both.size.height > 1;
}

/* What was touched on the map is told on a card that no panel hides and that hides none, wherever the thing is. */
static void
test_card(gconstpointer data)
{
  const char *language = data;
  Stage stage;

  stage_open(&stage, NULL, language, 1280, 720);
  GtkWidget *map = app_look_find(page(&stage), "casa-map", 0);
  const CasaCity *city = casa_model_city(stage.model);
  for (guint i = 0; i < city->n_districts; i++) {
    const CasaDistrict *district = &city->districts[i];
    const CasaMapItem item = { .kind = CASA_MAP_DISTRICT, .district = district, .at = district->centroid };
    casa_map_select(CASA_MAP(map), &item);
    spin(0.1);
    GtkWidget *card = app_look_find(page(&stage), "casa-card", 0), *other;
    g_assert_true(gtk_widget_get_visible(card));
    g_assert_cmpint(gtk_widget_get_width(card), >, 100);
    for (guint n = 0; (other = app_look_find(page(&stage), "casa-panel", n)); n++)
      g_assert_false(cover_one_another(page(&stage), card, other));
    g_assert_false(cover_one_another(page(&stage), card, app_look_find(page(&stage), "casa-status", 0)));
  }
  stage_close(&stage);
}

static void
take_cut_cb(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  GHashTable *cuts = user_data;

  (void)domain, (void)level;
  if (g_str_has_prefix(message, "chart: cut: "))
    g_hash_table_add(cuts, g_strdup(message));
}

static void
check_words(Stage *stage, const char *language, guint scene, const int *size, GHashTable *cuts)
{
  g_autofree char *name = g_strdup_printf("words-%s-%u-%d.png", language, scene + 1, size[0]), *path = app_look_artifact(name);
  GHashTableIter iter;
  gpointer cut;

  casa_window_pose(stage->window, size[0] + 8, size[1]);
  casa_window_go(stage->window, scene);
  wait_laid_out(stage, size[0] + 8, size[1]);
  g_hash_table_remove_all(cuts); /* of other sizes: a chart is painted anew for this one */
  casa_window_pose(stage->window, size[0], size[1]);
  wait_laid_out(stage, size[0], size[1]);
  g_assert_true(casa_screenshot_save(casa_window_picture(stage->window), path, NULL));
  g_test_message("scene %u, %s, %d×%d", scene + 1, language, size[0], size[1]);
  app_look_check_labels(page(stage), 0.6);
  g_hash_table_iter_init(&iter, cuts);
  while (g_hash_table_iter_next(&iter, &cut, NULL)) {
    g_test_message("%s", (const char *)cut);
    g_test_fail();
  }
}

/* On small screens, in each language: every word of the shipped scenes is there in full, those that painters write too. */
static void
test_words(gconstpointer data)
{
  static const int sizes[][2] = { { 1024, 600 }, { 1366, 768 } };
  const char *language = data;
  g_autoptr(GHashTable) cuts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Stage stage;

  stage_open(&stage, NULL, language, sizes[0][0], sizes[0][1]);
  const guint handler = g_log_set_handler(NULL, G_LOG_LEVEL_DEBUG, take_cut_cb, cuts);
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (guint scene = 0; scene < casa_scene_file_n(casa_scene_list_file(stage.scenes)); scene++)
      check_words(&stage, language, scene, sizes[i], cuts);
  g_log_remove_handler(NULL, handler);
  stage_close(&stage);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestScenes", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_func("/app/scenes/order", test_order);
  g_test_add_func("/app/scenes/saved", test_saved);
  g_test_add_func("/app/scenes/governance", test_governance);
  g_test_add_func("/app/scenes/governance-chosen", test_governance_chosen);
  g_test_add_func("/app/scenes/mistake", test_mistake);
  g_test_add_func("/app/scenes/camera", test_camera);
  g_test_add_func("/app/scenes/range", test_range);
  g_test_add_func("/app/scenes/never-right", test_never_right);
  g_test_add_func("/app/scenes/narrow", test_narrow);
  g_test_add_data_func("/app/scenes/tiles/fr", "fr", test_tiles);
  g_test_add_data_func("/app/scenes/tiles/ar", "ar", test_tiles);
  g_test_add_data_func("/app/scenes/tiles/en", "en", test_tiles);
  g_test_add_data_func("/app/scenes/words/fr", "fr", test_words);
  g_test_add_data_func("/app/scenes/words/ar", "ar", test_words);
  g_test_add_data_func("/app/scenes/words/en", "en", test_words);
  g_test_add_data_func("/app/scenes/card/fr", "fr", test_card);
  g_test_add_data_func("/app/scenes/card/ar", "ar", test_card);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
