/* SPDX-License-Identifier: Apache-2.0 */
#include "store/column-fold.h"
#include <math.h>
#include <stdlib.h>

typedef struct {
  double min, max;       /* samples */
  double sum, low, high; /* means of the series */
  guint n, hits;
} Cell;

struct _CasaColumnFolder {
  CasaColumnFold fold;
  double limit;
  guint n, n_series;
  CasaTimeColumn *one; /* ONE: the answer */
  Cell *cells;
  double *means; /* MEDIAN: of column i from i * n_series on */
};

CasaColumnFolder *
casa_column_folder_new(CasaColumnFold fold, double limit, guint n, guint n_series)
{
  CasaColumnFolder *self = g_new0(CasaColumnFolder, 1);
  self->fold = fold;
  self->limit = limit;
  self->n = n;
  self->n_series = n_series;
  self->cells = g_new0(Cell, n);
  if (fold == CASA_COLUMNS_ONE)
    self->one = g_new0(CasaTimeColumn, n);
  if (fold == CASA_COLUMNS_MEDIAN)
    self->means = g_new(double, (gsize)n *n_series);
  return self;
}

void
casa_column_folder_free(CasaColumnFolder *self)
{
  if (!self)
    return;
  g_free(self->cells);
  g_free(self->one);
  g_free(self->means);
  g_free(self);
}

static void
add_one(CasaTimeColumn *to, const CasaColumnSum *sum)
{
  *to = (CasaTimeColumn){ sum->min, sum->max, sum->sum / sum->n, sum->first, sum->last, sum->n };
}

static void
add_mean(CasaColumnFolder *self, guint i, const CasaColumnSum *sum)
{
  Cell *cell = &self->cells[i];
  const double mean = sum->sum / sum->n;
  if (cell->n == 0)
    *cell = (Cell){ .min = sum->min, .max = sum->max, .low = mean, .high = mean };
  cell->min = MIN(cell->min, sum->min);
  cell->max = MAX(cell->max, sum->max);
  cell->low = MIN(cell->low, mean);
  cell->high = MAX(cell->high, mean);
  cell->sum += mean;
  cell->hits += self->fold == CASA_COLUMNS_ABOVE ? mean > self->limit : mean < self->limit;
  if (self->means)
    self->means[(gsize)i * self->n_series + cell->n] = mean;
  cell->n++;
}

void
casa_column_folder_add(CasaColumnFolder *self, const CasaColumnSum *sums)
{
  for (guint i = 0; i < self->n; i++) {
    if (sums[i].n == 0)
      continue;
    if (self->one)
      add_one(&self->one[i], &sums[i]);
    else
      add_mean(self, i, &sums[i]);
  }
}

static int
compare_doubles(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median(double *values, guint n)
{
  qsort(values, n, sizeof *values, compare_doubles);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double
folded(CasaColumnFolder *self, guint i)
{
  const Cell *cell = &self->cells[i];
  switch (self->fold) {
  case CASA_COLUMNS_ONE: break;
  case CASA_COLUMNS_MEAN: return cell->sum / cell->n;
  case CASA_COLUMNS_MEDIAN: return median(self->means + (gsize)i * self->n_series, cell->n);
  case CASA_COLUMNS_HIGHEST: return cell->high;
  case CASA_COLUMNS_LOWEST: return cell->low;
  case CASA_COLUMNS_SUM: return cell->sum;
  case CASA_COLUMNS_COUNT: return cell->n;
  case CASA_COLUMNS_ABOVE:
  case CASA_COLUMNS_BELOW: return (double)cell->hits / cell->n;
  }
  return NAN;
}

static CasaTimeColumn
finish_column(CasaColumnFolder *self, guint i)
{
  const Cell *cell = &self->cells[i];
  const gboolean spread = self->fold < CASA_COLUMNS_SUM;
  if (self->one && self->one[i].n > 0)
    return self->one[i];
  if (cell->n == 0)
    return (CasaTimeColumn){ NAN, NAN, NAN, NAN, NAN, 0 };
  const double value = folded(self, i);
  return (CasaTimeColumn){ spread ? cell->min : value, spread ? cell->max : value, value, NAN, NAN, cell->n };
}

void
casa_column_folder_finish(CasaColumnFolder *self, CasaTimeColumn *out)
{
  for (guint i = 0; i < self->n; i++)
    out[i] = finish_column(self, i);
}
