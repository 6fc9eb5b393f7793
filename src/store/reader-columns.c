/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-columns.h"
#include "store/column-fold.h"
#include <math.h>
#include <string.h>

/* Samples that are unpacked for one answer; above it the hours are taken. Some 100 million are added up in a second. */
#define SAMPLES_MOST G_GINT64_CONSTANT(36000000)
/* Series of many whose samples are counted to know about how many all have. */
#define COUNTED_SERIES 8

typedef struct {
  CasaReader *reader;
  const CasaColumnQuery *query;
  const CasaColumns *known;
  const gint *cancelled;
  CasaColumnGrid grid;
  gint64 grain_ms;
  gint64 floor_ms; /* samples of one of the series before this time may be gone */
  guint begin;     /* first column that has to be read */
  CasaColumns *out;
} Reading;

static gint64
to_multiple(gint64 least, gint64 of)
{
  return (MAX(least, 1) + of - 1) / of * of;
}

/* Smallest number that both divide. */
static gint64
common_multiple(gint64 a, gint64 b)
{
  gint64 x = a, y = b;
  while (y != 0) {
    const gint64 rest = x % y;
    x = y;
    y = rest;
  }
  return a / x * b;
}

static guint
n_wanted(const CasaColumnQuery *query)
{
  return query->fold == CASA_COLUMNS_ONE ? MIN(query->n_series, 1) : query->n_series;
}

/* About how many samples there are in the stretch; -1: SQLite said no. */
static gint64
guess_samples(Reading *r)
{
  const guint n = n_wanted(r->query), counted = MIN(n, COUNTED_SERIES);
  gint64 sum = 0;
  for (guint i = 0; i < counted; i++) {
    gint64 row = (gint64)r->query->series[(guint64)i * n / counted] + 1;
    gint64 amount = casa_reader_amount(r->reader, row, r->query->from_ms, r->query->to_ms, SAMPLES_MOST);
    if (amount < 0)
      return -1;
    sum += amount;
  }
  return counted > 0 ? sum * n / counted : 0;
}

static gint64
highest_floor(const Reading *r)
{
  gint64 floor = r->reader->raw_floor;
  for (guint i = 0; i < n_wanted(r->query) && r->reader->own_floor > r->reader->raw_floor; i++)
    floor = MAX(floor, casa_reader_floor(r->reader, (gint64)r->query->series[i] + 1));
  return floor;
}

static gboolean
choose_grain(Reading *r)
{
  const CasaColumnQuery *query = r->query;
  const guint columns = CLAMP(query->columns, 1, CASA_COLUMNS_MOST);
  const gint64 step = CLAMP(query->step_ms, 1, CASA_DAY_MS);
  gint64 width = to_multiple((query->to_ms - query->from_ms + columns - 1) / columns, step);
  r->grain_ms = width >= CASA_HOUR_MS || query->from_ms < r->floor_ms ? CASA_HOUR_MS : 0;
  if (r->grain_ms == 0) {
    const gint64 samples = guess_samples(r);
    if (samples < 0)
      return FALSE;
    r->grain_ms = samples > SAMPLES_MOST ? CASA_HOUR_MS : 0;
  }
  if (r->grain_ms > 0) {
    width = to_multiple(width, common_multiple(step, CASA_HOUR_MS));
    /* Of one series the hours are few enough. */
    if (width > CASA_QUARTER_MS - CASA_HOUR_MS && query->fold != CASA_COLUMNS_ONE) {
      width = to_multiple(width, common_multiple(step, CASA_QUARTER_MS));
      r->grain_ms = CASA_QUARTER_MS;
    }
  }
  r->grid.width_ms = width;
  r->grid.from_ms = casa_floor_to(query->from_ms, width);
  r->grid.n = (guint)((query->to_ms - r->grid.from_ms + width - 1) / width);
  return TRUE;
}

static gboolean
answers_the_same(const Reading *r)
{
  const CasaColumns *known = r->known;
  const guint n = n_wanted(r->query);
  return known && known->width_ms == r->grid.width_ms && known->grain_ms == r->grain_ms && known->fold == r->query->fold &&
         known->stamp_floor_ms == r->floor_ms && known->n_series == n &&
         (known->limit == r->query->limit || r->query->fold < CASA_COLUMNS_ABOVE) &&
         memcmp(known->series, r->query->series, n * sizeof *known->series) == 0;
}

/* How far @known still holds: up to what was stored since, and not further than it went. */
static gboolean
find_begin(Reading *r)
{
  const CasaColumns *known = r->known;
  if (!answers_the_same(r) || known->from_ms > r->grid.from_ms)
    return TRUE;
  const gint64 end = known->from_ms + known->n * known->width_ms, grid_end = r->grid.from_ms + r->grid.n * r->grid.width_ms;
  gint64 until = MIN(end, grid_end);
  /* A stretch that ends earlier might have been seen by other series. */
  if (end > grid_end)
    return TRUE;
  for (guint i = 0; i < known->n_series && until > r->grid.from_ms; i++) {
    gint64 changed;
    if (!casa_reader_changed_from(r->reader, (gint64)known->series[i] + 1, known->stamp_id, r->grid.from_ms, &changed))
      return FALSE;
    until = MIN(until, changed);
  }
  r->begin = until > r->grid.from_ms ? (guint)((until - r->grid.from_ms) / r->grid.width_ms) : 0;
  return TRUE;
}

static void
take_over(Reading *r)
{
  const CasaColumns *known = r->known;
  if (r->begin == 0)
    return;
  const guint skip = (guint)((r->grid.from_ms - known->from_ms) / known->width_ms);
  const gint64 begin_ms = r->grid.from_ms + r->begin * r->grid.width_ms;
  memcpy(r->out->all, known->all + skip, r->begin * sizeof *known->all);
  for (guint i = 0; i < known->n_series; i++)
    /* What was later is read again, and what was before the stretch is no longer in it. Samples never leave: the newest one
     * before the new columns is the newest one of the old ones, or is unknown but there. */
    r->out->last_ms[i] = known->last_ms[i] < r->grid.from_ms ? G_MININT64 : MIN(known->last_ms[i], begin_ms - 1);
}

static gboolean
read_series(Reading *r)
{
  CasaColumnGrid rest = { r->grid.from_ms + r->begin * r->grid.width_ms, r->grid.width_ms, r->grid.n - r->begin };
  CasaColumns *out = r->out;
  if (rest.n == 0)
    return TRUE;
  g_autoptr(CasaColumnFolder) folder = casa_column_folder_new(out->fold, out->limit, rest.n, out->n_series);
  g_autofree CasaColumnSum *sums = g_new(CasaColumnSum, rest.n);
  for (guint i = 0; i < out->n_series; i++) {
    gint64 last;
    if (!casa_reader_fill_columns(r->reader, (gint64)out->series[i] + 1, r->grain_ms, &rest, r->cancelled, sums, &last))
      return FALSE;
    if (last == G_MININT64)
      continue;
    out->last_ms[i] = MAX(out->last_ms[i], last);
    casa_column_folder_add(folder, sums);
  }
  casa_column_folder_finish(folder, out->all + r->begin);
  return TRUE;
}

/* A partial sum is no total. */
static void
leave_out(CasaColumns *out, double least_share)
{
  for (guint i = 0; i < out->n_series; i++) {
    out->n_seen += out->last_ms[i] != G_MININT64;
    out->newest_ms = MAX(out->newest_ms, out->last_ms[i]);
  }
  out->columns = g_memdup2(out->all, out->n * sizeof *out->all);
  for (guint i = 0; out->fold != CASA_COLUMNS_ONE && i < out->n; i++)
    if (out->columns[i].n < least_share * out->n_seen)
      out->columns[i] = (CasaTimeColumn){ NAN, NAN, NAN, NAN, NAN, 0 };
}

static CasaColumns *
columns_new(const Reading *r)
{
  CasaColumns *out = g_new0(CasaColumns, 1);
  out->from_ms = r->grid.from_ms;
  out->width_ms = r->grid.width_ms;
  out->n = r->grid.n;
  out->all = g_new0(CasaTimeColumn, out->n);
  out->grain_ms = r->grain_ms;
  out->stamp_id = r->reader->tail_seen;
  out->stamp_floor_ms = r->floor_ms;
  out->fold = r->query->fold;
  out->limit = r->query->limit;
  out->n_series = n_wanted(r->query);
  out->series = g_memdup2(r->query->series, out->n_series * sizeof *out->series);
  out->last_ms = g_new(gint64, out->n_series);
  out->newest_ms = G_MININT64;
  for (guint i = 0; i < out->n_series; i++)
    out->last_ms[i] = G_MININT64;
  return out;
}

static CasaColumns *
read_columns(Reading *r)
{
  r->floor_ms = highest_floor(r);
  if (!choose_grain(r) || !find_begin(r))
    return NULL;
  g_autoptr(CasaColumns) out = columns_new(r);
  r->out = out;
  take_over(r);
  if (!read_series(r))
    return NULL;
  leave_out(out, r->query->least_share);
  return g_steal_pointer(&out);
}

CasaColumns *
casa_reader_columns(CasaReader *self, const CasaColumnQuery *query, const CasaColumns *known, const gint *cancelled,
                    GError **error)
{
  CasaColumnQuery asked = *query;
  asked.from_ms = CLAMP(query->from_ms, -CASA_TIME_LIMIT, CASA_TIME_LIMIT);
  asked.to_ms = CLAMP(query->to_ms, -CASA_TIME_LIMIT, CASA_TIME_LIMIT);
  Reading r = { .reader = self, .query = &asked, .known = known, .cancelled = cancelled };
  CasaColumns *columns = NULL;
  if (asked.to_ms <= asked.from_ms)
    return g_new0(CasaColumns, 1);
  if (casa_reader_begin(self))
    columns = read_columns(&r);
  if (!columns && cancelled && g_atomic_int_get(cancelled) != 0)
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_CANCELLED, "no longer wanted");
  else if (!columns)
    casa_reader_fail(self, "read columns", error);
  casa_reader_end(self);
  return columns;
}
