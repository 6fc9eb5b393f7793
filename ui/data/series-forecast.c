/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/series-forecast.h"
#include "base/time-units.h"
#include "store/columns.h"
#include "ui/data/forecast-lines.h"
#include <gio/gio.h>
#include <math.h>

#define LEARNED_MS (8 * 7 * CASA_DAY_MS)
#define SETTLE_MS (2 * CASA_MINUTE_MS) /* after an hour: what comes late belongs to it, too */
#define CAPACITY 512

/* What the thread is asked, and answers: its own until it is handed back. */
typedef struct {
  char *path;
  guint series;
  gint64 end_ms;
  gint quit; /* atomic */
  guint n_missing;
  double last;
  CasaForecastPoint points[CASA_FORECAST_HOURS];
} Question;

struct _CasaSeriesForecast {
  char *path;
  void (*changed)(gpointer data);
  gpointer data;
  GTask *running; /* NULL: nothing is asked */
  guint series;
  gint64 wanted_ms;
  CasaPyramid *middle, *low, *high;
  CasaForecastLines lines;
};

static void
question_free(gpointer data)
{
  Question *question = data;

  g_free(question->path);
  g_free(question);
}

/* --- The thread --- */

static void
learn(Question *q, CasaForecaster *forecaster, const CasaColumns *columns)
{
  gboolean begun = FALSE;

  for (guint i = 0; i < columns->n && !g_atomic_int_get(&q->quit); i++) {
    const gint64 t_ms = columns->from_ms + (gint64)i * CASA_HOUR_MS;
    const double value = columns->columns[i].n ? columns->columns[i].mean : NAN;
    begun |= isfinite(value);
    if (!begun || t_ms >= q->end_ms)
      continue;
    casa_forecaster_add(forecaster, casa_forecast_local_hour(t_ms), value, NULL, NULL);
    q->last = value;
  }
}

static void
work(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
  Question *q = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(q->path, &error);
  const CasaColumnQuery query = { .series = &q->series,
                                  .n_series = 1,
                                  .fold = CASA_COLUMNS_ONE,
                                  .from_ms = q->end_ms - LEARNED_MS,
                                  .to_ms = q->end_ms,
                                  .columns = LEARNED_MS / CASA_HOUR_MS,
                                  .step_ms = CASA_HOUR_MS };
  g_autoptr(CasaColumns) columns = reader ? casa_reader_columns(reader, &query, NULL, &q->quit, &error) : NULL;
  g_autoptr(CasaForecaster) forecaster = casa_forecast_of_the_city();

  q->last = NAN;
  if (columns && columns->width_ms == CASA_HOUR_MS)
    learn(q, forecaster, columns);
  q->n_missing = casa_forecaster_n_missing(forecaster);
  for (guint i = 0; i < CASA_FORECAST_HOURS && q->n_missing == 0; i++) {
    const CasaForecast forecast = casa_forecaster_ask(forecaster, i + 1);
    q->points[i] = (CasaForecastPoint){ forecast.value, forecast.low_80, forecast.high_80 };
  }
  g_task_return_boolean(task, TRUE);
}

/* --- The owner --- */

static void
answered_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  CasaSeriesForecast *self = data;
  const Question *q = g_task_get_task_data(G_TASK(result));

  if (!g_task_propagate_boolean(G_TASK(result), NULL))
    return; /* nobody looks any more, or at another series */
  g_clear_object(&self->running);
  self->lines.asked = TRUE;
  self->lines.n_missing = q->n_missing;
  casa_forecast_lines_fill(self->middle, self->low, self->high, q->n_missing == 0 ? q->points : NULL, q->last, q->end_ms);
  self->changed(self->data);
}

static void
drop(CasaSeriesForecast *self)
{
  if (!self->running)
    return;
  Question *q = g_task_get_task_data(self->running);
  g_atomic_int_set(&q->quit, TRUE);
  g_cancellable_cancel(g_task_get_cancellable(self->running));
  g_clear_object(&self->running);
}

void
casa_series_forecast_want(CasaSeriesForecast *self, guint series, gint64 now_ms)
{
  const gint64 end_ms = (now_ms - SETTLE_MS) / CASA_HOUR_MS * CASA_HOUR_MS;

  if (series == self->series && end_ms == self->wanted_ms)
    return;
  drop(self);
  self->series = series;
  self->wanted_ms = end_ms;
  Question *q = g_new0(Question, 1);
  g_autoptr(GCancellable) cancel = g_cancellable_new();
  q->path = g_strdup(self->path);
  q->series = series;
  q->end_ms = end_ms;
  self->running = g_task_new(NULL, cancel, answered_cb, self);
  g_task_set_task_data(self->running, q, question_free);
  g_task_run_in_thread(self->running, work);
}

const CasaForecastLines *
casa_series_forecast_lines(const CasaSeriesForecast *self)
{
  return &self->lines;
}

CasaSeriesForecast *
casa_series_forecast_new(const char *path, void (*changed)(gpointer data), gpointer data)
{
  CasaSeriesForecast *self = g_new0(CasaSeriesForecast, 1);

  self->path = g_strdup(path);
  self->changed = changed;
  self->data = data;
  self->series = G_MAXUINT;
  self->middle = casa_pyramid_new(CAPACITY);
  self->low = casa_pyramid_new(CAPACITY);
  self->high = casa_pyramid_new(CAPACITY);
  self->lines = (CasaForecastLines){ self->middle, self->low, self->high, FALSE, CASA_FORECAST_NEEDS };
  return self;
}

void
casa_series_forecast_free(CasaSeriesForecast *self)
{
  if (!self)
    return;
  drop(self);
  casa_pyramid_free(self->middle);
  casa_pyramid_free(self->low);
  casa_pyramid_free(self->high);
  g_free(self->path);
  g_free(self);
}
