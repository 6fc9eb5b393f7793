/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

static void
copy_column(sqlite3_stmt *stmt, int i, char out[CASA_NAME_MAX + 1])
{
  const char *text = (const char *)sqlite3_column_text(stmt, i);
  g_strlcpy(out, text ? text : "", CASA_NAME_MAX + 1);
}

static void
add_row(GArray *found, sqlite3_stmt *stmt)
{
  CasaEvent e = { 0 };
  copy_column(stmt, 0, e.source);
  copy_column(stmt, 1, e.id);
  copy_column(stmt, 2, e.event);
  copy_column(stmt, 3, e.place);
  copy_column(stmt, 4, e.district);
  copy_column(stmt, 5, e.line);
  e.start_ms = sqlite3_column_int64(stmt, 6);
  e.end_ms = sqlite3_column_type(stmt, 7) == SQLITE_NULL ? CASA_EVENT_OPEN : sqlite3_column_int64(stmt, 7);
  e.intensity = sqlite3_column_double(stmt, 8);
  e.simulated = sqlite3_column_int(stmt, 9) != 0;
  g_array_append_val(found, e);
}

GArray *
casa_reader_events(CasaReader *self, gint64 from_ms, gint64 to_ms, GError **error)
{
  casa_reader_follow(self);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(CasaEvent));
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_EVENTS);
  int code = SQLITE_ERROR;
  if (stmt) {
    sqlite3_bind_int64(stmt, 1, from_ms);
    sqlite3_bind_int64(stmt, 2, to_ms);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
      add_row(found, stmt);
    sqlite3_reset(stmt);
  }
  if (code == SQLITE_DONE)
    return g_steal_pointer(&found);
  casa_reader_fail(self, "read the events", error);
  return NULL;
}

static void
add_report(GArray *found, sqlite3_stmt *stmt)
{
  CasaStoredReport r = { 0 };
  copy_column(stmt, 0, r.about.source);
  copy_column(stmt, 1, r.about.id);
  copy_column(stmt, 2, r.about.service);
  r.about.lat = sqlite3_column_double(stmt, 3);
  r.about.lon = sqlite3_column_double(stmt, 4);
  const char *text = (const char *)sqlite3_column_text(stmt, 5), *status = (const char *)sqlite3_column_text(stmt, 6);
  g_strlcpy(r.about.text, text ? text : "", sizeof r.about.text);
  r.about.closed = g_strcmp0(status, "closed") == 0;
  r.received_ms = sqlite3_column_int64(stmt, 7);
  r.shown = sqlite3_column_int(stmt, 8) != 0;
  g_array_append_val(found, r);
}

GArray *
casa_reader_reports(CasaReader *self, gboolean shown, guint max, GError **error)
{
  casa_reader_follow(self);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(CasaStoredReport));
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_REPORTS);
  int code = SQLITE_ERROR;
  if (stmt) {
    sqlite3_bind_int(stmt, 1, shown != 0);
    sqlite3_bind_int64(stmt, 2, max);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
      add_report(found, stmt);
    sqlite3_reset(stmt);
  }
  if (code == SQLITE_DONE)
    return g_steal_pointer(&found);
  casa_reader_fail(self, "read the reports", error);
  return NULL;
}
