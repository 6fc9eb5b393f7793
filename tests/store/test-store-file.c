/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fixture.h"
#include "store/schema.h"

#define T0 G_GINT64_CONSTANT(1779321600000)
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

/* Opening must fail with @code and name the file. */
static void
assert_refused(const char *path, CasaErrorCode code, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *aside = NULL;
  CasaStore *store = casa_store_open(&(CasaStoreOptions){ .path = path }, &aside, &error);
  g_assert_null(store);
  g_assert_error(error, CASA_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, path));
  g_assert_nonnull(strstr(error->message, words));
  g_assert_null(aside);
}

static void
run_sql(const char *path, const char *sql)
{
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
  if (code != SQLITE_OK)
    g_error("%s", sqlite3_errmsg(db));
  sqlite3_close(db);
}

static void
test_busy(Fixture *f, gconstpointer data)
{
  assert_refused(f->path, CASA_ERROR_STORE_BUSY, "another Casa Pulse program");
  g_autofree char *link = g_build_filename(f->folder, "link.db", NULL);
  g_assert_cmpint(symlink(f->path, link), ==, 0);
  assert_refused(link, CASA_ERROR_STORE_BUSY, "another Casa Pulse program");
  put_one(f, "a", T0, "pm10", 1); /* the first goes on */
  fixture_reopen(f);              /* and when it has closed, the next may come */
}

static void
test_newer(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0, "pm10", 1);
  g_clear_pointer(&f->store, casa_store_close);
  run_sql(f->path, "PRAGMA user_version = 9999");
  assert_refused(f->path, CASA_ERROR_STORE_NEWER, "newer program");
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 1);
}

static void
test_foreign(Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename(f->folder, "shopping.db", NULL);
  run_sql(path, "CREATE TABLE list(what); INSERT INTO list VALUES('bread')");
  assert_refused(path, CASA_ERROR_IO, "another program");
  g_assert_cmpint(ask_int(path, "SELECT count(*) FROM list"), ==, 1);
}

static void
test_unusable_place(Fixture *f, gconstpointer data)
{
  g_autofree char *file = g_build_filename(f->folder, "plain", NULL);
  g_autofree char *inside = g_build_filename(file, "pulse.db", NULL);
  g_assert_true(g_file_set_contents(file, "x", 1, NULL));
  assert_refused(inside, CASA_ERROR_IO, "folder");
  g_autofree char *folder = g_path_get_dirname(f->path);
  assert_refused(folder, CASA_ERROR_STORE_ABSENT, "cannot"); /* a folder where the file should be */
  g_autofree char *other = g_build_filename(f->folder, "other.db", NULL), *lock = g_strconcat(other, ".lock", NULL);
  g_assert_cmpint(g_mkdir(lock, 0700), ==, 0); /* and one where the lock should be */
  assert_refused(other, CASA_ERROR_IO, "cannot make its lock file");
}

/* Opens a damaged file: a fresh store begins, and every byte of the old one is kept. */
static void
assert_set_aside(Fixture *f, const char *damaged, gsize len)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *aside = NULL, *kept = NULL;
  gsize kept_len = 0;
  f->store = casa_store_open(&f->options, &aside, &error);
  g_assert_no_error(error);
  g_assert_nonnull(f->store);
  g_assert_nonnull(aside);
  g_assert_nonnull(strstr(aside, ".corrupt-"));
  g_assert_true(g_file_get_contents(aside, &kept, &kept_len, NULL));
  g_assert_cmpmem(kept, kept_len, damaged, len);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 0);
  put_one(f, "a", T0, "pm10", 1);
}

/* Files beside the store whose name holds @part and ends in @end. */
static guint
files_with(Fixture *f, const char *part, const char *end)
{
  g_autofree char *folder = g_path_get_dirname(f->path);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  guint n = 0;
  while ((name = g_dir_read_name(dir)))
    n += strstr(name, part) && g_str_has_suffix(name, end);
  return n;
}

static void
test_garbage(Fixture *f, gconstpointer data)
{
  static const char junk[] = "this was never a database; somebody redirected the wrong output into it, and it is long "
                             "enough that the header is all wrong and cannot be taken for an empty file";
  for (int i = 0; i < 2; i++) { /* twice within a second: two names */
    g_clear_pointer(&f->store, casa_store_close);
    g_assert_true(g_file_set_contents(f->path, junk, sizeof junk, NULL));
    assert_set_aside(f, junk, sizeof junk);
  }
}

/* Pages in the middle of the file overwritten, with a -wal beside that must come along. */
static void
test_damaged_pages(Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL, *wal = g_strconcat(f->path, "-wal", NULL);
  gsize len;
  for (int i = 0; i < 3000; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  g_clear_pointer(&f->store, casa_store_close);
  g_assert_true(g_file_get_contents(f->path, &bytes, &len, NULL));
  g_assert_cmpuint(len, >, 60 * 1024);
  for (gsize page = 2; page < len / 1024; page++)
    memset(bytes + page * 1024, 0xa5, 200);
  g_assert_true(g_file_set_contents(f->path, bytes, (gssize)len, NULL));
  g_assert_true(g_file_set_contents(wal, "left over", -1, NULL));
  assert_set_aside(f, bytes, len);
  g_assert_cmpuint(files_with(f, ".corrupt-", "-wal"), ==, 1);
}

static void
test_truncated(Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize len;
  for (int i = 0; i < 3000; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  g_clear_pointer(&f->store, casa_store_close);
  g_assert_true(g_file_get_contents(f->path, &bytes, &len, NULL));
  len = len / 2 + 100;
  g_assert_true(g_file_set_contents(f->path, bytes, (gssize)len, NULL));
  assert_set_aside(f, bytes, len);
}

/* An empty file is a new store, not a damaged one. */
static void
test_empty_file(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *aside = NULL, *path = g_build_filename(f->folder, "empty.db", NULL);
  g_assert_true(g_file_set_contents(path, "", 0, NULL));
  CasaStore *store = casa_store_open(&(CasaStoreOptions){ .path = path }, &aside, &error);
  g_assert_no_error(error);
  g_assert_nonnull(store);
  g_assert_null(aside);
  casa_store_close(store);
}

/* A file that is sound to SQLite but lacks something of ours is not written over: the message names it, all stays. */
static void
test_lacking(Fixture *f, gconstpointer data)
{
  static const char *const harm[] = {
    "ALTER TABLE station RENAME TO x",
    "ALTER TABLE series RENAME TO x",
    "ALTER TABLE meta RENAME TO x",
    "ALTER TABLE sample RENAME TO x",
    "ALTER TABLE outbox RENAME TO x",
    "ALTER TABLE rejection_log RENAME TO x",
    "ALTER TABLE sample RENAME COLUMN lag TO x",
  };
  for (guint i = 0; i < G_N_ELEMENTS(harm); i++) {
    g_autofree char *path = g_strdup_printf("%s-%u", f->path, i);
    g_autoptr(GError) error = NULL;
    CasaStore *store = casa_store_open(&(CasaStoreOptions){ .path = path }, NULL, &error);
    g_assert_no_error(error);
    casa_store_close(store);
    run_sql(path, "DROP VIEW reading; DROP VIEW rejection");
    run_sql(path, harm[i]);
    assert_refused(path, CASA_ERROR_IO, "read it");
  }
  put_one(f, "a", T0, "pm10", 1);
  put_one(f, "b", T0, "pm10", 1);
  g_clear_pointer(&f->store, casa_store_close);
  run_sql(f->path, "DELETE FROM series WHERE id = 1");
  assert_refused(f->path, CASA_ERROR_STORE_CORRUPT, "row 1 of table series is missing");
  run_sql(f->path, "UPDATE station SET id = 7 WHERE id = 2");
  assert_refused(f->path, CASA_ERROR_STORE_CORRUPT, "row 2 of table station is missing");
}

/* --- A disk that fills up, by RLIMIT_FSIZE: writes beyond fail with EFBIG --- */

static void
limit_files(rlim_t bytes)
{
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_disk_full(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  struct rlimit before;
  CasaPut out;
  gint64 stored = 0;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &before);
  limit_files(512 * 1024);
  for (;; stored++) {
    CasaReading reading = reading_of("a", T0 + stored * 1000, "pm10", 1);
    if (!casa_store_put_reading(f->store, &reading, T0, &out, &error))
      break;
    g_assert_cmpint(stored, <, 100000);
  }
  limit_files(before.rlim_cur);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_DISK);
  g_assert_nonnull(strstr(error->message, f->path));
  g_assert_nonnull(strstr(error->message, "free space"));
  g_assert_cmpint(stored, >, 10);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, stored);
  /* There is room again: the very same reading goes in, as something new. */
  g_assert_cmpuint(put_one(f, "a", T0 + stored * 1000, "pm10", 1).fresh, ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, stored + 1);
  g_autofree char *integrity = ask_text(f->path, "PRAGMA integrity_check");
  g_assert_cmpstr(integrity, ==, "ok");
}

/* A first message of a new station meets the full disk: nothing of it is stored, then everything. */
static void
test_disk_full_new_station(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  struct rlimit before;
  CasaPut out;
  CasaDescriptor d = { .source = "kit", .domain = "air", .station = "late", .name = "Late" };
  gboolean changed = TRUE;
  signal(SIGXFSZ, SIG_IGN);
  put_one(f, "a", T0, "pm10", 1);
  getrlimit(RLIMIT_FSIZE, &before);
  limit_files(4096);
  CasaReading reading = reading_of("b", T0, "pm10", 1);
  g_assert_false(casa_store_put_reading(f->store, &reading, T0, &out, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_DISK);
  g_clear_error(&error);
  g_assert_false(casa_store_put_descriptor(f->store, &d, T0, &changed, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_DISK);
  g_clear_error(&error);
  limit_files(before.rlim_cur);
  g_assert_cmpuint(put_reading(f, &reading, T0).fresh, ==, 1);
  g_assert_true(casa_store_put_descriptor(f->store, &d, T0, &changed, &error));
  g_assert_no_error(error);
  g_assert_true(changed);
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading WHERE station = 'b'"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM station WHERE name = 'Late'"), ==, 1);
}

/* Somebody holds the file locked from outside: a clear error, then it goes on. */
static void
test_locked_outside(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *other;
  CasaPut out;
  CasaReading reading = reading_of("a", T0, "pm10", 1);
  g_assert_cmpint(sqlite3_open(f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false(casa_store_put_reading(f->store, &reading, T0, &out, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_LOCKED);
  g_assert_nonnull(strstr(error->message, "locked"));
  sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close(other);
  g_assert_cmpuint(put_reading(f, &reading, T0).fresh, ==, 1);
}

/* --- Other people's tools --- */

static void
test_command_line_reads(Fixture *f, gconstpointer data)
{
  g_autofree char *tool = g_find_program_in_path("sqlite3");
  if (!tool) {
    g_test_skip("no sqlite3 program here");
    return;
  }
  for (int i = 1; i <= 500; i++) {
    put_one(f, i % 2 ? "a" : "b", T0 + i * 1000, "pm10", i);
    if (i % 100 != 0)
      continue;
    g_autoptr(GError) error = NULL;
    g_autofree char *out = NULL, *err = NULL, *expected = g_strdup_printf("air|%d\n", i);
    const char *argv[] = { tool, "-readonly", f->path, "select domain, count(*) from reading group by 1", NULL };
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error));
    g_assert_cmpstr(err, ==, "");
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpstr(out, ==, expected);
  }
}

/* --- Migrations: files as programs of every earlier version left them (schema-N.sql) --- */

static char *
frozen(guint version)
{
  g_autofree char *name = g_strdup_printf("schema-%u.sql", version);
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, name, NULL);
  char *sql = NULL;
  if (!g_file_get_contents(path, &sql, NULL, NULL))
    g_error("%s is missing: every version of the schema keeps a file as its program wrote it", path);
  return sql;
}

/* A message without a time and number that comes again. */
static void
assert_redelivery_known(Fixture *f, guint64 hash)
{
  g_autoptr(GError) error = NULL;
  CasaDelivery again = { .redelivered = TRUE, .hash = hash };
  CasaReading reading = reading_of("air-anfa", T0 + 3600000, "pm10", 1);
  reading.time_source = CASA_TIME_ARRIVAL;
  CasaPutResult result = { .fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField)) };
  g_assert_true(casa_store_put_readings(f->store, &reading, 1, &again, T0 + 3600000, &result, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(result.duplicates, ==, 1);
  g_array_unref(result.fields);
}

static void
test_migrations(Fixture *f, gconstpointer data)
{
  for (guint version = 1; version <= casa_schema_newest(); version++) {
    g_autofree char *sql = frozen(version);
    g_clear_pointer(&f->store, casa_store_close);
    g_remove(f->path);
    run_sql(f->path, sql);
    g_assert_cmpint(ask_int(f->path, "PRAGMA user_version"), ==, version);
    fixture_reopen(f);
    g_assert_cmpint(ask_int(f->path, "PRAGMA user_version"), ==, casa_schema_newest());
    g_assert_cmpint(ask_int(f->path, "PRAGMA application_id"), ==, CASA_SCHEMA_APPLICATION_ID);
    g_autofree char *row = ask_text(f->path, "SELECT group_concat(t_ms || ' ' || source || ' ' || domain || ' ' || station ||"
                                             " ' ' || metric || ' ' || value, '; ') FROM reading");
    g_assert_cmpstr(row, ==, "1779321600000 kit air air-anfa pm10 74.25; 1779321601000 kit air air-anfa pm10 75.0");
    g_assert_cmpstr(casa_catalogue_station(casa_store_catalogue(f->store), 0)->name, ==, "Anfa");
    g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM gap"), ==, 1);
    g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM rejection"), ==, 1);
    g_assert_cmpint(ask_int(f->path, "SELECT acked_id FROM outbox"), ==, 1);
    /* And it is a store to go on with. */
    g_assert_cmpuint(put_one(f, "air-anfa", 1779321601000, "pm10", 75).duplicates, ==, 1);
    g_assert_cmpuint(put_one(f, "air-anfa", 1779321602000, "pm10", 76).fresh, ==, 1);
    g_assert_cmpint(casa_store_last_id(f->store), ==, 3);
    if (version >= 6)
      assert_redelivery_known(f, (guint64)G_GINT64_CONSTANT(-1234567890123456789));
    if (version >= 10)
      assert_redelivery_known(f, 4242);
  }
}

/* Lags that schema 3 would read as something else: both ends of what three bytes hold, and beyond. */
static void
test_odd_lags_migrate(Fixture *f, gconstpointer data)
{
  g_autofree char *sql = frozen(2);
  g_clear_pointer(&f->store, casa_store_close);
  g_remove(f->path);
  run_sql(f->path, sql);
  run_sql(f->path, "INSERT INTO sample VALUES(3, 1, 1779321602000, 600, -4194304), (4, 1, 1779321603000, 600, -4194305),"
                   " (5, 1, 1779321604000, 600, -8388608), (6, 1, 1779321605000, 600, -8388609),"
                   " (7, 1, 1779321606000, 600, 3456000000), (8, 1, 1779321607000, 600, -3456000000)");
  fixture_reopen(f);
  g_autofree char *lags = ask_text(f->path, "SELECT group_concat(received_ms - t_ms) FROM reading WHERE t_ms > 1779321601000");
  g_assert_cmpstr(lags, ==, "-4194304,-4194305,-8388608,-8388609,3456000000,-3456000000");
}

/* A large file of schema 1, with more than is taken in at once. */
static void
test_large_migration(Fixture *f, gconstpointer data)
{
  g_autofree char *sql = frozen(1);
  g_clear_pointer(&f->store, casa_store_close);
  g_remove(f->path);
  run_sql(f->path, sql);
  run_sql(f->path, "DELETE FROM outbox; DELETE FROM sample; PRAGMA synchronous = OFF;"
                   "WITH RECURSIVE c(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM c WHERE i < 50)"
                   " INSERT INTO series SELECT i, 1, 'm' || i FROM c;"
                   "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 1049999)"
                   " INSERT INTO sample SELECT i + 1, 1 + i % 50, 1779321600000 + i / 50 * 1000, i % 997 / 10.0,"
                   " 1779321600030 + i / 50 * 1000 FROM c;");
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM block"), ==, 1000000);
  g_assert_cmpint(casa_store_last_id(f->store), ==, 1050000);
  g_assert_cmpuint(put_one(f, "air-anfa", T0 + 20999000, "pm10", 1049950 % 997 / 10.0).duplicates, ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample WHERE id > (SELECT value FROM meta WHERE key = 'sealed')"), ==,
                  50000);
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM block"), ==, 1050000);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM rollup_hour"), ==, 1050000);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading WHERE metric = 'm7'"), ==, 21000);
}

/* The newest frozen file has the very shape that a new store gets. */
static void
test_frozen_is_current(Fixture *f, gconstpointer data)
{
  static const char shape[] = "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_master ORDER BY name)";
  g_autofree char *sql = frozen(casa_schema_newest()), *path = g_build_filename(f->folder, "frozen.db", NULL);
  run_sql(path, sql);
  g_autofree char *theirs = ask_text(path, shape), *ours = ask_text(f->path, shape);
  g_assert_cmpstr(theirs, ==, ours);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/file/busy", test_busy);
  ADD("/store/file/newer", test_newer);
  ADD("/store/file/foreign", test_foreign);
  ADD("/store/file/unusable-place", test_unusable_place);
  ADD("/store/file/garbage", test_garbage);
  ADD("/store/file/damaged-pages", test_damaged_pages);
  ADD("/store/file/truncated", test_truncated);
  ADD("/store/file/empty", test_empty_file);
  ADD("/store/file/lacking", test_lacking);
  ADD("/store/file/disk-full", test_disk_full);
  ADD("/store/file/disk-full-new-station", test_disk_full_new_station);
  ADD("/store/file/locked-outside", test_locked_outside);
  ADD("/store/file/command-line-reads", test_command_line_reads);
  ADD("/store/file/migrations", test_migrations);
  ADD("/store/file/odd-lags-migrate", test_odd_lags_migrate);
  ADD("/store/file/large-migration", test_large_migration);
  ADD("/store/file/frozen-is-current", test_frozen_is_current);
  return g_test_run();
}
