/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "base/time-units.h"
#include <math.h>

/* The forecast of a city load that two substations make: two weeks and more of it stored, an hour a value. */

#define DAYS 20

static gint64
hour_of(gint64 t_ms)
{
  return t_ms / CASA_HOUR_MS * CASA_HOUR_MS;
}

static double
load_at(gint64 t_ms)
{
  return 100 + 40 * sin((double)(t_ms % CASA_DAY_MS) / CASA_DAY_MS * 2 * G_PI) + (double)(t_ms / CASA_HOUR_MS % 7);
}

/* Hours from @from_ms on, before @to_ms. @factor: of what is usual. */
static void
put_hours(AppFixture *fixture, gint64 from_ms, gint64 to_ms, double factor)
{
  for (gint64 t = from_ms; t < to_ms; t += CASA_HOUR_MS) {
    app_fixture_put(fixture, "city", "energy", "sub-anfa", "load_mw", factor * load_at(t), t + CASA_HOUR_MS / 2, APP_STORED);
    app_fixture_put(fixture, "city", "energy", "sub-maarif", "load_mw", factor * load_at(t), t + CASA_HOUR_MS / 2, APP_STORED);
  }
}

typedef struct {
  CasaForecasts *forecasts;
  guint n_changes;
} Watch;

static void
changed_cb(gpointer data)
{
  ((Watch *)data)->n_changes++;
}

static void
wait_for_change(Watch *watch)
{
  const gint64 end = casa_clock_mono_us() + 120 * G_USEC_PER_SEC;
  const guint before = watch->n_changes;

  while (watch->n_changes == before) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static const CasaForecastLines *
ask(Watch *watch, AppFixture *fixture, gint64 now_ms)
{
  casa_forecasts_want(watch->forecasts, fixture->indicators, now_ms);
  wait_for_change(watch);
  return casa_forecasts_get(watch->forecasts, casa_indicators_find(fixture->indicators, "load"));
}

static double
value_at(const CasaPyramid *line, gint64 t_ms)
{
  gint64 found_ms;
  double value;
  const guint i = casa_pyramid_search(line, t_ms);

  g_assert_cmpuint(i, <, casa_pyramid_length(line));
  casa_pyramid_get(line, i, &found_ms, &value);
  g_assert_cmpint(found_ms, ==, t_ms);
  return value;
}

static void
open_watch(Watch *watch, AppFixture *fixture)
{
  app_fixture_init(fixture);
  *watch = (Watch){ 0 };
  watch->forecasts = casa_forecasts_new(fixture->path, casa_store_catalogue(fixture->store), changed_cb, watch);
}

static void
close_watch(Watch *watch, AppFixture *fixture)
{
  casa_forecasts_free(watch->forecasts);
  app_fixture_clear(fixture);
}

/* A day that repeats itself is foreseen, between its bounds, from the middle of the last whole hour on. */
static void
test_known(void)
{
  AppFixture fixture = { 0 };
  Watch watch;
  const gint64 hour = hour_of(casa_clock_now_ms()), middle = hour - CASA_HOUR_MS / 2;

  open_watch(&watch, &fixture);
  put_hours(&fixture, hour - DAYS * CASA_DAY_MS, hour, 1);
  const CasaForecastLines *load = ask(&watch, &fixture, hour + 20 * CASA_MINUTE_MS);
  g_assert_true(load->asked);
  g_assert_cmpuint(load->n_missing, ==, 0);
  g_assert_cmpuint(casa_pyramid_length(load->middle), ==, 1 + 24 * CASA_HOUR_MS / CASA_FORECASTS_STEP_MS);
  g_assert_cmpfloat_with_epsilon(value_at(load->middle, middle), 2 * load_at(hour - CASA_HOUR_MS), 0.01);
  for (gint64 t = middle + CASA_HOUR_MS; t <= middle + CASA_DAY_MS; t += CASA_HOUR_MS) {
    const double value = value_at(load->middle, t);
    g_assert_cmpfloat_with_epsilon(value, 2 * load_at(t - CASA_HOUR_MS / 2), 25);
    g_assert_cmpfloat(value_at(load->low, t), <=, value);
    g_assert_cmpfloat(value_at(load->high, t), >=, value);
  }
  /* Nobody asked for this one. */
  g_assert_null(casa_forecasts_get(watch.forecasts, casa_indicators_find(fixture.indicators, "vehicles")));
  close_watch(&watch, &fixture);
}

/* What is stored of a later time changes no forecast of an earlier one, byte for byte; and hours learned one by one say what
 * hours learned at once say. */
static void
test_looks_not_ahead(void)
{
  AppFixture fixture = { 0 };
  Watch watch, other;
  const gint64 hour = hour_of(casa_clock_now_ms()) - 6 * CASA_HOUR_MS;
  double said[25];

  open_watch(&watch, &fixture);
  put_hours(&fixture, hour - DAYS * CASA_DAY_MS, hour, 1);
  ask(&watch, &fixture, hour - 100 * CASA_MINUTE_MS); /* two hours before */
  const CasaForecastLines *load = ask(&watch, &fixture, hour + 5 * CASA_MINUTE_MS);
  for (guint i = 0; i <= 24; i++)
    said[i] = value_at(load->middle, hour - CASA_HOUR_MS / 2 + i * CASA_HOUR_MS);
  put_hours(&fixture, hour, hour + 5 * CASA_HOUR_MS, 3);
  other = (Watch){ 0 };
  other.forecasts = casa_forecasts_new(fixture.path, casa_store_catalogue(fixture.store), changed_cb, &other);
  load = ask(&other, &fixture, hour + 5 * CASA_MINUTE_MS);
  for (guint i = 0; i <= 24; i++)
    g_assert_cmpfloat(value_at(load->middle, hour - CASA_HOUR_MS / 2 + i * CASA_HOUR_MS), ==, said[i]);
  /* A clock that was set back asks for the earlier forecast, and gets it. */
  load = ask(&watch, &fixture, hour + 5 * CASA_HOUR_MS + 5 * CASA_MINUTE_MS);
  g_assert_cmpfloat(value_at(load->middle, hour + 5 * CASA_HOUR_MS - CASA_HOUR_MS / 2), >, 200);
  load = ask(&watch, &fixture, hour + 5 * CASA_MINUTE_MS);
  for (guint i = 0; i <= 24; i++)
    g_assert_cmpfloat(value_at(load->middle, hour - CASA_HOUR_MS / 2 + i * CASA_HOUR_MS), ==, said[i]);
  casa_forecasts_free(other.forecasts);
  close_watch(&watch, &fixture);
}

/* With less than it needs it says so, and how much is missing. */
static void
test_not_yet(void)
{
  AppFixture fixture = { 0 };
  Watch watch;
  const gint64 hour = hour_of(casa_clock_now_ms());

  open_watch(&watch, &fixture);
  put_hours(&fixture, hour - 3 * CASA_DAY_MS, hour, 1);
  const CasaForecastLines *load = ask(&watch, &fixture, hour + 20 * CASA_MINUTE_MS);
  g_assert_true(load->asked);
  g_assert_cmpuint(load->n_missing, ==, CASA_FORECAST_NEEDS - 72);
  g_assert_cmpuint(casa_pyramid_length(load->middle), ==, 0);
  g_assert_cmpuint(casa_pyramid_length(load->low), ==, 0);
  close_watch(&watch, &fixture);
}

/* It ends while it still reads and learns, and tells nobody afterwards. */
static void
test_end(void)
{
  AppFixture fixture = { 0 };
  Watch watch;
  const gint64 hour = hour_of(casa_clock_now_ms());

  open_watch(&watch, &fixture);
  put_hours(&fixture, hour - DAYS * CASA_DAY_MS, hour, 1);
  casa_forecasts_want(watch.forecasts, fixture.indicators, hour + 20 * CASA_MINUTE_MS);
  close_watch(&watch, &fixture);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_assert_cmpuint(watch.n_changes, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forecasts/known", test_known);
  g_test_add_func("/forecasts/looks-not-ahead", test_looks_not_ahead);
  g_test_add_func("/forecasts/not-yet", test_not_yet);
  g_test_add_func("/forecasts/end", test_end);
  return g_test_run();
}
