/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"
#include "base/error.h"
#include "store/block.h"

#include <errno.h>

static const char *
mend(int code)
{
  switch (code & 0xff) {
  case SQLITE_FULL: return "the disk is full: free some space there";
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH: return "it may not be written: check the owner and the permissions of the file and its folder";
  case SQLITE_CANTOPEN: return "it cannot be opened: check that the folder exists and may be written";
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return "another program holds it locked: end that program's transaction (readers should open it read-only)";
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return "the file is damaged: stop the program and start it again, it sets the file aside and begins a new one";
  case SQLITE_IOERR: return "the disk refused: check its free space, quotas and health";
  default: return "check the disk and the file";
  }
}

static CasaErrorCode
error_code(int code, int system)
{
  switch (code & 0xff) {
  case SQLITE_FULL: return CASA_ERROR_STORE_FULL;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH: return CASA_ERROR_STORE_DENIED;
  case SQLITE_CANTOPEN: return CASA_ERROR_STORE_ABSENT;
  case SQLITE_BUSY:
  case SQLITE_LOCKED: return CASA_ERROR_STORE_LOCKED;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB: return CASA_ERROR_STORE_CORRUPT;
  case SQLITE_IOERR: return system == ENOSPC ? CASA_ERROR_STORE_FULL : CASA_ERROR_STORE_DISK;
  default: return CASA_ERROR_IO;
  }
}

gboolean
casa_db_fail(sqlite3 *db, const char *path, const char *doing, GError **error)
{
  int code = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
  int system = db ? sqlite3_system_errno(db) : 0;
  gboolean tell_system = system != 0 && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN);
  g_set_error(error, CASA_ERROR, error_code(code, system), "store %s: cannot %s: %s%s%s; %s", path, doing,
              db ? sqlite3_errmsg(db) : "out of memory", tell_system ? ": " : "", tell_system ? g_strerror(system) : "",
              mend(code));
  return FALSE;
}

gboolean
casa_db_exec(sqlite3 *db, const char *path, const char *sql, GError **error)
{
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return casa_db_fail(db, path, "set it up", error);
}

gboolean
casa_db_int(sqlite3 *db, const char *sql, gint64 *value)
{
  sqlite3_stmt *stmt = NULL;
  sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
  gboolean ok = casa_stmt_int(stmt, value);
  sqlite3_finalize(stmt);
  return ok;
}

void
casa_value_bind(sqlite3_stmt *stmt, int i, double value)
{
  gint64 packed;
  if (casa_decimal_pack(value, &packed))
    sqlite3_bind_int64(stmt, i, packed);
  else
    sqlite3_bind_double(stmt, i, value);
}

double
casa_value_column(sqlite3_stmt *stmt, int i)
{
  return sqlite3_column_type(stmt, i) == SQLITE_INTEGER ? casa_decimal_unpack(sqlite3_column_int64(stmt, i))
                                                        : sqlite3_column_double(stmt, i);
}

void
casa_statements_init(CasaStatements *self, sqlite3 *db, const char *const *sql, guint n)
{
  self->db = db;
  self->sql = sql;
  self->prepared = g_new0(sqlite3_stmt *, n);
  self->n = n;
}

void
casa_statements_clear(CasaStatements *self)
{
  for (guint i = 0; self->prepared && i < self->n; i++)
    sqlite3_finalize(self->prepared[i]);
  g_clear_pointer(&self->prepared, g_free);
}

sqlite3_stmt *
casa_statements_get(CasaStatements *self, guint i)
{
  if (G_UNLIKELY(!self->prepared[i]))
    sqlite3_prepare_v3(self->db, self->sql[i], -1, SQLITE_PREPARE_PERSISTENT, &self->prepared[i], NULL);
  return self->prepared[i];
}

gboolean
casa_stmt_run(sqlite3_stmt *stmt)
{
  if (!stmt)
    return FALSE;
  int code = sqlite3_step(stmt);
  /* The reset repeats the error code, so that casa_db_fail() still sees it. */
  sqlite3_reset(stmt);
  return code == SQLITE_DONE || code == SQLITE_ROW;
}

gboolean
casa_stmt_int(sqlite3_stmt *stmt, gint64 *value)
{
  if (!stmt)
    return FALSE;
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
    *value = sqlite3_column_int64(stmt, 0);
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}
