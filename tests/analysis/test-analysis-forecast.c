/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/forecast.h"
#include <math.h>

#define MONDAY G_GINT64_CONSTANT(494184) /* hours since 1970 of Monday 2026-05-18, 00:00 */
#define HOURS 1200

/* A day with two peaks, quieter on days off, a drift that keeps its way for some hours, and noise. */
static double
city_load(guint i, double *drift)
{
  const double turn = 2 * G_PI * (i % 24) / 24;
  *drift = 0.9 * *drift + g_test_rand_double_range(-8, 8);
  return 500 + 120 * sin(turn) + 60 * cos(2 * turn) - ((i / 24) % 7 >= 5 ? 60 : 0) + *drift + g_test_rand_double_range(-3, 3);
}

static double *
some_series(guint n)
{
  double *values = g_new(double, n), drift = 0;
  for (guint i = 0; i < n; i++)
    values[i] = city_load(i, &drift);
  return values;
}

static void
assert_sound(const CasaForecast *f, double least)
{
  g_assert_true(isfinite(f->value) && isfinite(f->low_95) && isfinite(f->high_95));
  g_assert_cmpfloat(f->low_95, <=, f->low_80);
  g_assert_cmpfloat(f->low_80, <=, f->value);
  g_assert_cmpfloat(f->value, <=, f->high_80);
  g_assert_cmpfloat(f->high_80, <=, f->high_95);
  g_assert_cmpfloat(f->low_95, >=, least);
}

/* It says nothing until it has seen enough, and how much it lacks. */
static void
test_waits(void)
{
  g_autofree double *values = some_series(HOURS);
  g_autoptr(CasaForecaster) f = casa_forecaster_new(NULL);

  g_assert_cmpuint(casa_forecaster_n_missing(f), ==, CASA_FORECAST_NEEDS);
  for (guint i = 0; i < CASA_FORECAST_NEEDS; i++) {
    g_assert_false(casa_forecaster_is_ready(f));
    g_assert_true(isnan(casa_forecaster_ask(f, 1).value));
    casa_forecaster_add(f, MONDAY + i, values[i], NULL, NULL);
  }
  g_assert_true(casa_forecaster_is_ready(f));
  g_assert_cmpuint(casa_forecaster_n_missing(f), ==, 0);
  for (guint h = 1; h <= CASA_FORECAST_HOURS; h++) {
    const CasaForecast told = casa_forecaster_ask(f, h);
    assert_sound(&told, 0);
  }
  g_assert_true(isnan(casa_forecaster_ask(f, 0).value) && isnan(casa_forecaster_ask(f, CASA_FORECAST_HOURS + 1).value));
}

/* On a city-like series it errs less than the best naive forecast at every horizon, and its bands hold what they promise. */
static void
test_beats_naive(void)
{
  enum { LONG = 4000 };
  g_autofree double *values = some_series(LONG);
  g_autoptr(CasaForecaster) f = casa_forecaster_new(NULL);
  double error[CASA_FORECAST_HOURS + 1] = { 0 }, naive[CASA_FORECAST_HOURS + 1][3] = { { 0 } };
  guint in_80 = 0, in_95 = 0, n = 0;

  for (guint i = 0; i + CASA_FORECAST_HOURS < LONG; i++) {
    casa_forecaster_add(f, MONDAY + i, values[i], NULL, NULL);
    for (guint h = 1; i >= 1200 && h <= CASA_FORECAST_HOURS; h++, n++) {
      const CasaForecast told = casa_forecaster_ask(f, h);
      const double truth = values[i + h];
      assert_sound(&told, 0);
      error[h] += fabs(told.value - truth);
      naive[h][0] += fabs(values[i] - truth);
      naive[h][1] += fabs(values[i + h - 24] - truth);
      naive[h][2] += fabs(values[i + h - 168] - truth);
      in_80 += truth >= told.low_80 && truth <= told.high_80;
      in_95 += truth >= told.low_95 && truth <= told.high_95;
    }
  }
  for (guint h = 1; h <= CASA_FORECAST_HOURS; h++)
    g_assert_cmpfloat(error[h], <, MIN(naive[h][0], MIN(naive[h][1], naive[h][2])));
  g_assert_cmpfloat_with_epsilon(100.0 * in_80 / n, 80, 3);
  g_assert_cmpfloat_with_epsilon(100.0 * in_95 / n, 95, 2);
}

/* Each day is the day before to the letter, but for one in fifteen, after which it is another: there is nothing to be learned,
 * and what a day ago was is said, at every horizon. */
static void
test_follows_naive(void)
{
  enum { LONG = 3600 };
  g_autoptr(CasaForecaster) f = casa_forecaster_new(NULL);
  double values[LONG], day[24] = { 0 }, error[CASA_FORECAST_HOURS + 1] = { 0 }, naive[CASA_FORECAST_HOURS + 1] = { 0 };

  for (guint i = 0; i < LONG; i++) {
    for (guint h = 0; i % (15 * 24) == 0 && h < 24; h++)
      day[h] = g_test_rand_double_range(0, 100);
    values[i] = day[i % 24];
  }
  for (guint i = 0; i + CASA_FORECAST_HOURS < LONG; i++) {
    casa_forecaster_add(f, MONDAY + i, values[i], NULL, NULL);
    for (guint h = 1; i >= 1200 && h <= CASA_FORECAST_HOURS; h++) {
      error[h] += fabs(casa_forecaster_ask(f, h).value - values[i + h]);
      naive[h] += fabs(values[i + h - 24] - values[i + h]);
    }
  }
  for (guint h = 1; h <= CASA_FORECAST_HOURS; h++)
    g_assert_cmpfloat(error[h], <=, 1.001 * naive[h]);
}

/* Two hours of eight are missing: from the second of them the next hour is forecast much better than by the last value. */
static void
test_sees_over_gaps(void)
{
  enum { LONG = 6000 };
  g_autoptr(CasaForecaster) f = casa_forecaster_new(NULL);
  double values[LONG + 1], drift = 0, error = 0, naive = 0;

  for (guint i = 0; i <= LONG; i++) {
    drift = 0.98 * drift + g_test_rand_double_range(-0.2, 0.2);
    values[i] = 50 * exp(drift) * (1 + 0.5 * sin(2 * G_PI * i / 24));
  }
  for (guint i = 0; i < LONG; i++) {
    casa_forecaster_add(f, MONDAY + i, i % 8 > 1 ? values[i] : NAN, NULL, NULL);
    if (i < 1200 || i % 8 != 1)
      continue;
    error += fabs(casa_forecaster_ask(f, 1).value - values[i + 1]);
    naive += fabs(values[i - 2] - values[i + 1]);
  }
  g_assert_cmpfloat(error, <, 0.73 * naive);
}

/* What is said at an hour does not depend on what comes later. */
static void
test_looks_not_ahead(void)
{
  g_autofree double *values = some_series(HOURS);
  g_autoptr(CasaForecaster) a = casa_forecaster_new(NULL), b = casa_forecaster_new(NULL);
  const guint fork = (guint)g_test_rand_int_range(500, 900);
  CasaForecast then[CASA_FORECAST_HOURS];

  for (guint i = 0; i < fork; i++) {
    casa_forecaster_add(a, MONDAY + i, values[i], NULL, NULL);
    casa_forecaster_add(b, MONDAY + i, values[i], NULL, NULL);
  }
  for (guint h = 1; h <= CASA_FORECAST_HOURS; h++)
    then[h - 1] = casa_forecaster_ask(a, h);
  for (guint i = fork; i < fork + 50; i++)
    casa_forecaster_add(a, MONDAY + i, 10 * values[i], NULL, NULL);
  for (guint h = 1; h <= CASA_FORECAST_HOURS; h++) {
    const CasaForecast told = casa_forecaster_ask(b, h);
    g_assert_cmpfloat(told.value, ==, then[h - 1].value);
    g_assert_cmpfloat(told.low_95, ==, then[h - 1].low_95);
    g_assert_cmpfloat(told.high_80, ==, then[h - 1].high_80);
  }
}

#define HOLIDAY 30 /* days after MONDAY: a Wednesday */
#define FORMER 24  /* another one, a Thursday */

static gboolean
is_the_holiday(gint64 day, gpointer unused)
{
  return day == MONDAY / 24 + HOLIDAY || day == MONDAY / 24 + FORMER;
}

/* How far the forecasts of a day ahead are off on the holiday and on the day after it. */
static double
error_about_holiday(const double *values, gboolean knows)
{
  const CasaForecastOptions options = { .is_holiday = knows ? is_the_holiday : NULL };
  g_autoptr(CasaForecaster) f = casa_forecaster_new(&options);
  double error = 0;

  for (guint i = 0; i < (HOLIDAY + 1) * 24; i++) {
    casa_forecaster_add(f, MONDAY + i, values[i], NULL, NULL);
    if (i + 24 >= HOLIDAY * 24)
      error += fabs(casa_forecaster_ask(f, 24).value - values[i + 24]);
  }
  return error;
}

/* Where a holiday in the middle of the week was like a Sunday, the next one is forecast so: who knows of it errs less. */
static void
test_knows_holidays(void)
{
  g_autofree double *values = some_series(HOURS);

  for (guint i = 0; i < 24; i++) {
    values[HOLIDAY * 24 + i] -= 60; /* as on the other days off */
    values[FORMER * 24 + i] -= 60;
  }
  g_assert_cmpfloat(error_about_holiday(values, TRUE), <, 0.8 * error_about_holiday(values, FALSE));
}

/* Holes of hours and of months, hours that come twice, no number at all, values below zero, of any size. */
static void
live_badly(double size, double offset, gboolean has_weather)
{
  g_autofree double *values = some_series(HOURS);
  const CasaForecastOptions options = { .has_weather = has_weather, .knows_ahead = has_weather };
  g_autoptr(CasaForecaster) f = casa_forecaster_new(&options);
  gint64 hour = MONDAY;

  for (guint i = 0; i < HOURS; i++) {
    const CasaForecastWeather weather = { i % 5 ? 20 : NAN, i % 7 ? 3 : NAN };
    CasaForecastWeather ahead[CASA_FORECAST_HOURS];
    for (guint h = 0; h < CASA_FORECAST_HOURS; h++)
      ahead[h] = (CasaForecastWeather){ h % 2 ? 25 : NAN, NAN };
    hour += i == 700 ? 24 * 100 : g_test_rand_int_range(0, 10) == 0 ? g_test_rand_int_range(-3, 30) : 1;
    const double value = g_test_rand_int_range(0, 15) ? size * (values[i] - offset) : NAN;
    casa_forecaster_add(f, hour, i % 97 == 0 ? INFINITY : value, &weather, has_weather ? ahead : NULL);
    for (guint h = 1; h <= CASA_FORECAST_HOURS; h++) {
      const CasaForecast told = casa_forecaster_ask(f, h);
      if (!isnan(told.value))
        assert_sound(&told, offset > 0 ? -INFINITY : 0);
    }
  }
  g_assert_true(casa_forecaster_is_ready(f));
}

static void
test_bears_bad_data(void)
{
  live_badly(1e-9, 0, FALSE);
  live_badly(1, 0, TRUE);
  live_badly(1e9, 500, FALSE);
}

static void
test_zeros(void)
{
  g_autoptr(CasaForecaster) f = casa_forecaster_new(NULL);
  for (guint i = 0; i < HOURS; i++)
    casa_forecaster_add(f, MONDAY + i, 0, NULL, NULL);
  g_assert_cmpfloat_with_epsilon(casa_forecaster_ask(f, 24).value, 0, 1e-6);
}

/* 200 series take 20 MB. */
static void
test_is_small(void)
{
  g_autoptr(CasaForecaster) f = casa_forecaster_new(NULL);
  g_assert_cmpuint(casa_forecaster_size(f), <=, 100 * 1000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/analysis/forecast/waits", test_waits);
  g_test_add_func("/analysis/forecast/beats-naive", test_beats_naive);
  g_test_add_func("/analysis/forecast/follows-naive", test_follows_naive);
  g_test_add_func("/analysis/forecast/sees-over-gaps", test_sees_over_gaps);
  g_test_add_func("/analysis/forecast/looks-not-ahead", test_looks_not_ahead);
  g_test_add_func("/analysis/forecast/bears-bad-data", test_bears_bad_data);
  g_test_add_func("/analysis/forecast/zeros", test_zeros);
  g_test_add_func("/analysis/forecast/is-small", test_is_small);
  g_test_add_func("/analysis/forecast/knows-holidays", test_knows_holidays);
  return g_test_run();
}
