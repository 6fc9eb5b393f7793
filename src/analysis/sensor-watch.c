/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/sensor-watch.h"
#include "base/time-units.h"
#include "series/stats.h"
#include <math.h>

#define KEPT 13                     /* last readings */
#define STUCK_MS CASA_HOUR_MS       /* the same value for so long… */
#define STUCK_MOVES 4.0             /* …while the neighbours moved by so many times what it can tell apart */
#define RESTLESS 0.4                /* a sensor whose usual change is as much: of it, less of theirs will do */
#define STUCK_READINGS 7            /* and it spoke so often meanwhile */
#define WARM_READINGS 150           /* until its usual step is known */
#define OUTLIER 8.0                 /* usual steps, from its own last readings and from its neighbours' move */
#define CLOCK_MS (90 * 1000)        /* a network is slower than that now and then, a sound clock never */
#define CLOCK_SPREAD_MS (45 * 1000) /* of the offsets: what wanders is the network's */
#define DAY_SHARE (1.0 / 288)       /* of a reading in the mean of a day, in five-minute steps */
#define DRIFT_DAYS 7                /* of differences that must be known */
#define DRIFT 6.0                   /* usual day-to-day changes of the difference */

struct _CasaSensorWatch {
  double least;
  double values[KEPT], beside[KEPT], offsets[KEPT]; /* the last readings, oldest first */
  gint64 arrived[KEPT];
  guint n;
  double step;            /* usual change from one reading to the next */
  guint n_steps;          /* that it was learned from, up to WARM_READINGS */
  gint64 same_ms;         /* since when it says the same */
  guint same_n;           /* how often by now */
  double same, low, high; /* what it says; least and most of the neighbours meanwhile */
  double gap, day_sum;    /* usual difference to the neighbours; of the day in hand, their sum */
  guint day_n, days;
  gint64 day;
  double swing; /* usual change of the difference from day to day */
  gint64 drift_ms;
  CasaSensorFault last;
};

CasaSensorWatch *
casa_sensor_watch_new(double least)
{
  CasaSensorWatch *self = g_new0(CasaSensorWatch, 1);

  self->least = least;
  self->step = least;
  self->day = G_MININT64;
  return self;
}

void
casa_sensor_watch_free(CasaSensorWatch *self)
{
  g_free(self);
}

static void
keep(CasaSensorWatch *self, gint64 said_ms, gint64 arrived_ms, double value, double neighbours)
{
  if (self->n == KEPT) {
    self->n--;
    for (guint i = 0; i < self->n; i++) {
      self->values[i] = self->values[i + 1];
      self->beside[i] = self->beside[i + 1];
      self->offsets[i] = self->offsets[i + 1];
      self->arrived[i] = self->arrived[i + 1];
    }
  }
  self->values[self->n] = value;
  self->beside[self->n] = neighbours;
  self->offsets[self->n] = (double)(said_ms - arrived_ms);
  self->arrived[self->n++] = arrived_ms;
}

static double
median_of(const double *from, guint n)
{
  double values[KEPT];
  guint known = 0;

  for (guint i = 0; i < n; i++)
    if (isfinite(from[i]))
      values[known++] = from[i];
  return known ? casa_median(values, known) : NAN;
}

static gboolean
is_stuck(CasaSensorWatch *self, gint64 arrived_ms, double value, double neighbours, CasaSensorVerdict *out)
{
  if (self->same_n == 0 || value != self->same) {
    self->same = value;
    self->same_ms = arrived_ms;
    self->same_n = 0;
    self->low = self->high = neighbours;
  }
  self->same_n++;
  if (isfinite(neighbours)) {
    self->low = isfinite(self->low) ? MIN(self->low, neighbours) : neighbours;
    self->high = isfinite(self->high) ? MAX(self->high, neighbours) : neighbours;
  }
  out->since_ms = self->same_ms;
  const gboolean restless = self->n_steps >= WARM_READINGS && self->step >= RESTLESS * self->least;
  return arrived_ms - self->same_ms >= STUCK_MS && self->same_n >= STUCK_READINGS &&
         self->high - self->low >= (restless ? self->least / 4 : STUCK_MOVES * self->least);
}

/* Judged with the reading after it, when it is known that it went away by itself. */
static gboolean
was_outlier(CasaSensorWatch *self, CasaSensorVerdict *out)
{
  if (self->n < 6 || self->n_steps < WARM_READINGS)
    return FALSE;
  const guint at = self->n - 2;
  const double before = median_of(self->values, at), beside = median_of(self->beside, at);
  const double off = self->values[at] - before, back = self->values[at + 1] - before;
  const double moved = isfinite(beside) && isfinite(self->beside[at]) ? self->beside[at] - beside : 0;
  const double usual = OUTLIER * MAX(self->step, self->least);
  out->since_ms = self->arrived[at];
  out->size = off - moved;
  return fabs(off) > usual && fabs(off - moved) > usual && fabs(back) < fabs(off) / 2;
}

static gboolean
is_clock_off(CasaSensorWatch *self, CasaSensorVerdict *out)
{
  if (self->n < KEPT)
    return FALSE;
  const double off = median_of(self->offsets, self->n);
  double apart[KEPT];
  for (guint i = 0; i < self->n; i++)
    apart[i] = fabs(self->offsets[i] - off);
  out->size = off;
  out->since_ms = self->arrived[0];
  return fabs(off) > CLOCK_MS && median_of(apart, self->n) < CLOCK_SPREAD_MS;
}

static void
end_day(CasaSensorWatch *self, gint64 arrived_ms)
{
  const double mean = self->day_sum / self->day_n, change = fabs(mean - self->gap);

  if (self->days == 0)
    self->gap = mean;
  else if (self->days < DRIFT_DAYS) {
    self->swing += (change - self->swing) / self->days;
    self->gap += (mean - self->gap) / (self->days + 1);
  } else if (change <= DRIFT * MAX(self->swing, self->least)) {
    self->drift_ms = 0;
    self->swing += 0.1 * (MIN(change, 3 * self->swing + self->least) - self->swing);
  } else if (self->drift_ms == 0) {
    self->drift_ms = arrived_ms;
  }
  self->days++;
}

/* The mean difference of a whole day, against that of the first days. */
static gboolean
drifts(CasaSensorWatch *self, gint64 arrived_ms, double value, double neighbours, CasaSensorVerdict *out)
{
  const gint64 day = arrived_ms / CASA_DAY_MS;

  if (day != self->day) {
    if (self->day_n >= 0.5 / DAY_SHARE)
      end_day(self, arrived_ms);
    self->day = day;
    self->day_sum = self->day_n = 0;
  }
  if (isfinite(neighbours)) {
    self->day_sum += value - neighbours;
    self->day_n++;
  }
  out->since_ms = self->drift_ms;
  out->size = self->day_n ? self->day_sum / self->day_n - self->gap : 0;
  return self->drift_ms != 0;
}

void
casa_sensor_watch_add(CasaSensorWatch *self, gint64 said_ms, gint64 arrived_ms, double value, double neighbours,
                      CasaSensorVerdict *out)
{
  CasaSensorVerdict stuck = { CASA_SENSOR_STUCK }, outlier = { CASA_SENSOR_OUTLIER }, drift = { CASA_SENSOR_DRIFT },
                    clock = { CASA_SENSOR_CLOCK };

  *out = (CasaSensorVerdict){ CASA_SENSOR_SOUND };
  if (!isfinite(value))
    return;
  keep(self, said_ms, arrived_ms, value, neighbours);
  const gboolean s = is_stuck(self, arrived_ms, value, neighbours, &stuck), o = was_outlier(self, &outlier),
                 d = drifts(self, arrived_ms, value, neighbours, &drift), c = is_clock_off(self, &clock);
  if (self->n > 1) {
    const double step = fabs(self->values[self->n - 1] - self->values[self->n - 2]);
    self->step += 0.02 * (MIN(step, 4 * self->step + self->least) - self->step);
    self->n_steps = MIN(self->n_steps + 1, WARM_READINGS);
  }
  *out = c ? clock : s ? stuck : o ? outlier : d ? drift : *out;
  out->begins = out->fault != self->last && out->fault != CASA_SENSOR_SOUND;
  self->last = out->fault;
}
