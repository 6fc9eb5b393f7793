/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/band.h"
#include "analysis/ridge.h"
#include <math.h>

/* Told apart from noise: the weights that made the examples are found again. */
static void
test_finds_weights(void)
{
  g_autoptr(CasaRidge) ridge = casa_ridge_new(3, 0.9997);

  for (guint i = 0; i < 2000; i++) {
    const double x[] = { 1, g_test_rand_double_range(-1, 1), g_test_rand_double_range(-1, 1) };
    casa_ridge_learn(ridge, x, 4 - 2 * x[1] + 0.5 * x[2] + g_test_rand_double_range(-0.1, 0.1));
    if (i % 10 == 9)
      casa_ridge_solve(ridge);
  }
  const float *w = casa_ridge_weights(ridge);
  g_assert_cmpfloat_with_epsilon((double)w[0], 4, 0.05);
  g_assert_cmpfloat_with_epsilon((double)w[1], -2, 0.05);
  g_assert_cmpfloat_with_epsilon((double)w[2], 0.5, 0.05);
  g_assert_cmpuint(casa_ridge_n_learned(ridge), ==, 2000);
}

/* One wild value in twenty moves it less than it would move a mean. */
static void
test_bears_outliers(void)
{
  g_autoptr(CasaRidge) ridge = casa_ridge_new(1, 0.9997);
  const double x[] = { 1 };

  for (guint i = 0; i < 2000; i++) {
    casa_ridge_learn(ridge, x, i % 20 == 0 ? 100 : g_test_rand_double_range(0.9, 1.1));
    casa_ridge_solve(ridge);
  }
  g_assert_cmpfloat((double)casa_ridge_weights(ridge)[0], <, 3.5); /* the mean is 5.95 */
}

/* A feature that repeats another one leaves an answer, and a finite one. */
static void
test_bears_repeated_features(void)
{
  g_autoptr(CasaRidge) ridge = casa_ridge_new(3, 0.9997);

  for (guint i = 0; i < 500; i++) {
    const double u = g_test_rand_double_range(-1, 1), x[] = { 1, u, u };
    casa_ridge_learn(ridge, x, 3 * u);
    casa_ridge_solve(ridge);
  }
  const float *w = casa_ridge_weights(ridge);
  g_assert_cmpfloat_with_epsilon((double)(w[1] + w[2]), 3, 0.05);
}

/* The promised share is kept though the errors become three times as large half way; of an hour ahead in any 30 days. */
static void
test_band_keeps_its_promise(void)
{
  enum { MONTH = 720 };
  CasaBand band;
  guint out_80 = 0, out_95 = 0, before_80 = 0, before_95 = 0;

  casa_band_init(&band, 1);
  for (guint i = 0; i < 20000; i++) {
    const double error = (g_test_rand_double() + g_test_rand_double() - 1) * (i < 10000 ? 1 : 3);
    double half_80, half_95;
    casa_band_margins(&band, 0, 0, &half_80, &half_95);
    g_assert_cmpfloat(half_80, <=, half_95);
    out_80 += fabs(error) > half_80;
    out_95 += fabs(error) > half_95;
    casa_band_learn(&band, error, half_80, half_95);
    if (i % MONTH == MONTH - 1) {
      g_assert_cmpfloat_with_epsilon((double)(out_80 - before_80) / MONTH, 0.20, 0.02);
      g_assert_cmpfloat_with_epsilon((double)(out_95 - before_95) / MONTH, 0.05, 0.02);
      before_80 = out_80;
      before_95 = out_95;
    }
  }
  g_assert_cmpfloat_with_epsilon(out_80 / 20000.0, 0.20, 0.01);
  g_assert_cmpfloat_with_epsilon(out_95 / 20000.0, 0.05, 0.01);
}

/* Misses that are to be expected of what was said already make the next band wider, as those that have come do. */
static void
test_band_minds_what_is_pending(void)
{
  CasaBand band;
  double calm_80, calm_95, worried_80, worried_95;

  casa_band_init(&band, 24);
  casa_band_margins(&band, 0, 0, &calm_80, &calm_95);
  casa_band_margins(&band, 3, 1, &worried_80, &worried_95);
  g_assert_cmpfloat(worried_80, >, calm_80);
  g_assert_cmpfloat(worried_95, >, calm_95);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/analysis/ridge/finds-weights", test_finds_weights);
  g_test_add_func("/analysis/ridge/bears-outliers", test_bears_outliers);
  g_test_add_func("/analysis/ridge/bears-repeated-features", test_bears_repeated_features);
  g_test_add_func("/analysis/band/keeps-its-promise", test_band_keeps_its_promise);
  g_test_add_func("/analysis/band/minds-what-is-pending", test_band_minds_what_is_pending);
  return g_test_run();
}
