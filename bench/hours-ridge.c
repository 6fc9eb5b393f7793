/* SPDX-License-Identifier: Apache-2.0 */
#include "hours.h"
#include <math.h>

#define MOST 24      /* features */
#define PENALTY 10.0 /* on standardised features */

double
hours_at(const Series *self, gint64 i)
{
  return i >= 0 && i < (gint64)self->n ? self->value[i] : NAN;
}

void
hours_naive(const Series *self, guint origin, guint horizon, double out[3])
{
  const gint64 target = (gint64)origin + horizon;

  out[0] = NAN;
  for (guint i = origin; i + 3 > origin && isnan(out[0]); i--)
    out[0] = hours_at(self, i);
  out[1] = hours_at(self, target - 24);
  out[2] = hours_at(self, target - 168);
}

static double
mean_until(const Series *self, guint origin, guint hours)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < hours; i++) {
    const double value = hours_at(self, (gint64)origin - i);
    sum += isnan(value) ? 0 : value;
    n += !isnan(value);
  }
  return n ? sum / n : NAN;
}

/* FALSE: something is missing. */
static gboolean
see(const Series *self, guint origin, guint horizon, Sees sees, double *x, guint *n)
{
  const gint64 target = (gint64)origin + horizon, hour = self->hour[target];
  const double week = 2 * G_PI * (double)((hour / 24 + 3) % 7) / 7, day = 2 * G_PI * (double)(hour % 24) / 24;
  double *end = x;

  *end++ = 1;
  for (guint lag = 0; lag < 4; lag++)
    *end++ = hours_at(self, (gint64)origin - lag);
  *end++ = hours_at(self, target - 24);
  *end++ = hours_at(self, target - 48);
  *end++ = hours_at(self, target - 168);
  *end++ = mean_until(self, origin, 24);
  for (guint k = 1; k <= 3; k++) {
    *end++ = sin(k * day);
    *end++ = cos(k * day);
  }
  *end++ = sin(week);
  *end++ = cos(week);
  *end++ = (hour / 24 + 3) % 7 >= 5;
  if (sees >= SEES_WEATHER) {
    *end++ = self->weather[origin].temp_c;
    *end++ = self->weather[origin].wind_ms;
  }
  if (sees == SEES_WEATHER_AHEAD) {
    *end++ = self->weather[target].temp_c;
    *end++ = self->weather[target].wind_ms;
    *end++ = self->weather[target].wind_ms * self->value[origin];
  }
  *n = (guint)(end - x);
  for (guint i = 0; i < *n; i++)
    if (!isfinite(x[i]))
      return FALSE;
  return TRUE;
}

typedef struct {
  double sums[MOST][MOST + 1]; /* the last column: with the truth */
  double mean[MOST], scale[MOST], weights[MOST];
  guint n, seen;
} Ridge;

/* Sums of products of centred and scaled features follow from those of the plain ones. */
static void
solve(Ridge *r)
{
  double m[MOST][MOST + 1];

  for (guint i = 0; i < r->n; i++) {
    r->mean[i] = i ? r->sums[i][0] / r->seen : 0;
    r->scale[i] = i ? sqrt(MAX(r->sums[i][i] / r->seen - r->mean[i] * r->mean[i], 1e-12)) : 1;
  }
  const double truth = r->sums[0][r->n];
  for (guint i = 0; i < r->n; i++) {
    for (guint k = 0; k < r->n; k++)
      m[i][k] = (r->sums[i][k] - (i && k ? r->seen * r->mean[i] * r->mean[k]
                                  : i    ? r->seen * r->mean[i]
                                  : k    ? r->seen * r->mean[k]
                                         : 0)) /
                (r->scale[i] * r->scale[k]);
    m[i][i] += i ? PENALTY : 0;
    m[i][r->n] = (r->sums[i][r->n] - r->mean[i] * truth) / r->scale[i];
  }
  for (guint i = 0; i < r->n; i++) /* a matrix that is positive definite wants no pivot */
    for (guint k = i + 1; k < r->n; k++) {
      const double share = m[k][i] / m[i][i];
      for (guint j = i; j <= r->n; j++)
        m[k][j] -= share * m[i][j];
    }
  for (guint i = r->n; i-- > 0;) {
    r->weights[i] = m[i][r->n];
    for (guint k = i + 1; k < r->n; k++)
      r->weights[i] -= m[i][k] * r->weights[k];
    r->weights[i] /= m[i][i];
  }
}

static double
tell(const Ridge *r, const double *x)
{
  double sum = 0;

  for (guint i = 0; i < r->n; i++)
    sum += r->weights[i] * (x[i] - r->mean[i]) / r->scale[i];
  return sum;
}

double
hours_plain_ridge(const Series *self, guint horizon, Sees sees)
{
  g_autofree Ridge *r = g_new0(Ridge, 1);
  double error = 0, naive_error[3] = { 0 }, x[MOST];
  const guint first = self->n * 3 / 5;

  for (guint origin = 168; origin + horizon < self->n; origin++) {
    const guint target = origin + horizon;
    double naive[3];
    hours_naive(self, origin, horizon, naive);
    if (!see(self, origin, horizon, sees, x, &r->n) || !isfinite(self->value[target]) ||
        !isfinite(naive[0] + naive[1] + naive[2]))
      continue;
    if (target < first) {
      for (guint i = 0; i < r->n; i++) {
        for (guint k = 0; k < r->n; k++)
          r->sums[i][k] += x[i] * x[k];
        r->sums[i][r->n] += x[i] * self->value[target];
      }
      r->seen++;
    } else if (origin >= first) {
      if (r->weights[0] == 0)
        solve(r);
      error += fabs(tell(r, x) - self->value[target]);
      for (guint k = 0; k < 3; k++)
        naive_error[k] += fabs(naive[k] - self->value[target]);
    }
  }
  return error / MIN(naive_error[0], MIN(naive_error[1], naive_error[2]));
}
