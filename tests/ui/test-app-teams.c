/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "casa-build.h"
#include "ui/data/teams.h"
#include "ui/kit/screenshot.h"
#include "ui/map/map.h"
#include "ui/scenes/happenings.h"
#include "ui/scenes/map-stations.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <glib/gstdio.h>

/* The teams' scene: nothing of a team before the organiser shows it. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaKeepsakes *keepsakes;
  CasaSceneList *scenes;
  CasaWindow *window;
} Show;

static AdwApplication *app;
static const CasaConfig *how_to_join; /* NULL: nobody joins by itself */

static void
spin(double seconds)
{
  const gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static gboolean
says(Show *show, const char *text)
{
  return app_look_has_text(GTK_WIDGET(show->window), text);
}

static void
wait_for(Show *show, const char *text, gboolean there)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (says(show, text) != there) {
    if (casa_clock_mono_us() > until)
      g_error("waited in vain: %s %s", text, there ? "appears" : "goes");
    spin(0.02);
  }
}

/* Half an hour of a team's sensor up to now. */
static void
add_team(Show *show, const char *source, double value)
{
  const gint64 now = casa_clock_now_ms();

  app_fixture_describe_of(&show->fixture, source, "air", "kit-1", "Kit", 33.575, -7.61);
  for (gint64 t = now - 30 * 60000; t < now; t += 30000)
    app_fixture_put(&show->fixture, source, "air", "kit-1", "pm2_5",
                    value * (0.7 + 0.3 * (double)(t - now + 1800000) / 1800000), t, APP_STORED);
  app_fixture_put(&show->fixture, source, "air", "kit-1", "pm2_5", value, now, APP_LIVE);
}

static void
open_scenes(Show *show, const char *file)
{
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);

  casa_lang_set("fr");
  app_fixture_init(&show->fixture);
  app_fixture_fill(&show->fixture, casa_clock_now_ms(), 60);
  show->keepsakes = casa_keepsakes_new(NULL);
  const CasaModelSource source = { show->fixture.hub,
                                   casa_store_catalogue(show->fixture.store),
                                   show->fixture.path,
                                   .indicators = show->fixture.indicators,
                                   .store = show->fixture.store,
                                   .config = how_to_join,
                                   .keepsakes = show->keepsakes };
  show->model = casa_model_new(&source, show->fixture.city);
  show->ticker = casa_ticker_new(show->model);
  show->scenes = casa_scene_list_new(file, casa_scene_world(indicators));
  show->window = casa_window_new(app, show->model, show->scenes, "dark");
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->window));
  casa_window_pose(show->window, 1920, 1080);
  gtk_window_present(GTK_WINDOW(show->window));
}

static void
open_show(Show *show)
{
  open_scenes(show, CASA_SOURCE_ROOT "/config/talks/hackathon.conf");
}

static void
close_show(Show *show)
{
  gtk_window_destroy(GTK_WINDOW(show->window));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  g_object_unref(show->scenes);
  g_object_unref(show->keepsakes);
  app_fixture_clear(&show->fixture);
}

static void
test_shown(void)
{
  Show show;

  open_show(&show);
  add_team(&show, "equipe-12", 44);
  add_team(&show, "equipe-7", 38);
  wait_for(&show, "La première équipe apparaîtra ici", TRUE);
  spin(2.5);
  g_assert_false(says(&show, "equipe"));
  casa_window_go(show.window, 1); /* the map, too */
  spin(2.5);
  g_assert_false(says(&show, "equipe"));
  casa_window_go(show.window, 0);
  /* In the order of their numbers, one at a time. */
  g_autofree char *first = casa_teams_show_next(show.model);
  g_assert_cmpstr(first, ==, "equipe-7");
  wait_for(&show, "equipe-7", TRUE);
  g_autoptr(GPtrArray) teams = casa_teams_shown(show.model); /* one report came live, and no second: that is one a minute */
  g_assert_cmpfloat(((CasaTeamState *)teams->pdata[0])->per_minute, ==, 1);
  g_assert_false(says(&show, "equipe-12"));
  g_assert_false(says(&show, "La première équipe apparaîtra ici"));
  wait_for(&show, "1 équipe", TRUE);
  wait_for(&show, "capteur réel", TRUE);
  g_autofree char *second = casa_teams_show_next(show.model), *none = casa_teams_show_next(show.model);
  g_assert_cmpstr(second, ==, "equipe-12");
  g_assert_null(none);
  wait_for(&show, "equipe-12", TRUE);
  wait_for(&show, "▲ en hausse de", TRUE);
  wait_for(&show, "dégradé · ▲ en hausse de", TRUE); /* 44 µg/m³ of PM2.5, by the scale that judges the city's */
  casa_keepsakes_show(show.keepsakes, "equipe-12", FALSE);
  wait_for(&show, "equipe-12", FALSE);
  g_assert_true(says(&show, "equipe-7"));
  close_show(&show);
}

/* A show without a scene of teams: one is called up between two others, and gone from back to where the show was. */
static void
test_called_up(void)
{
  static const char board[] = "mess./min";
  Show show;

  open_scenes(&show, CASA_SOURCE_ROOT "/config/scenes.conf");
  add_team(&show, "equipe-7", 38);
  add_team(&show, "equipe-9", 12);
  casa_window_go(show.window, 1);
  spin(2.5);
  g_assert_null(casa_teams_turn(show.model, FALSE)); /* nobody is shown yet */
  g_autofree char *first = casa_teams_show_next(show.model), *second = casa_teams_show_next(show.model);
  g_assert_cmpstr(first, ==, "equipe-7");
  g_assert_cmpstr(second, ==, "equipe-9");
  g_assert_false(says(&show, board));
  casa_window_show_teams(show.window, TRUE);
  g_assert_true(casa_window_shows_teams(show.window));
  wait_for(&show, board, TRUE);
  wait_for(&show, "equipe-9", TRUE);
  wait_for(&show, "capteur réel", TRUE);
  g_assert_cmpstr(casa_scene_title(casa_window_scene_of(show.window)), ==, "Le moment des équipes");
  /* None waits: round and round among those that are shown. */
  g_autofree char *again = casa_teams_turn(show.model, FALSE), *on = casa_teams_turn(show.model, TRUE),
                  *round = casa_teams_turn(show.model, TRUE);
  g_assert_cmpstr(again, ==, "equipe-9");
  g_assert_cmpstr(on, ==, "equipe-7");
  g_assert_cmpstr(round, ==, "equipe-9");
  casa_window_turn(show.window, 1); /* back, and not on */
  g_assert_cmpuint(casa_window_scene(show.window), ==, 1);
  wait_for(&show, board, FALSE);
  casa_window_show_teams(show.window, TRUE);
  casa_window_turn(show.window, -1);
  g_assert_cmpuint(casa_window_scene(show.window), ==, 1);
  g_assert_false(casa_window_shows_teams(show.window));
  casa_window_turn(show.window, 1);
  g_assert_cmpuint(casa_window_scene(show.window), ==, 2);
  casa_window_show_teams(show.window, TRUE);
  casa_window_go(show.window, 0);
  g_assert_false(casa_window_shows_teams(show.window));
  casa_window_show_teams(show.window, TRUE);
  gtk_widget_activate_action(GTK_WIDGET(show.window), "win.leave", NULL);
  g_assert_false(casa_window_shows_teams(show.window));
  close_show(&show);
  /* Where the show has a board, that one. */
  open_show(&show);
  g_assert_true(casa_window_shows_teams(show.window));
  casa_window_go(show.window, 1);
  g_assert_false(casa_window_shows_teams(show.window));
  casa_window_show_teams(show.window, TRUE);
  g_assert_true(casa_window_scene_of(show.window) == casa_scene_file_get(casa_scene_list_file(show.scenes), 0));
  casa_window_turn(show.window, 1);
  g_assert_cmpuint(casa_window_scene(show.window), ==, 1);
  close_show(&show);
}

static void
wait_for_reports(Show *show, guint waiting, guint shown)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  CasaReports *reports = casa_model_reports(show->model);

  while (casa_reports_waiting(reports)->len != waiting || casa_reports_shown(reports)->len != shown) {
    if (casa_clock_mono_us() > until)
      g_error("waited in vain for %u reports that wait and %u that are shown", waiting, shown);
    spin(0.02);
  }
}

/* How many badges of reports the map gets. */
static guint
reports_on_map(Show *show)
{
  g_autoptr(GArray) badges = casa_map_stations_read(show->model, NULL, FALSE);
  guint n = 0;

  for (guint i = 0; i < badges->len; i++)
    n += g_str_has_prefix(g_array_index(badges, CasaMapBadge, i).text, "⚑ Lampe éteinte");
  return n;
}

/* Who called comes first, then who waits; citizens' words reach the map when they are shown, and leave it again. */
static void
test_queue(void)
{
  const CasaReport lamp = {
    .source = "equipe-7", .id = "r-1", .service = "eclairage", .lat = 33.58, .lon = -7.6, .text = "Lampe éteinte"
  };
  g_autoptr(GError) error = NULL;
  gboolean changed;
  Show show;

  open_show(&show);
  add_team(&show, "equipe-7", 38);
  add_team(&show, "equipe-9", 12);
  add_team(&show, "equipe-12", 44);
  spin(2.5);
  casa_keepsakes_show(show.keepsakes, "equipe-9", TRUE);
  casa_keepsakes_call(show.keepsakes, "equipe-12", TRUE);
  g_autoptr(GPtrArray) waiting = casa_teams_waiting(show.model);
  g_assert_cmpuint(waiting->len, ==, 2);
  g_assert_cmpstr(((CasaTeamState *)waiting->pdata[0])->source, ==, "equipe-12");
  g_assert_true(((CasaTeamState *)waiting->pdata[0])->called);
  g_assert_cmpstr(((CasaTeamState *)waiting->pdata[1])->source, ==, "equipe-7");
  g_assert_true(casa_store_put_report(show.fixture.store, &lamp, casa_clock_now_ms(), &changed, &error));
  wait_for_reports(&show, 1, 0);
  g_assert_cmpuint(reports_on_map(&show), ==, 0);
  casa_reports_show(casa_model_reports(show.model), "equipe-7", "r-1", TRUE);
  wait_for_reports(&show, 0, 1);
  g_assert_cmpuint(reports_on_map(&show), ==, 1);
  casa_reports_show(casa_model_reports(show.model), "equipe-7", "r-1", FALSE);
  wait_for_reports(&show, 1, 0);
  g_assert_cmpuint(reports_on_map(&show), ==, 0);
  close_show(&show);
}

/* What a team announces is no business of the hall's before the team is. */
static void
test_events(void)
{
  CasaEvent event = { .source = "equipe-7", .id = "e-1", .event = "power-cut", .place = "maarif", .intensity = 1 };
  g_autoptr(GError) error = NULL;
  CasaPageNotice notice = { 0 };
  gboolean changed;
  Show show;

  open_show(&show);
  event.start_ms = casa_clock_now_ms() - 60000;
  event.end_ms = CASA_EVENT_OPEN;
  g_assert_true(casa_store_put_event(show.fixture.store, &event, event.start_ms, &changed, &error));
  while (casa_model_events(show.model)->len == 0)
    spin(0.02);
  g_autoptr(GArray) hidden = casa_happenings_read(show.model, &notice);
  g_assert_cmpuint(hidden->len, ==, 0);
  casa_keepsakes_show(show.keepsakes, "equipe-7", TRUE);
  g_autoptr(GArray) seen = casa_happenings_read(show.model, &notice);
  g_assert_cmpuint(seen->len, ==, 1);
  close_show(&show);
}

static gboolean
has_map(GtkWidget *widget)
{
  if (CASA_IS_MAP(widget) && gtk_widget_get_mapped(widget))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    if (has_map(child))
      return TRUE;
  return FALSE;
}

/* A map for a team that said where it is, and none for one that did not. */
static void
test_place(void)
{
  Show show;

  open_show(&show);
  app_fixture_put(&show.fixture, "equipe-3", "air", "kit-1", "pm2_5", 12, casa_clock_now_ms(), APP_LIVE);
  add_team(&show, "equipe-7", 38);
  spin(2.5);
  casa_keepsakes_feature(show.keepsakes, "equipe-7");
  wait_for(&show, "capteur réel · ", TRUE);
  g_assert_true(has_map(GTK_WIDGET(show.window)));
  casa_keepsakes_feature(show.keepsakes, "equipe-3");
  wait_for(&show, "capteur réel · ", FALSE);
  g_assert_true(says(&show, "capteur réel"));
  g_assert_false(has_map(GTK_WIDGET(show.window)));
  close_show(&show);
}

/* How to join is told while there is a secret, in the place of the first team and then below it; and no longer. */
static void
test_join(void)
{
  static const char steps[] = "Rejoindre en trois gestes", secret[] = "0123456789abcdef01234567";
  g_autofree char *folder = g_dir_make_tmp("casa-join-XXXXXX", NULL), *path = g_build_filename(folder, "event-secret", NULL);
  CasaConfig config = { .teams_folder = folder, .teams_page = (char[]){ "http://192.0.2.7:9001/" } };
  Show show;

  how_to_join = &config;
  g_assert_true(g_file_set_contents_full(path, secret, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  open_show(&show);
  wait_for(&show, steps, TRUE);
  g_assert_true(says(&show, "La première équipe apparaîtra ici"));
  add_team(&show, "equipe-7", 38);
  spin(2.5);
  casa_keepsakes_feature(show.keepsakes, "equipe-7");
  wait_for(&show, "La première équipe apparaîtra ici", FALSE);
  wait_for(&show, "capteur réel", TRUE);
  g_assert_true(says(&show, steps));
  g_assert_false(says(&show, secret)); /* in the code alone */
  g_assert_cmpint(g_remove(path), ==, 0);
  wait_for(&show, steps, FALSE);
  g_assert_true(says(&show, "capteur réel"));
  close_show(&show);
  how_to_join = NULL;
  g_rmdir(folder);
}

static void
test_pages(void)
{
  static const char *const languages[] = { "fr", "ar", "en" };
  Show show;

  open_show(&show);
  for (guint i = 1; i <= 14; i++) {
    g_autofree char *source = g_strdup_printf("equipe-%u", i);
    add_team(&show, source, 10 + i);
    casa_keepsakes_show(show.keepsakes, source, TRUE);
  }
  casa_keepsakes_feature(show.keepsakes, "equipe-3");
  wait_for(&show, "14 équipes", TRUE);
  /* Both pages come, and the featured team is on each. */
  for (guint page = 0; page < 2; page++) {
    const char *on_it = page ? "equipe-14  " : "equipe-2  ";
    wait_for(&show, on_it, TRUE);
    g_assert_true(says(&show, "equipe-3  "));
  }
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("teams-%s.png", languages[i]), *path = app_look_artifact(name);
    g_autoptr(GError) error = NULL;
    casa_window_set_language(show.window, languages[i]);
    spin(2.5);
    g_assert_true(casa_screenshot_save(casa_window_picture(show.window), path, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(app_look_smallest_px(casa_window_picture(show.window)), >=, 20 * 0.6);
  }
  close_show(&show);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  adw_init();
  app = adw_application_new("io.github.casapulse.TestTeams", G_APPLICATION_NON_UNIQUE);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  g_test_add_func("/app/teams/shown", test_shown);
  g_test_add_func("/app/teams/called-up", test_called_up);
  g_test_add_func("/app/teams/queue", test_queue);
  g_test_add_func("/app/teams/events", test_events);
  g_test_add_func("/app/teams/place", test_place);
  g_test_add_func("/app/teams/join", test_join);
  g_test_add_func("/app/teams/pages", test_pages);
  const int status = g_test_run();
  g_object_unref(app);
  return status;
}
