/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/schema.h"
#include "store/catalogue-read.h"
#include "store/store-private.h"

/* What the writer reads when it opens the file: the catalogue, how far it had come, and what no block holds yet. */

/* More than upkeep ever leaves behind. */
#define MUCH_UNSEALED 1000000u

static void
load_sample(CasaStore *self, sqlite3_stmt *stmt)
{
  gint64 t_ms = sqlite3_column_int64(stmt, 2), received = t_ms + sqlite3_column_int64(stmt, 4);
  CasaSample sample = { sqlite3_column_int64(stmt, 0), t_ms, received, casa_value_column(stmt, 3) };
  CasaTail *tail = &casa_store_recent(self, (guint)sqlite3_column_int64(stmt, 1) - 1)->tail;
  self->unsealed -= tail->n;
  casa_tail_put(tail, &sample);
  self->unsealed += tail->n;
  if (received > atomic_load(&self->last_received))
    atomic_store(&self->last_received, received);
}

/* Up to MUCH_UNSEALED rows after @after; *out_last: id of the last one. */
static gboolean
load_chunk(CasaStore *self, gint64 after, guint *out_rows, gint64 *out_last)
{
  sqlite3_stmt *stmt = NULL;
  *out_rows = 0;
  int code = sqlite3_prepare_v2(self->db,
                                "SELECT sample.id, series, t_ms, v, " CASA_LAG_SQL " FROM sample CROSS JOIN series"
                                " ON series.id = sample.series WHERE sample.id > ?1 AND sample.id > sealed_id"
                                " ORDER BY sample.id LIMIT ?2",
                                -1, &stmt, NULL);
  if (code == SQLITE_OK) {
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int64(stmt, 2, MUCH_UNSEALED);
    for (; (code = sqlite3_step(stmt)) == SQLITE_ROW; (*out_rows)++) {
      load_sample(self, stmt);
      *out_last = sqlite3_column_int64(stmt, 0);
    }
  }
  sqlite3_finalize(stmt);
  return code == SQLITE_DONE;
}

/* What no block holds yet, a million rows a second. There are more than some 100,000 only after a migration: then they are
 * sealed bit by bit, before memory fills with them and before anybody has to look through them. */
static gboolean
load_tails(CasaStore *self, GError **error)
{
  gint64 last_id = atomic_load(&self->last_id), at = self->sealed;
  guint rows = MUCH_UNSEALED;
  while (rows == MUCH_UNSEALED) {
    gboolean more = TRUE;
    if (!load_chunk(self, at, &rows, &at))
      return casa_db_fail(self->db, self->path, "read it", error);
    if (rows < MUCH_UNSEALED)
      break;
    g_message("store %s: is being packed, once: %u samples of some %" G_GINT64_FORMAT, self->path, rows, last_id - at + rows);
    atomic_store(&self->last_id, at);
    while (more)
      if (!casa_store_seal_step(self, TRUE, &more, error))
        return FALSE;
  }
  atomic_store(&self->last_id, last_id);
  self->unsealed_since = casa_clock_mono_us();
  return TRUE;
}

/* Ids are never used twice, even when the newest rows were replaced or have left the journal: cursors count on it. */
static gboolean
load_cursors(CasaStore *self, GError **error)
{
  gint64 last = 0, acked = 0, received = 0, rejected = 0, first = G_MAXINT64;
  const struct {
    const char *sql;
    gint64 *to;
  } numbers[] = {
    { "SELECT value FROM meta WHERE key = 'sealed'", &self->sealed },
    { "SELECT value FROM meta WHERE key = 'raw_floor_ms'", &self->raw_floor },
    { "SELECT value FROM meta WHERE key = 'last_received_ms'", &received },
    { "SELECT received_ms FROM rejection_log ORDER BY id DESC LIMIT 1", &rejected },
    { "SELECT min(id) FROM sample", &first },
    { "SELECT max(id) FROM sample", &last },
    { "SELECT max(acked_id) FROM outbox", &acked },
  };
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    sqlite3_stmt *stmt = NULL;
    sqlite3_prepare_v2(self->db, numbers[i].sql, -1, &stmt, NULL);
    gboolean ok = casa_stmt_int(stmt, numbers[i].to);
    sqlite3_finalize(stmt);
    if (!ok)
      return casa_db_fail(self->db, self->path, "read it", error);
  }
  atomic_store(&self->last_id, MAX(MAX(last, acked), self->sealed));
  self->trimmed = MIN(first - 1, self->sealed);
  atomic_store(&self->last_received, MAX(received, rejected));
  return TRUE;
}

gboolean
casa_store_load(CasaStore *self, GError **error)
{
  if (!casa_catalogue_read(self->catalogue, self->db, self->path, error))
    return FALSE;
  self->saved_stations = casa_catalogue_n_stations(self->catalogue);
  self->saved_series = casa_catalogue_n_series(self->catalogue);
  /* How a reader knows the file again when it has been put back in its place. Not worth refusing a full disk for. */
  sqlite3_exec(self->db,
               "INSERT INTO meta SELECT 'identity', random() WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'identity')",
               NULL, NULL, NULL);
  if (!casa_store_load_refused(self) || !casa_store_load_floors(self))
    return casa_db_fail(self->db, self->path, "read it", error);
  if (!load_cursors(self, error))
    return FALSE;
  return casa_store_load_deliveries(self) ? load_tails(self, error) : casa_db_fail(self->db, self->path, "read it", error);
}
