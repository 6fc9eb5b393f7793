/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"
#include "store/store-private.h"

/* Messages that only their bytes can tell apart. The hash of each stands in the journal, in the `lag` of one of its samples: so
 * a lone sample stays one statement and one page of the -wal. Before such a row leaves, what the ring has goes into table
 * `delivery`, each message once. */

static guint64
cut(guint64 hash)
{
  guint64 key = hash & ((G_GUINT64_CONSTANT(1) << CASA_LAG_HASH_BITS) - 1);
  return key == 0 ? 1 : key;
}

gint64
casa_delivery_lag(guint64 hash, gint64 lag)
{
  return G_MININT64 + (gint64)(cut(hash) << CASA_LAG_MOVED_BITS) - lag;
}

gboolean
casa_delivery_fits(gint64 lag)
{
  return lag <= 0 && lag > -(G_GINT64_CONSTANT(1) << CASA_LAG_MOVED_BITS);
}

void
casa_deliveries_add(CasaDeliveries *self, guint64 hash, gint64 id)
{
  self->n++;
  self->hash[self->n % CASA_DELIVERIES] = cut(hash);
  self->id = id;
}

gboolean
casa_deliveries_has(const CasaDeliveries *self, guint64 hash)
{
  const guint64 key = cut(hash);
  for (guint i = 0; hash != 0 && i < CASA_DELIVERIES; i++)
    if (self->hash[i] == key)
      return TRUE;
  return FALSE;
}

/* --- Their table --- */

static gboolean
save(CasaStore *self, gint64 n, guint64 hash)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_NOTE_DELIVERY);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, n % CASA_DELIVERIES);
  sqlite3_bind_int64(stmt, 2, n);
  sqlite3_bind_int64(stmt, 3, (gint64)hash);
  self->written_deliveries = n;
  return casa_stmt_run(stmt);
}

gboolean
casa_store_save_deliveries(CasaStore *self)
{
  const CasaDeliveries *d = &self->deliveries;
  if (self->written_deliveries == d->n)
    return TRUE;
  for (gint64 n = MAX(self->written_deliveries, d->n - CASA_DELIVERIES) + 1; n <= d->n; n++)
    if (!save(self, n, d->hash[n % CASA_DELIVERIES]))
      return FALSE;
  return casa_store_set_meta(self, "delivered", d->id);
}

gboolean
casa_store_save_delivery(CasaStore *self, guint64 hash)
{
  return casa_store_save_deliveries(self) && save(self, self->deliveries.n + 1, cut(hash));
}

/* --- Reading them back --- */

/* Slots that are empty, or beyond the ring of this program, are no harm. */
static int
load_table(CasaStore *self)
{
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2(self->db, "SELECT n, hash FROM delivery ORDER BY n", -1, &stmt, NULL);
  while (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
    self->deliveries.n = MAX(sqlite3_column_int64(stmt, 0), 0);
    self->deliveries.hash[self->deliveries.n % CASA_DELIVERIES] = cut((guint64)sqlite3_column_int64(stmt, 1));
  }
  if (code == SQLITE_OK)
    code = sqlite3_reset(stmt);
  sqlite3_finalize(stmt);
  return code;
}

/* What is sealed was saved by the pass that sealed it. */
static int
load_journal(CasaStore *self)
{
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2(self->db,
                                "SELECT id, lag FROM sample WHERE lag < " CASA_LAG_HASHED_SQL " AND id > max(?1,"
                                " coalesce((SELECT value FROM meta WHERE key = 'delivered'), 0)) ORDER BY id",
                                -1, &stmt, NULL);
  if (code == SQLITE_OK) {
    sqlite3_bind_int64(stmt, 1, self->sealed);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
      guint64 word = (guint64)sqlite3_column_int64(stmt, 1) - (guint64)G_MININT64;
      casa_deliveries_add(&self->deliveries, word >> CASA_LAG_MOVED_BITS, sqlite3_column_int64(stmt, 0));
    }
    code = sqlite3_reset(stmt);
  }
  sqlite3_finalize(stmt);
  return code;
}

gboolean
casa_store_load_deliveries(CasaStore *self)
{
  if (load_table(self) != SQLITE_OK)
    return FALSE;
  self->saved_deliveries = self->deliveries.n;
  return load_journal(self) == SQLITE_OK;
}
