/* SPDX-License-Identifier: Apache-2.0 */
#include "transit-day.h"

#include <math.h>
#include <string.h>

#include "maths/maths.h"
#include "maths/rng.h"

#define LAYOVER_MS 240000   /* rest at the terminus at least */
#define SEPARATION_MS 45000 /* two vehicles never leave a stop closer than this */
#define EARLY_MS 5000       /* a driver this much early waits for the timetable */
#define NOON_MS 43200000
#define TOO_LATE_MS 480000
#define FIRST_WAIT_MS 600000 /* people gather this long before the first vehicle */

/* While a day is being played. */
typedef struct {
  CasaSimModel *model;
  CasaSimTransitDay *out;
  const CasaSimLine *line;
  CasaSimDay day;
  guint64 stream;
  double demand_norm;     /* integral of the demand curve over the service day, in curve hours */
  gint32 *ready;          /* [fleet] when a vehicle may leave again; -1 = still in the depot */
  guint *place;           /* [fleet] direction it would leave in */
  double *left_behind[2]; /* [n_calls] people a full vehicle left on the platform */
  const GArray *events;   /* NULL: nothing holds this line today */
  const GArray *drawing;  /* NULL: nothing changes who rides, and how the streets are, today */
} Play;

static double
demand_at(const Play *p, double hour)
{
  CasaSimActivity people;
  casa_sim_activity(&p->day, hour >= 24 ? hour - 24 : hour, &people);
  return people.transit;
}

static double
integrate_demand(const Play *p)
{
  double sum = 0;
  for (guint i = 0; i < 24 * 6; i++)
    sum += demand_at(p, (i + 0.5) / 6) / 6;
  return sum;
}

/* Stop @k of a direction, by its position from terminus A. */
static guint
position(const Play *p, guint direction, guint k)
{
  return direction == 0 ? k : p->line->n_calls - 1 - k;
}

static CasaSimRiders
riders(const Play *p, guint direction, guint k, double ms)
{
  if (!p->drawing)
    return (CasaSimRiders){ .factor = 1 };
  return casa_sim_events_riders(p->drawing, p->line->line, position(p, direction, k), p->out->start_ms + (gint64)ms);
}

/* Boardings that gathered at call @k between two departures. Spectators go both ways. */
static double
gathered(const Play *p, guint direction, guint k, gint32 from, gint32 to)
{
  double mid = ((double)from + (double)to) / 2, hours = MAX(to - from, 0) / 3.6e6;
  double day = p->line->riders_per_day * casa_sim_line_day_factor(&p->day);
  CasaSimRiders more = riders(p, direction, k, mid);
  return (day * p->line->board[direction][k] * demand_at(p, mid / 3.6e6) / p->demand_norm * more.factor + more.per_hour / 2) *
         hours;
}

/* Running time of the leg towards call @k: the timetable's, longer in dense traffic (junctions; a tram has its own
 * track and priority, a bus less of it), with chance, and now and then a blocked crossing or a door. */
static gint32
leg_ms(const Play *p, guint64 stream, const CasaSimTrip *trip, guint k, gint32 leave)
{
  const CasaSimLine *line = p->line;
  double sched = line->sched_arrive[trip->direction][k] - (double)line->sched_depart[trip->direction][k - 1];
  double traffic = casa_sim_model_traffic(p->model, p->out->start_ms + leave);
  if (p->drawing) { /* trams have priority at the crossings where an event jams the streets; buses stand in them */
    const CasaStop *stop = casa_sim_line_stop(line, trip->direction, k);
    CasaSimPull pull = casa_sim_events_pull(p->drawing, stop->at, stop->district, p->out->start_ms + leave);
    traffic = traffic * (1 - pull.closed) + (line->line->busway ? 1.2 * pull.crowd : 0);
  }
  double gain = line->line->busway ? 0.27 : 0.17;
  double factor = 1.04 + gain * MAX(traffic - 0.35, 0) + 0.05 * casa_sim_normal(stream, 4 * k);
  double trouble = 0;
  if (casa_sim_uniform(stream, 4 * k + 1) < 0.004)
    trouble = -70000 * casa_sim_log(1 - casa_sim_uniform(stream, 4 * k + 2) * 0.98);
  return (gint32)(sched * MAX(factor, 0.75) + trouble);
}

static gint32
dwell_ms(const Play *p, const CasaSimCall *call)
{
  double each = p->line->line->busway ? 260 : 95; /* ms: four doors against sixteen */
  double ms = (p->line->line->busway ? 10000 : 13000) + each * (call->boarded + call->alighted);
  return (gint32)MIN(ms, 90000);
}

static void
exchange(Play *p, guint64 stream, const CasaSimTrip *trip, guint k, guint load, gint32 before, CasaSimCall *call)
{
  guint d = trip->direction, last = p->line->n_calls - 1;
  double leave = MIN(p->line->alight[d][k] + riders(p, d, k, call->arrive).alight, 1);
  guint off = k == last ? load : casa_sim_round_random(stream, 4000 + k, load * leave);
  call->alighted = (guint16)MIN(off, load);
  load -= call->alighted;
  double waiting = p->left_behind[d][k];
  if (k < last)
    waiting += casa_sim_round_random(stream, 8000 + k, gathered(p, d, k, before, call->arrive));
  double room = p->line->capacity - load;
  double on = floor(MIN(waiting, room));
  p->left_behind[d][k] = waiting - on;
  if (waiting > on)
    p->out->refused++;
  call->boarded = (guint16)on;
  call->load = (guint16)(load + call->boarded);
}

/* When the vehicle that is ready at call @k may leave. Something may hold it there; and towards a stop where the vehicle
 * ahead is held it does not set out, but waits where people can get off. What happened before an event began is never
 * altered: it was published. */
static gint32
released(const Play *p, guint64 stream, const CasaSimTrip *trip, guint k, gint32 ready, const CasaSimTrip *before)
{
  gint64 midnight = p->out->start_ms, at = midnight + ready;
  gint64 leave = casa_sim_events_leave_ms(p->events, p->line->line, position(p, trip->direction, k), at);
  if (leave > at) /* not all start again at the same second */
    leave += (gint64)(40000 * casa_sim_uniform(stream, 12000 + k));
  if (before && k + 1 < p->line->n_calls) {
    gint64 ahead = midnight + before->calls[k + 1].depart, beyond = midnight + before->calls[k + 1].arrive + 120000;
    gint64 leg = (gint64)p->line->sched_arrive[trip->direction][k + 1] - p->line->sched_depart[trip->direction][k];
    gint64 clear = ahead + SEPARATION_MS - leg;
    gboolean stuck = casa_sim_events_leave_ms(p->events, p->line->line, position(p, trip->direction, k + 1), leave) > leave;
    leave = ahead > beyond && stuck ? MAX(leave, clear) : leave;
  }
  return (gint32)(leave - midnight);
}

static void
hold(Play *p, guint64 stream, const CasaSimTrip *trip, guint k, gint32 clear, const CasaSimTrip *before)
{
  CasaSimCall *call = &trip->calls[k];
  call->ready = call->depart;
  call->depart = MAX(call->depart, clear);
  if (k + 1 >= p->line->n_calls)
    return;
  call->depart = released(p, stream, trip, k, call->depart, before);
  if (call->depart > call->ready) /* who comes meanwhile goes with the next one */
    p->left_behind[trip->direction][k] += gathered(p, trip->direction, k, call->ready, call->depart);
}

/* Plays one trip that leaves its terminus at @leave. The later it is behind the trip before, the more people wait, the
 * longer it stands: bunching comes of itself. */
static void
run_trip(Play *p, CasaSimTrip *trip, const CasaSimTrip *before, gint32 leave)
{
  const CasaSimLine *line = p->line;
  guint d = trip->direction, n = line->n_calls, load = 0;
  guint64 stream = casa_sim_substream(p->stream, 1 + d + 2 * (guint)(trip - p->out->trips[d]));
  trip->calls = g_new0(CasaSimCall, n);
  for (guint k = 0; k < n; k++) {
    CasaSimCall *call = &trip->calls[k];
    call->arrive = k == 0 ? leave - 20000 : trip->calls[k - 1].depart + leg_ms(p, stream, trip, k, trip->calls[k - 1].depart);
    gint32 ahead = before ? before->calls[k].depart : MIN(call->arrive, trip->sched_ms) - FIRST_WAIT_MS;
    gint32 clear = ahead + SEPARATION_MS;
    /* One that was under way when the line was stopped comes up behind the vehicle that stands there. */
    gboolean caught = before && p->events && k > 0 &&
                      casa_sim_events_hold_line(p->events, line->line, p->out->start_ms + trip->calls[k - 1].depart,
                                                p->out->start_ms + MAX(call->arrive, clear));
    if (before)
      call->arrive = MAX(call->arrive, caught ? before->calls[k].ready + SEPARATION_MS : clear);
    exchange(p, stream, trip, k, load, ahead, call);
    load = call->load;
    call->depart = k == 0 ? MAX(leave, call->arrive + 10000) : call->arrive + dwell_ms(p, call);
    if (k > 0 && k + 1 < n)
      call->depart = MAX(call->depart, trip->sched_ms + (gint32)line->sched_depart[d][k] - EARLY_MS);
    if (p->events)
      hold(p, stream, trip, k, caught ? clear : 0, before);
  }
  trip->headway_ms = before ? trip->calls[0].depart - before->calls[0].depart : 0;
}

/* Timetable departures of one direction. */
static GArray *
departures(const Play *p)
{
  GArray *out = g_array_new(FALSE, FALSE, sizeof(gint32));
  double at_min = p->line->line->first_min;
  while (at_min <= p->line->line->last_min) {
    gint32 ms = (gint32)(at_min * 60000);
    g_array_append_val(out, ms);
    at_min += casa_sim_line_headway_min(p->line, &p->day, at_min / 60);
  }
  return out;
}

/* The vehicle that can leave soonest in @direction: one that is waiting there (longest first), else a new one from the
 * depot, else the next to come in. */
static guint
pick_vehicle(const Play *p, guint direction, gint32 sched)
{
  guint depot = G_MAXUINT, soonest = G_MAXUINT;
  for (guint v = 0; v < p->line->fleet; v++) {
    if (p->ready[v] < 0) {
      depot = MIN(depot, v);
    } else if (p->place[v] == direction && (soonest == G_MAXUINT || p->ready[v] < p->ready[soonest])) {
      soonest = v;
    }
  }
  if (soonest != G_MAXUINT && (p->ready[soonest] <= sched + 60000 || depot == G_MAXUINT))
    return soonest;
  return depot;
}

static void
dispatch(Play *p, guint direction, guint index, gint32 sched)
{
  CasaSimTrip *trip = &p->out->trips[direction][index];
  guint v = pick_vehicle(p, direction, sched);
  if (v == G_MAXUINT) /* every vehicle is at or towards the other end: this departure falls out */
    return;
  if (p->events && p->ready[v] > sched + TOO_LATE_MS) /* after a blockade the dispatcher gives up what cannot be caught up */
    return;
  trip->direction = direction;
  trip->vehicle = v;
  trip->sched_ms = sched;
  guint64 stream = casa_sim_substream(p->stream, 900001 + direction);
  gint32 leave = MAX(sched, p->ready[v]) + (gint32)(20000 * casa_sim_uniform(stream, index));
  run_trip(p, trip, index > 0 ? trip - 1 : NULL, leave);
  p->ready[v] = trip->calls[p->line->n_calls - 1].depart + LAYOVER_MS;
  p->place[v] = 1 - direction;
  p->out->n_trips[direction] = index + 1;
  g_ptr_array_add(p->out->by_vehicle[v], trip);
}

static void
play(Play *p)
{
  g_autoptr(GArray) times = departures(p);
  guint n = times->len;
  for (guint d = 0; d < 2; d++)
    p->out->trips[d] = g_new0(CasaSimTrip, n);
  /* Both termini have the same timetable: alternate between them in time. */
  for (guint i = 0; i < n; i++) {
    for (guint d = 0; d < 2; d++)
      dispatch(p, d, p->out->n_trips[d], g_array_index(times, gint32, i));
  }
}

CasaSimTransitDay *
casa_sim_transit_day_new(CasaSimModel *model, const CasaSimLine *line, gint64 day_number)
{
  CasaSimTransitDay *self = g_new0(CasaSimTransitDay, 1);
  Play p = { .model = model, .out = self, .line = line };
  p.day = *casa_sim_calendar_day(casa_sim_model_calendar(model), day_number);
  self->line = line;
  self->number = day_number;
  self->start_ms = p.day.start_ms;
  self->changes = casa_sim_model_n_changes(model);
  self->by_vehicle = g_new0(GPtrArray *, line->fleet);
  for (guint v = 0; v < line->fleet; v++)
    self->by_vehicle[v] = g_ptr_array_new();
  if (line->n_calls < 2)
    return self;
  p.stream = casa_sim_substream(casa_sim_stream(casa_sim_model_seed(model), line->line->id), (guint)day_number);
  const GArray *events = casa_sim_model_events(model, p.day.start_ms + NOON_MS);
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (casa_sim_events_hold_line(events, line->line, e->start_ms - 1, e->start_ms))
      p.events = events;
    if (e->kind != CASA_SIM_CHERGUI && e->kind != CASA_SIM_RAIN)
      p.drawing = events;
  }
  p.demand_norm = MAX(integrate_demand(&p), 0.1);
  p.ready = g_new(gint32, line->fleet);
  memset(p.ready, 0xff, line->fleet * sizeof *p.ready);
  p.place = g_new0(guint, line->fleet);
  p.left_behind[0] = g_new0(double, line->n_calls);
  p.left_behind[1] = g_new0(double, line->n_calls);
  play(&p);
  g_free(p.ready);
  g_free(p.place);
  g_free(p.left_behind[0]);
  g_free(p.left_behind[1]);
  return self;
}

void
casa_sim_transit_day_free(CasaSimTransitDay *self)
{
  if (!self)
    return;
  for (guint d = 0; d < 2; d++) {
    for (guint i = 0; i < self->n_trips[d]; i++)
      g_free(self->trips[d][i].calls);
    g_free(self->trips[d]);
  }
  for (guint v = 0; v < self->line->fleet; v++)
    g_ptr_array_unref(self->by_vehicle[v]);
  g_free(self->by_vehicle);
  g_free(self);
}
