/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/indicators-watch.h"
#include <sys/stat.h>

#define CHECK_S 1

/* How a file looks from outside. A look once a second sees what no inotify tells of: the target of a link, a network drive. */
typedef struct {
  guint64 inode, size;
  struct timespec changed;
} Stamp;

static const char *const NAMES[] = { "indicators.conf", "metrics.conf" };

struct _CasaIndicatorsWatch {
  char *dir;
  CasaIndicatorsFunc func;
  gpointer data;
  Stamp stamps[G_N_ELEMENTS(NAMES)];
  guint timer;
};

/* Whether file @i has changed since it was last looked at. */
static gboolean
has_changed(CasaIndicatorsWatch *self, guint i)
{
  g_autofree char *path = g_build_filename(self->dir, NAMES[i], NULL);
  Stamp now = { 0 }, before = self->stamps[i];
  struct stat s;

  if (stat(path, &s) == 0)
    now = (Stamp){ s.st_ino, (guint64)s.st_size, s.st_mtim };
  self->stamps[i] = now;
  return now.inode != before.inode || now.size != before.size || now.changed.tv_sec != before.changed.tv_sec ||
         now.changed.tv_nsec != before.changed.tv_nsec;
}

static gboolean
look(CasaIndicatorsWatch *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++)
    changed |= has_changed(self, i);
  return changed;
}

void
casa_indicators_watch_check(CasaIndicatorsWatch *self)
{
  g_autoptr(GError) fault = NULL;

  if (!look(self))
    return;
  g_autoptr(CasaIndicators) set = casa_indicators_load(self->dir, &fault);
  self->func(set, fault, self->data);
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
  look(self);
  self->timer = g_timeout_add_seconds(CHECK_S, check_cb, self);
  return self;
}

void
casa_indicators_watch_free(CasaIndicatorsWatch *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_free(self->dir);
  g_free(self);
}
