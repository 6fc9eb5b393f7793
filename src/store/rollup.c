/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"
#include "store/store-private.h"

/* Hours are reckoned, not added up: each hour that newly sealed samples touch is made anew from the blocks of its series,
 * in the transaction that seals them. So late, repeated and replaced samples come out right. Hours that begin before
 * raw_floor stay as they are: part of what they were made of may have expired. */

typedef struct {
  gint64 n;
  double sum, min, max, last;
} Sum;

static void
add_up(const GArray *samples, gint64 from_ms, gint64 to_ms, Sum *sum)
{
  for (guint i = 0; i < samples->len; i++) {
    const CasaSample *s = &g_array_index(samples, CasaSample, i);
    if (s->t_ms < from_ms || s->t_ms >= to_ms)
      continue;
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
  add_up(self->scratch, hour_ms, hour_ms + CASA_HOUR_MS, sum);
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

gboolean
casa_store_reckon_hours(CasaStore *self, gint64 row, const CasaTail *tail)
{
  gint64 held = 0, done = G_MININT64;
  for (guint i = 0; i < tail->n; i++) {
    gint64 hour = casa_floor_to(tail->rows[i].t_ms, CASA_HOUR_MS);
    if (hour == done || hour < self->raw_floor)
      continue;
    if (!reckon(self, row, hour, &held))
      return FALSE;
    done = hour;
  }
  return TRUE;
}
