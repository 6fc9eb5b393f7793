/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/findings-private.h"
#include "base/time-units.h"
#include <math.h>

/* Electricity and water: whole hours. */

#define SUSTAINED_MIN 5    /* IEEE 1366: an interruption lasts more than five minutes */
#define LEAST_SAME_HOURS 3 /* of the same hour of the day, else all hours say what is usual */
#define MEMBERS_NEEDED 0.8 /* a total without a fifth of its parts is none: as indicators.conf has it */

/* --- SAIFI, SAIDI --- */

/* What a district usually takes at each hour of the day. */
typedef struct {
  double by_hour[24];
} Usual;

static void
find_usual(const CasaPastSeries *series, Usual *out)
{
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

  for (guint i = 0; i < series->n; i++)
    if (isfinite(series->mean[i]))
      g_array_append_val(values, series->mean[i]);
  const double overall = casa_median_of(values);
  for (guint h = 0; h < 24; h++) {
    g_array_set_size(values, 0);
    for (guint i = 0; i < series->n; i++)
      if (isfinite(series->mean[i]) && casa_city_minute(series->from_ms + i * CASA_HOUR_MS) / 60 == h)
        g_array_append_val(values, series->mean[i]);
    out->by_hour[h] = values->len >= LEAST_SAME_HOURS ? casa_median_of(values) : overall;
  }
}

static double
usual_at(const Usual *usual, gint64 t_ms)
{
  return usual->by_hour[casa_city_minute(t_ms) / 60];
}

/* Customers and customer-minutes, in shares of a district. */
typedef struct {
  double cuts, minutes;
} Cuts;

/* One stretch without interruption of it: @n minutes, of which @lost (sum over them) of the usual is missing. */
static void
end_cut(Cuts *cuts, guint n, double lost)
{
  if (n > SUSTAINED_MIN) {
    cuts->cuts += lost / n;
    cuts->minutes += lost;
  }
}

static void
walk_minutes(const CasaPastSeries *minutes, const Usual *usual, double below, Cuts *cuts)
{
  guint n = 0;
  double lost = 0;

  for (guint i = 0; i < minutes->n; i++) {
    const double share = minutes->mean[i] / usual_at(usual, minutes->from_ms + i * CASA_MINUTE_MS);
    if (isfinite(share) && share < below) {
      n++;
      lost += 1 - MAX(share, 0);
      continue;
    }
    end_cut(cuts, n, lost);
    n = 0;
    lost = 0;
  }
  end_cut(cuts, n, lost);
}

/* Only hours whose least sample is that low are looked at minute by minute. */
static void
look_at(CasaCityPast *past, const CasaPastSeries *hours, double below, Cuts *cuts)
{
  Usual usual;

  find_usual(hours, &usual);
  for (guint i = 0; i < hours->n;) {
    guint n = 0;
    while (i + n < hours->n && n < 24 && isfinite(hours->min[i + n]) &&
           hours->min[i + n] < below * usual_at(&usual, hours->from_ms + (i + n) * CASA_HOUR_MS))
      n++;
    const gint64 from_ms = hours->from_ms + i * CASA_HOUR_MS;
    CasaPastSeries *minutes = n ? casa_city_past_minutes(past, hours->series, from_ms, from_ms + n * CASA_HOUR_MS) : NULL;
    if (minutes) {
      walk_minutes(minutes, &usual, below, cuts);
      casa_past_series_free(minutes);
    }
    i += MAX(n, 1);
  }
}

static guint
known_hours(const CasaPastSeries *hours)
{
  guint n = 0;

  for (guint i = 0; i < hours->n; i++)
    n += isfinite(hours->mean[i]) != 0;
  return n;
}

void
casa_find_interruptions(CasaCityPast *past, CasaFinding *out)
{
  g_autoptr(GPtrArray) all = casa_city_past_read(past, out->yardstick->of, casa_finding_last_hours(past, out), CASA_HOUR_MS);
  double customers = 0, sum = 0, hours = 0;
  guint n = 0;

  casa_finding_provenance(past, out, all);
  for (guint k = 0; k < all->len; k++) {
    const CasaDistrict *district = casa_city_past_district(past, all->pdata[k]);
    Cuts cuts = { 0 };
    if (!district)
      continue;
    look_at(past, all->pdata[k], out->yardstick->below, &cuts);
    customers += district->households;
    sum += district->households * (out->yardstick->kind == CASA_YARDSTICK_DURATION ? cuts.minutes : cuts.cuts);
    hours += known_hours(all->pdata[k]);
    n++;
  }
  if (customers == 0)
    return;
  out->value = sum / customers;
  casa_finding_covered_hours(out, hours / n);
}

/* --- Energy --- */

/* Sum over the stations in the hour @t_ms; NAN: too few of them are known. */
static double
total_at(const GPtrArray *all, gint64 t_ms)
{
  double sum = 0;
  guint known = 0;

  for (guint k = 0; k < all->len; k++) {
    const double value = casa_past_series_at(all->pdata[k], t_ms);
    sum += isfinite(value) ? value : 0;
    known += isfinite(value) != 0;
  }
  return known > 0 && known >= MEMBERS_NEEDED * all->len ? sum : NAN;
}

void
casa_find_share(CasaCityPast *past, CasaFinding *out)
{
  const gint64 from_ms = casa_finding_last_hours(past, out);
  g_autoptr(GPtrArray) parts = casa_city_past_read(past, out->yardstick->of, from_ms, CASA_HOUR_MS);
  g_autoptr(GPtrArray) wholes = casa_city_past_read(past, out->yardstick->also[0], from_ms, CASA_HOUR_MS);
  double part = 0, whole = 0;
  guint n = 0;

  casa_finding_provenance(past, out, parts);
  casa_finding_provenance(past, out, wholes);
  for (gint64 t = from_ms; t < out->to_ms; t += CASA_HOUR_MS) {
    const double one = total_at(parts, t), all = total_at(wholes, t);
    if (!isfinite(one) || !isfinite(all))
      continue;
    part += one;
    whole += all;
    n++;
  }
  out->value = whole > 0 ? 100 * part / whole : NAN;
  casa_finding_covered_hours(out, n);
}

void
casa_find_energy(CasaCityPast *past, CasaFinding *out)
{
  const gint64 from_ms = casa_finding_last_hours(past, out);
  g_autoptr(GPtrArray) all = casa_city_past_read(past, out->yardstick->of, from_ms, CASA_HOUR_MS);
  double mwh = 0;
  guint n = 0;

  casa_finding_provenance(past, out, all);
  for (gint64 t = from_ms; t < out->to_ms; t += CASA_HOUR_MS) {
    const double mw = total_at(all, t);
    mwh += isfinite(mw) ? mw : 0;
    n += isfinite(mw) != 0;
  }
  out->value = n ? mwh * 1000 / out->yardstick->points : NAN;
  casa_finding_covered_hours(out, n);
}

/* --- Water: what flows while nearly everybody sleeps --- */

#define NIGHT_FROM_MIN (2 * 60)
#define NIGHT_TO_MIN (5 * 60)

static gboolean
is_night(gint64 t_ms)
{
  const guint minute = casa_city_minute(t_ms);

  return minute >= NIGHT_FROM_MIN && minute < NIGHT_TO_MIN;
}

void
casa_find_night_flow(CasaCityPast *past, CasaFinding *out)
{
  const gint64 from_ms = casa_finding_last_hours(past, out);
  g_autoptr(GPtrArray) all = casa_city_past_read(past, out->yardstick->of, from_ms, CASA_HOUR_MS);
  double least = 0, mean = 0;
  guint known = 24;

  casa_finding_provenance(past, out, all);
  for (guint k = 0; k < all->len; k++) {
    const CasaPastSeries *one = all->pdata[k];
    double lowest = INFINITY, sum = 0;
    guint n = 0;
    for (gint64 t = from_ms; t < out->to_ms; t += CASA_HOUR_MS) {
      const double flow = casa_past_series_at(one, t);
      if (!isfinite(flow))
        continue;
      lowest = is_night(t) ? MIN(lowest, flow) : lowest;
      sum += flow;
      n++;
    }
    known = MIN(known, n);
    least += lowest;
    mean += n ? sum / n : 0;
  }
  out->value = all->len && isfinite(least) && mean > 0 ? 100 * least / mean : NAN;
  casa_finding_covered_hours(out, all->len ? known : 0);
}
