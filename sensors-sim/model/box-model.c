/* SPDX-License-Identifier: Apache-2.0 */
#include "box-model.h"

#include <math.h>
#include <string.h>

#include "advection.h"
#include "energy.h"
#include "maths/maths.h"
#include "roads.h"
#include "base/time-units.h"

#define STEP_MS G_GINT64_CONSTANT(120000)
#define SPIN_UP (CASA_DAY_MS / STEP_MS) /* steps before the day: the boxes forget in hours where they began */
#define N_STEPS (2 * SPIN_UP + 1)
#define N_SPECIES (sizeof(CasaSimBox) / sizeof(double))
#define N_TRACKS 2 /* days kept: a day and the one before */

/* Emission with traffic at its busiest ordinary hour, twice that of the mean hour, per square metre of the mean district:
 * 24 million vehicle-km a day (2 million vehicles, a police figure; 12 km each, an estimate) with 1.8 g of NOx, 14 g of
 * CO and 0.15 g of particles per km (estimates for an old fleet with its lorries and buses) over 216 km2. */
#define TRAFFIC_NOX 4.7   /* µg/m2/s as NO2 */
#define NO2_SHARE 0.12    /* of NOx is NO2 when it leaves the exhaust: estimate for diesel without much treatment */
#define CO_PER_NOX 0.008  /* mg of CO per µg of NOx */
#define FINE_PER_NOX 0.08 /* with tyres, brakes and what forms of the gases within the city */
#define RAISED_PER_NOX 0.29
/* Industry and port together, grams a second over the city at full work (estimates). */
#define INDUSTRY_NOX 110.0
#define INDUSTRY_SO2 110.0
#define INDUSTRY_FINE 45.0
#define INDUSTRY_RAISED 60.0
/* Deposition, m/s (Seinfeld and Pandis, Atmospheric Chemistry and Physics, ch. 19: typical of towns). */
#define SINK_OZONE 0.004
#define SINK_SO2 0.006
#define SINK_FINE 0.001
#define SINK_RAISED 0.010
#define SINK_DUST 0.005
#define WASH 1.2e-4       /* particles washed out by the strongest rain, 1/s */
#define ALOFT 1.3         /* wind over the mixed layer against that at 10 m */
#define EDDY_MS 0.25      /* exchange across a boundary in still air, m/s */
#define DESERT_DUST 340.0 /* of the strongest chergui */

G_STATIC_ASSERT(sizeof(CasaSimBox) % sizeof(double) == 0);

typedef struct {
  CasaSimBox traffic, industry; /* µg (CO: mg) per m2 and s at full traffic; at full work */
} Source;

/* Two days of boxes, step by step; the second day is the one that is answered. */
typedef struct {
  gint64 day;        /* days since 1970, UTC */
  guint changes;     /* casa_sim_model_n_changes() when it was played */
  guint n_done;      /* steps played */
  CasaSimBox *boxes; /* [N_STEPS * n] */
  CasaSimState now;  /* of the last step played */
  double lid_before; /* mixing height of the step before it, m */
} Track;

struct _CasaSimBoxModel {
  CasaSimModel *model;
  CasaSimAdvection graph;
  guint n;
  Source *sources; /* [n] */
  Track tracks[N_TRACKS];
};

/* Streets are denser where people are and where the city goes: an estimate. */
static double
traffic_weight(const CasaDistrict *d)
{
  double crowd = d->area_km2 > 0 ? d->population / d->area_km2 : 0;
  double pull = casa_sim_district_pull(d->id);
  return pull * pull * (0.35 + crowd / (crowd + 15000));
}

static void
init_sources(CasaSimBoxModel *self, const CasaCity *city)
{
  g_autofree CasaSimGrid *grids = g_new0(CasaSimGrid, self->n + 1);
  double weight = 0, area = 0;
  casa_sim_grid_init(grids, city);
  for (guint i = 0; i < self->n; i++) {
    weight += traffic_weight(&city->districts[i]) * self->graph.cells[i].area_m2;
    area += self->graph.cells[i].area_m2;
  }
  for (guint i = 0; i < self->n; i++) {
    CasaSimBox *t = &self->sources[i].traffic, *w = &self->sources[i].industry;
    double nox = TRAFFIC_NOX * traffic_weight(&city->districts[i]) * area / weight;
    double works = 1e6 * grids[i].industry / self->graph.cells[i].area_m2;
    t->nox = nox / CASA_SIM_NO2_UG;
    t->ox = NO2_SHARE * t->nox;
    t->co = CO_PER_NOX * nox;
    t->fine = FINE_PER_NOX * nox;
    t->raised = RAISED_PER_NOX * nox;
    w->nox = INDUSTRY_NOX * works / CASA_SIM_NO2_UG;
    w->ox = 0.05 * w->nox;
    w->so2 = INDUSTRY_SO2 * works;
    w->fine = INDUSTRY_FINE * works;
    w->raised = INDUSTRY_RAISED * works;
  }
}

CasaSimBoxModel *
casa_sim_box_model_new(CasaSimModel *model)
{
  const CasaCity *city = casa_sim_model_city(model);
  CasaSimBoxModel *self = g_new0(CasaSimBoxModel, 1);
  self->model = model;
  self->n = city->n_districts;
  casa_sim_advection_init(&self->graph, city);
  self->sources = g_new0(Source, self->n + 1);
  init_sources(self, city);
  for (guint i = 0; i < N_TRACKS; i++)
    self->tracks[i].day = G_MININT64;
  return self;
}

void
casa_sim_box_model_free(CasaSimBoxModel *self)
{
  if (!self)
    return;
  for (guint i = 0; i < N_TRACKS; i++)
    g_free(self->tracks[i].boxes);
  casa_sim_advection_clear(&self->graph);
  g_free(self->sources);
  g_free(self);
}

/* The air that comes from outside: sea or plain, with the ozone that light and warmth make of the whole region. */
static void
background(const CasaSimState *s, CasaSimBox *out)
{
  double o3 = (58 + 6 * casa_sim_ramp(s->weather.sun, -0.2, 0.4) + 41 * s->photo) / CASA_SIM_O3_UG;
  *out = (CasaSimBox){ .nox = 4.5, .so2 = 2, .co = 0.20, .fine = 10 * s->haze, .raised = 2, .dust = DESERT_DUST * s->dust };
  out->ox = o3 + 0.8 * out->nox;
}

/* What a district's traffic makes of the day's habits and of events there. */
static double
traffic_in(const CasaSimBoxModel *self, const CasaSimState *s, const GArray *events, guint i, gint64 t_ms)
{
  const CasaDistrict *d = &casa_sim_model_city(self->model)->districts[i];
  if (events->len == 0)
    return s->people.traffic;
  CasaSimPull pull = casa_sim_events_pull(events, d->centroid, d->id, t_ms);
  return s->people.traffic * (1 - pull.closed) + pull.crowd;
}

/* Rates of one box: what is added per second, and the share that goes. */
typedef struct {
  double gain[N_SPECIES], loss[N_SPECIES];
} Rates;

static void
blow(const CasaSimBoxModel *self, const CasaSimBox *from, const CasaSimBox *outside, double u, double v, guint i, Rates *r)
{
  const CasaSimCell *cell = &self->graph.cells[i];
  for (guint f = cell->first; f < cell->first + cell->n; f++) {
    const CasaSimFace *face = &g_array_index(self->graph.faces, CasaSimFace, f);
    double across = u * face->east_m + v * face->north_m,
           eddy = EDDY_MS * sqrt(face->east_m * face->east_m + face->north_m * face->north_m);
    double out = (MAX(across, 0) + eddy) / cell->area_m2, in = (MAX(-across, 0) + eddy) / cell->area_m2;
    const double *air = (const double *)(face->to == CASA_SIM_OUTSIDE ? outside : &from[face->to]);
    for (guint k = 0; k < N_SPECIES; k++) {
      r->gain[k] += in * air[k];
      r->loss[k] += out;
    }
  }
}

static void
emit_and_settle(const Source *source, const CasaSimState *s, double traffic, double o3_share, Rates *r)
{
  const double *t = (const double *)&source->traffic, *w = (const double *)&source->industry;
  const double sinks[N_SPECIES] = { 0.2 * SINK_OZONE, SINK_OZONE * o3_share, SINK_SO2, 0, SINK_FINE, SINK_RAISED, SINK_DUST };
  const double washed[N_SPECIES] = { 0, 0, 0.4, 0, 0.7, 1, 1 };
  double lid = s->weather.mixing_m;
  for (guint k = 0; k < N_SPECIES; k++) {
    r->gain[k] += (t[k] * traffic + w[k] * s->people.industry) / lid;
    r->loss[k] += sinks[k] / lid + WASH * washed[k] * s->rain;
  }
}

/* One step by the implicit rule of Euler: stable for any wind, and never below zero. Nothing
 * later than its beginning counts, so an event alters no box before it begins. */
static void
step(CasaSimBoxModel *self, const CasaSimBox *from, CasaSimBox *to, const CasaSimState *s, double lid_before, gint64 t_ms)
{
  const GArray *events = casa_sim_model_events(self->model, t_ms);
  const double seconds = STEP_MS / 1000.0;
  double rise = MAX(s->weather.mixing_m - lid_before, 0) / s->weather.mixing_m / seconds; /* takes in air from above */
  double leighton = casa_sim_leighton_ppb(&s->weather);
  CasaSimBox outside;
  background(s, &outside);
  for (guint i = 0; i < self->n; i++) {
    Rates r = { 0 };
    CasaSimNitrogen n;
    casa_sim_nitrogen(from[i].nox, from[i].ox, leighton, &n);
    blow(self, from, &outside, ALOFT * s->weather.wind_u, ALOFT * s->weather.wind_v, i, &r);
    emit_and_settle(&self->sources[i], s, traffic_in(self, s, events, i, t_ms), n.o3 / MAX(from[i].ox, 1e-6), &r);
    const double *old = (const double *)&from[i], *bg = (const double *)&outside;
    double *new = (double *)&to[i];
    for (guint k = 0; k < N_SPECIES; k++) {
      new[k] = (old[k] + (r.gain[k] + rise * bg[k]) * seconds) / (1 + (r.loss[k] + rise) * seconds);
    }
  }
}

static void
start_track(CasaSimBoxModel *self, Track *track, gint64 day)
{
  if (!track->boxes)
    track->boxes = g_new0(CasaSimBox, N_STEPS * MAX(self->n, 1));
  track->day = day;
  track->changes = casa_sim_model_n_changes(self->model);
  track->n_done = 1;
  casa_sim_model_at(self->model, (day - 1) * CASA_DAY_MS, &track->now);
  track->lid_before = track->now.weather.mixing_m;
  for (guint i = 0; i < self->n; i++)
    background(&track->now, &track->boxes[i]);
}

/* Plays on until step @wanted is there. */
static void
play_to(CasaSimBoxModel *self, Track *track, guint wanted)
{
  while (track->n_done <= wanted) {
    gint64 t_ms = (track->day - 1) * CASA_DAY_MS + (track->n_done - 1) * STEP_MS;
    step(self, &track->boxes[(track->n_done - 1) * self->n], &track->boxes[track->n_done * self->n], &track->now,
         track->lid_before, t_ms);
    track->lid_before = track->now.weather.mixing_m;
    casa_sim_model_at(self->model, t_ms + STEP_MS, &track->now);
    track->n_done++;
  }
}

void
casa_sim_box_model_at(CasaSimBoxModel *self, gint64 t_ms, CasaSimBox *out)
{
  gint64 day = t_ms / CASA_DAY_MS - (t_ms % CASA_DAY_MS < 0 ? 1 : 0), into = t_ms - (day - 1) * CASA_DAY_MS;
  Track *track = &self->tracks[(guint64)day % N_TRACKS];
  if (track->day != day || track->changes != casa_sim_model_n_changes(self->model))
    start_track(self, track, day);
  guint from = (guint)(into / STEP_MS);
  double u = (double)(into % STEP_MS) / STEP_MS;
  play_to(self, track, from + 1);
  const double *a = (const double *)&track->boxes[from * self->n], *b = (const double *)&track->boxes[(from + 1) * self->n];
  double *to = (double *)out;
  for (guint i = 0; i < self->n * N_SPECIES; i++)
    to[i] = a[i] + (b[i] - a[i]) * u;
}
