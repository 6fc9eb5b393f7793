/* SPDX-License-Identifier: Apache-2.0 */
#include "overlay.h"

#include "maths/maths.h"
#include "maths/rng.h"
#include "base/time-units.h"

#define AIR_MS (60 * CASA_MINUTE_MS)        /* the air forgets within an hour or so */
#define GROUND_MS (5 * 60 * CASA_MINUTE_MS) /* wet ground dries within an afternoon */
#define WALLS_MS (24 * 60 * CASA_MINUTE_MS) /* and buildings within a day */

/* Hot, dry, dusty wind from the east-south-east (facts: +6 to 12 °C, low humidity). */
static void
chergui(const GArray *events, gint64 t_ms, CasaSimState *s)
{
  double level = casa_sim_events_level(events, CASA_SIM_CHERGUI, t_ms);
  double today = casa_sim_events_mean(events, CASA_SIM_CHERGUI, t_ms, WALLS_MS);
  s->heat += 11 * today;
  if (level <= 0)
    return;
  CasaSimWeather *w = &s->weather;
  double shape = casa_sim_pow(level, 0.6), turned = casa_sim_ramp(level, 0, 0.35), speed = 4 + 6 * level;
  s->dust = casa_sim_pow(level, 0.8); /* even a weak one triples the dust */
  w->temp_c += 12 * shape;
  w->day_temp_c += 12 * shape;
  w->dew_c -= 9 * shape;
  /* From 115 degrees; a quarter of the usual wind stays, and its gusts with it. */
  w->wind_u += turned * (-0.906 * speed - 0.75 * w->wind_u);
  w->wind_v += turned * (0.423 * speed - 0.75 * w->wind_v);
  w->mixing_m += 500 * level;
  w->ghi *= 1 - 0.40 * level; /* the sun is a disc in the haze */
}

/* Rain comes in showers: between a third and all of what the event says, within minutes; the same showers in every run. */
static double
shower(gint64 t_ms)
{
  return CLAMP(0.75 + 0.25 * casa_sim_noise(casa_sim_stream(0, "weather/showers"), t_ms, 9 * CASA_MINUTE_MS), 0.33, 1);
}

/* A front: clouds, wet roads, washed air. */
static void
rain(const GArray *events, gint64 t_ms, CasaSimState *s)
{
  double level = casa_sim_events_level(events, CASA_SIM_RAIN, t_ms);
  s->washed = MAX(casa_sim_events_mean(events, CASA_SIM_RAIN, t_ms, AIR_MS),
                  casa_sim_events_mean(events, CASA_SIM_RAIN, t_ms, GROUND_MS));
  s->heat = MAX(s->heat - 3 * casa_sim_events_mean(events, CASA_SIM_RAIN, t_ms, WALLS_MS), 0);
  if (level <= 0)
    return;
  CasaSimWeather *w = &s->weather;
  s->rain = level * shower(t_ms);
  w->cloud += (1 - w->cloud) * casa_sim_ramp(level, 0, 0.4);
  w->ghi *= 1 - 0.75 * casa_sim_ramp(level, 0, 0.8);
  w->temp_c -= 3 * level;
  w->dew_c += (w->temp_c - 0.6 - w->dew_c) * casa_sim_ramp(level, 0, 0.6); /* nearly saturated */
  w->wind_v -= 1.5 * level;
  w->pressure_hpa -= 4 * level;
}

void
casa_sim_overlay(const GArray *events, gint64 t_ms, CasaSimState *state)
{
  if (events->len == 0)
    return;
  chergui(events, t_ms, state);
  rain(events, t_ms, state);
}
