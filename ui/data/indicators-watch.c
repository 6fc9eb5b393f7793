/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/indicators-watch.h"
#include "base/file-stamp.h"
#include "city/domain-files.h"
#include "wire/formats/feeds.h"

#define CHECK_S 1

/* Those of which the indicators are made come first. */
static const char *const NAMES[] = { "indicators.conf", "metrics.conf", "feeds.conf" };
#define OF_INDICATORS 2

struct _CasaIndicatorsWatch {
  char *dir;
  CasaIndicatorsFunc func;
  gpointer data;
  CasaFileStamp stamps[G_N_ELEMENTS(NAMES)];
  CasaFileStamp domains; /* of the files of domains */
  GError *fault;         /* of the indicators as last read; NULL: none */
  GError *of_feeds;      /* likewise */
  guint timer;
};

/* Whether one of the files has changed since they were last looked at; *@out_indicators: one that the indicators are made
 * of. */
static gboolean
look(CasaIndicatorsWatch *self, gboolean *out_indicators)
{
  gboolean changed = casa_domain_files_look(&self->domains, self->dir);

  *out_indicators = changed;
  for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    g_autofree char *path = g_build_filename(self->dir, NAMES[i], NULL);
    gboolean this = casa_file_stamp_look(&self->stamps[i], path);
    changed |= this;
    *out_indicators |= this && i < OF_INDICATORS;
  }
  return changed;
}

/* Feeds are read by ingest, on its own; the wall only tells of a mistake in them. */
static void
look_at_feeds(CasaIndicatorsWatch *self)
{
  g_clear_error(&self->of_feeds);
  casa_feeds_free(casa_feeds_load(self->dir, &self->of_feeds));
}

/* NULL: they are wrong. (transfer full) */
static CasaIndicators *
read_indicators(CasaIndicatorsWatch *self)
{
  g_clear_error(&self->fault);
  return casa_indicators_load(self->dir, &self->fault);
}

const GError *
casa_indicators_watch_fault(CasaIndicatorsWatch *self)
{
  return self->fault ? self->fault : self->of_feeds;
}

void
casa_indicators_watch_check(CasaIndicatorsWatch *self)
{
  gboolean indicators;

  if (!look(self, &indicators))
    return;
  look_at_feeds(self);
  g_autoptr(CasaIndicators) set = indicators ? read_indicators(self) : NULL;
  self->func(set, casa_indicators_watch_fault(self), self->data);
}

static gboolean
check_cb(gpointer data)
{
  casa_indicators_watch_check(data);
  return G_SOURCE_CONTINUE;
}

CasaIndicatorsWatch *
casa_indicators_watch_new(const char *dir, CasaIndicatorsFunc func, gpointer data)
{
  CasaIndicatorsWatch *self = g_new0(CasaIndicatorsWatch, 1);

  self->dir = g_strdup(dir);
  self->func = func;
  self->data = data;
  gboolean ignored;
  look(self, &ignored);
  casa_indicators_unref(read_indicators(self));
  look_at_feeds(self);
  self->timer = g_timeout_add_seconds(CHECK_S, check_cb, self);
  return self;
}

void
casa_indicators_watch_free(CasaIndicatorsWatch *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_clear_error(&self->fault);
  g_clear_error(&self->of_feeds);
  g_free(self->dir);
  g_free(self);
}
