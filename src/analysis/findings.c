/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/findings-private.h"
#include "base/time-units.h"
#include <math.h>

void
casa_finding_whole_days(const CasaCityPast *past, CasaFinding *out, gint64 *out_first, gint64 *out_end)
{
  *out_end = casa_city_day(past->at_ms);
  *out_first = *out_end - out->yardstick->days;
  out->from_ms = casa_city_midnight(*out_first);
  out->to_ms = casa_city_midnight(*out_end);
  out->period = out->yardstick->days;
}

gint64
casa_finding_last_hours(const CasaCityPast *past, CasaFinding *out)
{
  out->to_ms = past->at_ms / CASA_HOUR_MS * CASA_HOUR_MS;
  out->from_ms = out->to_ms - out->yardstick->days * CASA_DAY_MS;
  out->in_hours = out->yardstick->days == 1;
  out->period = out->in_hours ? 24 : out->yardstick->days;
  return out->from_ms;
}

void
casa_finding_covered_hours(CasaFinding *out, double hours)
{
  out->covered = out->in_hours ? hours : hours / 24;
}

void
casa_finding_provenance(const CasaCityPast *past, CasaFinding *out, const GPtrArray *all)
{
  out->n_series += all->len;
  for (guint i = 0; i < all->len; i++)
    out->simulated |= casa_city_past_station(past, all->pdata[i])->simulated;
}

void
casa_finding_place(const CasaCityPast *past, CasaFinding *out, const CasaPastSeries *series)
{
  const CasaStation *station = casa_city_past_station(past, series);

  g_free(out->place_fr);
  g_free(out->place_ar);
  out->place_fr = g_strdup(station->name ? station->name : station->station);
  out->place_ar = g_strdup(station->name_ar ? station->name_ar : out->place_fr);
}

static gint
compare_doubles(gconstpointer a, gconstpointer b)
{
  const double one = *(const double *)a, other = *(const double *)b;

  return (one > other) - (one < other);
}

double
casa_median_of(GArray *values)
{
  const guint n = values->len;

  if (n == 0)
    return NAN;
  g_array_sort(values, compare_doubles);
  return (g_array_index(values, double, (n - 1) / 2) + g_array_index(values, double, n / 2)) / 2;
}
