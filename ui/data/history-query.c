/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/history-query.h"
#include <string.h>

CasaHistoryQuery *
casa_history_query_copy(const CasaHistoryQuery *self)
{
  CasaHistoryQuery *copy = g_memdup2(self, sizeof *self);
  copy->series = self->n_series ? g_memdup2(self->series, self->n_series * sizeof *self->series) : NULL;
  copy->metric = g_strdup(self->metric);
  copy->source = g_strdup(self->source);
  copy->domain = g_strdup(self->domain);
  copy->kind = g_strdup(self->kind);
  copy->prefix = g_strdup(self->prefix);
  return copy;
}

void
casa_history_query_free(CasaHistoryQuery *self)
{
  if (!self)
    return;
  g_free((gpointer)self->series);
  g_free((gpointer)self->metric);
  g_free((gpointer)self->source);
  g_free((gpointer)self->domain);
  g_free((gpointer)self->kind);
  g_free((gpointer)self->prefix);
  g_free(self);
}

gboolean
casa_history_query_equal_but_time(const CasaHistoryQuery *a, const CasaHistoryQuery *b)
{
  return a->n_series == b->n_series && (!a->n_series || memcmp(a->series, b->series, a->n_series * sizeof *a->series) == 0) &&
         g_strcmp0(a->metric, b->metric) == 0 && g_strcmp0(a->source, b->source) == 0 && g_strcmp0(a->domain, b->domain) == 0 &&
         g_strcmp0(a->kind, b->kind) == 0 && g_strcmp0(a->prefix, b->prefix) == 0 && a->fold == b->fold &&
         a->limit == b->limit && a->least_share == b->least_share && a->columns == b->columns && a->step_ms == b->step_ms &&
         a->to_ms - a->from_ms == b->to_ms - b->from_ms;
}

gboolean
casa_history_query_equal(const CasaHistoryQuery *a, const CasaHistoryQuery *b)
{
  return a->from_ms == b->from_ms && casa_history_query_equal_but_time(a, b);
}

static gboolean
fits(const char *wanted, const char *text)
{
  return !wanted || g_strcmp0(wanted, text) == 0;
}

static gboolean
is_of_kind(const CasaHistoryQuery *self, const CasaStation *station)
{
  if (self->kind && station->kind)
    return g_str_equal(self->kind, station->kind);
  if (self->prefix)
    return g_str_has_prefix(station->station, self->prefix);
  return !self->kind;
}

GArray *
casa_history_query_series(const CasaHistoryQuery *self, CasaCatalogue *catalogue)
{
  GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
  if (self->n_series > 0)
    return g_array_append_vals(found, self->series, self->n_series);
  const guint n = casa_catalogue_n_series(catalogue);
  for (guint id = 0; id < n; id++) {
    const CasaSeriesInfo *series = casa_catalogue_series(catalogue, id);
    const CasaStation *station = casa_catalogue_station(catalogue, series->station);
    if (fits(self->metric, series->metric) && fits(self->source, station->source) && fits(self->domain, station->domain) &&
        is_of_kind(self, station))
      g_array_append_val(found, id);
  }
  return found;
}
