/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "casa-build.h"
#include "live-fixture.h"
#include <signal.h>

/* End to end: a real broker, the simulator, the application. */

#define PULSE CASA_BUILD_ROOT "/ui/casa-pulse"
#define CONFIG CASA_SOURCE_ROOT "/config"
#define PATIENCE_S 120
#define HISTORY 66 /* points: six hours, one each five minutes, and some to spare */

static void
test_link(void)
{
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait(&wall, "SIMULÉ", PATIENCE_S);
  /* Within 3 s. A busy machine may be late now and then: the promise is broken when it is never kept. */
  double badge, words;
  guint tries = 0;
  do {
    test_broker_kill(city.broker);
    badge = live_wall_wait(&wall, "LIAISON PERDUE", PATIENCE_S);
    words = live_wall_wait(&wall, "liaison MQTT perdue", PATIENCE_S);
    g_test_message("said after %.2f s", badge);
    test_broker_start(city.broker);
    live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
    g_assert_false(app_look_has_text(casa_window_picture(wall.window), "LIAISON PERDUE"));
  } while ((badge >= 3 || words >= 3) && ++tries < 5);
  g_assert_cmpfloat(badge, <, 3);
  g_assert_cmpfloat(words, <, 3);
  live_wall_close(&wall);
  live_city_close(&city);
}

/* Enough stations have reported twice: from now on three seconds without any are a fault. */
static gboolean
is_promised(gpointer data)
{
  g_main_context_iteration(NULL, FALSE);
  return casa_model_summary(((LiveWall *)data)->model)->patience_ms <= 3000;
}

/* Until every station that reports each ten seconds or oftener is given up: the fewer are still waited for, the less is the
 * silence taken for calm. */
static gboolean
has_stayed_mute(gpointer data)
{
  LiveWall *wall = data;

  g_main_context_iteration(NULL, FALSE);
  const CasaSummary *s = casa_model_summary(wall->model);
  g_assert_true(app_look_has_text(casa_window_picture(wall->window), "MUET"));
  return s->now_ms - s->live_ms > 35000;
}

/* The simulator hangs but its connection stays open: silence is said, too. */
static void
test_silence(void)
{
  LiveCity city;
  LiveWall wall;
  double muet;
  guint tries = 0;

  live_city_open(&city, NULL);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_curve(&wall, HISTORY, PATIENCE_S);
  g_assert_true(test_wait_for(is_promised, &wall, PATIENCE_S));
  /* Three seconds, and one until the badges are read again. A busy machine may be late now and then. */
  do {
    test_process_signal(city.sim, SIGSTOP);
    muet = live_wall_wait(&wall, "MUET", PATIENCE_S);
    live_wall_wait(&wall, "DERNIÈRE VALEUR", PATIENCE_S);
    g_test_message("said after %.2f s", muet);
    if (muet < 5)
      break;
    test_process_signal(city.sim, SIGCONT);
    live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  } while (++tries < 5);
  g_assert_cmpfloat(muet, <, 5);
  g_assert_true(test_wait_for(has_stayed_mute, &wall, PATIENCE_S));
  test_process_signal(city.sim, SIGCONT);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_close(&wall);
  live_city_close(&city);
}

/* Closing and opening again: the past is there at once, and does not pretend to be live. */
static void
test_reopen(void)
{
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait_curve(&wall, HISTORY, PATIENCE_S);
  guint before = casa_pyramid_length(casa_model_curve(wall.model, app_indicator(wall.model, "load")));
  live_wall_close(&wall);
  test_broker_stop(city.broker);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait_curve(&wall, before - 1, PATIENCE_S);
  live_wall_wait(&wall, "DERNIÈRE VALEUR", PATIENCE_S);
  g_assert_false(app_look_has_text(casa_window_picture(wall.window), "EN DIRECT"));
  g_assert_cmpint(app_figure(wall.model, "load")->state, ==, CASA_STATE_LAST);
  live_wall_close(&wall);
  live_city_close(&city);
}

/* The program itself writes the picture, in every language at another size. */
static void
test_pictures(void)
{
  static const struct {
    const char *language, *size;
    int width, height;
  } shots[] = { { "fr", "1920x1080", 1920, 1080 }, { "ar", "1024x600", 1024, 600 }, { "en", "3840x2160", 3840, 2160 } };
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  live_wall_open(&wall, &city, NULL);
  live_wall_wait_curve(&wall, HISTORY, PATIENCE_S);
  live_wall_close(&wall);
  for (guint i = 0; i < G_N_ELEMENTS(shots); i++) {
    g_autofree char *name = g_strdup_printf("live-%s-%s.png", shots[i].language, shots[i].size);
    g_autofree char *path = app_look_artifact(name), *err = NULL;
    const char *argv[] = { PULSE,
                           "--config",
                           CONFIG,
                           "--talk",
                           CONFIG "/talks/grid.conf",
                           "--broker",
                           test_broker_url(city.broker),
                           "--store",
                           city.store,
                           "--size",
                           shots[i].size,
                           "--lang",
                           shots[i].language,
                           "--screenshot",
                           path,
                           NULL };
    int status = test_run(argv, NULL, NULL, &err);
    if (status != 0)
      g_error("casa-pulse: status %d, %s", status, err);
    app_look_check_wall(path, shots[i].width, shots[i].height, i == 1);
  }
  live_city_close(&city);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/live/link", test_link);
  g_test_add_func("/app/live/silence", test_silence);
  g_test_add_func("/app/live/reopen", test_reopen);
  g_test_add_func("/app/live/pictures", test_pictures);
  return live_main();
}
