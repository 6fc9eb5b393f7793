/* SPDX-License-Identifier: Apache-2.0 */
#include "energy.h"

#include <math.h>
#include <string.h>

#include "maths/maths.h"
#include "maths/rng.h"
#include "base/time-units.h"

/* Together a mild weekday's mean of about 600 MW (city: 550-700 MW, an estimate from the national energy). */
#define HOMES_MW 500.0    /* demand of all homes with everybody home and awake in the dark */
#define SERVICES_MW 245.0 /* of all offices, shops and services at their busiest */
#define INDUSTRY_MW 170.0
#define COOLING 0.03     /* more demand per °C of the day's mean above 18 */
#define ROOFS_MWP 60.0   /* rooftop solar, peak: an estimate, nothing is published */
#define PERFORMANCE 0.80 /* of a roof against its nameplate: heat, dust, inverter */
/* Morocco's grid is synchronous with continental Europe through Spain; network power frequency characteristic of the
 * whole: 27 GW/Hz (ENTSO-E operation handbook, policy 1). Secondary control acts within a quarter of an hour. */
#define GRID_MW_PER_HZ 27000.0
#define SECONDARY_MIN 15
#define FELT_MS (60 * CASA_MINUTE_MS)         /* after its end a cut has no more to do with the grid */
#define DEAD 0.5                              /* share of the district that is cut when the substation itself is */
#define LIGHTING_MW (151000 * 196e-6 * 0.963) /* points x mean W x availability: 28.5 */
/* Street lights: light cells and clocks of the districts differ, so the city lights up over about 20 minutes between
 * sunset and civil dusk (sun 6 degrees below the horizon). Together 4,300 h a year. */
#define DUSK_FIRST 0.012 /* sine of the depression in the middle of a district's switching */
#define DUSK_LAST 0.058
#define DUSK_SPREAD 0.012 /* half of it: its cabinets switch within seven minutes */

/* Weights of services and industry; estimates from where offices, administrations, the port and the industrial zones
 * are. Homes need none: households are counted. */
static const struct {
  const char *district;
  double services, industry;
} weights[] = { { "sidi-belyout", 5.0, 1.2 },  { "maarif", 4.2, 0.2 },         { "anfa", 2.4, 0.1 },
                { "mers-sultan", 1.6, 0.1 },   { "al-fida", 1.4, 0.2 },        { "hay-hassani", 2.6, 0.7 },
                { "ain-chock", 2.4, 0.9 },     { "ain-sebaa", 1.6, 5.0 },      { "roches-noires", 1.5, 2.0 },
                { "hay-mohammadi", 0.9, 0.9 }, { "sidi-bernoussi", 1.0, 4.2 }, { "sidi-moumen", 1.6, 0.8 },
                { "ben-m-sick", 0.6, 0.2 },    { "sbata", 0.6, 0.3 },          { "moulay-rachid", 0.9, 2.0 },
                { "sidi-othmane", 0.9, 0.4 } };

static void
fill(CasaSimGrid *g, const CasaDistrict *d)
{
  g->district = d->id;
  g->homes = d->households;
  g->services = g->industry = 0.5;
  for (guint i = 0; i < G_N_ELEMENTS(weights); i++) {
    if (strcmp(d->id, weights[i].district) == 0) {
      g->services = weights[i].services;
      g->industry = weights[i].industry;
    }
  }
  /* Villas and halls have roofs to spare, dense quarters few: area counts, crowding takes away. */
  double crowd = d->area_km2 > 0 ? d->population / d->area_km2 : 0;
  g->roofs = d->area_km2 / (1 + crowd / 15000) + 0.8 * g->industry;
  g->lamps = 0.5 * d->area_km2 / 216.0 + 0.5 * d->population / 3215935.0;
  g->inland = casa_sim_inland(d->centroid);
  g->dusk = DUSK_FIRST + (DUSK_LAST - DUSK_FIRST) * casa_sim_uniform(casa_sim_stream(0, d->id), 7);
}

void
casa_sim_grid_init(CasaSimGrid *grids, const CasaCity *city)
{
  CasaSimGrid sum = { 0 };
  for (guint i = 0; i < city->n_districts; i++) {
    fill(&grids[i], &city->districts[i]);
    sum.homes += grids[i].homes;
    sum.services += grids[i].services;
    sum.industry += grids[i].industry;
    sum.roofs += grids[i].roofs;
    sum.lamps += grids[i].lamps;
  }
  for (guint i = 0; i < city->n_districts; i++) {
    CasaSimGrid *g = &grids[i];
    g->homes /= sum.homes;
    g->services /= sum.services;
    g->industry /= sum.industry;
    g->roofs /= sum.roofs;
    g->lamps /= sum.lamps;
    g->rated_mw = 1.25 * (0.9 * HOMES_MW * g->homes + 0.9 * SERVICES_MW * g->services + 0.9 * INDUSTRY_MW * g->industry);
  }
}

void
casa_sim_grid_presume(CasaSimGrid *grids, const CasaCity *city, const CasaSimScenario *scenario)
{
  for (guint i = 0; i < city->n_districts; i++) {
    grids[i].lamps *= scenario->lighting;
    if (scenario->roofs_mwp >= 0)
      grids[i].roofs *= scenario->roofs_mwp / ROOFS_MWP;
  }
}

/* Homes: refrigerators and stand-by always; water and machines while somebody is up; screens in the evening, lamps when it is
 * dark. */
static double
home_use(const CasaSimState *s)
{
  const CasaSimActivity *p = &s->people;
  return s->use_homes * (0.37 + 0.24 * p->up + 0.22 * p->watching + 0.08 * p->up * s->dark + 0.13 * p->cooking);
}

/* Services: what never stops (cold rooms, pumps, hospitals, telecommunications), what is open, what is lit outside. */
static double
service_use(const CasaSimState *s)
{
  return s->use_services * (0.41 + 0.33 * s->people.open + 0.24 * s->signs + 0.03 * s->people.evening);
}

double
casa_sim_grid_demand_mw(const CasaSimGrid *g, const CasaSimState *s)
{
  const CasaSimActivity *p = &s->people;
  double homes = HOMES_MW * g->homes * home_use(s);
  double services = SERVICES_MW * g->services * service_use(s);
  double industry = INDUSTRY_MW * g->industry * p->industry;
  /* Air conditioners fight what the walls took in; further from the sea it is hotter. */
  double cooling = COOLING * s->heat * (1 + 0.35 * (g->inland - 0.4)) * (0.65 + 0.65 * s->stored);
  return (homes + services) * (1 + cooling) + industry * (1 + 0.3 * cooling) + casa_sim_grid_lighting_mw(g, s);
}

double
casa_sim_grid_solar_mw(const CasaSimGrid *g, const CasaSimState *s)
{
  /* Modules lose 0.4 % per °C above 25; they run about 28 °C above the air in full sun. */
  double module_c = s->weather.temp_c + 0.028 * s->weather.ghi;
  return ROOFS_MWP * g->roofs * PERFORMANCE * s->weather.ghi / 1000 * (1 - 0.004 * (module_c - 25));
}

double
casa_sim_grid_lighting_mw(const CasaSimGrid *g, const CasaSimState *s)
{
  return LIGHTING_MW * g->lamps * casa_sim_ramp(-s->weather.sun, g->dusk - DUSK_SPREAD, g->dusk + DUSK_SPREAD);
}

static double
lost_mw(const CasaSimGrid *grids, guint n, const CasaSimState *s, const GArray *events, gint64 t_ms)
{
  double sum = 0, back;
  for (guint i = 0; i < n; i++) {
    double dark = casa_sim_events_dark(events, grids[i].district, t_ms, &back);
    if (dark > 0 || back > 0)
      sum += casa_sim_grid_demand_mw(&grids[i], s) * (0.985 * dark - back);
  }
  return sum;
}

double
casa_sim_grid_swing_hz(const CasaSimGrid *grids, guint n, const CasaSimState *s, const GArray *events, gint64 t_ms)
{
  gboolean felt = FALSE;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    felt = felt || (e->kind == CASA_SIM_POWER_CUT && t_ms > e->start_ms && t_ms < e->start_ms + e->duration_ms + FELT_MS);
  }
  if (!felt)
    return 0;
  double made_up = 0;
  for (guint k = 1; k <= SECONDARY_MIN; k++)
    made_up += lost_mw(grids, n, s, events, t_ms - k * CASA_MINUTE_MS) / SECONDARY_MIN;
  return (lost_mw(grids, n, s, events, t_ms) - made_up) / GRID_MW_PER_HZ;
}

void
casa_sim_grid_report_substation(const CasaSimGrid *g, CasaSimReport *r)
{
  guint64 s = r->station->stream;
  double own = 1 + 0.018 * casa_sim_noise(s, r->t_ms, 90 * CASA_MINUTE_MS) +
               0.008 * casa_sim_noise(s + 1, r->t_ms, 7 * CASA_MINUTE_MS) +
               0.003 * casa_sim_noise(s + 2, r->t_ms, CASA_MINUTE_MS / 2);
  double back, dark = casa_sim_events_dark(r->events, g->district, r->t_ms, &back);
  double load = casa_sim_grid_demand_mw(g, r->state) * own * (1 - 0.985 * dark) * (1 + back);
  double solar = casa_sim_grid_solar_mw(g, r->state) * (1 - dark);
  /* The line sags under load and rises under the sun; tap changers bring most of it back. */
  double volt = 230 * (1.022 - 0.048 * load / g->rated_mw + 0.05 * solar / g->rated_mw) +
                0.7 * casa_sim_noise(s + 3, r->t_ms, 20 * CASA_MINUTE_MS) +
                0.3 * casa_sim_noise(s + 4, r->t_ms, CASA_MINUTE_MS);
  casa_sim_report_add(r, "load_mw", load, 0, 2000, 2);
  if (dark > DEAD) { /* a dead busbar has no voltage, and nothing to count the frequency of */
    casa_sim_report_add(r, "voltage_v", 0, 0, 0, 1);
    return;
  }
  casa_sim_report_add(r, "voltage_v", volt, 195, 255, 1);
  casa_sim_report_add(r, "frequency_hz", r->state->frequency_hz + 0.001 * casa_sim_noise(s + 5, r->t_ms, CASA_MINUTE_MS / 6),
                      49, 51, 3);
}

void
casa_sim_grid_report_solar(const CasaSimGrid *g, CasaSimReport *r)
{
  /* Single clouds over single quarters: they matter when the sky is half covered. */
  double broken = 4 * r->state->weather.cloud * (1 - r->state->weather.cloud);
  double shade = 1 + 0.13 * broken * casa_sim_noise(r->station->stream, r->t_ms, 8 * CASA_MINUTE_MS);
  double back, dark = casa_sim_events_dark(r->events, g->district, r->t_ms, &back); /* inverters stop with the grid */
  casa_sim_report_add(r, "solar_mw", casa_sim_grid_solar_mw(g, r->state) * CLAMP(shade, 0.3, 1.25) * (1 - dark), 0, 500, 3);
}

void
casa_sim_grid_report_lighting(const CasaSimGrid *g, CasaSimReport *r)
{
  double back, dark = casa_sim_events_dark(r->events, g->district, r->t_ms, &back);
  double lamps = casa_sim_grid_lighting_mw(g, r->state) * (1 - dark);
  double out = 1 + 0.006 * casa_sim_noise(r->station->stream, r->t_ms, 40 * CASA_MINUTE_MS); /* lamps that flicker out */
  casa_sim_report_add(r, "lighting_mw", lamps * out, 0, 200, 3);
}

void
casa_sim_grid_report_charging(CasaSimReport *r, double size_kw)
{
  guint64 s = r->station->stream;
  const CasaSimActivity *p = &r->state->people;
  double wanted = 0.04 + 0.34 * p->work + 0.22 * p->evening + 0.10 * p->home * r->state->dark +
                  0.15 * casa_sim_noise(s, r->t_ms, 50 * CASA_MINUTE_MS);
  /* Points are taken one by one: 22 kW each. */
  double back, dark = casa_sim_events_dark(r->events, r->station->district, r->t_ms, &back);
  double points = floor(CLAMP(wanted, 0, 1) * (1 - dark) * size_kw / 22 + (dark > 0 ? 0 : 0.5));
  casa_sim_report_add(r, "ev_kw",
                      points * 22 * (0.93 + 0.05 * casa_sim_uniform(s + 1, (guint64)(r->t_ms / (10 * CASA_MINUTE_MS)))), 0,
                      100000, 1);
}
