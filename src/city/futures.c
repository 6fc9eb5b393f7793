/* SPDX-License-Identifier: Apache-2.0 */
#include "city/futures.h"
#include "city/indicators-private.h"
#include <string.h>

#define GROUP "future"
#define SUFFIX ".conf"

static void
future_free(gpointer data)
{
  CasaFuture *self = data;

  g_free(self->id);
  g_free(self->source);
  g_strfreev(self->figures);
  casa_text_clear(&self->title);
  casa_text_clear(&self->limits);
  g_free(self);
}

/* NULL: it is none. */
static CasaFuture *
read_future(const char *path, const char *name)
{
  const CasaText nothing = { (char *)"", (char *)"", (char *)"" };
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, NULL);

  if (!file || !casa_keyfile_get(file, GROUP, "title_fr"))
    return NULL;
  CasaFuture *self = g_new0(CasaFuture, 1);
  const char *source = casa_keyfile_get(file, GROUP, "source");
  self->id = g_strndup(name, strlen(name) - strlen(SUFFIX));
  self->source = g_strdup(source ? source : "");
  self->figures = casa_keyfile_get_list(file, GROUP, "figures");
  if (!self->figures)
    self->figures = g_new0(char *, 1);
  casa_text_read(file, GROUP, "title", &nothing, &self->title);
  casa_text_read(file, GROUP, "limits", &nothing, &self->limits);
  return self;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  return strcmp((*(CasaFuture *const *)a)->id, (*(CasaFuture *const *)b)->id);
}

GPtrArray *
casa_futures_load(const char *dir)
{
  GPtrArray *all = g_ptr_array_new_with_free_func(future_free);
  g_autofree char *folder = g_build_filename(dir, "scenarios", NULL);
  g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
  const char *name;

  while (entries && (name = g_dir_read_name(entries))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    CasaFuture *future = g_str_has_suffix(name, SUFFIX) ? read_future(path, name) : NULL;
    if (future)
      g_ptr_array_add(all, future);
  }
  g_ptr_array_sort(all, compare);
  return all;
}
