/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/event-curve.h"
#include "base/time-units.h"
#include <math.h>

#define CAPACITY 8192
#define LEVEL_MS (5 * CASA_MINUTE_MS)    /* before the event: its level then */
#define AROUND_MS (10 * CASA_MINUTE_MS)  /* of yesterday, to both sides of a moment: its noise is not this day's */
#define GRID_MS CASA_MINUTE_MS           /* of the estimate */
#define TOLD_MS (2 * CASA_MINUTE_MS)     /* a twin that is heard later after the begin does not know it */
#define SILENCE_MS (10 * CASA_MINUTE_MS) /* a longer one is not counted as measured */

CasaEventCurve *
casa_event_curve_new(void)
{
  CasaEventCurve *self = g_new0(CasaEventCurve, 1);

  self->measured = casa_pyramid_new(CAPACITY);
  self->without = casa_pyramid_new(CAPACITY);
  self->sum = self->mean = self->expected = NAN;
  return self;
}

void
casa_event_curve_free(CasaEventCurve *self)
{
  if (!self)
    return;
  casa_pyramid_free(self->measured);
  casa_pyramid_free(self->without);
  g_free(self);
}

static void
copy(CasaPyramid *to, const CasaPyramid *from, gint64 from_ms, gint64 to_ms)
{
  guint end = casa_pyramid_search(from, to_ms);

  for (guint i = casa_pyramid_search(from, from_ms); i < end; i++) {
    gint64 t_ms;
    double value;
    casa_pyramid_get(from, i, &t_ms, &value);
    casa_pyramid_add(to, t_ms, value);
  }
}

/* Means of what lies somewhere; n 0: nothing does. */
typedef struct {
  double value, t_ms;
  guint n;
} Mean;

/* In [@from_ms, @to_ms). */
static Mean
mean_in(const CasaPyramid *data, gint64 from_ms, gint64 to_ms)
{
  Mean mean = { 0 };
  const guint end = casa_pyramid_search(data, to_ms);

  for (guint i = casa_pyramid_search(data, from_ms); i < end; i++) {
    gint64 t_ms;
    double value;
    casa_pyramid_get(data, i, &t_ms, &value);
    if (!isfinite(value))
      continue;
    mean.n++;
    mean.value += (value - mean.value) / mean.n;
    mean.t_ms += ((double)t_ms - mean.t_ms) / mean.n;
  }
  return mean;
}

/* Where the finer values begin, those of the curve end: a step holds what followed it for two minutes. One that the event began
 * in is of both, and left out; the line is broken there, else it would lead down to what came only with the event. */
static void
join_measured(CasaEventCurve *self, const CasaPyramid *curve, const CasaPyramid *recent, gint64 from_ms, gint64 start_ms,
              gint64 to_ms)
{
  gint64 first_ms = to_ms + CASA_CURVE_STEP_MS;
  double value;

  if (casa_pyramid_length(recent))
    casa_pyramid_get(recent, 0, &first_ms, &value);
  casa_pyramid_clear(self->measured);
  const gint64 until_ms = MIN(first_ms - CASA_CURVE_STEP_MS, to_ms) + 1;
  copy(self->measured, curve, from_ms, MIN(until_ms, start_ms - CASA_CURVE_STEP_MS + 1));
  if (first_ms > start_ms && casa_pyramid_length(self->measured))
    casa_pyramid_add(self->measured, start_ms - 1, NAN);
  copy(self->measured, curve, MAX(from_ms, start_ms), until_ms);
  copy(self->measured, recent, MAX(from_ms, first_ms), to_ms + 1);
}

/* Of the curve's steps, only those that were over when the event began. */
static Mean
level_before(const CasaPyramid *curve, const CasaPyramid *recent, gint64 start_ms)
{
  const Mean level = mean_in(recent, start_ms - LEVEL_MS, start_ms);

  return level.n ? level : mean_in(curve, start_ms - 2 * LEVEL_MS, start_ms - CASA_CURVE_STEP_MS + 1);
}

/* NAN: nothing is known around then. */
static double
yesterday_at(const CasaPyramid *day_before, gint64 t_ms)
{
  const Mean mean = mean_in(day_before, t_ms - AROUND_MS, t_ms + AROUND_MS + 1);

  return mean.n ? mean.value : NAN;
}

static void
estimate(CasaEventCurve *self, const CasaPyramid *day_before, Mean level, gint64 start_ms, gint64 to_ms)
{
  const double then = level.n ? yesterday_at(day_before, llround(level.t_ms)) : NAN;

  casa_pyramid_clear(self->without);
  self->expected = NAN;
  if (!isfinite(then))
    return;
  for (gint64 t = start_ms;; t = MIN(t + GRID_MS, to_ms)) {
    const double value = level.value + yesterday_at(day_before, t) - then;
    if (!isfinite(value))
      return;
    self->expected = level.value >= 0 ? MAX(value, 0) : value;
    casa_pyramid_add(self->without, t, self->expected);
    if (t >= to_ms)
      return;
  }
}

/* As it was measured until the twin spoke first: nothing was different. FALSE: it does not know the event's begin. */
static gboolean
take_twin(CasaEventCurve *self, const CasaPyramid *twin, gint64 start_ms, gint64 to_ms)
{
  const guint first = twin ? casa_pyramid_search(twin, start_ms) : 0;
  gint64 first_ms, t_ms;
  double value;

  if (!twin || first >= casa_pyramid_length(twin))
    return FALSE;
  casa_pyramid_get(twin, first, &first_ms, &value);
  if (first_ms > MIN(start_ms + TOLD_MS, to_ms))
    return FALSE;
  casa_pyramid_clear(self->without);
  copy(self->without, self->measured, start_ms, first_ms);
  copy(self->without, twin, first_ms, to_ms + 1);
  casa_pyramid_last(self->without, &t_ms, &self->expected);
  return TRUE;
}

/* FALSE: what would have been does not reach @t_ms. */
static gboolean
without_at(const CasaPyramid *without, gint64 t_ms, double *out)
{
  guint i = casa_pyramid_search(without, t_ms), n = casa_pyramid_length(without);
  gint64 before_ms, after_ms;
  double before, after;

  if (i == n)
    return FALSE;
  casa_pyramid_get(without, i, &after_ms, &after);
  if (i == 0) {
    *out = after;
    return after_ms == t_ms;
  }
  casa_pyramid_get(without, i - 1, &before_ms, &before);
  *out = before + (after - before) * (double)(t_ms - before_ms) / (double)(after_ms - before_ms);
  return TRUE;
}

/* Each value counts for the time since the one before; a silence for none. */
static void
measure(CasaEventCurve *self, gint64 start_ms)
{
  double sum = 0, value, without;
  gint64 last_ms = start_ms, covered_ms = 0, t_ms;
  guint n = casa_pyramid_length(self->measured);

  for (guint i = casa_pyramid_search(self->measured, start_ms); i < n; i++) {
    casa_pyramid_get(self->measured, i, &t_ms, &value);
    const gint64 since_ms = t_ms - last_ms;
    last_ms = t_ms;
    if (!isfinite(value) || since_ms > SILENCE_MS || !without_at(self->without, t_ms, &without))
      continue;
    sum += (value - without) * (double)since_ms / CASA_HOUR_MS;
    covered_ms += since_ms;
  }
  self->sum = covered_ms ? sum : NAN;
  self->mean = covered_ms ? sum * CASA_HOUR_MS / (double)covered_ms : NAN;
}

void
casa_event_curve_join(CasaEventCurve *self, const CasaPyramid *curve, const CasaPyramid *recent, const CasaPyramid *day_before,
                      const CasaPyramid *twin, gint64 from_ms, gint64 start_ms, gint64 to_ms)
{
  join_measured(self, curve, recent, MIN(from_ms, start_ms), start_ms, to_ms);
  self->simulated = take_twin(self, twin, start_ms, to_ms);
  if (!self->simulated)
    estimate(self, day_before, level_before(curve, recent, start_ms), start_ms, MAX(start_ms, to_ms));
  measure(self, start_ms);
}

void
casa_event_curve_read(CasaEventCurve *self, CasaModel *model, const CasaIndicator *indicator, gint64 from_ms, gint64 start_ms,
                      gint64 to_ms)
{
  const CasaPyramid *curve = casa_model_curve(model, indicator);

  if (curve) {
    casa_event_curve_join(self, curve, casa_model_recent(model, indicator), casa_model_day_before(model, indicator),
                          casa_model_without(model, indicator), from_ms, start_ms, to_ms);
    return;
  }
  casa_pyramid_clear(self->measured);
  casa_pyramid_clear(self->without);
  self->simulated = FALSE;
  self->sum = self->mean = self->expected = NAN;
}
