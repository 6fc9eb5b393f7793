/* SPDX-License-Identifier: Apache-2.0 */
#include "series/stats.h"
#include <math.h>

static void
test_median(void)
{
  double odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 2 }, holes[] = { NAN, 7, NAN, 9, 8 }, none[] = { NAN };
  g_assert_cmpfloat(casa_median(odd, 3), ==, 5);
  g_assert_cmpfloat(casa_median(even, 4), ==, 2.5);
  g_assert_cmpfloat(casa_median(holes, 5), ==, 8);
  g_assert_true(isnan(casa_median(none, 1)));
  g_assert_true(isnan(casa_median(NULL, 0)));
}

static void
test_trend(void)
{
  g_assert_cmpint(casa_trend(103, 100, 0.03), ==, CASA_TREND_FLAT);
  g_assert_cmpint(casa_trend(104, 100, 0.03), ==, CASA_TREND_UP);
  g_assert_cmpint(casa_trend(96, 100, 0.03), ==, CASA_TREND_DOWN);
  /* A negative quantity that falls still goes down. */
  g_assert_cmpint(casa_trend(-20, -10, 0.03), ==, CASA_TREND_DOWN);
  g_assert_cmpint(casa_trend(1, 0, 0.03), ==, CASA_TREND_UP);
  g_assert_cmpint(casa_trend(0, 0, 0.03), ==, CASA_TREND_FLAT);
  g_assert_cmpint(casa_trend(NAN, 1, 0.03), ==, CASA_TREND_FLAT);
  g_assert_cmpint(casa_trend(1, NAN, 0.03), ==, CASA_TREND_FLAT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/series/stats/median", test_median);
  g_test_add_func("/series/stats/trend", test_trend);
  return g_test_run();
}
