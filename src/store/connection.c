/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store-private.h"

/* The writing connection: its lock, its statements, its transactions.
 *
 * A commit by itself takes six file locks: two to mark in the -wal how far it reads, a shared one to read, one to write, and
 * two to give these back. Four of them are the reading transaction's. So the writing connection keeps a reading transaction
 * open between its commits, which move it along: measured, a commit of 8.3 us takes 5.5.
 *
 * Nobody waits for that. The lock to write is given back with each commit, and readers never wait in WAL mode. As long as it
 * is kept, a checkpoint stops at the place where the burst began, so it is let go for every checkpoint, when something failed,
 * and by upkeep every second. Should another program write the file meanwhile (none should, but it may), SQLite does not
 * let this connection write on top of what it has not seen (SQLITE_BUSY_SNAPSHOT): it lets go, and writes anew. So it does
 * when somebody is writing, since SQLite does not wait (sqlite3_busy_timeout)for who holds a reading transaction. */

void
casa_store_lock(CasaStore *self)
{
  g_atomic_int_inc(&self->waiting);
  pthread_mutex_lock(&self->lock);
  g_atomic_int_add(&self->waiting, -1);
}

void
casa_store_unlock(CasaStore *self)
{
  pthread_mutex_unlock(&self->lock);
}

sqlite3_stmt *
casa_store_sql(CasaStore *self, guint which)
{
  return casa_statements_get(&self->statements, which);
}

void
casa_store_hold(CasaStore *self)
{
  sqlite3_stmt *stmt = self->holding ? NULL : casa_store_sql(self, CASA_SQL_HOLD);
  if (!stmt)
    return;
  self->holding = sqlite3_step(stmt) == SQLITE_ROW;
  if (!self->holding)
    sqlite3_reset(stmt);
}

void
casa_store_let_go(CasaStore *self)
{
  if (self->holding)
    sqlite3_reset(casa_store_sql(self, CASA_SQL_HOLD));
  self->holding = FALSE;
}

gboolean
casa_store_run(CasaStore *self, sqlite3_stmt *stmt)
{
  if (casa_stmt_run(stmt))
    return TRUE;
  if (!self->holding || (sqlite3_extended_errcode(self->db) & 0xff) != SQLITE_BUSY)
    return FALSE;
  casa_store_let_go(self);
  return casa_stmt_run(stmt);
}

gboolean
casa_store_begin(CasaStore *self)
{
  self->written_stations = self->saved_stations;
  self->written_series = self->saved_series;
  self->written_deliveries = self->saved_deliveries;
  return casa_store_run(self, casa_store_sql(self, CASA_SQL_BEGIN));
}

gboolean
casa_store_commit(CasaStore *self)
{
  if (!casa_stmt_run(casa_store_sql(self, CASA_SQL_COMMIT)))
    return FALSE;
  self->saved_stations = self->written_stations;
  self->saved_series = self->written_series;
  self->saved_deliveries = self->written_deliveries;
  return TRUE;
}

gboolean
casa_store_undo(CasaStore *self, const char *doing, GError **error)
{
  if (self->lost)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "store %s: its file was erased or moved, and cannot be put back: %s",
                self->path, self->lost);
  else
    casa_db_fail(self->db, self->path, doing, error);
  /* A full disk may already have ended the transaction by itself. */
  if (!sqlite3_get_autocommit(self->db))
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
  casa_store_let_go(self);
  return FALSE;
}

gboolean
casa_store_set_meta(CasaStore *self, const char *key, gint64 value)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SET_META);
  if (!stmt)
    return FALSE;
  sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_int64(stmt, 2, value);
  return casa_stmt_run(stmt);
}

/* --- Checkpoints --- */

/* At 8 MB of -wal upkeep is asked for a checkpoint: it waits for the disk before it takes the lock. Where there is no upkeep,
 * or it is late, the commit does it at 16 MB. With SQLite's 1,000 pages a commit takes 1.5 us more. */
#define ASK_PAGES 8000
#define CHECKPOINT_PAGES 16000

/* Of upkeep, soon, if it runs. */
static void
ask_checkpoint(CasaStore *self)
{
  if (g_atomic_int_get(&self->checkpoint_asked))
    return;
  pthread_mutex_lock(&self->stop_lock);
  g_atomic_int_set(&self->checkpoint_asked, TRUE);
  pthread_cond_signal(&self->stop_cond);
  pthread_mutex_unlock(&self->stop_lock);
}

/* After each commit; @pages: length of the -wal, which begins anew after a checkpoint that nobody held back. A reader who does
 * so does it only until the next, which comes as much later and not with the next commit: ingest beside a drain of the
 * outbox, which reads most of the time, fell to 0.4 of its speed by checkpoints. */
static int
committed_cb(void *data, sqlite3 *db, const char *name, int pages)
{
  CasaStore *self = data;
  /* A reader may hold the -wal for long: asked again when there is as much more. */
  if (pages < ASK_PAGES)
    self->ask_at = ASK_PAGES;
  if (pages >= self->ask_at) {
    ask_checkpoint(self);
    self->ask_at = pages + ASK_PAGES;
  }
  if (pages < CHECKPOINT_PAGES)
    self->checkpoint_at = CHECKPOINT_PAGES;
  if (pages < self->checkpoint_at)
    return SQLITE_OK;
  self->checkpoint_at = pages + CHECKPOINT_PAGES;
  casa_store_let_go(self);
  sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return SQLITE_OK;
}

void
casa_store_use_file(CasaStore *self, sqlite3 *db)
{
  self->db = db;
  casa_statements_init(&self->statements, db, casa_store_statements, CASA_SQL_N);
  sqlite3_wal_hook(db, committed_cb, self);
}

void
casa_store_change_file(CasaStore *self, sqlite3 *db)
{
  casa_store_let_go(self);
  casa_statements_clear(&self->statements);
  sqlite3_db_config(self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close(self->db);
  casa_store_use_file(self, db);
}
