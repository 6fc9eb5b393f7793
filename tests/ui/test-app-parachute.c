/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "casa-build.h"
#include "live-fixture.h"
#include "ui/kit/screenshot.h"
#include "ui/shell/parachute.h"

#include <string.h>

/* The hall's picture goes on when live data fail: a real broker is killed, or was never there. */

#define SIM CASA_BUILD_ROOT "/sensors-sim/casa-sim"
#define CONFIG CASA_SOURCE_ROOT "/config"
#define PATIENCE_S 120
#define PARTS "header = header 0 0 1 0.1\nm = map 0 0.1 1 0.8\nstatus = status 0 0.9 1 0.1\n"

static const char TALK[] = "[parachute]\nafter = 4\nitself = yes\n"
                           "[scene a]\ntitle_fr = A\n" PARTS "[scene b]\ntitle_fr = B\n" PARTS;

typedef struct {
  LiveCity city;
  LiveWall wall;
  CasaTimeMachine *machine;
  CasaAside *aside;
  CasaParachute *parachute;
} Stage;

static void
show_cb(CasaModel *model, gpointer data)
{
  LiveWall *wall = &((Stage *)data)->wall;

  casa_ticker_set_model(wall->ticker, model);
  casa_window_set_model(wall->window, model);
}

static void
open_city(Stage *self)
{
  live_city_open(&self->city, NULL);
  g_autofree char *scenes = g_build_filename(self->city.config, "scenes.conf", NULL);
  g_assert_true(g_file_set_contents(scenes, TALK, -1, NULL));
}

static void
open_wall(Stage *self, const char *recording)
{
  LiveWall *wall = &self->wall;

  live_wall_open(wall, &self->city, NULL);
  self->machine = casa_time_machine_new(wall->config, wall->pulse, wall->city, wall->model, show_cb, self);
  self->aside = casa_aside_new();
  const CasaParachuteFacts facts = { .window = wall->window,
                                     .live = wall->model,
                                     .machine = self->machine,
                                     .scenes = wall->scenes,
                                     .store_path = self->city.store,
                                     .recording = recording,
                                     .aside = self->aside };
  self->parachute = casa_parachute_new(&facts);
}

static void
close_stage(Stage *self)
{
  casa_parachute_free(self->parachute);
  casa_time_machine_back(self->machine);
  casa_time_machine_free(self->machine);
  casa_aside_free(self->aside);
  live_wall_close(&self->wall);
  live_city_close(&self->city);
}

typedef struct {
  Stage *stage;
  const char *text;
} Held;

static gboolean
is_held(gpointer data)
{
  Held *held = data;

  g_main_context_iteration(NULL, FALSE);
  g_autofree char *text = casa_aside_text(held->stage->aside, g_get_monotonic_time());
  return strstr(text, held->text) != NULL;
}

static void
wait_held(Stage *self, const char *text)
{
  Held held = { self, text };

  if (!test_wait_for(is_held, &held, PATIENCE_S))
    g_error("the presenter is not told \"%s\"", text);
}

typedef struct {
  Stage *stage;
  char *path, *first;
  gsize len;
} Picture;

static void
look(Picture *self, char **out, gsize *len)
{
  g_autoptr(GError) error = NULL;

  g_assert_true(casa_screenshot_save(casa_window_picture(self->stage->wall.window), self->path, &error));
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(self->path, out, len, NULL));
}

static gboolean
has_moved(gpointer data)
{
  Picture *self = data;
  g_autofree char *now = NULL;
  gsize len;

  for (guint i = 0; i < 50; i++)
    g_main_context_iteration(NULL, FALSE);
  look(self, &now, &len);
  return len != self->len || memcmp(now, self->first, len) != 0;
}

/* Twice: the change of one moment may be the badge's. */
static void
assert_moves(Stage *self)
{
  for (guint i = 0; i < 2; i++) {
    Picture picture = { .stage = self, .path = g_build_filename(self->city.dir, "hall.png", NULL) };
    look(&picture, &picture.first, &picture.len);
    g_assert_true(test_wait_for(has_moved, &picture, PATIENCE_S));
    g_free(picture.path);
    g_free(picture.first);
  }
}

/* By itself when the broker is gone, back with a scene when it is back; and by a hand. */
static void
test_broker_killed(void)
{
  Stage s = { 0 };

  open_city(&s);
  open_wall(&s, NULL);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  g_assert_false(casa_parachute_is_open(s.parachute));
  test_broker_kill(s.city.broker);
  live_wall_wait(&s.wall, "REJEU", PATIENCE_S);
  g_assert_true(casa_parachute_is_open(s.parachute));
  assert_moves(&s);
  wait_held(&s, "la salle voit un REJEU");
  casa_parachute_leave_scene(s.parachute); /* live is not back: the rehearsal goes on */
  g_assert_true(casa_parachute_is_open(s.parachute));
  g_assert_true(casa_parachute_take_over(s.parachute));
  test_broker_start(s.city.broker);
  wait_held(&s, "Le direct est revenu");
  g_assert_true(app_look_has_text(casa_window_picture(s.wall.window), "REJEU")); /* not in the middle of a scene */
  casa_parachute_leave_scene(s.parachute);
  live_wall_wait_gone(&s.wall, "REJEU", PATIENCE_S);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  casa_parachute_set(s.parachute, TRUE);
  live_wall_wait(&s.wall, "REJEU", PATIENCE_S);
  casa_parachute_set(s.parachute, FALSE);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  close_stage(&s);
}

/* Nobody was ever there: the recording at once, and without one the presenter is told why not. */
static void
test_no_broker(void)
{
  Stage s = { 0 };
  g_autofree char *day = NULL;

  open_city(&s);
  g_autofree char *path = g_build_filename(s.city.dir, "rehearsal.txt", NULL);
  const char *argv[] = { SIM, "--config", CONFIG, "--stdout", "--duration", "20min", "--start", "2026-05-21T17:00:00Z", NULL };
  g_assert_cmpint(test_run(argv, NULL, &day, NULL), ==, 0);
  g_assert_true(g_file_set_contents(path, day, -1, NULL));
  test_broker_kill(s.city.broker);
  open_wall(&s, path);
  live_wall_wait(&s.wall, "REJEU", PATIENCE_S);
  assert_moves(&s);
  casa_parachute_set(s.parachute, FALSE);
  live_wall_wait_gone(&s.wall, "REJEU", PATIENCE_S);
  casa_parachute_free(s.parachute);
  /* Nothing is stored, and there is no recording. */
  const CasaParachuteFacts facts = { .window = s.wall.window,
                                     .live = s.wall.model,
                                     .machine = s.machine,
                                     .scenes = s.wall.scenes,
                                     .store_path = s.city.store,
                                     .aside = s.aside };
  s.parachute = casa_parachute_new(&facts);
  wait_held(&s, "la base n’a encore rien à montrer");
  g_assert_false(casa_parachute_is_open(s.parachute));
  close_stage(&s);
}

static void
test_same_hour(void)
{
  const gint64 minute = 60000, day = 24 * 60 * minute, now = 1000 * day + 600 * minute;

  g_assert_cmpint(casa_replay_same_hour(now, now - day, now), ==, now - day);
  g_assert_cmpint(casa_replay_same_hour(now, now - day + 1, now), ==, 0);
  g_assert_cmpint(casa_replay_same_hour(now, 0, now + minute), ==, now);
  g_assert_cmpint(casa_replay_same_hour(now, now - 10 * day - minute, now - 10 * day + 2 * minute), ==, now - 10 * day);
  g_assert_cmpint(casa_replay_same_hour(now, now - 10 * day + minute, now - 10 * day + 2 * minute), ==, 0);
  g_assert_cmpint(casa_replay_same_hour(now, now + 3 * day - minute, now + 3 * day + minute), ==, now + 3 * day);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/parachute/broker-killed", test_broker_killed);
  g_test_add_func("/app/parachute/no-broker", test_no_broker);
  g_test_add_func("/app/parachute/same-hour", test_same_hour);
  return live_main();
}
