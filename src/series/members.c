/* SPDX-License-Identifier: Apache-2.0 */
#include "series/members.h"
#include "series/stats.h"
#include <math.h>
#include <string.h>

gboolean
casa_members_has(CasaCatalogue *catalogue, const CasaIndicators *set, const CasaIndicator *indicator,
                 const CasaSeriesInfo *series)
{
  if (!indicator->metric || strcmp(indicator->metric->id, series->metric) != 0)
    return FALSE;
  const CasaStation *station = casa_catalogue_station(catalogue, series->station);
  const CasaStationKind *kind = casa_indicators_kind(set, station->source, station->station, station->kind);
  return casa_indicator_takes(set, indicator, station->source, station->domain, kind ? kind->id : station->kind);
}

GArray *
casa_members_of(CasaCatalogue *catalogue, guint n_series, const CasaIndicators *set, const CasaIndicator *indicator)
{
  GArray *members = g_array_new(FALSE, FALSE, sizeof(guint));
  guint n = indicator->metric ? MIN(n_series, casa_catalogue_n_series(catalogue)) : 0;

  for (guint i = 0; i < n; i++)
    if (casa_members_has(catalogue, set, indicator, casa_catalogue_series(catalogue, i)))
      g_array_append_val(members, i);
  return members;
}

static double
mean_of(const double *values, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += values[i];
  return n ? sum / n : NAN;
}

static double
share_of(const CasaIndicator *indicator, const double *values, guint n)
{
  guint in = 0;

  for (guint i = 0; i < n; i++)
    in += isfinite(indicator->above) ? values[i] > indicator->above : values[i] < indicator->below;
  return n ? 100.0 * in / n : NAN;
}

static double
extreme_of(const double *values, guint n, gboolean highest)
{
  double extreme = n ? values[0] : NAN;

  for (guint i = 1; i < n; i++)
    extreme = highest ? MAX(extreme, values[i]) : MIN(extreme, values[i]);
  return extreme;
}

double
casa_members_fold(const CasaIndicator *indicator, double *values, guint n)
{
  switch (indicator->fold) {
  case CASA_STATIONS_MEAN: return mean_of(values, n);
  case CASA_STATIONS_SUM: return mean_of(values, n) * n;
  case CASA_STATIONS_MEDIAN: return casa_median(values, n);
  case CASA_STATIONS_MAX: return extreme_of(values, n, TRUE);
  case CASA_STATIONS_MIN: return extreme_of(values, n, FALSE);
  case CASA_STATIONS_SHARE: return share_of(indicator, values, n);
  case CASA_STATIONS_COUNT:
  case CASA_STATIONS_SOURCES:
  case CASA_STATIONS_RATIO:
  case CASA_STATIONS_INDEX: break;
  }
  return NAN;
}
