/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/axis.h"
#include <math.h>

static void
assert_good_axis(double min, double max, double step_min, guint lines_max)
{
  CasaAxisValues axis;
  casa_axis_values(min, max, step_min, lines_max, &axis);
  const double span = axis.high - axis.low, slack = span * 1e-6;
  g_assert_cmpfloat(axis.low, <=, min + slack);
  g_assert_cmpfloat(axis.high, >=, max - slack);
  g_assert_cmpfloat(span, >, 0);
  g_assert_cmpuint(axis.n_ticks, >=, 1);
  g_assert_cmpuint(axis.n_ticks, <=, lines_max);
  for (guint i = 0; i < axis.n_ticks; i++) {
    g_assert_cmpfloat(axis.ticks[i], >=, axis.low - slack);
    g_assert_cmpfloat(axis.ticks[i], <=, axis.high + slack);
  }
  for (guint i = 1; i < axis.n_ticks; i++)
    g_assert_cmpfloat(axis.ticks[i] - axis.ticks[i - 1], >=, step_min * 0.99);
}

static void
test_values_random(void)
{
  for (guint i = 0; i < 5000; i++) {
    const double size = pow(10, g_test_rand_double_range(-3, 7));
    const double a = g_test_rand_double_range(-1, 1) * size, b = g_test_rand_double_range(-1, 1) * size;
    assert_good_axis(MIN(a, b), MAX(a, b), 1e-6, (guint)g_test_rand_int_range(2, 5));
  }
}

/* The data fill their chart: never less than half of its height, when they vary at all. */
static void
test_values_use_the_room(void)
{
  for (guint i = 0; i < 2000; i++) {
    CasaAxisValues axis;
    const double max = pow(10, g_test_rand_double_range(-1, 6));
    casa_axis_values(0, max, 1e-6, 4, &axis);
    g_assert_cmpfloat(axis.low, ==, 0);
    g_assert_cmpfloat(max / axis.high, >, 0.7);
  }
}

static void
test_values_known(void)
{
  CasaAxisValues axis;
  casa_axis_values(0, 842, 1, 4, &axis);
  g_assert_cmpuint(axis.n_ticks, ==, 4);
  g_assert_cmpfloat(axis.ticks[3], ==, 750);
  g_assert_cmpuint(axis.decimals, ==, 0);

  casa_axis_values(0, 0.8, 0.01, 4, &axis);
  g_assert_cmpuint(axis.decimals, ==, 2);
  g_assert_cmpfloat_with_epsilon(axis.ticks[1], 0.25, 1e-9);
  /* No tick is finer than what the values are told in. */
  casa_axis_values(0, 0.8, 0.1, 4, &axis);
  g_assert_cmpuint(axis.decimals, ==, 1);
  casa_axis_values(0, 8, 1, 4, &axis);
  g_assert_cmpuint(axis.decimals, ==, 0);
  g_assert_cmpfloat(axis.ticks[1], ==, 5);

  /* Whole things (trams) have no halves. */
  casa_axis_values(0, 1, 1, 4, &axis);
  g_assert_cmpuint(axis.n_ticks, ==, 2);
  g_assert_cmpuint(axis.decimals, ==, 0);
}

static void
test_values_flat(void)
{
  CasaAxisValues axis;
  casa_axis_values(20, 20, 0.1, 4, &axis);
  g_assert_cmpfloat(axis.low, <, 20);
  g_assert_cmpfloat(axis.high, >, 20);
  casa_axis_values(0, 0, 1, 4, &axis);
  g_assert_cmpfloat(axis.low, ==, 0);
  g_assert_cmpfloat(axis.high, >, 0);
  casa_axis_values(-5, -5, 1, 4, &axis);
  g_assert_cmpfloat(axis.low, <, -5);
  g_assert_cmpfloat(axis.high, >=, -5);
  assert_good_axis(1e12, 1e12 + 1, 1e-6, 4);
  assert_good_axis(-1e300, 1e300, 1, 4);
}

#define HOUR G_GINT64_CONSTANT(3600000)
/* 2026-05-21T00:00:00Z */
#define DAY_START G_GINT64_CONSTANT(1779321600000)

static void
test_times_are_round_here(void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("+01:00");
  gint64 ticks[16];
  const guint n = casa_axis_times(DAY_START, DAY_START + 24 * HOUR, 6 * HOUR, zone, ticks, 16);
  /* 6, 12, 18 and 0 o'clock at UTC+1. */
  g_assert_cmpuint(n, ==, 4);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint(ticks[i], ==, DAY_START + 5 * HOUR + (gint64)i * 6 * HOUR);
}

/* In Morocco the clock goes back an hour for Ramadan: in 2026 on 15 February at 03:00. Midnight and six o'clock are then
 * seven hours apart, and both get their tick. */
static void
test_times_over_a_change_of_clock(void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Africa/Casablanca");
  /* 2026-02-14T22:30:00Z and half a day on */
  const gint64 from = G_GINT64_CONSTANT(1771108200000), to = from + 12 * HOUR;
  gint64 ticks[16];
  if (zone == NULL || g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, to / 1000)) != 0) {
    g_test_skip("no time zone data for Morocco's Ramadan clock");
    return;
  }
  const guint n = casa_axis_times(from, to, 6 * HOUR, zone, ticks, 16);
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpint(ticks[0], ==, from + HOUR / 2);
  g_assert_cmpint(ticks[1], ==, from + HOUR / 2 + 7 * HOUR);
}

static void
test_times_weeks_start_on_monday(void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  gint64 ticks[16];
  const guint n = casa_axis_times(DAY_START - 20 * 24 * HOUR, DAY_START, 7 * 24 * HOUR, zone, ticks, 16);
  g_assert_cmpuint(n, ==, 3);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(ticks[i] / 1000);
    g_assert_cmpint(g_date_time_get_day_of_week(day), ==, 1);
    g_assert_cmpint(g_date_time_get_hour(day), ==, 0);
  }
}

static void
test_time_steps_rise_to_an_end(void)
{
  gint64 step = 0;
  guint n = 0;
  for (gint64 next; (next = casa_axis_time_step_after(step)) != 0; step = next, n++)
    g_assert_cmpint(next, >, step);
  g_assert_cmpuint(n, >, 10);
  g_assert_cmpint(step, >=, 300 * 24 * HOUR);
}

static void
test_spread(void)
{
  double apart[] = { 10, 50, 90 }, close[] = { 50, 51, 52 }, edge[] = { -20, 98, 99 };
  casa_axis_spread(apart, 3, 20, 0, 100);
  g_assert_cmpfloat(apart[0], ==, 10);
  g_assert_cmpfloat(apart[1], ==, 50);
  g_assert_cmpfloat(apart[2], ==, 90);
  casa_axis_spread(close, 3, 20, 0, 100);
  g_assert_cmpfloat(close[0], ==, 31);
  g_assert_cmpfloat(close[1], ==, 51);
  g_assert_cmpfloat(close[2], ==, 71);
  casa_axis_spread(edge, 3, 20, 0, 100);
  g_assert_cmpfloat(edge[0], ==, 0);
  g_assert_cmpfloat(edge[1], ==, 80);
  g_assert_cmpfloat(edge[2], ==, 100);
  casa_axis_spread(edge, 0, 20, 0, 100);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/chart/axis/values-random", test_values_random);
  g_test_add_func("/ui/chart/axis/values-use-the-room", test_values_use_the_room);
  g_test_add_func("/ui/chart/axis/values-known", test_values_known);
  g_test_add_func("/ui/chart/axis/values-flat", test_values_flat);
  g_test_add_func("/ui/chart/axis/times-are-round-here", test_times_are_round_here);
  g_test_add_func("/ui/chart/axis/times-over-a-change-of-clock", test_times_over_a_change_of_clock);
  g_test_add_func("/ui/chart/axis/times-weeks-start-on-monday", test_times_weeks_start_on_monday);
  g_test_add_func("/ui/chart/axis/time-steps-rise-to-an-end", test_time_steps_rise_to_an_end);
  g_test_add_func("/ui/chart/axis/spread", test_spread);
  return g_test_run();
}
