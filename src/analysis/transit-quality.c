/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/findings-private.h"
#include "base/time-units.h"
#include <math.h>

/* How well trams and busways serve: minutes of vehicles, of the last 24 whole hours. */

/* --- SDG 11.2.1: who lives near a stop --- */

#define CELL_DEG 0.001 /* about 100 m */

#define APART_MIN 10 /* reports of one trip are not further apart */

/* On a city's scale the earth is flat. */
static gboolean
is_near_stop(const CasaCity *city, CasaLonLat at, double km)
{
  const double per_lat = 111.195, per_lon = per_lat * cos(at.lat * G_PI / 180);

  for (guint l = 0; l < city->n_lines; l++)
    for (guint s = 0; s < city->lines[l].n_stops; s++) {
      const CasaLonLat stop = city->lines[l].stops[s].at;
      const double x = (stop.lon - at.lon) * per_lon, y = (stop.lat - at.lat) * per_lat;
      if (x * x + y * y <= km * km)
        return TRUE;
    }
  return FALSE;
}

/* People are spread evenly over their district. */
void
casa_find_access(CasaCityPast *past, CasaFinding *out)
{
  const CasaCity *city = past->city;
  g_autofree guint *cells = g_new0(guint, MAX(city->n_districts, 1)), *near = g_new0(guint, MAX(city->n_districts, 1));
  double people = 0, served = 0;

  for (double lat = city->min.lat; lat <= city->max.lat; lat += CELL_DEG)
    for (double lon = city->min.lon; lon <= city->max.lon; lon += CELL_DEG) {
      const CasaLonLat at = { lon, lat };
      const CasaDistrict *district = casa_city_district_at(city, at);
      if (!district)
        continue;
      cells[district - city->districts]++;
      near[district - city->districts] += is_near_stop(city, at, out->yardstick->metres / 1000);
    }
  for (guint d = 0; d < city->n_districts; d++) {
    people += city->districts[d].population;
    served += cells[d] ? city->districts[d].population * (double)near[d] / cells[d] : 0;
  }
  out->value = people > 0 ? 100 * served / people : NAN;
}

/* --- Minutes of vehicles --- */

/* Hours in which any line runs: others cannot be missing. */
static gboolean
runs_at(const CasaCity *city, gint64 t_ms)
{
  const guint minute = casa_city_minute(t_ms);

  for (guint l = 0; l < city->n_lines; l++)
    if (minute + 60 > city->lines[l].first_min && minute < city->lines[l].last_min)
      return TRUE;
  return FALSE;
}

/* Whether any of @all says anything in the hour @t_ms. */
static gboolean
heard_in(const GPtrArray *all, gint64 t_ms)
{
  for (guint i = 0; i < all->len; i++)
    for (gint64 t = t_ms; t < t_ms + CASA_HOUR_MS; t += CASA_MINUTE_MS)
      if (isfinite(casa_past_series_at(all->pdata[i], t)))
        return TRUE;
  return FALSE;
}

/* Minutes of the last day. What is covered: hours of service in which any of them is heard. */
static GPtrArray *
read_minutes(CasaCityPast *past, CasaFinding *out, const CasaIndicator *indicator)
{
  const gint64 from_ms = casa_finding_last_hours(past, out);
  GPtrArray *all = casa_city_past_read(past, indicator, from_ms, CASA_MINUTE_MS);
  double service = 0, heard = 0;

  for (gint64 t = from_ms; t < out->to_ms; t += CASA_HOUR_MS) {
    const gboolean runs = runs_at(past->city, t);
    service += runs;
    heard += runs && heard_in(all, t);
  }
  out->in_hours = TRUE;
  out->period = service;
  out->covered = heard;
  casa_finding_provenance(past, out, all);
  return all;
}

static gboolean
is_within(const CasaFinding *out, const CasaPastSeries *series, guint i)
{
  const gint64 t = series->from_ms + i * series->width_ms;

  return t >= out->from_ms && t < out->to_ms && isfinite(series->mean[i]);
}

void
casa_find_on_time(CasaCityPast *past, CasaFinding *out)
{
  g_autoptr(GPtrArray) all = read_minutes(past, out, out->yardstick->of);
  const CasaYardstick *y = out->yardstick;
  guint n = 0, good = 0;

  for (guint k = 0; k < all->len; k++) {
    const CasaPastSeries *one = all->pdata[k];
    for (guint i = 0; i < one->n; i++) {
      if (!is_within(out, one, i))
        continue;
      n++;
      good += one->mean[i] >= y->early && one->mean[i] <= y->late;
    }
  }
  out->value = n ? 100.0 * good / n : NAN;
}

/* (transfer full); NULL: it runs on none. */
static char *
line_of(const CasaCityPast *past, const CasaPastSeries *series)
{
  const CasaStation *station = casa_city_past_station(past, series);
  const CasaStationKind *kind = casa_indicators_kind(past->indicators, station->source, station->station, station->kind);

  return kind ? casa_station_kind_line(kind, station->station) : NULL;
}

/* Headways of the vehicles of @lines[k] that equal @line in one hour. */
static void
collect(const CasaFinding *out, const GPtrArray *all, const char *const *lines, const char *line, gint64 hour_ms,
        GArray *headways)
{
  g_array_set_size(headways, 0);
  for (guint k = 0; k < all->len; k++)
    for (gint64 t = hour_ms; g_strcmp0(lines[k], line) == 0 && t < hour_ms + CASA_HOUR_MS && t < out->to_ms;
         t += CASA_MINUTE_MS) {
      const double headway = casa_past_series_at(all->pdata[k], t);
      if (isfinite(headway) && headway > 0)
        g_array_append_val(headways, headway);
    }
}

/* Of the line's own median of that hour, so that a sparse timetable is no bunching. */
void
casa_find_bunched(CasaCityPast *past, CasaFinding *out)
{
  g_autoptr(GPtrArray) all = read_minutes(past, out, out->yardstick->of);
  g_auto(GStrv) lines = g_new0(char *, all->len + 1);
  g_autoptr(GArray) headways = g_array_new(FALSE, FALSE, sizeof(double));
  guint n = 0, close = 0;

  for (guint k = 0; k < all->len; k++)
    if (!(lines[k] = line_of(past, all->pdata[k])))
      lines[k] = g_strdup("");
  for (guint l = 0; l < past->city->n_lines; l++)
    for (gint64 t = out->from_ms; t < out->to_ms; t += CASA_HOUR_MS) {
      collect(out, all, (const char *const *)lines, past->city->lines[l].id, t, headways);
      const double usual = casa_median_of(headways);
      for (guint i = 0; i < headways->len; i++)
        close += g_array_index(headways, double, i) < out->yardstick->below * usual;
      n += headways->len;
    }
  out->value = n ? 100.0 * close / n : NAN;
}

static const CasaPastSeries *
of_station(const GPtrArray *all, guint station)
{
  for (guint i = 0; i < all->len; i++)
    if (((const CasaPastSeries *)all->pdata[i])->station == station)
      return all->pdata[i];
  return NULL;
}

/* Passenger-seconds by which the delay of one vehicle grew from one report to the next; what is made up again is not taken
 * off. */
static double
grown(const CasaFinding *out, const CasaPastSeries *delay, const CasaPastSeries *full, double seats)
{
  double sum = 0, before = NAN;
  guint before_i = 0;

  for (guint i = 0; i < delay->n; i++) {
    const double percent = casa_past_series_at(full, delay->from_ms + i * delay->width_ms);
    if (!is_within(out, delay, i))
      continue;
    if (isfinite(before) && i - before_i <= APART_MIN && isfinite(percent))
      sum += MAX(delay->mean[i] - before, 0) * percent / 100 * seats;
    before = delay->mean[i];
    before_i = i;
  }
  return sum;
}

void
casa_find_lost(CasaCityPast *past, CasaFinding *out)
{
  g_autoptr(GPtrArray) delays = read_minutes(past, out, out->yardstick->of);
  g_autoptr(GPtrArray) fulls = casa_city_past_read(past, out->yardstick->also[0], out->from_ms, CASA_MINUTE_MS);
  double seconds = 0;
  gboolean any = FALSE;

  for (guint k = 0; k < delays->len; k++) {
    const CasaPastSeries *full = of_station(fulls, ((const CasaPastSeries *)delays->pdata[k])->station);
    g_autofree char *id = line_of(past, delays->pdata[k]);
    const CasaLine *line = id ? casa_city_line(past->city, id) : NULL;
    if (!full || !line)
      continue;
    any = TRUE;
    seconds += grown(out, delays->pdata[k], full, line->busway ? out->yardstick->seats : out->yardstick->seats_rail);
  }
  out->value = any ? seconds / 3600 : NAN;
}
