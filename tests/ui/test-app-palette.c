/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "live-fixture.h"
#include "ui/stage/event-keys.h"

/* Events commanded from the wall: a real broker, the simulator, the window. */

#define PATIENCE_S 120

typedef struct {
  LiveCity city;
  LiveWall wall;
  CasaCommander *commander;
  CasaEventKeys *keys;
} Stage;

static void
open_stage(Stage *self, gboolean somebody)
{
  live_city_open(&self->city, NULL);
  if (somebody) {
    g_autofree char *dir = g_build_filename(self->city.config, "pulse.conf.d", NULL),
                    *path = g_build_filename(dir, "stage.conf", NULL);
    g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, "[stage]\nuser = stage\n", -1, NULL));
  }
  live_wall_open(&self->wall, &self->city, NULL);
  self->commander = casa_commander_new(self->wall.config);
  g_assert_cmpint(self->commander != NULL, ==, somebody);
  self->keys = casa_event_keys_new(self->wall.model, self->commander);
  casa_window_set_event_keys(self->wall.window, self->keys);
}

static void
close_stage(Stage *self)
{
  live_wall_close(&self->wall);
  casa_event_keys_free(self->keys);
  casa_commander_free(self->commander);
  live_city_close(&self->city);
}

static void
press(Stage *self, guint number)
{
  if (number > 0)
    gtk_widget_activate_action(GTK_WIDGET(self->wall.window), "win.number", "u", number);
  else
    gtk_widget_activate_action(GTK_WIDGET(self->wall.window), "win.home", NULL);
}

typedef struct {
  Stage *stage;
  const char *text;
  gboolean wanted;
} Seen;

static gboolean
is_so(gpointer data)
{
  Seen *seen = data;

  g_main_context_iteration(NULL, FALSE);
  return app_look_has_text(GTK_WIDGET(seen->stage->wall.window), seen->text) == seen->wanted;
}

static void
wait_for(Stage *self, const char *text, gboolean wanted)
{
  Seen seen = { self, text, wanted };

  if (!test_wait_for(is_so, &seen, PATIENCE_S))
    g_error("\"%s\": %s", text, wanted ? "is not said" : "is still said");
}

/* The cut as it was told last; NULL: it was not. Weather comes of itself. */
static const CasaEvent *
told(Stage *self)
{
  const GArray *events = casa_model_events(self->wall.model);

  for (guint i = 0; i < events->len; i++)
    if (g_str_equal(g_array_index(events, CasaEvent, i).event, "power-cut"))
      return &g_array_index(events, CasaEvent, i);
  return NULL;
}

static gboolean
is_told(gpointer data)
{
  g_main_context_iteration(NULL, FALSE);
  return told(data) != NULL;
}

static gboolean
ends_soon(gpointer data)
{
  Stage *self = data;

  g_main_context_iteration(NULL, FALSE);
  const CasaEvent *event = told(self);
  return !event || event->end_ms - casa_model_summary(self->wall.model)->now_ms < 10 * 60 * 1000;
}

static void
test_arm_and_launch(void)
{
  Stage s;

  open_stage(&s, TRUE);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  press(&s, 1);
  wait_for(&s, "armé : encore 1 pour lancer", TRUE);
  g_assert_null(told(&s));
  gtk_widget_activate_action(GTK_WIDGET(s.wall.window), "win.leave", NULL); /* Escape disarms */
  wait_for(&s, "armé : encore 1 pour lancer", FALSE);
  press(&s, 1);
  press(&s, 1);
  gtk_widget_activate_action(GTK_WIDGET(s.wall.window), "win.palette", NULL);
  wait_for(&s, "Coupure de courant · Maârif", TRUE);
  g_assert_true(test_wait_for(is_told, &s, PATIENCE_S));
  wait_for(&s, "en cours, reste 20 min", TRUE);
  g_assert_cmpstr(told(&s)->place, ==, "maarif");
  live_wall_speak(&s.wall, "en");
  wait_for(&s, "Power cut · Maârif", TRUE);
  live_wall_speak(&s.wall, "fr");
  /* The same key twice ends that one early. */
  press(&s, 1);
  wait_for(&s, "encore 1 pour arrêter", TRUE);
  press(&s, 1);
  wait_for(&s, "Fin demandée.", TRUE);
  g_assert_true(test_wait_for(ends_soon, &s, PATIENCE_S));
  press(&s, 0);
  press(&s, 0);
  wait_for(&s, "Calme : tout ce qui a été lancé s’achève.", TRUE);
  close_stage(&s);
}

/* A simulator that is not there is said; an event that was not launched does not look so. */
static void
test_nobody_answers(void)
{
  Stage s;

  open_stage(&s, TRUE);
  live_wall_wait(&s.wall, "EN DIRECT", PATIENCE_S);
  test_process_free(s.city.sim);
  s.city.sim = NULL;
  press(&s, 5);
  press(&s, 5);
  wait_for(&s, "Le simulateur ne répond pas", TRUE);
  g_assert_false(app_look_has_text(GTK_WIDGET(s.wall.window), "○ lancé"));
  close_stage(&s);
}

/* Where nobody may command, digits are scenes, and the palette says what is missing. */
static void
test_nobody_commands(void)
{
  Stage s;

  open_stage(&s, FALSE);
  press(&s, 2);
  g_assert_cmpuint(casa_window_scene(s.wall.window), ==, 1);
  casa_event_keys_press(s.keys, 0, g_get_monotonic_time());
  wait_for(&s, "indiquez [stage] dans pulse.conf", TRUE);
  close_stage(&s);
}

/* Ten seconds, then it is disarmed by itself; two zeros that are far apart are no calm. */
static void
test_times(void)
{
  Stage s;
  CasaEventRow row;
  gint64 t = g_get_monotonic_time();

  open_stage(&s, TRUE);
  casa_event_keys_press(s.keys, 0, t);
  casa_event_keys_row(s.keys, 0, t + 9 * G_USEC_PER_SEC, &row);
  g_assert_cmpint(row.state, ==, CASA_EVENT_ARMED);
  g_assert_cmpuint(row.left_s, ==, 1);
  casa_event_keys_press(s.keys, 1, t + 9 * G_USEC_PER_SEC); /* another one takes its place */
  casa_event_keys_row(s.keys, 0, t + 9 * G_USEC_PER_SEC, &row);
  g_assert_cmpint(row.state, ==, CASA_EVENT_IDLE);
  casa_event_keys_row(s.keys, 1, t + 20 * G_USEC_PER_SEC, &row);
  g_assert_cmpint(row.state, ==, CASA_EVENT_IDLE);
  casa_event_keys_press(s.keys, 1, t + 20 * G_USEC_PER_SEC); /* arms again: it launches nothing */
  casa_event_keys_row(s.keys, 1, t + 20 * G_USEC_PER_SEC, &row);
  g_assert_cmpint(row.state, ==, CASA_EVENT_ARMED);
  casa_event_keys_disarm(s.keys, t + 20 * G_USEC_PER_SEC);
  casa_event_keys_press_zero(s.keys, t + 30 * G_USEC_PER_SEC);
  casa_event_keys_press_zero(s.keys, t + 32 * G_USEC_PER_SEC);
  g_autofree char *words = casa_event_keys_words(s.keys);
  g_assert_cmpstr(words, ==, "");
  close_stage(&s);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/palette/arm-and-launch", test_arm_and_launch);
  g_test_add_func("/app/palette/nobody-answers", test_nobody_answers);
  g_test_add_func("/app/palette/nobody-commands", test_nobody_commands);
  g_test_add_func("/app/palette/times", test_times);
  return live_main();
}
