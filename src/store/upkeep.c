/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store-private.h"

/* The store's own thread: short steps under the write lock, and as long a rest after each as the step took, so that
 * ingest always gets at least half of the time. */

#define LOOK_EVERY_US G_USEC_PER_SEC
#define RETENTION_EVERY_US (600 * G_USEC_PER_SEC)
/* Also how much a power failure may cost without power_safe: a checkpoint makes sure that the disk has it. */
#define CHECKPOINT_EVERY_US (60 * G_USEC_PER_SEC)
#define GIVE_BACK_EVERY_US (10 * G_USEC_PER_SEC)
#define REST_AFTER_ERROR_US (5 * G_USEC_PER_SEC)

/* TRUE: the store is closing. Ends early when a checkpoint is asked for. */
static gboolean
rest(CasaStore *self, gint64 us)
{
  gint64 until_us = casa_clock_mono_us() + us;
  const struct timespec until = { .tv_sec = until_us / G_USEC_PER_SEC, .tv_nsec = until_us % G_USEC_PER_SEC * 1000 };
  pthread_mutex_lock(&self->stop_lock);
  while (!self->stop && !g_atomic_int_get(&self->checkpoint_asked) &&
         pthread_cond_timedwait(&self->stop_cond, &self->stop_lock, &until) == 0)
    ;
  gboolean stop = self->stop;
  pthread_mutex_unlock(&self->stop_lock);
  return stop;
}

/* What there is to do, in short steps. */
typedef struct {
  enum { SEAL, SEAL_ALL, TRIM, EXPIRE } what;
  gint64 now_ms;
  CasaRetentionPass pass;
} Job;

static gboolean
one_step(CasaStore *self, Job *job, gboolean *out_more, GError **error)
{
  if (job->what == EXPIRE)
    return casa_store_retention_step(self, &job->pass, job->now_ms, out_more, error);
  if (job->what == TRIM)
    return casa_store_trim_step(self, job->now_ms, out_more, error);
  return casa_store_seal_step(self, job->what == SEAL_ALL, out_more, error);
}

/* What is in the -wal goes to the disk before the checkpoint wants it there, so that nobody waits for it under the lock. */
static void
sync_wal(CasaStore *self)
{
  casa_store_lock(self);
  g_autofree char *wal = g_strconcat(sqlite3_db_filename(self->db, "main"), "-wal", NULL);
  casa_store_unlock(self);
  int fd = g_open(wal, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    return;
  /* Only to be quick: SQLite itself sees to it that it is there. */
  if (fdatasync(fd) != 0)
    g_debug("store %s: the -wal cannot be synced: %s", self->path, g_strerror(errno));
  close(fd);
}

/* Readers may hold part of the -wal back (SQLITE_BUSY): that part has its turn next time. */
static gboolean
checkpoint(CasaStore *self, GError **error)
{
  g_atomic_int_set(&self->checkpoint_asked, FALSE);
  sync_wal(self);
  casa_store_lock(self);
  casa_store_let_go(self);
  int code = sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  gboolean ok = code == SQLITE_OK || code == SQLITE_BUSY || casa_db_fail(self->db, self->path, "checkpoint it", error);
  casa_store_unlock(self);
  return ok;
}

/* The one a commit asked for. */
static void
checkpoint_asked(CasaStore *self)
{
  g_autoptr(GError) error = NULL;
  if (g_atomic_int_get(&self->checkpoint_asked) && !checkpoint(self, &error))
    g_message("upkeep: %s", error->message);
}

/* Runs a job until nothing of it is left. TRUE: the store is closing. */
static gboolean
run_steps(CasaStore *self, Job job)
{
  gboolean more = TRUE;
  while (more) {
    g_autoptr(GError) error = NULL;
    casa_store_lock(self);
    gint64 begun = casa_clock_mono_us();
    gboolean ok = one_step(self, &job, &more, &error);
    gint64 took = casa_clock_mono_us() - begun;
    casa_store_unlock(self);
    if (!ok) {
      g_message("upkeep: %s", error->message);
      more = FALSE;
      took = REST_AFTER_ERROR_US;
    }
    if ((more || !ok) && rest(self, took))
      return TRUE;
    checkpoint_asked(self);
  }
  return FALSE;
}

/* Pages of the journal that nobody reads again, and of blocks that were packed: up to 16 MB, and 10 of them after each sealing
 * of a city. What is needed still is read again, some twenty pages of the system's memory. */
static void
give_back(CasaStore *self)
{
  casa_store_lock(self);
  sqlite3_db_release_memory(self->db);
  casa_store_unlock(self);
}

/* So that what others want of the file (a checkpoint, say) never has to wait longer than until the next round. */
static void
let_go(CasaStore *self)
{
  casa_store_lock(self);
  casa_store_let_go(self);
  casa_store_unlock(self);
}

static gboolean
keep_place(CasaStore *self, GError **error)
{
  casa_store_lock(self);
  gboolean ok = casa_store_keep_place(self, error);
  casa_store_unlock(self);
  return ok;
}

/* Once for each reason. */
static void
say_lost(const char *words, char **said)
{
  if (g_strcmp0(words, *said) == 0)
    return;
  g_message("upkeep: %s", words);
  g_free(*said);
  *said = g_strdup(words);
}

static gpointer
upkeep_thread(gpointer data)
{
  CasaStore *self = data;
  g_autofree char *said = NULL;
  gint64 retention_due = 0, checkpoint_due = casa_clock_mono_us() + CHECKPOINT_EVERY_US, give_back_due = 0;
  for (;;) {
    g_autoptr(GError) error = NULL;
    checkpoint_asked(self);
    if (!keep_place(self, &error)) {
      say_lost(error->message, &said);
      if (rest(self, REST_AFTER_ERROR_US))
        return NULL;
      continue;
    }
    g_clear_pointer(&said, g_free);
    if (run_steps(self, (Job){ SEAL }) || run_steps(self, (Job){ TRIM, .now_ms = casa_clock_now_ms() }))
      return NULL;
    if (casa_clock_mono_us() >= retention_due) {
      if (run_steps(self, (Job){ EXPIRE, .now_ms = casa_clock_now_ms() }))
        return NULL;
      retention_due = casa_clock_mono_us() + RETENTION_EVERY_US;
    }
    if (casa_clock_mono_us() >= checkpoint_due) {
      if (!checkpoint(self, &error))
        g_message("upkeep: %s", error->message);
      checkpoint_due = casa_clock_mono_us() + CHECKPOINT_EVERY_US;
    }
    if (casa_clock_mono_us() >= give_back_due) {
      give_back(self);
      give_back_due = casa_clock_mono_us() + GIVE_BACK_EVERY_US;
    }
    let_go(self);
    if (rest(self, LOOK_EVERY_US))
      return NULL;
  }
}

void
casa_store_start_upkeep(CasaStore *self)
{
  if (!self->upkeep)
    self->upkeep = g_thread_new("casa-upkeep", upkeep_thread, self);
}

void
casa_store_stop_upkeep(CasaStore *self)
{
  if (!self->upkeep)
    return;
  pthread_mutex_lock(&self->stop_lock);
  self->stop = TRUE;
  pthread_cond_signal(&self->stop_cond);
  pthread_mutex_unlock(&self->stop_lock);
  g_thread_join(g_steal_pointer(&self->upkeep));
}

/* The same at once, for who is about to close or to look; writers that wait go first here too. *@left: not all was done
 * until @until_us (monotonic). */
static gboolean
finish(CasaStore *self, Job job, gint64 until_us, gboolean *left, GError **error)
{
  gboolean ok = TRUE, more = TRUE;
  while (ok && more && casa_clock_mono_us() < until_us) {
    while (g_atomic_int_get(&self->waiting) > 0)
      g_thread_yield();
    casa_store_lock(self);
    ok = one_step(self, &job, &more, error);
    casa_store_unlock(self);
  }
  *left |= ok && more;
  return ok;
}

static gboolean
upkeep_until(CasaStore *self, gint64 now_ms, gint64 until_us, gboolean *left, GError **error)
{
  return keep_place(self, error) && finish(self, (Job){ SEAL_ALL }, until_us, left, error) &&
         finish(self, (Job){ TRIM, .now_ms = now_ms }, until_us, left, error) &&
         finish(self, (Job){ EXPIRE, .now_ms = now_ms }, until_us, left, error) && checkpoint(self, error);
}

gboolean
casa_store_upkeep(CasaStore *self, gint64 now_ms, GError **error)
{
  gboolean left = FALSE;
  return upkeep_until(self, now_ms, G_MAXINT64, &left, error);
}

gboolean
casa_store_upkeep_for(CasaStore *self, gint64 now_ms, gint64 at_most_us, gboolean *out_left, GError **error)
{
  *out_left = FALSE;
  return upkeep_until(self, now_ms, casa_clock_mono_us() + at_most_us, out_left, error);
}
