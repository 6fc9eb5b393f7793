/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/anomaly.h"
#include "series/stats.h"
#include <math.h>

#define LEAST_DAYS 3     /* of one kind */
#define RECENT_DAYS 8    /* of one kind, that say what is usual: a season moves on */
#define SCALE_DAYS 21    /* of any kind, whose deviations say what a usual deviation is */
#define BESIDE 1         /* slots to both sides whose values count as this hour's, too */
#define SCALE_BESIDE 6   /* the same for deviations */
#define LEVEL_SHARE 0.08 /* of a deviation that the next hour is taken to keep: weather, holidays; forgets within an hour */
#define CLIP 2.0         /* deviations beyond so many standard deviations move the level no further */
#define PLAIN 8.0        /* standard deviations: two steps of it are an alert… */
#define SLOW 6.0         /* …or SLOW_STEPS of that */
#define SLOW_STEPS 4
#define HALF_HOUR 6 /* steps whose mean is judged, too: small for each, and plain for all of them */
#define STEADY 7.0  /* usual deviations of such means: STEADY_STEPS of it are an alert */
#define STEADY_STEPS 3
#define OVER 2.5 /* below it for OVER_STEPS an alert is over */
#define OVER_STEPS 3
#define LONGEST_STEPS 144 /* half a day: what lasts longer is the new usual */
#define GAUSS 1.4826      /* of a median of deviations, to a standard deviation */

typedef struct {
  gint64 day;
  float values[CASA_ANOMALY_SLOTS]; /* NAN: unknown, or part of an alert */
} Day;

/* A ring once it is full: most never are, and a day is more than a kilobyte. */
typedef struct {
  Day *days; /* [n]; NULL: none yet */
  guint n, newest;
} Days;

struct _CasaAnomaly {
  double least;
  Days kinds[CASA_ANOMALY_KINDS];          /* of CASA_ANOMALY_DAYS each */
  Days deviations;                         /* of SCALE_DAYS, of any kind */
  double level;                            /* how far the last hours were from usual */
  double recent[HALF_HOUR];                /* deviations of the last steps, a ring; NAN: unknown */
  guint at;                                /* of the next of those */
  guint plain, slow, steady, calm, lasted; /* steps in a row */
  int sign;                                /* of those */
  gint64 first_ms, since_ms, last_ms;
  gboolean lasts;
};

static void
forget_recent(CasaAnomaly *self)
{
  for (guint i = 0; i < HALF_HOUR; i++)
    self->recent[i] = NAN;
}

CasaAnomaly *
casa_anomaly_new(double least)
{
  CasaAnomaly *self = g_new0(CasaAnomaly, 1);

  self->least = least;
  forget_recent(self);
  return self;
}

void
casa_anomaly_free(CasaAnomaly *self)
{
  if (!self)
    return;
  for (guint i = 0; i < CASA_ANOMALY_KINDS; i++)
    g_free(self->kinds[i].days);
  g_free(self->deviations.days);
  g_free(self);
}

static void
begin_day(Day *day, gint64 number)
{
  day->day = number;
  for (guint i = 0; i < CASA_ANOMALY_SLOTS; i++)
    day->values[i] = NAN;
}

/* The day in hand of @days, of which @most are remembered. */
static Day *
today(Days *days, guint most, gint64 number)
{
  if (days->n > 0 && days->days[days->newest].day == number)
    return &days->days[days->newest];
  days->newest = days->n == 0 ? 0 : (days->newest + 1) % most;
  if (days->n < most)
    days->days = g_renew(Day, days->days, ++days->n);
  begin_day(&days->days[days->newest], number);
  return &days->days[days->newest];
}

/* Appends what @day has about @slot. */
static guint
collect(const Day *day, guint slot, int beside, double *out)
{
  guint n = 0;

  for (int i = (int)slot - beside; i <= (int)slot + beside; i++)
    if (i >= 0 && i < CASA_ANOMALY_SLOTS && isfinite(day->values[i]))
      out[n++] = day->values[i];
  return n;
}

/* NAN: too few days before today are known. */
static double
usual(const Days *kind, guint slot)
{
  double values[RECENT_DAYS * (2 * BESIDE + 1)];
  guint n = 0, days = 0;

  for (guint back = 1; back < kind->n && days < RECENT_DAYS; back++) {
    const guint found =
      collect(&kind->days[(kind->newest + CASA_ANOMALY_DAYS - back) % CASA_ANOMALY_DAYS], slot, BESIDE, values + n);
    n += found;
    days += found > 0;
  }
  return days >= LEAST_DAYS ? casa_median(values, n) : NAN;
}

/* What deviations usually are about this hour, of days before today. */
static double
scale_of(const CasaAnomaly *self, guint slot)
{
  const Days *of = &self->deviations;
  double values[SCALE_DAYS * (2 * SCALE_BESIDE + 1)];
  guint n = 0;

  for (guint back = 1; back < of->n; back++)
    n += collect(&of->days[(of->newest + SCALE_DAYS - back) % SCALE_DAYS], slot, SCALE_BESIDE, values + n);
  for (guint i = 0; i < n; i++)
    values[i] = fabs(values[i]);
  return n >= LEAST_DAYS * SCALE_BESIDE ? MAX(GAUSS * casa_median(values, n), self->least) : NAN;
}

/* NAN: too few of @values are known. */
static double
mean_of_known(const double *values, guint n)
{
  double sum = 0;
  guint known = 0;

  for (guint i = 0; i < n; i++)
    if (isfinite(values[i])) {
      sum += values[i];
      known++;
    }
  return known >= n - 1 ? sum / known : NAN;
}

static double
mean_until(const Day *day, int slot)
{
  double values[HALF_HOUR];

  for (int i = 0; i < HALF_HOUR; i++)
    values[i] = slot - i >= 0 && slot - i < CASA_ANOMALY_SLOTS ? day->values[slot - i] : NAN;
  return mean_of_known(values, HALF_HOUR);
}

/* What means of half an hour usually deviate by about this hour: neighbouring steps deviate together, so it is more than a
 * step's divided by the root of their number. */
static double
scale_of_means(const CasaAnomaly *self, guint slot)
{
  const Days *of = &self->deviations;
  double values[SCALE_DAYS * (2 * SCALE_BESIDE + 1)];
  guint n = 0;

  for (guint back = 1; back < of->n; back++)
    for (int i = -SCALE_BESIDE; i <= SCALE_BESIDE; i++) {
      const double mean = mean_until(&of->days[(of->newest + SCALE_DAYS - back) % SCALE_DAYS], (int)slot + i);
      if (isfinite(mean))
        values[n++] = fabs(mean);
    }
  return n >= LEAST_DAYS * SCALE_BESIDE ? MAX(GAUSS * casa_median(values, n), self->least / 2) : NAN;
}

static void
rank(const Days *kind, guint slot, double expected, double value, CasaAnomalyVerdict *out)
{
  out->rank = out->of = 1;
  for (guint back = 1; back < kind->n; back++) {
    const double then = kind->days[(kind->newest + CASA_ANOMALY_DAYS - back) % CASA_ANOMALY_DAYS].values[slot];
    out->of += isfinite(then);
    out->rank += isfinite(then) && fabs(then - expected) >= fabs(value - expected);
  }
}

static void
count_steps(CasaAnomaly *self, gint64 t_ms, double score, double steady)
{
  const int sign = score < 0 ? -1 : 1;
  const gboolean is_steady = isfinite(steady) && fabs(steady) >= STEADY;

  if (fabs(score) < SLOW || sign != self->sign)
    self->plain = self->slow = 0;
  self->sign = sign;
  if (fabs(score) >= SLOW && self->slow++ == 0)
    self->first_ms = t_ms;
  self->plain = fabs(score) >= PLAIN ? self->plain + 1 : 0;
  self->steady = is_steady ? self->steady + 1 : 0;
  if (self->steady == 1 && self->slow == 0)
    self->first_ms = t_ms - (HALF_HOUR - 1) * (gint64)CASA_ANOMALY_STEP_MS;
  self->calm = fabs(score) < OVER && !(isfinite(steady) && fabs(steady) >= OVER) ? self->calm + 1 : 0;
}

/* What has lasted for so long is usual from now on. */
static void
get_used(CasaAnomaly *self, double deviation)
{
  self->lasts = FALSE;
  self->level = deviation;
  self->plain = self->slow = 0;
}

static void
raise_or_end(CasaAnomaly *self, CasaAnomalyVerdict *out)
{
  if (self->lasts) {
    self->lasted++;
    self->lasts = self->calm < OVER_STEPS;
  } else if (self->plain >= 2 || self->slow >= SLOW_STEPS || self->steady >= STEADY_STEPS) {
    self->lasts = out->begins = TRUE;
    self->lasted = 0;
    self->since_ms = self->first_ms;
  }
  out->lasts = self->lasts;
  out->since_ms = self->since_ms;
}

/* After a hole nobody knows where the level is. */
static void
judge(CasaAnomaly *self, gint64 t_ms, double deviation, double scale, double scale_of_mean, CasaAnomalyVerdict *out)
{
  const gboolean hole = t_ms - self->last_ms > CASA_ANOMALY_STEP_MS * 6;

  if (hole) {
    self->level = CLAMP(deviation, -CLIP * scale, CLIP * scale);
    forget_recent(self);
  }
  out->score = (deviation - self->level) / scale;
  self->recent[self->at++ % HALF_HOUR] =
    CLAMP(deviation - self->level, -PLAIN * scale, PLAIN * scale); /* one step tells nothing */
  count_steps(self, t_ms, out->score, mean_of_known(self->recent, HALF_HOUR) / scale_of_mean);
  raise_or_end(self, out);
  if (self->lasts && self->lasted >= LONGEST_STEPS)
    get_used(self, deviation);
  if (self->lasts)
    return;
  self->level += LEVEL_SHARE * CLAMP(deviation - self->level, -CLIP * scale, CLIP * scale);
}

void
casa_anomaly_add(CasaAnomaly *self, gint64 t_ms, guint slot, guint kind, gint64 day, double value, CasaAnomalyVerdict *out)
{
  Days *of = &self->kinds[MIN(kind, CASA_ANOMALY_KINDS - 1)];
  Day *now = today(of, CASA_ANOMALY_DAYS, day), *deviations = today(&self->deviations, SCALE_DAYS, day);

  *out = (CasaAnomalyVerdict){ 0 };
  slot = MIN(slot, CASA_ANOMALY_SLOTS - 1);
  if (!isfinite(value))
    return;
  const double expected = usual(of, slot), scale = isfinite(expected) ? scale_of(self, slot) : NAN;
  const double deviation = value - expected, before = self->level;
  if (isfinite(scale)) {
    out->known = TRUE;
    judge(self, t_ms, deviation, scale, scale_of_means(self, slot), out);
    out->expected = expected + before;
    rank(of, slot, expected, value, out);
  } else if (isfinite(expected)) {
    self->level += LEVEL_SHARE * (deviation - self->level);
  }
  self->last_ms = t_ms;
  if (self->lasts)
    return;
  now->values[slot] = (float)value;
  if (isfinite(expected))
    deviations->values[slot] = (float)(deviation - before);
}
