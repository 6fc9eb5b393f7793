/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/backlog.h"

/* Older than this on arrival is the past, whoever sends it. */
#define PAST_MS 60000
/* So many of the past in a row are a source that is busy with it; single ones are merely late. */
#define RUN 8
/* More sources than that are invented ones: all are forgotten, and one that sends its past is soon known again. */
#define SOURCES_MAX 256

typedef struct {
  gint64 until_ms; /* what was measured before waited */
  guint run;       /* of the past, without another between them */
} Source;

struct _CasaBacklog {
  gint64 until_ms;     /* of all sources; atomic */
  GHashTable *sources; /* name → Source */
};

CasaBacklog *
casa_backlog_new(gint64 now_ms)
{
  CasaBacklog *self = g_new0(CasaBacklog, 1);
  self->until_ms = now_ms;
  self->sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
casa_backlog_free(CasaBacklog *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->sources);
  g_free(self);
}

void
casa_backlog_hold(CasaBacklog *self, gint64 until_ms)
{
  __atomic_store_n(&self->until_ms, until_ms, __ATOMIC_RELAXED);
}

static Source *
source_of(CasaBacklog *self, const char *name)
{
  Source *source = g_hash_table_lookup(self->sources, name);
  if (source)
    return source;
  if (g_hash_table_size(self->sources) >= SOURCES_MAX)
    g_hash_table_remove_all(self->sources);
  source = g_new0(Source, 1);
  g_hash_table_insert(self->sources, g_strdup(name), source);
  return source;
}

void
casa_backlog_hold_source(CasaBacklog *self, const char *source, gint64 now_ms)
{
  source_of(self, source)->until_ms = now_ms;
}

gboolean
casa_backlog_take(CasaBacklog *self, const char *name, gint64 t_ms, gint64 now_ms)
{
  Source *source = source_of(self, name);
  gboolean past = now_ms - t_ms > PAST_MS;
  source->run = past ? source->run + 1 : 0;
  if (source->run >= RUN)
    source->until_ms = now_ms;
  return past || t_ms < source->until_ms || t_ms < __atomic_load_n(&self->until_ms, __ATOMIC_RELAXED);
}
