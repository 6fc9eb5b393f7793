/* SPDX-License-Identifier: Apache-2.0 */
#include "store/block-row.h"

static void
bind_planes(sqlite3_stmt *stmt, int i, const guint8 *planes, gsize len)
{
  sqlite3_bind_blob64(stmt, i, len > 0 ? (const void *)planes : "", len, SQLITE_STATIC);
}

void
casa_block_bind(sqlite3_stmt *stmt, gint64 row, const CasaBlock *block)
{
  sqlite3_bind_int64(stmt, 1, casa_block_key(row, block->t_first));
  sqlite3_bind_int64(stmt, 2, block->n);
  sqlite3_bind_int64(stmt, 3, block->t_last - block->t_first);
  sqlite3_bind_int64(stmt, 4, block->t_add);
  sqlite3_bind_int64(stmt, 5, block->t_step);
  sqlite3_bind_int64(stmt, 6, block->r_base);
  sqlite3_bind_int(stmt, 7, block->r_follows);
  if (block->v_is_real)
    sqlite3_bind_double(stmt, 8, block->v_real);
  else
    sqlite3_bind_int64(stmt, 8, block->v_base);
  sqlite3_bind_int64(stmt, 9, block->v_div);
  bind_planes(stmt, 10, block->t, block->t_len);
  bind_planes(stmt, 11, block->r, block->r_len);
  bind_planes(stmt, 12, block->v, block->v_len);
}

static const guint8 *
column_planes(sqlite3_stmt *stmt, int i, gsize *out_len)
{
  const guint8 *planes = sqlite3_column_blob(stmt, i);
  *out_len = planes ? (gsize)sqlite3_column_bytes(stmt, i) : 0;
  return planes;
}

void
casa_block_column(sqlite3_stmt *stmt, CasaBlock *out)
{
  gint64 n = sqlite3_column_int64(stmt, 1);
  *out = (CasaBlock){
    .t_first = casa_block_key_time(sqlite3_column_int64(stmt, 0)),
    .n = n > 0 && n <= CASA_BLOCK_MAX ? (guint)n : 0,
    .t_add = sqlite3_column_int64(stmt, 3),
    .t_step = sqlite3_column_int64(stmt, 4),
    .r_base = sqlite3_column_int64(stmt, 5),
    .r_follows = sqlite3_column_int(stmt, 6) != 0,
    .v_is_real = sqlite3_column_type(stmt, 7) == SQLITE_FLOAT,
    .v_base = sqlite3_column_int64(stmt, 7),
    .v_real = sqlite3_column_double(stmt, 7),
    .v_div = sqlite3_column_int64(stmt, 8),
  };
  out->t_last = (gint64)((guint64)out->t_first + (guint64)sqlite3_column_int64(stmt, 2));
  out->t = column_planes(stmt, 9, &out->t_len);
  out->r = column_planes(stmt, 10, &out->r_len);
  out->v = column_planes(stmt, 11, &out->v_len);
}

gboolean
casa_spot_read(sqlite3_stmt *stmt, CasaSpot *out)
{
  *out = (CasaSpot){ 0 };
  if (!stmt)
    return FALSE;
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW) {
    out->key = sqlite3_column_int64(stmt, 0);
    out->n = (guint)sqlite3_column_int64(stmt, 1);
    out->t_first = casa_block_key_time(out->key);
    out->t_last = out->t_first + sqlite3_column_int64(stmt, 2);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}
