/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/anomaly.h"
#include "analysis/sensor-watch.h"
#include <math.h>

/* Unusual and wrong: an event is told and is no habit afterwards, a quiet month is quiet, and a sensor's fault is one that its
 * neighbours do not share. */

#define STEP ((gint64)CASA_ANOMALY_STEP_MS)
#define START G_GINT64_CONSTANT(1776038400000)

/* Repeatable, nearly normal. */
static double
noise(guint32 *state)
{
  double sum = 0;

  for (guint i = 0; i < 4; i++) {
    *state = *state * 1664525u + 1013904223u;
    sum += *state / 4294967296.0 - 0.5;
  }
  return sum * 1.7320508;
}

static double
habit(guint slot)
{
  return 100 + 40 * sin(slot * 2 * G_PI / CASA_ANOMALY_SLOTS);
}

typedef struct {
  CasaAnomaly *anomaly;
  guint32 state;
  guint begun; /* alerts */
  CasaAnomalyVerdict last, at_begin;
} Series;

/* Whole days [@from, @to) with deviation 2 of chance, and @extra in [@first, @last) of day @day. */
static void
live(Series *s, guint from, guint to, guint day, guint first, guint last, double extra)
{
  for (guint d = from; d < to; d++)
    for (guint slot = 0; slot < CASA_ANOMALY_SLOTS; slot++) {
      const gint64 t_ms = START + (gint64)(d * CASA_ANOMALY_SLOTS + slot) * STEP;
      const gboolean hit = d == day && slot >= first && slot < last;
      casa_anomaly_add(s->anomaly, t_ms, slot, 0, d, habit(slot) + 2 * noise(&s->state) + (hit ? extra : 0), &s->last);
      s->begun += s->last.begins;
      if (s->last.begins)
        s->at_begin = s->last;
    }
}

static void
test_quiet(void)
{
  Series s = { casa_anomaly_new(0.1), 7 };

  live(&s, 0, 60, 0, 0, 0, 0);
  g_assert_true(s.last.known);
  g_assert_cmpuint(s.begun, ==, 0);
  casa_anomaly_free(s.anomaly);
}

static void
test_not_yet(void)
{
  Series s = { casa_anomaly_new(0.1), 7 };

  live(&s, 0, 2, 1, 100, 120, 500);
  g_assert_false(s.last.known);
  g_assert_cmpuint(s.begun, ==, 0);
  casa_anomaly_free(s.anomaly);
}

/* Told within two steps, since its first; rank 1 of all the days; over when it is over. */
static void
test_event(void)
{
  Series s = { casa_anomaly_new(0.1), 7 };

  live(&s, 0, 31, 30, 100, 112, -30);
  g_assert_cmpuint(s.begun, ==, 1);
  g_assert_cmpint(s.at_begin.since_ms, ==, START + (30 * CASA_ANOMALY_SLOTS + 100) * STEP);
  g_assert_cmpfloat(s.at_begin.score, <, -7);
  g_assert_cmpfloat_with_epsilon(s.at_begin.expected, habit(101), 3);
  g_assert_cmpuint(s.at_begin.rank, ==, 1);
  g_assert_cmpuint(s.at_begin.of, ==, 31);
  g_assert_false(s.last.lasts);
  /* And the same again next day is as unusual as before: yesterday's event is no habit. */
  live(&s, 31, 32, 31, 100, 112, -30);
  g_assert_cmpuint(s.begun, ==, 2);
  casa_anomaly_free(s.anomaly);
}

/* Small for each step, plain for an hour of them: told within it, and over when it is over. */
static void
test_small_and_steady(void)
{
  Series s = { casa_anomaly_new(0.1), 7 };

  live(&s, 0, 31, 30, 100, 112, 8);
  g_assert_cmpuint(s.begun, ==, 1);
  g_assert_cmpint(s.at_begin.since_ms, >=, START + (30 * CASA_ANOMALY_SLOTS + 96) * STEP);
  g_assert_cmpint(s.at_begin.since_ms, <, START + (30 * CASA_ANOMALY_SLOTS + 112) * STEP);
  g_assert_cmpfloat(fabs(s.at_begin.score), <, 7);
  g_assert_false(s.last.lasts);
  casa_anomaly_free(s.anomaly);
}

/* Of a single step nothing is told: that is a sensor's. */
static void
test_single_step(void)
{
  Series s = { casa_anomaly_new(0.1), 7 };

  live(&s, 0, 31, 30, 100, 101, 300);
  g_assert_cmpuint(s.begun, ==, 0);
  casa_anomaly_free(s.anomaly);
}

/* A verdict does not change when something else comes later. */
static void
test_looks_not_ahead(void)
{
  Series a = { casa_anomaly_new(0.1), 7 }, b = { casa_anomaly_new(0.1), 7 };

  live(&a, 0, 30, 0, 0, 0, 0);
  live(&b, 0, 30, 0, 0, 0, 0);
  const CasaAnomalyVerdict before = a.last;
  live(&a, 30, 31, 30, 0, 50, 400);
  g_assert_cmpfloat(before.score, ==, b.last.score);
  g_assert_cmpfloat(before.expected, ==, b.last.expected);
  casa_anomaly_free(a.anomaly);
  casa_anomaly_free(b.anomaly);
}

typedef struct {
  CasaSensorWatch *watch;
  guint32 state;
  guint n[CASA_SENSOR_CLOCK + 1]; /* how often each fault began */
  CasaSensorVerdict last;
} Sensor;

typedef double (*Change)(guint step, double value);

static double
as_it_is(guint step, double value)
{
  return value;
}

static double
stuck_later(guint step, double value)
{
  return step >= 500 && step < 540 ? 43.25 : value;
}

static double
spike(guint step, double value)
{
  return step == 700 ? value * 5 : value;
}

static double
moves_away(guint step, double value)
{
  return value + (step > 12 * CASA_ANOMALY_SLOTS ? 0.01 * (step - 12 * CASA_ANOMALY_SLOTS) : 0);
}

/* @together: what moves everybody; @offset_ms: of its clock. */
static void
measure(Sensor *s, guint n, Change own, Change together, gint64 offset_ms)
{
  for (guint i = 0; i < n; i++) {
    const gint64 t_ms = START + i * STEP;
    const double truth = together(i, 40 + 10 * sin(i * 2 * G_PI / CASA_ANOMALY_SLOTS));
    const double value = round(own(i, truth + noise(&s->state)) * 100) / 100;
    casa_sensor_watch_add(s->watch, t_ms + offset_ms, t_ms, value, truth + 0.3 * noise(&s->state), &s->last);
    s->n[s->last.fault] += s->last.begins;
  }
}

static void
sensor(Sensor *s, guint n, Change own, Change together, gint64 offset_ms)
{
  *s = (Sensor){ casa_sensor_watch_new(0.1), 11 };
  measure(s, n, own, together, offset_ms);
  casa_sensor_watch_free(s->watch);
}

static void
test_faults(void)
{
  Sensor s;

  sensor(&s, 20 * CASA_ANOMALY_SLOTS, as_it_is, as_it_is, -400);
  for (guint i = CASA_SENSOR_STUCK; i <= CASA_SENSOR_CLOCK; i++)
    g_assert_cmpuint(s.n[i], ==, 0);
  sensor(&s, 1000, stuck_later, as_it_is, 0);
  g_assert_cmpuint(s.n[CASA_SENSOR_STUCK], ==, 1);
  sensor(&s, 1000, spike, as_it_is, 0);
  g_assert_cmpuint(s.n[CASA_SENSOR_OUTLIER], ==, 1);
  sensor(&s, 20 * CASA_ANOMALY_SLOTS, moves_away, as_it_is, 0);
  g_assert_cmpuint(s.n[CASA_SENSOR_DRIFT], ==, 1);
  g_assert_cmpfloat(s.last.size, >, 5);
  sensor(&s, 100, as_it_is, as_it_is, 60 * 60 * 1000);
  g_assert_cmpuint(s.n[CASA_SENSOR_CLOCK], ==, 1);
  g_assert_cmpfloat(s.last.size, ==, 3600000);
}

/* What its neighbours say too is the city, however odd. */
static void
test_shared_is_no_fault(void)
{
  Sensor s;

  sensor(&s, 1000, as_it_is, spike, 0);
  g_assert_cmpuint(s.n[CASA_SENSOR_OUTLIER], ==, 0);
  sensor(&s, 20 * CASA_ANOMALY_SLOTS, as_it_is, moves_away, 0);
  g_assert_cmpuint(s.n[CASA_SENSOR_DRIFT], ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/anomaly/quiet", test_quiet);
  g_test_add_func("/anomaly/not-yet", test_not_yet);
  g_test_add_func("/anomaly/event", test_event);
  g_test_add_func("/anomaly/small-and-steady", test_small_and_steady);
  g_test_add_func("/anomaly/single-step", test_single_step);
  g_test_add_func("/anomaly/looks-not-ahead", test_looks_not_ahead);
  g_test_add_func("/sensor/faults", test_faults);
  g_test_add_func("/sensor/shared-is-no-fault", test_shared_is_no_fault);
  return g_test_run();
}
