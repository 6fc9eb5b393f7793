/* SPDX-License-Identifier: Apache-2.0 */
#include "water.h"

#include <math.h>

#include "base/time-units.h"
#include "maths/maths.h"
#include "maths/rng.h"

/* Greater Casablanca was given 612,000 m³ a day in September 2022 (Médias24, 26 September 2022); three quarters of it for the
 * sixteen arrondissements, by inhabitants: an estimate. */
#define CITY_M3H (612000 * 0.75 / 24)
#define INDUSTRY 0.095 /* of it: 9 to 10 % (La Vie éco, 2019) */
#define LEAKS 0.20     /* of it, estimate: what always seeps away */
#define SERVICES 0.155 /* of it, estimate; homes have the rest */
#define HOMES (1 - INDUSTRY - LEAKS - SERVICES)
/* Means over an ordinary weekday of what home_use(), service_use() and people's `industry` say. */
#define HOME_MEAN 0.376
#define SERVICE_MEAN 0.504
#define INDUSTRY_MEAN 0.753
/* More for each °C of the last day's mean above 18: 740,000 m³ on the hottest days (Médias24, 29 August 2022) against 612,000,
 * at nine degrees or so: derived. */
#define WARM 0.022

/* Estimates, as of any network of such a city. */
#define SET_BAR 3.4          /* at a district's inlet, against its highest taps; ±0.4 from district to district */
#define FALL_BAR 0.8         /* lost on the way there at the highest ordinary flow: the square of the flow */
#define PEAK 1.5             /* that flow, times the mean */
#define NIGHT_LOWER 0.10     /* of the pressure, from midnight to five: valves that spare water since 2022 (Médias24) */
#define FULL_SERVICE_BAR 1.5 /* below it taps give less: with the square root (Wagner, Shamir, Marks 1988) */
#define LEAST_BAR 0.1
/* A hole of 120 mm under 3 bar: 0.6 · A · √(2 p/ρ) = 0.166 m³/s. */
#define BURST_M3H 600.0
#define BURST_FALL_BAR 0.9 /* beside it, on top of what the flow costs */

/* Leaks that come of themselves: at most one begins in each district in twenty days, at a random moment; it grows over a day,
 * takes 4 to 12 % of the mean flow, and is found after 4 to 14 days. Estimates. */
#define LEAK_EVERY_MS (20 * CASA_DAY_MS)
#define LEAK_CHANCE 0.5

#define CELL_MS (10 * CASA_MINUTE_MS)
#define WINDOW_MS CASA_DAY_MS
#define N_CELLS 512 /* kept; a night and the day before it reach back 48 hours */
#define NIGHT_END_H 5
#define NIGHT_CELLS (3 * CASA_HOUR_MS / CELL_MS) /* from two to five */
#define DAY_CELLS (WINDOW_MS / CELL_MS)
#define SIZE_H 20.0           /* a reservoir holds the mean flow of so many hours: assumed */
#define USUAL_PCT 70.0        /* its level on a day whose flow is even: assumed */
#define EAST_OF_LON (-7.5850) /* districts east of it are fed from the north-east: assumed */
#define N_RESERVOIRS G_N_ELEMENTS(reservoirs)

/* Half of the water comes from the Bouregreg in the north-east, half from the Oum Er-Rbia in the south-west (107 and 109 Mm³ in
 * 2021: Lydec). */
static const CasaSimReservoir reservoirs[] = {
  { "tank-bouregreg", "Réservoir est (Bouregreg)", "خزان الشرق (أبي رقراق)", { -7.5010, 33.5800 } },
  { "tank-oum-er-rbia", "Réservoir ouest (Oum Er-Rbia)", "خزان الغرب (أم الربيع)", { -7.6720, 33.5390 } },
};

typedef struct {
  const char *id;
  guint reservoir;
  guint64 stream;
  double homes, services, industry, leak; /* m³/h on average */
  double mean_m3h;                        /* together */
  double set_bar;
} Pipes;

typedef struct {
  gint64 number;
  gboolean filled;
  double *flow_m3h; /* by the city's district index */
} Cell;

struct _CasaSimWater {
  CasaSimModel *model;
  guint n;
  Pipes *pipes;                  /* by the city's district index */
  double mean_m3h[N_RESERVOIRS]; /* what each gives on average */
  guint n_changes;               /* of the model's events, when the cells were empty */
  Cell cells[N_CELLS];
  gint64 night; /* number of the local day of night_pct; G_MININT64: of none */
  double *night_pct;
};

const CasaSimReservoir *
casa_sim_reservoirs(guint *n)
{
  if (n)
    *n = N_RESERVOIRS;
  return reservoirs;
}

CasaSimWater *
casa_sim_water_new(CasaSimModel *model, const CasaSimGrid *grids)
{
  const CasaCity *city = casa_sim_model_city(model);
  CasaSimWater *self = g_new0(CasaSimWater, 1);
  double inhabitants = 0;
  self->model = model;
  self->n = city->n_districts;
  self->pipes = g_new0(Pipes, self->n + 1);
  self->night_pct = g_new0(double, self->n + 1);
  self->night = G_MININT64;
  for (guint k = 0; k < N_CELLS; k++)
    self->cells[k].flow_m3h = g_new0(double, self->n + 1);
  for (guint i = 0; i < self->n; i++)
    inhabitants += city->districts[i].population;
  for (guint i = 0; i < self->n; i++) {
    const CasaDistrict *d = &city->districts[i];
    Pipes *p = &self->pipes[i];
    g_autofree char *name = g_strdup_printf("pipes/%s", d->id);
    double share = inhabitants > 0 ? d->population / inhabitants : 0;
    p->id = d->id;
    p->reservoir = d->centroid.lon > EAST_OF_LON ? 0 : 1;
    p->stream = casa_sim_stream(casa_sim_model_seed(model), name);
    p->homes = CITY_M3H * HOMES * share;
    p->services = CITY_M3H * SERVICES * grids[i].services;
    p->industry = CITY_M3H * INDUSTRY * grids[i].industry;
    /* Old pipes lie everywhere: half of the leaks by what is taken, half by households. */
    p->leak = CITY_M3H * LEAKS * (share + grids[i].homes) / 2;
    p->mean_m3h = p->homes + p->services + p->industry + p->leak;
    p->set_bar = SET_BAR + 0.8 * (casa_sim_uniform(casa_sim_stream(0, name), 0) - 0.5);
    self->mean_m3h[p->reservoir] += p->mean_m3h;
  }
  return self;
}

void
casa_sim_water_free(CasaSimWater *self)
{
  if (!self)
    return;
  for (guint k = 0; k < N_CELLS; k++)
    g_free(self->cells[k].flow_m3h);
  g_free(self->night_pct);
  g_free(self->pipes);
  g_free(self);
}

/* What drips and flushes always; kitchens and machines while somebody is up; the morning's bathrooms; supper. */
static double
home_use(const CasaSimActivity *p)
{
  return 0.10 + 0.22 * p->up + 0.60 * p->washing + 0.28 * p->cooking;
}

static double
service_use(const CasaSimActivity *p)
{
  return 0.12 + 0.88 * p->open;
}

/* 1 from midnight to five. */
static double
lowered(CasaSimWater *self, gint64 t_ms)
{
  double h = casa_sim_day_hour(casa_sim_calendar_at(casa_sim_model_calendar(self->model), t_ms), t_ms);
  return h > 12 ? casa_sim_ramp(h, 23.7, 24) : 1 - casa_sim_ramp(h, 4.8, 5.3);
}

/* Share of the mean flow that the leaks of one's own take at the moment. */
static double
own_leak(const Pipes *p, gint64 t_ms)
{
  gint64 slot = t_ms / LEAK_EVERY_MS;
  double sum = 0;
  for (gint64 k = slot - 1; k <= slot; k++) {
    guint64 n = 4 * (guint64)k;
    if (casa_sim_uniform(p->stream, n) >= LEAK_CHANCE)
      continue;
    double t = (double)(t_ms - k * LEAK_EVERY_MS) - casa_sim_uniform(p->stream, n + 1) * (double)LEAK_EVERY_MS;
    double life = (4 + 10 * casa_sim_uniform(p->stream, n + 2)) * CASA_DAY_MS;
    sum += (0.04 + 0.08 * casa_sim_uniform(p->stream, n + 3)) * casa_sim_ramp(t, 0, CASA_DAY_MS) *
           (1 - casa_sim_ramp(t, life - 4.0 * CASA_HOUR_MS, life));
  }
  return sum;
}

void
casa_sim_water_use(CasaSimWater *self, guint i, const CasaSimState *s, const GArray *events, gint64 t_ms, CasaSimWaterUse *out)
{
  const Pipes *p = &self->pipes[i];
  double warm = 1 + WARM * s->heat;
  double wanted = p->homes * home_use(&s->people) / HOME_MEAN * warm +
                  p->services * service_use(&s->people) / SERVICE_MEAN * warm +
                  p->industry * s->people.industry / INDUSTRY_MEAN;
  double burst = casa_sim_events_burst(events, p->id, t_ms);
  double usual = p->set_bar * (1 - NIGHT_LOWER * lowered(self, t_ms));
  double way = (wanted + p->leak + BURST_M3H * burst) / (PEAK * p->mean_m3h);
  double bar = MAX(usual - FALL_BAR * way * way - BURST_FALL_BAR * MIN(burst, 1), LEAST_BAR);
  out->pressure_bar = bar;
  out->used_m3h = wanted * (bar < FULL_SERVICE_BAR ? sqrt(bar / FULL_SERVICE_BAR) : 1);
  /* A leak gives with the pressure (Lambert 2001: nearly in proportion). */
  out->leak_m3h = (p->leak + p->mean_m3h * own_leak(p, t_ms)) * bar / (p->set_bar - FALL_BAR / (PEAK * PEAK));
  out->burst_m3h = BURST_M3H * burst;
}

/* An event that began may be in some of them. */
static void
forget_changed(CasaSimWater *self)
{
  if (self->n_changes == casa_sim_model_n_changes(self->model))
    return;
  for (guint k = 0; k < N_CELLS; k++)
    self->cells[k].filled = FALSE;
  self->night = G_MININT64;
  self->n_changes = casa_sim_model_n_changes(self->model);
}

/* What the districts take at the beginning of ten minutes. */
static const Cell *
cell_at(CasaSimWater *self, gint64 number)
{
  Cell *c = &self->cells[(guint64)number % N_CELLS];
  if (c->filled && c->number == number)
    return c;
  CasaSimState state;
  CasaSimWaterUse use;
  gint64 t_ms = number * CELL_MS;
  casa_sim_model_at(self->model, t_ms, &state);
  const GArray *events = casa_sim_model_events(self->model, t_ms);
  for (guint i = 0; i < self->n; i++) {
    casa_sim_water_use(self, i, &state, events, t_ms, &use);
    c->flow_m3h[i] = use.used_m3h + use.leak_m3h + use.burst_m3h;
  }
  c->number = number;
  c->filled = TRUE;
  return c;
}

static double
given(const CasaSimWater *self, const Cell *cell, guint reservoir)
{
  double sum = 0;
  for (guint i = 0; i < self->n; i++)
    sum += self->pipes[i].reservoir == reservoir ? cell->flow_m3h[i] : 0;
  return sum;
}

/* The plants give what the last day took: in(t) = ∫ out(s) ds / T over the last T. Then the water that is missing against an
 * empty day is ∫ out(s) (1 - (t - s)/T) ds over the same time, exactly: its derivative is out(t) - in(t). So the level needs no
 * history but that of a day. */
void
casa_sim_water_reservoir(CasaSimWater *self, guint i, gint64 t_ms, CasaSimReservoirState *out)
{
  double missing = 0, sum = 0;
  forget_changed(self);
  for (gint64 n = (t_ms - WINDOW_MS) / CELL_MS; n * CELL_MS < t_ms; n++) {
    gint64 from = MAX(n * CELL_MS, t_ms - WINDOW_MS), to = MIN((n + 1) * CELL_MS, t_ms);
    double volume = given(self, cell_at(self, n), i) * (double)(to - from) / CASA_HOUR_MS;
    sum += volume;
    missing += volume * (1 - ((double)t_ms - (double)(from + to) / 2) / WINDOW_MS);
  }
  const double day_h = (double)WINDOW_MS / CASA_HOUR_MS;
  out->size_m3 = self->mean_m3h[i] * SIZE_H;
  out->in_m3h = sum / day_h;
  out->out_m3h = given(self, cell_at(self, (t_ms - 1) / CELL_MS), i);
  out->level_pct = out->size_m3 > 0 ? USUAL_PCT + 100 * (self->mean_m3h[i] * day_h / 2 - missing) / out->size_m3 : 0;
}

/* As a meter's logger counts it: from two to five people sleep, and what runs on is mostly lost. */
double
casa_sim_water_night_pct(CasaSimWater *self, guint i, gint64 t_ms)
{
  CasaSimCalendar *calendar = casa_sim_model_calendar(self->model);
  const CasaSimDay *today = casa_sim_calendar_at(calendar, t_ms);
  const gint64 number = today->number - (casa_sim_day_hour(today, t_ms) < NIGHT_END_H ? 1 : 0);
  forget_changed(self);
  if (self->night != number) {
    const gint64 end = (casa_sim_calendar_day(calendar, number)->start_ms + NIGHT_END_H * CASA_HOUR_MS) / CELL_MS;
    for (guint k = 0; k < self->n; k++) {
      double night = 0, day = 0;
      for (gint64 n = end - DAY_CELLS; n < end; n++) {
        double flow = cell_at(self, n)->flow_m3h[k];
        day += flow / DAY_CELLS;
        night += n >= end - NIGHT_CELLS ? flow / NIGHT_CELLS : 0;
      }
      self->night_pct[k] = day > 0 ? 100 * night / day : 0;
    }
    self->night = number;
  }
  return self->night_pct[i];
}

void
casa_sim_water_report_district(CasaSimWater *self, guint i, CasaSimReport *r)
{
  guint64 s = r->station->stream;
  CasaSimWaterUse use;
  casa_sim_water_use(self, i, r->state, r->events, r->t_ms, &use);
  /* No two households open their taps together. */
  double own = 1 + 0.025 * casa_sim_noise(s, r->t_ms, 70 * CASA_MINUTE_MS) +
               0.010 * casa_sim_noise(s + 1, r->t_ms, 5 * CASA_MINUTE_MS) +
               0.004 * casa_sim_noise(s + 2, r->t_ms, CASA_MINUTE_MS / 2);
  double bar = use.pressure_bar + 0.03 * casa_sim_noise(s + 3, r->t_ms, 9 * CASA_MINUTE_MS) +
               0.01 * casa_sim_noise(s + 4, r->t_ms, CASA_MINUTE_MS / 2);
  casa_sim_report_add(r, "flow_m3h", use.used_m3h * own + use.leak_m3h + use.burst_m3h, 0, 50000, 1);
  casa_sim_report_add(r, "pressure_bar", bar, 0, 10, 2);
  casa_sim_report_add(r, "night_flow_pct", casa_sim_water_night_pct(self, i, r->t_ms), 0, 200, 1);
}

void
casa_sim_water_report_reservoir(CasaSimWater *self, guint i, CasaSimReport *r)
{
  CasaSimReservoirState tank;
  casa_sim_water_reservoir(self, i, r->t_ms, &tank);
  casa_sim_report_add(r, "level_pct", tank.level_pct, 0, 100, 2);
  casa_sim_report_add(r, "flow_m3h", tank.in_m3h, 0, 100000, 1);
}
