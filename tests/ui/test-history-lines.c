/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "ui/data/history-lines.h"
#include <math.h>

/* Lines over any stretch: the same numbers as the model's own curves, a day earlier where asked for, and no more questions than
 * views. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaHistoryLines *lines;
  gint64 now_ms;
  guint n_changed;
} Fixture;

static void
changed_cb(gpointer data)
{
  ((Fixture *)data)->n_changed++;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  app_fixture_init(&f->fixture);
  f->now_ms = casa_clock_now_ms();
  app_fixture_fill(&f->fixture, f->now_ms, 26 * 60);
  f->model = app_fixture_model(&f->fixture);
  g_assert_true(app_fixture_wait(f->model, casa_model_ready, 60));
  f->lines = casa_history_lines_new(f->model, changed_cb, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_history_lines_free(f->lines);
  casa_model_free(f->model);
  app_fixture_clear(&f->fixture);
}

static void
wait_settled(Fixture *f)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (!casa_history_lines_settled(f->lines)) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(1000);
  }
}

/* At the moments of the model's curve the line says the same. */
static void
assert_alike(Fixture *f, guint line, const CasaIndicator *indicator)
{
  const CasaPyramid *ours = casa_history_lines_get(f->lines, line), *theirs = casa_model_curve(f->model, indicator);
  const gint64 width = casa_history_lines_width_ms(f->lines);
  guint n = 0;
  for (guint i = 0; i < casa_pyramid_length(theirs); i++) {
    gint64 t;
    double value, found;
    casa_pyramid_get(theirs, i, &t, &value);
    if (!isfinite(value) || t < f->now_ms - 12 * CASA_HOUR_MS || t > f->now_ms - CASA_HOUR_MS)
      continue;
    g_assert_true(casa_pyramid_at(ours, t + width, 2 * width, &found));
    g_assert_cmpfloat_with_epsilon(found, value, 0.05 * MAX(fabs(value), 1)); /* a column is not a step */
    n++;
  }
  g_assert_cmpuint(n, >, 100);
}

static void
test_as_the_curves(Fixture *f, gconstpointer data)
{
  const char *const ids[] = { "speed", "load", "solar", "pm10" };
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    casa_history_lines_add(f->lines, app_indicator(f->model, ids[i]));
  casa_history_lines_want(f->lines, f->now_ms - 12 * CASA_HOUR_MS, f->now_ms, 360, f->now_ms);
  wait_settled(f);
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    assert_alike(f, i, app_indicator(f->model, ids[i]));
}

/* A ratio is that of its parts at each moment: as the columns of the three are not equally wide, between the least and the
 * largest that the parts give within two columns of it (near the wave's minimum a column is several hundredths of it). */
static void
test_ratio(Fixture *f, gconstpointer data)
{
  double share, least = INFINITY, largest = -INFINITY;
  casa_history_lines_add(f->lines, app_indicator(f->model, "solar-share"));
  casa_history_lines_add(f->lines, app_indicator(f->model, "solar"));
  casa_history_lines_add(f->lines, app_indicator(f->model, "load"));
  casa_history_lines_want(f->lines, f->now_ms - 6 * CASA_HOUR_MS, f->now_ms, 180, f->now_ms);
  wait_settled(f);
  const gint64 t = f->now_ms - 2 * CASA_HOUR_MS, width = casa_history_lines_width_ms(f->lines);
  g_assert_true(casa_pyramid_at(casa_history_lines_get(f->lines, 0), t, 2 * width, &share));
  for (int i = -2; i <= 2; i++) {
    double part, whole;
    g_assert_true(casa_pyramid_at(casa_history_lines_get(f->lines, 1), t + i * width, 2 * width, &part));
    g_assert_true(casa_pyramid_at(casa_history_lines_get(f->lines, 2), t + i * width, 2 * width, &whole));
    least = MIN(least, 100 * part / whole);
    largest = MAX(largest, 100 * part / whole);
  }
  g_assert_cmpfloat(share, >=, least * (1 - 0.002));
  g_assert_cmpfloat(share, <=, largest * (1 + 0.002));
}

/* A day later, what was measured a day before. */
static void
test_shift(Fixture *f, gconstpointer data)
{
  double now, shifted;
  casa_history_lines_add(f->lines, app_indicator(f->model, "load"));
  casa_history_lines_add(f->lines, app_indicator(f->model, "load"));
  casa_history_lines_shift(f->lines, 1, 2 * CASA_HOUR_MS);
  casa_history_lines_want(f->lines, f->now_ms - 4 * CASA_HOUR_MS, f->now_ms, 120, f->now_ms);
  wait_settled(f);
  const gint64 t = f->now_ms - 3 * CASA_HOUR_MS;
  g_assert_true(casa_pyramid_at(casa_history_lines_get(f->lines, 0), t, CASA_HOUR_MS / 4, &now));
  g_assert_true(casa_pyramid_at(casa_history_lines_get(f->lines, 1), t + 2 * CASA_HOUR_MS, CASA_HOUR_MS / 4, &shifted));
  g_assert_cmpfloat_with_epsilon(now, shifted, 0.02 * fabs(now));
}

/* A view that moves within what was asked for asks nothing; one that leaves it does, and what is there stays until the
 * answer. */
static void
test_asks_seldom(Fixture *f, gconstpointer data)
{
  casa_history_lines_add(f->lines, app_indicator(f->model, "load"));
  casa_history_lines_want(f->lines, f->now_ms - 6 * CASA_HOUR_MS, f->now_ms - 5 * CASA_HOUR_MS, 200, f->now_ms);
  wait_settled(f);
  const guint changed = f->n_changed;
  casa_history_lines_want(f->lines, f->now_ms - 6 * CASA_HOUR_MS + CASA_MINUTE_MS,
                          f->now_ms - 5 * CASA_HOUR_MS + CASA_MINUTE_MS, 200, f->now_ms);
  g_assert_true(casa_history_lines_settled(f->lines));
  for (gint64 back = 7; back < 12; back++) { /* faster than it is read */
    casa_history_lines_want(f->lines, f->now_ms - back * CASA_HOUR_MS, f->now_ms - (back - 1) * CASA_HOUR_MS, 200, f->now_ms);
    g_assert_cmpuint(casa_pyramid_length(casa_history_lines_get(f->lines, 0)), >, 0);
  }
  wait_settled(f);
  g_assert_cmpuint(f->n_changed - changed, <=, 2);
  double value;
  g_assert_true(casa_pyramid_at(casa_history_lines_get(f->lines, 0), f->now_ms - 10 * CASA_HOUR_MS - CASA_HOUR_MS / 2,
                                CASA_HOUR_MS / 4, &value));
  casa_history_lines_rest(f->lines);
  g_assert_cmpuint(casa_pyramid_length(casa_history_lines_get(f->lines, 0)), ==, 0);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/ui/history-lines/as-the-curves", test_as_the_curves);
  ADD("/ui/history-lines/ratio", test_ratio);
  ADD("/ui/history-lines/shift", test_shift);
  ADD("/ui/history-lines/asks-seldom", test_asks_seldom);
  return g_test_run();
}
