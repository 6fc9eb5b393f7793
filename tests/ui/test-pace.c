/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-health.h"
#include "ui/stage/pace.h"

/* What the presenter's window makes of the time that is left, and of how everything is. */

static void
test_pace(void)
{
  const double planned[] = { 180, 300, 120 };

  CasaPace pace = casa_pace(planned, (double[]){ 192, 252, 0 }, 3, 1);
  g_assert_cmpfloat(pace.left, ==, 48);
  g_assert_cmpint(pace.colour, ==, CASA_PACE_SOON);
  g_assert_cmpfloat(pace.late, ==, 12);
  g_assert_cmpint(pace.word, ==, CASA_PACE_ON_TIME);
  g_assert_cmpfloat(pace.total, ==, 600);
  pace = casa_pace(planned, (double[]){ 180, 372, 0 }, 3, 1);
  g_assert_cmpint(pace.colour, ==, CASA_PACE_OVER);
  g_assert_cmpint(pace.word, ==, CASA_PACE_LATE);
  pace = casa_pace(planned, (double[]){ 60, 10, 0 }, 3, 1);
  g_assert_cmpint(pace.colour, ==, CASA_PACE_CALM);
  g_assert_cmpint(pace.word, ==, CASA_PACE_EARLY);
}

/* Attention before alarm: of the delay of messages, ms, and of what is free on the disk, bytes. */
static void
test_health(void)
{
  g_assert_cmpint(casa_health_delay(249), ==, CASA_HEALTH_OK);
  g_assert_cmpint(casa_health_delay(250), ==, CASA_HEALTH_ATTENTION);
  g_assert_cmpint(casa_health_delay(1000), ==, CASA_HEALTH_BAD);
  g_assert_cmpint(casa_health_disk(4.9e9), ==, CASA_HEALTH_ATTENTION);
  g_assert_cmpint(casa_health_disk(0.9e9), ==, CASA_HEALTH_BAD);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pace/left-and-late", test_pace);
  g_test_add_func("/pace/health", test_health);
  return g_test_run();
}
