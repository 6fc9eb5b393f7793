/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "store/store-private.h"

/* The writer's way to the blocks of a series: find, load, write, remove. All under the write lock. */

gboolean
casa_store_spot(CasaStore *self, gboolean after, gint64 row, gint64 t_ms, CasaSpot *out)
{
  sqlite3_stmt *stmt = casa_store_sql(self, after ? CASA_SQL_SPOT_AFTER : CASA_SQL_SPOT_BEFORE);
  *out = (CasaSpot){ 0 };
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, casa_block_key(row, t_ms));
  sqlite3_bind_int64(stmt, 2, casa_block_key(row, after ? G_MAXINT64 : G_MININT64));
  return casa_spot_read(stmt, out);
}

/* Once. */
static void
say_damage(CasaStore *self, gint64 key, gint64 t_first, const char *why)
{
  if (!self->said_damage)
    g_message("store %s: a block of series %" G_GINT64_FORMAT " from %" G_GINT64_FORMAT " ms on is damaged: %s; a backup "
              "may still have it (docs/STORE.md)",
              self->path, key >> 43, t_first, why);
  self->said_damage = TRUE;
}

gboolean
casa_store_load_block(CasaStore *self, gint64 key, GArray *into, gboolean *out_damaged)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_LOAD_BLOCK);
  const char *why = "it has gone";
  *out_damaged = FALSE;
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, key);
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW) {
    CasaBlock block;
    guint at = into->len;
    casa_block_column(stmt, &block);
    g_array_set_size(into, at + MAX(block.n, 1));
    *out_damaged = !casa_block_decode(&block, &g_array_index(into, CasaSample, at), &why);
    if (*out_damaged) {
      g_array_set_size(into, at);
      say_damage(self, key, block.t_first, why);
    }
  }
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
run_by_key(CasaStore *self, guint which, gint64 key)
{
  sqlite3_stmt *stmt = casa_store_sql(self, which);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, key);
  return casa_stmt_run(stmt);
}

gboolean
casa_store_take_block(CasaStore *self, gint64 key, GArray *into)
{
  gboolean damaged;
  return casa_store_load_block(self, key, into, &damaged) && (!damaged || run_by_key(self, CASA_SQL_KEEP_DAMAGED, key)) &&
         run_by_key(self, CASA_SQL_DROP_BLOCK, key);
}

gboolean
casa_store_write_blocks(CasaStore *self, gint64 row, const CasaSample *samples, guint n, guint size)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_BLOCK);
  CasaBlock block;
  if (!stmt)
    return FALSE;
  for (guint at = 0; at < n; at += block.n) {
    casa_block_encode(samples + at, MIN(n - at, size), &self->room, &block);
    casa_block_bind(stmt, row, &block);
    if (!casa_stmt_run(stmt))
      return FALSE;
  }
  return TRUE;
}

gboolean
casa_store_find_sealed(CasaStore *self, gint64 row, gint64 t_ms, gboolean *out_found, double *out_value)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_FIND_BLOCK);
  *out_found = FALSE;
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, casa_block_key(row, t_ms));
  sqlite3_bind_int64(stmt, 2, casa_block_key(row, G_MININT64));
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW) {
    CasaBlock block;
    casa_block_column(stmt, &block);
    if (block.t_last >= t_ms && !casa_block_find(&block, t_ms, out_found, out_value))
      say_damage(self, sqlite3_column_int64(stmt, 0), block.t_first, "its columns are no whole planes");
  }
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
casa_store_supersede(CasaStore *self, gint64 row, gint64 t_ms, gint64 id)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SUPERSEDE);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, casa_block_key(row, t_ms));
  sqlite3_bind_int64(stmt, 2, id);
  return casa_stmt_run(stmt);
}

gboolean
casa_store_newest_sealed(CasaStore *self, gint64 row, gboolean *out_found, CasaSample *out)
{
  CasaSpot spot;
  gboolean damaged;
  *out_found = FALSE;
  g_array_set_size(self->scratch, 0);
  if (!casa_store_spot(self, FALSE, row, G_MAXINT64, &spot))
    return FALSE;
  if (spot.key == 0)
    return TRUE;
  if (!casa_store_load_block(self, spot.key, self->scratch, &damaged))
    return FALSE;
  *out_found = TRUE;
  /* Of a damaged block the times are known still, so that later samples need no lookup. */
  *out = damaged ? (CasaSample){ .t_ms = spot.t_last, .value = NAN }
                 : g_array_index(self->scratch, CasaSample, self->scratch->len - 1);
  return TRUE;
}
