/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "live-fixture.h"
#include "ui/shell/director.h"

#include <string.h>

/* Cues of a talk: a real broker, the simulator, the window. */

#define PATIENCE_S 120
#define PARTS "header = header 0 0 1 0.1\nstatus = status 0 0.9 1 0.1\n"

static const char TALK[] =
  "[scene plain]\ntitle_fr = Rien\n" PARTS "[scene cut]\ntitle_fr = Coupure\nlanguage = ar\nleave = calm\n"
  "event = power-cut place=maarif strength=0.9 minutes=45\n" PARTS
  "[scene refused]\ntitle_fr = Refus\nlanguage = fr\nevent = rain place=maarif\n" PARTS;

typedef struct {
  LiveCity city;
  LiveWall wall;
  CasaCommander *commander;
  CasaEventKeys *keys;
  CasaAside *aside;
  CasaDirector *director;
} Stage;

static CasaDirector *
direct(Stage *self, CasaEventKeys *keys, gboolean came_back)
{
  const CasaDirectorFacts facts = { self->wall.window, self->wall.scenes, keys, self->aside, came_back };

  return casa_director_new(&facts);
}

static void
open_stage(Stage *self)
{
  live_city_open(&self->city, NULL);
  g_autofree char *dir = g_build_filename(self->city.config, "pulse.conf.d", NULL),
                  *path = g_build_filename(dir, "stage.conf", NULL),
                  *scenes = g_build_filename(self->city.config, "scenes.conf", NULL);
  g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, "[stage]\nuser = stage\n", -1, NULL));
  g_assert_true(g_file_set_contents(scenes, TALK, -1, NULL));
  live_wall_open(&self->wall, &self->city, NULL);
  self->commander = casa_commander_new(self->wall.config);
  self->keys = casa_event_keys_new(self->wall.model, self->commander);
  casa_window_set_event_keys(self->wall.window, self->keys);
  self->aside = casa_aside_new();
}

static void
close_stage(Stage *self)
{
  casa_director_free(self->director);
  live_wall_close(&self->wall);
  casa_event_keys_free(self->keys);
  casa_commander_free(self->commander);
  casa_aside_free(self->aside);
  live_city_close(&self->city);
}

/* NULL: it was not told. */
static const CasaEvent *
told(Stage *self, const char *event)
{
  const GArray *events = casa_model_events(self->wall.model);

  for (guint i = 0; i < events->len; i++)
    if (g_str_equal(g_array_index(events, CasaEvent, i).event, event))
      return &g_array_index(events, CasaEvent, i);
  return NULL;
}

static gboolean
is_told(gpointer data)
{
  g_main_context_iteration(NULL, FALSE);
  return told(data, "power-cut") != NULL;
}

static gboolean
ends_soon(gpointer data)
{
  Stage *self = data;

  g_main_context_iteration(NULL, FALSE);
  const CasaEvent *event = told(self, "power-cut");
  return !event || event->end_ms - casa_model_summary(self->wall.model)->now_ms < 30 * 60 * 1000;
}

typedef struct {
  Stage *stage;
  const char *text;
} Said;

static gboolean
is_said(gpointer data)
{
  Said *said = data;

  g_main_context_iteration(NULL, FALSE);
  g_autofree char *text = casa_aside_text(said->stage->aside, g_get_monotonic_time());
  return strstr(text, said->text) != NULL;
}

static void
wait_said(Stage *self, const char *text)
{
  Said said = { self, text };

  if (!test_wait_for(is_said, &said, PATIENCE_S))
    g_error("the presenter is not told \"%s\"", text);
}

static void
test_cues(void)
{
  Stage s = { 0 };

  open_stage(&s);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  s.director = direct(&s, s.keys, FALSE);
  casa_window_go(s.wall.window, 1);
  g_assert_true(test_wait_for(is_told, &s, PATIENCE_S));
  g_assert_cmpstr(told(&s, "power-cut")->place, ==, "maarif");
  g_assert_cmpfloat_with_epsilon(told(&s, "power-cut")->intensity, 0.9, 1e-6);
  g_assert_cmpstr(casa_window_language(s.wall.window), ==, "ar");
  g_assert_false(ends_soon(&s));
  /* It is calm when the scene is left; rain at a place is refused by the simulator. */
  casa_window_go(s.wall.window, 2);
  g_assert_true(test_wait_for(ends_soon, &s, PATIENCE_S));
  wait_said(&s, "rain");
  g_autofree char *words = casa_aside_text(s.aside, g_get_monotonic_time());
  g_assert_nonnull(strstr(words, "Le simulateur refuse"));
  g_assert_cmpstr(casa_window_language(s.wall.window), ==, "fr");
  g_assert_false(app_look_has_text(GTK_WIDGET(s.wall.window), "refuse")); /* nothing to the hall */
  close_stage(&s);
}

/* A wall that came back begins no event twice; where nobody commands, the presenter is told so. */
static void
test_came_back(void)
{
  Stage s = { 0 };

  open_stage(&s);
  casa_window_go(s.wall.window, 1);
  s.director = direct(&s, NULL, TRUE);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  g_autofree char *none = casa_aside_text(s.aside, g_get_monotonic_time());
  g_assert_cmpstr(none, ==, "");
  casa_window_go(s.wall.window, 2);
  wait_said(&s, "Personne ne commande la ville");
  close_stage(&s);
}

static void
test_aside(void)
{
  g_autoptr(CasaAside) aside = casa_aside_new();
  const gint64 t = 1000 * G_USEC_PER_SEC;
  g_autofree char *empty = casa_aside_text(aside, t);

  casa_aside_say(aside, "un", t);
  casa_aside_say(aside, "deux", t);
  g_autofree char *newest = casa_aside_text(aside, t + 1);
  casa_aside_hold(aside, "tient");
  g_autofree char *both = casa_aside_text(aside, t + CASA_ASIDE_US - 1), *held = casa_aside_text(aside, t + CASA_ASIDE_US);
  casa_aside_hold(aside, NULL);
  g_autofree char *over = casa_aside_text(aside, t + CASA_ASIDE_US);
  g_assert_cmpstr(empty, ==, "");
  g_assert_cmpstr(newest, ==, "deux");
  g_assert_cmpstr(both, ==, "tient\ndeux");
  g_assert_cmpstr(held, ==, "tient");
  g_assert_cmpstr(over, ==, "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/director/cues", test_cues);
  g_test_add_func("/app/director/came-back", test_came_back);
  g_test_add_func("/app/director/aside", test_aside);
  return live_main();
}
