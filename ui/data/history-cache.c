/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/history-cache.h"

/* Some 150 kB each at 1,600 pixels. */
#define KEPT 32

typedef struct {
  CasaHistoryQuery *query;
  CasaColumns *columns;
} Entry;

struct _CasaHistoryCache {
  GQueue entries; /* Entry, last used first */
};

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  casa_history_query_free(entry->query);
  casa_columns_free(entry->columns);
  g_free(entry);
}

CasaHistoryCache *
casa_history_cache_new(void)
{
  CasaHistoryCache *self = g_new0(CasaHistoryCache, 1);
  g_queue_init(&self->entries);
  return self;
}

void
casa_history_cache_free(CasaHistoryCache *self)
{
  if (!self)
    return;
  g_queue_clear_full(&self->entries, entry_free);
  g_free(self);
}

/* The store takes over from answers that begin and end no later than the question. */
static gint64
overlap(const Entry *entry, const CasaHistoryQuery *query)
{
  if (!casa_history_query_equal_but_time(entry->query, query) || entry->query->from_ms > query->from_ms)
    return 0;
  return MAX(entry->query->to_ms - query->from_ms, 0);
}

static GList *
find(CasaHistoryCache *self, const CasaHistoryQuery *query)
{
  GList *best = NULL;
  for (GList *link = self->entries.head; link; link = link->next)
    if (overlap(link->data, query) > (best ? overlap(best->data, query) : 0))
      best = link;
  return best;
}

const CasaColumns *
casa_history_cache_find(CasaHistoryCache *self, const CasaHistoryQuery *query)
{
  const GList *link = find(self, query);
  return link ? ((const Entry *)link->data)->columns : NULL;
}

const CasaColumns *
casa_history_cache_put(CasaHistoryCache *self, const CasaHistoryQuery *query, CasaColumns *columns)
{
  /* What it grew out of by less than a tenth is of no more use: a window that follows the clock keeps one entry. */
  GList *old = find(self, query);
  if (old && overlap(old->data, query) * 10 > (query->to_ms - query->from_ms) * 9) {
    entry_free(old->data);
    g_queue_delete_link(&self->entries, old);
  }
  Entry *entry = g_new(Entry, 1);
  *entry = (Entry){ casa_history_query_copy(query), columns };
  g_queue_push_head(&self->entries, entry);
  if (self->entries.length > KEPT)
    entry_free(g_queue_pop_tail(&self->entries));
  return columns;
}
