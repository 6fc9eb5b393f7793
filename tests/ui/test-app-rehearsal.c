/* SPDX-License-Identifier: Apache-2.0 */
#include "live-fixture.h"
#include "ui/shell/autoplay.h"
#include "ui/shell/rehearse.h"

#include <string.h>

/* A talk is recorded, compared with its plan, and played by itself. */

#define PATIENCE_S 120
#define PARTS "header = header 0 0 1 0.1\nstatus = status 0 0.9 1 0.1\n"

static const char TALK[] = "# Mine.\n[scene a]\ntitle_fr = A\nminutes = 2\n" PARTS "[scene a narrow]\n" PARTS
                           "\n[scene b]\ntitle_fr = B\n" PARTS "[scene c]\ntitle_fr = C\nminutes = 3 \n" PARTS;

static const struct {
  double at_s;
  const char *what, *value;
} STEPS[] = { { 0, "scene", "a" },    { 0, "hall", "live" },    { 30, "hall", "black" }, { 90, "scene", "b" },
              { 90, "hall", "live" }, { 95, "language", "ar" }, { 150, "scene", "a" },   { 156, "scene", "c" },
              { 157, "scene", "b" },  { 180, "end", "-" } };

static CasaRehearsal *
rehearsed(void)
{
  CasaRehearsal *self = casa_rehearsal_new();

  for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++)
    casa_rehearsal_note(self, STEPS[i].at_s, STEPS[i].what, STEPS[i].value);
  return self;
}

static void
test_compare(void)
{
  g_autoptr(CasaRehearsal) talk = rehearsed();
  const char *const none[] = { NULL };
  CasaSceneFault fault;
  g_autoptr(CasaSceneFile) file =
    casa_scene_file_parse(TALK, strlen(TALK), "talk.conf", &(CasaSceneWorld){ .domains = none, .indicators = none }, &fault);
  g_autofree char *report = casa_rehearsal_report(talk, file), *text = casa_rehearsal_rewrite(talk, TALK);

  g_assert_cmpfloat(casa_rehearsal_spent(talk, "a"), ==, 96);
  g_assert_cmpfloat(casa_rehearsal_spent(talk, "b"), ==, 83);
  g_assert_cmpfloat(casa_rehearsal_spent(talk, "c"), ==, 1);
  g_assert_nonnull(strstr(report, "a                planned   2:00  rehearsed   1:36  -0:24\n"));
  g_assert_nonnull(strstr(report, "b                planned   0:00  rehearsed   1:23  +1:23\n"));
  g_assert_nonnull(strstr(report, "the talk         planned   5:00  rehearsed   3:00  -2:00\n"));
  /* c was only passed: its plan stays, as all that is not a plan. */
  g_assert_cmpstr(text, ==,
                  "# Mine.\n[scene a]\ntitle_fr = A\nminutes = 1.6\n" PARTS "[scene a narrow]\n" PARTS
                  "\n[scene b]\nminutes = 1.4\ntitle_fr = B\n" PARTS "[scene c]\ntitle_fr = C\nminutes = 3 \n" PARTS);
}

static void
test_file(void)
{
  g_autofree char *dir = test_dir_new(), *path = g_build_filename(dir, "t.rehearsal", NULL);
  g_autoptr(CasaRehearsal) talk = rehearsed();
  g_autoptr(GError) error = NULL;

  g_assert_true(casa_rehearsal_save(talk, path, "one\ntwo\n", &error));
  g_autoptr(CasaRehearsal) again = casa_rehearsal_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(casa_rehearsal_n(again), ==, G_N_ELEMENTS(STEPS));
  for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++) {
    g_assert_cmpfloat_with_epsilon(casa_rehearsal_get(again, i)->at_s, STEPS[i].at_s, 0.01);
    g_assert_cmpstr(casa_rehearsal_get(again, i)->what, ==, STEPS[i].what);
    g_assert_cmpstr(casa_rehearsal_get(again, i)->value, ==, STEPS[i].value);
  }
  static const char *const wrong[] = { "1.0 jump a\n", "soon scene a\n", "1.0 scene\n", "-1 scene a\n", "# nothing\n" };
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_assert_true(g_file_set_contents(path, wrong[i], -1, NULL));
    g_autoptr(GError) why = NULL;
    g_assert_null(casa_rehearsal_load(path, &why));
    g_assert_nonnull(strstr(why->message, "--rehearse"));
  }
  test_dir_remove(dir);
}

static gboolean
is_noted(gpointer data)
{
  g_autofree char *text = NULL;

  g_main_context_iteration(NULL, FALSE);
  return g_file_get_contents(data, &text, NULL, NULL) && strstr(text, "scene b") && strstr(text, "hall frozen") &&
         strstr(text, "language en");
}

/* What is shown is kept with every step, and the talk gets its minutes; then it plays by itself, until it is touched. */
static void
test_wall(void)
{
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  g_autofree char *scenes = g_build_filename(city.config, "scenes.conf", NULL),
                  *state = g_build_filename(city.dir, "wall.state", NULL), *path = casa_rehearse_path(state, scenes);
  g_assert_true(g_file_set_contents(scenes, TALK, -1, NULL));
  live_wall_open(&wall, &city, NULL);
  const CasaRehearseFacts facts = { wall.window, wall.scenes, path, scenes, TRUE, FALSE };
  CasaRehearse *rehearse = casa_rehearse_new(&facts);
  casa_window_go(wall.window, 1);
  casa_window_set_hall(wall.window, CASA_HALL_FROZEN);
  casa_window_set_language(wall.window, "en");
  g_assert_true(test_wait_for(is_noted, path, PATIENCE_S));
  casa_rehearse_finish(rehearse);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "# the talk"));
  g_assert_nonnull(strstr(text, " end -"));
  casa_window_set_language(wall.window, "fr");
  casa_window_set_hall(wall.window, CASA_HALL_LIVE);
  casa_window_go(wall.window, 0);
  g_autoptr(CasaAutoplay) autoplay = casa_autoplay_new(wall.window, wall.scenes, rehearsed());
  const gint64 t = casa_clock_mono_us(), s = G_USEC_PER_SEC;
  casa_autoplay_look(autoplay, t);
  g_assert_cmpuint(casa_window_scene(wall.window), ==, 0);
  casa_autoplay_look(autoplay, t + 31 * s);
  g_assert_cmpint(casa_window_hall(wall.window), ==, CASA_HALL_BLACK);
  casa_autoplay_wake(autoplay, t + 32 * s); /* a touch lifts black, and whoever touched drives */
  g_assert_cmpint(casa_window_hall(wall.window), ==, CASA_HALL_LIVE);
  casa_window_go(wall.window, 1);
  casa_autoplay_look(autoplay, t + 91 * s);
  g_assert_cmpuint(casa_window_scene(wall.window), ==, 1);
  g_assert_cmpstr(casa_window_language(wall.window), ==, "fr");
  casa_autoplay_look(autoplay, t + 93 * s); /* a minute later it goes on from that scene: at 90 s of the rehearsal */
  casa_autoplay_look(autoplay, t + 99 * s);
  g_assert_cmpstr(casa_window_language(wall.window), ==, "ar");
  casa_autoplay_look(autoplay, t + 154 * s);
  g_assert_cmpuint(casa_window_scene(wall.window), ==, 0);
  casa_autoplay_look(autoplay, t + 161 * s);
  g_assert_cmpuint(casa_window_scene(wall.window), ==, 1);
  casa_autoplay_look(autoplay, t + 184 * s); /* its end: again */
  casa_autoplay_look(autoplay, t + 184 * s + 1);
  g_assert_cmpuint(casa_window_scene(wall.window), ==, 0);
  g_clear_pointer(&autoplay, casa_autoplay_free);
  live_wall_close(&wall);
  live_city_close(&city);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/rehearsal/compare", test_compare);
  g_test_add_func("/app/rehearsal/file", test_file);
  g_test_add_func("/app/rehearsal/wall", test_wall);
  return live_main();
}
