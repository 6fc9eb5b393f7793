/* SPDX-License-Identifier: Apache-2.0 */
#include "air.h"

#include <math.h>
#include <string.h>

#include "maths/maths.h"
#include "maths/rng.h"
#include "base/time-units.h"

/* Centre of the Aïn Sebaâ industrial zone (an estimate within 1.2 km). */
#define STACKS_LON (-7.545)
#define STACKS_LAT 33.607
#define PLUME_KM 4.5    /* the plume thins to 1/e over this distance */
#define PLUME_SO2 48.0  /* µg/m3 beside the stacks at full work under a lid of 500 m (estimate: plumes of 100-300) */
#define UNMIXED_PPB 0.9 /* exhaust and ozone are never mixed to the last: some of both is left in the dark (estimate) */
/* What a busy kerb has over its quarter in a light wind (estimates): ppb, mg/m3, µg/m3. */
#define KERB_NOX 32.0
#define KERB_CO 0.45
#define KERB_FINE 3.5
#define KERB_RAISED 9.0
#define GUST_DUST 160.0 /* µg/m3 that the strongest gust front raises of dry ground: estimate, well below a haboob's */

static void
place_under_plume(CasaSimSite *self, CasaLonLat at)
{
  double x = (at.lon - STACKS_LON) * 92.7, y = (at.lat - STACKS_LAT) * 110.9;
  double km = sqrt(x * x + y * y);
  self->plume = casa_sim_exp(-km / PLUME_KM);
  self->near = 0.30 * casa_sim_exp(-km / 1.5);
  self->plume_u = km > 0.01 ? x / km : 0;
  self->plume_v = km > 0.01 ? y / km : 0;
}

static guint
box_of(const CasaCity *city, CasaLonLat at)
{
  const CasaDistrict *d = casa_city_district_at(city, at);
  guint nearest = 0;
  for (guint i = 1; !d && i < city->n_districts; i++) {
    if (casa_distance_km(at, city->districts[i].centroid) < casa_distance_km(at, city->districts[nearest].centroid))
      nearest = i;
  }
  return d ? (guint)(d - city->districts) : nearest;
}

void
casa_sim_site_init(CasaSimSite *self, const CasaCity *city, CasaLonLat at, const char *category)
{
  *self = (CasaSimSite){ .box = box_of(city, at), .street = 1, .kerb = 0.12, .dust = 1, .road_db = 66 };
  self->inland = casa_sim_inland(at);
  place_under_plume(self, at);
  if (category && strstr(category, "traffic")) {
    self->kerb = 1;
    self->road_db = 73;
  } else if (category && strstr(category, "industr")) {
    self->dust = 1.35;
    self->road_db = 69;
  } else if (category && strstr(category, "dense")) {
    self->kerb = 0.25;
    self->dust = 1.15;
    self->road_db = 67;
  } else if (category && (strstr(category, "coast") || strstr(category, "suburb"))) {
    self->street = 0.8;
    self->kerb = 0.05;
    self->road_db = 62;
  }
}

/* Share of the stacks' plume that blows to the site: all of it straight downwind, some
 * across and upwind (eddies), and next to the stacks always a part. */
static double
under_plume(const CasaSimSite *site, const CasaSimWeather *w)
{
  double speed = casa_sim_wind_speed(w->wind_u, w->wind_v);
  if (speed < 0.3)
    return 0.4 * site->plume + site->near;
  double along = MAX((w->wind_u * site->plume_u + w->wind_v * site->plume_v) / speed, 0);
  return site->plume * (0.06 + 0.94 * along * along * along * along) + site->near;
}

/* What happens round one site at one moment. */
typedef struct {
  const CasaSimSite *site;
  const CasaSimReport *r;
  const CasaSimBox *box;
  double own, quick; /* the site's own chance: slow and quick, quick */
  double street;     /* vehicles in its streets, as a share of the busiest ordinary hour's */
  double kerb;       /* what they add at the inlet, as a share of a busy kerb in a light wind */
  double speed;      /* wind, m/s */
} Scene;

/* Exhaust adds NOx, a part of it NO2 already; the light settles the rest with the ozone there is. */
static void
gases(const Scene *c, CasaSimAir *out)
{
  CasaSimNitrogen n;
  double mixed = c->site->street * casa_sim_exp(0.13 * c->own);
  double fresh = KERB_NOX * c->kerb, nox = c->box->nox * mixed + fresh;
  casa_sim_nitrogen(nox, c->box->ox + 0.12 * (nox - c->box->nox) + 1.2 * c->quick, c->r->leighton_ppb + UNMIXED_PPB, &n);
  out->no2 = MAX(n.no2, 0.5) * CASA_SIM_NO2_UG;
  out->o3 = MAX(n.o3 + 0.15 * c->quick, 0.3) * CASA_SIM_O3_UG;
  out->co = MAX(0.12 + (c->box->co - 0.12) * mixed + KERB_CO * c->kerb, 0.05);
}

static void
sulphur(const Scene *c, CasaSimAir *out)
{
  const CasaSimState *s = c->r->state;
  double puff = casa_sim_exp(0.55 * casa_sim_noise(c->r->station->stream + 2, c->r->t_ms, 50 * CASA_MINUTE_MS) - 0.15);
  double lid = CLAMP(500 / s->weather.mixing_m, 0.45, 2) * CLAMP(3 / (c->speed + 0.8), 0.3, 2.2);
  out->so2 =
    MAX(c->box->so2 + PLUME_SO2 * under_plume(c->site, &s->weather) * s->people.industry * lid * puff + 0.9 * c->quick, 0.5);
}

static void
particles(const Scene *c, CasaSimAir *out)
{
  const CasaSimState *s = c->r->state;
  const CasaSimWeather *w = &s->weather;
  double dry = casa_sim_ramp(85 - casa_sim_humidity(w->temp_c, w->dew_c), 0, 45);
  double sea_salt = 3 + 1.6 * c->speed * (1 - c->site->inland) * (1 - s->dust); /* the chergui comes from the land */
  double soil = c->site->dust * s->haze * (20 + 6 * dry + 2.2 * MAX(c->speed - 2.5, 0) * dry);
  soil *= (1 - 0.8 * s->washed) * (1 - 0.6 * s->dust); /* wet ground holds it; a chergui is counted by itself */
  double raised = (c->box->raised * c->site->dust + KERB_RAISED * c->kerb) * (0.6 + 0.4 * dry) * (1 - 0.8 * s->washed);
  /* Desert dust is coarse: a fifth of it is PM2.5. */
  double gust = GUST_DUST * casa_sim_pow(casa_sim_events_gust(c->r->events, c->r->t_ms), 0.8) * (1 - s->washed);
  double dust = (c->box->dust + gust) * (0.85 + 0.15 * c->site->dust) * casa_sim_exp(0.10 * c->own);
  double fine = (c->box->fine * (1 - 0.25 * s->washed) + KERB_FINE * c->kerb) * (1 + 0.12 * c->own) + 0.2 * dust;
  out->pm2_5 = MAX(fine + 0.14 * (soil + raised) + 0.1 * sea_salt, 2);
  out->pm10 = MAX(fine + 0.8 * dust + (soil + raised + sea_salt) * (1 + 0.10 * c->own), out->pm2_5 * 1.15);
}

/* Ten times the vehicles, ten decibels; a floor of voices, wind and far roads. */
static double
noise_dba(const Scene *c)
{
  const CasaSimReport *r = c->r;
  double voices = 0.25 * casa_sim_events_spectators(r->events, r->station->at, r->t_ms);
  double dba = c->site->road_db + 10 / 2.302585 * casa_sim_log(MAX(c->street, 0.02) + 0.012 + voices) + 2.5 * r->state->rain +
               0.9 * c->quick + 0.8 * casa_sim_noise(r->station->stream + 3, r->t_ms, CASA_MINUTE_MS);
  return MAX(dba, 40 + c->quick);
}

void
casa_sim_site_air(const CasaSimSite *site, const CasaSimReport *r, CasaSimAir *out)
{
  const CasaSimState *s = r->state;
  guint64 stream = r->station->stream;
  Scene c = {
    .site = site, .r = r, .box = &r->boxes[site->box], .speed = casa_sim_wind_speed(s->weather.wind_u, s->weather.wind_v)
  };
  CasaSimPull pull = casa_sim_events_pull(r->events, r->station->at, r->station->district, r->t_ms);
  c.quick = casa_sim_noise(stream + 1, r->t_ms, 35 * CASA_MINUTE_MS);
  c.own = 0.75 * casa_sim_noise(stream, r->t_ms, 7 * CASA_HOUR_MS) + 0.5 * c.quick;
  c.street = s->people.traffic * (1 - pull.closed) + 0.6 * pull.crowd;
  c.kerb = site->kerb * c.street * 2.6 / (c.speed + 0.6); /* a street is aired by the wind over its roofs */
  gases(&c, out);
  sulphur(&c, out);
  particles(&c, out);
  out->temp_c = casa_sim_weather_temp_at(&s->weather, site->inland) + 0.25 * c.quick;
  out->rh_pct = casa_sim_humidity(out->temp_c, s->weather.dew_c);
  out->noise_dba = noise_dba(&c);
}

void
casa_sim_site_report(const CasaSimSite *self, CasaSimReport *r)
{
  CasaSimAir a;
  casa_sim_site_air(self, r, &a);
  casa_sim_report_add(r, "pm10", a.pm10, 0, 1500, 1);
  casa_sim_report_add(r, "pm2_5", a.pm2_5, 0, 800, 1);
  casa_sim_report_add(r, "no2", a.no2, 0, 600, 1);
  casa_sim_report_add(r, "o3", a.o3, 0, 500, 1);
  casa_sim_report_add(r, "so2", a.so2, 0, 1500, 1);
  casa_sim_report_add(r, "co", a.co, 0, 30, 2);
  casa_sim_report_add(r, "temp_c", a.temp_c, -10, 55, 1);
  casa_sim_report_add(r, "rh_pct", a.rh_pct, 0, 100, 0);
  casa_sim_report_add(r, "noise_dba", a.noise_dba, 30, 110, 1);
}

void
casa_sim_site_report_micro(const CasaSimSite *self, CasaSimReport *r)
{
  CasaSimAir a;
  casa_sim_site_air(self, r, &a);
  casa_sim_report_add(r, "pm2_5", a.pm2_5, 0, 800, 1);
  casa_sim_report_add(r, "pm10", a.pm10, 0, 1500, 1);
  casa_sim_report_add(r, "temp_c", a.temp_c, -10, 55, 1);
  casa_sim_report_add(r, "noise_dba", a.noise_dba, 30, 110, 1);
}

void
casa_sim_site_report_weather(const CasaSimSite *self, CasaSimReport *r)
{
  guint64 s = r->station->stream;
  const CasaSimWeather *w = &r->state->weather;
  double temp = casa_sim_weather_temp_at(w, self->inland) + 0.15 * casa_sim_noise(s, r->t_ms, 10 * CASA_MINUTE_MS);
  /* The town slows the wind inland; gusts come and go within a minute. */
  double slowed = 1.1 - 0.35 * self->inland;
  double u = slowed * w->wind_u + 0.30 * casa_sim_noise(s + 1, r->t_ms, CASA_MINUTE_MS);
  double v = slowed * w->wind_v + 0.30 * casa_sim_noise(s + 2, r->t_ms, CASA_MINUTE_MS);
  double from = floor(casa_sim_wind_from(u, v) + 0.5);
  casa_sim_report_add(r, "temp_c", temp, -10, 55, 1);
  casa_sim_report_add(r, "rh_pct", casa_sim_humidity(temp, w->dew_c), 0, 100, 0);
  casa_sim_report_add(r, "wind_ms", casa_sim_wind_speed(u, v), 0, 60, 1);
  casa_sim_report_add(r, "wind_dir", from >= 360 ? 0 : from, 0, 359, 0);
  casa_sim_report_add(r, "pressure_hpa", w->pressure_hpa - 0.4 * self->inland, 950, 1060, 1);
}
