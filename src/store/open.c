/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "store/put-private.h"

/* Opening and closing. */

static CasaStore *
new_store(const CasaStoreOptions *options)
{
  CasaStore *self = g_new0(CasaStore, 1);
  self->path = g_canonicalize_filename(options->path, NULL);
  self->options = *options;
  self->options.path = self->path;
  self->options.root = g_strdup(options->root);
  self->options.own = g_strdup(options->own);
  self->refused = casa_refused_new(options->root);
  self->shares = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  self->lock_fd = -1;
  self->catalogue = casa_catalogue_new();
  self->targets = g_ptr_array_new_with_free_func(g_free);
  self->recent = casa_recents_new();
  self->ringed = g_array_new(FALSE, FALSE, sizeof(guint));
  self->staged = g_array_new(FALSE, FALSE, sizeof(CasaStaged));
  self->scratch = g_array_new(FALSE, FALSE, sizeof(CasaSample));
  self->merged = g_array_new(FALSE, FALSE, sizeof(CasaSample));
  self->bite = g_array_new(FALSE, FALSE, sizeof(CasaSample));
  self->cuts = g_array_new(FALSE, FALSE, sizeof(gint64));
  pthread_mutex_init(&self->lock, NULL);
  pthread_mutex_init(&self->stop_lock, NULL);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&self->stop_cond, &monotonic);
  pthread_condattr_destroy(&monotonic);
  return self;
}

/* One second try: with the damaged file out of the way. */
static gboolean
open_database(CasaStore *self, char **out_set_aside, GError **error)
{
  g_autoptr(GError) why = NULL;
  sqlite3 *db = casa_store_file_open(&self->options, &why);
  if (!db && g_error_matches(why, CASA_ERROR, CASA_ERROR_STORE_CORRUPT)) {
    g_autofree char *aside = casa_store_file_set_aside(self->path, "corrupt", error);
    if (!aside)
      return FALSE;
    g_clear_error(&why);
    db = casa_store_file_open(&self->options, &why);
    if (out_set_aside)
      *out_set_aside = g_steal_pointer(&aside);
  }
  if (!db) {
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
  }
  casa_store_use_file(self, db);
  casa_store_note_place(self);
  return TRUE;
}

CasaStore *
casa_store_open(const CasaStoreOptions *options, char **out_set_aside, GError **error)
{
  if (out_set_aside)
    *out_set_aside = NULL;
  CasaStore *self = new_store(options);
  self->lock_fd = casa_store_file_lock(self->path, error);
  if (self->lock_fd >= 0 && open_database(self, out_set_aside, error) && casa_store_load(self, error))
    return self;
  casa_store_close(self);
  return NULL;
}

/* What has no name ends with the connection. */
static void
keep_at_last(CasaStore *self)
{
  g_autoptr(GError) error = NULL;
  if (self->db && !casa_store_keep_place(self, &error))
    g_message("%s", error->message);
}

void
casa_store_close(CasaStore *self)
{
  if (!self)
    return;
  casa_store_stop_upkeep(self);
  keep_at_last(self);
  casa_statements_clear(&self->statements);
  /* Checkpoints when no reader is open; otherwise the -wal stays, and whoever opens it next reads it. */
  sqlite3_close(self->db);
  if (self->lock_fd >= 0)
    close(self->lock_fd);
  g_hash_table_unref(self->shares);
  casa_catalogue_free(self->catalogue);
  casa_refused_free(self->refused);
  g_free((char *)self->options.root);
  g_free((char *)self->options.own);
  g_array_unref(self->recent);
  g_array_unref(self->ringed);
  g_array_unref(self->staged);
  g_array_unref(self->scratch);
  g_array_unref(self->merged);
  g_array_unref(self->bite);
  g_array_unref(self->cuts);
  g_ptr_array_unref(self->targets);
  pthread_mutex_destroy(&self->lock);
  pthread_mutex_destroy(&self->stop_lock);
  pthread_cond_destroy(&self->stop_cond);
  g_free(self->lost);
  g_free(self->path);
  g_free(self);
}

CasaCatalogue *
casa_store_catalogue(CasaStore *self)
{
  return self->catalogue;
}

const char *
casa_store_path(CasaStore *self)
{
  return self->path;
}

gint64
casa_store_last_received(CasaStore *self)
{
  return atomic_load(&self->last_received);
}

gint64
casa_store_last_id(CasaStore *self)
{
  return atomic_load(&self->last_id);
}
