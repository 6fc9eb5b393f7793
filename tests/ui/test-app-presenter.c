/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "casa-build.h"
#include "app-look.h"
#include "base/clock.h"
#include "ui/kit/screenshot.h"
#include "ui/data/teams.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/presenter.h"
#include "ui/shell/presenter-next.h"
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <glib/gstdio.h>

/* The presenter's own window: what it says, and that its keys drive the hall and nothing of it is shown there. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaWindow *window;
  CasaKeepsakes *keepsakes;
  const char *const *check; /* NULL: no page before the first scene */
  CasaEventKeys *keys;      /* NULL: no events */
  int came_back;
} Show;

static CasaTeamGate *gate;    /* of the next show; NULL: nobody may shut teams out */
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
  show->keepsakes = casa_keepsakes_new(NULL);
  const CasaModelSource source = { .hub = show->fixture.hub,
                                   .catalogue = casa_store_catalogue(show->fixture.store),
                                   .store_path = show->fixture.path,
                                   .indicators = show->fixture.indicators,
                                   .keepsakes = show->keepsakes,
                                   .gate = gate };
  show->model = casa_model_new(&source, show->fixture.city);
  app_fixture_report(&show->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(show->model, is_live, 60));
  show->ticker = casa_ticker_new(show->model);
  show->window = casa_window_new(app, show->model, scenes, "dark");
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->window));
  casa_window_pose(show->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(show->window));
  while (gtk_widget_get_width(casa_window_picture(show->window)) != 1280)
    spin(0.01);
}

static void
show_close(Show *show)
{
  gtk_window_destroy(GTK_WINDOW(show->window));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  g_object_unref(show->keepsakes);
  app_fixture_clear(&show->fixture);
}

static void
press(GtkWindow *window, guint keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(window));

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    gboolean handled = FALSE;
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller) && gtk_event_controller_get_propagation_phase(controller) == GTK_PHASE_CAPTURE)
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0u, (GdkModifierType)0, &handled);
  }
  spin(0.05);
}

static GtkWindow *
open_presenter(Show *show)
{
  const CasaPresenterFacts facts = { .check = show->check, .folder = "/", .keys = show->keys, .came_back = show->came_back };
  GtkWindow *presenter = casa_presenter_new(app, show->window, show->model, scenes, &facts);

  gtk_window_present(presenter);
  while (gtk_widget_get_width(gtk_window_get_child(presenter)) < 800)
    spin(0.01);
  return presenter;
}

static gboolean
says(GtkWindow *presenter, const char *text)
{
  return app_look_has_text(gtk_window_get_child(presenter), text);
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

/* The button of that label that is seen first. */
static GtkWidget *
button_below(GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON(widget) && gtk_widget_get_mapped(widget) && g_strcmp0(gtk_button_get_label(GTK_BUTTON(widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found; child = gtk_widget_get_next_sibling(child))
    found = button_below(child, label);
  return found;
}

static void
click(GtkWindow *presenter, const char *label)
{
  GtkWidget *button = button_below(GTK_WIDGET(presenter), label);

  if (!button)
    g_error("no button says %s", label);
  g_signal_emit_by_name(button, "clicked");
}

/* Whether the hall is small in the picture of the presenter's window, with its own colours. */
static gboolean
shows_hall(GtkWindow *presenter, const char *path)
{
  g_autoptr(GError) error = NULL;
  gboolean saved = casa_screenshot_save(gtk_window_get_child(presenter), path, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  return app_look_ink(path, 0, 0, 800, 500, app_look_domain(1, "dark"), 24) > 50;
}

static void
shoot(GtkWindow *presenter, const char *language)
{
  g_autofree char *name = g_strdup_printf("presenter-%s.png", language), *path = app_look_artifact(name);

  WAIT_UNTIL(shows_hall(presenter, path));
}

/* The words of each language, the notes, the eight items. */
static void
test_words(void)
{
  static const struct {
    const char *language, *sees, *notes, *link;
  } words[] = { { "fr", "La salle voit : scène 1 sur 5 · La ville", "Dire que la ville est simulée", "Liaison" },
                { "ar", "القاعة ترى", "المدينة محاكاة", "الاتصال" },
                { "en", "The hall sees: scene 1 of 5 · The city", "Say that the city is simulated", "Link" } };
  Show show;

  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    casa_window_set_language(show.window, words[i].language);
    WAIT_UNTIL(says(presenter, words[i].sees) && says(presenter, words[i].notes) && says(presenter, words[i].link));
    g_assert_false(app_look_has_text(casa_window_sight(show.window), words[i].notes));
    shoot(presenter, words[i].language);
  }
  show_close(&show);
}

/* Keys in the presenter's window drive the hall; closing it harms nothing. */
static void
test_drives(void)
{
  Show show;

  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  press(presenter, GDK_KEY_space);
  WAIT_UNTIL(casa_window_scene(show.window) == 1 && says(presenter, "scène 2 sur 5 · Mobilité"));
  press(presenter, GDK_KEY_f);
  WAIT_UNTIL(casa_window_hall(show.window) == CASA_HALL_FROZEN);
  press(presenter, GDK_KEY_b);
  WAIT_UNTIL(casa_window_hall(show.window) == CASA_HALL_BLACK && says(presenter, "NOIR"));
  press(presenter, GDK_KEY_Escape);
  WAIT_UNTIL(casa_window_hall(show.window) == CASA_HALL_LIVE);
  gtk_window_destroy(presenter);
  press(GTK_WINDOW(show.window), GDK_KEY_Page_Down);
  WAIT_UNTIL(casa_window_scene(show.window) == 2);
  open_presenter(&show); /* goes with the hall */
  show_close(&show);
}

/* A wall that is not the first one says so to the presenter, and not to the hall. */
static void
test_came_back(void)
{
  static const struct {
    const char *language, *killed;
  } words[] = { { "fr", "le précédent a été tué (signal 9)" },
                { "ar", "أُنهيت السابقة قسرًا (الإشارة 9)" },
                { "en", "the one before was killed (signal 9)" } };
  Show show;

  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "La salle voit"));
  g_assert_false(says(presenter, "Le mur est revenu"));
  g_assert_false(says(presenter, "Fenêtre de la salle cachée"));
  gtk_window_destroy(presenter);
  show.came_back = 128 + 9;
  presenter = open_presenter(&show);
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    casa_window_set_language(show.window, words[i].language);
    WAIT_UNTIL(says(presenter, words[i].killed));
    g_assert_false(app_look_has_text(casa_window_sight(show.window), words[i].killed));
  }
  gtk_window_destroy(presenter);
  casa_window_set_language(show.window, "fr");
  show.came_back = 1;
  presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "le précédent s’est arrêté (code 1)"));
  show_close(&show);
}

static gboolean
is_team_known(CasaModel *model)
{
  g_autoptr(GPtrArray) teams = casa_teams_all(model);

  return teams->len == 2;
}

/* Two teams wait; one is shown by the button and hidden again; the hall is told of neither before. */
static void
test_teams(void)
{
  Show show;

  show_open(&show);
  for (guint i = 0; i < 2; i++) {
    const char *source = i == 0 ? "equipe-3" : "equipe-12";
    app_fixture_describe_of(&show.fixture, source, "air", "patio", "Patio", 33.6, -7.6);
    app_fixture_put(&show.fixture, source, "air", "patio", "pm10", 40, casa_clock_now_ms(), APP_LIVE);
  }
  g_assert_true(app_fixture_wait(show.model, is_team_known, 60));
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "2 équipes attendent d’être montrées · G") && says(presenter, "equipe-3"));
  g_assert_false(app_look_has_text(casa_window_sight(show.window), "equipe-3"));
  click(presenter, "Montrer");
  WAIT_UNTIL(says(presenter, "1 équipe attend d’être montrée · G") && says(presenter, "Cacher (Maj+G)"));
  g_assert_cmpstr(casa_keepsakes_featured(show.keepsakes), ==, "equipe-3");
  click(presenter, "Cacher (Maj+G)");
  WAIT_UNTIL(says(presenter, "2 équipes attendent d’être montrées · G"));
  g_assert_null(casa_keepsakes_featured(show.keepsakes));
  show_close(&show);
}

static GtkWidget *
view_below(GtkWidget *widget)
{
  GtkWidget *found = CASA_IS_NEXT_VIEW(widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found; child = gtk_widget_get_next_sibling(child))
    found = view_below(child);
  return found;
}

/* How many pixels of the next scene's picture are not the colour of the ground. */
static guint
next_ink(GtkWindow *presenter)
{
  g_autofree char *path = app_look_artifact("presenter-next.png");
  g_autoptr(GError) error = NULL;
  GtkWidget *view = view_below(GTK_WIDGET(presenter));
  int width = gtk_widget_get_width(view), height = gtk_widget_get_height(view);
  gboolean saved = casa_screenshot_save(view, path, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  return (guint)(width * height) - app_look_ink(path, 0, 0, width, height, casa_theme_get("dark")->ground, 12);
}

/* Who floods is named, in the language of the moment, with the key that shuts it out; an older flood is not, and a broker that
 * does not answer is told. */
static void
test_offender(void)
{
  static const char *const languages[] = { "fr", "en", "ar" };
  static const char *const words[] = { "▲ equipe-9 dépasse son quota", "▲ equipe-9 is over its quota",
                                       "▲ الفريق equipe-9 يتجاوز حصته" };
  static const char *const deeds[] = { "Exclure (K)", "Shut out (K)", "استبعاد (K)" };
  CasaConfig config = { .file = (char *)"pulse.conf",
                        .broker_url = (char *)"mqtt://127.0.0.1:1",
                        .root = (char *)"casa/v1",
                        .teams_user = (char *)"teams",
                        .teams_password = (char *)"x" };
  const gint64 now_us = g_get_monotonic_time();
  Show show;

  g_assert_null(casa_team_gate_new(&config)); /* no folder: nobody may */
  config.teams_folder = g_dir_make_tmp("casa-gate-XXXXXX", NULL);
  gate = casa_team_gate_new(&config);
  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "Aucune équipe n'attend d'être montrée"));
  g_assert_false(says(presenter, "Exclure (K)"));
  CasaQuotaTally over[] = { { .source = "equipe-7", .over = 900 }, { .source = "equipe-9", .over = 10 } };
  casa_team_gate_count(gate, over, 1, now_us - CASA_GATE_OFFENDER_US);
  g_assert_null(casa_team_gate_offender(gate, now_us));
  casa_team_gate_count(gate, over, 2, now_us); /* who has more in all, but sends no more, is not the offender */
  g_assert_cmpstr(casa_team_gate_offender(gate, now_us), ==, "equipe-9");
  for (guint i = 0; i < G_N_ELEMENTS(languages); i++) {
    casa_window_set_language(show.window, languages[i]);
    over[1].over++; /* it goes on, however slow the machine is */
    casa_team_gate_count(gate, over, 2, g_get_monotonic_time());
    WAIT_UNTIL(says(presenter, words[i]) && button_below(gtk_window_get_child(presenter), deeds[i]));
  }
  g_assert_false(app_look_has_text(casa_window_sight(show.window), "equipe-9"));
  over[1].over++;
  casa_team_gate_count(gate, over, 2, g_get_monotonic_time());
  casa_team_gate_turn(gate, "equipe-9");
  WAIT_UNTIL(casa_team_gate_fault(gate, "equipe-9"));
  g_assert_cmpint(casa_team_gate_state(gate, "equipe-9"), ==, CASA_GATE_OPEN);
  WAIT_UNTIL(says(presenter, casa_team_gate_fault(gate, "equipe-9")));
  show_close(&show);
  g_clear_pointer(&gate, casa_team_gate_free);
  g_autofree char *lock = g_build_filename(config.teams_folder, "teams.lock", NULL);
  g_remove(lock);
  g_assert_cmpint(g_rmdir(config.teams_folder), ==, 0);
  g_free(config.teams_folder);
}

/* The scene to come is painted, small, while the hall shows another. */
static void
test_next(void)
{
  Show show;

  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(app_look_has_text(view_below(GTK_WIDGET(presenter)), "Vitesse moyenne") && next_ink(presenter) > 2000);
  g_assert_false(app_look_has_text(view_below(GTK_WIDGET(presenter)), "Énergie"));
  press(presenter, GDK_KEY_space);
  WAIT_UNTIL(app_look_has_text(view_below(GTK_WIDGET(presenter)), "Énergie") && next_ink(presenter) > 2000);
  casa_window_set_language(show.window, "ar");
  WAIT_UNTIL(app_look_has_text(view_below(GTK_WIDGET(presenter)), "الطاقة"));
  show_close(&show);
}

static GtkWidget *
picture_below(GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_PICTURE(widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found; child = gtk_widget_get_next_sibling(child))
    found = picture_below(child);
  return found;
}

static void
move_over(GtkWidget *picture, double x, double y)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(picture);

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_MOTION(controller))
      g_signal_emit_by_name(controller, "motion", x, y);
  }
}

/* Pixels of the pointer within @r of a place of the hall, given in parts of it. */
static guint
pointer_ink(Show *show, double x, double y, int r)
{
  g_autofree char *path = app_look_artifact("presenter-hall.png");
  g_autoptr(GError) error = NULL;
  GtkWidget *sight = casa_window_sight(show->window);
  gboolean saved = casa_screenshot_save(sight, path, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  return app_look_ink(path, (int)(x * gtk_widget_get_width(sight)) - r, (int)(y * gtk_widget_get_height(sight)) - r, 2 * r,
                      2 * r, casa_rgb_from_hex(CASA_MARKS_COLOUR), 2);
}

/* The mouse over the small picture points in the large one, at the same place. */
static void
test_points(void)
{
  Show show;

  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  GtkWidget *picture = picture_below(GTK_WIDGET(presenter)), *sight = casa_window_sight(show.window);
  const double w = gtk_widget_get_width(picture), h = gtk_widget_get_height(picture);
  const double scale = MIN(w / gtk_widget_get_width(sight), h / gtk_widget_get_height(sight));
  const double pw = scale * gtk_widget_get_width(sight), ph = scale * gtk_widget_get_height(sight);

  press(presenter, GDK_KEY_o);
  move_over(picture, (w - pw) / 2 + 0.25 * pw, (h - ph) / 2 + 0.75 * ph);
  WAIT_UNTIL(pointer_ink(&show, 0.25, 0.75, 8) > 100);
  move_over(picture, (w - pw) / 2 + 0.7 * pw, (h - ph) / 2 + 0.2 * ph);
  WAIT_UNTIL(pointer_ink(&show, 0.7, 0.2, 8) > 100 && pointer_ink(&show, 0.25, 0.75, 8) == 0);
  press(presenter, GDK_KEY_Escape);
  WAIT_UNTIL(pointer_ink(&show, 0.7, 0.2, 8) == 0);
  show_close(&show);
}

/* Events are armed and answered before the presenter, never before the hall; without one, in the hall's window as before. */
static void
test_palette(void)
{
  Show show;

  show_open(&show);
  show.keys = casa_event_keys_new(show.model, NULL);
  casa_window_set_event_keys(show.window, show.keys);
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "Événements de la ville simulée") && says(presenter, "Calme : tout s’achève"));
  casa_event_keys_press(show.keys, 0, g_get_monotonic_time());
  WAIT_UNTIL(says(presenter, "Personne ne commande la ville d’ici"));
  spin(0.5);
  g_assert_false(app_look_has_text(GTK_WIDGET(show.window), "Personne ne commande la ville d’ici"));
  press(presenter, GDK_KEY_e);
  spin(0.5);
  g_assert_false(app_look_has_text(GTK_WIDGET(show.window), "Événements de la ville simulée"));
  gtk_window_destroy(presenter);
  press(GTK_WINDOW(show.window), GDK_KEY_e);
  WAIT_UNTIL(app_look_has_text(GTK_WIDGET(show.window), "Événements de la ville simulée"));
  show_close(&show);
  casa_event_keys_free(show.keys);
}

/* The page before the first scene: what fails comes first; it can be run again; notes take its place when a scene is turned. */
static void
test_check(void)
{
  g_autofree char *path = app_look_artifact("presenter-doctor.sh");
  const char *const command[] = { "sh", path, NULL };
  Show show;

  g_assert_true(
    g_file_set_contents(path,
                        "echo 'pass  screen   HDMI-1 1920x1080'\necho 'warn  power    on the battery: plug it in'\n"
                        "echo 'fail  fonts    no font at all for Arabic'\necho 'fail  curtain  1 to mend'\nexit 1\n",
                        -1, NULL));
  show_open(&show);
  show.check = command;
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "Avant le lever de rideau : 1 à réparer, 1 à regarder, 1 en ordre"));
  g_assert_true(says(presenter, "✕ polices · no font at all for Arabic") &&
                says(presenter, "▲ courant · on the battery: plug it in"));
  g_assert_false(says(presenter, "Dire que la ville est simulée"));
  g_assert_false(app_look_has_text(GTK_WIDGET(show.window), "Avant le lever de rideau"));
  g_assert_true(g_file_set_contents(path, "echo 'pass  fonts    all'\n", -1, NULL));
  click(presenter, "Vérifier encore");
  WAIT_UNTIL(says(presenter, "Avant le lever de rideau : 0 à réparer, 0 à regarder, 1 en ordre"));
  g_assert_true(g_file_set_contents(path, "echo \"pass  fonts    in $LANGUAGE\"\n", -1, NULL)); /* as casa speaks */
  casa_window_set_language(show.window, "ar");
  WAIT_UNTIL(says(presenter, "✓ الخطوط · in ar"));
  casa_window_set_language(show.window, "fr");
  WAIT_UNTIL(says(presenter, "✓ polices · in fr"));
  press(presenter, GDK_KEY_Page_Down);
  WAIT_UNTIL(!says(presenter, "Avant le lever de rideau"));
  press(presenter, GDK_KEY_Page_Up);
  WAIT_UNTIL(says(presenter, "Dire que la ville est simulée"));
  show_close(&show);
}

/* The hall may be light: the presenter's window stays dark, with words that are not. */
static void
test_light(void)
{
  static const char *const classes[] = { "timer", "say", "strong", "item" };
  Show show;

  show_open(&show);
  GtkWindow *presenter = open_presenter(&show);
  casa_window_set_theme(show.window, "light");
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
    GtkWidget *words = app_look_find(gtk_window_get_child(presenter), classes[i], 0);
    GdkRGBA ink;
    g_assert_nonnull(words);
    gtk_style_context_get_color(gtk_widget_get_style_context(words), &ink);
    g_assert_cmpfloat(MAX(MAX(ink.red, ink.green), ink.blue), >, 0.6);
  }
  casa_window_set_theme(show.window, "dark");
  show_close(&show);
}

/* A mistake in the talk is told in the presenter's window, where it can be mended; the hall's picture has not a word of it, nor
 * when the mistake was there before the window. */
static void
test_mistake(void)
{
  CasaSceneList *shipped = scenes;
  g_autofree char *dir = g_dir_make_tmp("casa-presenter-XXXXXX", NULL), *path = g_build_filename(dir, "talk.conf", NULL);
  Show show;

  g_assert_true(g_file_set_contents(path, "[scene a]\ntitle_fr = A\ncamera = 2.35 48.85\nm = map 0 0 1 1\n", -1, NULL));
  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE, "*talk.conf:3:*camera*");
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(path, casa_scene_world(indicators));
  g_test_assert_expected_messages();
  show_open(&show);
  g_assert_true(app_look_has_text(casa_window_picture(show.window), "version précédente"));
  GtkWindow *presenter = open_presenter(&show);
  WAIT_UNTIL(says(presenter, "▲ talk.conf:3 (camera) : version précédente"));
  g_assert_false(app_look_has_text(casa_window_picture(show.window), "version précédente"));
  casa_window_go(show.window, 1);
  g_assert_false(app_look_has_text(casa_window_picture(show.window), "version précédente"));
  gtk_window_destroy(presenter);
  WAIT_UNTIL(app_look_has_text(casa_window_picture(show.window), "version précédente")); /* nobody else tells it now */
  show_close(&show);
  g_clear_object(&scenes);
  g_unlink(path);
  g_rmdir(dir);
  scenes = shipped;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestPresenter", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_func("/app/presenter/words", test_words);
  g_test_add_func("/app/presenter/drives", test_drives);
  g_test_add_func("/app/presenter/came-back", test_came_back);
  g_test_add_func("/app/presenter/teams", test_teams);
  g_test_add_func("/app/presenter/offender", test_offender);
  g_test_add_func("/app/presenter/next", test_next);
  g_test_add_func("/app/presenter/points", test_points);
  g_test_add_func("/app/presenter/light", test_light);
  g_test_add_func("/app/presenter/mistake", test_mistake);
  g_test_add_func("/app/presenter/check", test_check);
  g_test_add_func("/app/presenter/palette", test_palette);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/talks/persuade.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
