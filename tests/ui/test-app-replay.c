/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "casa-build.h"
#include "live-fixture.h"
#include "ui/map/map.h"
#include "ui/scenes/replay-bar.h"
#include "ui/shell/time-machine.h"

/* Real windows on a past: of a real store that a broker goes on filling, and of a recording. */

#define SIM CASA_BUILD_ROOT "/sensors-sim/casa-sim"
#define CONFIG CASA_SOURCE_ROOT "/config"
#define PATIENCE_S 120
#define HOUR_MS (60 * 60 * 1000LL)

static guint64
count_received(const LiveWall *wall)
{
  CasaCounts counts;

  casa_pulse_read_counts(wall->pulse, &counts);
  return counts.received;
}

static void
spin(gboolean (*until)(gpointer data), gpointer data)
{
  gint64 give_up_us = casa_clock_mono_us() + PATIENCE_S * G_USEC_PER_SEC;

  while (!until(data)) {
    if (casa_clock_mono_us() > give_up_us)
      g_error("not within %d s", PATIENCE_S);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

/* Half a second of ours between two reports of the past is no silence, nor is a beginning. */
static void
assert_not_mute(const LiveWall *wall)
{
  g_assert_false(app_look_has_text(casa_window_picture(wall->window), "MUET"));
}

static gboolean
shows_load(gpointer data)
{
  assert_not_mute(data);
  return app_figure(((LiveWall *)data)->model, "load")->state == CASA_STATE_LIVE;
}

static gboolean
has_ended(gpointer data)
{
  assert_not_mute(data);
  return app_look_has_text(casa_window_picture(((LiveWall *)data)->window), "REJEU TERMINÉ");
}

static void
fill_store(LiveCity *city)
{
  LiveWall wall;

  live_wall_open(&wall, city, NULL);
  live_wall_wait_curve(&wall, 66, PATIENCE_S);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_close(&wall);
}

/* An hour of three hours ago at 600 times: figures are those of then, live by the clock of then, and what the broker sends
 * meanwhile is stored; at the end the wall stays there and says so. */
static void
test_store(void)
{
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  fill_store(&city);
  gint64 from_ms = casa_clock_now_ms() - 3 * HOUR_MS;
  const CasaReplayOptions past = { .from_ms = from_ms, .to_ms = from_ms + 2 * HOUR_MS, .speed = 600 };
  live_wall_open_past(&wall, &city, &past);
  live_wall_wait(&wall, "REJEU ×600", PATIENCE_S);
  g_assert_false(app_look_has_text(casa_window_picture(wall.window), "EN DIRECT"));
  spin(shows_load, &wall);
  const CasaSummary *s = casa_model_summary(wall.model);
  g_assert_cmpint(s->now_ms, >=, past.from_ms);
  g_assert_cmpint(s->now_ms, <=, past.to_ms);
  g_assert_cmpint(s->newest_ms, <=, s->now_ms);
  g_assert_cmpint(app_figure(wall.model, "load")->t_ms, <=, s->now_ms);
  for (guint i = 0; i < casa_latest_values_n_stations(casa_model_latest(wall.model)); i++)
    g_assert_cmpint(casa_latest_values_station(casa_model_latest(wall.model), i)->t_ms, <=, s->now_ms);
  guint64 received = count_received(&wall);
  spin(has_ended, &wall);
  g_assert_cmpuint(count_received(&wall), >, received);
  g_assert_cmpint(s->now_ms, ==, past.to_ms);
  gint64 end_ms;
  double value;
  const CasaPyramid *curve = casa_model_curve(wall.model, app_indicator(wall.model, "load"));
  casa_pyramid_get(curve, casa_pyramid_length(curve) - 1, &end_ms, &value);
  g_assert_cmpint(end_ms, <=, past.to_ms); /* no future in the past */
  g_assert_cmpint(end_ms, >, past.to_ms - HOUR_MS / 2);
  live_wall_speak(&wall, "ar");
  live_wall_wait(&wall, "انتهت الإعادة", PATIENCE_S);
  live_wall_close(&wall);
  live_city_close(&city);
}

static char *
record_city(const LiveCity *city)
{
  char *path = g_build_filename(city->dir, "recording.tsv", NULL);
  g_autofree char *out = NULL;
  const char *argv[] = { SIM,          "--config", CONFIG,   "--stdout", "--start", "2026-05-21T07:00:00Z",
                         "--duration", "5m",       "--seed", "3",        NULL };

  g_assert_cmpint(test_run(argv, NULL, &out, NULL), ==, 0);
  g_assert_true(g_file_set_contents(path, out, -1, NULL));
  return path;
}

typedef struct {
  CasaMap *map;
  LiveWall *wall;
} Moving;

static GtkWidget *
find_map(GtkWidget *widget)
{
  GtkWidget *found = CASA_IS_MAP(widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found; child = gtk_widget_get_next_sibling(child))
    found = find_map(child);
  return found;
}

static gboolean
shows_fleet(gpointer data)
{
  const Moving *moving = data;

  return casa_map_n_vehicles(moving->map) > 50 && app_figure(moving->wall->model, "vehicles")->n > 50;
}

static gboolean
has_begun_again(gpointer data)
{
  const LiveWall *wall = data;
  static gint64 highest_ms;
  gint64 now_ms = casa_clock_ms(casa_replay_clock(wall->replay));

  highest_ms = MAX(highest_ms, now_ms);
  return now_ms < highest_ms - 60 * 1000;
}

typedef struct {
  const LiveWall *wall;
  guint64 received;
} Before;

static gboolean
has_received_more(gpointer data)
{
  const Before *before = data;

  return count_received(before->wall) > before->received;
}

/* A recording of the simulator, at 60 times and in a loop: the fleet is on the map, vanishes for no silence of ours, and is
 * there again after the beginning. The live store stays without it. */
static void
test_recording(void)
{
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  city.sim = test_process_start(city.dir, "none", (const char *[]){ "true", NULL });
  g_autofree char *path = record_city(&city);
  const CasaReplayOptions past = { .path = path, .speed = 60, .loop = TRUE };
  live_wall_open_past(&wall, &city, &past);
  live_wall_wait(&wall, "REJEU ×60", PATIENCE_S);
  Moving moving = { CASA_MAP(find_map(casa_window_picture(wall.window))), &wall };
  spin(shows_fleet, &moving);
  spin(has_begun_again, &wall);
  spin(shows_fleet, &moving);
  g_assert_false(app_look_has_text(casa_window_picture(wall.window), "MUET"));
  g_assert_cmpuint(casa_catalogue_n_series(casa_pulse_catalogue(wall.pulse)), ==, 0);
  live_wall_close(&wall);
  live_city_close(&city);
}

static void
show_cb(CasaModel *model, gpointer data)
{
  LiveWall *wall = data;

  casa_ticker_set_model(wall->ticker, model);
  casa_window_set_model(wall->window, model);
}

static void
live_cb(GSimpleAction *action, GVariant *parameter, gpointer machine)
{
  casa_time_machine_back(machine);
}

/* As the application offers it to the wall's keys. */
static void
offer_live(LiveWall *wall, CasaTimeMachine *machine)
{
  g_autoptr(GSimpleAction) live = g_simple_action_new("live", NULL);

  g_signal_connect(live, "activate", G_CALLBACK(live_cb), machine);
  g_action_map_add_action(G_ACTION_MAP(gtk_window_get_application(GTK_WINDOW(wall->window))), G_ACTION(live));
}

/* From a running wall to three hours ago, within it, and back: the window shows one clock, and what comes in is stored
 * meanwhile. A time of which nothing is stored changes nothing. */
static void
test_time_machine(void)
{
  LiveCity city;
  LiveWall wall;
  g_autoptr(GError) error = NULL;

  live_city_open(&city, NULL);
  fill_store(&city);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  CasaTimeMachine *machine = casa_time_machine_new(wall.config, wall.pulse, wall.city, wall.model, show_cb, &wall);
  const gint64 from_ms = casa_clock_now_ms() - 3 * HOUR_MS;
  g_assert_true(casa_time_machine_go(machine, from_ms, from_ms + 2 * HOUR_MS, 600, FALSE, &error));
  g_assert_true(casa_time_machine_is_away(machine));
  live_wall_wait(&wall, "REJEU ×600", PATIENCE_S);
  live_wall_wait_gone(&wall, "EN DIRECT", PATIENCE_S);
  Before before = { &wall, count_received(&wall) };
  g_assert_true(casa_time_machine_go(machine, from_ms + HOUR_MS, from_ms + 2 * HOUR_MS, 60, FALSE, &error));
  live_wall_wait(&wall, "REJEU ×60", PATIENCE_S);
  const CasaSummary *s = casa_model_summary(casa_time_machine_model(machine));
  g_assert_cmpint(s->now_ms, >=, from_ms + HOUR_MS);
  g_assert_cmpint(s->now_ms, <=, from_ms + 2 * HOUR_MS);
  g_assert_false(casa_time_machine_go(machine, 1000, 2000, 60, FALSE, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  spin(has_received_more, &before);
  g_assert_true(casa_time_machine_is_away(machine));
  offer_live(&wall, machine);
  gtk_widget_activate_action(GTK_WIDGET(wall.window), "win.leave", NULL); /* Escape */
  g_assert_false(casa_time_machine_is_away(machine));
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_gone(&wall, "REJEU", PATIENCE_S);
  casa_time_machine_free(machine);
  live_wall_close(&wall);
  live_city_close(&city);
}

static GtkWidget *
find_scale(GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SCALE(widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found; child = gtk_widget_get_next_sibling(child))
    found = find_scale(child);
  return found;
}

typedef struct {
  CasaModel *model;
  gint64 from_ms, to_ms;
} Then;

/* The load is there, of the stretch, and so is the end of its curve. */
static gboolean
shows_then(gpointer data)
{
  const Then *then = data;
  const CasaIndicator *load = app_indicator(then->model, "load");
  const CasaFigure *figure = app_figure(then->model, "load");
  const CasaPyramid *curve = casa_model_curve(then->model, load);
  gint64 end_ms = 0;
  double value;

  if (casa_pyramid_length(curve) > 0)
    casa_pyramid_get(curve, casa_pyramid_length(curve) - 1, &end_ms, &value);
  return figure->state == CASA_STATE_LIVE && figure->t_ms >= then->from_ms && figure->t_ms < then->to_ms &&
         end_ms > then->from_ms - HOUR_MS / 4 && end_ms < then->to_ms;
}

static gboolean
is_mapped(gpointer widget)
{
  return gtk_widget_get_mapped(widget);
}

/* One place after another of the past, later and earlier: the page is the same, with what has the focus, and says what was so
 * then. */
static void
test_scrub(void)
{
  LiveCity city;
  LiveWall wall;
  g_autoptr(GError) error = NULL;

  live_city_open(&city, NULL);
  fill_store(&city);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  CasaTimeMachine *machine = casa_time_machine_new(wall.config, wall.pulse, wall.city, wall.model, show_cb, &wall);
  const gint64 now_ms = casa_clock_now_ms(), places[] = { 4, 2, 5, 1, 3 };
  g_autoptr(GSimpleAction) replay = g_simple_action_new("replay", G_VARIANT_TYPE("(xxdb)"));
  GtkApplication *app = gtk_window_get_application(GTK_WINDOW(wall.window));
  g_action_map_add_action(G_ACTION_MAP(app), G_ACTION(replay)); /* which the bar looks for */
  g_assert_true(casa_time_machine_go(machine, now_ms - 3 * HOUR_MS, now_ms, 60, FALSE, &error));
  live_wall_wait(&wall, "REJEU ×60", PATIENCE_S);
  CasaModel *past = casa_time_machine_model(machine);
  GtkWidget *scale = find_scale(GTK_WIDGET(wall.window));
  GtkWidget *page = gtk_widget_get_first_child(casa_window_picture(wall.window));
  g_assert_nonnull(scale);
  spin(is_mapped, scale);
  g_assert_true(gtk_widget_grab_focus(scale));
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    const Then then = { past, now_ms - places[i] * HOUR_MS, now_ms - (places[i] - 1) * HOUR_MS };
    g_assert_true(casa_time_machine_go(machine, then.from_ms, now_ms, i % 2 ? 60 : 10, FALSE, &error));
    g_assert_true(casa_time_machine_model(machine) == past);
    g_assert_cmpint(casa_model_summary(past)->now_ms, >=, then.from_ms);
    g_assert_cmpint(casa_model_summary(past)->now_ms, <, then.to_ms);
    spin(shows_then, (gpointer)&then);
    live_wall_wait(&wall, i % 2 ? "REJEU ×60" : "REJEU ×10", PATIENCE_S);
    g_assert_true(gtk_root_get_focus(GTK_ROOT(wall.window)) == scale);
    g_assert_true(gtk_widget_get_first_child(casa_window_picture(wall.window)) == page);
  }
  g_assert_false(casa_time_machine_go(machine, 1000, 2000, 60, FALSE, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_true(casa_time_machine_model(machine) == past);
  casa_time_machine_back(machine);
  casa_time_machine_free(machine);
  g_action_map_remove_action(G_ACTION_MAP(app), "replay");
  live_wall_close(&wall);
  live_city_close(&city);
}

/* Days are local ones: midnight in Casablanca, which is an hour ahead of UTC. */
static void
test_days(void)
{
  const gint64 noon = G_GINT64_CONSTANT(1779361200000); /* 2026-05-21T11:00:00Z */
  gint64 from, to;

  casa_replay_bar_day(noon, &from, &to);
  g_assert_cmpint(from, ==, noon - 12 * HOUR_MS);
  g_assert_cmpint(to, ==, noon + 12 * HOUR_MS);
  casa_replay_bar_first_day(noon, 3 * HOUR_MS, &from, &to);
  g_assert_cmpint(from, ==, noon - 12 * HOUR_MS);
  g_assert_cmpint(to, ==, noon);                                           /* what is not over ends now */
  casa_replay_bar_first_day(noon - 10 * HOUR_MS, 3 * HOUR_MS, &from, &to); /* two in the morning: yesterday */
  g_assert_cmpint(from, ==, noon - 36 * HOUR_MS);
  g_assert_cmpint(to, ==, noon - 12 * HOUR_MS);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/replay/store", test_store);
  g_test_add_func("/app/replay/recording", test_recording);
  g_test_add_func("/app/replay/time-machine", test_time_machine);
  g_test_add_func("/app/replay/scrub", test_scrub);
  g_test_add_func("/app/replay/days", test_days);
  return live_main();
}
