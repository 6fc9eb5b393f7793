/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>

#include "base/clock.h"
#include "fixture.h"

/* The writer keeps a reading transaction between its commits (connection.c). Nobody may notice. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define COUNT "SELECT count(*) FROM reading"
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
write_as(sqlite3 *db, const char *sql)
{
  char *said = NULL;
  sqlite3_exec(db, sql, NULL, NULL, &said);
  g_assert_cmpstr(said, ==, NULL);
}

/* Another program's connection, which does not wait for locks. It has looked: only then it knows that there is a -wal. */
static sqlite3 *
stranger_new(const char *path)
{
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  write_as(db, "SELECT * FROM meta");
  return db;
}

/* Each kind of write right after a stranger's: it must neither fail nor undo what the stranger wrote. */
static void
test_stranger_writes(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *stranger = stranger_new(f->path);
  CasaReading two = reading_of("kit", T0 + 2, "no2", 1);
  two.fields[1] = two.fields[0];
  g_strlcpy(two.fields[1].metric, "o3", sizeof two.fields[1].metric);
  two.n_fields = 2;
  put_one(f, "kit", T0, "no2", 1);
  write_as(stranger, "INSERT INTO meta VALUES('theirs', 1)");
  g_assert_cmpuint(put_one(f, "kit", T0 + 1, "no2", 2).fresh, ==, 1);
  write_as(stranger, "UPDATE meta SET value = value + 1 WHERE key = 'theirs'");
  g_assert_cmpuint(put_reading(f, &two, T0).fresh, ==, 2);
  write_as(stranger, "UPDATE meta SET value = value + 1 WHERE key = 'theirs'");
  g_assert_true(casa_store_put_gap(f->store, T0, T0 + 1, "session lost", &error));
  put_one(f, "kit", T0 + 3, "no2", 2);
  write_as(stranger, "UPDATE meta SET value = value + 1 WHERE key = 'theirs'");
  g_assert_cmpint(casa_store_outbox_open(f->store, "influx", &error), >=, 0);
  put_one(f, "kit", T0 + 4, "no2", 2);
  write_as(stranger, "UPDATE meta SET value = value + 1 WHERE key = 'theirs'");
  g_assert_true(casa_store_outbox_ack(f->store, "influx", 2, &error));
  put_one(f, "kit", T0 + 5, "no2", 2);
  write_as(stranger, "UPDATE meta SET value = value + 1 WHERE key = 'theirs'");
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 7);
  g_assert_cmpint(ask_int(f->path, "SELECT value FROM meta WHERE key = 'theirs'"), ==, 6);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM gap"), ==, 1);
  sqlite3_close(stranger);
}

/* A stranger who is in the middle of writing is waited for as ever: an error, with words, and afterwards all goes on. */
static void
test_stranger_holds(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *stranger = stranger_new(f->path);
  CasaPut out;
  put_one(f, "kit", T0, "no2", 1);
  write_as(stranger, "BEGIN IMMEDIATE; INSERT INTO meta VALUES('theirs', 1)");
  CasaReading reading = reading_of("kit", T0 + 1, "no2", 2);
  g_assert_false(casa_store_put_reading(f->store, &reading, T0 + 1, &out, &error));
  g_assert_nonnull(strstr(error->message, "another program holds it locked"));
  write_as(stranger, "COMMIT");
  g_assert_cmpuint(put_reading(f, &reading, T0 + 1).fresh, ==, 1);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2);
  sqlite3_close(stranger);
}

static gpointer
commit_later_thread(gpointer stranger)
{
  g_usleep(200000);
  write_as(stranger, "COMMIT");
  return NULL;
}

/* One who is done in time is waited for. So is a reader: SQLite's take the lock to write for a moment when they find the
 * -wal's header half written. */
static void
test_stranger_is_waited_for(Fixture *f, gconstpointer data)
{
  sqlite3 *stranger = stranger_new(f->path);
  CasaReading reading = reading_of("kit", T0 + 1, "no2", 2);
  CasaPut out;
  put_one(f, "kit", T0, "no2", 1);
  /* On a busy machine the stranger may sleep too long: then once more. */
  for (guint tries = 0;; tries++) {
    g_assert_cmpuint(tries, <, 10);
    write_as(stranger, "BEGIN IMMEDIATE");
    GThread *thread = g_thread_new("stranger", commit_later_thread, stranger);
    gboolean stored = casa_store_put_reading(f->store, &reading, T0 + 1, &out, NULL);
    g_thread_join(thread);
    if (stored)
      break;
  }
  g_assert_cmpuint(out.fresh, ==, 1);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2);
  sqlite3_close(stranger);
}

/* What is committed is read from outside at once, in the middle of a burst. */
static void
test_seen_at_once(Fixture *f, gconstpointer data)
{
  sqlite3 *stranger = stranger_new(f->path);
  sqlite3_stmt *stmt;
  g_assert_cmpint(sqlite3_prepare_v2(stranger, COUNT, -1, &stmt, NULL), ==, SQLITE_OK);
  for (int i = 0; i < 200; i++) {
    put_one(f, "kit", T0 + i, "no2", i);
    g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
    g_assert_cmpint(sqlite3_column_int(stmt, 0), ==, i + 1);
    sqlite3_reset(stmt);
  }
  sqlite3_finalize(stmt);
  sqlite3_close(stranger);
}

/* A burst that does not end must not let the -wal grow: 16 MB, and the pages of the last commit. */
static void
test_wal_is_bounded(Fixture *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
  GStatBuf info;
  for (int i = 0; i < 50000; i++) {
    put_one(f, "kit", T0 + i, "no2", i);
    if (i % 1000 == 0) {
      g_assert_cmpint(g_stat(wal, &info), ==, 0);
      g_assert_cmpint(info.st_size, <, 18 * 1024 * 1024);
    }
  }
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 50000);
}

/* Frames in the -wal that a checkpoint as strict as can be leaves behind, or -1: it could not run to its end. */
static int
left_by_checkpoint(sqlite3 *db)
{
  int frames = -1;
  return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, NULL) == SQLITE_OK ? frames : -1;
}

/* Upkeep's own checkpoint gets all of the burst; a stranger's gets through soon after. */
static void
test_checkpoints(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *stranger = stranger_new(f->path);
  put_one(f, "kit", T0, "no2", 1);
  put_one(f, "kit", T0 + 1, "no2", 2);
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
  g_assert_cmpint(left_by_checkpoint(stranger), ==, 0);
  put_one(f, "kit", T0 + 2, "no2", 3);
  casa_store_start_upkeep(f->store);
  gint64 deadline = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (left_by_checkpoint(stranger) != 0) {
    g_assert_cmpint(casa_clock_mono_us(), <, deadline);
    g_usleep(20000);
  }
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 3);
  sqlite3_close(stranger);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/burst/stranger-writes", test_stranger_writes);
  ADD("/store/burst/stranger-holds", test_stranger_holds);
  ADD("/store/burst/stranger-is-waited-for", test_stranger_is_waited_for);
  ADD("/store/burst/seen-at-once", test_seen_at_once);
  ADD("/store/burst/wal-is-bounded", test_wal_is_bounded);
  ADD("/store/burst/checkpoints", test_checkpoints);
  return g_test_run();
}
