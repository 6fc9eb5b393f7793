/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/indicators-watch.h"
#include "base/file-stamp.h"
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
  GError *fault; /* of the indicators as last read; NULL: none */
  guint timer;
};

/* Whether one of the files has changed since they were last looked at; *@out_indicators: one that the indicators are made
 * of. */
static gboolean
look(CasaIndicatorsWatch *self, gboolean *out_indicators)
{
  gboolean changed = FALSE;

  *out_indicators = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    g_autofree char *path = g_build_filename(self->dir, NAMES[i], NULL);
    gboolean this = casa_file_stamp_look(&self->stamps[i], path);
    changed |= this;
    *out_indicators |= this && i < OF_INDICATORS;
  }
  return changed;
}

/* Feeds are read by ingest, on its own; the wall only tells of a mistake in them. (transfer full) */
static GError *
fault_of_feeds(CasaIndicatorsWatch *self)
{
  GError *fault = NULL;

  casa_feeds_free(casa_feeds_load(self->dir, &fault));
  return fault;
}

void
casa_indicators_watch_check(CasaIndicatorsWatch *self)
{
  gboolean indicators;

  if (!look(self, &indicators))
    return;
  g_autoptr(GError) of_feeds = fault_of_feeds(self);
  g_autoptr(CasaIndicators) set = NULL;
  if (indicators) {
    g_clear_error(&self->fault);
    set = casa_indicators_load(self->dir, &self->fault);
  }
  self->func(set, self->fault ? self->fault : of_feeds, self->data);
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
  g_free(self->dir);
  g_free(self);
}
