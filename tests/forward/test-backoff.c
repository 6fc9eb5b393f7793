/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/backoff.h"

#include <math.h>

static void
test_grows_and_stops_growing(void)
{
  CasaBackoff b = { .min_ms = 500, .max_ms = 30000 };
  guint last = 0;

  for (guint i = 0; i < 100; i++) {
    guint wait = casa_backoff_next(&b, 0.999999);
    g_assert_cmpuint(wait, >=, last);
    g_assert_cmpuint(wait, <=, 30000);
    last = wait;
  }
  g_assert_cmpuint(last, >=, 29999);
  casa_backoff_reset(&b);
  g_assert_cmpuint(casa_backoff_next(&b, 0.999999), <=, 500);
  g_assert_cmpuint(casa_backoff_next(&b, 0.999999), >, 900);
}

/* Many clients of one server must not come back in step: the waits fill the range. */
static void
test_jitter(void)
{
  for (guint attempt = 0; attempt < 10; attempt++) {
    guint least = G_MAXUINT, most = 0;
    for (guint i = 0; i <= 100; i++) {
      CasaBackoff b = { .min_ms = 100, .max_ms = 10000, .attempts = attempt };
      guint wait = casa_backoff_next(&b, i / 101.0);
      least = MIN(least, wait);
      most = MAX(most, wait);
    }
    guint ceiling = MIN(100u << attempt, 10000u);
    g_assert_cmpuint(least, ==, 50);
    g_assert_cmpuint(most, >=, ceiling * 9 / 10);
    g_assert_cmpuint(most, <=, ceiling);
  }
}

static void
test_odd_values(void)
{
  CasaBackoff backwards = { .min_ms = 1000, .max_ms = 10 }, zero = { 0 };
  CasaBackoff huge = { .min_ms = G_MAXUINT, .max_ms = G_MAXUINT, .attempts = G_MAXUINT };
  static const double odd[] = { NAN, INFINITY, -1, 1, 1e300 };

  for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
    g_assert_cmpuint(casa_backoff_next(&backwards, odd[i]), <=, 1000);
    g_assert_cmpuint(casa_backoff_next(&zero, odd[i]), <=, 1);
    g_assert_cmpuint(casa_backoff_next(&huge, odd[i]), >=, G_MAXUINT / 2);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/backoff/grows-and-stops-growing", test_grows_and_stops_growing);
  g_test_add_func("/forward/backoff/jitter", test_jitter);
  g_test_add_func("/forward/backoff/odd-values", test_odd_values);
  return g_test_run();
}
