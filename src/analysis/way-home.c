/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/findings-private.h"
#include "base/time-units.h"
#include "city/sun.h"
#include <math.h>
#include <string.h>

/* The way home after dark, by stop and hour: how long one waits, whether the lamps of the district are on, whether others
 * are there. It is about comfort, made of what is measured; nothing of it tells of anybody's deeds. */

#define DARK 0.9        /* of casa_sun_darkness(): nearly all of what is lit when it is night */
#define WEIGHT_WAIT 0.4 /* of the score; what the formula of governance.conf says */
#define WEIGHT_LIT 0.4
#define WEIGHT_PEOPLE 0.2
#define LIT_DAYS 7 /* nights in which the lamps of a district showed what they take when all are on */

typedef struct {
  CasaCityPast *past;
  CasaFinding *out;
  GPtrArray *waits, *lamps, *people; /* hours */
} Night;

static gboolean
is_dark(const CasaCity *city, gint64 hour_ms)
{
  const CasaLonLat middle = { (city->min.lon + city->max.lon) / 2, (city->min.lat + city->max.lat) / 2 };

  return casa_sun_darkness(middle, hour_ms) >= DARK && casa_sun_darkness(middle, hour_ms + CASA_HOUR_MS) >= DARK;
}

/* Dark hours of one night that are over at the moment: the night that is running, else the last one. */
static GArray *
dark_hours(const Night *n)
{
  GArray *hours = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 t = n->out->to_ms - CASA_HOUR_MS;

  while (t >= n->out->from_ms && !is_dark(n->past->city, t))
    t -= CASA_HOUR_MS;
  for (; t >= n->out->from_ms && is_dark(n->past->city, t); t -= CASA_HOUR_MS)
    g_array_prepend_val(hours, t);
  return hours;
}

/* A stop's station is called after it, behind its kind. */
static const CasaPastSeries *
series_of(const Night *n, const GPtrArray *all, const CasaStop *stop)
{
  for (guint i = 0; i < all->len; i++) {
    const char *id = casa_city_past_station(n->past, all->pdata[i])->station;
    const char *rest = strchr(id, '-');
    if (g_str_equal(id, stop->id) || (rest && g_str_equal(rest + 1, stop->id)))
      return all->pdata[i];
  }
  return NULL;
}

static const CasaPastSeries *
lamps_of(const Night *n, const CasaStop *stop)
{
  for (guint i = 0; stop->district && i < n->lamps->len; i++) {
    const CasaDistrict *district = casa_city_past_district(n->past, n->lamps->pdata[i]);
    if (district && g_str_equal(district->id, stop->district))
      return n->lamps->pdata[i];
  }
  return NULL;
}

/* Share of what the district's lamps took in the hour in which they took most. */
static double
lit_at(const CasaPastSeries *lamps, gint64 hour_ms)
{
  double most = 0;

  for (guint i = 0; i < lamps->n; i++)
    if (isfinite(lamps->mean[i]))
      most = MAX(most, lamps->mean[i]);
  return most > 0 ? CLAMP(casa_past_series_at(lamps, hour_ms) / most, 0, 1) : NAN;
}

static double
score_of(const CasaYardstick *y, const CasaWayHome *way)
{
  const double wait = CLAMP((y->wait_bad - way->wait_min) / (y->wait_bad - y->wait_good), 0, 1);

  return 100 * (WEIGHT_WAIT * wait + WEIGHT_LIT * way->lit + WEIGHT_PEOPLE * MIN(way->people / y->people_good, 1));
}

/* FALSE: something of it is not known. A stop whose line does not run in that hour has no wait. */
static gboolean
take(const Night *n, const CasaLine *line, const CasaStop *stop, gint64 hour_ms, CasaWayHome *way)
{
  const CasaPastSeries *wait = series_of(n, n->waits, stop), *people = series_of(n, n->people, stop),
                       *lamps = lamps_of(n, stop);
  const guint minute = casa_city_minute(hour_ms);

  if (!wait || !people || !lamps || minute < line->first_min || minute + 60 > line->last_min)
    return FALSE;
  *way = (CasaWayHome){
    stop, hour_ms, 0, casa_past_series_at(wait, hour_ms) / 60, lit_at(lamps, hour_ms), casa_past_series_sum(people, hour_ms)
  };
  if (!isfinite(way->wait_min) || !isfinite(way->lit) || !isfinite(way->people))
    return FALSE;
  way->score = score_of(n->out->yardstick, way);
  return TRUE;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  const CasaWayHome *one = a, *other = b;

  if (one->score != other->score)
    return one->score < other->score ? -1 : 1;
  return (one->hour_ms > other->hour_ms) - (one->hour_ms < other->hour_ms);
}

/* Each stop once, in its worst hour: the worst first. */
static void
keep_worst(GArray *all)
{
  g_array_sort(all, compare);
  for (guint i = 0; i < all->len; i++)
    for (guint k = all->len - 1; k > i; k--)
      if (g_array_index(all, CasaWayHome, k).stop == g_array_index(all, CasaWayHome, i).stop)
        g_array_remove_index(all, k);
  g_array_set_size(all, MIN(all->len, CASA_WAY_HOME_WORST));
}

static void
judge_hours(const Night *n, const GArray *hours)
{
  const CasaCity *city = n->past->city;
  guint wanted = 0, known = 0;

  for (guint l = 0; l < city->n_lines; l++)
    for (guint s = 0; s < city->lines[l].n_stops; s++)
      for (guint h = 0; h < hours->len; h++) {
        const gint64 hour_ms = g_array_index(hours, gint64, h);
        const guint minute = casa_city_minute(hour_ms);
        CasaWayHome way;
        wanted += minute >= city->lines[l].first_min && minute + 60 <= city->lines[l].last_min;
        if (!take(n, &city->lines[l], &city->lines[l].stops[s], hour_ms, &way))
          continue;
        known++;
        g_array_append_val(n->out->worst, way);
      }
  n->out->period = hours->len;
  n->out->covered = wanted ? hours->len * (double)known / wanted : 0;
}

void
casa_find_way_home(CasaCityPast *past, CasaFinding *out)
{
  const gint64 from_ms = casa_finding_last_hours(past, out);
  g_autoptr(GPtrArray) waits = casa_city_past_read(past, out->yardstick->of, from_ms, CASA_HOUR_MS);
  g_autoptr(GPtrArray) lamps =
    casa_city_past_read(past, out->yardstick->also[0], from_ms - LIT_DAYS * CASA_DAY_MS, CASA_HOUR_MS);
  g_autoptr(GPtrArray) people = casa_city_past_read(past, out->yardstick->also[1], from_ms, CASA_HOUR_MS);
  const Night night = { past, out, waits, lamps, people };
  g_autoptr(GArray) hours = dark_hours(&night);

  out->worst = g_array_new(FALSE, FALSE, sizeof(CasaWayHome));
  casa_finding_provenance(past, out, waits);
  judge_hours(&night, hours);
  keep_worst(out->worst);
  if (hours->len) {
    out->from_ms = g_array_index(hours, gint64, 0);
    out->to_ms = g_array_index(hours, gint64, hours->len - 1) + CASA_HOUR_MS;
  }
  if (out->worst->len == 0)
    return;
  const CasaWayHome *worst = &g_array_index(out->worst, CasaWayHome, 0);
  out->value = worst->score;
  out->place_fr = g_strdup(worst->stop->name_fr);
  out->place_ar = g_strdup(worst->stop->name_ar ? worst->stop->name_ar : worst->stop->name_fr);
}
