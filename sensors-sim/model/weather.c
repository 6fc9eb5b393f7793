/* SPDX-License-Identifier: Apache-2.0 */
#include "weather.h"

#include <math.h>

#include "maths/maths.h"
#include "maths/rng.h"
#include "base/time-units.h"

/* Normals by month, January first: mean daily minimum and maximum, °C (climatestotravel.com), and the clearness index
 * (share of the extraterrestrial radiation that arrives; an estimate, annual sum about 1,820 kWh/m2). */
static const double month_min[12] = { 9, 9, 11, 12, 15, 17, 19, 20, 19, 15, 12, 10 };
static const double month_max[12] = { 17, 18, 19, 20, 22, 24, 26, 26, 26, 24, 20, 18 };
static const double month_clear[12] = { .53, .55, .58, .60, .61, .61, .63, .62, .60, .57, .53, .51 };

/* Between the middles of the months. */
static double
by_season(const double table[12], double yday)
{
  double x = yday / 30.4375 - 0.5;
  double f = floor(x);
  int i = ((int)f + 12) % 12;
  return table[i] + (table[(i + 1) % 12] - table[i]) * (x - f);
}

/* Cloud that, through the Kasten and Czeplak (1980) law, gives the month's clearness on average; days differ (a front
 * every few days), hours a little. */
static double
cloud_cover(guint64 stream, const CasaSimScenario *scenario, double clear, gint64 t_ms)
{
  double mean = casa_sim_pow((1 - clear / 0.74) / 0.75, 1 / 3.4);
  if (scenario->cloud >= 0)
    mean = scenario->cloud;
  double n =
    mean + 0.20 * casa_sim_noise(stream, t_ms, 60 * CASA_HOUR_MS) + 0.13 * casa_sim_noise(stream + 1, t_ms, 2 * CASA_HOUR_MS);
  return CLAMP(n, 0, 1);
}

/* Haurwitz (1945) clear sky times the cloud law of Kasten and Czeplak. */
static double
irradiance(double sun, double cloud)
{
  if (sun <= 0.005)
    return 0;
  return 1098 * sun * casa_sim_exp(-0.057 / sun) * (1 - 0.75 * casa_sim_pow(cloud, 3.4));
}

/* Trade wind from the north-north-east, which the cool ground lets go of at night; by day the sea breeze from
 * north-north-west on top, late at night a weak land breeze from the south-east; a front turns all of it now and then. */
static void
wind(guint64 stream, double solar_h, double warm_season, gint64 t_ms, CasaSimWeather *out)
{
  double h = solar_h - 24 * floor(solar_h / 24);
  double coupled = 0.62 + 0.38 * casa_sim_ramp(h, 7, 11) * (1 - casa_sim_ramp(h, 16, 19));
  double breeze = (2.4 + 1.4 * warm_season) * casa_sim_bump(h, 14, 2.3);
  double land = 0.5 * casa_sim_bump(h, 3, 2.5);
  double synoptic = 1.2;
  out->wind_u = -0.9 * coupled + 0.35 * breeze - 0.55 * land + synoptic * casa_sim_noise(stream, t_ms, 30 * CASA_HOUR_MS) +
                0.35 * casa_sim_noise(stream + 1, t_ms, CASA_HOUR_MS / 2);
  out->wind_v = -1.5 * coupled - 0.94 * breeze + 0.9 * land + synoptic * casa_sim_noise(stream + 2, t_ms, 30 * CASA_HOUR_MS) +
                0.35 * casa_sim_noise(stream + 3, t_ms, CASA_HOUR_MS / 2);
}

static void
temperature(guint64 stream, const CasaSimScenario *scenario, const CasaSimDay *day, double solar_h, gint64 t_ms,
            CasaSimWeather *out)
{
  double low = by_season(month_min, day->yday), high = by_season(month_max, day->yday);
  double front = 1.7 * casa_sim_noise(stream, t_ms, 70 * CASA_HOUR_MS) + scenario->temp_offset_c;
  /* Warmest about 14 h solar, coldest about sunrise: two harmonics. */
  double g = 0.5 + 0.46 * casa_sim_cos(2 * CASA_SIM_PI * (solar_h - 14) / 24) +
             0.10 * casa_sim_cos(4 * CASA_SIM_PI * (solar_h - 13.5) / 24);
  out->warm = CLAMP(g, 0, 1);
  out->day_temp_c = (low + high) / 2 + front;
  out->temp_c = low + (high - low) * out->warm + front - 1.0 * (out->cloud - 0.5) * (out->warm - 0.3) +
                0.25 * casa_sim_noise(stream + 1, t_ms, CASA_HOUR_MS);
  /* Sea air: the dew point stays near the night's minimum. */
  out->dew_c = low - 1.2 + 0.7 * front + 1.4 * casa_sim_noise(stream + 2, t_ms, 20 * CASA_HOUR_MS);
  out->dew_c = MIN(out->dew_c, out->temp_c - 0.4);
}

void
casa_sim_weather(guint64 seed, const CasaSimScenario *scenario, const CasaSimDay *day, gint64 t_ms, CasaSimWeather *out)
{
  guint64 sky = casa_sim_stream(seed, "weather/cloud"), air = casa_sim_stream(seed, "weather/temperature");
  guint64 breath = casa_sim_stream(seed, "weather/wind"), mass = casa_sim_stream(seed, "weather/pressure");
  double solar_h = (double)(t_ms - day->number * CASA_DAY_MS) / (double)CASA_HOUR_MS - day->noon_utc_h + 12;
  double warm_season = 0.5 + 0.5 * casa_sim_cos(2 * CASA_SIM_PI * (day->yday - 205.0) / 365);
  out->sun = casa_sim_day_sun(day, t_ms);
  out->cloud = cloud_cover(sky, scenario, by_season(month_clear, day->yday), t_ms);
  out->ghi = irradiance(out->sun, out->cloud);
  temperature(air, scenario, day, solar_h, t_ms, out);
  wind(breath, solar_h, warm_season, t_ms, out);
  /* Sea-level pressure: fronts, and the atmospheric tide with maxima at 10 and 22 h solar. */
  out->pressure_hpa = 1018.5 - 3 * warm_season + (4.2 - 2.2 * warm_season) * casa_sim_noise(mass, t_ms, 80 * CASA_HOUR_MS) +
                      0.9 * casa_sim_cos(4 * CASA_SIM_PI * (solar_h - 10) / 24);
  /* Convection follows the sun by an hour; wind stirs at night. Heights for a coastal city: estimates. */
  double lagged = casa_sim_day_sun(day, t_ms - CASA_HOUR_MS);
  double heating = MAX(lagged, 0) * (1 - 0.45 * out->cloud);
  out->mixing_m = 85 + 60 * warm_season + 1000 * heating + 50 * casa_sim_wind_speed(out->wind_u, out->wind_v);
}

double
casa_sim_inland(CasaLonLat at)
{
  /* Through (-7.700 E, 33.585 N) and (-7.500 E, 33.632 N), in km on the local plane; the sea is on the left. */
  double kx = 92.7, ky = 110.9; /* km per degree at 33.58 N */
  double ax = 0.2 * kx, ay = 0.047 * ky, length = sqrt(ax * ax + ay * ay);
  double px = (at.lon + 7.7) * kx, py = (at.lat - 33.585) * ky;
  double right = (px * ay - py * ax) / length;
  return CLAMP(right / 10, 0, 1);
}

double
casa_sim_weather_temp_at(const CasaSimWeather *w, double inland)
{
  /* Ten kilometres from the sea: afternoons about 3.5 °C warmer, late nights 1.2 °C cooler than on the shore. */
  return w->temp_c + (inland - 0.4) * (4.7 * w->warm - 1.2);
}

double
casa_sim_humidity(double temp_c, double dew_c)
{
  double e = casa_sim_exp(17.625 * dew_c / (243.04 + dew_c) - 17.625 * temp_c / (243.04 + temp_c));
  return CLAMP(100 * e, 5, 100);
}

double
casa_sim_wind_speed(double u, double v)
{
  return sqrt(u * u + v * v);
}

double
casa_sim_wind_from(double u, double v)
{
  double deg = casa_sim_atan2(-u, -v) * 180 / CASA_SIM_PI;
  return deg < 0 ? deg + 360 : deg;
}
