/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/forecast.h"

/* Hourly series for bench-forecast, and a plain ridge that is held against the same naive forecasts. */

#define HOURS_MOST 40000

typedef struct {
  gint64 hour[HOURS_MOST]; /* since 1970 by the local clock, each one later */
  double value[HOURS_MOST];
  CasaForecastWeather weather[HOURS_MOST];
  guint n;
  gboolean has_weather;
} Series;

double hours_at(const Series *self, gint64 i); /* NAN outside */

/* What the naive forecasts of the hour @origin + @horizon say: the last value, that of a day ago, that of a week ago.
 * */
void hours_naive(const Series *self, guint origin, guint horizon, double out[3]);

/* A year of the simulated city, hour by hour, weather and climate included; @names_out: of each, in the program.
 * NULL-terminated. (transfer full: g_free() each and the array) */
Series **hours_simulate(guint64 seed, const char *const **names_out);

typedef enum { SEES_VALUES, SEES_WEATHER, SEES_WEATHER_AHEAD } Sees;

/* Mean absolute error, divided by that of the best naive forecast on the same hours, of one ridge regression for all
 * hours of the day: lags, means, waves of the day, the day of the week; learned from the first three fifths of @self,
 * judged on the rest. */
double hours_plain_ridge(const Series *self, guint horizon, Sees sees);
