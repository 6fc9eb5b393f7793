/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-columns.h"
#include <math.h>

/* One series into columns: from its samples, from its hours, or from its days, which hold quarters. Hours and days that
 * unsealed samples touch are read anew from what is below them. */

typedef struct {
  CasaReader *reader;
  gint64 row;
  const CasaColumnGrid *grid;
  const gint *cancelled;
  CasaColumnSum *sums;
  gint64 last_ms;
} Filling;

static gboolean
is_cancelled(const Filling *f)
{
  return f->cancelled && g_atomic_int_get(f->cancelled) != 0;
}

static inline void
begin_column(CasaColumnSum *to, double value)
{
  *to = (CasaColumnSum){ .min = value, .max = value, .first = value };
}

/* Samples that follow one another, all within the grid. The column of most is that of the sample before, so that none needs a
 * division. */
static gboolean
samples_cb(const CasaSample *samples, guint n, gpointer data)
{
  Filling *f = data;
  const CasaColumnGrid *grid = f->grid;
  for (guint i = 0; i < n;) {
    gint64 column = (samples[i].t_ms - grid->from_ms) / grid->width_ms;
    gint64 edge = grid->from_ms + (column + 1) * grid->width_ms;
    CasaColumnSum at = f->sums[column];
    if (at.n == 0)
      begin_column(&at, samples[i].value);
    for (; i < n && samples[i].t_ms < edge; i++) {
      const double value = samples[i].value;
      at.min = value < at.min ? value : at.min;
      at.max = value > at.max ? value : at.max;
      at.sum += value;
      at.n++;
    }
    at.last = samples[i - 1].value;
    f->sums[column] = at;
  }
  f->last_ms = samples[n - 1].t_ms;
  return !is_cancelled(f);
}

/* Neither hours nor quarters keep their first sample. */
static void
add_part(Filling *f, gint64 t_ms, guint n, double sum, double min, double max)
{
  CasaColumnSum *to = &f->sums[(t_ms - f->grid->from_ms) / f->grid->width_ms];
  if (n == 0)
    return;
  if (to->n == 0)
    *to = (CasaColumnSum){ .min = min, .max = max, .first = NAN, .last = NAN };
  to->min = MIN(to->min, min);
  to->max = MAX(to->max, max);
  to->sum += sum;
  to->n += n;
  f->last_ms = MAX(f->last_ms, t_ms);
}

static gboolean
hour_cb(const CasaBucket *hour, gpointer data)
{
  Filling *f = data;
  add_part(f, hour->t_ms, hour->n, hour->mean * hour->n, hour->min, hour->max);
  return !is_cancelled(f);
}

static gboolean
fill_hours(Filling *f, gint64 from_ms, gint64 to_ms)
{
  return casa_reader_each_bucket(f->reader, f->row, CASA_LEVEL_HOUR, from_ms, to_ms, CASA_HOUR_MS, hour_cb, f) &&
         !is_cancelled(f);
}

/* Days that unsealed samples touch are told by their hours, which know how to be made anew. */
static gboolean
fill_touched(Filling *f, const CasaTail *tail, gint64 from_ms, gint64 to_ms)
{
  for (guint i = casa_tail_at(tail, casa_floor_to(from_ms, CASA_DAY_MS)); i < tail->n;) {
    gint64 day = casa_floor_to(tail->rows[i].t_ms, CASA_DAY_MS);
    if (day >= to_ms)
      break;
    if (!fill_hours(f, MAX(day, from_ms), MIN(day + CASA_DAY_MS, to_ms)))
      return FALSE;
    i = casa_tail_at(tail, day + CASA_DAY_MS);
  }
  return TRUE;
}

static void
add_day(Filling *f, sqlite3_stmt *stmt, gint64 day_ms, gint64 from_ms, gint64 to_ms)
{
  for (int q = 0; q < 4; q++) {
    gint64 t = day_ms + q * CASA_QUARTER_MS;
    int at = 2 + 4 * q;
    if (t >= from_ms && t < to_ms)
      add_part(f, t, (guint)sqlite3_column_int64(stmt, at), sqlite3_column_double(stmt, at + 1),
               sqlite3_column_double(stmt, at + 2), sqlite3_column_double(stmt, at + 3));
  }
}

static gboolean
is_touched(const CasaTail *tail, gint64 day_ms)
{
  guint at = casa_tail_at(tail, day_ms);
  return at < tail->n && tail->rows[at].t_ms < day_ms + CASA_DAY_MS;
}

static gboolean
fill_days(Filling *f, gint64 from_ms, gint64 to_ms)
{
  const CasaTail *tail = casa_reader_tail(f->reader, f->row);
  sqlite3_stmt *stmt = tail ? casa_reader_sql(f->reader, CASA_READ_DAYS) : NULL;
  int code;
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, f->row);
  sqlite3_bind_int64(stmt, 2, casa_floor_to(from_ms, CASA_DAY_MS));
  sqlite3_bind_int64(stmt, 3, to_ms);
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW && !is_cancelled(f)) {
    gint64 day = sqlite3_column_int64(stmt, 1);
    if (!is_touched(tail, day))
      add_day(f, stmt, day, from_ms, to_ms);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE && fill_touched(f, tail, from_ms, to_ms);
}

gboolean
casa_reader_fill_columns(CasaReader *self, gint64 row, gint64 grain_ms, const CasaColumnGrid *grid, const gint *cancelled,
                         CasaColumnSum *sums, gint64 *out_last)
{
  Filling f = { .reader = self, .row = row, .grid = grid, .cancelled = cancelled, .sums = sums, .last_ms = G_MININT64 };
  gint64 to_ms = grid->from_ms + grid->n * grid->width_ms;
  for (guint i = 0; i < grid->n; i++)
    sums[i].n = 0;
  gboolean ok = grain_ms == 0              ? casa_reader_walk_runs(self, row, grid->from_ms, to_ms, samples_cb, &f)
                : grain_ms == CASA_HOUR_MS ? fill_hours(&f, grid->from_ms, to_ms)
                                           : fill_days(&f, grid->from_ms, to_ms);
  *out_last = f.last_ms;
  return ok && !is_cancelled(&f);
}

gboolean
casa_reader_changed_from(CasaReader *self, gint64 row, gint64 stamp_id, gint64 from_ms, gint64 *out_t_ms)
{
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_SEALED_ID);
  gint64 sealed_id = 0;
  if (stmt)
    sqlite3_bind_int64(stmt, 1, row);
  const CasaTail *tail = casa_stmt_int(stmt, &sealed_id) ? casa_reader_tail(self, row) : NULL;
  if (!tail)
    return FALSE;
  /* What was sealed since is no longer told apart from what was there. */
  *out_t_ms = MAX(sealed_id, self->tail_sealed) > stamp_id ? G_MININT64 : G_MAXINT64;
  for (guint i = casa_tail_at(tail, from_ms); *out_t_ms == G_MAXINT64 && i < tail->n; i++)
    if (tail->rows[i].id > stamp_id)
      *out_t_ms = tail->rows[i].t_ms;
  return TRUE;
}
