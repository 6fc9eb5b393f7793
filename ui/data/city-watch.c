/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/city-watch.h"
#include "base/file-stamp.h"
#include "city/domain-files.h"

#define CHECK_S 1

struct _CasaCityWatch {
  CasaCity *city;
  char *dir;
  CasaCityFunc func;
  gpointer data;
  CasaFileStamp stamps[CASA_N_CITY_FILES];
  CasaFileStamp domains; /* of the files of domains, which have stories, too */
  guint timer;
};

static gboolean
was_saved(CasaCityWatch *self, CasaCityFile which)
{
  g_autofree char *path = g_build_filename(self->dir, casa_city_file_name(which), NULL);
  gboolean saved = casa_file_stamp_look(&self->stamps[which], path);

  return (which == CASA_CITY_STORIES && casa_domain_files_look(&self->domains, self->dir)) || saved;
}

void
casa_city_watch_check(CasaCityWatch *self)
{
  gboolean saved = FALSE, read = FALSE;

  for (guint i = 0; i < CASA_N_CITY_FILES; i++)
    if (was_saved(self, i)) {
      saved = TRUE;
      read |= casa_city_read_again(self->city, self->dir, i);
    }
  if (saved)
    self->func(read, self->data);
}

static gboolean
check_cb(gpointer data)
{
  casa_city_watch_check(data);
  return G_SOURCE_CONTINUE;
}

CasaCityWatch *
casa_city_watch_new(CasaCity *city, const char *dir, CasaCityFunc func, gpointer data)
{
  CasaCityWatch *self = g_new0(CasaCityWatch, 1);

  self->city = city;
  self->dir = g_strdup(dir);
  self->func = func;
  self->data = data;
  for (guint i = 0; i < CASA_N_CITY_FILES; i++)
    was_saved(self, i);
  self->timer = g_timeout_add_seconds(CHECK_S, check_cb, self);
  return self;
}

void
casa_city_watch_free(CasaCityWatch *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_free(self->dir);
  g_free(self);
}
