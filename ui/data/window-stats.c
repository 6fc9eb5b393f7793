/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/window-stats.h"
#include <math.h>
#include <stdlib.h>

#define AROUND 5 /* pauses before and after one that say what is usual there */

typedef struct {
  double value;
  guint n;
} Weighted;

static int
compare(gconstpointer a, gconstpointer b)
{
  const double x = ((const Weighted *)a)->value, y = ((const Weighted *)b)->value;

  return (x > y) - (x < y);
}

/* Nearest rank: the smallest value that a share @q of the samples does not exceed. @values rising. */
static double
quantile(const GArray *values, guint64 total, double q)
{
  const guint64 rank = MAX((guint64)ceil(q * (double)total), 1);
  guint64 seen = 0;

  for (guint i = 0; i < values->len; i++) {
    const Weighted *w = &g_array_index(values, Weighted, i);
    seen += w->n;
    if (seen >= rank)
      return w->value;
  }
  return NAN;
}

/* Between two columns that have anything, or such a one and an end of the stretch. */
typedef struct {
  gint64 from_ms, to_ms;
} Pause;

static int
compare_ms(gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static gint64
length(const GArray *pauses, guint i)
{
  const Pause *pause = &g_array_index(pauses, Pause, i);

  return pause->to_ms - pause->from_ms;
}

/* Median of the pauses around the one at @i, without itself. */
static gint64
usual(const GArray *pauses, guint i)
{
  gint64 lengths[2 * AROUND];
  guint n = 0;

  for (guint k = i > AROUND ? i - AROUND : 0; k < pauses->len && k <= i + AROUND; k++)
    if (k != i)
      lengths[n++] = length(pauses, k);
  if (n == 0)
    return 0;
  qsort(lengths, n, sizeof *lengths, compare_ms);
  return lengths[n / 2];
}

static GArray *
find_pauses(const CasaColumns *columns, gint64 from_ms, gint64 to_ms)
{
  GArray *pauses = g_array_new(FALSE, FALSE, sizeof(Pause));
  Pause pause = { .from_ms = from_ms };

  for (guint i = 0; i < columns->n; i++) {
    const gint64 begin = columns->from_ms + (gint64)i * columns->width_ms;
    if (columns->columns[i].n == 0 || begin + columns->width_ms <= from_ms || begin >= to_ms)
      continue;
    pause.to_ms = MAX(begin, pause.from_ms);
    g_array_append_val(pauses, pause);
    pause.from_ms = MIN(begin + columns->width_ms, to_ms);
  }
  pause.to_ms = to_ms;
  g_array_append_val(pauses, pause);
  return pauses;
}

GArray *
casa_window_silences(const CasaColumns *columns, gint64 from_ms, gint64 to_ms, gint64 patience_ms, gint64 *joined_ms)
{
  GArray *silences = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  g_autoptr(GArray) pauses = find_pauses(columns, from_ms, to_ms);
  gint64 joined = 0;

  for (guint i = 0; i < pauses->len; i++) {
    const Pause *pause = &g_array_index(pauses, Pause, i);
    const gint64 allowed = MAX(patience_ms, 3 * (usual(pauses, i) + columns->width_ms));
    if (length(pauses, i) > allowed) {
      const CasaGap gap = { pause->from_ms, pause->to_ms };
      g_array_append_val(silences, gap);
    } else {
      joined = MAX(joined, length(pauses, i) + 2 * columns->width_ms);
    }
  }
  if (joined_ms)
    *joined_ms = joined;
  return silences;
}

static void
count_silences(CasaWindowStats *self, const CasaColumns *columns, gint64 from_ms, gint64 to_ms, gint64 patience_ms)
{
  g_autoptr(GArray) silences = casa_window_silences(columns, from_ms, to_ms, patience_ms, NULL);

  for (guint i = 0; i < silences->len; i++) {
    const CasaGap *gap = &g_array_index(silences, CasaGap, i);
    self->n_gaps++;
    self->gaps_ms += gap->end_ms - gap->start_ms;
  }
}

static void
take(CasaWindowStats *self, GArray *values, const CasaTimeColumn *column, double *sum)
{
  const Weighted w = { column->mean, column->n };

  g_array_append_val(values, w);
  self->n += column->n;
  self->min = fmin(self->min, column->min);
  self->max = fmax(self->max, column->max);
  self->exact &= column->n == 1;
  *sum += column->mean * column->n;
}

CasaWindowStats
casa_window_stats(const CasaColumns *columns, gint64 from_ms, gint64 to_ms, gint64 patience_ms)
{
  CasaWindowStats self = { .min = NAN, .max = NAN, .mean = NAN, .median = NAN, .p95 = NAN, .exact = TRUE };
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(Weighted));
  double sum = 0;

  for (guint i = 0; i < columns->n; i++) {
    const gint64 begin = columns->from_ms + (gint64)i * columns->width_ms;
    if (columns->columns[i].n > 0 && begin + columns->width_ms > from_ms && begin < to_ms)
      take(&self, values, &columns->columns[i], &sum);
  }
  if (to_ms > from_ms) {
    count_silences(&self, columns, from_ms, to_ms, patience_ms);
    self.coverage = 1 - (double)self.gaps_ms / (double)(to_ms - from_ms);
  }
  if (self.n == 0)
    return self;
  g_array_sort(values, compare);
  self.mean = sum / (double)self.n;
  self.median = quantile(values, self.n, 0.5);
  self.p95 = quantile(values, self.n, 0.95);
  return self;
}
