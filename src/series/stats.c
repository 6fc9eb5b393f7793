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

/* Upper edges (inclusive, µg/m³) of bands 1 to 5 of the European Air Quality Index as the EEA published it in November
 * 2017 and used it until the revision of 2024 (EEA, "European Air Quality Index", airindex.eea.europa.eu, "About"). */
static const double eaqi_edges[][5] = {
  [CASA_EAQI_PM2_5] = { 10, 20, 25, 50, 75 },    [CASA_EAQI_PM10] = { 20, 40, 50, 100, 150 },
  [CASA_EAQI_NO2] = { 40, 90, 120, 230, 340 },   [CASA_EAQI_O3] = { 50, 100, 130, 240, 380 },
  [CASA_EAQI_SO2] = { 100, 200, 350, 500, 750 },
};

guint
casa_eaqi_band(CasaEaqiPollutant pollutant, double value)
{
  if (isnan(value) || (guint)pollutant >= G_N_ELEMENTS(eaqi_edges))
    return 0;
  guint band = 1;
  while (band <= 5 && value > eaqi_edges[pollutant][band - 1])
    band++;
  return band;
}
