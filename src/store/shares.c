/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "store/store-private.h"

/* Whose samples go when the file is too large. Half of it is the city's; in the other half each source may count on an equal
 * part, an eighth of that half at most. Who has more than that part goes first, the largest first; then the city, if it has
 * more than its half; then the largest of the others; the city last. */

#define SHARES_AT_LEAST 8
/* A row beside its bytes. */
#define ROW_BYTES 48
/* As the reader knows it (CASA_READ_OWN_FLOOR). */
#define FLOOR_KEY "raw_floor_ms "

static CasaShare *
share_of(CasaStore *self, guint series)
{
  const CasaSeriesInfo *info = casa_catalogue_series(self->catalogue, series);
  const char *source = casa_catalogue_identity(self->catalogue, info->station)->source;
  CasaShare *share = g_hash_table_lookup(self->shares, source);
  if (share)
    return share;
  share = g_new(CasaShare, 1);
  *share = (CasaShare){ source, 0, G_MAXINT64, G_MININT64 };
  g_hash_table_insert(self->shares, (gpointer)source, share);
  return share;
}

gboolean
casa_store_weigh(CasaStore *self, guint series, gint64 *key, gboolean *out_done)
{
  gint64 row = (gint64)series + 1;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_WEIGH_BLOCKS);
  if (!stmt)
    return FALSE;
  gboolean begins = *key == 0;
  sqlite3_bind_int64(stmt, 1, begins ? casa_block_key(row, G_MININT64) - 1 : *key);
  sqlite3_bind_int64(stmt, 2, casa_block_key(row + 1, G_MININT64));
  int code = sqlite3_step(stmt);
  gint64 last = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0,
         n = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 1) : 0;
  gint64 bytes = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 2) : 0;
  sqlite3_reset(stmt);
  if (code != SQLITE_ROW)
    return FALSE;
  *out_done = n == 0;
  *key = last;
  if (n == 0)
    return TRUE;
  CasaSpot first, newest;
  CasaShare *share = share_of(self, series);
  share->bytes += bytes + n * ROW_BYTES;
  if (begins && !casa_store_spot(self, TRUE, row, G_MININT64, &first))
    return FALSE;
  if (begins && first.key != 0)
    share->oldest = MIN(share->oldest, first.t_first);
  if (!casa_store_spot(self, FALSE, row, G_MAXINT64, &newest))
    return FALSE;
  if (newest.key != 0)
    share->newest = MAX(share->newest, newest.t_last);
  return TRUE;
}

static gboolean
is_own(const CasaStore *self, const CasaShare *share)
{
  return self->options.own && strcmp(self->options.own, share->source) == 0;
}

CasaShare *
casa_store_largest_share(CasaStore *self)
{
  GHashTableIter iter;
  gpointer one;
  CasaShare *most = NULL, *own = NULL;
  g_hash_table_iter_init(&iter, self->shares);
  while (g_hash_table_iter_next(&iter, NULL, &one)) {
    CasaShare *share = one;
    if (is_own(self, share))
      own = share;
    else if (share->bytes > 0 && (!most || share->bytes > most->bytes))
      most = share;
  }
  guint others = MAX(g_hash_table_size(self->shares) - (own ? 1 : 0), SHARES_AT_LEAST);
  gint64 half = self->options.max_size / 2;
  if (most && most->bytes > half / others)
    return most;
  if (own && own->bytes > half)
    return own;
  return most ? most : own && own->bytes > 0 ? own : NULL;
}

gboolean
casa_store_is_of(CasaStore *self, guint series, const CasaShare *share)
{
  const CasaSeriesInfo *info = casa_catalogue_series(self->catalogue, series);
  return strcmp(casa_catalogue_identity(self->catalogue, info->station)->source, share->source) == 0;
}

gboolean
casa_store_note_floor(CasaStore *self, const char *source, gint64 floor)
{
  g_autofree char *key = g_strconcat(FLOOR_KEY, source, NULL);
  return casa_store_set_meta(self, key, floor);
}

void
casa_store_set_floor(CasaStore *self, const char *source, gint64 floor)
{
  guint n = casa_catalogue_n_series(self->catalogue);
  const CasaShare share = { .source = source };
  for (guint i = 0; i < n; i++)
    if (casa_store_is_of(self, i, &share))
      casa_store_recent(self, i)->raw_floor = MAX(floor, casa_store_recent(self, i)->raw_floor);
}

gboolean
casa_store_load_floors(CasaStore *self)
{
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2(self->db,
                                "SELECT substr(key, length('" FLOOR_KEY "') + 1), value FROM meta"
                                " WHERE key > '" FLOOR_KEY "' AND key < 'raw_floor_ms!'",
                                -1, &stmt, NULL);
  while (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
    casa_store_set_floor(self, (const char *)sqlite3_column_text(stmt, 0), sqlite3_column_int64(stmt, 1));
    code = SQLITE_OK;
  }
  sqlite3_finalize(stmt);
  return code == SQLITE_DONE;
}
