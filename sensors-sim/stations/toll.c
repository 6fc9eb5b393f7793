/* SPDX-License-Identifier: Apache-2.0 */
#include "toll.h"

#include <math.h>

#include "base/time-units.h"

#define FELT_UGM3 1.0 /* mean excess from which a district counts: what a monitor of PM10 resolves */

void
casa_sim_toll_clear(CasaSimToll *self)
{
  g_free(self->dose);
  *self = (CasaSimToll){ 0 };
}

/* Passengers in all vehicles, whether or not they publish. */
static double
aboard(CasaSimWorld *world, gint64 t_ms)
{
  CasaSimTransit *transit = casa_sim_world_transit(world);
  const guint n = casa_sim_model_city(casa_sim_world_model(world))->n_lines;
  double sum = 0;
  for (guint i = 0; i < n; i++) {
    const CasaSimLine *line = casa_sim_transit_line(transit, i);
    CasaSimVehicle v;
    for (guint k = 0; k < line->fleet; k++)
      sum += casa_sim_transit_vehicle(transit, i, k, t_ms, &v) ? v.occupancy_pct / 100 * line->capacity : 0;
  }
  return sum;
}

static double
boarded(CasaSimWorld *world, gint64 since_ms, gint64 t_ms)
{
  CasaSimTransit *transit = casa_sim_world_transit(world);
  const CasaCity *city = casa_sim_model_city(casa_sim_world_model(world));
  double sum = 0;
  for (guint i = 0; i < city->n_lines; i++) {
    for (guint k = 0; k < city->lines[i].n_stops; k++) {
      CasaSimStopUse use;
      casa_sim_transit_stop(transit, i, k, since_ms, t_ms, &use);
      sum += use.boarded;
    }
  }
  return sum;
}

static void
breathe(CasaSimToll *self, CasaSimWorld *city, CasaSimWorld *without, gint64 t_ms)
{
  const guint n = casa_sim_model_city(casa_sim_world_model(city))->n_districts;
  casa_sim_world_set_time(city, t_ms);
  casa_sim_world_set_time(without, t_ms);
  for (guint i = 0; i < n; i++) {
    CasaSimAir a, b;
    casa_sim_world_air(city, i, &a);
    casa_sim_world_air(without, i, &b);
    self->dose[i] += (a.pm10 - b.pm10) * CASA_MINUTE_MS / CASA_HOUR_MS;
  }
}

/* A match and a car-free day bring other passengers. */
static gboolean
is_demand_the_same(CasaSimModel *model, gint64 since_ms, gint64 t_ms)
{
  const GArray *events = casa_sim_model_events(model, t_ms);
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if ((e->kind == CASA_SIM_DERBY_NIGHT || e->kind == CASA_SIM_CAR_FREE_DAY) && e->start_ms < t_ms &&
        e->start_ms + e->duration_ms > since_ms)
      return FALSE;
  }
  return TRUE;
}

/* Neither ever goes back. */
static guint
n_changes(CasaSimWorld *city, CasaSimWorld *without)
{
  return casa_sim_model_n_changes(casa_sim_world_model(city)) + casa_sim_model_n_changes(casa_sim_world_model(without));
}

static void
begin(CasaSimToll *self, CasaSimWorld *city, CasaSimWorld *without, gint64 since_ms)
{
  CasaSimModel *model = casa_sim_world_model(city);
  casa_sim_toll_clear(self);
  self->since_ms = self->done_ms = since_ms;
  self->n_changes = n_changes(city, without);
  self->same_demand = TRUE;
  self->dose = g_new0(double, casa_sim_model_city(model)->n_districts + 1);
}

/* People who come to the stops are the same in both cities: who has not boarded waits, and who is still aboard has not arrived
 * (Little 1961: the number in a system, added up over time, is the time spent in it). */
void
casa_sim_toll_reach(CasaSimToll *self, CasaSimWorld *city, CasaSimWorld *without, gint64 since_ms, gint64 t_ms)
{
  since_ms = since_ms / CASA_MINUTE_MS * CASA_MINUTE_MS;
  if (!self->dose || self->since_ms != since_ms || self->done_ms > t_ms || self->n_changes != n_changes(city, without))
    begin(self, city, without, since_ms);
  for (gint64 t = self->done_ms + CASA_MINUTE_MS; t <= t_ms; t += CASA_MINUTE_MS) {
    self->boarded += boarded(without, t - CASA_MINUTE_MS, t) - boarded(city, t - CASA_MINUTE_MS, t);
    self->aboard_min += aboard(city, t) - aboard(without, t);
    self->waiting_min += self->boarded;
    breathe(self, city, without, t);
    self->done_ms = t;
  }
  self->same_demand = is_demand_the_same(casa_sim_world_model(city), since_ms, t_ms);
}

double
casa_sim_toll_passenger_min(const CasaSimToll *self)
{
  return self->same_demand ? self->aboard_min + self->waiting_min : NAN;
}

double
casa_sim_toll_pm10(const CasaSimToll *self, const CasaCity *city, guint *out_people)
{
  const double hours = (double)(self->done_ms - self->since_ms) / CASA_HOUR_MS;
  double sum = 0;
  *out_people = 0;
  for (guint i = 0; self->dose && i < city->n_districts; i++) {
    if (!(self->dose[i] > FELT_UGM3 * hours) || hours <= 0)
      continue;
    sum += self->dose[i] * city->districts[i].population;
    *out_people += city->districts[i].population;
  }
  return *out_people ? sum / *out_people : 0;
}
