/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "store/store-private.h"

/* Refused messages, as far as they are evidence: whose they were, why, and how they began. */

/* Enough to see what somebody sent; a batch of 256 KiB a hundred times a second would fill the disk. */
#define PAYLOAD_KEPT 8192
/* What a message may cost, at most, to make room for it; upkeep does the rest. */
#define ROWS_PER_PUT 16
#define ROWS_PER_STEP 100
/* Of max_size: what refused messages may take, and what they keep when the file is too large. */
#define PART 8
#define PART_KEPT 32

void
casa_store_bind_foreign(sqlite3_stmt *stmt, int i, const char *bytes, gsize len)
{
  if (g_utf8_validate_len(bytes, len, NULL))
    sqlite3_bind_text64(stmt, i, bytes, len, SQLITE_TRANSIENT, SQLITE_UTF8);
  else
    sqlite3_bind_blob64(stmt, i, bytes, len, SQLITE_TRANSIENT);
}

static gint64
bytes_for(const CasaStore *self, gint64 part)
{
  gint64 max = self->options.max_size;
  return max > 0 ? MIN(CASA_REFUSED_BYTES, max / part) : CASA_REFUSED_BYTES;
}

/* No letter is cut in two. */
static gsize
cut(const char *payload, gsize len)
{
  if (len <= PAYLOAD_KEPT)
    return len;
  gsize n = PAYLOAD_KEPT;
  while (n > PAYLOAD_KEPT - 4 && ((guchar)payload[n] & 0xc0) == 0x80)
    n--;
  return n;
}

gboolean
casa_store_load_refused(CasaStore *self)
{
  sqlite3_stmt *stmt = NULL;
  casa_refused_forget(self->refused);
  /* The words of a row with a long payload (earlier versions kept 64 KiB) lie behind it: not worth reading all that. */
  int code = sqlite3_prepare_v2(self->db,
                                "SELECT id, topic, length(payload), CASE WHEN length(payload) > 8192 THEN 512"
                                " ELSE length(CAST(reason AS BLOB)) + coalesce(length(CAST(args AS BLOB)), 0) END"
                                " FROM rejection_log ORDER BY id",
                                -1, &stmt, NULL);
  while (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
    const char *topic = (const char *)sqlite3_column_text(stmt, 1);
    gsize len = (gsize)sqlite3_column_bytes(stmt, 1);
    casa_refused_add(self->refused, topic, len, sqlite3_column_int64(stmt, 0),
                     len + (gsize)sqlite3_column_int64(stmt, 2) + (gsize)sqlite3_column_int64(stmt, 3));
    code = SQLITE_OK;
  }
  sqlite3_finalize(stmt);
  self->refused_stale = code != SQLITE_DONE;
  return code == SQLITE_DONE;
}

/* In a transaction. At most @n rows; *out_more: there may be more to go. */
static gboolean
let_go(CasaStore *self, gint64 max_bytes, guint n, gboolean *out_more)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_TRIM_REJECTION);
  gint64 id;
  *out_more = FALSE;
  if (!stmt)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (!casa_refused_take(self->refused, max_bytes, &id))
      return TRUE;
    sqlite3_bind_int64(stmt, 1, id);
    if (!casa_stmt_run(stmt))
      return FALSE;
  }
  *out_more = TRUE;
  return TRUE;
}

static gboolean
write_rejection(CasaStore *self, gint64 received_ms, const char *topic, gsize topic_len, const void *payload, gsize len,
                const char *code, const char *reason, const char *args)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_REJECTION);
  gboolean more;
  if (self->refused_stale && !casa_store_load_refused(self))
    return FALSE;
  if (!stmt || !casa_store_begin(self))
    return FALSE;
  /* An empty payload is an empty blob, not NULL. */
  gsize kept = payload ? cut(payload, len) : 0;
  sqlite3_bind_int64(stmt, 1, received_ms);
  casa_store_bind_foreign(stmt, 2, topic ? topic : "", topic ? topic_len : 0);
  sqlite3_bind_blob64(stmt, 3, payload && kept > 0 ? payload : "", kept, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 4, code, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 5, reason, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 6, args, -1, SQLITE_TRANSIENT);
  gboolean ok = casa_stmt_run(stmt);
  sqlite3_clear_bindings(stmt);
  if (!ok)
    return FALSE;
  casa_refused_add(self->refused, topic, topic_len, sqlite3_last_insert_rowid(self->db),
                   topic_len + kept + strlen(code) + strlen(reason) + (args ? strlen(args) : 0));
  self->refused_stale = TRUE;
  ok = let_go(self, bytes_for(self, PART), ROWS_PER_PUT, &more) && casa_store_commit(self);
  self->refused_stale = !ok;
  return ok;
}

gboolean
casa_store_put_rejection(CasaStore *self, gint64 received_ms, const char *topic, gsize topic_len, const void *payload,
                         gsize len, const char *code, const char *reason, const char *args, GError **error)
{
  casa_store_lock(self);
  gboolean ok = write_rejection(self, received_ms, topic, topic_len, payload, len, code, reason, args);
  if (ok)
    atomic_store(&self->last_received, MAX(received_ms, atomic_load(&self->last_received)));
  else
    casa_store_undo(self, "keep a refused message", error);
  casa_store_unlock(self);
  return ok;
}

gboolean
casa_store_expire_refused(CasaStore *self, gboolean squeeze, gboolean *out_more)
{
  gint64 max = bytes_for(self, squeeze ? PART_KEPT : PART);
  *out_more = FALSE;
  if (self->refused_stale && !casa_store_load_refused(self))
    return FALSE;
  if (!casa_refused_is_over(self->refused, max))
    return TRUE;
  self->refused_stale = TRUE;
  gboolean ok = casa_store_begin(self) && let_go(self, max, ROWS_PER_STEP, out_more) && casa_store_commit(self);
  self->refused_stale = !ok;
  return ok;
}
