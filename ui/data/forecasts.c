/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/forecasts.h"
#include "base/time-units.h"
#include "ui/data/forecast-lines.h"
#include "store/columns.h"
#include "series/members.h"
#include "ui/data/study.h"
#include <math.h>

#define LEARNED_HOURS (8 * 7 * 24)     /* of the past: what was longer ago has faded */
#define SETTLE_MS (2 * CASA_MINUTE_MS) /* after an hour: stations that report seldom belong to it, too */
#define CAPACITY 512

/* What the thread found of one indicator. */
typedef struct {
  gboolean marked;
  guint n_missing;
  double last; /* mean of the last whole hour; NAN: nothing was measured */
  CasaForecastPoint points[CASA_FORECAST_HOURS];
} Found;

/* What the thread has learned of one indicator. */
typedef struct {
  CasaForecaster *forecaster; /* NULL: nothing yet */
  gint64 end_ms;              /* of what it was told */
  double last;
} Learner;

typedef struct {
  CasaForecastLines shown;
  CasaPyramid *middle, *low, *high; /* NULL: not marked */
} Lines;

struct _CasaForecasts {
  CasaCatalogue *catalogue; /* not owned; safe from any thread */
  CasaStudy *study;
  GArray *learners; /* Learner by CasaIndicator.index; the study's thread only */
  void (*changed)(gpointer data);
  gpointer data;
  /* owner's thread only */
  CasaIndicators *indicators; /* held; NULL: nothing was wanted yet */
  Lines *lines;               /* by CasaIndicator.index */
};

/* --- The thread --- */

/* As the columns of the store fold: the kinds of indicators that can be marked. */
static CasaColumnFold
fold_of(const CasaIndicator *indicator)
{
  switch (indicator->fold) {
  case CASA_STATIONS_SUM: return CASA_COLUMNS_SUM;
  case CASA_STATIONS_MEDIAN: return CASA_COLUMNS_MEDIAN;
  case CASA_STATIONS_MAX: return CASA_COLUMNS_HIGHEST;
  case CASA_STATIONS_MIN: return CASA_COLUMNS_LOWEST;
  default: return CASA_COLUMNS_MEAN;
  }
}

/* Hours of [@from_ms, @to_ms). NULL: they cannot be read. */
static CasaColumns *
read_hours(CasaForecasts *self, CasaReader *reader, CasaIndicators *set, const CasaIndicator *indicator, gint64 from_ms,
           gint64 to_ms)
{
  g_autoptr(GArray) members = casa_members_of(self->catalogue, G_MAXUINT, set, indicator);
  g_autoptr(GError) error = NULL;
  const CasaColumnQuery query = { .series = (const guint *)(gpointer)members->data,
                                  .n_series = members->len,
                                  .fold = fold_of(indicator),
                                  .least_share = indicator->fresh,
                                  .from_ms = from_ms,
                                  .to_ms = to_ms,
                                  .columns = (guint)((to_ms - from_ms) / CASA_HOUR_MS),
                                  .step_ms = CASA_HOUR_MS };

  CasaColumns *columns = members->len ? casa_reader_columns(reader, &query, NULL, casa_study_quit(self->study), &error) : NULL;
  if (error && !g_atomic_int_get(casa_study_quit(self->study)))
    g_warning("forecast: %s", error->message);
  if (!columns || columns->width_ms == CASA_HOUR_MS)
    return columns;
  casa_columns_free(columns);
  return NULL;
}

/* Nothing is known before the first hour that was measured: there the learning begins. */
static void
learn(CasaForecasts *self, Learner *learner, const CasaColumns *columns, gint64 end_ms)
{
  for (guint i = 0; i < columns->n && !g_atomic_int_get(casa_study_quit(self->study)); i++) {
    const gint64 t_ms = columns->from_ms + (gint64)i * CASA_HOUR_MS;
    const double value = columns->columns[i].mean;
    if (t_ms < learner->end_ms || t_ms >= end_ms || (!learner->forecaster && !isfinite(value)))
      continue;
    if (!learner->forecaster)
      learner->forecaster = casa_forecast_of_the_city();
    casa_forecaster_add(learner->forecaster, casa_forecast_local_hour(t_ms), value, NULL, NULL);
    learner->last = value;
  }
}

static void
learner_clear(Learner *learner)
{
  g_clear_pointer(&learner->forecaster, casa_forecaster_free);
  *learner = (Learner){ 0 };
}

static void
find(CasaForecasts *self, CasaReader *reader, Learner *learner, CasaIndicators *set, const CasaIndicator *indicator,
     gint64 end_ms, Found *found)
{
  const gint64 first_ms = MAX(end_ms - LEARNED_HOURS * CASA_HOUR_MS, learner->forecaster ? learner->end_ms : 0);
  g_autoptr(CasaColumns) columns = first_ms < end_ms ? read_hours(self, reader, set, indicator, first_ms, end_ms) : NULL;

  found->marked = TRUE;
  if (columns) {
    learn(self, learner, columns, end_ms);
    learner->end_ms = end_ms;
  }
  found->last = learner->forecaster ? learner->last : NAN;
  found->n_missing = learner->forecaster ? casa_forecaster_n_missing(learner->forecaster) : CASA_FORECAST_NEEDS;
  for (guint i = 0; i < CASA_FORECAST_HOURS && found->n_missing == 0; i++) {
    const CasaForecast forecast = casa_forecaster_ask(learner->forecaster, i + 1);
    found->points[i] = (CasaForecastPoint){ forecast.value, forecast.low_80, forecast.high_80 };
  }
}

static void
clear_learner_cb(gpointer data)
{
  learner_clear(data);
}

/* Found by CasaIndicator.index; @end_ms: the end of the last whole hour. */
static gpointer
work_cb(CasaReader *reader, CasaIndicators *indicators, gint64 end_ms, gboolean anew, gpointer data)
{
  CasaForecasts *self = data;
  const guint n = casa_indicators_n(indicators);
  Found *found = g_new0(Found, MAX(n, 1));

  if (anew)
    g_array_set_size(self->learners, 0);
  g_array_set_size(self->learners, n);
  for (guint i = 0; reader && i < n; i++)
    if (casa_indicators_get(indicators, i)->forecast)
      find(self, reader, &g_array_index(self->learners, Learner, i), indicators, casa_indicators_get(indicators, i), end_ms,
           &found[i]);
  if (reader)
    casa_reader_rest(reader); /* the next question comes in an hour */
  return found;
}

/* --- The owner --- */

static void
take(Lines *lines, const Found *found, gint64 end_ms)
{
  lines->shown.asked = found->marked;
  lines->shown.n_missing = found->n_missing;
  casa_forecast_lines_fill(lines->middle, lines->low, lines->high, found->n_missing == 0 ? found->points : NULL, found->last,
                           end_ms);
}

static void
answered_cb(gpointer answer, CasaIndicators *indicators, gint64 end_ms, gpointer data)
{
  CasaForecasts *self = data;
  const Found *found = answer;

  for (guint i = 0; i < casa_indicators_n(self->indicators); i++)
    if (self->lines[i].middle)
      take(&self->lines[i], &found[i], end_ms);
  self->changed(self->data);
}

static const CasaStudyKind KIND = { "casa-forecast", work_cb, answered_cb, g_free };

static void
close_lines(CasaForecasts *self)
{
  for (guint i = 0; self->indicators && i < casa_indicators_n(self->indicators); i++) {
    casa_pyramid_free(self->lines[i].middle);
    casa_pyramid_free(self->lines[i].low);
    casa_pyramid_free(self->lines[i].high);
  }
  g_clear_pointer(&self->lines, g_free);
  g_clear_pointer(&self->indicators, casa_indicators_unref);
}

static void
open_lines(CasaForecasts *self, CasaIndicators *indicators)
{
  const guint n = casa_indicators_n(indicators);

  self->indicators = casa_indicators_ref(indicators);
  self->lines = g_new0(Lines, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    Lines *lines = &self->lines[i];
    if (!casa_indicators_get(indicators, i)->forecast)
      continue;
    lines->middle = casa_pyramid_new(CAPACITY);
    lines->low = casa_pyramid_new(CAPACITY);
    lines->high = casa_pyramid_new(CAPACITY);
    lines->shown = (CasaForecastLines){ lines->middle, lines->low, lines->high, FALSE, CASA_FORECAST_NEEDS };
  }
}

void
casa_forecasts_want(CasaForecasts *self, CasaIndicators *indicators, gint64 now_ms)
{
  if (!casa_study_follow(self->study, indicators, (now_ms - SETTLE_MS) / CASA_HOUR_MS * CASA_HOUR_MS, 0))
    return;
  close_lines(self);
  open_lines(self, indicators);
}

void
casa_forecasts_forget(CasaForecasts *self)
{
  casa_study_forget(self->study);
}

const CasaForecastLines *
casa_forecasts_get(const CasaForecasts *self, const CasaIndicator *indicator)
{
  const gboolean known = self->indicators && casa_indicators_get(self->indicators, indicator->index) == indicator;

  return known && self->lines[indicator->index].middle ? &self->lines[indicator->index].shown : NULL;
}

CasaForecasts *
casa_forecasts_new(const char *path, CasaCatalogue *catalogue, void (*changed)(gpointer data), gpointer data)
{
  CasaForecasts *self = g_new0(CasaForecasts, 1);

  self->catalogue = catalogue;
  self->changed = changed;
  self->data = data;
  self->learners = g_array_new(FALSE, TRUE, sizeof(Learner));
  g_array_set_clear_func(self->learners, clear_learner_cb);
  self->study = casa_study_new(path, &KIND, self);
  return self;
}

void
casa_forecasts_free(CasaForecasts *self)
{
  if (!self)
    return;
  casa_study_free(self->study);
  g_array_unref(self->learners);
  close_lines(self);
  g_free(self);
}
