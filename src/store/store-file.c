/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/schema.h"
#include "store/store-private.h"
#include "store/wal-file.h"

/* Files up to this size are checked whole when opened (some 50 ms); larger ones show damage when it is met. */
#define CHECK_BYTES (32 * 1024 * 1024)

static gboolean
make_folder(const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  if (g_mkdir_with_parents(folder, 0700) == 0)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "store %s: cannot make the folder %s: %s; make it, or name another file", path,
              folder, g_strerror(errno));
  return FALSE;
}

/* The lock is the open file, not its existence: it ends with the process, however that ends, and the file stays. */
int
casa_store_file_lock(const char *path, GError **error)
{
  if (!make_folder(path, error))
    return -1;
  /* A store reached through a symbolic link is the same store. */
  g_autofree char *real = realpath(path, NULL);
  g_autofree char *name = g_strconcat(real ? real : path, ".lock", NULL);
  int fd = g_open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
                "store %s: cannot make its lock file %s: %s; check that the folder may be written", path, name,
                g_strerror(errno));
    return -1;
  }
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
    char pid[24];
    int n = g_snprintf(pid, sizeof pid, "%d\n", (int)getpid());
    /* The number is only for people; without it the lock holds all the same. */
    if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (gsize)n, 0) != n)
      g_debug("store %s: the lock file does not say who holds it", path);
    return fd;
  }
  char holder[16] = "";
  gssize n = pread(fd, holder, sizeof holder - 1, 0);
  g_strchomp(holder);
  close(fd);
  g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_BUSY,
              "store %s: another Casa Pulse program writes it%s%s%s; end that one, or name another file with --store", path,
              n > 0 ? " (process " : "", n > 0 ? holder : "", n > 0 ? ")" : "");
  return -1;
}

/* Whether the disk gives all of @which of the two files, the database or its -wal. */
static gboolean
can_read(sqlite3 *db, int which)
{
  guint8 buf[4096];
  sqlite3_file *file = NULL;
  sqlite3_int64 size = 0;
  if (sqlite3_file_control(db, "main", which, &file) != SQLITE_OK || !file || !file->pMethods)
    return TRUE;
  if (file->pMethods->xFileSize(file, &size) != SQLITE_OK)
    return FALSE;
  for (sqlite3_int64 at = 0; at < size; at += (int)sizeof buf) {
    if (file->pMethods->xRead(file, buf, (int)MIN(size - at, (int)sizeof buf), at) != SQLITE_OK)
      return FALSE;
  }
  return TRUE;
}

/* What SQLite finds wrong with the file: "ok", or its words, or NULL with *@error set. */
static char *
quick_check(sqlite3 *db, const char *path, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step(stmt);
  char *said = code == SQLITE_ROW ? g_strdup((const char *)sqlite3_column_text(stmt, 0)) : NULL;
  if (code != SQLITE_ROW)
    casa_db_fail(db, path, "check it", error);
  sqlite3_finalize(stmt);
  return said;
}

/* SQLite's check calls a page that the disk did not give damage too, each version in other words. So it is asked twice, as
 * damage stays, and then the disk is. */
static gboolean
check_small(sqlite3 *db, const char *path, GError **error)
{
  gint64 pages = 0, page = 0;
  if (!casa_db_int(db, "PRAGMA page_count", &pages) || !casa_db_int(db, "PRAGMA page_size", &page))
    return casa_db_fail(db, path, "check it", error);
  if (pages * page > CHECK_BYTES)
    return TRUE;
  for (int round = 1; round <= 2; round++) {
    g_autofree char *said = quick_check(db, path, error);
    if (!said)
      return FALSE;
    if (strcmp(said, "ok") == 0)
      return TRUE;
    if (round == 1)
      continue;
    if (can_read(db, SQLITE_FCNTL_FILE_POINTER) && can_read(db, SQLITE_FCNTL_JOURNAL_POINTER))
      g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_CORRUPT, "store %s: the file is damaged", path);
    else
      g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "store %s: cannot check it: %s; check the disk's health", path, said);
  }
  return FALSE;
}

/* A commit writes the page it touches, so pages are small: measured, one sample a commit, 8.4 us with pages of 512 bytes, 9.1
 * with 1,024, 10.4 with 2,048, 12 with 4,096; blocks pack best at 1,024. A file keeps the size it was made with. */
#define SET_UP                                                                                                                 \
  "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 33554432;"                                  \
  "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"

static gboolean
prepare_connection(sqlite3 *db, const CasaStoreOptions *options, GError **error)
{
  const char *path = options->path;
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 1000);
  /* A damaged file keeps its -wal as it was found. Undone below, once the file is known to be sound. */
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (sqlite3_db_readonly(db, "main") == 1) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
                "store %s: may not be written: check the owner and the permissions of the file", path);
    return FALSE;
  }
  if (!casa_db_exec(db, path, SET_UP, error) ||
      !casa_db_exec(db, path, options->power_safe ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error) ||
      !check_small(db, path, error) || !casa_schema_migrate(db, path, casa_schema_newest(), error))
    return FALSE;
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return TRUE;
}

sqlite3 *
casa_store_file_open(const CasaStoreOptions *options, GError **error)
{
  sqlite3 *db = NULL;
  if (sqlite3_open_v2(options->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                      casa_wal_file_vfs()) != SQLITE_OK)
    casa_db_fail(db, options->path, "open it", error);
  else if (prepare_connection(db, options, error))
    return db;
  sqlite3_close(db);
  return NULL;
}

char *
casa_store_file_beside(const char *path, const char *word)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(casa_clock_now_ms() / 1000);
  g_autofree char *stamp = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
  char *name = g_strdup_printf("%s.%s-%s", path, word, stamp);
  for (guint n = 2; g_file_test(name, G_FILE_TEST_EXISTS); n++) {
    g_free(name);
    name = g_strdup_printf("%s.%s-%s-%u", path, word, stamp, n);
  }
  return name;
}

char *
casa_store_file_set_aside(const char *path, const char *word, GError **error)
{
  static const char *const parts[] = { "", "-wal", "-shm" };
  g_autofree char *aside = casa_store_file_beside(path, word);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *from = g_strconcat(path, parts[i], NULL);
    g_autofree char *to = g_strconcat(aside, parts[i], NULL);
    if (g_rename(from, to) != 0 && errno != ENOENT) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "store %s: is %s, and cannot be set aside as %s: %s; move it away by hand",
                  from, strcmp(word, "corrupt") == 0 ? "damaged" : word, to, g_strerror(errno));
      return NULL;
    }
  }
  return g_steal_pointer(&aside);
}
