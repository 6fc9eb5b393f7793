/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "store/store-private.h"

/* What is kept beside the samples: refused messages, gaps, the forwarder's place, lines that InfluxDB refuses. */

#define REJECTIONS_KEPT 100000
#define PAYLOAD_KEPT (64 * 1024)

/* Text where it is text; bytes that are not UTF-8 stay bytes, so that nothing is lost and no reader chokes. */
static void
bind_foreign(sqlite3_stmt *stmt, int i, const char *bytes, gsize len)
{
  if (g_utf8_validate_len(bytes, len, NULL))
    sqlite3_bind_text64(stmt, i, bytes, len, SQLITE_TRANSIENT, SQLITE_UTF8);
  else
    sqlite3_bind_blob64(stmt, i, bytes, len, SQLITE_TRANSIENT);
}

static gboolean
write_rejection(CasaStore *self, gint64 received_ms, const char *topic, gsize topic_len, const void *payload, gsize len,
                const char *code, const char *reason)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_REJECTION);
  sqlite3_stmt *trim = casa_store_sql(self, CASA_SQL_TRIM_REJECTION);
  if (!stmt || !trim || !casa_store_begin(self))
    return FALSE;
  sqlite3_bind_int64(stmt, 1, received_ms);
  bind_foreign(stmt, 2, topic ? topic : "", topic ? topic_len : 0);
  /* An empty payload is an empty blob, not NULL. */
  sqlite3_bind_blob64(stmt, 3, payload && len > 0 ? payload : "", payload ? MIN(len, PAYLOAD_KEPT) : 0, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 4, code, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 5, reason, -1, SQLITE_TRANSIENT);
  gboolean ok = casa_stmt_run(stmt);
  sqlite3_clear_bindings(stmt);
  if (!ok)
    return FALSE;
  sqlite3_bind_int64(trim, 1, sqlite3_last_insert_rowid(self->db) - REJECTIONS_KEPT);
  return casa_stmt_run(trim) && casa_store_commit(self);
}

gboolean
casa_store_put_rejection(CasaStore *self, gint64 received_ms, const char *topic, gsize topic_len, const void *payload,
                         gsize len, const char *code, const char *reason, GError **error)
{
  casa_store_lock(self);
  gboolean ok = write_rejection(self, received_ms, topic, topic_len, payload, len, code, reason);
  if (ok)
    atomic_store(&self->last_received, MAX(received_ms, atomic_load(&self->last_received)));
  else
    casa_store_undo(self, "keep a refused message", error);
  casa_store_unlock(self);
  return ok;
}

gboolean
casa_store_put_gap(CasaStore *self, gint64 start_ms, gint64 end_ms, const char *cause, GError **error)
{
  casa_store_lock(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_GAP);
  gboolean ok = stmt != NULL;
  if (ok) {
    sqlite3_bind_int64(stmt, 1, start_ms);
    sqlite3_bind_int64(stmt, 2, end_ms);
    sqlite3_bind_text(stmt, 3, cause, -1, SQLITE_TRANSIENT);
    ok = casa_store_run(self, stmt);
  }
  if (!ok)
    casa_store_undo(self, "note a gap", error);
  casa_store_unlock(self);
  return ok;
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
    bind_foreign(stmt, 4, line, strlen(line));
    bind_foreign(stmt, 5, reason, strlen(reason));
    ok = casa_store_run(self, stmt);
  }
  if (!ok)
    casa_store_undo(self, "keep a line that was refused", error);
  casa_store_unlock(self);
  return ok;
}
