/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "fixture.h"

#define T0 G_GINT64_CONSTANT(1779321600000) /* a whole hour */
#define MINUTE G_GINT64_CONSTANT(60000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define DAY G_GINT64_CONSTANT(86400000)
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
upkeep(Fixture *f, gint64 now_ms)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = casa_store_upkeep(f->store, now_ms, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

/* In order mostly; some late, some repeated, some corrected. */
static void
put_random(Fixture *f, gint64 *clock)
{
  static const char *const stations[] = { "a", "b", "c", "d", "e" };
  double dice = g_test_rand_double();
  gint64 t = *clock += g_test_rand_int_range(0, 20000);
  if (dice < 0.1)
    t -= g_test_rand_int_range(0, (int)(3 * HOUR));
  t = t / 1000 * 1000;
  put_one(f, stations[g_test_rand_int_range(0, 5)], t, "pm10", g_test_rand_int_range(0, 50));
}

static void
test_brute_force(Fixture *f, gconstpointer data)
{
  gint64 clock = T0;
  for (int i = 1; i <= 6000; i++) {
    put_random(f, &clock);
    if (g_test_rand_int_range(0, 700) == 0)
      upkeep(f, clock);
    if (i % 2500 == 0)
      fixture_reopen(f);
  }
  upkeep(f, clock);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM rollup_hour"), >, 50);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT value FROM meta WHERE key = 'sealed'"), ==, casa_store_last_id(f->store));
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
}

/* Who has no time for it loses nothing, is told so, and whoever comes after packs the rest. */
static void
test_no_time(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gboolean left = FALSE;
  for (int i = 0; i < 500; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  g_assert_true(casa_store_upkeep_for(f->store, T0 + HOUR, 0, &left, &error));
  g_assert_no_error(error);
  g_assert_true(left);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 500);
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 500);
  g_assert_true(casa_store_upkeep_for(f->store, T0 + HOUR, G_USEC_PER_SEC * 60, &left, &error));
  g_assert_false(left);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 500);
}

/* The check above can fail. */
static void
test_check_can_fail(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0, "pm10", 1);
  upkeep(f, T0);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
  put_one(f, "a", T0, "pm10", 2);
  g_assert_cmpint(wrong_hours(f->path), >, 0);
  upkeep(f, T0);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
}

/* What a reader sees in columns, against what SQL makes of the samples of @station. */
static void
compare_with_raw(Fixture *f, CasaReader *reader, guint series, gint64 from, gint64 to, guint max_buckets)
{
  g_autoptr(GError) error = NULL;
  gint64 width, n = 0;
  g_autoptr(GArray) buckets = casa_reader_series(reader, series, from, to, max_buckets, &width, &error);
  g_assert_no_error(error);
  const CasaStation *station = casa_catalogue_station(casa_store_catalogue(f->store),
                                                      casa_catalogue_series(casa_store_catalogue(f->store), series)->station);
  g_assert_cmpint(width, >, 0);
  for (guint i = 0; i < buckets->len; i++) {
    const CasaBucket *b = &g_array_index(buckets, CasaBucket, i);
    g_autofree char *where =
      g_strdup_printf(" FROM reading WHERE station = '%s' AND t_ms >= %" G_GINT64_FORMAT " AND t_ms < %" G_GINT64_FORMAT,
                      station->station, b->t_ms, b->t_ms + width);
    g_autofree char *average = g_strconcat("SELECT avg(value)", where, NULL),
                    *count = g_strconcat("SELECT count(*)", where, NULL);
    g_autofree char *high = g_strconcat("SELECT max(value)", where, NULL);
    g_autofree char *last = g_strconcat("SELECT value", where, " ORDER BY t_ms DESC LIMIT 1", NULL);
    g_assert_cmpint(b->n, ==, ask_int(f->path, count));
    g_assert_cmpfloat_with_epsilon(b->mean, ask_double(f->path, average), 1e-9);
    g_assert_cmpfloat(b->max, ==, ask_double(f->path, high));
    g_assert_cmpfloat(b->last, ==, ask_double(f->path, last));
    g_assert_true(i == 0 || b[-1].t_ms < b->t_ms);
    n += b->n;
  }
  g_autofree char *all = g_strdup_printf("SELECT count(*) FROM reading WHERE station = '%s'", station->station);
  g_assert_cmpint(n, ==, ask_int(f->path, all));
}

/* Nothing sealed, half of it or all: a reader sees the same, corrected values included. */
static void
test_reader_is_right_before_upkeep(Fixture *f, gconstpointer data)
{
  gint64 clock = T0;
  g_autoptr(GError) error = NULL;
  put_random(f, &clock);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  for (int round = 0; round < 8; round++) {
    for (int i = 0; i < 700; i++)
      put_random(f, &clock);
    compare_with_raw(f, reader, 0, 0, G_MAXINT64, 40);
    compare_with_raw(f, reader, 1, T0 - DAY, T0 + DAY, 3);
    if (round % 3 == 1)
      upkeep(f, clock);
  }
}

static gboolean
wait_for_seal(Fixture *f, gint64 id, double seconds)
{
  gint64 until = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  while (g_get_monotonic_time() < until) {
    if (ask_int(f->path, "SELECT value FROM meta WHERE key = 'sealed'") >= id)
      return TRUE;
    g_usleep(20000);
  }
  return FALSE;
}

/* The thread seals by itself once there is much, while more comes in, and the end is right. */
static void
test_thread(Fixture *f, gconstpointer data)
{
  CasaReading reading = reading_of("a", T0, "m0", 0);
  reading.n_fields = 50;
  for (guint i = 0; i < reading.n_fields; i++)
    g_snprintf(reading.fields[i].metric, sizeof reading.fields[i].metric, "m%u", i);
  casa_store_start_upkeep(f->store);
  for (int m = 0; m < 2500; m++, reading.t_ms += 1000) {
    for (guint i = 0; i < reading.n_fields; i++)
      reading.fields[i].value = (m * 31 + (int)i) % 1000 / 10.0;
    put_reading(f, &reading, reading.t_ms + 7);
  }
  g_assert_true(wait_for_seal(f, 100000, 120));
  fixture_reopen(f); /* closing ends the thread at once */
  upkeep(f, reading.t_ms);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 125000);
  g_assert_cmpint(ask_int(f->path, "SELECT min(received_ms - t_ms) * 1000 + max(received_ms - t_ms) FROM reading"), ==, 7007);
}

static void
fill_days(Fixture *f, int days)
{
  for (gint64 t = T0; t < T0 + days * DAY; t += 10 * MINUTE) {
    put_one(f, "a", t, "pm10", (double)(t % 97));
    put_one(f, "b", t, "pm10", (double)(t % 89));
  }
}

static void
test_retention(Fixture *f, gconstpointer data)
{
  f->options.retention_ms = 2 * DAY;
  fixture_reopen(f);
  fill_days(f, 6);
  gint64 now = T0 + 6 * DAY;
  upkeep(f, now);
  g_assert_cmpint(ask_int(f->path, "SELECT min(t_ms) FROM reading"), ==, now - 2 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 2 * 2 * 144);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM rollup_hour"), ==, 2 * 6 * 24);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM rollup_hour"), ==, 2 * 6 * 144);
}

/* Above max_size the oldest samples go, in all series alike; the newest and the hours stay, and the space is used again. */
static void
test_max_size(Fixture *f, gconstpointer data)
{
  f->options.max_size = 600 * 1000;
  fixture_reopen(f);
  gint64 pages = 0;
  for (int day = 0; day < 8; day++) {
    for (gint64 t = T0 + day * DAY; t < T0 + (day + 1) * DAY; t += 2000) {
      CasaReading reading = reading_of("a", t, "pm10", (double)(t % 977) / 10);
      reading.n_fields = 2;
      reading.fields[1] = reading.fields[0];
      reading.fields[1].metric[0] = 'q';
      put_reading(f, &reading, t + t % 251);
    }
    upkeep(f, T0 + (day + 1) * DAY);
    gint64 used = ask_int(f->path, "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count,"
                                   " pragma_freelist_count, pragma_page_size");
    g_assert_cmpint(used, <=, f->options.max_size);
    pages = day == 4 ? ask_int(f->path, "PRAGMA page_count") : pages;
  }
  g_assert_cmpint(ask_int(f->path, "PRAGMA page_count"), <=, pages + pages / 5);
  g_assert_cmpint(ask_int(f->path, "SELECT max(t_ms) FROM reading"), ==, T0 + 8 * DAY - 2000);
  g_assert_cmpint(ask_int(f->path, "SELECT min(t_ms) FROM reading WHERE metric = 'pm10'"), ==,
                  ask_int(f->path, "SELECT min(t_ms) FROM reading WHERE metric = 'qm10'"));
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), >, 43200);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM rollup_hour"), ==, 2 * 8 * 43200);
}

/* A straggler from a time whose raw samples have gone must not shrink the rollups that remember them. */
static void
test_straggler(Fixture *f, gconstpointer data)
{
  f->options.retention_ms = DAY;
  fixture_reopen(f);
  fill_days(f, 3);
  upkeep(f, T0 + 3 * DAY);
  put_one(f, "a", T0 + 1000, "pm10", 5);
  upkeep(f, T0 + 3 * DAY);
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM rollup_hour WHERE t_ms = 1779321600000"), ==, 12);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading WHERE t_ms < 1779321660000"), ==, 0);
}

/* What InfluxDB has not acknowledged stays, however old. */
static void
test_retention_waits_for_outbox(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->options.retention_ms = DAY;
  fixture_reopen(f);
  fill_days(f, 3);
  g_assert_cmpint(casa_store_outbox_open(f->store, "influx", &error), ==, 0);
  upkeep(f, T0 + 3 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 2 * 3 * 144);
  g_assert_true(casa_store_outbox_ack(f->store, "influx", 100, &error));
  upkeep(f, T0 + 3 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT min(id) FROM sample"), ==, 101);
  /* Readers do not see what only waits, and see the rest once. */
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 2 * 144);
}

/* An InfluxDB that this run does not use is waited for too, for as long as samples are kept. */
static void
test_outbox_not_in_use(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->options.retention_ms = 2 * DAY;
  fixture_reopen(f);
  g_assert_cmpint(casa_store_outbox_open(f->store, "influx", &error), ==, 0);
  fill_days(f, 1);
  fixture_reopen(f);
  upkeep(f, T0 + DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 2 * 144);
  upkeep(f, T0 + 4 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
}

/* A file whose samples have all expired still never gives an id twice. */
static void
test_ids_after_expiry(Fixture *f, gconstpointer data)
{
  f->options.retention_ms = DAY;
  fixture_reopen(f);
  fill_days(f, 1);
  gint64 last = casa_store_last_id(f->store);
  upkeep(f, T0 + 30 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  fixture_reopen(f);
  put_one(f, "a", T0 + 30 * DAY, "pm10", 1);
  g_assert_cmpint(casa_store_last_id(f->store), ==, last + 1);
}

/* What the file has without its -wal. */
static gint64
checkpointed(Fixture *f)
{
  g_autofree char *name = g_strdup_printf("file:%s?immutable=1", f->path);
  sqlite3 *db;
  sqlite3_stmt *stmt;
  gint64 n = 0;
  g_assert_cmpint(sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL), ==, SQLITE_OK);
  /* Read while it is written: an odd answer is asked again. */
  if (sqlite3_prepare_v2(db, "SELECT count(*) FROM sample", -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
    n = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return n;
}

/* Long before a commit would have to do it, and long before the minute is over, upkeep has made the checkpoint. */
static void
test_checkpoint_asked(Fixture *f, gconstpointer data)
{
  casa_store_start_upkeep(f->store);
  for (int i = 0; i < 9000; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  gint64 until = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  while (checkpointed(f) < 7000 && g_get_monotonic_time() < until)
    g_usleep(20000);
  g_assert_cmpint(checkpointed(f), >=, 7000);
}

/* --- When upkeep cannot do its work --- */

static GMutex heard_lock;
static GString *heard; /* heard_lock */

static void
hear(const char *domain, GLogLevelFlags level, const char *words, gpointer data)
{
  g_mutex_lock(&heard_lock);
  g_string_append_printf(heard, "%s\n", words);
  g_mutex_unlock(&heard_lock);
}

static gboolean
has_heard(const char *words)
{
  g_mutex_lock(&heard_lock);
  gboolean found = strstr(heard->str, words) != NULL;
  g_mutex_unlock(&heard_lock);
  return found;
}

static void
wait_heard(const char *words)
{
  gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  while (!has_heard(words)) {
    if (g_get_monotonic_time() > until)
      g_error("never said: %s; said was: %s", words, heard->str);
    g_usleep(20000);
  }
}

/* Somebody holds the file when there is much to seal: the thread says so, and seals when it can. */
static void
test_thread_locked_out(Fixture *f, gconstpointer data)
{
  CasaReading reading = reading_of("a", T0, "m0", 0);
  sqlite3 *other;
  heard = g_string_new(NULL);
  GLogFunc before = g_log_set_default_handler(hear, NULL);
  reading.n_fields = 50;
  for (guint i = 0; i < reading.n_fields; i++)
    g_snprintf(reading.fields[i].metric, sizeof reading.fields[i].metric, "m%u", i);
  for (int m = 0; m < 2100; m++, reading.t_ms += 1000)
    put_reading(f, &reading, reading.t_ms);
  g_assert_cmpint(sqlite3_open(f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  casa_store_start_upkeep(f->store);
  wait_heard("upkeep: store ");
  g_assert_true(has_heard("cannot seal older samples"));
  g_assert_true(has_heard("another program holds it locked"));
  g_assert_cmpint(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(other);
  g_assert_true(wait_for_seal(f, 105000, 60));
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 105000);
  g_clear_pointer(&f->store, casa_store_close);
  g_log_set_default_handler(before, NULL);
  g_string_free(g_steal_pointer(&heard), TRUE);
}

/* A checkpoint that finds no room is said, and made when there is room. */
static void
test_checkpoint_without_room(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  struct rlimit before, limit;
  signal(SIGXFSZ, SIG_IGN);
  upkeep(f, T0);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  g_autofree char *payload = g_malloc0(20000);
  for (int i = 0; i < 20; i++)
    g_assert_true(casa_store_put_rejection(f->store, T0, "t", 1, payload, 20000, "json", "not JSON", NULL, &error));
  limit.rlim_cur = 100 * 1024;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_false(casa_store_upkeep(f->store, T0, &error));
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_DISK);
  g_assert_nonnull(strstr(error->message, "cannot checkpoint it"));
  upkeep(f, T0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM rejection"), ==, 20);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/upkeep/no-time", test_no_time);
  ADD("/store/upkeep/brute-force", test_brute_force);
  ADD("/store/upkeep/check-can-fail", test_check_can_fail);
  ADD("/store/upkeep/reader-is-right-before", test_reader_is_right_before_upkeep);
  ADD("/store/upkeep/thread", test_thread);
  ADD("/store/upkeep/checkpoint-asked", test_checkpoint_asked);
  ADD("/store/upkeep/thread-locked-out", test_thread_locked_out);
  ADD("/store/upkeep/checkpoint-without-room", test_checkpoint_without_room);
  ADD("/store/upkeep/retention", test_retention);
  ADD("/store/upkeep/max-size", test_max_size);
  ADD("/store/upkeep/straggler", test_straggler);
  ADD("/store/upkeep/retention-waits-for-outbox", test_retention_waits_for_outbox);
  ADD("/store/upkeep/outbox-not-in-use", test_outbox_not_in_use);
  ADD("/store/upkeep/ids-after-expiry", test_ids_after_expiry);
  return g_test_run();
}
