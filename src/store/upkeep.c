/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/store-private.h"

/* The store's own thread: short steps under the write lock, and as long a rest after each as the step took, so that
 * ingest always gets at least half of the time. */

#define ROLLUP_EVERY_US (2 * G_USEC_PER_SEC)
#define RETENTION_EVERY_US (600 * G_USEC_PER_SEC)
/* Also how much a power failure may cost without power_safe: a checkpoint makes sure that the disk has it. */
#define CHECKPOINT_EVERY_US (60 * G_USEC_PER_SEC)
#define REST_AFTER_ERROR_US (5 * G_USEC_PER_SEC)

/* TRUE: the store is closing. */
static gboolean
rest(CasaStore *self, gint64 us)
{
  gint64 until_us = casa_clock_mono_us() + us;
  const struct timespec until = { .tv_sec = until_us / G_USEC_PER_SEC, .tv_nsec = until_us % G_USEC_PER_SEC * 1000 };
  pthread_mutex_lock(&self->stop_lock);
  while (!self->stop && pthread_cond_timedwait(&self->stop_cond, &self->stop_lock, &until) == 0)
    ;
  gboolean stop = self->stop;
  pthread_mutex_unlock(&self->stop_lock);
  return stop;
}

/* Runs one kind of step until nothing is left. TRUE: the store is closing. */
static gboolean
run_steps(CasaStore *self, CasaRetentionPass *pass)
{
  gboolean more = TRUE;
  while (more) {
    g_autoptr(GError) error = NULL;
    casa_store_lock(self);
    gint64 begun = casa_clock_mono_us();
    gboolean ok = pass ? casa_store_retention_step(self, pass, casa_clock_now_ms(), &more, &error)
                       : casa_store_rollup_step(self, &more, &error);
    gint64 took = casa_clock_mono_us() - begun;
    casa_store_unlock(self);
    if (!ok) {
      g_message("upkeep: %s", error->message);
      more = FALSE;
      took = REST_AFTER_ERROR_US;
    }
    if (rest(self, took))
      return TRUE;
  }
  return FALSE;
}

/* Readers may hold part of the -wal back (SQLITE_BUSY): that part has its turn next time. */
static gboolean
checkpoint(CasaStore *self, GError **error)
{
  casa_store_lock(self);
  int code = sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  gboolean ok = code == SQLITE_OK || code == SQLITE_BUSY || casa_db_fail(self->db, self->path, "checkpoint it", error);
  casa_store_unlock(self);
  return ok;
}

static gpointer
upkeep_thread(gpointer data)
{
  CasaStore *self = data;
  gint64 retention_due = 0, checkpoint_due = casa_clock_mono_us() + CHECKPOINT_EVERY_US;
  for (;;) {
    if (run_steps(self, NULL))
      return NULL;
    if (casa_clock_mono_us() >= retention_due) {
      CasaRetentionPass pass = { 0 };
      if (run_steps(self, &pass))
        return NULL;
      retention_due = casa_clock_mono_us() + RETENTION_EVERY_US;
    }
    if (casa_clock_mono_us() >= checkpoint_due) {
      g_autoptr(GError) error = NULL;
      if (!checkpoint(self, &error))
        g_message("upkeep: %s", error->message);
      checkpoint_due = casa_clock_mono_us() + CHECKPOINT_EVERY_US;
    }
    if (rest(self, ROLLUP_EVERY_US))
      return NULL;
  }
}

void
casa_store_start_upkeep(CasaStore *self)
{
  if (!self->upkeep)
    self->upkeep = g_thread_new("casa-upkeep", upkeep_thread, self);
}

/* The same at once, for who is about to close or to look; writers that wait go first here too. */
static gboolean
finish(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms, GError **error)
{
  gboolean ok = TRUE, more = TRUE;
  while (ok && more) {
    while (g_atomic_int_get(&self->waiting) > 0)
      g_thread_yield();
    casa_store_lock(self);
    ok = pass ? casa_store_retention_step(self, pass, now_ms, &more, error) : casa_store_rollup_step(self, &more, error);
    casa_store_unlock(self);
  }
  return ok;
}

gboolean
casa_store_upkeep(CasaStore *self, gint64 now_ms, GError **error)
{
  CasaRetentionPass pass = { 0 };
  return finish(self, NULL, now_ms, error) && finish(self, &pass, now_ms, error) && checkpoint(self, error);
}
