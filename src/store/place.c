/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store-private.h"

/* A file that is erased, moved or replaced under an open database goes on being written, without a name, and ends with the
 * program. So upkeep looks every second whether the file is where it was. If not, it is put back whole: what is open is
 * copied to its place, and the store goes on there. What somebody put in its place is kept under another name, for under a
 * running program the numbers of its series would mean others. Until that has worked nothing is taken any more, so that
 * nothing is acknowledged that a kill would lose. */

/* As SQLite has it, after symbolic links. */
static const char *
real_path(CasaStore *self)
{
  return sqlite3_db_filename(self->db, "main");
}

void
casa_store_note_place(CasaStore *self)
{
  GStatBuf info;
  g_autofree char *wal = g_strconcat(real_path(self), "-wal", NULL);
  gboolean there = g_stat(wal, &info) == 0;
  self->wal_inode = there ? info.st_ino : 0;
  self->wal_device = there ? info.st_dev : 0;
}

static gboolean
has_moved(sqlite3 *db)
{
  int moved = 0;
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

/* Who erased the file may have erased its lock as well, and another program may have begun there. */
static gboolean
hold_lock(CasaStore *self, GError **error)
{
  struct stat ours, there;
  g_autofree char *name = g_strconcat(real_path(self), ".lock", NULL);
  if (fstat(self->lock_fd, &ours) == 0 && stat(name, &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
    return TRUE;
  int fd = casa_store_file_lock(real_path(self), error);
  if (fd < 0)
    return FALSE;
  close(self->lock_fd);
  self->lock_fd = fd;
  return TRUE;
}

/* A copy that did not come to be used. */
static void
remove_file(const char *path)
{
  g_autofree char *wal = g_strconcat(path, "-wal", NULL), *shm = g_strconcat(path, "-shm", NULL);
  g_unlink(path);
  g_unlink(wal);
  g_unlink(shm);
}

/* Page by page, as the open connection sees it, its -wal included; on the disk when this returns. */
static gboolean
copy_to(CasaStore *self, const char *name, GError **error)
{
  sqlite3 *copy = NULL;
  sqlite3_backup *backup = NULL;
  if (sqlite3_open(name, &copy) == SQLITE_OK)
    backup = sqlite3_backup_init(copy, "main", self->db, "main");
  if (backup)
    sqlite3_backup_step(backup, -1);
  gboolean ok = backup && sqlite3_backup_finish(backup) == SQLITE_OK;
  if (!ok)
    casa_db_fail(copy, name, "copy what is still open to it", error);
  sqlite3_close(copy);
  if (!ok)
    remove_file(name);
  return ok;
}

/* What stands where our file was: our own -wal and -shm are in the copy, all else is kept. */
static gboolean
clear_place(CasaStore *self, char **out_aside, GError **error)
{
  GStatBuf info;
  const char *path = real_path(self);
  g_autofree char *wal = g_strconcat(path, "-wal", NULL), *shm = g_strconcat(path, "-shm", NULL);
  if (g_stat(wal, &info) == 0 && info.st_ino == self->wal_inode && info.st_dev == self->wal_device) {
    g_unlink(wal);
    g_unlink(shm);
  }
  if (!g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(wal, G_FILE_TEST_EXISTS))
    return TRUE;
  *out_aside = casa_store_file_set_aside(path, "replaced", error);
  return *out_aside != NULL;
}

/* From the nameless file to the one at its place, which has the very same rows: all that is remembered stays true. */
static gboolean
change_over(CasaStore *self, GError **error)
{
  sqlite3 *db = casa_store_file_open(&self->options, error);
  if (!db)
    return FALSE;
  casa_store_change_file(self, db);
  casa_store_note_place(self);
  return TRUE;
}

static gboolean
move_in(CasaStore *self, const char *copy, const char *path, char **out_aside, GError **error)
{
  casa_store_let_go(self);
  /* Where it was moved and not erased, it shall be whole there too. */
  sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  if (!clear_place(self, out_aside, error))
    return FALSE;
  if (g_rename(copy, path) == 0)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s cannot be renamed to it: %s", copy, g_strerror(errno));
  return FALSE;
}

static gboolean
put_back(CasaStore *self, GError **error)
{
  g_autofree char *path = g_strdup(real_path(self)), *aside = NULL;
  if (!hold_lock(self, error))
    return FALSE;
  g_autofree char *copy = casa_store_file_beside(path, "rescued");
  if (!copy_to(self, copy, error))
    return FALSE;
  if (!move_in(self, copy, path, &aside, error)) {
    remove_file(copy);
    return FALSE;
  }
  if (!change_over(self, error)) {
    remove_file(path);
    return FALSE;
  }
  g_message("store %s: its file was erased or moved under the running program, and has been put back whole%s%s%s", path,
            aside ? "; the file that was put there instead is kept as " : "", aside ? aside : "",
            aside ? ": to exchange a store, end the program first" : "");
  return TRUE;
}

static void
refuse(CasaStore *self, gboolean yes)
{
  sqlite3_exec(self->db, yes ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF", NULL, NULL, NULL);
}

/* The sentence that it becomes part of begins with the name. */
static char *
without_name(const char *path, const char *words)
{
  g_autofree char *name = g_strdup_printf("store %s: ", path);
  return g_strdup(words + (g_str_has_prefix(words, name) ? strlen(name) : 0));
}

gboolean
casa_store_keep_place(CasaStore *self, GError **error)
{
  if (!has_moved(self->db)) {
    if (self->lost)
      refuse(self, FALSE);
    g_clear_pointer(&self->lost, g_free);
    return TRUE;
  }
  g_autoptr(GError) why = NULL;
  if (put_back(self, &why)) {
    g_clear_pointer(&self->lost, g_free);
    return TRUE;
  }
  refuse(self, TRUE);
  g_free(self->lost);
  self->lost = without_name(self->path, why->message);
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
              "store %s: its file was erased or moved, and cannot be put back: %s; nothing is taken until it can, do not end "
              "the program before",
              self->path, self->lost);
  return FALSE;
}
