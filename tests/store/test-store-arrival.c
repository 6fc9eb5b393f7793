/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "store/schema.h"

/* When a sample arrived is kept to the millisecond, however long after its time that was, and history takes few bytes. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define MINUTE G_GINT64_CONSTANT(60000)
#define DAY (1440 * MINUTE)
#define MOMENTS "SELECT count(*) FROM arrival"
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
seal(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
}

/* A sample of its own series that arrives at @received_ms, @lag after its time, and has the one as value. */
static CasaReading
arriving(gint64 received_ms, gint64 lag)
{
  static guint n;
  g_autofree char *name = g_strdup_printf("s%u", n++);
  return reading_of(name, received_ms - lag, "pm10", (double)(received_ms - T0));
}

static void
put_arriving(Fixture *f, gint64 received_ms, gint64 lag)
{
  CasaReading reading = arriving(received_ms, lag);
  g_assert_cmpuint(put_reading(f, &reading, received_ms).fresh, ==, 1);
}

static void
assert_exact(Fixture *f, gint64 n)
{
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, n);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading WHERE received_ms - 1779321600000 IS NOT value"), ==, 0);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(latest->len, ==, n);
  for (guint i = 0; i < latest->len; i++) {
    const CasaLatest *l = &g_array_index(latest, CasaLatest, i);
    g_assert_cmpfloat((double)(l->received_ms - T0), ==, l->value);
  }
}

static void
test_exact(Fixture *f, gconstpointer data)
{
  static const gint64 lags[] = {
    0,
    5,
    -5,
    CASA_LAG_MOST,
    CASA_LAG_MOST + 1,
    CASA_LAG_LEAST,
    CASA_LAG_LEAST - 1,
    CASA_LAG_SHARED,
    CASA_LAG_SHARED - 1,
    DAY,
    -DAY,
    40 * DAY,
    10000 * DAY,
    -10000 * DAY,
  };
  const gint64 room = CASA_LAG_LEAST - CASA_LAG_SHARED;
  /* The clock: stands still, goes on, to the last millisecond that counts from the same moment and to the next, and back. */
  const gint64 clocks[] = { 0, 1, room - 1, room, room + 1, 3 * room, 3 * room - 1, 4 * room - 1, 4 * room, -DAY, 0 };
  gint64 n = 0;
  for (guint c = 0; c < G_N_ELEMENTS(clocks); c++)
    for (guint i = 0; i < G_N_ELEMENTS(lags); i++, n++)
      put_arriving(f, T0 + clocks[c], lags[i]);
  assert_exact(f, n);
  fixture_reopen(f);
  assert_exact(f, n);
  put_arriving(f, T0 + 1, 40 * DAY);
  assert_exact(f, n + 1);
  seal(f);
  assert_exact(f, n + 1);
}

/* A moment that was not written is not counted from. */
static void
test_after_failure(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *stranger;
  CasaReading reading = arriving(T0, DAY);
  CasaPut out;
  g_assert_cmpint(sqlite3_open(f->path, &stranger), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(stranger, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false(casa_store_put_reading(f->store, &reading, T0, &out, &error));
  g_assert_nonnull(error);
  sqlite3_close(stranger);
  put_arriving(f, T0 + 1, DAY);
  put_arriving(f, T0 + 2, DAY);
  assert_exact(f, 2);
}

/* Many share a moment, live samples need none, and those that nothing in the journal counts from are removed. */
static void
test_few_moments(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 500; i++) {
    put_arriving(f, T0 + i, DAY);
    put_arriving(f, T0 + i, 20);
  }
  g_assert_cmpint(ask_int(f->path, MOMENTS), ==, 1);
  for (int i = 1; i < 20; i++)
    put_arriving(f, T0 + i * 80 * MINUTE, DAY);
  g_assert_cmpint(ask_int(f->path, MOMENTS), ==, 20);
  assert_exact(f, 1019);
  seal(f);
  for (int i = 20; i < 25; i++)
    put_arriving(f, T0 + i * 80 * MINUTE, DAY);
  g_assert_cmpint(ask_int(f->path, MOMENTS), <=, 7);
  assert_exact(f, 1024);
}

/* --- Size --- */

static gint64
size_with(Fixture *f, int from, int to, gboolean history)
{
  for (int i = from; i < to; i++) {
    g_autofree char *name = g_strdup_printf("station-%03d", i % 500);
    CasaReading reading = reading_of(name, T0 + i / 500 * 10000 + i % 500 * 7, "load_mw", i * 7919 % 900 / 10.0);
    put_reading(f, &reading, history ? T0 + 40 * DAY : reading.t_ms + i % 118 + 2);
  }
  return ask_int(f->path, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
}

static double
bytes_a_sample(Fixture *f, gboolean history)
{
  gint64 some = size_with(f, 0, 20000, history);
  return (double)(size_with(f, 20000, 60000, history) - some) / 40000;
}

/* The journal is what waits to be sealed, and to be forwarded: at times, days of it. */
static void
test_size(Fixture *f, gconstpointer data)
{
  g_assert_cmpfloat(bytes_a_sample(f, GPOINTER_TO_INT(data)), <=, 26);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/arrival/exact", test_exact);
  ADD("/store/arrival/after-failure", test_after_failure);
  ADD("/store/arrival/few-moments", test_few_moments);
  g_test_add("/store/arrival/size-live", Fixture, GINT_TO_POINTER(FALSE), fixture_set_up, test_size, fixture_tear_down);
  g_test_add("/store/arrival/size-history", Fixture, GINT_TO_POINTER(TRUE), fixture_set_up, test_size, fixture_tear_down);
  return g_test_run();
}
