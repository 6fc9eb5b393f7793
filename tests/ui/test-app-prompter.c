/* SPDX-License-Identifier: Apache-2.0 */
#include "live-fixture.h"
#include "ui/shell/prompter.h"

#include <string.h>

/* Companions drive the hall's window over a real broker; what is wrong changes nothing. */

#define PATIENCE_S 120
#define TOPIC "casa/v1/$control/stage"

typedef struct {
  LiveCity city;
  LiveWall wall;
  CasaEventKeys *keys;
  CasaPrompter *prompter;
  TestProcess *ear; /* hears all answers */
} Stage;

static void
open_stage(Stage *self)
{
  live_city_open(&self->city, NULL);
  g_autofree char *dir = g_build_filename(self->city.config, "pulse.conf.d", NULL),
                  *path = g_build_filename(dir, "companions.conf", NULL),
                  *port = g_strdup_printf("%u", test_broker_port(self->city.broker));
  g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, "[companions]\nuser = prompter\n", -1, NULL));
  const char *argv[] = { "stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-t", TOPIC "/reply", "-d", NULL };
  self->ear = test_process_start(self->city.dir, "ear", argv);
  g_assert_true(test_process_wait_out(self->ear, "Subscribed", PATIENCE_S));
  live_wall_open(&self->wall, &self->city, NULL);
  self->keys = casa_event_keys_new(self->wall.model, NULL);
  self->prompter = casa_prompter_new(self->wall.config, self->wall.window, self->wall.scenes, self->keys);
  g_assert_nonnull(self->prompter);
}

static void
close_stage(Stage *self)
{
  casa_prompter_free(self->prompter);
  live_wall_close(&self->wall);
  casa_event_keys_free(self->keys);
  test_process_free(self->ear);
  live_city_close(&self->city);
}

/* As a phone would: one connection, one message. */
static void
send_command(Stage *self, const char *payload, gboolean retained)
{
  g_autofree char *port = g_strdup_printf("%u", test_broker_port(self->city.broker));
  const char *argv[] = { "mosquitto_pub",        "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", TOPIC, "-m", payload,
                         retained ? "-r" : NULL, NULL };
  g_assert_cmpint(test_run(argv, NULL, NULL, NULL), ==, 0);
}

typedef struct {
  Stage *stage;
  const char *text;
} Heard;

static gboolean
is_heard(gpointer data)
{
  Heard *heard = data;
  g_autofree char *out = test_process_out(heard->stage->ear);

  g_main_context_iteration(NULL, FALSE);
  return strstr(out, heard->text) != NULL;
}

static void
hear(Stage *self, const char *text)
{
  Heard heard = { self, text };

  if (test_wait_for(is_heard, &heard, PATIENCE_S))
    return;
  g_autofree char *out = test_process_out(self->ear);
  g_error("not answered: %s; but: %s", text, out);
}

/* Asks until the wall listens: it connects in its own time. */
static gboolean
listens(gpointer data)
{
  Stage *self = data;
  Heard heard = { self, "\"id\":\"first\"" };

  send_command(self, "{\"do\":\"state\",\"id\":\"first\"}", FALSE);
  for (guint i = 0; i < 50; i++)
    if (is_heard(&heard))
      return TRUE;
    else
      g_usleep(10000);
  return FALSE;
}

static void
ask(Stage *self, const char *payload, const char *answer)
{
  send_command(self, payload, FALSE);
  hear(self, answer);
}

static void
test_drives(void)
{
  Stage s;
  CasaWindow *window;

  open_stage(&s);
  window = s.wall.window;
  g_assert_true(test_wait_for(listens, &s, PATIENCE_S));
  ask(&s, "{\"do\":\"next\",\"id\":\"n1\"}", "{\"ok\":true,\"id\":\"n1\",\"do\":\"next\",\"scene\":\"");
  g_assert_cmpuint(casa_window_scene(window), ==, 1);
  /* The same again is answered, and not done twice. */
  ask(&s, "{\"do\":\"next\",\"id\":\"n1\"}", "\"id\":\"n1\"");
  ask(&s, "{\"do\":\"state\",\"id\":\"n2\"}", "\"id\":\"n2\"");
  g_assert_cmpuint(casa_window_scene(window), ==, 1);
  ask(&s, "{\"do\":\"previous\",\"id\":\"p1\"}", "\"id\":\"p1\"");
  g_assert_cmpuint(casa_window_scene(window), ==, 0);
  ask(&s, "{\"do\":\"scene\",\"scene\":\"energy\",\"id\":\"s1\"}", "\"do\":\"scene\",\"scene\":\"energy\"");
  g_assert_cmpuint(casa_window_scene(window), ==, casa_scene_file_find(casa_scene_list_file(s.wall.scenes), "energy"));
  ask(&s, "{\"do\":\"scene\",\"scene\":1,\"id\":\"s2\"}", "\"id\":\"s2\"");
  g_assert_cmpuint(casa_window_scene(window), ==, 0);
  ask(&s, "{\"do\":\"freeze\",\"id\":\"f1\"}", "\"hall\":\"frozen\"");
  g_assert_cmpint(casa_window_hall(window), ==, CASA_HALL_FROZEN);
  ask(&s, "{\"do\":\"freeze\",\"on\":true,\"id\":\"f2\"}", "\"id\":\"f2\"");
  g_assert_cmpint(casa_window_hall(window), ==, CASA_HALL_FROZEN);
  ask(&s, "{\"do\":\"black\",\"on\":false,\"id\":\"b0\"}", "\"id\":\"b0\""); /* it is not black: nothing to take away */
  g_assert_cmpint(casa_window_hall(window), ==, CASA_HALL_FROZEN);
  ask(&s, "{\"do\":\"black\",\"id\":\"b1\"}", "\"hall\":\"black\"");
  ask(&s, "{\"do\":\"black\",\"id\":\"b2\"}", "\"id\":\"b2\"");
  g_assert_cmpint(casa_window_hall(window), ==, CASA_HALL_LIVE);
  ask(&s, "{\"do\":\"language\",\"language\":\"ar\",\"id\":\"l1\"}", "\"language\":\"ar\"");
  g_assert_cmpstr(casa_window_language(window), ==, "ar");
  close_stage(&s);
}

static void
test_wrong(void)
{
  static const struct {
    const char *payload, *answer;
  } wrong[] = {
    { "next", "{\"ok\":false,\"error\":" },
    { "{\"do\":\"jump\",\"id\":\"w1\"}", "\"id\":\"w1\",\"error\":\"\\\"do\\\" is one of" },
    { "{\"do\":\"scene\",\"scene\":\"paris\",\"id\":\"w2\"}", "\"id\":\"w2\",\"error\":\"there is no such scene" },
    { "{\"do\":\"scene\",\"scene\":99,\"id\":\"w3\"}", "\"id\":\"w3\",\"error\":\"there is no such scene" },
    { "{\"do\":\"language\",\"language\":\"de\",\"id\":\"w4\"}", "\"id\":\"w4\",\"error\":" },
    { "{\"do\":\"cue\",\"cue\":\"flood\",\"id\":\"w5\"}", "\"id\":\"w5\",\"error\":\"no such event" },
    { "{\"do\":\"cue\",\"cue\":\"chergui\",\"id\":\"w6\"}", "\"id\":\"w6\",\"error\":\"nobody commands the city" },
    { "{\"do\":\"next\",\"by\":2,\"id\":\"w7\"}", "\"id\":\"w7\",\"error\":\"\\\"by\\\" is not known" },
  };
  Stage s;

  open_stage(&s);
  /* Kept by the broker from before the wall came: it must not be done at every start. */
  send_command(&s, "{\"do\":\"black\",\"on\":true,\"id\":\"kept\"}", TRUE);
  g_assert_true(test_wait_for(listens, &s, PATIENCE_S));
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
    ask(&s, wrong[i].payload, wrong[i].answer);
  g_assert_cmpuint(casa_window_scene(s.wall.window), ==, 0);
  g_assert_cmpstr(casa_window_language(s.wall.window), ==, "fr");
  casa_window_set_hall(s.wall.window, CASA_HALL_LIVE); /* it may have come live, before the wall was there or after */
  casa_prompter_free(s.prompter);
  s.prompter = casa_prompter_new(s.wall.config, s.wall.window, s.wall.scenes, s.keys);
  hear(&s, "\"id\":\"kept\",\"error\":\"a retained command is not obeyed");
  g_assert_cmpint(casa_window_hall(s.wall.window), ==, CASA_HALL_LIVE);
  close_stage(&s);
}

/* Nobody is named: nobody is heard. */
static void
test_nobody(void)
{
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  live_wall_open(&wall, &city, NULL);
  g_assert_null(casa_prompter_new(wall.config, wall.window, wall.scenes, NULL));
  live_wall_close(&wall);
  live_city_close(&city);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/prompter/drives", test_drives);
  g_test_add_func("/app/prompter/wrong", test_wrong);
  g_test_add_func("/app/prompter/nobody", test_nobody);
  return live_main();
}
