/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "store/store-private.h"

/* What is kept beside the samples: gaps, the forwarder's place, lines that InfluxDB refuses. */

#define QUARANTINE_KEPT 100000
#define GAPS_KEPT 100000

gboolean
casa_store_put_gap(CasaStore *self, gint64 start_ms, gint64 end_ms, const char *cause, GError **error)
{
  casa_store_lock(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_GAP), *trim = casa_store_sql(self, CASA_SQL_TRIM_GAP);
  gboolean ok = stmt != NULL && trim != NULL && casa_store_begin(self);
  if (ok) {
    sqlite3_bind_int64(stmt, 1, start_ms);
    sqlite3_bind_int64(stmt, 2, end_ms);
    sqlite3_bind_text(stmt, 3, cause, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(trim, 1, GAPS_KEPT);
    ok = casa_stmt_run(stmt) && casa_stmt_run(trim) && casa_store_commit(self);
  }
  if (!ok)
    casa_store_undo(self, "note a gap", error);
  casa_store_unlock(self);
  return ok;
}

/* --- Numbers --- */

gboolean
casa_store_put_number(CasaStore *self, const char *key, gint64 value, GError **error)
{
  casa_store_lock(self);
  gboolean ok = casa_store_begin(self) && casa_store_set_meta(self, key, value) && casa_store_commit(self);
  if (!ok)
    casa_store_undo(self, "note a number", error);
  casa_store_unlock(self);
  return ok;
}

gboolean
casa_store_get_number(CasaStore *self, const char *key, gint64 *out)
{
  casa_store_lock(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_GET_META);
  gboolean found = FALSE;
  if (stmt) {
    sqlite3_bind_text(stmt, 1, key, -1, SQLITE_TRANSIENT);
    found = sqlite3_step(stmt) == SQLITE_ROW;
    *out = found ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_reset(stmt);
  }
  casa_store_unlock(self);
  return found;
}

/* --- Outbox --- */

static gboolean
find_target(CasaStore *self, const char *target, gint64 *out_acked)
{
  *out_acked = -1;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_OUTBOX_FIND);
  if (!stmt)
    return FALSE;
  sqlite3_bind_text(stmt, 1, target, -1, SQLITE_TRANSIENT);
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW)
    *out_acked = sqlite3_column_int64(stmt, 0);
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
add_target(CasaStore *self, const char *target, gint64 *out_acked)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_OUTBOX_ADD);
  if (!stmt || !casa_store_begin(self) || !casa_store_replay(self, out_acked))
    return FALSE;
  sqlite3_bind_text(stmt, 1, target, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(stmt, 2, *out_acked);
  if (!casa_stmt_run(stmt) || !casa_store_commit(self))
    return FALSE;
  self->trimmed = MIN(self->trimmed, *out_acked);
  return TRUE;
}

/* What comes after the watermark is sent again, so what was refused of it is judged again: a kill in the middle of a batch
 * must not leave a sample in `quarantine` twice. */
static gboolean
forget_refused(CasaStore *self, const char *target, gint64 acked)
{
  sqlite3_stmt *any = casa_store_sql(self, CASA_SQL_QUARANTINED_AFTER), *forget = casa_store_sql(self, CASA_SQL_FORGET_REFUSED);
  gint64 n = 0;
  if (!any || !forget)
    return FALSE;
  sqlite3_bind_text(any, 1, target, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(any, 2, acked);
  sqlite3_bind_text(forget, 1, target, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(forget, 2, acked);
  return casa_stmt_int(any, &n) && (n == 0 || casa_store_run(self, forget));
}

gint64
casa_store_outbox_open(CasaStore *self, const char *target, GError **error)
{
  gint64 acked;
  casa_store_lock(self);
  gboolean ok = find_target(self, target, &acked);
  if (ok)
    ok = acked < 0 ? add_target(self, target, &acked) : forget_refused(self, target, acked);
  if (!ok)
    casa_store_undo(self, "open the outbox", error);
  else if (!g_ptr_array_find_with_equal_func(self->targets, target, g_str_equal, NULL))
    g_ptr_array_add(self->targets, g_strdup(target));
  casa_store_unlock(self);
  return ok ? acked : -1;
}

gboolean
casa_store_outbox_ack(CasaStore *self, const char *target, gint64 id, GError **error)
{
  casa_store_lock(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_OUTBOX_ACK);
  gboolean ok = stmt != NULL;
  if (ok) {
    sqlite3_bind_text(stmt, 1, target, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(stmt, 2, id);
    ok = casa_store_run(self, stmt);
  }
  if (!ok)
    casa_store_undo(self, "note what was forwarded", error);
  casa_store_unlock(self);
  return ok;
}

static gboolean
trim_quarantine(CasaStore *self, gint64 last)
{
  sqlite3_stmt *stmt = last > 0 ? casa_store_sql(self, CASA_SQL_TRIM_QUARANTINE) : NULL;
  if (stmt)
    sqlite3_bind_int64(stmt, 1, last);
  return last <= 0 || casa_store_run(self, stmt);
}

gboolean
casa_store_quarantine(CasaStore *self, const char *target, gint64 id, const char *line, const char *reason, GError **error)
{
  casa_store_lock(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_QUARANTINE);
  gboolean ok = stmt != NULL;
  if (ok) {
    sqlite3_bind_int64(stmt, 1, casa_clock_now_ms());
    sqlite3_bind_text(stmt, 2, target, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(stmt, 3, id);
    casa_store_bind_foreign(stmt, 4, line, strlen(line));
    casa_store_bind_foreign(stmt, 5, reason, strlen(reason));
    ok = casa_store_run(self, stmt) && trim_quarantine(self, sqlite3_last_insert_rowid(self->db) - QUARANTINE_KEPT);
  }
  if (!ok)
    casa_store_undo(self, "keep a line that was refused", error);
  casa_store_unlock(self);
  return ok;
}
