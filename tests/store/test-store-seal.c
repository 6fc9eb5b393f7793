/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <math.h>

#include "fixture.h"
#include "store/store-private.h"

/* Sealing while others read and write, on a full disk, and next to a block that is damaged. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define COUNT "SELECT count(*) FROM reading"
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
seal(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
}

static void
run_sql(const char *path, const char *sql)
{
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error("%s", sqlite3_errmsg(db));
  sqlite3_close(db);
}

/* --- Readers beside --- */

typedef struct {
  const char *path;
  gint stop;   /* atomic */
  guint looks; /* of the thread, until it is joined */
} Watch;

/* Sample number i has the value i, so that the count says what the sum must be: nothing twice, nothing missing. */
static gpointer
watch_thread(gpointer data)
{
  Watch *watch = data;
  sqlite3 *db;
  sqlite3_stmt *stmt;
  gint64 before = 0;
  g_assert_cmpint(sqlite3_open_v2(watch->path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 10000);
  g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT count(*), total(value), count(DISTINCT t_ms) FROM reading", -1, &stmt, NULL),
                  ==, SQLITE_OK);
  while (!g_atomic_int_get(&watch->stop)) {
    g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
    gint64 n = sqlite3_column_int64(stmt, 0);
    g_assert_cmpint(n, >=, before);
    g_assert_cmpfloat(sqlite3_column_double(stmt, 1), ==, (double)n * (double)(n - 1) / 2);
    g_assert_cmpint(sqlite3_column_int64(stmt, 2), ==, n);
    before = n;
    watch->looks++;
    sqlite3_reset(stmt);
  }
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return NULL;
}

/* The same through the reader's own way, which follows the journal. */
static gboolean
add_cb(const CasaExportRow *row, gpointer data)
{
  gint64 *sums = data;
  sums[0]++;
  sums[1] += (gint64)row->value;
  return TRUE;
}

static gpointer
export_thread(gpointer data)
{
  Watch *watch = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(watch->path, &error);
  g_assert_no_error(error);
  const CasaExportQuery all = { .from_ms = 0, .to_ms = G_MAXINT64 };
  while (!g_atomic_int_get(&watch->stop)) {
    gint64 sums[2] = { 0, 0 };
    g_assert_true(casa_reader_export(reader, &all, add_cb, sums, &error));
    g_assert_no_error(error);
    g_assert_cmpint(sums[1], ==, sums[0] * (sums[0] - 1) / 2);
    watch->looks++;
  }
  return NULL;
}

static void
test_seen_once(Fixture *f, gconstpointer data)
{
  Watch sql = { .path = f->path }, reader = { .path = f->path };
  GThread *threads[] = { g_thread_new("sql", watch_thread, &sql), g_thread_new("reader", export_thread, &reader) };
  for (int i = 0; i < 6000; i++) {
    put_one(f, "a", T0 + i * 100, "pm10", i);
    if (i % 97 == 0)
      seal(f);
  }
  g_atomic_int_set(&sql.stop, 1);
  g_atomic_int_set(&reader.stop, 1);
  g_thread_join(threads[0]);
  g_thread_join(threads[1]);
  g_assert_cmpuint(sql.looks, >, 3);
  g_assert_cmpuint(reader.looks, >, 3);
}

/* --- What a writer has to wait for --- */

/* Rows that one transaction of sealing may write or remove; more is a wait that people see. */
#define CHANGES_MAX 3200

/* Seals to the end. After each step all is there once, whatever part of a series is in blocks. */
static void
seal_in_short_steps(Fixture *f, guint at_least)
{
  gboolean more = TRUE;
  gint64 all = ask_int(f->path, COUNT);
  guint steps = 0;
  for (; more; steps++) {
    g_autoptr(GError) error = NULL;
    casa_store_lock(f->store);
    int before = sqlite3_total_changes(f->store->db);
    gboolean ok = casa_store_seal_step(f->store, TRUE, &more, &error);
    int changes = sqlite3_total_changes(f->store->db) - before;
    casa_store_unlock(f->store);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(changes, <=, CHANGES_MAX);
    g_assert_cmpint(ask_int(f->path, COUNT), ==, all);
  }
  g_assert_cmpuint(steps, >=, at_least);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM block"), ==, all);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
}

/* Values of all sizes need a block each. */
static void
test_short_steps_wide(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 6000; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", ldexp(1 + i / 8192.0, i % 2 ? 250 : -250));
  seal_in_short_steps(f, 3);
}

/* Each late sample falls into a block, and into an hour, of its own. */
static void
test_short_steps_late(Fixture *f, gconstpointer data)
{
  const int samples = 40000, late = 1500;
  for (int i = 0; i < samples; i++)
    put_one(f, "a", T0 + (gint64)i * 60000, "pm10", i);
  seal(f);
  for (int i = 0; i < late; i++)
    put_one(f, "a", T0 + 30000 + (gint64)(i * 7919 % samples) * 60000, "pm10", i);
  put_one(f, "a", T0 + 120000, "pm10", -1); /* and a corrected one */
  seal_in_short_steps(f, 2);
}

/* Some corrected, when the newest sealed sample is the very one that goes: its hour must not count it twice. */
static void
test_short_steps_corrected(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 100; i++)
    put_one(f, "a", T0 + (gint64)i * 60000, "pm10", i);
  seal(f);
  put_one(f, "a", T0 + 99 * 60000, "pm10", 1000);
  seal_in_short_steps(f, 1);
  put_one(f, "a", T0 + 60 * 60000, "pm10", 2000);
  put_one(f, "a", T0 + 100 * 60000, "pm10", 100);
  seal_in_short_steps(f, 1);
}

static void
test_short_steps_many(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 9000; i++) {
    g_autofree char *station = g_strdup_printf("s%d", i % 3000);
    put_one(f, station, T0 + i / 3000 * HOUR, "pm10", i);
  }
  seal_in_short_steps(f, 9);
}

/* --- A disk that fills up while samples are sealed --- */

static void
test_disk_full(Fixture *f, gconstpointer data)
{
  struct rlimit before, limit;
  gboolean done = FALSE;
  signal(SIGXFSZ, SIG_IGN);
  for (int i = 0; i < 6000; i++)
    put_one(f, "a", T0 + i * 977, "pm10", i * 0.7);
  getrlimit(RLIMIT_FSIZE, &before);
  limit = before;
  /* A little more room each time: it fills up at another moment. */
  for (guint room = 4; !done; room += 4) {
    g_autoptr(GError) error = NULL;
    g_autofree char *wal = g_strconcat(f->path, "-wal", NULL), *bytes = NULL;
    gsize len = 0;
    g_assert_cmpuint(room, <, 1000);
    g_assert_true(g_file_get_contents(wal, &bytes, &len, NULL));
    limit.rlim_cur = (rlim_t)len + room * 1024;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    done = casa_store_upkeep(f->store, T0, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_true(done || g_error_matches(error, CASA_ERROR, CASA_ERROR_STORE_DISK));
    g_assert_true(done || strstr(error->message, "free space"));
    g_assert_true(room > 4 || !done);
    g_assert_cmpint(ask_int(f->path, COUNT), ==, 6000);
  }
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
  g_autofree char *integrity = ask_text(f->path, "PRAGMA integrity_check");
  g_assert_cmpstr(integrity, ==, "ok");
}

/* --- Damage --- */

static gboolean
count_cb(const CasaExportRow *row, gpointer data)
{
  (*(guint *)data)++;
  return TRUE;
}

static guint
exported(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  const CasaExportQuery all = { .from_ms = G_MININT64, .to_ms = G_MAXINT64 };
  guint n = 0;
  g_assert_true(casa_reader_export(reader, &all, count_cb, &n, &error));
  g_assert_no_error(error);
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  g_assert_nonnull(latest);
  return n;
}

/* One block that cannot be read hides no other, is kept for who wants to repair it, and its time can be filled again. */
static void
test_damaged_block(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3 * 512; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i / 10.0);
  put_one(f, "b", T0, "pm10", 1);
  seal(f);
  g_clear_pointer(&f->store, casa_store_close);
  run_sql(f->path, "UPDATE block SET v = x'0102' WHERE id = (SELECT id FROM block ORDER BY id LIMIT 1 OFFSET 1)");
  g_assert_cmpuint(exported(f), ==, 2 * 512 + 1);
  fixture_reopen(f);
  /* A correction, a straggler and its repetition in the middle of the damage. */
  g_assert_cmpuint(put_one(f, "a", T0 + 700 * 1000, "pm10", 7).fresh, ==, 1);
  g_assert_cmpuint(put_one(f, "a", T0 + 700 * 1000 + 1, "pm10", 8).fresh, ==, 1);
  seal(f);
  g_assert_cmpuint(put_one(f, "a", T0 + 700 * 1000, "pm10", 7).duplicates, ==, 1);
  g_assert_cmpuint(exported(f), ==, 2 * 512 + 3);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2 * 512 + 3);
  g_assert_cmpint(ask_int(f->path, "SELECT n FROM damaged"), ==, 512);
}

/* --- Layout --- */

/* Regular, rounded data: what a sample costs in its block, and that blocks fill up over many passes. */
static void
test_size(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 20000; i++) {
    CasaReading reading = reading_of("a", T0 + i * 1000, "pm10", 20 + i * 7919 % 200 / 10.0);
    put_reading(f, &reading, T0 + i * 1000 + i % 200);
    if (i % 100 == 0)
      seal(f);
  }
  seal(f);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM block"), ==, (20000 + 511) / 512);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(length(t) + length(r) + length(v)) FROM block"), ==, 2 * 20000);
}

/* History that is filled in backwards ends in full blocks too, not in one a pass. */
static void
test_backwards(Fixture *f, gconstpointer data)
{
  for (int i = 5000; i > 0; i--) {
    put_one(f, "a", T0 + i * 1000, "pm10", i);
    if (i % 50 == 0)
      seal(f);
  }
  seal(f);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM block"), <, 2 * 5000 / 512 + 2);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 5000);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
}

/* A new target gets all that is kept, each once, however much of it has left the journal; readers see no change. */
static void
test_new_target(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) got = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  gint64 sum = 0, before = 0;
  for (int i = 0; i < 2000; i++) {
    put_one(f, i % 2 ? "a" : "b", T0 + i * 1000, "pm10", i);
    if (i == 900)
      g_assert_cmpint(casa_store_outbox_open(f->store, "first", &error), >=, 0);
    if (i % 700 == 0)
      seal(f);
  }
  put_one(f, "b", T0, "pm10", 0.5); /* corrected: its old id is nobody's */
  g_assert_cmpint(casa_store_outbox_open(f->store, "first", &error), >=, 0);
  g_assert_true(casa_store_outbox_ack(f->store, "first", 1500, &error));
  seal(f);
  put_one(f, "a", T0 + 2001 * 1000, "pm10", 0);
  gint64 acked = casa_store_outbox_open(f->store, "second", &error);
  g_assert_cmpint(acked, >=, 0);
  g_assert_cmpint(casa_store_last_id(f->store) - acked, >=, 2001);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2001);
  g_assert_cmpuint(exported(f), ==, 2001);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_autoptr(GArray) rows = casa_reader_outbox(reader, acked, 10000, &error);
  for (guint i = 0; i < rows->len; i++) {
    const CasaOutboxRow *row = &g_array_index(rows, CasaOutboxRow, i);
    gint64 *key = g_memdup2(&row->t_ms, sizeof row->t_ms);
    g_assert_cmpint(row->id, >, before);
    before = row->id;
    g_assert_true(g_hash_table_add(got, key));
    sum += (gint64)(row->value * 2);
  }
  g_assert_cmpuint(rows->len, ==, 2001);
  g_assert_cmpint(sum, ==, 2000 * 1999 + 1);
  fixture_reopen(f);
  g_assert_cmpint(casa_store_outbox_open(f->store, "second", &error), ==, acked);
  g_assert_true(casa_store_outbox_ack(f->store, "second", casa_store_last_id(f->store), &error));
  g_assert_true(casa_store_outbox_ack(f->store, "first", casa_store_last_id(f->store), &error));
  seal(f);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2001);
}

/* Times that a block cannot say are refused, and counted so. */
static void
test_far_times(Fixture *f, gconstpointer data)
{
  g_assert_cmpuint(put_one(f, "a", G_MAXINT64 - 5, "pm10", 1).refused, ==, 1);
  g_assert_cmpuint(put_one(f, "a", -(G_GINT64_CONSTANT(1) << 42), "pm10", 1).refused, ==, 1);
  g_assert_cmpuint(put_one(f, "a", 1 - (G_GINT64_CONSTANT(1) << 42), "pm10", 1).fresh, ==, 1); /* 1830 */
  g_assert_cmpuint(put_one(f, "a", G_GINT64_CONSTANT(4398000000000), "pm10", 2).fresh, ==, 1); /* 2109 */
  seal(f);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(value) FROM reading"), ==, 3);
  g_assert_cmpuint(exported(f), ==, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/seal/seen-once", test_seen_once);
  ADD("/store/seal/short-steps/wide", test_short_steps_wide);
  ADD("/store/seal/short-steps/late", test_short_steps_late);
  ADD("/store/seal/short-steps/corrected", test_short_steps_corrected);
  ADD("/store/seal/short-steps/many", test_short_steps_many);
  ADD("/store/seal/disk-full", test_disk_full);
  ADD("/store/seal/damaged-block", test_damaged_block);
  ADD("/store/seal/size", test_size);
  ADD("/store/seal/backwards", test_backwards);
  ADD("/store/seal/new-target", test_new_target);
  ADD("/store/seal/far-times", test_far_times);
  return g_test_run();
}
