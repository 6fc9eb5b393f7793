/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/reports.h"
#include "base/clock.h"
#include <pthread.h>
#include <string.h>

#define AGAIN_US (2 * G_USEC_PER_SEC)

/* What the thread is to do: write a choice, where there is one, then read both lists. */
typedef struct {
  char *source, *id; /* NULL: only read */
  gboolean on;
} Job;

struct _CasaReports {
  char *path;          /* immutable */
  CasaStore *store;    /* immutable; safe from any thread */
  GThreadPool *worker; /* of one thread; NULL: there is no store */
  GArray *lists[2];    /* owner's thread only: waiting, shown */
  gint64 asked_us;     /* owner's thread only */
  CasaReader *reader;  /* worker only */
  /* pthread's own, not GMutex: ThreadSanitizer cannot see into GLib's futex locks. */
  pthread_mutex_t lock;
  GArray *read[2]; /* guarded by lock: what the owner has not taken yet; NULL: nothing */
  guint n_waiting; /* guarded by lock: jobs that are not done */
};

static void
keep(CasaReports *self, GArray *waiting, GArray *shown)
{
  GArray *const fresh[] = { waiting, shown };

  pthread_mutex_lock(&self->lock);
  for (guint i = 0; waiting && shown && i < 2; i++) {
    g_clear_pointer(&self->read[i], g_array_unref);
    self->read[i] = g_array_ref(fresh[i]);
  }
  self->n_waiting--;
  pthread_mutex_unlock(&self->lock);
}

static void
work(gpointer data, gpointer owner)
{
  CasaReports *self = owner;
  Job *job = data;
  g_autoptr(GError) error = NULL, unread = NULL;

  if (job->id && self->store && !casa_store_show_report(self->store, job->source, job->id, job->on, &error))
    g_warning("the choice of a report is not kept: %s", error->message);
  if (!self->reader)
    self->reader = casa_reader_open(self->path, &unread);
  g_autoptr(GArray) waiting = self->reader ? casa_reader_reports(self->reader, FALSE, CASA_REPORTS_LISTED, &unread) : NULL;
  g_autoptr(GArray) shown = waiting ? casa_reader_reports(self->reader, TRUE, CASA_REPORTS_LISTED, &unread) : NULL;
  if (unread)
    g_debug("reports: %s", unread->message); /* the store is about to be made, or busy: again soon */
  keep(self, waiting, shown);
  g_free(job->source);
  g_free(job->id);
  g_free(job);
}

static void
push(CasaReports *self, Job job)
{
  pthread_mutex_lock(&self->lock);
  self->n_waiting++;
  pthread_mutex_unlock(&self->lock);
  self->asked_us = casa_clock_mono_us();
  g_thread_pool_push(self->worker, g_memdup2(&job, sizeof job), NULL);
}

CasaReports *
casa_reports_new(const char *path, CasaStore *store)
{
  CasaReports *self = g_new0(CasaReports, 1);

  self->path = g_strdup(path);
  self->store = store;
  pthread_mutex_init(&self->lock, NULL);
  for (guint i = 0; i < 2; i++)
    self->lists[i] = g_array_new(FALSE, FALSE, sizeof(CasaStoredReport));
  if (path)
    self->worker = g_thread_pool_new(work, self, 1, FALSE, NULL);
  return self;
}

void
casa_reports_free(CasaReports *self)
{
  if (!self)
    return;
  if (self->worker)
    g_thread_pool_free(self->worker, FALSE, TRUE);
  casa_reader_close(self->reader);
  for (guint i = 0; i < 2; i++) {
    g_array_unref(self->lists[i]);
    g_clear_pointer(&self->read[i], g_array_unref);
  }
  pthread_mutex_destroy(&self->lock);
  g_free(self->path);
  g_free(self);
}

static gboolean
take(CasaReports *self, guint i, GArray *fresh)
{
  const gsize size = fresh->len * sizeof(CasaStoredReport);
  const gboolean same =
    self->lists[i]->len == fresh->len && (size == 0 || memcmp(self->lists[i]->data, fresh->data, size) == 0);

  g_array_unref(self->lists[i]);
  self->lists[i] = fresh;
  return !same;
}

gboolean
casa_reports_tick(CasaReports *self)
{
  GArray *fresh[2];
  gboolean news = FALSE;

  if (!self->worker)
    return FALSE;
  pthread_mutex_lock(&self->lock);
  memcpy(fresh, self->read, sizeof fresh);
  memset(self->read, 0, sizeof self->read);
  const guint n_waiting = self->n_waiting;
  pthread_mutex_unlock(&self->lock);
  for (guint i = 0; i < 2; i++)
    news |= fresh[i] && take(self, i, fresh[i]);
  if (n_waiting == 0 && (self->asked_us == 0 || casa_clock_mono_us() - self->asked_us >= AGAIN_US))
    push(self, (Job){ NULL, NULL, FALSE });
  return news;
}

const GArray *
casa_reports_waiting(CasaReports *self)
{
  return self->lists[0];
}

const GArray *
casa_reports_shown(CasaReports *self)
{
  return self->lists[1];
}

void
casa_reports_show(CasaReports *self, const char *source, const char *id, gboolean on)
{
  if (self->worker)
    push(self, (Job){ g_strdup(source), g_strdup(id), on });
}
