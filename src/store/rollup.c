/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"
#include "base/clock.h"
#include "store/store-private.h"

/* Rollups follow the journal: every sample after the watermark names a (series, minute) whose rollup is reckoned anew
 * from the raw samples, and its hour from the minutes. Nothing is added up in place, so a late, repeated or replaced
 * sample comes out right, and doing it twice does no harm. That allows a long range of the journal to be taken at once,
 * sorted by series (each page of the rollups is then written once, not once per message) and worked off in short
 * transactions; the watermark moves with the last of them. A kill in between only means that it is done again. */

#define RANGE_ROWS 50000
#define STEP_US 10000 /* half of what ingest may have to wait: the commit comes on top */

typedef CasaTouched Touched;

typedef struct {
  gint64 n;
  double sum, min, max, last;
} Sum;

static int
compare_touched(gconstpointer a, gconstpointer b)
{
  const Touched *x = a, *y = b;
  if (x->series != y->series)
    return x->series < y->series ? -1 : 1;
  return (x->t_ms > y->t_ms) - (x->t_ms < y->t_ms);
}

/* Sorts, and keeps one of each. */
static void
unique(GArray *touched)
{
  g_array_sort(touched, compare_touched);
  guint kept = 0;
  for (guint i = 0; i < touched->len; i++) {
    Touched *at = &g_array_index(touched, Touched, i);
    if (kept == 0 || compare_touched(at, &g_array_index(touched, Touched, kept - 1)) != 0)
      g_array_index(touched, Touched, kept++) = *at;
  }
  g_array_set_size(touched, kept);
}

static gboolean
add_up(sqlite3_stmt *rows, const Touched *what, gint64 width_ms, Sum *sum)
{
  *sum = (Sum){ 0 };
  if (!rows)
    return FALSE;
  sqlite3_bind_int64(rows, 1, what->series);
  sqlite3_bind_int64(rows, 2, what->t_ms);
  sqlite3_bind_int64(rows, 3, what->t_ms + width_ms);
  int code;
  while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
    double min = sqlite3_column_double(rows, 2), max = sqlite3_column_double(rows, 3);
    sum->min = sum->n == 0 ? min : MIN(sum->min, min);
    sum->max = sum->n == 0 ? max : MAX(sum->max, max);
    sum->n += sqlite3_column_int64(rows, 0);
    sum->sum += sqlite3_column_double(rows, 1);
    sum->last = sqlite3_column_double(rows, 4);
  }
  sqlite3_reset(rows);
  return code == SQLITE_DONE;
}

static gboolean
write_sum(sqlite3_stmt *put, sqlite3_stmt *drop, const Touched *what, const Sum *sum)
{
  sqlite3_stmt *stmt = sum->n > 0 ? put : drop;
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, what->series);
  sqlite3_bind_int64(stmt, 2, what->t_ms);
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
reckon(CasaStore *self, const Touched *what, guint rows, guint put, guint drop, gint64 width_ms)
{
  Sum sum;
  return add_up(casa_store_sql(self, rows), what, width_ms, &sum) &&
         write_sum(casa_store_sql(self, put), casa_store_sql(self, drop), what, &sum);
}

/* Reads the next range of the journal. *out_more FALSE: there is none. */
static gboolean
take_range(CasaStore *self, gboolean *out_more)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_TOUCHED);
  if (!stmt)
    return FALSE;
  guint rows = 0;
  g_array_set_size(self->pending, 0);
  sqlite3_bind_int64(stmt, 1, self->watermark);
  sqlite3_bind_int64(stmt, 2, RANGE_ROWS);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    Touched what = { .series = sqlite3_column_int64(stmt, 1),
                     .t_ms = casa_floor_to(sqlite3_column_int64(stmt, 2), CASA_MINUTE_MS) };
    self->pending_last = sqlite3_column_int64(stmt, 0);
    g_array_append_val(self->pending, what);
    rows++;
  }
  sqlite3_reset(stmt);
  unique(self->pending);
  self->pending_at = 0;
  self->pending_full = rows == RANGE_ROWS;
  *out_more = rows > 0;
  return code == SQLITE_DONE;
}

/* The touched minutes of one hour of one series, from @at on, then the hour. What lies before a floor stays as it is:
 * part of what it was made of may have expired. Returns where the next hour begins; 0 when SQLite said no. */
static guint
reckon_hour(CasaStore *self, guint at)
{
  Touched hour = g_array_index(self->pending, Touched, at);
  hour.t_ms = casa_floor_to(hour.t_ms, CASA_HOUR_MS);
  for (; at < self->pending->len; at++) {
    const Touched *minute = &g_array_index(self->pending, Touched, at);
    if (minute->series != hour.series || minute->t_ms >= hour.t_ms + CASA_HOUR_MS)
      break;
    if (minute->t_ms >= self->raw_floor &&
        !reckon(self, minute, CASA_SQL_MINUTE_ROWS, CASA_SQL_PUT_MINUTE, CASA_SQL_DROP_MINUTE, CASA_MINUTE_MS))
      return 0;
  }
  if (hour.t_ms >= self->minute_floor &&
      !reckon(self, &hour, CASA_SQL_HOUR_ROWS, CASA_SQL_PUT_HOUR, CASA_SQL_DROP_HOUR, CASA_HOUR_MS))
    return 0;
  return at;
}

static gboolean
work_off(CasaStore *self)
{
  gint64 begun = casa_clock_mono_us();
  guint at = self->pending_at;
  if (!casa_store_begin(self))
    return FALSE;
  while (at < self->pending->len && casa_clock_mono_us() - begun < STEP_US)
    if ((at = reckon_hour(self, at)) == 0)
      return FALSE;
  gboolean finished = at >= self->pending->len;
  if ((finished && !casa_store_set_meta(self, "watermark", self->pending_last)) || !casa_store_commit(self))
    return FALSE;
  self->pending_at = at;
  if (finished)
    self->watermark = self->pending_last;
  return TRUE;
}

gboolean
casa_store_rollup_step(CasaStore *self, gboolean *out_more, GError **error)
{
  *out_more = FALSE;
  if (self->pending_last <= self->watermark)
    return take_range(self, out_more) || casa_store_undo(self, "read what the rollups need", error);
  if (!work_off(self))
    return casa_store_undo(self, "write the rollups", error);
  *out_more = self->pending_last > self->watermark || self->pending_full;
  return TRUE;
}
