/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "model/activity.h"
#include "maths/maths.h"
#include "maths/rng.h"

static void
test_functions_agree_with_libm(void)
{
  for (double x = -30; x < 30; x += 0.0137) {
    g_assert_cmpfloat_with_epsilon(casa_sim_exp(x) / exp(x), 1, 1e-12);
    g_assert_cmpfloat_with_epsilon(casa_sim_sin(x), sin(x), 1e-12);
    g_assert_cmpfloat_with_epsilon(casa_sim_cos(x * 100), cos(x * 100), 1e-11);
    g_assert_cmpfloat_with_epsilon(casa_sim_log(exp(x)), x, 1e-12);
    g_assert_cmpfloat_with_epsilon(casa_sim_atan2(sin(x) * 3, cos(x) * 3), atan2(sin(x) * 3, cos(x) * 3), 1e-12);
    g_assert_cmpfloat_with_epsilon(casa_sim_acos(sin(x)), acos(sin(x)), 1e-7);
  }
  g_assert_cmpfloat_with_epsilon(casa_sim_pow(7.3, 0.6), pow(7.3, 0.6), 1e-12);
  g_assert_cmpfloat(casa_sim_pow(0, 3.4), ==, 0);
  g_assert_cmpfloat(casa_sim_atan2(0, 0), ==, 0);
}

/* Known first values of SplitMix64 from seed 1234567, from the algorithm's published reference. */
static void
test_generator_is_splitmix64(void)
{
  static const guint64 expected[] = { G_GUINT64_CONSTANT(6457827717110365317), G_GUINT64_CONSTANT(3203168211198807973),
                                      G_GUINT64_CONSTANT(9817491932198370423), G_GUINT64_CONSTANT(4593380528125082431) };
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
    g_assert_cmpuint(casa_sim_draw(1234567, i), ==, expected[i]);
}

static void
test_noise_has_its_moments(void)
{
  double sum = 0, squares = 0, lagged = 0, far = 0, before = 0;
  guint64 s = casa_sim_stream(7, "air-test");
  enum { N = 200000 };
  for (guint i = 0; i < N; i++) {
    double x = casa_sim_noise(s, (gint64)i * 100, 1000);
    sum += x;
    squares += x * x;
    lagged += x * before;
    far += x * casa_sim_noise(s, (gint64)i * 100 + 5000, 1000);
    before = x;
    g_assert_cmpfloat(fabs(x), <, 4.92);
  }
  g_assert_cmpfloat_with_epsilon(sum / N, 0, 0.04);
  g_assert_cmpfloat_with_epsilon(squares / N, 1, 0.05);
  g_assert_cmpfloat(lagged / N, >, 0.9); /* a tenth of the period later it is nearly the same */
  g_assert_cmpfloat_with_epsilon(far / N, 0, 0.05);
  g_assert_cmpfloat(casa_sim_noise(s, -1, 1000), ==, casa_sim_noise(s, -1, 1000));
}

static void
test_streams_differ(void)
{
  g_assert_cmpuint(casa_sim_stream(1, "a"), !=, casa_sim_stream(1, "b"));
  g_assert_cmpuint(casa_sim_stream(1, "a"), !=, casa_sim_stream(2, "a"));
  double agree = 0;
  for (guint i = 0; i < 20000; i++)
    agree += casa_sim_normal(casa_sim_stream(1, "a"), i) * casa_sim_normal(casa_sim_stream(1, "b"), i);
  g_assert_cmpfloat_with_epsilon(agree / 20000, 0, 0.03);
}

static gint64
day_number(int year, int month, int day)
{
  g_autoptr(GDate) date = g_date_new_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
  return (gint64)g_date_get_julian(date) - 719163;
}

static gint64
utc(int year, int month, int day, int hour, int minute)
{
  return ((day_number(year, month, day) * 24 + hour) * 60 + minute) * G_GINT64_CONSTANT(60000);
}

/* Published times for Casablanca at UTC+1 (whattime.city for the first four, timeofsunrise.com), in minutes. */
static void
test_sun_over_casablanca(void)
{
  static const struct {
    int year, month, day, rise, set;
  } almanac[] = { { 2026, 1, 1, 8 * 60 + 35, 18 * 60 + 33 },   { 2026, 5, 1, 6 * 60 + 44, 20 * 60 + 13 },
                  { 2026, 7, 1, 6 * 60 + 24, 20 * 60 + 45 },   { 2026, 8, 1, 6 * 60 + 42, 20 * 60 + 33 },
                  { 2026, 10, 15, 7 * 60 + 35, 18 * 60 + 58 }, { 2026, 11, 22, 8 * 60 + 9, 18 * 60 + 26 } };
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  g_autoptr(CasaSimCalendar) calendar = casa_sim_calendar_new(scenario);
  for (guint i = 0; i < G_N_ELEMENTS(almanac); i++) {
    gint64 number = day_number(almanac[i].year, almanac[i].month, almanac[i].day);
    const CasaSimDay *day = casa_sim_calendar_day(calendar, number);
    double to_plus_one = (double)(day->start_ms - number * G_GINT64_CONSTANT(86400000)) / 3600000 + 1;
    g_assert_cmpfloat_with_epsilon((day->sunrise_h + to_plus_one) * 60, almanac[i].rise, 2);
    g_assert_cmpfloat_with_epsilon((day->sunset_h + to_plus_one) * 60, almanac[i].set, 2);
  }
  const CasaSimDay *june = casa_sim_calendar_day(calendar, day_number(2025, 6, 15));
  gint64 noon = june->start_ms + (gint64)(13.5 * 3600000);
  g_assert_cmpfloat_with_epsilon(casa_sim_day_sun(june, noon), sin((90 - 33.58 + 23.3) * G_PI / 180), 0.002);
}

/* The hour from 02:00 to 03:00 comes twice when Ramadan's clock begins, not at all when it ends. */
static void
test_clock_change(void)
{
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  g_autoptr(CasaSimCalendar) calendar = casa_sim_calendar_new(scenario);
  static const struct {
    int month, day, hour, minute;
    double local;
  } clock[] = { { 2, 15, 1, 30, 2.5 }, { 2, 15, 2, 30, 2.5 }, { 2, 15, 3, 30, 3.5 }, { 3, 22, 1, 30, 1.5 },
                { 3, 22, 2, 30, 3.5 }, { 9, 20, 0, 30, 1.5 }, { 9, 20, 1, 30, 1.5 }, { 11, 22, 12, 0, 12 } };
  for (guint i = 0; i < G_N_ELEMENTS(clock); i++) {
    gint64 t = utc(2026, clock[i].month, clock[i].day, clock[i].hour, clock[i].minute);
    double local = (double)(t + casa_sim_utc_offset_ms(t)) / 3600000;
    g_assert_cmpfloat_with_epsilon(local - 24 * floor(local / 24), clock[i].local, 1e-9);
  }
  const CasaSimDay before = *casa_sim_calendar_day(calendar, day_number(2026, 1, 15));
  const CasaSimDay during = *casa_sim_calendar_day(calendar, day_number(2026, 3, 1));
  g_assert_cmpint(before.start_ms, ==, before.number * G_GINT64_CONSTANT(86400000) - 3600000);
  g_assert_cmpint(during.start_ms, ==, during.number * G_GINT64_CONSTANT(86400000));
  g_assert_true(during.ramadan);
  g_assert_false(before.ramadan);
  /* The sun does not care: as much later by the clock as the clock is behind. */
  g_assert_cmpfloat(before.sunset_h - during.sunset_h, <, 0.6);
  for (gint64 t = during.start_ms - 40 * G_GINT64_CONSTANT(86400000); t < during.start_ms; t += 1800000) {
    double h = casa_sim_day_hour(casa_sim_calendar_at(calendar, t), t);
    g_assert_true(h >= 0 && h < 24);
  }
}

/* Where the machine has zone data of today, it must agree with the program's own, hour by hour since 2019. */
static void
test_clock_agrees_with_tzdata(void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Africa/Casablanca");
  gint64 autumn = utc(2026, 11, 1, 0, 0) / 1000;
  if (!zone) {
    g_test_skip("no zone data on this machine");
    return;
  }
  gboolean knows_2026c = g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, autumn)) == 0;
  gint64 end = knows_2026c ? utc(2027, 12, 31, 0, 0) : utc(2026, 9, 19, 0, 0);
  for (gint64 t = utc(2019, 1, 1, 0, 0); t < end; t += 3600000) {
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, t / 1000);
    g_assert_cmpint(casa_sim_utc_offset_ms(t), ==, (gint64)g_time_zone_get_offset(zone, interval) * 1000);
  }
}

static void
test_days_off(void)
{
  g_assert_true(casa_sim_is_school_holiday(day_number(2026, 5, 10)));
  g_assert_false(casa_sim_is_school_holiday(day_number(2026, 5, 11)));
  g_assert_true(casa_sim_is_school_holiday(day_number(2027, 8, 1)));
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  scenario->school_holiday = 1;
  g_autoptr(CasaSimCalendar) calendar = casa_sim_calendar_new(scenario);
  const CasaSimDay *day = casa_sim_calendar_day(calendar, day_number(2026, 5, 19));
  g_assert_true(day->school_holiday);
  CasaSimActivity closed, open;
  casa_sim_activity(day, 8, &closed);
  CasaSimDay term = *day;
  term.school_holiday = FALSE;
  casa_sim_activity(&term, 8, &open);
  g_assert_cmpfloat(closed.traffic, <, 0.9 * open.traffic);
  g_assert_cmpfloat(closed.transit, <, open.transit);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/chance/functions-agree-with-libm", test_functions_agree_with_libm);
  g_test_add_func("/sim/chance/generator-is-splitmix64", test_generator_is_splitmix64);
  g_test_add_func("/sim/chance/noise-has-its-moments", test_noise_has_its_moments);
  g_test_add_func("/sim/chance/streams-differ", test_streams_differ);
  g_test_add_func("/sim/calendar/sun-over-casablanca", test_sun_over_casablanca);
  g_test_add_func("/sim/calendar/clock-change", test_clock_change);
  g_test_add_func("/sim/calendar/clock-agrees-with-tzdata", test_clock_agrees_with_tzdata);
  g_test_add_func("/sim/calendar/days-off", test_days_off);
  return g_test_run();
}
