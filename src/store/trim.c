/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/store-private.h"

/* What is sealed leaves the journal once every InfluxDB has it. One that this program uses may be away for as long as it
 * likes; one that is only remembered from before (a run without InfluxDB in between, or another address) is waited for as
 * long as samples are kept. */

#define TRIM_ROWS 2000

/* Rows that nobody needs, and rows that only targets not in use need. */
typedef struct {
  gint64 sure, old;
} Needless;

static gboolean
read_needless(CasaStore *self, Needless *out)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_OUTBOX_ALL);
  *out = (Needless){ self->sealed, self->sealed };
  if (!stmt)
    return FALSE;
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    gint64 acked = sqlite3_column_int64(stmt, 1);
    const char *target = (const char *)sqlite3_column_text(stmt, 0);
    out->sure = MIN(out->sure, acked);
    if (g_ptr_array_find_with_equal_func(self->targets, target, g_str_equal, NULL))
      out->old = MIN(out->old, acked);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE;
}

/* Whether the journal up to @id arrived before the retention. Not known: no. */
static gboolean
is_old(CasaStore *self, gint64 id, gint64 now_ms)
{
  sqlite3_stmt *stmt = self->options.retention_ms > 0 ? casa_store_sql(self, CASA_SQL_RECEIVED_AT) : NULL;
  gint64 received = G_MININT64;
  if (stmt)
    sqlite3_bind_int64(stmt, 1, id);
  return casa_stmt_int(stmt, &received) && received < now_ms - self->options.retention_ms;
}

gboolean
casa_store_trim_step(CasaStore *self, gint64 now_ms, gboolean *out_more, GError **error)
{
  Needless needless;
  *out_more = FALSE;
  if (!read_needless(self, &needless))
    return casa_store_undo(self, "read what was forwarded", error);
  gint64 last = MIN(MAX(needless.sure, needless.old), self->trimmed + TRIM_ROWS);
  if (last > needless.sure && !is_old(self, last, now_ms))
    last = needless.sure;
  if (last <= self->trimmed)
    return TRUE;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_TRIM_JOURNAL);
  if (stmt)
    sqlite3_bind_int64(stmt, 1, last);
  if (!casa_store_run(self, stmt))
    return casa_store_undo(self, "let forwarded samples leave the journal", error);
  self->trimmed = last;
  *out_more = TRUE;
  return TRUE;
}
