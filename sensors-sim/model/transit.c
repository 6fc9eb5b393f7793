/* SPDX-License-Identifier: Apache-2.0 */
#include "transit.h"
#include "base/time-units.h"

#include <math.h>

#define N_KEPT 4               /* service days kept per line */
#define PARKED_MS 900000       /* after this long a rest at the terminus a vehicle goes to the depot */
#define STALE_MS (2 * 3600000) /* an older headway tells nothing */

struct _CasaSimTransit {
  CasaSimModel *model;
  guint n_lines;
  CasaSimLine *lines;
  CasaSimTransitDay **days; /* [n_lines * N_KEPT] */
};

CasaSimTransit *
casa_sim_transit_new(CasaSimModel *model)
{
  const CasaCity *city = casa_sim_model_city(model);
  CasaSimTransit *self = g_new0(CasaSimTransit, 1);
  self->model = model;
  self->n_lines = city->n_lines;
  self->lines = g_new0(CasaSimLine, city->n_lines);
  self->days = g_new0(CasaSimTransitDay *, city->n_lines * N_KEPT);
  for (guint i = 0; i < city->n_lines; i++)
    casa_sim_line_init(&self->lines[i], &city->lines[i],
                       city->lines[i].busway ? 0 : casa_sim_model_scenario(model)->tram_headway);
  return self;
}

void
casa_sim_transit_free(CasaSimTransit *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_lines * N_KEPT; i++)
    casa_sim_transit_day_free(self->days[i]);
  for (guint i = 0; i < self->n_lines; i++)
    casa_sim_line_clear(&self->lines[i]);
  g_free(self->days);
  g_free(self->lines);
  g_free(self);
}

const CasaSimLine *
casa_sim_transit_line(const CasaSimTransit *self, guint line)
{
  return &self->lines[line];
}

const CasaSimTransitDay *
casa_sim_transit_on(CasaSimTransit *self, guint line, gint64 number)
{
  CasaSimTransitDay **slot = &self->days[line * N_KEPT + (guint)(number & (N_KEPT - 1))];
  if (!*slot || (*slot)->number != number || (*slot)->changes != casa_sim_model_n_changes(self->model)) {
    casa_sim_transit_day_free(*slot);
    *slot = casa_sim_transit_day_new(self->model, &self->lines[line], number);
  }
  return *slot;
}

/* Share of a leg's distance covered after share @u of its time: even acceleration and braking for a fifth of the time
 * each. @out_rate: speed as a multiple of the leg's mean. */
static double
leg_progress(double u, double *out_rate)
{
  const double a = 0.2, top = 1 / (1 - a);
  if (u < a) {
    *out_rate = top * u / a;
    return top * u * u / (2 * a);
  }
  if (u > 1 - a) {
    *out_rate = top * (1 - u) / a;
    return 1 - top * (1 - u) * (1 - u) / (2 * a);
  }
  *out_rate = top;
  return top * (u - a / 2);
}

static double
sched_delay_s(const CasaSimLine *line, const CasaSimTrip *trip, guint k)
{
  return (trip->calls[k].depart - (double)trip->sched_ms - line->sched_depart[trip->direction][k]) / 1000;
}

static double
sched_lateness_s(const CasaSimLine *line, const CasaSimTrip *trip, guint k)
{
  double late = (trip->calls[k].arrive - (double)trip->sched_ms - line->sched_arrive[trip->direction][k]) / 1000;
  return MAX(late, -5); /* it will wait for its time */
}

/* Nobody knows yet how long a standing vehicle will stand: its delay grows from its arrival's once its time has passed.
 * The headway is that of its last departure, or what it is already behind the one ahead if that is more. */
static void
standing(const CasaSimLine *line, const CasaSimTrip *trip, const CasaSimTrip *before, guint k, gint32 ms, CasaSimVehicle *out)
{
  double past = (ms - (double)trip->sched_ms - line->sched_depart[trip->direction][k]) / 1000;
  out->delay_s = MAX(sched_lateness_s(line, trip, k), past);
  if (!before)
    return;
  double behind = (ms - (double)before->calls[k].depart) / 1000;
  double last = k > 0 ? (trip->calls[k - 1].depart - (double)before->calls[k - 1].depart) / 1000 : 0;
  out->headway_s = MAX(MAX(behind, last), 0);
}

/* Where the vehicle of @trip is @ms after midnight; arrive of the first call <= @ms <= depart of the last. */
static void
along(const CasaSimLine *line, const CasaSimTrip *trip, const CasaSimTrip *before, gint32 ms, CasaSimVehicle *out)
{
  guint lo = 0, hi = line->n_calls; /* last call whose arrival is not after ms */
  while (hi - lo > 1) {
    guint mid = (lo + hi) / 2;
    if (trip->calls[mid].arrive <= ms)
      lo = mid;
    else
      hi = mid;
  }
  const CasaSimCall *call = &trip->calls[lo];
  out->km = casa_sim_line_stop(line, trip->direction, lo)->km;
  out->speed_kmh = 0;
  out->occupancy_pct = 100.0 * call->load / line->capacity;
  if (ms <= call->depart || lo + 1 >= line->n_calls) {
    standing(line, trip, before, lo, ms, out);
    return;
  }
  out->delay_s = sched_delay_s(line, trip, lo);
  if (before)
    out->headway_s = (call->depart - (double)before->calls[lo].depart) / 1000;
  double span_ms = trip->calls[lo + 1].arrive - (double)call->depart, rate = 0;
  double done = leg_progress((ms - (double)call->depart) / span_ms, &rate);
  double leg_km = casa_sim_line_stop(line, trip->direction, lo + 1)->km - out->km;
  out->km += leg_km * done;
  out->speed_kmh = fabs(leg_km) / (span_ms / 3.6e6) * rate;
  out->delay_s += (sched_lateness_s(line, trip, lo + 1) - out->delay_s) * done;
}

/* Last trip of the vehicle that began (called at its first stop) at or before @ms. */
static const CasaSimTrip *
trip_at(const GPtrArray *trips, gint32 ms)
{
  const CasaSimTrip *last = NULL;
  for (guint i = 0; i < trips->len; i++) {
    const CasaSimTrip *trip = g_ptr_array_index(trips, i);
    if (trip->calls[0].arrive > ms)
      break;
    last = trip;
  }
  return last;
}

static gboolean
vehicle_on(const CasaSimTransitDay *day, guint vehicle, gint64 t_ms, CasaSimVehicle *out)
{
  const CasaSimLine *line = day->line;
  if (t_ms < day->start_ms || t_ms > day->start_ms + 2 * CASA_DAY_MS)
    return FALSE;
  gint32 ms = (gint32)(t_ms - day->start_ms);
  const CasaSimTrip *trip = trip_at(day->by_vehicle[vehicle], ms);
  if (!trip)
    return FALSE;
  gint32 end = trip->calls[line->n_calls - 1].depart;
  const CasaSimTrip *before = trip > day->trips[trip->direction] ? trip - 1 : NULL;
  out->headway_s = -1;
  if (ms <= end) {
    along(line, trip, before, ms, out);
  } else { /* at the terminus: nobody knows yet whether and when it leaves again */
    if (ms - end > PARKED_MS)
      return FALSE;
    along(line, trip, before, end, out);
    out->occupancy_pct = out->delay_s = 0;
  }
  out->at = casa_line_at(line->line, out->km);
  return TRUE;
}

gboolean
casa_sim_transit_vehicle(CasaSimTransit *self, guint line, guint vehicle, gint64 t_ms, CasaSimVehicle *out)
{
  gint64 today = casa_sim_calendar_at(casa_sim_model_calendar(self->model), t_ms)->number;
  /* Yesterday's last trips may still be running. */
  return vehicle_on(casa_sim_transit_on(self, line, today), vehicle, t_ms, out) ||
         vehicle_on(casa_sim_transit_on(self, line, today - 1), vehicle, t_ms, out);
}

/* Number of trips of @direction that have left call @k at or before @ms. */
static guint
departed(const CasaSimTransitDay *day, guint direction, guint k, gint64 ms)
{
  guint lo = 0, hi = day->n_trips[direction];
  while (lo < hi) {
    guint mid = (lo + hi) / 2;
    if (day->trips[direction][mid].calls[k].depart <= ms)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo;
}

static void
stop_on(const CasaSimTransitDay *day, guint stop, gint64 since_ms, gint64 t_ms, CasaSimStopUse *out, gint64 *latest)
{
  for (guint d = 0; d < 2; d++) {
    guint k = d == 0 ? stop : day->line->n_calls - 1 - stop;
    guint to = departed(day, d, k, t_ms - day->start_ms), from = departed(day, d, k, since_ms - day->start_ms);
    for (guint i = from; i < to; i++)
      out->boarded += day->trips[d][i].calls[k].boarded;
    if (to < 2)
      continue;
    gint64 last = day->start_ms + day->trips[d][to - 1].calls[k].depart;
    if (last > *latest && t_ms - last < STALE_MS) {
      *latest = last;
      out->headway_s = (last - day->start_ms - day->trips[d][to - 2].calls[k].depart) / 1000.0;
    }
  }
}

void
casa_sim_transit_stop(CasaSimTransit *self, guint line, guint stop, gint64 since_ms, gint64 t_ms, CasaSimStopUse *out)
{
  CasaSimCalendar *calendar = casa_sim_model_calendar(self->model);
  gint64 today = casa_sim_calendar_at(calendar, t_ms)->number, latest = G_MININT64;
  gint64 first = casa_sim_calendar_at(calendar, since_ms)->number - 1;
  *out = (CasaSimStopUse){ .boarded = 0, .headway_s = -1 };
  for (gint64 n = first; n <= today; n++)
    stop_on(casa_sim_transit_on(self, line, n), stop, since_ms, t_ms, out, &latest);
}

void
casa_sim_transit_report_vehicle(CasaSimTransit *self, CasaSimReport *r)
{
  CasaSimVehicle v;
  if (!casa_sim_transit_vehicle(self, r->station->a, r->station->b, r->t_ms, &v))
    return;
  casa_sim_report_add(r, "lat", v.at.lat, -90, 90, 6);
  casa_sim_report_add(r, "lon", v.at.lon, -180, 180, 6);
  casa_sim_report_add(r, "speed_kmh", v.speed_kmh, 0, 70, 1);
  casa_sim_report_add(r, "occupancy_pct", v.occupancy_pct, 0, 100, 0);
  casa_sim_report_add(r, "delay_s", v.delay_s, -600, 7200, 0);
  if (v.headway_s >= 0)
    casa_sim_report_add(r, "headway_s", v.headway_s, 0, 7200, 0);
}

void
casa_sim_transit_report_stop(CasaSimTransit *self, CasaSimReport *r)
{
  CasaSimStopUse use;
  casa_sim_transit_stop(self, r->station->a, r->station->b, r->since_ms, r->t_ms, &use);
  casa_sim_report_add(r, "passengers", use.boarded, 0, 100000, 0);
  if (use.headway_s >= 0)
    casa_sim_report_add(r, "headway_s", use.headway_s, 0, 7200, 0);
}
