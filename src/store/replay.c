/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"
#include "store/store-private.h"

/* A new forwarding target shall get what is sealed as well, and the forwarder reads the journal. So what has left the journal
 * is put back before its first row: there is room, since every sample had an id of its own once. Readers do not see those
 * rows (their ids are below meta.sealed), and they leave when they are acknowledged. Some 500,000 samples a second, once. */

static int
compare_keys(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

/* Keys (block-row.h) of what is both sealed and still in the journal. (element-type gint64), ascending. */
static GArray *
still_there(CasaStore *self)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SEALED_ROWS);
  if (!stmt)
    return NULL;
  g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(gint64));
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    gint64 key = casa_block_key(sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1));
    g_array_append_val(keys, key);
  }
  sqlite3_reset(stmt);
  g_array_sort(keys, compare_keys);
  return code == SQLITE_DONE ? g_steal_pointer(&keys) : NULL;
}

static gboolean
put_back(CasaStore *self, gint64 row, const CasaSample *s, gint64 id)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_SAMPLE);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, id);
  sqlite3_bind_int64(stmt, 2, row);
  sqlite3_bind_int64(stmt, 3, s->t_ms);
  casa_value_bind(stmt, 4, s->value);
  /* Nobody asks these rows when they arrived, except whether that is long ago. */
  sqlite3_bind_int64(stmt, 5, MAX(s->received_ms - s->t_ms, CASA_LAG_LEAST));
  return casa_stmt_run(stmt);
}

/* Backwards, so that the numbers end where the journal begins, however many they are. */
static gboolean
put_block(CasaStore *self, gint64 key, const GArray *skip, gint64 *id)
{
  gboolean damaged, ok;
  g_array_set_size(self->scratch, 0);
  ok = casa_store_load_block(self, key, self->scratch, &damaged);
  for (guint i = self->scratch->len; ok && i-- > 0 && *id > 0;) {
    const CasaSample *s = &g_array_index(self->scratch, CasaSample, i);
    gint64 sample_key = casa_block_key(key >> 43, s->t_ms);
    if (skip->len == 0 || !g_array_binary_search((GArray *) skip, &sample_key, compare_keys, NULL))
      ok = put_back(self, key >> 43, s, (*id)--);
  }
  return ok;
}

gboolean
casa_store_replay(CasaStore *self, gint64 *out_acked)
{
  g_autoptr(GArray) skip = still_there(self);
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_BLOCK_KEYS);
  *out_acked = MIN(casa_db_int(self->db, "SELECT min(id) FROM sample", G_MAXINT64), self->sealed + 1) - 1;
  if (!skip || !stmt)
    return FALSE;
  gboolean ok = TRUE;
  int code;
  while (ok && (code = sqlite3_step(stmt)) == SQLITE_ROW)
    ok = put_block(self, sqlite3_column_int64(stmt, 0), skip, out_acked);
  sqlite3_reset(stmt);
  return ok && code == SQLITE_DONE;
}
