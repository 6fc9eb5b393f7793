/* SPDX-License-Identifier: Apache-2.0 */
#include "series/stats.h"
#include <math.h>
#include <stdlib.h>

static int
compare_doubles(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double
casa_median(double *values, guint n)
{
  guint known = 0;
  for (guint i = 0; i < n; i++)
    if (!isnan(values[i]))
      values[known++] = values[i];
  if (known == 0)
    return NAN;
  qsort(values, known, sizeof *values, compare_doubles);
  return known % 2 ? values[known / 2] : values[known / 2 - 1] / 2 + values[known / 2] / 2;
}

CasaTrend
casa_trend(double now, double before, double dead_band)
{
  if (isnan(now) || isnan(before))
    return CASA_TREND_FLAT;
  const double change = now - before;
  if (fabs(change) <= fabs(before) * dead_band)
    return CASA_TREND_FLAT;
  return change > 0 ? CASA_TREND_UP : CASA_TREND_DOWN;
}
