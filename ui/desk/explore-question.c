/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-question.h"
#include "store/reader.h"
#include <math.h>

void
casa_explore_question_ask(CasaExploreQuestion *self, CasaHistoryService *service, const guint *series, CasaViewport *viewport,
                          gint64 shift_ms, guint columns, CasaHistoryAnswerFunc func, gpointer data)
{
  gint64 from, to;

  casa_viewport_range(viewport, &from, &to);
  *self = (CasaExploreQuestion){ .from_ms = from, .to_ms = to, .asked_us = g_get_monotonic_time() };
  /* A little more on both sides: the line goes on beyond the edge, and a small pan finds something. */
  const gint64 more = (to - from) / 50 + 1;
  const CasaHistoryQuery query = { .series = series,
                                   .n_series = 1,
                                   .fold = CASA_COLUMNS_ONE,
                                   .from_ms = from - shift_ms - more,
                                   .to_ms = to - shift_ms + more,
                                   .columns = columns };
  self->ticket = casa_history_service_ask(service, &query, func, data);
}

gboolean
casa_explore_question_is_old(const CasaExploreQuestion *self, CasaViewport *viewport, gint64 again_ms)
{
  const gint64 age_ms = (g_get_monotonic_time() - self->asked_us) / 1000;
  gint64 from, to;

  if (self->ticket != 0)
    return FALSE;
  casa_viewport_range(viewport, &from, &to);
  if (self->asked_us == 0)
    return TRUE;
  if (from == self->from_ms && to == self->to_ms)
    return FALSE;
  return casa_viewport_is_following(viewport) && to - from == self->to_ms - self->from_ms ? age_ms >= again_ms : TRUE;
}

CasaColumns *
casa_explore_answer_keep(const CasaColumns *columns)
{
  CasaColumns *copy = g_new0(CasaColumns, 1);

  copy->from_ms = columns->from_ms;
  copy->width_ms = columns->width_ms;
  copy->n = columns->n;
  copy->grain_ms = columns->grain_ms;
  copy->newest_ms = columns->newest_ms;
  copy->columns = g_memdup2(columns->columns, columns->n * sizeof *columns->columns);
  return copy;
}

void
casa_explore_answer_draw(CasaPyramid *line, const CasaColumns *columns, const GArray *silences, gint64 shift_ms)
{
  guint next = 0;

  casa_pyramid_clear(line);
  for (guint i = 0; i < columns->n; i++) {
    const CasaTimeColumn *c = &columns->columns[i];
    const gint64 t = columns->from_ms + (gint64)i * columns->width_ms + shift_ms;
    if (c->n == 0)
      continue;
    for (; next < silences->len && g_array_index(silences, CasaGap, next).end_ms <= t - shift_ms; next++)
      casa_pyramid_add(line, g_array_index(silences, CasaGap, next).start_ms + shift_ms + 1, NAN);
    if (c->n == 1 || c->min == c->max) {
      casa_pyramid_add(line, t + columns->width_ms / 2, c->mean);
      continue;
    }
    const gboolean rising = !(c->last < c->first);
    casa_pyramid_add(line, t + columns->width_ms / 4, rising ? c->min : c->max);
    casa_pyramid_add(line, t + columns->width_ms * 3 / 4, rising ? c->max : c->min);
  }
}
