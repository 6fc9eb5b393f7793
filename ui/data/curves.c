/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/curves.h"
#include "base/time-units.h"
#include <math.h>

#define CAPACITY 4096
#define YESTERDAY_STEP_MS (10 * CASA_MINUTE_MS) /* dots carry no finer shape */
#define AFTER_NOW_MS (30 * CASA_MINUTE_MS)      /* of the day before, so that its line reaches "now" and moves on with it */
#define SAMPLES_EVERY_MS (5 * CASA_MINUTE_MS)   /* of the hour around a moment… */
#define SAMPLES_LEAST 9                         /* …so many of the 13 must be there */
#define DAY_LEAST 0.9                           /* share of the hours of a day */
#define RECENT_STEP_MS 2000                     /* about what is seen of a quarter of an hour on a wall */

/* Mean of the newest step of a curve, from the figures of each second. */
typedef struct {
  gint64 step_ms;
  double sum;
  guint n;
} Tip;

typedef struct {
  CasaPyramid *curve, *yesterday, *day_before, *recent; /* NULL: no chart shows it */
  gint64 newest_ms;                                     /* of the measurements in what recent has last */
  Tip tip;
} Entry;

struct _CasaCurves {
  CasaIndicators *indicators;
  Entry *entries; /* by CasaIndicator.index */
  guint n;
  gint64 moved_ms; /* step that yesterday begins with */
};

CasaCurves *
casa_curves_new(CasaIndicators *indicators)
{
  CasaCurves *self = g_new0(CasaCurves, 1);
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(indicators, &n);

  self->indicators = casa_indicators_ref(indicators);
  self->n = casa_indicators_n(indicators);
  self->entries = g_new0(Entry, MAX(self->n, 1));
  for (guint d = 0; d < n; d++)
    for (guint i = 0; i < domains[d]->curves->len; i++) {
      Entry *entry = &self->entries[g_array_index(domains[d]->curves, CasaDomainCurve, i).indicator->index];
      if (entry->curve)
        continue;
      entry->curve = casa_pyramid_new(CAPACITY);
      entry->yesterday = casa_pyramid_new(CAPACITY);
      entry->day_before = casa_pyramid_new(CAPACITY);
      entry->recent = casa_pyramid_new(CAPACITY);
    }
  return self;
}

void
casa_curves_free(CasaCurves *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n; i++) {
    casa_pyramid_free(self->entries[i].curve);
    casa_pyramid_free(self->entries[i].yesterday);
    casa_pyramid_free(self->entries[i].day_before);
    casa_pyramid_free(self->entries[i].recent);
  }
  g_free(self->entries);
  casa_indicators_unref(self->indicators);
  g_free(self);
}

const CasaPyramid *
casa_curves_get(const CasaCurves *self, const CasaIndicator *indicator)
{
  return self->entries[indicator->index].curve;
}

const CasaPyramid *
casa_curves_yesterday(const CasaCurves *self, const CasaIndicator *indicator)
{
  return self->entries[indicator->index].yesterday;
}

const CasaPyramid *
casa_curves_day_before(const CasaCurves *self, const CasaIndicator *indicator)
{
  return self->entries[indicator->index].day_before;
}

const CasaPyramid *
casa_curves_recent(const CasaCurves *self, const CasaIndicator *indicator)
{
  return self->entries[indicator->index].recent;
}

/* As it was at that second, at most every other: a step of the curve would spread a sudden change over two minutes. What nobody
 * said again is not counted on: an event's cost would grow while the city is silent. */
static void
grow_recent(Entry *entry, gint64 now_ms, const CasaFigure *figure)
{
  gint64 last_ms;
  double last;

  if (figure->t_ms == entry->newest_ms ||
      (casa_pyramid_last(entry->recent, &last_ms, &last) && now_ms < last_ms + RECENT_STEP_MS))
    return;
  entry->newest_ms = figure->t_ms;
  casa_pyramid_add(entry->recent, now_ms, figure->value);
}

void
casa_curves_grow(CasaCurves *self, const CasaFigure *figures, gint64 now_ms)
{
  gint64 step = now_ms / CASA_CURVE_STEP_MS * CASA_CURVE_STEP_MS;

  for (guint i = 0; i < self->n; i++) {
    const CasaIndicator *indicator = casa_indicators_get(self->indicators, i);
    Tip *tip = &self->entries[i].tip;
    if (!self->entries[i].curve || figures[i].state != CASA_STATE_LIVE ||
        (double)figures[i].covered_ms < CASA_MEAN_WHOLE * (double)indicator->over_ms)
      continue;
    if (tip->step_ms != step)
      *tip = (Tip){ .step_ms = step };
    tip->sum += figures[i].value;
    tip->n++;
    casa_pyramid_add(self->entries[i].curve, step, tip->sum / tip->n);
    grow_recent(&self->entries[i], now_ms, &figures[i]);
  }
}

void
casa_curves_forget_tips(CasaCurves *self)
{
  for (guint i = 0; i < self->n; i++)
    self->entries[i].tip = (Tip){ 0 };
  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].recent)
      casa_pyramid_clear(self->entries[i].recent);
}

/* A line is not drawn across an outage that the store knows of, even a short one. */
static void
break_curve(CasaPyramid *curve, GArray *gaps)
{
  for (guint i = 0; gaps && i < gaps->len; i++) {
    const CasaGap *gap = &g_array_index(gaps, CasaGap, i);
    gint64 middle = gap->start_ms + (gap->end_ms - gap->start_ms) / 2;
    if (gap->end_ms - gap->start_ms >= CASA_CURVE_STEP_MS)
      casa_pyramid_add(curve, middle, NAN);
  }
}

static void
fill_curve(CasaPyramid *curve, const GArray *points, GArray *gaps)
{
  for (guint i = 0; i < points->len; i++) {
    const CasaCurvePoint *point = &g_array_index(points, CasaCurvePoint, i);
    casa_pyramid_add(curve, point->t_ms, point->value);
  }
  break_curve(curve, gaps);
}

void
casa_curves_take(CasaCurves *self, const CasaHistory *history)
{
  if (history->indicators != self->indicators || !history->curves)
    return;
  for (guint i = 0; i < self->n; i++) {
    CasaPyramid *curve = self->entries[i].curve;
    const GArray *points = history->curves->pdata[i];
    if (!curve || !points)
      continue;
    if (history->jobs & CASA_HISTORY_FULL)
      casa_pyramid_clear(curve);
    fill_curve(curve, points, history->gaps);
  }
}

/* Mean of the points in [@from_ms, @from_ms + YESTERDAY_STEP_MS), a day later. Points at whole steps, or a curve whose sensors
 * report seldom would fall apart into dots too far from each other to be a line. */
static void
move_point(CasaPyramid *yesterday, const CasaPyramid *curve, gint64 from_ms)
{
  guint end = casa_pyramid_search(curve, from_ms + YESTERDAY_STEP_MS), n = 0;
  double sum = 0;

  for (guint k = casa_pyramid_search(curve, from_ms); k < end; k++) {
    gint64 t_ms;
    double value;
    casa_pyramid_get(curve, k, &t_ms, &value);
    if (!isfinite(value))
      continue;
    sum += value;
    n++;
  }
  if (n)
    casa_pyramid_add(yesterday, from_ms + YESTERDAY_STEP_MS / 2 + CASA_DAY_MS, sum / n);
}

/* Every point as it was measured, gaps too, a day later: the line then looks like the one that it lies behind. */
static void
move_day(CasaPyramid *day_before, const CasaPyramid *curve, gint64 now_ms)
{
  guint end = casa_pyramid_search(curve, now_ms - CASA_DAY_MS + AFTER_NOW_MS);

  casa_pyramid_clear(day_before);
  for (guint k = casa_pyramid_search(curve, now_ms - 2 * CASA_DAY_MS - CASA_CURVE_STEP_MS); k < end; k++) {
    gint64 t_ms;
    double value;
    casa_pyramid_get(curve, k, &t_ms, &value);
    casa_pyramid_add(day_before, t_ms + CASA_DAY_MS, value);
  }
}

void
casa_curves_move_yesterday(CasaCurves *self, gint64 now_ms, gboolean anew)
{
  gint64 begin = (now_ms - CASA_DAY_MS + YESTERDAY_STEP_MS / 2) / YESTERDAY_STEP_MS * YESTERDAY_STEP_MS;

  if (!anew && now_ms / CASA_CURVE_STEP_MS == self->moved_ms)
    return;
  self->moved_ms = now_ms / CASA_CURVE_STEP_MS;
  for (guint i = 0; i < self->n; i++) {
    const Entry *entry = &self->entries[i];
    if (!entry->curve)
      continue;
    casa_pyramid_clear(entry->yesterday);
    for (gint64 t = begin; t < begin + CASA_YESTERDAY_MS; t += YESTERDAY_STEP_MS)
      move_point(entry->yesterday, entry->curve, t);
    move_day(entry->day_before, entry->curve, now_ms);
  }
}

/* Mean of the hour around @t_ms. FALSE: too much of it is missing to speak of that hour. */
static gboolean
mean_around(const CasaPyramid *curve, gint64 t_ms, double *out)
{
  double sum = 0, value;
  guint n = 0;

  for (gint64 t = t_ms - CASA_HOUR_MS / 2; t <= t_ms + CASA_HOUR_MS / 2; t += SAMPLES_EVERY_MS) {
    if (!casa_pyramid_at(curve, t, SAMPLES_EVERY_MS, &value) || !isfinite(value))
      continue;
    sum += value;
    n++;
  }
  *out = n ? sum / n : NAN;
  return n >= SAMPLES_LEAST;
}

gboolean
casa_curves_before(const CasaCurves *self, const CasaIndicator *indicator, gint64 t_ms, double *value, gboolean *yesterday)
{
  const CasaPyramid *curve = self->entries[indicator->index].curve;

  *yesterday = FALSE;
  if (!curve)
    return FALSE;
  *yesterday = mean_around(curve, t_ms - CASA_DAY_MS, value);
  if (*yesterday)
    return TRUE;
  return casa_pyramid_at(curve, t_ms - CASA_HOUR_MS, 2 * SAMPLES_EVERY_MS, value) && isfinite(*value);
}

gboolean
casa_curves_has_day(const CasaCurves *self, const CasaIndicator *indicator, gint64 t_ms)
{
  const CasaPyramid *curve = self->entries[indicator->index].curve;
  guint n = 0, hours = CASA_DAY_MS / CASA_HOUR_MS;
  double value;

  for (guint i = 0; curve && i < hours; i++)
    n += casa_pyramid_at(curve, t_ms - i * CASA_HOUR_MS, 6 * SAMPLES_EVERY_MS, &value);
  return n >= DAY_LEAST * hours;
}
