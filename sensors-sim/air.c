/* SPDX-License-Identifier: Apache-2.0 */
#include "air.h"

#include <math.h>
#include <string.h>

#include "maths.h"
#include "rng.h"
#include "roads.h"

#define MINUTE_MS G_GINT64_CONSTANT(60000)
#define HOUR_MS (60 * MINUTE_MS)
/* Centre of the Aïn Sebaâ industrial zone (an estimate within 1.2 km). */
#define STACKS_LON (-7.545)
#define STACKS_LAT 33.607
#define PLUME_KM 4.5 /* the plume thins to 1/e over this distance */

static void place_under_plume(CasaSimSite *self, CasaLonLat at) {
  double x = (at.lon - STACKS_LON) * 92.7, y = (at.lat - STACKS_LAT) * 110.9;
  double km = sqrt(x * x + y * y);
  self->plume = casa_sim_exp(-km / PLUME_KM);
  self->near = 0.30 * casa_sim_exp(-km / 1.5);
  self->plume_u = km > 0.01 ? x / km : 0;
  self->plume_v = km > 0.01 ? y / km : 0;
}

void casa_sim_site_init(CasaSimSite *self, CasaLonLat at, const char *category, const char *district) {
  double pull = casa_sim_district_pull(district);
  *self = (CasaSimSite){.traffic = 0.65 + 0.35 * pull, .industry = 0.3, .dust = 1, .road_db = 66};
  self->inland = casa_sim_inland(at);
  place_under_plume(self, at);
  if (category && strstr(category, "traffic")) {
    self->traffic *= 1.95;
    self->road_db = 73;
  } else if (category && strstr(category, "industr")) {
    self->industry = 2.2;
    self->dust = 1.35;
    self->road_db = 69;
  } else if (category && strstr(category, "dense")) {
    self->dust = 1.15;
    self->road_db = 67;
  } else if (category && (strstr(category, "coast") || strstr(category, "suburb"))) {
    self->traffic *= 0.75;
    self->road_db = 62;
  }
  if (district && (strcmp(district, "ain-sebaa") == 0 || strcmp(district, "sidi-bernoussi") == 0 ||
                   strcmp(district, "roches-noires") == 0))
    self->industry = MAX(self->industry, 1.4);
}

/* Share of the stacks' plume that blows to the site: all of it straight downwind, some
 * across and upwind (eddies), and next to the stacks always a part. */
static double under_plume(const CasaSimSite *site, const CasaSimWeather *w) {
  double speed = casa_sim_wind_speed(w->wind_u, w->wind_v);
  if (speed < 0.3)
    return 0.4 * site->plume + site->near;
  double along = MAX((w->wind_u * site->plume_u + w->wind_v * site->plume_v) / speed, 0);
  return site->plume * (0.06 + 0.94 * along * along * along * along) + site->near;
}

/* Nitrogen oxides leave the exhaust mostly as NO; ozone makes NO2 of it, and is used up. Little NOx is turned almost
 * wholly, much of it less: the share falls as in roadside measurements. */
static void nitrogen_and_ozone(const CasaSimState *s, double nox, double own, CasaSimAir *out) {
  double no2 = 10 + nox;
  out->no2 = no2 / (1 + no2 / 340);
  /* Background over the ocean, made by light and warmth, eaten by fresh exhaust. */
  double background = 64 + 6 * casa_sim_ramp(s->weather.sun, -0.2, 0.4);
  out->o3 = MAX(background + 44 * s->photo - 0.68 * out->no2 + 4 * own, 3);
}

static void particles(const CasaSimSite *site, const CasaSimState *s, double box, double industry, double own,
                      CasaSimAir *out) {
  const CasaSimWeather *w = &s->weather;
  double speed = casa_sim_wind_speed(w->wind_u, w->wind_v);
  double dry = casa_sim_ramp(85 - casa_sim_humidity(w->temp_c, w->dew_c), 0, 45);
  double sea_salt = 3 + 1.6 * speed * (1 - site->inland) * (1 - s->dust); /* the chergui comes from the land */
  double soil = site->dust * (19 + 6 * dry + 2.2 * MAX(speed - 2.5, 0) * dry);
  double raised = site->dust * 14 * site->traffic * s->people.traffic * (0.6 + 0.4 * dry); /* by wheels */
  double fine = (8 + 6.2 * site->traffic * box + 2.8 * site->industry * industry) * (1 + 0.20 * own);
  /* Desert dust is coarse: a fifth of it is PM2.5. Rain washes both out. */
  double dust = 320 * s->dust * (0.85 + 0.15 * site->dust) * casa_sim_exp(0.10 * own);
  fine = fine * (1 - 0.45 * s->washed) + 0.2 * dust;
  soil = soil * (1 - 0.8 * s->washed) * (1 - 0.6 * s->dust) + 0.8 * dust;
  raised *= 1 - 0.8 * s->washed;
  out->pm2_5 = MAX(fine + 0.16 * (soil - 0.8 * dust + raised) + 0.1 * sea_salt, 2);
  out->pm10 = MAX(fine + (soil + raised + sea_salt) * (1 + 0.16 * own), out->pm2_5 * 1.15);
}

void casa_sim_site_air(const CasaSimSite *site, const CasaSimState *s, const CasaSimCrowd *crowd, guint64 stream,
                       gint64 t_ms, CasaSimAir *out) {
  double slow = casa_sim_noise(stream, t_ms, 7 * HOUR_MS), quick = casa_sim_noise(stream + 1, t_ms, 35 * MINUTE_MS);
  double own = 0.75 * slow + 0.5 * quick;
  /* Away from the kerb the whole city's box counts, at the kerb also what passes this minute. */
  double box = 0.8 * s->traffic_box + 0.2 * s->people.traffic / MAX(s->weather.mixing_m / 500, 0.35);
  box += 0.7 * crowd->lately / CLAMP(s->weather.mixing_m / 500, 0.35, 2);
  nitrogen_and_ozone(s, 33 * site->traffic * box * casa_sim_exp(0.14 * own), own, out);
  double puff = casa_sim_exp(0.55 * casa_sim_noise(stream + 2, t_ms, 50 * MINUTE_MS) - 0.15);
  double plume = under_plume(site, &s->weather) * s->people.industry;
  double stacks = CLAMP(s->industry_box, 0.3, 2.2);
  out->so2 = MAX(4 + 1.6 * site->industry + 80 * plume * stacks * puff + 1.1 * quick, 0.5);
  out->co = MAX(0.20 + 0.26 * site->traffic * box * (1 + 0.12 * own), 0.05);
  particles(site, s, box, 0.5 * s->industry_box + 6 * plume * puff, own, out);
  out->temp_c = casa_sim_weather_temp_at(&s->weather, site->inland) + 0.25 * quick;
  out->rh_pct = casa_sim_humidity(out->temp_c, s->weather.dew_c);
  /* Ten times the vehicles, ten decibels; a floor of voices, wind and far roads. */
  double vehicles = MAX(s->people.traffic, 0.02) + 0.012 + 0.6 * crowd->now;
  out->noise_dba = site->road_db + 10 / 2.302585 * casa_sim_log(vehicles) + 2.5 * s->rain + 0.9 * quick +
                   0.8 * casa_sim_noise(stream + 3, t_ms, MINUTE_MS);
  out->noise_dba = MAX(out->noise_dba, 40 + quick);
}

static void report_air(const CasaSimSite *self, const CasaSimReport *r, CasaSimAir *out) {
  CasaSimCrowd crowd = {
    .now = casa_sim_events_crowd(r->events, r->station->at, r->station->district, r->t_ms, 0),
    .lately = casa_sim_events_crowd(r->events, r->station->at, r->station->district, r->t_ms, 45 * MINUTE_MS)};
  casa_sim_site_air(self, r->state, &crowd, r->station->stream, r->t_ms, out);
}

void casa_sim_site_report(const CasaSimSite *self, CasaSimReport *r) {
  CasaSimAir a;
  report_air(self, r, &a);
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

void casa_sim_site_report_micro(const CasaSimSite *self, CasaSimReport *r) {
  CasaSimAir a;
  report_air(self, r, &a);
  casa_sim_report_add(r, "pm2_5", a.pm2_5, 0, 800, 1);
  casa_sim_report_add(r, "pm10", a.pm10, 0, 1500, 1);
  casa_sim_report_add(r, "temp_c", a.temp_c, -10, 55, 1);
  casa_sim_report_add(r, "noise_dba", a.noise_dba, 30, 110, 1);
}

void casa_sim_site_report_weather(const CasaSimSite *self, CasaSimReport *r) {
  guint64 s = r->station->stream;
  const CasaSimWeather *w = &r->state->weather;
  double temp = casa_sim_weather_temp_at(w, self->inland) + 0.15 * casa_sim_noise(s, r->t_ms, 10 * MINUTE_MS);
  /* The town slows the wind inland; gusts come and go within a minute. */
  double slowed = 1.1 - 0.35 * self->inland;
  double u = slowed * w->wind_u + 0.30 * casa_sim_noise(s + 1, r->t_ms, MINUTE_MS);
  double v = slowed * w->wind_v + 0.30 * casa_sim_noise(s + 2, r->t_ms, MINUTE_MS);
  double from = floor(casa_sim_wind_from(u, v) + 0.5);
  casa_sim_report_add(r, "temp_c", temp, -10, 55, 1);
  casa_sim_report_add(r, "rh_pct", casa_sim_humidity(temp, w->dew_c), 0, 100, 0);
  casa_sim_report_add(r, "wind_ms", casa_sim_wind_speed(u, v), 0, 60, 1);
  casa_sim_report_add(r, "wind_dir", from >= 360 ? 0 : from, 0, 359, 0);
  casa_sim_report_add(r, "pressure_hpa", w->pressure_hpa - 0.4 * self->inland, 950, 1060, 1);
}
