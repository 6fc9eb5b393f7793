/* SPDX-License-Identifier: Apache-2.0 */
#include "series/members.h"
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
