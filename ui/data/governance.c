/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/governance.h"
#include "base/clock.h"
#include "base/time-units.h"
#include <pthread.h>

#define AGAIN_MS CASA_MINUTE_MS        /* of the city's time */
#define LEAST_US (10 * G_USEC_PER_SEC) /* of ours: a replay is fast */

typedef struct {
  CasaYardsticks *yardsticks; /* held: the findings speak of them */
  GPtrArray *findings;        /* NULL: @fault says why */
  char *fault;
} Answer;

struct _CasaGovernance {
  char *path, *dir;     /* immutable */
  const CasaCity *city; /* immutable */
  GThreadPool *worker;  /* of one thread; NULL: there is nothing to read */
  /* owner's thread only */
  Answer *shown;
  CasaGovernanceView view;
  gint64 asked_ms, asked_us;
  CasaReader *reader; /* worker only */
  gint quit;          /* atomic */
  /* pthread's own, not GMutex: ThreadSanitizer cannot see into GLib's futex locks. */
  pthread_mutex_t lock;
  Answer *fresh; /* guarded by lock: what the owner has not taken yet */
  gboolean busy; /* guarded by lock: a question is not answered */
};

static void
answer_free(Answer *self)
{
  if (!self)
    return;
  g_clear_pointer(&self->findings, g_ptr_array_unref);
  casa_yardsticks_unref(self->yardsticks);
  g_free(self->fault);
  g_free(self);
}

static Answer *
work_out(CasaGovernance *self, gint64 at_ms, GError **error)
{
  Answer *answer = g_new0(Answer, 1);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(self->dir, error);

  answer->yardsticks = indicators ? casa_yardsticks_load(self->dir, indicators, error) : NULL;
  if (answer->yardsticks && !self->reader)
    self->reader = casa_reader_open(self->path, error);
  if (answer->yardsticks && self->reader)
    answer->findings = casa_city_indicators(self->reader, self->city, answer->yardsticks, at_ms, &self->quit, error);
  return answer;
}

static void
work(gpointer data, gpointer owner)
{
  CasaGovernance *self = owner;
  gint64 *at_ms = data;
  g_autoptr(GError) error = NULL;
  Answer *answer = work_out(self, *at_ms, &error);

  answer->fault = error ? g_strdup(error->message) : NULL;
  if (error && !g_atomic_int_get(&self->quit))
    g_debug("governance: %s", error->message); /* the store is about to be made, or busy: again soon */
  pthread_mutex_lock(&self->lock);
  Answer *before = self->fresh;
  self->fresh = answer;
  self->busy = FALSE;
  pthread_mutex_unlock(&self->lock);
  answer_free(before);
  g_free(at_ms);
}

static void
ask(CasaGovernance *self, gint64 now_ms)
{
  self->asked_ms = now_ms;
  self->asked_us = casa_clock_mono_us();
  g_thread_pool_push(self->worker, g_memdup2(&now_ms, sizeof now_ms), NULL);
}

static gboolean
is_due(const CasaGovernance *self, gint64 now_ms)
{
  if (self->asked_us == 0)
    return TRUE;
  return (now_ms - self->asked_ms >= AGAIN_MS || now_ms < self->asked_ms) && casa_clock_mono_us() - self->asked_us >= LEAST_US;
}

const CasaGovernanceView *
casa_governance_want(CasaGovernance *self, gint64 now_ms)
{
  gboolean ask_now = FALSE;

  if (!self->worker)
    return &self->view;
  const gboolean due = is_due(self, now_ms);
  pthread_mutex_lock(&self->lock);
  Answer *fresh = g_steal_pointer(&self->fresh);
  if (!self->busy && due)
    ask_now = self->busy = TRUE;
  pthread_mutex_unlock(&self->lock);
  if (fresh) {
    answer_free(self->shown);
    self->shown = fresh;
    self->view = (CasaGovernanceView){ fresh->findings, fresh->fault, self->view.revision + 1 };
  }
  if (ask_now)
    ask(self, now_ms);
  return &self->view;
}

CasaGovernance *
casa_governance_new(const char *path, const char *dir, const CasaCity *city)
{
  CasaGovernance *self = g_new0(CasaGovernance, 1);

  self->path = g_strdup(path);
  self->dir = g_strdup(dir);
  self->city = city;
  pthread_mutex_init(&self->lock, NULL);
  if (path && dir)
    self->worker = g_thread_pool_new(work, self, 1, FALSE, NULL);
  return self;
}

void
casa_governance_free(CasaGovernance *self)
{
  if (!self)
    return;
  g_atomic_int_set(&self->quit, TRUE);
  if (self->worker)
    g_thread_pool_free(self->worker, FALSE, TRUE);
  casa_reader_close(self->reader);
  answer_free(self->fresh);
  answer_free(self->shown);
  pthread_mutex_destroy(&self->lock);
  g_free(self->path);
  g_free(self->dir);
  g_free(self);
}
