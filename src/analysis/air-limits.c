/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/findings-private.h"
#include "base/time-units.h"
#include <math.h>

/* Limits of the air, each over its own averaging time, and levels of noise. Directive 2008/50/EC, annexes VII and XI: a mean
 * counts where three quarters of its hours are known; a running mean of eight hours belongs to the day on which it ends. */

#define ENOUGH 0.75
#define EIGHT 8

/* A day of one station; `hours` of it are above the limit. */
typedef struct {
  gboolean valid;
  double value; /* daily mean, highest mean of eight hours, highest hour */
  guint hours;
} Day;

/* Mean of the @n hours that end with hour @i; NAN: too few are known. */
static double
running_mean(const CasaPastSeries *series, gint64 i, guint n)
{
  double sum = 0;
  guint known = 0;

  for (gint64 k = i - n + 1; k <= i; k++) {
    if (k < 0 || !isfinite(series->mean[k]))
      continue;
    sum += series->mean[k];
    known++;
  }
  return known >= ENOUGH * n ? sum / known : NAN;
}

/* What the day that begins at hour @first and has @n of them comes to. */
static Day
take_day(const CasaPastSeries *series, const CasaYardstick *y, gint64 first, guint n)
{
  Day day = { 0 };
  double sum = 0, highest = -INFINITY;
  guint known = 0;

  for (gint64 i = first; i < first + n; i++) {
    const double value = i < 0 || i >= series->n        ? NAN
                         : y->over == CASA_OVER_8_HOURS ? running_mean(series, i, EIGHT)
                                                        : series->mean[i];
    if (!isfinite(value))
      continue;
    known++;
    sum += value;
    highest = MAX(highest, value);
    day.hours += isfinite(y->limit) && value > y->limit;
  }
  day.valid = known >= ENOUGH * n;
  day.value = y->over == CASA_OVER_DAY ? sum / MAX(known, 1) : highest;
  return day;
}

/* Days above the limit (or hours), the mean of days, and how many days are known. */
typedef struct {
  guint days, above;
  double mean;
} Tally;

static Tally
tally(const CasaPastSeries *series, const CasaYardstick *y, gint64 first, gint64 end)
{
  Tally out = { 0 };
  double sum = 0;

  for (gint64 d = first; d < end; d++) {
    const gint64 begin_ms = casa_city_midnight(d), end_ms = casa_city_midnight(d + 1);
    const guint n = (guint)((end_ms - begin_ms) / CASA_HOUR_MS);
    if (end_ms <= series->from_ms || begin_ms >= series->from_ms + series->n * CASA_HOUR_MS)
      continue;
    const Day day = take_day(series, y, (begin_ms - series->from_ms) / CASA_HOUR_MS, n);
    if (y->hours)
      out.above += day.hours;
    if (!day.valid)
      continue;
    out.days++;
    out.above += !y->hours && day.value > y->limit;
    sum += day.value;
  }
  out.mean = out.days ? sum / out.days : NAN;
  return out;
}

/* Hours of the period, and those that a running mean of its first hour needs. */
static GPtrArray *
read_days(CasaCityPast *past, CasaFinding *out, gint64 *first, gint64 *end)
{
  casa_finding_whole_days(past, out, first, end);
  GPtrArray *all =
    casa_city_past_read(past, out->yardstick->of, casa_city_midnight(*first) - (EIGHT - 1) * CASA_HOUR_MS, CASA_HOUR_MS);
  casa_finding_provenance(past, out, all);
  return all;
}

void
casa_find_exceedance(CasaCityPast *past, CasaFinding *out)
{
  gint64 first, end;
  g_autoptr(GPtrArray) all = read_days(past, out, &first, &end);

  for (guint i = 0; i < all->len; i++) {
    const Tally one = tally(all->pdata[i], out->yardstick, first, end);
    const gboolean worse =
      !isfinite(out->value) || one.above > out->value || (one.above == out->value && one.days > out->covered);
    if ((one.days == 0 && one.above == 0) || !worse)
      continue;
    out->value = one.above;
    out->covered = one.days;
    casa_finding_place(past, out, all->pdata[i]);
  }
}

static const CasaPastSeries *
nearest(const CasaCityPast *past, const GPtrArray *all, const Tally *tallies, CasaLonLat at, guint least, guint *out_i)
{
  double best = INFINITY;

  *out_i = G_MAXUINT;
  for (guint i = 0; i < all->len; i++) {
    const CasaStation *station = casa_city_past_station(past, all->pdata[i]);
    const double km = station->has_position ? casa_distance_km(at, (CasaLonLat){ station->lon, station->lat }) : INFINITY;
    if (tallies[i].days < MAX(least, 1) || km >= best)
      continue;
    best = km;
    *out_i = i;
  }
  return *out_i == G_MAXUINT ? NULL : all->pdata[*out_i];
}

/* Each district breathes what its nearest station measures. */
static void
weigh_people(CasaCityPast *past, CasaFinding *out, const GPtrArray *all, const Tally *tallies)
{
  double people = 0, sum = 0, days = 0;

  for (guint d = 0; d < past->city->n_districts; d++) {
    const CasaDistrict *district = &past->city->districts[d];
    guint i;
    if (!nearest(past, all, tallies, district->centroid, out->yardstick->least, &i))
      continue;
    people += district->population;
    sum += district->population * tallies[i].mean;
    days += district->population * (double)tallies[i].days;
  }
  if (people == 0)
    return;
  out->value = sum / people;
  out->covered = days / people;
}

void
casa_find_mean(CasaCityPast *past, CasaFinding *out)
{
  gint64 first, end;
  g_autoptr(GPtrArray) all = read_days(past, out, &first, &end);
  g_autofree Tally *tallies = g_new0(Tally, MAX(all->len, 1));
  guint most = 0;

  for (guint i = 0; i < all->len; i++) {
    tallies[i] = tally(all->pdata[i], out->yardstick, first, end);
    most = MAX(most, tallies[i].days);
  }
  if (out->yardstick->people)
    weigh_people(past, out, all, tallies);
  for (guint i = 0; i < all->len && !out->yardstick->people; i++) {
    if (tallies[i].days < MAX(out->yardstick->least, 1) || (isfinite(out->value) && tallies[i].mean <= out->value))
      continue;
    out->value = tallies[i].mean;
    out->covered = tallies[i].days;
    casa_finding_place(past, out, all->pdata[i]);
  }
  if (!isfinite(out->value))
    out->covered = most; /* nobody has enough: so far is the best of them */
}

/* --- Noise: Directive 2002/49/EC, annex I --- */

/* Mean level of those hours of the day that the clock shows from @from to before @to (or, where @to is less, outside). An
 * hour of which any minute is known is known. */
static double
level(const CasaPastSeries *series, gint64 begin_ms, gint64 end_ms, guint from, guint to, guint *hours)
{
  double sum = 0;
  guint minutes = 0, known = 0, n = 0;

  for (gint64 hour = begin_ms; hour < end_ms; hour += CASA_HOUR_MS) {
    const guint clock = casa_city_minute(hour) / 60, before = minutes;
    if (from < to ? clock < from || clock >= to : clock < from && clock >= to)
      continue;
    n++;
    for (gint64 t = hour; t < hour + CASA_HOUR_MS; t += CASA_MINUTE_MS) {
      const double value = casa_past_series_at(series, t);
      if (!isfinite(value))
        continue;
      minutes++;
      sum += pow(10, value / 10);
    }
    known += minutes > before;
  }
  *hours += known;
  return known > 0 && known >= ENOUGH * n ? 10 * log10(sum / minutes) : NAN;
}

static double
lden(double day, double evening, double night)
{
  return 10 * log10((12 * pow(10, day / 10) + 4 * pow(10, (evening + 5) / 10) + 8 * pow(10, (night + 10) / 10)) / 24);
}

void
casa_find_noise(CasaCityPast *past, CasaFinding *out)
{
  const gint64 day = casa_city_day(past->at_ms) - 1, begin_ms = casa_city_midnight(day), end_ms = casa_city_midnight(day + 1);
  g_autoptr(GPtrArray) all = casa_city_past_read(past, out->yardstick->of, begin_ms, CASA_MINUTE_MS);

  out->from_ms = begin_ms;
  out->to_ms = end_ms;
  out->in_hours = TRUE;
  out->period = (double)(end_ms - begin_ms) / CASA_HOUR_MS;
  casa_finding_provenance(past, out, all);
  for (guint i = 0; i < all->len; i++) {
    const CasaPastSeries *one = all->pdata[i];
    guint hours = 0;
    const double by_day = level(one, begin_ms, end_ms, 7, 19, &hours);
    const double evening = level(one, begin_ms, end_ms, 19, 23, &hours);
    const double night = level(one, begin_ms, end_ms, 23, 7, &hours);
    const double value = out->yardstick->night ? night : lden(by_day, evening, night);
    if (!isfinite(out->value))
      out->covered = MAX(out->covered, hours);
    if (!isfinite(value) || (isfinite(out->value) && value <= out->value))
      continue;
    out->value = value;
    out->covered = hours;
    casa_finding_place(past, out, one);
  }
}
