/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/map-usual.h"
#include "base/time-units.h"
#include <math.h>

#define COLUMNS 24           /* hours: their highest values are stored */
#define FIRST_MS 10000       /* after which one asks again: the past may still be coming in … */
#define LAST_MS CASA_HOUR_MS /* … doubled each time, until this */

typedef struct {
  CasaMapUsual *self;
  guint series;
  double *highest;
  guint64 ticket; /* 0: answered */
} Question;

struct _CasaMapUsual {
  CasaModel *model;
  GPtrArray *questions;      /* Question */
  gint64 asked_ms, pause_ms; /* when all were asked last, and how long that lasts */
};

CasaMapUsual *
casa_map_usual_new(CasaModel *model)
{
  CasaMapUsual *self = g_new0(CasaMapUsual, 1);

  self->model = model;
  self->questions = g_ptr_array_new_with_free_func(g_free);
  return self;
}

void
casa_map_usual_free(CasaMapUsual *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->questions->len; i++)
    casa_history_service_cancel(casa_model_history_service(self->model), ((Question *)self->questions->pdata[i])->ticket);
  g_ptr_array_unref(self->questions);
  g_free(self);
}

static void
answer_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  Question *question = data;

  question->ticket = 0;
  for (guint i = 0; answer->columns && i < answer->columns->n; i++)
    if (answer->columns->columns[i].n > 0 && isfinite(answer->columns->columns[i].max))
      *question->highest = MAX(*question->highest, answer->columns->columns[i].max);
}

gboolean
casa_map_usual_is_due(CasaMapUsual *self)
{
  const gint64 now_ms = casa_model_summary(self->model)->now_ms;

  if (self->pause_ms > 0 && now_ms >= self->asked_ms && now_ms < self->asked_ms + self->pause_ms)
    return FALSE;
  self->asked_ms = now_ms;
  self->pause_ms = self->pause_ms > 0 ? MIN(2 * self->pause_ms, LAST_MS) : FIRST_MS;
  return TRUE;
}

static Question *
find_question(CasaMapUsual *self, guint series, double *highest)
{
  Question *question;

  for (guint i = 0; i < self->questions->len; i++)
    if (((Question *)self->questions->pdata[i])->series == series)
      return self->questions->pdata[i];
  question = g_new0(Question, 1);
  *question = (Question){ self, series, highest, 0 };
  g_ptr_array_add(self->questions, question);
  return question;
}

void
casa_map_usual_ask(CasaMapUsual *self, guint series, double *highest)
{
  const gint64 now_ms = casa_model_summary(self->model)->now_ms;
  const CasaHistoryQuery query = {
    .series = &series, .n_series = 1, .from_ms = now_ms - CASA_DAY_MS, .to_ms = now_ms, .columns = COLUMNS
  };
  Question *question = find_question(self, series, highest);

  if (question->ticket == 0)
    question->ticket = casa_history_service_ask(casa_model_history_service(self->model), &query, answer_cb, question);
}
