/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fixture.h"

/* The file goes from under a store that is open: nothing that was stored is lost, and it goes on in its place. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define COUNT "SELECT count(*) FROM reading"
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
upkeep(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
}

/* Sealed ones, and ones in the journal. */
static void
put_some(Fixture *f, int from, int to)
{
  for (int i = from; i < to; i++) {
    put_one(f, i % 2 ? "a" : "b", T0 + i * 1000, "pm10", i);
    if (i == (from + to) / 2)
      upkeep(f);
  }
}

static char *
part(Fixture *f, const char *end)
{
  return g_strconcat(f->path, end, NULL);
}

static void
erase(Fixture *f, const char *end)
{
  g_autofree char *name = part(f, end);
  g_assert_cmpint(g_unlink(name), ==, 0);
}

/* The one file beside the store whose name holds @word; NULL: there is none. */
static char *
beside(Fixture *f, const char *word)
{
  g_autofree char *folder = g_path_get_dirname(f->path);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  char *found = NULL;
  while ((name = g_dir_read_name(dir)))
    if (strstr(name, word) && !g_str_has_suffix(name, "-wal") && !g_str_has_suffix(name, "-shm")) {
      g_assert_null(found);
      found = g_build_filename(folder, name, NULL);
    }
  return found;
}

/* @n are there, more come, and they are there too after the store was closed. */
static void
assert_goes_on(Fixture *f, int n)
{
  g_assert_cmpint(ask_int(f->path, COUNT), ==, n);
  put_some(f, n, n + 100);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, n + 100);
  g_assert_cmpuint(put_one(f, "b", T0, "pm10", 0).duplicates, ==, 1);
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, n + 100);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading WHERE value = (t_ms - 1779321600000) / 1000"), ==, n + 100);
  g_autofree char *sound = ask_text(f->path, "PRAGMA integrity_check"), *left = beside(f, "rescued");
  g_assert_cmpstr(sound, ==, "ok");
  g_assert_null(left);
}

static void
test_erased(Fixture *f, gconstpointer data)
{
  put_some(f, 0, 1000);
  erase(f, "");
  put_one(f, "b", T0 + 1000 * 1000, "pm10", 1000); /* before anybody has looked */
  upkeep(f);
  assert_goes_on(f, 1001);
}

static void
test_all_erased(Fixture *f, gconstpointer data)
{
  put_some(f, 0, 1000);
  erase(f, "");
  erase(f, "-wal");
  erase(f, "-shm");
  erase(f, ".lock");
  upkeep(f);
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_store_open(&f->options, NULL, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_BUSY); /* the lock is held again */
  assert_goes_on(f, 1000);
}

static void
test_folder_erased(Fixture *f, gconstpointer data)
{
  static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
  g_autofree char *folder = g_path_get_dirname(f->path);
  put_some(f, 0, 1000);
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    erase(f, ends[i]);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
  upkeep(f);
  assert_goes_on(f, 1000);
}

/* The thread that upkeep runs on finds out by itself. */
static void
test_found_out(Fixture *f, gconstpointer data)
{
  put_some(f, 0, 1000);
  casa_store_start_upkeep(f->store);
  erase(f, "");
  gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  while (!g_file_test(f->path, G_FILE_TEST_EXISTS) && g_get_monotonic_time() < until)
    g_usleep(20000);
  assert_goes_on(f, 1000);
}

static void
test_erased_before_the_end(Fixture *f, gconstpointer data)
{
  put_some(f, 0, 1000);
  erase(f, "");
  fixture_reopen(f);
  assert_goes_on(f, 1000);
}

/* Where it was moved to it is whole as well. */
static void
test_moved(Fixture *f, gconstpointer data)
{
  g_autofree char *elsewhere = part(f, ".old");
  put_some(f, 0, 1000);
  g_assert_cmpint(g_rename(f->path, elsewhere), ==, 0);
  upkeep(f);
  g_assert_cmpint(ask_int(elsewhere, COUNT), ==, 1000);
  assert_goes_on(f, 1000);
}

static void
run_sql(const char *path, const char *sql)
{
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(db);
}

/* Somebody puts a backup in its place: under a running program the numbers in it would mean other series. */
static void
test_replaced(Fixture *f, gconstpointer data)
{
  g_autofree char *backup = part(f, ".backup"), *copy = g_strdup_printf("VACUUM INTO '%s'", backup);
  put_some(f, 0, 400);
  run_sql(f->path, copy);
  put_some(f, 400, 1000);
  g_assert_cmpint(g_rename(backup, f->path), ==, 0);
  upkeep(f);
  g_autofree char *aside = beside(f, ".replaced-");
  g_assert_nonnull(aside);
  g_assert_cmpint(ask_int(aside, COUNT), ==, 400);
  assert_goes_on(f, 1000);
}

/* A database that is open elsewhere, with a -wal of its own, comes to no harm. */
static void
test_replaced_with_wal(Fixture *f, gconstpointer data)
{
  sqlite3 *other;
  put_some(f, 0, 1000);
  erase(f, "");
  erase(f, "-wal");
  erase(f, "-shm");
  g_assert_cmpint(sqlite3_open(f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(other, "PRAGMA journal_mode = WAL; CREATE TABLE list(what); INSERT INTO list VALUES('bread')",
                               NULL, NULL, NULL),
                  ==, SQLITE_OK);
  upkeep(f);
  g_autofree char *aside = beside(f, ".replaced-");
  g_assert_nonnull(aside);
  g_assert_cmpint(ask_int(aside, "SELECT count(*) FROM list WHERE what = 'bread'"), ==, 1);
  sqlite3_close(other);
  assert_goes_on(f, 1000);
}

/* A reader that was open goes on with what came afterwards; the forwarder's place still says what it said. */
static void
test_readers_follow(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(casa_store_outbox_open(f->store, "influx", &error), ==, 0);
  put_some(f, 0, 1000);
  g_autoptr(GArray) before = casa_reader_outbox(reader, 990, 100, &error);
  g_assert_cmpuint(before->len, ==, 10);
  erase(f, "");
  g_assert_true(casa_reader_is_lost(reader));
  g_autoptr(GArray) meanwhile = casa_reader_outbox(reader, 990, 100, &error);
  g_assert_cmpuint(meanwhile->len, ==, 10);
  upkeep(f);
  put_one(f, "a", T0 + 1001 * 1000, "pm10", 1001);
  g_autoptr(GArray) after = casa_reader_outbox(reader, 990, 100, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(after->len, ==, 11);
  g_assert_false(casa_reader_is_lost(reader));
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  g_assert_cmpuint(latest->len, ==, 2);
  g_assert_cmpint(MAX(g_array_index(latest, CasaLatest, 0).t_ms, g_array_index(latest, CasaLatest, 1).t_ms), ==,
                  T0 + 1001 * 1000);
}

/* What another store says of series 1 is nothing for a reader of this one. */
static void
test_readers_do_not_stray(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = part(f, ".other");
  CasaStore *other = casa_store_open(&(CasaStoreOptions){ .path = path }, NULL, &error);
  g_assert_no_error(error);
  casa_store_close(other);
  put_some(f, 0, 10);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(g_rename(path, f->path), ==, 0);
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(latest->len, ==, 2);
  g_assert_true(casa_reader_is_lost(reader));
  upkeep(f);
  put_one(f, "c", T0, "pm10", 1);
  g_autoptr(GArray) found = casa_reader_latest(reader, &error);
  g_assert_cmpuint(found->len, ==, 3);
}

static void
assert_refused(Fixture *f, const char *words)
{
  g_autoptr(GError) error = NULL, put_error = NULL;
  CasaPut out;
  CasaReading reading = reading_of("a", T0 + 5000 * 1000, "pm10", 5000);
  g_assert_false(casa_store_upkeep(f->store, T0, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_IO);
  g_assert_nonnull(strstr(error->message, "cannot be put back"));
  g_assert_nonnull(strstr(error->message, words));
  g_assert_false(casa_store_put_reading(f->store, &reading, T0, &out, &put_error));
  g_assert_error(put_error, CASA_ERROR, CASA_ERROR_IO);
  g_assert_nonnull(strstr(put_error->message, "cannot be put back"));
  g_assert_nonnull(strstr(put_error->message, words));
}

/* Nothing is taken, and so nothing acknowledged, as long as there is no place for it; then all is there. */
static void
test_no_place(Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname(f->path), *away = g_strconcat(folder, ".away", NULL);
  put_some(f, 0, 1000);
  g_assert_cmpint(g_rename(folder, away), ==, 0);
  g_assert_true(g_file_set_contents(folder, "in the way", -1, NULL));
  assert_refused(f, "folder");
  g_assert_cmpint(g_unlink(folder), ==, 0);
  g_assert_cmpint(g_rename(away, folder), ==, 0);
  upkeep(f);
  assert_goes_on(f, 1000);
}

/* A disk without room for the copy: nothing is left lying about, and it is put back when there is room. */
static void
test_no_room(Fixture *f, gconstpointer data)
{
  struct rlimit before, limit;
  signal(SIGXFSZ, SIG_IGN);
  put_some(f, 0, 5000);
  erase(f, "");
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 8192;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  for (int i = 0; i < 2; i++)
    assert_refused(f, "free space");
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  g_autofree char *left = beside(f, ".rescued-");
  g_assert_null(left);
  upkeep(f);
  assert_goes_on(f, 5000);
}

/* The program ends before there is a place: that is said, in so many words. */
static void
test_never_put_back(Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname(f->path), *away = g_strconcat(folder, ".away", NULL);
  put_some(f, 0, 100);
  g_assert_cmpint(g_rename(folder, away), ==, 0);
  g_assert_true(g_file_set_contents(folder, "in the way", -1, NULL));
  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE, "*cannot be put back*");
  g_clear_pointer(&f->store, casa_store_close);
  g_test_assert_expected_messages();
}

/* Who erases the lock as well lets another program begin in the same place: that one stays, untouched. */
static void
test_place_taken(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
  CasaPut out;
  put_some(f, 0, 1000);
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    erase(f, ends[i]);
  CasaStore *other = casa_store_open(&f->options, NULL, &error);
  g_assert_no_error(error);
  assert_refused(f, "another Casa Pulse program");
  CasaReading reading = reading_of("z", T0, "pm10", 1);
  g_assert_true(casa_store_put_reading(other, &reading, T0, &out, &error));
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 1);
  casa_store_close(other);
  fixture_reopen(f); /* the first ends, and takes its place back before */
  g_autofree char *aside = beside(f, ".replaced-");
  g_assert_nonnull(aside);
  g_assert_cmpint(ask_int(aside, COUNT), ==, 1);
  assert_goes_on(f, 1000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/place/erased", test_erased);
  ADD("/store/place/all-erased", test_all_erased);
  ADD("/store/place/folder-erased", test_folder_erased);
  ADD("/store/place/found-out", test_found_out);
  ADD("/store/place/erased-before-the-end", test_erased_before_the_end);
  ADD("/store/place/moved", test_moved);
  ADD("/store/place/replaced", test_replaced);
  ADD("/store/place/replaced-with-wal", test_replaced_with_wal);
  ADD("/store/place/readers-follow", test_readers_follow);
  ADD("/store/place/readers-do-not-stray", test_readers_do_not_stray);
  ADD("/store/place/no-place", test_no_place);
  ADD("/store/place/no-room", test_no_room);
  ADD("/store/place/never-put-back", test_never_put_back);
  ADD("/store/place/taken-by-another", test_place_taken);
  return g_test_run();
}
