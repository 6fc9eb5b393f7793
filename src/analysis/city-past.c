/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/city-past.h"
#include "base/time-units.h"
#include "city/city-zone.h"
#include "series/members.h"
#include "store/columns.h"
#include <math.h>

void
casa_past_series_free(gpointer data)
{
  CasaPastSeries *self = data;

  g_free(self->mean);
  g_free(self->min);
  g_free(self->sum);
  g_free(self);
}

static gint64
floor_to(gint64 t_ms, gint64 width_ms)
{
  const gint64 over = t_ms % width_ms;

  return t_ms - (over < 0 ? over + width_ms : over);
}

/* NULL: it has nothing there, or cannot be read so finely any more. */
static CasaPastSeries *
take_columns(const CasaColumns *columns, guint series, gint64 width_ms)
{
  gboolean any = FALSE;

  if (columns->width_ms != width_ms || columns->n == 0)
    return NULL;
  CasaPastSeries *out = g_new0(CasaPastSeries, 1);
  out->series = series;
  out->from_ms = columns->from_ms;
  out->width_ms = width_ms;
  out->n = columns->n;
  out->mean = g_new(double, columns->n);
  out->min = g_new(double, columns->n);
  out->sum = g_new(double, columns->n);
  for (guint i = 0; i < columns->n; i++) {
    out->mean[i] = columns->columns[i].n ? columns->columns[i].mean : NAN;
    out->min[i] = columns->columns[i].n ? columns->columns[i].min : NAN;
    out->sum[i] = columns->columns[i].n * out->mean[i];
    any |= columns->columns[i].n > 0;
  }
  if (any)
    return out;
  casa_past_series_free(out);
  return NULL;
}

static CasaPastSeries *
read_one(CasaCityPast *self, guint series, gint64 from_ms, gint64 to_ms, gint64 width_ms)
{
  const CasaColumnQuery query = { .series = &series,
                                  .n_series = 1,
                                  .fold = CASA_COLUMNS_ONE,
                                  .from_ms = from_ms,
                                  .to_ms = to_ms,
                                  .columns = (guint)((to_ms - from_ms) / width_ms),
                                  .step_ms = width_ms };
  g_autoptr(CasaColumns) columns = casa_reader_columns(self->reader, &query, NULL, self->cancelled, &self->error);
  CasaPastSeries *out = columns ? take_columns(columns, series, width_ms) : NULL;

  if (out)
    out->station = casa_catalogue_series(self->catalogue, series)->station;
  return out;
}

GPtrArray *
casa_city_past_read(CasaCityPast *self, const CasaIndicator *indicator, gint64 from_ms, gint64 width_ms)
{
  GPtrArray *out = g_ptr_array_new_with_free_func(casa_past_series_free);
  const gint64 to_ms = floor_to(self->at_ms, width_ms);
  g_autoptr(GArray) members = casa_members_of(self->catalogue, G_MAXUINT, self->indicators, indicator);

  from_ms = floor_to(from_ms, width_ms);
  for (guint i = 0; i < members->len && !self->error && from_ms < to_ms; i++) {
    CasaPastSeries *one = read_one(self, g_array_index(members, guint, i), from_ms, to_ms, width_ms);
    if (one)
      g_ptr_array_add(out, one);
  }
  return out;
}

CasaPastSeries *
casa_city_past_minutes(CasaCityPast *self, guint series, gint64 from_ms, gint64 to_ms)
{
  return self->error ? NULL
                     : read_one(self, series, from_ms, MIN(to_ms, floor_to(self->at_ms, CASA_MINUTE_MS)), CASA_MINUTE_MS);
}

double
casa_past_series_at(const CasaPastSeries *self, gint64 t_ms)
{
  const gint64 i = t_ms < self->from_ms ? -1 : (t_ms - self->from_ms) / self->width_ms;

  return i >= 0 && i < self->n ? self->mean[i] : NAN;
}

double
casa_past_series_sum(const CasaPastSeries *self, gint64 t_ms)
{
  const gint64 i = t_ms < self->from_ms ? -1 : (t_ms - self->from_ms) / self->width_ms;

  return i >= 0 && i < self->n ? self->sum[i] : NAN;
}

const CasaStation *
casa_city_past_station(const CasaCityPast *self, const CasaPastSeries *series)
{
  return casa_catalogue_station(self->catalogue, series->station);
}

const CasaDistrict *
casa_city_past_district(const CasaCityPast *self, const CasaPastSeries *series)
{
  const CasaStation *station = casa_city_past_station(self, series);

  return station->has_position ? casa_city_district_at(self->city, (CasaLonLat){ station->lon, station->lat }) : NULL;
}

/* What a clock on the wall shows, as if it were UTC. */
static gint64
wall_ms(gint64 t_ms)
{
  GTimeZone *zone = casa_city_zone(t_ms);
  const gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, floor_to(t_ms, 1000) / 1000);

  return t_ms + g_time_zone_get_offset(zone, interval) * G_GINT64_CONSTANT(1000);
}

gint64
casa_city_day(gint64 t_ms)
{
  return floor_to(wall_ms(t_ms), CASA_DAY_MS) / CASA_DAY_MS;
}

/* The city's clock is not more than two hours from UTC and changes in whole hours, never at midnight. */
gint64
casa_city_midnight(gint64 day)
{
  gint64 t_ms = day * CASA_DAY_MS - 2 * CASA_HOUR_MS;

  while (casa_city_day(t_ms) < day)
    t_ms += CASA_HOUR_MS;
  return t_ms;
}

guint
casa_city_minute(gint64 t_ms)
{
  const gint64 wall = wall_ms(t_ms);

  return (guint)((wall - floor_to(wall, CASA_DAY_MS)) / CASA_MINUTE_MS);
}
