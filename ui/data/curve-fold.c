/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/curve-fold.h"
#include "base/time-units.h"
#include "series/members.h"
#include <math.h>

#define BRIDGE_MS (15 * 60 * 1000) /* the longest interval that a station may report at: a longer silence is a gap */

struct _CasaCurveFold {
  const CasaIndicator *indicator;
  gint64 from_ms, step_ms;
  guint n;
  GPtrArray *stations; /* double[n] each, NAN: nothing there */
};

CasaCurveFold *
casa_curve_fold_new(const CasaIndicator *indicator, gint64 from_ms, gint64 to_ms, gint64 step_ms)
{
  CasaCurveFold *self = g_new0(CasaCurveFold, 1);

  self->indicator = indicator;
  self->from_ms = from_ms;
  self->step_ms = step_ms;
  self->n = to_ms > from_ms ? (guint)((to_ms - from_ms + step_ms - 1) / step_ms) : 0;
  self->stations = g_ptr_array_new_with_free_func(g_free);
  return self;
}

void
casa_curve_fold_free(CasaCurveFold *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->stations);
  g_free(self);
}

/* Step of a bucket; n when it is outside. */
static guint
step_of(const CasaCurveFold *self, const CasaBucket *bucket)
{
  gint64 step = bucket->t_ms < self->from_ms ? self->n : (bucket->t_ms - self->from_ms) / self->step_ms;

  return (guint)MIN(step, (gint64)self->n);
}

/* Mean of the buckets of one window of time that ends with a bucket, and how much of the window they cover. */
typedef struct {
  double sum, n;
  gint64 covered_ms;
} Window;

/* What a bucket covers: the time since the one before, if that is no silence. */
static gint64
covers(const GArray *buckets, guint i, gint64 step_ms)
{
  if (i == 0)
    return step_ms;
  gint64 since = g_array_index(buckets, CasaBucket, i).t_ms - g_array_index(buckets, CasaBucket, i - 1).t_ms;
  return since <= BRIDGE_MS ? since : step_ms;
}

static void
window_add(Window *self, const GArray *buckets, guint i, gint64 step_ms, int sign)
{
  const CasaBucket *b = &g_array_index(buckets, CasaBucket, i);

  self->sum += sign * b->mean * b->n;
  self->n += sign * (double)b->n;
  self->covered_ms += sign * covers(buckets, i, step_ms);
}

/* The values between two buckets of a station that reports seldom are those of the first. */
static void
put_value(const CasaCurveFold *self, const GArray *buckets, guint i, double value, double *out)
{
  guint step = step_of(self, &g_array_index(buckets, CasaBucket, i)), end = step + 1;

  if (self->indicator->over_ms && i + 1 < buckets->len && covers(buckets, i + 1, 0) > 0)
    end = step_of(self, &g_array_index(buckets, CasaBucket, i + 1));
  for (; step < end && step < self->n; step++)
    out[step] = value;
}

static void
fold_over_time(const CasaCurveFold *self, const GArray *buckets, double *out)
{
  Window window = { 0 };
  gint64 over_ms = self->indicator->over_ms;
  guint first = 0;

  for (guint i = 0; i < buckets->len; i++) {
    window_add(&window, buckets, i, self->step_ms, 1);
    while (g_array_index(buckets, CasaBucket, first).t_ms <= g_array_index(buckets, CasaBucket, i).t_ms - over_ms)
      window_add(&window, buckets, first++, self->step_ms, -1);
    if ((double)window.covered_ms >= CASA_MEAN_WHOLE * (double)over_ms)
      put_value(self, buckets, i, window.sum / window.n, out);
  }
}

void
casa_curve_fold_add(CasaCurveFold *self, const GArray *buckets)
{
  double *values = g_new(double, MAX(self->n, 1));

  for (guint i = 0; i < self->n; i++)
    values[i] = NAN;
  if (self->indicator->over_ms)
    fold_over_time(self, buckets, values);
  else
    for (guint i = 0; i < buckets->len; i++)
      put_value(self, buckets, i, g_array_index(buckets, CasaBucket, i).mean, values);
  if (buckets->len)
    g_ptr_array_add(self->stations, values);
  else
    g_free(values);
}

/* NAN: too few stations have anything at @step. */
static double
fold_step(const CasaCurveFold *self, guint step, double *values)
{
  guint n = 0;

  for (guint i = 0; i < self->stations->len; i++) {
    double value = ((const double *)self->stations->pdata[i])[step];
    if (isfinite(value))
      values[n++] = value;
  }
  if (n == 0 || n < self->indicator->fresh * self->stations->len)
    return NAN;
  return casa_members_fold(self->indicator, values, n);
}

GArray *
casa_curve_fold_finish(CasaCurveFold *self, gint64 from_ms)
{
  GArray *curve = g_array_new(FALSE, FALSE, sizeof(CasaCurvePoint));
  g_autofree double *values = g_new(double, MAX(self->stations->len, 1));

  for (guint i = 0; i < self->n; i++) {
    CasaCurvePoint point = { self->from_ms + i * self->step_ms, NAN };
    if (point.t_ms < from_ms)
      continue;
    point.value = fold_step(self, i, values);
    if (isfinite(point.value))
      g_array_append_val(curve, point);
  }
  return curve;
}

GArray *
casa_curve_ratio(const GArray *part, const GArray *whole)
{
  if (!part || !whole)
    return NULL;
  GArray *curve = g_array_new(FALSE, FALSE, sizeof(CasaCurvePoint));
  for (guint i = 0, k = 0; i < part->len; i++) {
    CasaCurvePoint point = g_array_index(part, CasaCurvePoint, i);
    while (k < whole->len && g_array_index(whole, CasaCurvePoint, k).t_ms < point.t_ms)
      k++;
    if (k == whole->len || g_array_index(whole, CasaCurvePoint, k).t_ms != point.t_ms ||
        !(g_array_index(whole, CasaCurvePoint, k).value > 0))
      continue;
    point.value *= 100 / g_array_index(whole, CasaCurvePoint, k).value;
    g_array_append_val(curve, point);
  }
  return curve;
}

/* Of the buckets that begin in [@from_ms, @to_ms), weighted by how much is in them. */
static CasaMean
mean_between(const GArray *buckets, gint64 from_ms, gint64 to_ms, gint64 step_ms)
{
  Window window = { 0 };

  for (guint i = 0; i < buckets->len; i++) {
    gint64 t_ms = g_array_index(buckets, CasaBucket, i).t_ms;
    if (t_ms >= from_ms && t_ms < to_ms)
      window_add(&window, buckets, i, step_ms, 1);
  }
  return (CasaMean){ window.n > 0 ? window.sum / window.n : NAN, MIN(window.covered_ms, to_ms - from_ms) };
}

CasaSeriesMeans
casa_curve_means(guint series, const GArray *buckets, gint64 step_ms)
{
  CasaSeriesMeans means = {
    .series = series, .ten_minutes = { NAN, 0 }, .hour = { NAN, 0 }, .day = { NAN, 0 }, .hour_ago = NAN
  };

  if (!buckets || buckets->len == 0)
    return means;
  gint64 end = g_array_index(buckets, CasaBucket, buckets->len - 1).t_ms + step_ms;
  means.ten_minutes = mean_between(buckets, end - 10 * CASA_MINUTE_MS, end, step_ms);
  means.hour = mean_between(buckets, end - CASA_HOUR_MS, end, step_ms);
  means.day = mean_between(buckets, end - CASA_DAY_MS, end, step_ms);
  means.hour_ago = mean_between(buckets, end - CASA_HOUR_MS - 10 * CASA_MINUTE_MS, end - CASA_HOUR_MS, step_ms).value;
  return means;
}
