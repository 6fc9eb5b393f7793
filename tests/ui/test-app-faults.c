/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "influxd.h"
#include "live-fixture.h"
#include "ui/data/teams.h"
#include "ui/text/lang.h"
#include "ui/kit/screenshot.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

/* Real faults, and what the hall reads while they last: in every language, and gone when they are over. */

#define PATIENCE_S 120

static const char *const LANGUAGES[] = { "fr", "en", "ar" };

/* @words in the order of LANGUAGES; ends in French. */
static void
assert_words(LiveWall *wall, const char *const words[3])
{
  for (guint i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
    live_wall_speak(wall, LANGUAGES[i]);
    live_wall_wait(wall, words[i], PATIENCE_S);
  }
  live_wall_speak(wall, "fr");
}

static void
spin(double seconds)
{
  gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until)
    g_main_context_iteration(NULL, FALSE);
}

static char *
shoot(LiveWall *wall, const char *name)
{
  g_autoptr(GError) error = NULL;
  char *path = app_look_artifact(name);

  spin(1);
  gboolean saved = casa_screenshot_save(casa_window_picture(wall->window), path, &error);
  g_assert_no_error(error);
  g_assert_true(saved);
  return path;
}

/* Nothing on the wall says where the files are. */
static void
assert_no_path(LiveWall *wall, const LiveCity *city)
{
  g_autofree char *dir = g_path_get_basename(city->dir);

  g_assert_false(app_look_has_text(casa_window_picture(wall->window), dir));
  g_assert_false(app_look_has_text(casa_window_picture(wall->window), "pulse.db"));
}

static void
open_both(LiveCity *city, LiveWall *wall, const char *influx)
{
  live_city_open(city, NULL);
  live_wall_open(wall, city, influx);
  live_wall_wait(wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_curve(wall, 60, PATIENCE_S);
}

static void
close_both(LiveCity *city, LiveWall *wall)
{
  live_wall_close(wall);
  live_city_close(city);
}

/* Another program holds the store. */
static void
test_locked(void)
{
  static const char *const badge[] = { "STOCKAGE BLOQUÉ", "STORAGE BLOCKED", "التخزين متوقف" };
  static const char *const why[] = { "base verrouillée par un autre programme", "store locked by another program",
                                     "القاعدة مقفلة من برنامج آخر" };
  LiveCity city;
  LiveWall wall;
  sqlite3 *db;

  open_both(&city, &wall, NULL);
  g_assert_cmpint(sqlite3_open(city.store, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 20000);
  g_assert_cmpint(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  live_wall_wait(&wall, badge[0], PATIENCE_S);
  assert_words(&wall, badge);
  assert_words(&wall, why);
  assert_no_path(&wall, &city);
  g_free(shoot(&wall, "fault-locked.png"));
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close(db);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_gone(&wall, badge[0], PATIENCE_S);
  close_both(&city, &wall);
}

/* The disk takes no more: told by a limit on the size of files, which the system reports the same way. */
static void
test_full(void)
{
  static const char *const badge[] = { "STOCKAGE BLOQUÉ", "STORAGE BLOCKED", "التخزين متوقف" };
  static const char *const kept[] = { "rien n'est perdu", "nothing lost", "لا شيء يضيع" };
  LiveCity city;
  LiveWall wall;
  struct rlimit before, small;
  GStatBuf wal;

  signal(SIGXFSZ, SIG_IGN);
  open_both(&city, &wall, NULL);
  g_autofree char *journal = g_strconcat(city.store, "-wal", NULL);
  g_assert_cmpint(g_stat(journal, &wal), ==, 0);
  getrlimit(RLIMIT_FSIZE, &before);
  small = (struct rlimit){ (rlim_t)MIN(wal.st_size, 65536), before.rlim_max };
  setrlimit(RLIMIT_FSIZE, &small);
  live_wall_wait(&wall, badge[0], PATIENCE_S);
  assert_words(&wall, badge);
  assert_words(&wall, kept);
  assert_no_path(&wall, &city);
  setrlimit(RLIMIT_FSIZE, &before);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_gone(&wall, badge[0], PATIENCE_S);
  close_both(&city, &wall);
}

/* The broker's machine hangs: the connection stays open, nobody answers. */
static void
test_half_open(void)
{
  static const char *const lost[] = { "LIAISON PERDUE", "CONNECTION LOST", "انقطع الاتصال" };
  LiveCity city;
  LiveWall wall;

  open_both(&city, &wall, NULL);
  test_broker_freeze(city.broker);
  live_wall_wait(&wall, lost[0], PATIENCE_S);
  assert_words(&wall, lost);
  /* Badges, their ages and all: still readable from afar. */
  g_assert_cmpfloat(app_look_smallest_px(casa_window_picture(wall.window)), >=, 20 * 720 / 1080.0);
  g_free(shoot(&wall, "fault-half-open.png"));
  test_broker_thaw(city.broker);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_gone(&wall, lost[0], PATIENCE_S);
  close_both(&city, &wall);
}

/* Somebody deletes the store while it is written: it is put back, and the wall goes on from there. */
static void
test_erased(void)
{
  LiveCity city;
  LiveWall wall;

  open_both(&city, &wall, NULL);
  g_assert_cmpint(g_unlink(city.store), ==, 0);
  for (gint64 until = casa_clock_mono_us() + PATIENCE_S * G_USEC_PER_SEC; !g_file_test(city.store, G_FILE_TEST_EXISTS);
       g_main_context_iteration(NULL, FALSE))
    g_assert_cmpint(casa_clock_mono_us(), <, until);
  spin(3); /* the wall looks again every other second */
  live_wall_wait_gone(&wall, "BASE EFFACÉE", PATIENCE_S);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait(&wall, "stockage local", PATIENCE_S);
  close_both(&city, &wall);
}

/* It cannot be put back while another program holds its place: no measurement is taken, and the wall says what not to do. */
static void
test_erased_for_good(void)
{
  static const char *const badge[] = { "BASE EFFACÉE", "STORE ERASED", "مُسحت القاعدة" };
  static const char *const mend[] = { "ne fermez pas Casa Pulse", "do not close Casa Pulse", "لا تُغلقوا Casa Pulse" };
  LiveCity city;
  LiveWall wall;

  open_both(&city, &wall, NULL);
  g_autofree char *lock = g_strconcat(city.store, ".lock", NULL);
  g_assert_cmpint(g_unlink(lock), ==, 0);
  int fd = g_open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  g_assert_cmpint(flock(fd, LOCK_EX | LOCK_NB), ==, 0);
  g_assert_cmpint(g_unlink(city.store), ==, 0);
  live_wall_wait(&wall, badge[0], PATIENCE_S);
  spin(3);
  assert_words(&wall, badge);
  assert_words(&wall, mend);
  close(fd);
  live_wall_wait_gone(&wall, badge[0], PATIENCE_S);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  close_both(&city, &wall);
}

static gboolean
is_live_again(gpointer data)
{
  const LiveWall *wall = data;
  const CasaSummary *s = casa_model_summary(wall->model);

  g_main_context_iteration(NULL, FALSE);
  return s->counts.reconnects > 0 && app_figure(wall->model, "load")->state == CASA_STATE_LIVE;
}

/* A broker that falls over every second: the wall follows, and is well afterwards. */
static void
test_flapping(void)
{
  LiveCity city;
  LiveWall wall;

  open_both(&city, &wall, NULL);
  for (guint i = 0; i < 8; i++) {
    test_broker_kill(city.broker);
    spin(0.5);
    test_broker_start(city.broker);
    spin(0.5);
  }
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_gone(&wall, "LIAISON PERDUE", PATIENCE_S);
  g_assert_true(test_wait_for(is_live_again, &wall, PATIENCE_S)); /* the simulator comes back in its own time */
  close_both(&city, &wall);
}

static guint
n_gaps(LiveWall *wall)
{
  guint n;

  casa_model_gaps(wall->model, &n);
  return n;
}

static gboolean
has_gap(gpointer data)
{
  g_main_context_iteration(NULL, FALSE);
  return n_gaps(data) == 1;
}

static gboolean
has_closed_gap(gpointer data)
{
  LiveWall *wall = data;
  guint n;
  const CasaGap *gaps = casa_model_gaps(wall->model, &n);

  g_main_context_iteration(NULL, FALSE);
  return n == 1 && gaps[0].end_ms > gaps[0].start_ms && gaps[0].end_ms <= casa_clock_now_ms() &&
         casa_model_summary(wall->model)->link.state == CASA_LINK_UP;
}

/* A broker that forgot us: hatched while it lasts, and for good as far as the journal says. */
static void
test_gap(void)
{
  LiveCity city;
  LiveWall wall;

  open_both(&city, &wall, NULL);
  g_assert_cmpuint(n_gaps(&wall), ==, 0);
  test_broker_kill(city.broker);
  test_broker_forget(city.broker);
  live_wall_wait(&wall, "LIAISON PERDUE", PATIENCE_S);
  g_assert_true(test_wait_for(has_gap, &wall, PATIENCE_S));
  test_broker_start(city.broker);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  g_assert_true(test_wait_for(has_closed_gap, &wall, PATIENCE_S));
  g_free(shoot(&wall, "fault-gap.png"));
  close_both(&city, &wall);
}

/* InfluxDB is away, then there: how much waits is said. */
static void
test_influx(void)
{
  static const char *const away[] = { "InfluxDB injoignable", "InfluxDB unreachable", "تعذر بلوغ InfluxDB" };
  LiveCity city;
  LiveWall wall;
  g_autoptr(TestInfluxd) influxd = test_influxd_new();
  g_autofree char *url = g_strconcat(test_influxd_address(influxd), "/?db=casa", NULL);

  test_influxd_stop(influxd);
  open_both(&city, &wall, url);
  live_wall_wait(&wall, away[0], PATIENCE_S);
  assert_words(&wall, away);
  live_wall_wait(&wall, "en attente", PATIENCE_S);
  g_assert_cmpuint(casa_model_summary(wall.model)->counts.pending, >, 0);
  g_free(shoot(&wall, "fault-influx.png"));
  test_influxd_start(influxd);
  live_wall_wait(&wall, "InfluxDB ✓", PATIENCE_S);
  live_wall_wait_gone(&wall, away[0], PATIENCE_S);
  close_both(&city, &wall);
}

static gboolean
is_flood_told(gpointer data)
{
  const LiveWall *wall = data;

  g_main_context_iteration(NULL, FALSE);
  return casa_model_summary(wall->model)->counts.over_quota > 400;
}

/* Also to the organiser, to whom a team is named that the hall does not see yet. */
static gboolean
is_one_of_two_marked(gpointer data)
{
  const LiveWall *wall = data;

  g_main_context_iteration(NULL, FALSE);
  g_autoptr(GPtrArray) teams = casa_teams_all(wall->model); /* by number: equipe-8, equipe-9 */
  return teams->len == 2 && !((CasaTeamState *)teams->pdata[0])->over && ((CasaTeamState *)teams->pdata[1])->over;
}

/* One team floods: it is named, and the others go on. */
static void
test_flood(void)
{
  static const char *const words[] = { "hors quota : equipe-9", "over quota: equipe-9", "فوق الحصة: equipe-9" };
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  g_autofree char *conf = g_build_filename(city.config, "pulse.conf", NULL);
  g_assert_cmpint(g_unlink(conf), ==, 0);
  g_assert_true(g_file_set_contents(conf, "[quota equipe-9]\nmessages=5\nburst=10\n", -1, NULL));
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  live_wall_wait_curve(&wall, 60, PATIENCE_S);
  TestPublisher *flood = test_publisher_new(test_broker_url(city.broker));
  test_publisher_send(flood, "casa/v1/equipe-8/air/esp32-1", "{\"temp_c\":20}", -1, 1, FALSE);
  for (guint i = 0; i < 500; i++) {
    g_autofree char *payload = g_strdup_printf("{\"temp_c\":%u,\"seq\":%u}", i % 30, i);
    test_publisher_send(flood, "casa/v1/equipe-9/air/esp32-1", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(flood, PATIENCE_S));
  live_wall_wait(&wall, words[0], PATIENCE_S);
  assert_words(&wall, words);
  g_assert_true(test_wait_for(is_flood_told, &wall, PATIENCE_S));
  g_assert_true(test_wait_for(is_one_of_two_marked, &wall, PATIENCE_S));
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  g_free(shoot(&wall, "fault-flood.png"));
  test_publisher_free(flood);
  close_both(&city, &wall);
}

static gboolean
are_all_refused(gpointer data)
{
  const LiveWall *wall = data;

  g_main_context_iteration(NULL, FALSE);
  return casa_model_summary(wall->model)->crowded.refused >= 80;
}

/* One team invents ever new names: it is named, and what it has goes on. */
static void
test_series(void)
{
  static const char *const words[] = { "equipe-9 a ses", "equipe-9 has its", "equipe-9 بلغ حدّه" };
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, NULL);
  g_autofree char *conf = g_build_filename(city.config, "pulse.conf", NULL);
  g_assert_cmpint(g_unlink(conf), ==, 0);
  g_assert_true(g_file_set_contents(conf, "[quota equipe-9]\nseries=20\n", -1, NULL));
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  TestPublisher *flood = test_publisher_new(test_broker_url(city.broker));
  for (guint i = 0; i < 100; i++) {
    g_autofree char *topic = g_strdup_printf("casa/v1/equipe-9/air/esp32-%u", i);
    test_publisher_send(flood, topic, "{\"temp_c\":21}", -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(flood, PATIENCE_S));
  live_wall_wait(&wall, words[0], PATIENCE_S);
  assert_words(&wall, words);
  g_assert_true(test_wait_for(are_all_refused, &wall, PATIENCE_S));
  g_assert_cmpuint(casa_model_summary(wall.model)->crowded.refused, ==, 80);
  live_wall_wait(&wall, "EN DIRECT", PATIENCE_S);
  test_publisher_free(flood);
  close_both(&city, &wall);
}

/* The broker knows nobody of our name. */
static void
test_refused(void)
{
  static const char *const badge[] = { "ACCÈS REFUSÉ", "ACCESS DENIED", "رُفض الدخول" };
  static const char *const why[] = { "compte sans autorisation", "account not authorised", "حساب غير مرخص له" };
  LiveCity city;
  LiveWall wall;

  live_city_open(&city, "allow_anonymous false");
  live_wall_open(&wall, &city, NULL);
  live_wall_wait(&wall, badge[0], PATIENCE_S);
  assert_words(&wall, badge);
  assert_words(&wall, why);
  g_assert_false(app_look_has_text(casa_window_picture(wall.window), "password"));
  close_both(&city, &wall);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/faults/locked", test_locked);
  g_test_add_func("/app/faults/full", test_full);
  g_test_add_func("/app/faults/half-open", test_half_open);
  g_test_add_func("/app/faults/erased", test_erased);
  g_test_add_func("/app/faults/erased-for-good", test_erased_for_good);
  g_test_add_func("/app/faults/flapping", test_flapping);
  g_test_add_func("/app/faults/gap", test_gap);
  g_test_add_func("/app/faults/influx", test_influx);
  g_test_add_func("/app/faults/flood", test_flood);
  g_test_add_func("/app/faults/series", test_series);
  g_test_add_func("/app/faults/refused", test_refused);
  return live_main();
}
