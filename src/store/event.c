/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store-private.h"

/* Events, as `$event` messages tell them. */

#define EVENTS_KEPT 100000
/* …of which one source has no more than these, give or take TRIM_EVERY: nobody's events are pushed out by another's. */
#define EVENTS_KEPT_OF_ONE 20000
#define TRIM_EVERY 256

static void
bind_name(sqlite3_stmt *stmt, int i, const char *name)
{
  sqlite3_bind_text(stmt, i, name, -1, SQLITE_TRANSIENT);
}

static sqlite3_stmt *
bind_event(CasaStore *self, const CasaEvent *event, gint64 received_ms)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_PUT_EVENT);
  if (!stmt)
    return NULL;
  const char *const names[] = { event->source, event->id, event->event, event->place, event->district, event->line };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    bind_name(stmt, (int)i + 1, names[i]);
  sqlite3_bind_int64(stmt, 7, event->start_ms);
  if (event->end_ms == CASA_EVENT_OPEN)
    sqlite3_bind_null(stmt, 8);
  else
    sqlite3_bind_int64(stmt, 8, event->end_ms);
  sqlite3_bind_double(stmt, 9, event->intensity);
  sqlite3_bind_int(stmt, 10, event->simulated);
  sqlite3_bind_int64(stmt, 11, received_ms);
  return stmt;
}

static sqlite3_stmt *
bind_end(CasaStore *self, const CasaEvent *event, gint64 received_ms)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_END_EVENT);
  if (!stmt)
    return NULL;
  bind_name(stmt, 1, event->source);
  bind_name(stmt, 2, event->id);
  sqlite3_bind_int64(stmt, 3, received_ms);
  return stmt;
}

static gboolean
trim_events_of(CasaStore *self, const char *source)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_TRIM_EVENTS_OF);
  if (!stmt)
    return FALSE;
  bind_name(stmt, 1, source);
  sqlite3_bind_int64(stmt, 2, EVENTS_KEPT_OF_ONE);
  return casa_stmt_run(stmt);
}

static gboolean
write_event(CasaStore *self, const CasaEvent *event, gint64 received_ms, gboolean *out_changed)
{
  sqlite3_stmt *stmt = event->over ? bind_end(self, event, received_ms) : bind_event(self, event, received_ms);
  sqlite3_stmt *trim = casa_store_sql(self, CASA_SQL_TRIM_EVENT);
  if (!stmt || !trim || !casa_store_begin(self) || !casa_stmt_run(stmt))
    return FALSE;
  *out_changed = sqlite3_changes(self->db) > 0;
  if (*out_changed && sqlite3_last_insert_rowid(self->db) % TRIM_EVERY == 0 && !trim_events_of(self, event->source))
    return FALSE;
  sqlite3_bind_int64(trim, 1, EVENTS_KEPT);
  return casa_stmt_run(trim) && casa_store_commit(self);
}

gboolean
casa_store_put_event(CasaStore *self, const CasaEvent *event, gint64 received_ms, gboolean *out_changed, GError **error)
{
  *out_changed = FALSE;
  casa_store_lock(self);
  gboolean ok = write_event(self, event, received_ms, out_changed);
  if (!ok)
    casa_store_undo(self, "store an event", error);
  else if (*out_changed)
    atomic_fetch_add(&self->event_revision, 1);
  casa_store_unlock(self);
  return ok;
}

guint
casa_store_event_revision(CasaStore *self)
{
  return atomic_load(&self->event_revision);
}
