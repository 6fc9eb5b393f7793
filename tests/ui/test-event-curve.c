/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time-units.h"
#include "ui/data/event-curve.h"
#include <glib.h>
#include <math.h>

/* What an event cost: against a simulator's twin, else yesterday's same hours from the level just before; never a guess where
 * something is missing. */

#define START G_GINT64_CONSTANT(1767225600000) /* a whole step */

typedef struct {
  CasaPyramid *curve, *recent, *day_before;
  CasaPyramid *twin; /* NULL: no simulator tells one */
  CasaEventCurve *event;
} Fixture;

static double
yesterday(gint64 t_ms)
{
  return 850 + 60.0 * (double)(t_ms - START) / CASA_HOUR_MS;
}

/* Today 40 below yesterday; from the start on @drop less. */
static double
today(gint64 t_ms, double drop)
{
  return yesterday(t_ms) - 40 - (t_ms >= START ? drop : 0);
}

static void
set_up(Fixture *f, gconstpointer data)
{
  f->curve = casa_pyramid_new(4096);
  f->recent = casa_pyramid_new(4096);
  f->day_before = casa_pyramid_new(4096);
  f->event = casa_event_curve_new();
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_pyramid_free(f->curve);
  casa_pyramid_free(f->recent);
  casa_pyramid_free(f->day_before);
  casa_pyramid_free(f->twin);
  casa_event_curve_free(f->event);
}

static void
fill(Fixture *f, double drop, gboolean watched)
{
  for (gint64 t = START - 2 * CASA_HOUR_MS; t <= START + CASA_HOUR_MS + CASA_HOUR_MS / 2; t += CASA_CURVE_STEP_MS) {
    casa_pyramid_add(f->day_before, t, yesterday(t));
    if (t <= START + CASA_HOUR_MS)
      casa_pyramid_add(f->curve, t, today(t, drop));
  }
  for (gint64 t = START - 8 * CASA_MINUTE_MS; watched && t <= START + CASA_HOUR_MS; t += 2000)
    casa_pyramid_add(f->recent, t, today(t, drop));
}

static void
join(Fixture *f, gint64 to_ms)
{
  casa_event_curve_join(f->event, f->curve, f->recent, f->day_before, f->twin, START - 20 * CASA_MINUTE_MS, START, to_ms);
}

/* 42 MW for half an hour are 21 MWh, whether somebody watched or the store's steps are all there is. */
static void
test_cost(Fixture *f, gconstpointer data)
{
  const gboolean watched = GPOINTER_TO_INT(data);

  fill(f, 42, watched);
  join(f, START + CASA_HOUR_MS / 2);
  g_assert_cmpfloat_with_epsilon(f->event->mean, -42, 1.5);
  g_assert_cmpfloat_with_epsilon(f->event->sum, -21, 1);
  g_assert_cmpfloat_with_epsilon(f->event->expected, yesterday(START + CASA_HOUR_MS / 2) - 40, 2);
}

/* Without an event there is no cost: what the day before did by itself is no part of it. */
static void
test_nothing_happened(Fixture *f, gconstpointer data)
{
  fill(f, 0, TRUE);
  join(f, START + CASA_HOUR_MS / 2);
  g_assert_cmpfloat_with_epsilon(f->event->mean, 0, 1);
}

/* A drop is seen at the second that it came: the value before it, and the value after, lie next to one another. */
static void
test_sudden(Fixture *f, gconstpointer data)
{
  double before, after;

  fill(f, 42, TRUE);
  join(f, START + 30 * 1000);
  g_assert_true(casa_pyramid_at(f->event->measured, START - 1000, 2000, &before));
  g_assert_true(casa_pyramid_at(f->event->measured, START + 1000, 2000, &after));
  g_assert_cmpfloat_with_epsilon(before - after, 42, 1);
  g_assert_cmpuint(casa_pyramid_search(f->event->measured, START - 10 * CASA_MINUTE_MS), >, 0); /* older steps are there too */
}

/* Where nobody watched, the step that it began in holds some of both: no line leads from before to after through it. */
static void
test_began_within_a_step(Fixture *f, gconstpointer data)
{
  const gint64 begun = START + CASA_CURVE_STEP_MS / 4;
  double value;

  for (gint64 t = START - CASA_HOUR_MS; t <= START + CASA_HOUR_MS; t += CASA_CURVE_STEP_MS)
    casa_pyramid_add(f->curve, t, t < START ? 800 : t == START ? 760 : 750);
  casa_event_curve_join(f->event, f->curve, f->recent, f->day_before, NULL, START - 20 * CASA_MINUTE_MS, begun,
                        START + CASA_HOUR_MS / 2);
  for (guint i = 0; i < casa_pyramid_length(f->event->measured); i++) {
    gint64 t_ms;
    casa_pyramid_get(f->event->measured, i, &t_ms, &value);
    g_assert_true(value == 800 ? t_ms < begun : isnan(value) ? t_ms == begun - 1 : value == 750 && t_ms > begun);
  }
  casa_pyramid_get(f->event->measured, casa_pyramid_search(f->event->measured, begun - 1), &(gint64){ 0 }, &value);
  g_assert_true(isnan(value));
}

static void
assert_no_estimate(Fixture *f)
{
  g_assert_cmpuint(casa_pyramid_length(f->event->without), ==, 0);
  g_assert_true(isnan(f->event->sum) && isnan(f->event->mean) && isnan(f->event->expected));
  g_assert_cmpuint(casa_pyramid_length(f->event->measured), >, 0);
}

static void
test_no_yesterday(Fixture *f, gconstpointer data)
{
  fill(f, 42, TRUE);
  casa_pyramid_clear(f->day_before);
  join(f, START + CASA_HOUR_MS / 2);
  assert_no_estimate(f);
}

/* Nobody watched before it began. */
static void
test_no_level(Fixture *f, gconstpointer data)
{
  fill(f, 42, FALSE);
  casa_pyramid_clear(f->curve);
  for (gint64 t = START; t <= START + CASA_HOUR_MS; t += 2000)
    casa_pyramid_add(f->recent, t, today(t, 42));
  join(f, START + CASA_HOUR_MS / 2);
  assert_no_estimate(f);
}

/* An estimate of an amount is none below zero. */
static void
test_not_below_zero(Fixture *f, gconstpointer data)
{
  for (gint64 t = START - CASA_HOUR_MS; t <= START + CASA_HOUR_MS; t += CASA_CURVE_STEP_MS) {
    casa_pyramid_add(f->day_before, t, t < START ? 100 : 10);
    casa_pyramid_add(f->curve, t, 20);
  }
  join(f, START + CASA_HOUR_MS / 2);
  g_assert_cmpfloat(f->event->expected, ==, 0);
}

/* A silence costs nothing: who says nothing is not counted as if he had gone on. */
static void
test_silence(Fixture *f, gconstpointer data)
{
  fill(f, 42, FALSE);
  casa_pyramid_clear(f->curve);
  for (gint64 t = START - CASA_HOUR_MS; t <= START + CASA_HOUR_MS; t += CASA_CURVE_STEP_MS)
    if (t <= START + 10 * CASA_MINUTE_MS || t >= START + 50 * CASA_MINUTE_MS)
      casa_pyramid_add(f->curve, t, today(t, 42));
  join(f, START + CASA_HOUR_MS);
  g_assert_cmpfloat_with_epsilon(f->event->sum, -42 * 20 / 60.0, 1.5);
  g_assert_cmpfloat_with_epsilon(f->event->mean, -42, 5);
}

/* Heard from @first_ms on; a twin that says more than the day before would: today's truth is its own. */
static void
tell_twin(Fixture *f, gint64 first_ms)
{
  f->twin = casa_pyramid_new(4096);
  for (gint64 t = first_ms; t <= START + CASA_HOUR_MS; t += 2000)
    casa_pyramid_add(f->twin, t, today(t, 0) + 100);
}

/* What a simulator tells takes the estimate's place, and says so. Until it spoke nothing was different. */
static void
test_twin(Fixture *f, gconstpointer data)
{
  double first;
  gint64 first_ms;

  fill(f, 42, TRUE);
  tell_twin(f, START + 10 * 1000);
  join(f, START + CASA_HOUR_MS / 2);
  g_assert_true(f->event->simulated);
  g_assert_cmpfloat_with_epsilon(f->event->mean, -142, 1.5);
  g_assert_cmpfloat_with_epsilon(f->event->sum, -71, 1);
  g_assert_cmpfloat_with_epsilon(f->event->expected, today(START + CASA_HOUR_MS / 2, 0) + 100, 0.1);
  casa_pyramid_get(f->event->without, 0, &first_ms, &first);
  g_assert_cmpint(first_ms, <=, START + 2000);
  g_assert_cmpfloat_with_epsilon(first, today(first_ms, 42), 0.1);
}

/* One that came when the event was long under way does not know how it began: the estimate stays, and so does its name. */
static void
test_twin_too_late(Fixture *f, gconstpointer data)
{
  fill(f, 42, TRUE);
  tell_twin(f, START + 5 * CASA_MINUTE_MS);
  join(f, START + CASA_HOUR_MS / 2);
  g_assert_false(f->event->simulated);
  g_assert_cmpfloat_with_epsilon(f->event->mean, -42, 1.5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/event-curve/cost/watched", Fixture, GINT_TO_POINTER(TRUE), set_up, test_cost, tear_down);
  g_test_add("/event-curve/cost/stored", Fixture, GINT_TO_POINTER(FALSE), set_up, test_cost, tear_down);
  g_test_add("/event-curve/nothing-happened", Fixture, NULL, set_up, test_nothing_happened, tear_down);
  g_test_add("/event-curve/sudden", Fixture, NULL, set_up, test_sudden, tear_down);
  g_test_add("/event-curve/began-within-a-step", Fixture, NULL, set_up, test_began_within_a_step, tear_down);
  g_test_add("/event-curve/no-yesterday", Fixture, NULL, set_up, test_no_yesterday, tear_down);
  g_test_add("/event-curve/no-level", Fixture, NULL, set_up, test_no_level, tear_down);
  g_test_add("/event-curve/not-below-zero", Fixture, NULL, set_up, test_not_below_zero, tear_down);
  g_test_add("/event-curve/silence", Fixture, NULL, set_up, test_silence, tear_down);
  g_test_add("/event-curve/twin", Fixture, NULL, set_up, test_twin, tear_down);
  g_test_add("/event-curve/twin-too-late", Fixture, NULL, set_up, test_twin_too_late, tear_down);
  return g_test_run();
}
