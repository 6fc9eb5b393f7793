/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/forecasts.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "ui/data/forecast-lines.h"
#include "store/columns.h"
#include "series/members.h"
#include "ui/data/reader-wait.h"
#include <math.h>
#include <pthread.h>

#define LEARNED_HOURS (8 * 7 * 24)     /* of the past: what was longer ago has faded */
#define SETTLE_MS (2 * CASA_MINUTE_MS) /* after an hour: stations that report seldom belong to it, too */
#define CAPACITY 512
#define AGAIN_US (30 * G_USEC_PER_SEC) /* all of the past is not learned more often */

/* What the thread found of one indicator. */
typedef struct {
  gboolean marked;
  guint n_missing;
  double last; /* mean of the last whole hour; NAN: nothing was measured */
  CasaForecastPoint points[CASA_FORECAST_HOURS];
} Found;

typedef struct {
  CasaIndicators *indicators; /* held */
  gint64 end_ms;              /* end of the last whole hour */
  Found *found;               /* by CasaIndicator.index */
} Answer;

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
  char *path;               /* immutable */
  CasaCatalogue *catalogue; /* not owned; safe from any thread */
  GMainContext *context;    /* immutable */
  void (*changed)(gpointer data);
  gpointer data;
  /* owner's thread only */
  CasaIndicators *indicators; /* held; NULL: nothing was wanted yet */
  Lines *lines;               /* by CasaIndicator.index */
  gint64 wanted_ms;           /* end of the hour asked for last */
  gint64 anew_us;             /* monotonic: when all was learned again */
  gboolean forgotten;
  GThread *thread;
  gint quit; /* atomic */
  /* pthread's own, not GMutex: ThreadSanitizer cannot see into GLib's futex locks. */
  pthread_mutex_t lock;
  pthread_cond_t wake;
  CasaIndicators *waiting; /* guarded by lock: held; NULL: nothing is asked */
  gint64 waiting_ms;       /* guarded by lock */
  gboolean anew;           /* guarded by lock: what was learned is let go of */
  Answer *answer;          /* guarded by lock: the newest that nobody has taken; NULL none */
  GSource *telling;        /* guarded by lock: an idle callback that is due; NULL none */
};

static void
answer_free(Answer *answer)
{
  if (!answer)
    return;
  casa_indicators_unref(answer->indicators);
  g_free(answer->found);
  g_free(answer);
}

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

  CasaColumns *columns = members->len ? casa_reader_columns(reader, &query, NULL, &self->quit, &error) : NULL;
  if (error && !g_atomic_int_get(&self->quit))
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
  for (guint i = 0; i < columns->n && !g_atomic_int_get(&self->quit); i++) {
    const gint64 t_ms = columns->from_ms + (gint64)i * CASA_HOUR_MS;
    const double value = columns->columns[i].mean;
    if (t_ms < learner->end_ms || t_ms >= end_ms || (!learner->forecaster && !isfinite(value)))
      continue;
    if (!learner->forecaster)
      learner->forecaster = casa_forecaster_new(NULL);
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
find(CasaForecasts *self, CasaReader *reader, Learner *learner, Answer *answer, const CasaIndicator *indicator)
{
  Found *found = &answer->found[indicator->index];
  const gint64 first_ms = MAX(answer->end_ms - LEARNED_HOURS * CASA_HOUR_MS, learner->forecaster ? learner->end_ms : 0);
  g_autoptr(CasaColumns) columns =
    first_ms < answer->end_ms ? read_hours(self, reader, answer->indicators, indicator, first_ms, answer->end_ms) : NULL;

  found->marked = TRUE;
  if (columns) {
    learn(self, learner, columns, answer->end_ms);
    learner->end_ms = answer->end_ms;
  }
  found->last = learner->forecaster ? learner->last : NAN;
  found->n_missing = learner->forecaster ? casa_forecaster_n_missing(learner->forecaster) : CASA_FORECAST_NEEDS;
  for (guint i = 0; i < CASA_FORECAST_HOURS && found->n_missing == 0; i++) {
    const CasaForecast forecast = casa_forecaster_ask(learner->forecaster, i + 1);
    found->points[i] = (CasaForecastPoint){ forecast.value, forecast.low_80, forecast.high_80 };
  }
}

static gboolean tell_cb(gpointer data);

static void
deliver(CasaForecasts *self, Answer *answer)
{
  pthread_mutex_lock(&self->lock);
  Answer *before = self->answer;
  self->answer = answer;
  if (!self->telling) {
    self->telling = g_idle_source_new();
    g_source_set_priority(self->telling, G_PRIORITY_HIGH_IDLE); /* as in history.c */
    g_source_set_callback(self->telling, tell_cb, self, NULL);
    g_source_attach(self->telling, self->context);
  }
  pthread_mutex_unlock(&self->lock);
  answer_free(before);
}

/* Waits for work. NULL: time to end. (transfer full) */
static Answer *
next_question(CasaForecasts *self, CasaReader *reader, gboolean *anew)
{
  Answer *question = NULL;

  pthread_mutex_lock(&self->lock);
  while (!self->waiting && !g_atomic_int_get(&self->quit))
    casa_reader_wait(reader, CASA_READER_WAIT_US, &self->wake, &self->lock);
  if (!g_atomic_int_get(&self->quit)) {
    question = g_new0(Answer, 1);
    question->indicators = g_steal_pointer(&self->waiting);
    question->end_ms = self->waiting_ms;
    *anew = self->anew;
    self->anew = FALSE;
  }
  pthread_mutex_unlock(&self->lock);
  return question;
}

static void
clear_learner_cb(gpointer data)
{
  learner_clear(data);
}

static gpointer
forecasts_thread(gpointer data)
{
  CasaForecasts *self = data;
  g_autoptr(CasaReader) reader = NULL;
  g_autoptr(GArray) learners = g_array_new(FALSE, TRUE, sizeof(Learner)); /* by CasaIndicator.index */
  gboolean anew;
  Answer *answer;

  g_array_set_clear_func(learners, clear_learner_cb);
  while ((answer = next_question(self, reader, &anew))) {
    const guint n = casa_indicators_n(answer->indicators);
    g_autoptr(GError) error = NULL;
    if (anew)
      g_array_set_size(learners, 0);
    g_array_set_size(learners, n);
    answer->found = g_new0(Found, MAX(n, 1));
    if (!reader)
      reader = casa_reader_open(self->path, &error);
    if (error)
      g_warning("forecast: %s", error->message);
    for (guint i = 0; reader && i < n; i++)
      if (casa_indicators_get(answer->indicators, i)->forecast)
        find(self, reader, &g_array_index(learners, Learner, i), answer, casa_indicators_get(answer->indicators, i));
    if (reader)
      casa_reader_rest(reader); /* the next question comes in an hour */
    deliver(self, answer);
  }
  return NULL;
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

static gboolean
tell_cb(gpointer data)
{
  CasaForecasts *self = data;

  pthread_mutex_lock(&self->lock);
  Answer *answer = g_steal_pointer(&self->answer);
  g_clear_pointer(&self->telling, g_source_unref);
  pthread_mutex_unlock(&self->lock);
  if (answer && answer->indicators == self->indicators) {
    for (guint i = 0; i < casa_indicators_n(self->indicators); i++)
      if (self->lines[i].middle)
        take(&self->lines[i], &answer->found[i], answer->end_ms);
    self->changed(self->data);
  }
  answer_free(answer);
  return G_SOURCE_REMOVE;
}

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
  const gint64 end_ms = (now_ms - SETTLE_MS) / CASA_HOUR_MS * CASA_HOUR_MS;
  const gint64 us = casa_clock_mono_us();
  const gboolean other = indicators != self->indicators, back = end_ms < self->wanted_ms;
  const gboolean again = self->forgotten && us - self->anew_us >= AGAIN_US, anew = other || back || again;
  CasaIndicators *before = NULL;

  if (!anew && end_ms == self->wanted_ms)
    return;
  if (other) {
    close_lines(self);
    open_lines(self, indicators);
  }
  pthread_mutex_lock(&self->lock);
  before = g_steal_pointer(&self->waiting);
  self->waiting = casa_indicators_ref(indicators);
  self->waiting_ms = end_ms;
  self->anew |= anew;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  casa_indicators_unref(before);
  self->wanted_ms = end_ms;
  if (!anew)
    return;
  self->anew_us = us;
  self->forgotten = FALSE;
}

void
casa_forecasts_forget(CasaForecasts *self)
{
  self->forgotten = TRUE;
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

  self->path = g_strdup(path);
  self->catalogue = catalogue;
  self->changed = changed;
  self->data = data;
  self->context = g_main_context_ref_thread_default();
  pthread_mutex_init(&self->lock, NULL);
  casa_reader_wait_init(&self->wake);
  self->thread = g_thread_new("casa-forecast", forecasts_thread, self);
  return self;
}

void
casa_forecasts_free(CasaForecasts *self)
{
  if (!self)
    return;
  pthread_mutex_lock(&self->lock);
  g_atomic_int_set(&self->quit, TRUE);
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  if (self->telling) {
    g_source_destroy(self->telling);
    g_source_unref(self->telling);
  }
  answer_free(self->answer);
  casa_indicators_unref(self->waiting);
  close_lines(self);
  g_main_context_unref(self->context);
  pthread_mutex_destroy(&self->lock);
  pthread_cond_destroy(&self->wake);
  g_free(self->path);
  g_free(self);
}
