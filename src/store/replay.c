/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"
#include "store/store-private.h"

/* A new forwarding target shall get what is sealed as well, and the forwarder reads the journal. So what has left the journal
 * is put back before its first row: there is room, since every sample had an id of its own once. Readers do not see those
 * rows (their ids are below meta.sealed), and they leave when they are acknowledged. Some 500,000 samples a second, once. */

static int
compare_keys(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

/* The numbers that a statement gives, one a row, read to the end. NULL: SQLite said no. (element-type gint64) */
static GArray *
all_numbers(sqlite3_stmt *stmt)
{
  if (!stmt)
    return NULL;
  g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    gint64 number = sqlite3_column_int64(stmt, 0);
    g_array_append_val(numbers, number);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE ? g_steal_pointer(&numbers) : NULL;
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
    if (skip->len == 0 || !g_array_binary_search((GArray *)skip, &sample_key, compare_keys, NULL))
      ok = put_back(self, key >> 43, s, (*id)--);
  }
  return ok;
}

gboolean
casa_store_replay(CasaStore *self, gint64 *out_acked)
{
  gint64 first = G_MAXINT64;
  if (!casa_stmt_int(casa_store_sql(self, CASA_SQL_FIRST_SAMPLE), &first))
    return FALSE;
  *out_acked = MIN(first, self->sealed + 1) - 1;
  /* What is both sealed and still in the journal, and what the journal has another value of. */
  g_autoptr(GArray) skip = all_numbers(casa_store_sql(self, CASA_SQL_SEALED_ROWS));
  if (!skip)
    return FALSE;
  g_array_sort(skip, compare_keys);
  g_autoptr(GArray) blocks = all_numbers(casa_store_sql(self, CASA_SQL_BLOCK_KEYS));
  gboolean ok = blocks != NULL;
  for (guint i = 0; ok && i < blocks->len; i++)
    ok = put_block(self, g_array_index(blocks, gint64, i), skip, out_acked);
  return ok;
}
