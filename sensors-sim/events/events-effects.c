/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "events.h"
#include "maths/maths.h"

#define MINUTE_MS 60000.0
/* Strengths are estimates: nothing of the kind is published for Casablanca. */
#define NEAR_KM 0.7 /* streets this close to a held section, or to the stadium, carry all of the extra traffic */
#define FAR_KM 2.4  /* and from here on nothing */
#define WALK_KM 1.3
#define FAR_WALK_KM 2.6
#define INCIDENT_CROWD 0.75 /* more demand beside a line that stands still: taxis, cars, blocked crossings */
#define CUT_CROWD 0.60      /* junctions without lights */
#define DERBY_CROWD 0.90    /* 45,000 seats in one quarter */
#define DERBY_FANS 2200.0   /* passengers an hour more at a stop beside the stadium when the match is over */
#define DERBY_RIDE 0.45     /* more boardings on the lines to the stadium before it, and of them */
#define DERBY_ALIGHT 0.08   /* those who get off at a stop beside it */
#define CLOSED 0.85         /* of the cars stay away from closed streets; residents, taxis and buses do not */
#define DIVERTED 0.10       /* more demand in the streets round the closed ones, to 6 km */
#define RIDE_IN 0.30        /* more boardings at stops in closed streets, and half of it along the lines that go there */
#define BACK_SHARE 0.25     /* refrigerators, pumps and air conditioners that all start when the power is back */
#define BACK_MS (20 * MINUTE_MS)
#define GUSH_MS (0.5 * MINUTE_MS) /* a main gives way within half a minute */
#define SEEP 0.10                 /* of a burst that leaks on from joints that it loosened */
#define SEEP_MS (24 * 60 * MINUTE_MS)
#define SEALING_MS (60 * MINUTE_MS)
#define PILE_MS (10 * MINUTE_MS)
#define FRONT_MS (0.75 * MINUTE_MS) /* a gust front crosses a quarter at some 15 m/s */
#define CALMER_FROM_MS (15 * MINUTE_MS)
#define CALM_MS (60 * MINUTE_MS)

static double
km_between(CasaLonLat a, CasaLonLat b)
{
  double x = (a.lon - b.lon) * 92.7, y = (a.lat - b.lat) * 110.9;
  return sqrt(x * x + y * y);
}

/* 1 beside it, 0 far away. */
static double
nearness(const CasaSimEvent *e, CasaLonLat at)
{
  double km = e->line ? 1e9 : km_between(e->at, at);
  for (guint k = e->first_stop; e->line && k <= e->last_stop; k++)
    km = MIN(km, km_between(e->line->stops[k].at, at));
  return 1 - casa_sim_ramp(km, NEAR_KM, FAR_KM);
}

/* A match night of four hours and three quarters: two hours of coming, the match, an hour of going; other lengths in
 * proportion. Shares of the event's strength. */
static void
match(const CasaSimEvent *e, gint64 t_ms, double *coming, double *going)
{
  double level = casa_sim_event_level(e, t_ms), u = (double)(t_ms - e->start_ms) / (double)MAX(e->planned_ms, 1);
  *coming = level * casa_sim_ramp(u, 0, 0.14) * (1 - casa_sim_ramp(u, 0.38, 0.46));
  *going = level * casa_sim_ramp(u, 0.76, 0.82) * (1 - casa_sim_ramp(u, 0.92, 1));
}

static gboolean
in_closed_streets(const CasaSimEvent *e, const char *district)
{
  static const char *const centre[] = { "sidi-belyout", "maarif", "mers-sultan" };
  if (e->district)
    return g_strcmp0(district, e->district) == 0;
  for (guint i = 0; i < G_N_ELEMENTS(centre); i++) {
    if (g_strcmp0(district, centre[i]) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
add_pull(const CasaSimEvent *e, double level, CasaLonLat at, const char *district, gint64 t_ms, CasaSimPull *out)
{
  double coming, going;
  switch (e->kind) {
  case CASA_SIM_TRAM_INCIDENT: out->crowd += INCIDENT_CROWD * level * nearness(e, at); break;
  case CASA_SIM_POWER_CUT: out->crowd += g_strcmp0(district, e->district) == 0 ? CUT_CROWD * level : 0; break;
  case CASA_SIM_DERBY_NIGHT:
    match(e, t_ms, &coming, &going);
    out->crowd += DERBY_CROWD * MAX(coming, going) * nearness(e, at);
    break;
  case CASA_SIM_CAR_FREE_DAY:
    if (in_closed_streets(e, district))
      out->closed += CLOSED * level;
    else
      out->crowd += DIVERTED * level * (1 - casa_sim_ramp(km_between(e->at, at), 2, 6));
    break;
  default: /* the weather draws nobody */ break;
  }
}

CasaSimPull
casa_sim_events_pull(const GArray *events, CasaLonLat at, const char *district, gint64 t_ms)
{
  CasaSimPull out = { 0, 0 };
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    double level = casa_sim_event_level(e, t_ms);
    if (level > 0)
      add_pull(e, level, at, district, t_ms, &out);
  }
  out.crowd = MIN(out.crowd, 1.5);
  out.closed = MIN(out.closed, CLOSED);
  return out;
}

double
casa_sim_events_spectators(const GArray *events, CasaLonLat at, gint64 t_ms)
{
  double sum = 0;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    double level = e->kind == CASA_SIM_DERBY_NIGHT ? casa_sim_event_level(e, t_ms) : 0;
    double u = (double)(t_ms - e->start_ms) / (double)MAX(e->planned_ms, 1);
    if (level > 0) /* the places fill while people come, and empty while they go */
      sum += level * nearness(e, at) * casa_sim_ramp(u, 0, 0.40) * (1 - casa_sim_ramp(u, 0.78, 1));
  }
  return MIN(sum, 1);
}

double
casa_sim_events_gust(const GArray *events, gint64 t_ms)
{
  double sum = 0;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    double t = (double)(t_ms - e->start_ms), end = (double)e->duration_ms;
    if (e->kind != CASA_SIM_CHERGUI || t <= 0 || t >= end)
      continue;
    sum += e->intensity * casa_sim_ramp(t, 0, FRONT_MS) * (1 - casa_sim_ramp(t, CALMER_FROM_MS, CALM_MS)) *
           (1 - casa_sim_ramp(t, end - (double)MAX(e->ramp_ms, 1), end));
  }
  return MIN(sum, 1);
}

/* A match's spectators walk from stops further away than they drive round for: none is at the stadium's gate. */
static double
on_foot(const CasaSimEvent *e, CasaLonLat at)
{
  return 1 - casa_sim_ramp(km_between(e->at, at), WALK_KM, FAR_WALK_KM);
}

static double
line_on_foot(const CasaSimEvent *e, const CasaLine *line)
{
  double best = 0;
  for (guint k = 0; k < line->n_stops; k++)
    best = MAX(best, on_foot(e, line->stops[k].at));
  return best;
}

static gboolean
serves_closed_streets(const CasaSimEvent *e, const CasaLine *line)
{
  for (guint k = 0; k < line->n_stops; k++) {
    if (in_closed_streets(e, line->stops[k].district))
      return TRUE;
  }
  return FALSE;
}

CasaSimRiders
casa_sim_events_riders(const GArray *events, const CasaLine *line, guint stop, gint64 t_ms)
{
  CasaSimRiders out = { 1, 0, 0 };
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    double level = casa_sim_event_level(e, t_ms), coming, going;
    if (level <= 0)
      continue;
    if (e->kind == CASA_SIM_DERBY_NIGHT) {
      double near = on_foot(e, line->stops[stop].at);
      match(e, t_ms, &coming, &going);
      out.per_hour += DERBY_FANS * going * near;
      out.alight += DERBY_ALIGHT * coming * near;
      out.factor += DERBY_RIDE * coming * (1 - near) * line_on_foot(e, line);
    } else if (e->kind == CASA_SIM_CAR_FREE_DAY && serves_closed_streets(e, line)) {
      out.factor += RIDE_IN * level * (in_closed_streets(e, line->stops[stop].district) ? 1 : 0.5);
    }
  }
  return out;
}

/* A cut comes at a stroke, and the feeders are switched on again one by one during the ramp. */
double
casa_sim_events_dark(const GArray *events, const char *district, gint64 t_ms, double *out_back)
{
  double dark = 0;
  *out_back = 0;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    gint64 t = t_ms - e->start_ms;
    if (e->kind != CASA_SIM_POWER_CUT || t <= 0 || g_strcmp0(district, e->district) != 0)
      continue;
    double since = (double)(t - (e->duration_ms - e->ramp_ms));
    double on = casa_sim_ramp(since, 0, (double)MAX(e->ramp_ms, 1));
    dark = MAX(dark, e->intensity * (1 - on));
    *out_back += BACK_SHARE * e->intensity * on * (1 - casa_sim_ramp(since, 0, BACK_MS));
  }
  return dark;
}

double
casa_sim_events_burst(const GArray *events, const char *district, gint64 t_ms)
{
  double sum = 0;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    double t = (double)(t_ms - e->start_ms), over = t - (double)e->duration_ms;
    if (e->kind != CASA_SIM_PIPE_BURST || t <= 0 || over >= SEEP_MS || g_strcmp0(district, e->district) != 0)
      continue;
    double closed = casa_sim_ramp(over, -(double)MAX(e->ramp_ms, 1), 0);
    double seep = SEEP * closed * (1 - casa_sim_ramp(over, SEEP_MS - SEALING_MS, SEEP_MS));
    sum += e->intensity * casa_sim_ramp(t, 0, GUSH_MS) * (1 - closed + seep);
  }
  return MIN(sum, 2);
}

double
casa_sim_events_piled(const GArray *events, const char *district, gint64 t_ms)
{
  double most = 0;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    double t = (double)(t_ms - e->start_ms), end = (double)e->duration_ms;
    if (e->kind == CASA_SIM_OVERFLOW && t > 0 && t < end && g_strcmp0(district, e->district) == 0)
      most =
        MAX(most, e->intensity * casa_sim_ramp(t, 0, PILE_MS) * (1 - casa_sim_ramp(t, end - (double)MAX(e->ramp_ms, 1), end)));
  }
  return most;
}

static gboolean
holds(const CasaSimEvent *e, const CasaLine *line)
{
  return (e->kind == CASA_SIM_TRAM_INCIDENT && e->line == line) || (e->kind == CASA_SIM_POWER_CUT && !line->busway);
}

gint64
casa_sim_events_leave_ms(const GArray *events, const CasaLine *line, guint stop, gint64 t_ms)
{
  gint64 leave = t_ms;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    gint64 end = e->start_ms + e->duration_ms;
    if (!holds(e, line) || leave <= e->start_ms || leave >= end)
      continue;
    gboolean here = e->kind == CASA_SIM_POWER_CUT ? g_strcmp0(line->stops[stop].district, e->district) == 0
                                                  : stop >= e->first_stop && stop <= e->last_stop;
    leave = here ? end : leave;
  }
  return leave;
}

gboolean
casa_sim_events_hold_line(const GArray *events, const CasaLine *line, gint64 from_ms, gint64 to_ms)
{
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (holds(e, line) && e->start_ms > from_ms && e->start_ms <= to_ms)
      return TRUE;
  }
  return FALSE;
}
