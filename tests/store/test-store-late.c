/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "fixture.h"
#include "store/columns.h"
#include "store/store-private.h"

/* What one message may cost: samples that are late, corrected or crowded do no more work than others, whatever is sealed. Work
 * is counted in what SQLite does, not in time. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
seal(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
}

static CasaReading
untimed(gint64 now_ms)
{
  CasaReading reading = reading_of("a", now_ms, "x", 1);
  reading.time_source = CASA_TIME_ARRIVAL;
  return reading;
}

/* --- Work --- */

static int
step_cb(void *data)
{
  (*(guint *)data)++;
  return 0;
}

/* Steps of SQLite's machine that storing @reading takes, in tens. */
static guint
work_of(Fixture *f, const CasaReading *reading)
{
  guint tens = 0;
  sqlite3_progress_handler(f->store->db, 10, step_cb, &tens);
  g_assert_cmpuint(put_reading(f, reading, reading->t_ms).fresh, ==, 1);
  sqlite3_progress_handler(f->store->db, 0, NULL, NULL);
  return tens;
}

/* A second of which every millisecond is taken and sealed, by values that pack badly (a block each) or well. */
static void
fill_second(Fixture *f, gboolean wide)
{
  put_one(f, "a", T0 + 2 * HOUR, "x", 5);
  for (int i = 0; i < 1000; i++)
    put_one(f, "a", T0 + i, "x", wide ? ldexp(1 + i / 1024.0, i % 2 ? 300 : -300) : i / 10.0);
  seal(f);
}

static void
crowded(Fixture *f, gboolean wide)
{
  guint most = 0;
  fill_second(f, wide);
  for (int i = 0; i < 5; i++) {
    CasaReading reading = untimed(T0);
    guint work = work_of(f, &reading);
    most = MAX(most, work);
  }
  g_test_message("at most %u steps of SQLite", most * 10);
  g_assert_cmpuint(most, <, 100);
  g_assert_cmpint(ask_int(f->path, "SELECT count(DISTINCT t_ms) FROM reading"), ==, 1006);
}

static void
test_crowded(Fixture *f, gconstpointer data)
{
  crowded(f, FALSE);
}

static void
test_crowded_wide(Fixture *f, gconstpointer data)
{
  crowded(f, TRUE);
}

/* The journal has every other millisecond, the blocks the rest but one: that is where the sample goes. */
static void
test_crowded_both(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0 + 2 * HOUR, "x", 5);
  for (int i = 0; i < 1000; i += 2)
    if (i != 700)
      put_one(f, "a", T0 + i, "x", i);
  seal(f);
  for (int i = 1; i < 1000; i += 2)
    put_one(f, "a", T0 + i, "x", i);
  CasaReading reading = untimed(T0);
  reading.fields[0].value = 1234;
  put_reading(f, &reading, T0);
  g_assert_cmpint(ask_int(f->path, "SELECT t_ms FROM reading WHERE value = 1234"), ==, T0 + 700);
}

/* --- Corrections --- */

static void
count_blocks_cb(void *data, int what, const char *db, const char *table, sqlite3_int64 row)
{
  if (what == SQLITE_INSERT && g_str_equal(table, "block"))
    (*(guint *)data)++;
}

static double
mean_by_columns(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  guint series = 0;
  CasaColumnQuery query = { .series = &series, .n_series = 1, .from_ms = T0, .to_ms = T0 + 2 * HOUR, .columns = 2 };
  g_autoptr(CasaColumns) columns = casa_reader_columns(reader, &query, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(columns->grain_ms, ==, HOUR);
  g_assert_cmpuint(columns->columns[0].n, ==, 3600);
  return columns->columns[0].mean;
}

/* Corrections rewrite no block when they come, and each block once when upkeep puts them there; all that read show the new
 * values meanwhile, and after a restart. */
static void
test_corrections_wait_for_upkeep(Fixture *f, gconstpointer data)
{
  guint written = 0, most = 0;
  for (int i = 0; i < 7200; i++)
    put_one(f, "a", T0 + i * 1000, "x", 1);
  seal(f);
  gint64 blocks = ask_int(f->path, "SELECT count(*) FROM block");
  sqlite3_update_hook(f->store->db, count_blocks_cb, &written);
  for (int i = 0; i < 3600; i++) {
    CasaReading reading = reading_of("a", T0 + i * 997 % 3600 * 1000, "x", 3);
    guint work = work_of(f, &reading);
    most = MAX(most, work);
  }
  g_test_message("at most %u steps of SQLite", most * 10);
  g_assert_cmpuint(most, <, 30);
  g_assert_cmpuint(written, ==, 0);
  g_assert_cmpfloat(mean_by_columns(f), ==, 3);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 7200);
  g_assert_cmpint(ask_int(f->path, "SELECT total(value) FROM reading"), ==, 3600 * 4);
  g_assert_cmpuint(put_one(f, "a", T0, "x", 3).duplicates, ==, 1);
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, "SELECT total(value) FROM reading"), ==, 3600 * 4);
  g_assert_cmpuint(put_one(f, "a", T0, "x", 3).duplicates, ==, 1);
  sqlite3_update_hook(f->store->db, count_blocks_cb, &written);
  seal(f);
  /* A block may be taken up by two steps. */
  g_assert_cmpuint(written, <=, 4 * blocks);
  g_assert_cmpfloat(mean_by_columns(f), ==, 3);
  g_assert_cmpint(ask_int(f->path, "SELECT total(value) FROM reading"), ==, 3600 * 4);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM superseded"), ==, 0);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
}

/* A new InfluxDB never gets the value that was corrected, and one that is corrected again has the last. */
static void
test_corrections_are_forwarded(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < 100; i++)
    put_one(f, "a", T0 + i * 1000, "x", 1);
  seal(f);
  put_one(f, "a", T0 + 50000, "x", 2);
  put_one(f, "a", T0 + 50000, "x", 3);
  gint64 acked = casa_store_outbox_open(f->store, "influx", &error);
  g_assert_no_error(error);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_autoptr(GArray) rows = casa_reader_outbox(reader, acked, 1000, &error);
  g_assert_cmpuint(rows->len, ==, 100);
  for (guint i = 0; i < rows->len; i++) {
    const CasaOutboxRow *row = &g_array_index(rows, CasaOutboxRow, i);
    g_assert_cmpfloat(row->value, ==, row->t_ms == T0 + 50000 ? 3 : 1);
  }
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 100);
  g_assert_cmpint(ask_int(f->path, "SELECT value FROM reading WHERE t_ms = 1779321650000"), ==, 3);
}

/* Many readings of one series in a message: none is compared with all others. */
static void
test_long_message(Fixture *f, gconstpointer data)
{
  guint n = 20000;
  g_autofree CasaReading *readings = g_new0(CasaReading, n);
  g_autofree CasaField *fields = g_new0(CasaField, n);
  g_autoptr(GError) error = NULL;
  CasaPutResult out = { .fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField)) };
  for (guint i = 0; i < n; i++) {
    readings[i] = reading_of("a", T0 - i, "x", i);
    fields[i] = readings[i].fields[0];
    readings[i].fields = &fields[i];
  }
  readings[n - 1].t_ms = T0;
  g_assert_true(casa_store_put_readings(f->store, readings, n, NULL, T0, &out, &error));
  g_assert_cmpuint(out.fresh, ==, n);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, n - 1);
  g_assert_cmpint(ask_int(f->path, "SELECT value FROM reading WHERE t_ms = 1779321600000"), ==, n - 1);
  g_array_unref(out.fields);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/late/crowded", test_crowded);
  ADD("/store/late/crowded-wide", test_crowded_wide);
  ADD("/store/late/crowded-both", test_crowded_both);
  ADD("/store/late/corrections-wait-for-upkeep", test_corrections_wait_for_upkeep);
  ADD("/store/late/corrections-are-forwarded", test_corrections_are_forwarded);
  ADD("/store/late/long-message", test_long_message);
  return g_test_run();
}
