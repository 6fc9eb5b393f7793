/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"
#include "store/store-private.h"

/* Samples that come after all that is sealed are added to their hour, one by one, which gives the very number that adding
 * all of it anew would give. An hour that late or replaced samples touch is made anew from the blocks of its series, in the
 * transaction that seals them. Hours that begin before raw_floor stay as they are: part of what they were made of may have
 * expired. */

typedef struct {
  gint64 n;
  double sum, min, max, last;
} Sum;

static void
add_up(const CasaTail *samples, gint64 from_ms, gint64 to_ms, Sum *sum)
{
  for (guint i = casa_tail_at(samples, from_ms); i < samples->n && samples->rows[i].t_ms < to_ms; i++) {
    const CasaSample *s = &samples->rows[i];
    sum->min = sum->n == 0 ? s->value : MIN(sum->min, s->value);
    sum->max = sum->n == 0 ? s->value : MAX(sum->max, s->value);
    sum->sum += s->value;
    sum->last = s->value;
    sum->n++;
  }
}

/* @held: key of the block that self->scratch holds; neighbouring hours often share one. */
static gboolean
add_block(CasaStore *self, const CasaSpot *spot, gint64 hour_ms, gint64 *held, Sum *sum)
{
  gboolean damaged;
  if (*held != spot->key) {
    *held = 0;
    g_array_set_size(self->scratch, 0);
    if (!casa_store_load_block(self, spot->key, self->scratch, &damaged))
      return FALSE;
    *held = spot->key;
  }
  const CasaTail block = { (CasaSample *)(void *)self->scratch->data, self->scratch->len, 0 };
  add_up(&block, hour_ms, hour_ms + CASA_HOUR_MS, sum);
  return TRUE;
}

static gboolean
write_sum(CasaStore *self, gint64 row, gint64 hour_ms, const Sum *sum)
{
  sqlite3_stmt *stmt = casa_store_sql(self, sum->n > 0 ? CASA_SQL_PUT_HOUR : CASA_SQL_DROP_HOUR);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, row);
  sqlite3_bind_int64(stmt, 2, hour_ms);
  if (sum->n > 0) {
    sqlite3_bind_int64(stmt, 3, sum->n);
    sqlite3_bind_double(stmt, 4, sum->sum);
    sqlite3_bind_double(stmt, 5, sum->min);
    sqlite3_bind_double(stmt, 6, sum->max);
    sqlite3_bind_double(stmt, 7, sum->last);
  }
  return casa_stmt_run(stmt);
}

static gboolean
reckon(CasaStore *self, gint64 row, gint64 hour_ms, gint64 *held)
{
  Sum sum = { 0 };
  CasaSpot spot;
  if (!casa_store_spot(self, FALSE, row, hour_ms, &spot) ||
      (spot.key == 0 && !casa_store_spot(self, TRUE, row, hour_ms, &spot)))
    return FALSE;
  while (spot.key != 0 && spot.t_first < hour_ms + CASA_HOUR_MS) {
    if ((spot.t_last >= hour_ms && !add_block(self, &spot, hour_ms, held, &sum)) ||
        !casa_store_spot(self, TRUE, row, spot.t_first, &spot))
      return FALSE;
  }
  return write_sum(self, row, hour_ms, &sum);
}

/* *out_found FALSE: it has to be made anew. */
static gboolean
read_sum(CasaStore *self, gint64 row, gint64 hour_ms, Sum *out, gboolean *out_found)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_GET_HOUR);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, row);
  sqlite3_bind_int64(stmt, 2, hour_ms);
  int code = sqlite3_step(stmt);
  *out_found = code == SQLITE_ROW;
  if (*out_found)
    *out = (Sum){ sqlite3_column_int64(stmt, 0), sqlite3_column_double(stmt, 1), sqlite3_column_double(stmt, 2),
                  sqlite3_column_double(stmt, 3), 0 };
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* An hour whose samples in @added are all later than what it has. *out_done FALSE: it has to be made anew. */
static gboolean
extend(CasaStore *self, gint64 row, gint64 hour_ms, const CasaTail *added, gint64 newest_t, gboolean *out_done)
{
  Sum sum = { 0 };
  *out_done = TRUE;
  if (newest_t >= hour_ms && !read_sum(self, row, hour_ms, &sum, out_done))
    return FALSE;
  if (!*out_done)
    return TRUE;
  add_up(added, hour_ms, hour_ms + CASA_HOUR_MS, &sum);
  return write_sum(self, row, hour_ms, &sum);
}

/* The day anew from its hours. */
static gboolean
write_day(CasaStore *self, gint64 row, gint64 day_ms)
{
  static const guint either[] = { CASA_SQL_PUT_DAY, CASA_SQL_DROP_DAY };
  for (guint i = 0; i < G_N_ELEMENTS(either); i++) {
    sqlite3_stmt *stmt = casa_store_sql(self, either[i]);
    if (!stmt)
      return FALSE;
    sqlite3_bind_int64(stmt, 1, row);
    sqlite3_bind_int64(stmt, 2, day_ms);
    if (!casa_stmt_run(stmt))
      return FALSE;
    if (sqlite3_changes(self->db) > 0)
      return TRUE;
  }
  return TRUE;
}

static gint64
floor_of(CasaStore *self, gint64 row)
{
  return MAX(self->raw_floor, casa_store_recent(self, (guint)row - 1)->raw_floor);
}

/* Days of which @added touches an hour that was reckoned. */
static gboolean
reckon_days(CasaStore *self, gint64 row, const CasaTail *added)
{
  for (guint i = 0, next; i < added->n; i = next) {
    gint64 day = casa_floor_to(added->rows[i].t_ms, CASA_DAY_MS);
    next = casa_tail_at(added, day + CASA_DAY_MS);
    if (casa_floor_to(added->rows[next - 1].t_ms, CASA_HOUR_MS) >= floor_of(self, row) && !write_day(self, row, day))
      return FALSE;
  }
  return TRUE;
}

gboolean
casa_store_reckon_hours(CasaStore *self, gint64 row, const CasaTail *added, gint64 newest_t)
{
  gint64 held = 0;
  for (guint i = 0, next; i < added->n; i = next) {
    gint64 hour = casa_floor_to(added->rows[i].t_ms, CASA_HOUR_MS);
    gboolean done = FALSE;
    next = casa_tail_at(added, hour + CASA_HOUR_MS);
    if (hour < floor_of(self, row))
      continue;
    if (added->rows[i].t_ms > newest_t && !extend(self, row, hour, added, newest_t, &done))
      return FALSE;
    if (!done && !reckon(self, row, hour, &held))
      return FALSE;
  }
  return reckon_days(self, row, added);
}
