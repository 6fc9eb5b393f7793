/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/summary.h"
#include "series/stats.h"
#include <math.h>
#include <string.h>

#define FULL_ENOUGH 0.8 /* a city total needs this share of its parts */

typedef struct {
  GArray *values;   /* double */
  GArray *stations; /* guint */
  gint64 newest_ms;
  gboolean live;
  guint known;
} Pick;

gboolean
casa_summary_is_alive(const CasaBoardStation *station, gint64 now_ms)
{
  /* Both ways: a clock that was set back keeps nobody alive. */
  return station->live_ms > 0 && ABS(now_ms - station->live_ms) <= casa_board_patience_ms(station);
}

/* A value from a time that has not come yet was measured before the clock was set back. */
static gboolean
wanted(const CasaBoardStation *station, CasaKind kind, CasaQuantity quantity, gint64 now_ms)
{
  gint64 t_ms = station->values[quantity].t_ms;

  return station->known && station->city && station->kind == kind && t_ms > 0 && t_ms <= now_ms + CASA_BOARD_AHEAD_MS;
}

static gint64
newest_of(CasaBoard *board, CasaKind kind, CasaQuantity quantity, gint64 now_ms)
{
  gint64 newest = 0;

  for (guint i = 0; i < casa_board_n_stations(board); i++) {
    const CasaBoardStation *station = casa_board_station(board, i);
    if (wanted(station, kind, quantity, now_ms))
      newest = MAX(newest, station->values[quantity].t_ms);
  }
  return newest;
}

/* Values that belong to one moment: those not older than their station's patience before the newest of all. So a picture
 * of the past (link lost, program reopened) is as whole as a live one. */
static Pick
pick(CasaBoard *board, CasaKind kind, CasaQuantity quantity, gint64 now_ms)
{
  Pick self = { .values = g_array_new(FALSE, FALSE, sizeof(double)), .stations = g_array_new(FALSE, FALSE, sizeof(guint)) };

  self.newest_ms = newest_of(board, kind, quantity, now_ms);
  for (guint i = 0; i < casa_board_n_stations(board); i++) {
    const CasaBoardStation *station = casa_board_station(board, i);
    if (!wanted(station, kind, quantity, now_ms))
      continue;
    const CasaValue *value = &station->values[quantity];
    self.known++;
    if (value->t_ms < self.newest_ms - casa_board_patience_ms(station))
      continue;
    g_array_append_val(self.values, value->value);
    g_array_append_val(self.stations, i);
    if (value->live && casa_summary_is_alive(station, now_ms))
      self.live = TRUE;
  }
  return self;
}

static void
pick_clear(Pick *self)
{
  g_array_unref(self->values);
  g_array_unref(self->stations);
}

static CasaFigure
figure_of(const Pick *p, double value)
{
  if (p->values->len == 0 || !isfinite(value))
    return (CasaFigure){ .value = NAN, .known = p->known };
  return (CasaFigure){ .value = value,
                       .state = p->live ? CASA_STATE_LIVE : CASA_STATE_LAST,
                       .t_ms = p->newest_ms,
                       .n = p->values->len,
                       .known = p->known };
}

static double
sum_of(const Pick *p)
{
  double sum = 0;

  for (guint i = 0; i < p->values->len; i++)
    sum += g_array_index(p->values, double, i);
  return sum;
}

static CasaFigure
mean_figure(CasaBoard *board, CasaKind kind, CasaQuantity quantity, gint64 now_ms)
{
  Pick p = pick(board, kind, quantity, now_ms);
  CasaFigure figure = figure_of(&p, p.values->len ? sum_of(&p) / p.values->len : NAN);

  pick_clear(&p);
  return figure;
}

static CasaFigure
total_figure(CasaBoard *board, CasaKind kind, CasaQuantity quantity, gint64 now_ms)
{
  Pick p = pick(board, kind, quantity, now_ms);
  gboolean whole = p.values->len > 0 && p.values->len >= FULL_ENOUGH * p.known;
  CasaFigure figure = figure_of(&p, whole ? sum_of(&p) : NAN);

  pick_clear(&p);
  return figure;
}

static CasaFigure
worst_figure(CasaBoard *board, CasaQuantity quantity, gint64 now_ms, guint *out_station)
{
  Pick p = pick(board, CASA_KIND_AIR, quantity, now_ms);
  double worst = NAN;

  if (out_station)
    *out_station = G_MAXUINT;
  for (guint i = 0; i < p.values->len; i++) {
    double value = g_array_index(p.values, double, i);
    if (isfinite(worst) && value <= worst)
      continue;
    worst = value;
    if (out_station)
      *out_station = g_array_index(p.stations, guint, i);
  }
  CasaFigure figure = figure_of(&p, worst);
  pick_clear(&p);
  return figure;
}

static CasaFigure
median_delay(CasaBoard *board, gint64 now_ms)
{
  Pick p = pick(board, CASA_KIND_VEHICLE, CASA_QUANTITY_DELAY, now_ms);
  CasaFigure figure = figure_of(&p, casa_median((double *)p.values->data, p.values->len));

  pick_clear(&p);
  return figure;
}

static void
count_stations(CasaSummary *self, CasaBoard *board)
{
  g_autoptr(GHashTable) active = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

  for (guint i = 0; i < casa_board_n_stations(board); i++) {
    const CasaBoardStation *station = casa_board_station(board, i);
    if (!station->known)
      continue;
    gboolean alive = casa_summary_is_alive(station, self->now_ms);
    if (station->live_ms <= self->now_ms + CASA_BOARD_AHEAD_MS)
      self->live_ms = MAX(self->live_ms, station->live_ms);
    if (station->t_ms <= self->now_ms + CASA_BOARD_AHEAD_MS)
      self->newest_ms = MAX(self->newest_ms, station->t_ms);
    self->simulated |= station->simulated;
    if (station->kind == CASA_KIND_VEHICLE && station->city) {
      self->fleet++;
      self->vehicles += alive;
    } else {
      self->sensors_known++;
      self->sensors_alive += alive;
    }
    if (station->city)
      continue;
    char *source = casa_catalogue_station(casa_board_catalogue(board), station->id)->source;
    g_hash_table_add(known, source);
    if (alive)
      g_hash_table_add(active, source);
  }
  self->teams_known = g_hash_table_size(known);
  self->teams_active = g_hash_table_size(active);
}

static guint
band_of(const CasaAirMean *mean)
{
  switch (mean->quantity) {
  case CASA_QUANTITY_PM10: return casa_eaqi_band(CASA_EAQI_PM10, mean->mean_24h);
  case CASA_QUANTITY_PM2_5: return casa_eaqi_band(CASA_EAQI_PM2_5, mean->mean_24h);
  case CASA_QUANTITY_NO2: return casa_eaqi_band(CASA_EAQI_NO2, mean->mean_1h);
  case CASA_QUANTITY_O3: return casa_eaqi_band(CASA_EAQI_O3, mean->mean_1h);
  case CASA_QUANTITY_SO2: return casa_eaqi_band(CASA_EAQI_SO2, mean->mean_1h);
  default: return 0;
  }
}

void
casa_summary_compute(CasaSummary *self, CasaBoard *board, const CasaAirMean *means, guint n_means, gint64 now_ms)
{
  CasaSummary fresh = { .now_ms = now_ms, .counts = self->counts, .link = self->link, .forward = self->forward };

  fresh.blocked = self->blocked;
  memcpy(fresh.over, self->over, sizeof fresh.over);
  fresh.erased = self->erased;
  fresh.n_over = self->n_over;
  fresh.flooding = self->flooding;
  fresh.crowded = self->crowded;
  fresh.crowding = self->crowding;
  fresh.speed = mean_figure(board, CASA_KIND_ROAD, CASA_QUANTITY_SPEED, now_ms);
  fresh.load = total_figure(board, CASA_KIND_SUBSTATION, CASA_QUANTITY_LOAD, now_ms);
  fresh.solar = total_figure(board, CASA_KIND_SOLAR, CASA_QUANTITY_SOLAR, now_ms);
  fresh.lighting = total_figure(board, CASA_KIND_LIGHT, CASA_QUANTITY_LIGHTING, now_ms);
  fresh.pm10 = worst_figure(board, CASA_QUANTITY_PM10, now_ms, &fresh.worst_air);
  fresh.no2 = worst_figure(board, CASA_QUANTITY_NO2, now_ms, NULL);
  fresh.delay = median_delay(board, now_ms);
  count_stations(&fresh, board);
  for (guint i = 0; i < n_means; i++) {
    const CasaBoardStation *station = casa_board_station(board, means[i].station);
    if (!station || !station->city)
      continue;
    fresh.air_band = MAX(fresh.air_band, band_of(&means[i]));
    if (means[i].quantity == CASA_QUANTITY_PM10 && isfinite(means[i].mean_1h))
      fresh.air_stations++;
  }
  *self = fresh;
}

static gboolean
usable(CasaBoard *board, const CasaAirMean *mean, CasaLonLat *at)
{
  const CasaBoardStation *station = casa_board_station(board, mean->station);
  const CasaStation *info = casa_catalogue_station(casa_board_catalogue(board), mean->station);

  if (!station || !station->city || !info || !info->has_position)
    return FALSE;
  *at = (CasaLonLat){ info->lon, info->lat };
  return mean->quantity == CASA_QUANTITY_PM10 && isfinite(mean->mean_1h);
}

static double
district_value(CasaBoard *board, const CasaCity *city, const CasaDistrict *district, const CasaAirMean *means, guint n_means)
{
  double inside = 0, weighted = 0, weights = 0;
  guint n_inside = 0;

  for (guint i = 0; i < n_means; i++) {
    CasaLonLat at;
    if (!usable(board, &means[i], &at))
      continue;
    if (casa_city_district_at(city, at) == district) {
      inside += means[i].mean_1h;
      n_inside++;
    }
    double km = MAX(casa_distance_km(at, district->centroid), 0.1);
    weighted += means[i].mean_1h / (km * km);
    weights += 1 / (km * km);
  }
  if (n_inside)
    return inside / n_inside;
  return weights > 0 ? weighted / weights : NAN;
}

void
casa_summary_districts(CasaBoard *board, const CasaCity *city, const CasaAirMean *means, guint n_means, double *out)
{
  for (guint i = 0; i < city->n_districts; i++)
    out[i] = district_value(board, city, &city->districts[i], means, n_means);
}
