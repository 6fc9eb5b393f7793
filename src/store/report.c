/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store-private.h"

/* Reports of citizens, as `$report` messages tell them. Bounded for each source, so that one that floods pushes out its own
 * only. */

#define REPORTS_OF_SOURCE 500
#define REPORTS_KEPT 20000

static void
bind_key(sqlite3_stmt *stmt, const char *source, const char *id)
{
  sqlite3_bind_text(stmt, 1, source, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 2, id, -1, SQLITE_TRANSIENT);
}

static sqlite3_stmt *
bind_report(CasaStore *self, const CasaReport *report, gint64 received_ms)
{
  sqlite3_stmt *stmt = casa_store_sql(self, report->withdrawn ? CASA_SQL_DELETE_REPORT : CASA_SQL_PUT_REPORT);
  if (!stmt)
    return NULL;
  bind_key(stmt, report->source, report->id);
  if (report->withdrawn)
    return stmt;
  sqlite3_bind_text(stmt, 3, report->service, -1, SQLITE_TRANSIENT);
  sqlite3_bind_double(stmt, 4, report->lat);
  sqlite3_bind_double(stmt, 5, report->lon);
  sqlite3_bind_text(stmt, 6, report->text, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 7, report->closed ? "closed" : "open", -1, SQLITE_STATIC);
  sqlite3_bind_int64(stmt, 8, received_ms);
  return stmt;
}

static gboolean
write_report(CasaStore *self, const CasaReport *report, gint64 received_ms, gboolean *out_changed)
{
  sqlite3_stmt *stmt = bind_report(self, report, received_ms);
  sqlite3_stmt *trim = casa_store_sql(self, CASA_SQL_TRIM_REPORT);
  if (!stmt || !trim || !casa_store_begin(self) || !casa_stmt_run(stmt))
    return FALSE;
  *out_changed = sqlite3_changes(self->db) > 0;
  sqlite3_bind_text(trim, 1, report->source, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(trim, 2, REPORTS_OF_SOURCE);
  sqlite3_bind_int64(trim, 3, REPORTS_KEPT);
  return casa_stmt_run(trim) && casa_store_commit(self);
}

gboolean
casa_store_put_report(CasaStore *self, const CasaReport *report, gint64 received_ms, gboolean *out_changed, GError **error)
{
  *out_changed = FALSE;
  casa_store_lock(self);
  gboolean ok = write_report(self, report, received_ms, out_changed);
  if (!ok)
    casa_store_undo(self, "store a report", error);
  casa_store_unlock(self);
  return ok;
}

gboolean
casa_store_show_report(CasaStore *self, const char *source, const char *id, gboolean shown, GError **error)
{
  casa_store_lock(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SHOW_REPORT);
  gboolean ok = stmt && casa_store_begin(self);
  if (ok) {
    bind_key(stmt, source, id);
    sqlite3_bind_int(stmt, 3, shown);
    ok = casa_stmt_run(stmt) && casa_store_commit(self);
  }
  if (!ok)
    casa_store_undo(self, "show a report", error);
  casa_store_unlock(self);
  return ok;
}
