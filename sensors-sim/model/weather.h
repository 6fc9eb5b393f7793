/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "calendar.h"
#include "city/city.h"

G_BEGIN_DECLS

/* The weather over the city at one moment, before places differ. */
typedef struct {
  double temp_c, day_temp_c; /* now; mean of the day */
  double warm;               /* 0 at the coldest of the day, 1 at the warmest: what grows with distance from the sea */
  double dew_c;
  double wind_u, wind_v; /* m/s towards east, towards north, at 10 m */
  double pressure_hpa;
  double cloud;    /* 0..1 of the sky */
  double sun;      /* sine of the elevation; negative at night */
  double ghi;      /* W/m2 on the horizontal */
  double mixing_m; /* height of the mixed layer */
} CasaSimWeather;

/* Pure in (@seed, @t_ms). */
void casa_sim_weather(guint64 seed, const CasaSimScenario *scenario, const CasaSimDay *day, gint64 t_ms, CasaSimWeather *out);

/* 0 on the shore, 1 from 10 km inland on. The shore is taken as the straight line through El Hank and Aïn Sebaâ. */
double casa_sim_inland(CasaLonLat at);

/* Temperature where the sea's influence is @inland. */
double casa_sim_weather_temp_at(const CasaSimWeather *w, double inland);

/* Relative humidity, %, of air at @temp_c with dew point @dew_c (Magnus formula, coefficients of Alduchov and
 * Eskridge 1996). */
double casa_sim_humidity(double temp_c, double dew_c);

/* Speed in m/s; direction in degrees the wind comes *from*, 0..360. */
double casa_sim_wind_speed(double u, double v);
double casa_sim_wind_from(double u, double v); /* Degrees */

G_END_DECLS
