/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A copy of the store in one file. SQLite's backup API begins anew whenever somebody writes, so beside a wall it never ends;
 * VACUUM INTO reads one snapshot and writes no more than there is. It goes to a file of its own first: what has the final name
 * is whole. */

/* Instructions of SQLite's machine between two looks: some milliseconds. */
#define LOOK_EVERY 20000

typedef struct {
  const char *part;
  gint64 size;
  CasaBackupFunc each;
  gpointer data;
  gboolean stopped;
} Backup;

static int
look_cb(void *data)
{
  Backup *self = data;
  GStatBuf part;
  if (!self->each || g_stat(self->part, &part) != 0)
    return 0;
  self->stopped = !self->each(MIN(part.st_size, self->size), self->size, self->data);
  return self->stopped;
}

static gboolean
fail(const char *doing, const char *path, GError **error)
{
  int why = errno;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: cannot be %s: %s", path, doing, g_strerror(why));
  return FALSE;
}

static gboolean
sync_path(const char *path, GError **error)
{
  int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync(fd) == 0;
  if (!ok)
    fail("brought to the disk", path, error);
  if (fd >= 0)
    close(fd);
  return ok;
}

static gboolean
read_size(CasaReader *self, gint64 *out)
{
  gint64 pages = 0, unused = 0, size = 0;
  gboolean ok = casa_db_int(self->db, "PRAGMA page_count", &pages) && casa_db_int(self->db, "PRAGMA freelist_count", &unused) &&
                casa_db_int(self->db, "PRAGMA page_size", &size);
  *out = (pages - unused) * size;
  return ok;
}

static gboolean
copy(CasaReader *self, Backup *backup, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  if (!read_size(self, &backup->size))
    return casa_reader_fail(self, "read its size", error);
  sqlite3_progress_handler(self->db, LOOK_EVERY, look_cb, backup);
  int code = sqlite3_prepare_v2(self->db, "VACUUM INTO ?1", -1, &stmt, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_bind_text(stmt, 1, backup->part, -1, SQLITE_STATIC);
  gboolean ok = code == SQLITE_OK && casa_stmt_run(stmt);
  sqlite3_progress_handler(self->db, 0, NULL, NULL);
  if (!ok && backup->stopped)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: broken off, nothing was kept", backup->part);
  else if (!ok)
    casa_reader_fail(self, "copy it", error);
  sqlite3_finalize(stmt);
  return ok;
}

gboolean
casa_reader_backup(CasaReader *self, const char *path, CasaBackupFunc each, gpointer data, GError **error)
{
  g_autofree char *part = g_strconcat(path, ".part", NULL), *folder = g_path_get_dirname(path);
  Backup backup = { .part = part, .each = each, .data = data };
  if (g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: is there already; name another file, or take it away", path);
    return FALSE;
  }
  if (g_unlink(part) != 0 && errno != ENOENT)
    return fail("taken away", part, error);
  if (copy(self, &backup, error) && sync_path(part, error)) {
    if (g_rename(part, path) == 0)
      return sync_path(folder, error);
    fail("given its name", path, error);
  }
  g_unlink(part);
  return FALSE;
}
