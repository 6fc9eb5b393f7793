/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>

#include "fixture.h"
#include "store/wal-file.h"

/* The -wal is written in fewer calls than SQLite makes (wal-file.c). The files must be what they would be otherwise. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define COUNT "SELECT count(*) FROM reading"
#define ROOM 20000
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
copy_file(const char *from, const char *to, const char *suffix)
{
  g_autofree char *source = g_strconcat(from, suffix, NULL), *target = g_strconcat(to, suffix, NULL), *bytes = NULL;
  gsize len = 0;
  g_assert_true(g_file_get_contents(source, &bytes, &len, NULL));
  g_assert_true(g_file_set_contents(target, bytes, (gssize)len, NULL));
}

/* After each put the files alone hold it: as if the program were killed there. */
static void
test_nothing_kept_back(Fixture *f, gconstpointer data)
{
  g_autofree char *copy = g_build_filename(f->folder, "copy.db", NULL);
  for (int i = 0; i < 120; i++) {
    CasaReading reading = reading_of(i % 3 ? "a" : "b", T0 + i, "pm10", i);
    put_reading(f, &reading, T0 + i);
    copy_file(f->path, copy, "");
    copy_file(f->path, copy, "-wal");
    g_assert_cmpint(ask_int(copy, COUNT), ==, i + 1);
    g_assert_cmpint(ask_int(copy, "SELECT max(value) FROM reading"), ==, i);
  }
}

/* --- Against a file that is only bytes in memory --- */

typedef struct {
  sqlite3_file *file;
  guint8 bytes[ROOM];
  sqlite3_int64 size;
} Twin;

static void
write_both(Twin *twin, sqlite3_int64 at, int n)
{
  guint8 bytes[5000];
  for (int i = 0; i < n; i++)
    bytes[i] = (guint8)g_test_rand_int();
  g_assert_cmpint(twin->file->pMethods->xWrite(twin->file, bytes, n, at), ==, SQLITE_OK);
  if (at > twin->size)
    memset(twin->bytes + twin->size, 0, (gsize)(at - twin->size));
  memcpy(twin->bytes + at, bytes, (gsize)n);
  twin->size = MAX(twin->size, at + n);
}

static void
read_both(Twin *twin, sqlite3_int64 at, int n)
{
  guint8 bytes[5000];
  int code = twin->file->pMethods->xRead(twin->file, bytes, n, at);
  g_assert_cmpint(code, ==, at + n <= twin->size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ);
  gsize there = (gsize)CLAMP(twin->size - at, 0, n);
  g_assert_cmpmem(bytes, there, twin->bytes + at, there);
}

static void
cut_both(Twin *twin, sqlite3_int64 size)
{
  g_assert_cmpint(twin->file->pMethods->xTruncate(twin->file, size), ==, SQLITE_OK);
  if (size > twin->size)
    memset(twin->bytes + twin->size, 0, (gsize)(size - twin->size));
  twin->size = size;
}

static void
ask_both(Twin *twin)
{
  sqlite3_int64 size = -1;
  g_assert_cmpint(twin->file->pMethods->xFileSize(twin->file, &size), ==, SQLITE_OK);
  g_assert_cmpint(size, ==, twin->size == 1 ? 0 : twin->size); /* SQLite's own: a file of one byte is empty */
}

/* Headers, pages of several sizes behind them or elsewhere, reads and cuts in between, in any order. */
static void
act_at_random(Twin *twin)
{
  static const int sizes[] = { 24, 24, 24, 512, 1024, 4096, 4097, 1 };
  int n = sizes[g_test_rand_int_range(0, G_N_ELEMENTS(sizes))];
  sqlite3_int64 at = g_test_rand_int_range(0, ROOM - 5000);
  switch (g_test_rand_int_range(0, 8)) {
  case 0: read_both(twin, at, n); break;
  case 1: ask_both(twin); break;
  case 2: cut_both(twin, at); break;
  case 3: g_assert_cmpint(twin->file->pMethods->xSync(twin->file, SQLITE_SYNC_NORMAL), ==, SQLITE_OK); break;
  default:
    write_both(twin, at, 24);
    if (g_test_rand_int_range(0, 4) > 0)
      write_both(twin, at + 24, MIN(n, ROOM - 24 - (int)at));
  }
}

static void
test_any_order(Fixture *f, gconstpointer data)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find(casa_wal_file_vfs());
  /* It takes the rights of the database, whose name it has but for the end. */
  g_autofree char *path = g_strconcat(f->path, "-wal", NULL), *bytes = NULL;
  Twin twin = { .file = g_malloc0((gsize)vfs->szOsFile) };
  gsize len = 0;
  g_clear_pointer(&f->store, casa_store_close);
  g_remove(path);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
  g_assert_cmpint(vfs->xOpen(vfs, path, twin.file, flags, &flags), ==, SQLITE_OK);
  for (int i = 0; i < 3000; i++)
    act_at_random(&twin);
  write_both(&twin, 100, 24);
  g_assert_cmpint(twin.file->pMethods->xClose(twin.file), ==, SQLITE_OK);
  g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
  g_assert_cmpmem(bytes, len, twin.bytes, (gsize)twin.size);
  g_free(twin.file);
}

/* What a program without this left behind is read, and the other way round. */
static void
test_with_the_usual(Fixture *f, gconstpointer data)
{
  sqlite3 *usual;
  put_one(f, "a", T0, "pm10", 1);
  g_assert_cmpint(sqlite3_open_v2(f->path, &usual, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(usual, "INSERT INTO gap_log VALUES(1, 1, 2, 'theirs')", NULL, NULL, NULL), ==, SQLITE_OK);
  put_one(f, "a", T0 + 1, "pm10", 2);
  fixture_reopen(f);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM gap"), ==, 1);
  sqlite3_close(usual);
}

typedef enum { READ, CUT, SYNC, SIZE, CONTROL, WRITE, CLOSE, N_CALLS } Call;

static int
do_call(sqlite3_file *file, Call call)
{
  sqlite3_int64 size;
  guint8 bytes[64] = { 0 };
  switch (call) {
  case READ: return file->pMethods->xRead(file, bytes, 24, 0);
  case CUT: return file->pMethods->xTruncate(file, 0);
  case SYNC: return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  case SIZE: return file->pMethods->xFileSize(file, &size);
  case CONTROL: return file->pMethods->xFileControl(file, SQLITE_FCNTL_HAS_MOVED, &(int){ 0 });
  case WRITE: return file->pMethods->xWrite(file, bytes, 64, 1000);
  default: return SQLITE_OK;
  }
}

/* What was kept and then cannot be written is told by the next call, whichever it is, once; the last that can is the close. */
static void
test_kept_in_vain(Fixture *f, gconstpointer data)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find(casa_wal_file_vfs());
  g_autofree char *path = g_strconcat(f->path, "-wal", NULL);
  guint8 header[24] = { 1 };
  put_one(f, "a", T0, "pm10", 1);
  for (Call call = READ; call < N_CALLS; call++) {
    g_autofree sqlite3_file *file = g_malloc0((gsize)vfs->szOsFile);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_WAL;
    g_assert_cmpint(vfs->xOpen(vfs, path, file, flags, &flags), ==, SQLITE_OK);
    g_assert_cmpint(file->pMethods->xWrite(file, header, sizeof header, 100), ==, SQLITE_OK);
    if (call != CLOSE)
      g_assert_cmpint(do_call(file, call) & 0xff, ==, SQLITE_IOERR);
    g_assert_cmpint(file->pMethods->xClose(file) & 0xff, ==, call == CLOSE ? SQLITE_IOERR : SQLITE_OK);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/wal/nothing-kept-back", test_nothing_kept_back);
  ADD("/store/wal/any-order", test_any_order);
  ADD("/store/wal/with-the-usual", test_with_the_usual);
  ADD("/store/wal/kept-in-vain", test_kept_in_vain);
  return g_test_run();
}
