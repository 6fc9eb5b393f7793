/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

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
    t -= g_test_rand_int_range(0, (int) (3 * HOUR));
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
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM rollup_minute"), >, 1000);
  g_assert_cmpint(wrong_rollups(f->path, "rollup_minute", MINUTE), ==, 0);
  g_assert_cmpint(wrong_rollups(f->path, "rollup_hour", HOUR), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT value FROM meta WHERE key = 'watermark'"), ==, casa_store_last_id(f->store));
}

/* The check above can fail. */
static void
test_check_can_fail(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0, "pm10", 1);
  upkeep(f, T0);
  g_assert_cmpint(wrong_rollups(f->path, "rollup_minute", MINUTE), ==, 0);
  put_one(f, "a", T0, "pm10", 2);
  g_assert_cmpint(wrong_rollups(f->path, "rollup_minute", MINUTE), ==, 1);
  upkeep(f, T0);
  g_assert_cmpint(wrong_rollups(f->path, "rollup_minute", MINUTE), ==, 0);
}

/* What a reader sees of minutes or hours, against raw samples added up here. */
static void
compare_with_raw(Fixture *f, CasaReader *reader, guint series, gint64 from, gint64 to, guint max_buckets)
{
  g_autoptr(GError) error = NULL;
  gint64 width, n = 0;
  g_autoptr(GArray) buckets = casa_reader_series(reader, series, from, to, max_buckets, &width, &error);
  g_assert_no_error(error);
  g_assert_cmpint(width, >=, MINUTE);
  for (guint i = 0; i < buckets->len; i++) {
    const CasaBucket *b = &g_array_index(buckets, CasaBucket, i);
    g_autofree char *where = g_strdup_printf(" FROM sample WHERE series = %u AND t_ms >= %" G_GINT64_FORMAT
                                             " AND t_ms < %" G_GINT64_FORMAT,
                                             series + 1, b->t_ms, b->t_ms + width);
    g_autofree char *average = g_strconcat("SELECT avg(value)", where, NULL), *count = g_strconcat("SELECT count(*)", where, NULL);
    g_autofree char *high = g_strconcat("SELECT max(value)", where, NULL);
    g_autofree char *last = g_strconcat("SELECT value", where, " ORDER BY t_ms DESC LIMIT 1", NULL);
    g_assert_cmpint(b->n, ==, ask_int(f->path, count));
    g_assert_cmpfloat_with_epsilon(b->mean, ask_double(f->path, average), 1e-9);
    g_assert_cmpfloat(b->max, ==, ask_double(f->path, high));
    g_assert_cmpfloat(b->last, ==, ask_double(f->path, last));
    g_assert_true(i == 0 || b[-1].t_ms < b->t_ms);
    n += b->n;
  }
  g_autofree char *all = g_strdup_printf("SELECT count(*) FROM sample WHERE series = %u", series + 1);
  g_assert_cmpint(n, ==, ask_int(f->path, all));
}

/* Rollups behind, half done or up to date: a reader sees the same, corrected values included. */
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
wait_for_watermark(Fixture *f, double seconds)
{
  gint64 until = g_get_monotonic_time() + (gint64) (seconds * G_USEC_PER_SEC);
  while (g_get_monotonic_time() < until) {
    if (ask_int(f->path, "SELECT value FROM meta WHERE key = 'watermark'") == casa_store_last_id(f->store))
      return TRUE;
    g_usleep(20000);
  }
  return FALSE;
}

/* The thread keeps up with a backfill while it comes in, and the end is right. */
static void
test_thread(Fixture *f, gconstpointer data)
{
  gint64 clock = T0;
  casa_store_start_upkeep(f->store);
  for (int i = 0; i < 8000; i++)
    put_random(f, &clock);
  g_assert_true(wait_for_watermark(f, 120));
  g_assert_cmpint(wrong_rollups(f->path, "rollup_minute", MINUTE), ==, 0);
  g_assert_cmpint(wrong_rollups(f->path, "rollup_hour", HOUR), ==, 0);
  fixture_reopen(f); /* closing ends the thread at once */
}

static void
fill_days(Fixture *f, int days)
{
  for (gint64 t = T0; t < T0 + days * DAY; t += 10 * MINUTE) {
    put_one(f, "a", t, "pm10", (double) (t % 97));
    put_one(f, "b", t, "pm10", (double) (t % 89));
  }
}

static void
test_retention(Fixture *f, gconstpointer data)
{
  f->options.retention_ms = 2 * DAY;
  f->options.rollup_retention_ms = 4 * DAY;
  fixture_reopen(f);
  fill_days(f, 6);
  gint64 now = T0 + 6 * DAY;
  upkeep(f, now);
  g_assert_cmpint(ask_int(f->path, "SELECT min(t_ms) FROM sample"), ==, now - 2 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 2 * 2 * 144);
  g_assert_cmpint(ask_int(f->path, "SELECT min(t_ms) FROM rollup_minute"), ==, now - 4 * DAY);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM rollup_hour"), ==, 2 * 6 * 24);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM rollup_hour"), ==, 2 * 6 * 144);
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
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample WHERE t_ms < 1779321660000"), ==, 0);
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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/upkeep/brute-force", test_brute_force);
  ADD("/store/upkeep/check-can-fail", test_check_can_fail);
  ADD("/store/upkeep/reader-is-right-before", test_reader_is_right_before_upkeep);
  ADD("/store/upkeep/thread", test_thread);
  ADD("/store/upkeep/retention", test_retention);
  ADD("/store/upkeep/straggler", test_straggler);
  ADD("/store/upkeep/retention-waits-for-outbox", test_retention_waits_for_outbox);
  ADD("/store/upkeep/ids-after-expiry", test_ids_after_expiry);
  return g_test_run();
}
