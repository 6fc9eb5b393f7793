/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"
#include "base/clock.h"
#include "store/store-private.h"

/* Rollups follow the journal: every sample after the watermark names a (series, minute) whose rollup is reckoned anew
 * from the raw samples, and its hour from the minutes. Nothing is added up in place, so a late, repeated or replaced
 * sample is right as well; and the watermark moves in the same transaction, so a kill leaves nothing half done. */

#define STEP_US 20000 /* what ingest may have to wait for */
#define CHUNK_MIN 50
#define CHUNK_MAX 20000

typedef struct {
  gint64 t_ms;
  gint64 series; /* row id */
} Touched;

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
reckon(CasaStore *self, const GArray *touched, guint rows, guint put, guint drop, gint64 width_ms)
{
  for (guint i = 0; i < touched->len; i++) {
    const Touched *what = &g_array_index(touched, Touched, i);
    Sum sum;
    if (!add_up(casa_store_sql(self, rows), what, width_ms, &sum) ||
        !write_sum(casa_store_sql(self, put), casa_store_sql(self, drop), what, &sum))
      return FALSE;
  }
  return TRUE;
}

/* Minutes touched after the watermark. Those whose raw samples may have expired stay as they are. */
static gboolean
read_touched(CasaStore *self, GArray *minutes, gint64 *out_last, guint *out_rows)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_TOUCHED);
  if (!stmt)
    return FALSE;
  *out_last = self->watermark;
  *out_rows = 0;
  sqlite3_bind_int64(stmt, 1, self->watermark);
  sqlite3_bind_int64(stmt, 2, self->chunk);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    Touched what = { .series = sqlite3_column_int64(stmt, 1),
                     .t_ms = casa_floor_to(sqlite3_column_int64(stmt, 2), CASA_MINUTE_MS) };
    *out_last = sqlite3_column_int64(stmt, 0);
    ++*out_rows;
    if (what.t_ms >= self->raw_floor)
      g_array_append_val(minutes, what);
  }
  sqlite3_reset(stmt);
  unique(minutes);
  return code == SQLITE_DONE;
}

static GArray *
hours_of(CasaStore *self, const GArray *minutes)
{
  GArray *hours = g_array_new(FALSE, FALSE, sizeof(Touched));
  for (guint i = 0; i < minutes->len; i++) {
    Touched what = g_array_index(minutes, Touched, i);
    what.t_ms = casa_floor_to(what.t_ms, CASA_HOUR_MS);
    if (what.t_ms >= self->minute_floor)
      g_array_append_val(hours, what);
  }
  unique(hours);
  return hours;
}

static gboolean
write_rollups(CasaStore *self, const GArray *minutes, gint64 last)
{
  g_autoptr(GArray) hours = hours_of(self, minutes);
  return casa_store_begin(self) &&
         reckon(self, minutes, CASA_SQL_MINUTE_ROWS, CASA_SQL_PUT_MINUTE, CASA_SQL_DROP_MINUTE, CASA_MINUTE_MS) &&
         reckon(self, hours, CASA_SQL_HOUR_ROWS, CASA_SQL_PUT_HOUR, CASA_SQL_DROP_HOUR, CASA_HOUR_MS) &&
         casa_store_set_meta(self, "watermark", last) && casa_store_commit(self);
}

guint
casa_adapt_chunk(guint chunk, gint64 took_us)
{
  if (took_us > STEP_US)
    return MAX(chunk / 2, CHUNK_MIN);
  if (took_us < STEP_US / 3)
    return MIN(chunk + chunk / 2, CHUNK_MAX);
  return chunk;
}

gboolean
casa_store_rollup_step(CasaStore *self, gboolean *out_more, GError **error)
{
  gint64 begun = casa_clock_mono_us(), last;
  guint rows;
  g_autoptr(GArray) minutes = g_array_new(FALSE, FALSE, sizeof(Touched));
  *out_more = FALSE;
  if (self->watermark >= atomic_load(&self->last_id))
    return TRUE;
  if (!read_touched(self, minutes, &last, &rows))
    return casa_store_undo(self, "read what the rollups need", error);
  if (rows == 0)
    return TRUE;
  if (!write_rollups(self, minutes, last))
    return casa_store_undo(self, "write the rollups", error);
  self->watermark = last;
  *out_more = rows >= self->chunk;
  self->chunk = casa_adapt_chunk(self->chunk, casa_clock_mono_us() - begun);
  return TRUE;
}
