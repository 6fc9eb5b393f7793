/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/study.h"
#include "base/clock.h"
#include "ui/data/reader-wait.h"
#include "ui/data/telling.h"
#include <pthread.h>

#define AGAIN_US (60 * G_USEC_PER_SEC) /* all of the past is not learned more often */

typedef struct {
  CasaIndicators *indicators; /* held */
  gint64 end_ms;
  gboolean anew;
  gpointer answer; /* NULL: none yet */
} Question;

struct _CasaStudy {
  char *path;                /* immutable */
  const CasaStudyKind *kind; /* immutable */
  gpointer data;             /* immutable */
  GMainContext *context;     /* immutable */
  GThread *thread;
  gint quit; /* atomic */
  /* owner's thread only */
  CasaIndicators *followed; /* held; NULL: nothing was asked yet */
  gint64 end_ms;            /* that was asked last */
  gint64 asked_us, anew_us; /* monotonic */
  gboolean forgotten;
  /* pthread's own, not GMutex: ThreadSanitizer cannot see into GLib's futex locks. */
  pthread_mutex_t lock;
  pthread_cond_t wake;
  Question *waiting;  /* guarded by lock; NULL: nothing is asked */
  Question *answered; /* guarded by lock: the newest that nobody has taken; NULL none */
  GSource *telling;   /* guarded by lock: an idle callback that is due; NULL none */
};

static void
free_question(const CasaStudy *self, Question *question)
{
  if (!question)
    return;
  if (question->answer)
    self->kind->free_answer(question->answer);
  casa_indicators_unref(question->indicators);
  g_free(question);
}

static gboolean
tell_cb(gpointer data)
{
  CasaStudy *self = data;

  pthread_mutex_lock(&self->lock);
  Question *question = g_steal_pointer(&self->answered);
  casa_telling_done(&self->telling);
  pthread_mutex_unlock(&self->lock);
  if (question && question->indicators == self->followed)
    self->kind->answered(question->answer, question->indicators, question->end_ms, self->data);
  free_question(self, question);
  return G_SOURCE_REMOVE;
}

/* --- The thread --- */

static void
deliver(CasaStudy *self, Question *question)
{
  pthread_mutex_lock(&self->lock);
  Question *before = self->answered;
  self->answered = question;
  casa_telling_due(&self->telling, self->context, tell_cb, self);
  pthread_mutex_unlock(&self->lock);
  free_question(self, before);
}

/* Waits for work. NULL: time to end. (transfer full) */
static Question *
next_question(CasaStudy *self, CasaReader *reader)
{
  pthread_mutex_lock(&self->lock);
  while (!self->waiting && !g_atomic_int_get(&self->quit))
    casa_reader_wait(reader, CASA_READER_WAIT_US, &self->wake, &self->lock);
  Question *question = g_atomic_int_get(&self->quit) ? NULL : g_steal_pointer(&self->waiting);
  pthread_mutex_unlock(&self->lock);
  return question;
}

static gpointer
study_thread(gpointer data)
{
  CasaStudy *self = data;
  g_autoptr(CasaReader) reader = NULL;
  Question *question;

  while ((question = next_question(self, reader))) {
    g_autoptr(GError) error = NULL;
    if (!reader)
      reader = casa_reader_open(self->path, &error);
    if (error)
      g_warning("%s: %s", self->kind->name, error->message);
    question->answer = self->kind->work(reader, question->indicators, question->end_ms, question->anew, self->data);
    deliver(self, question);
  }
  return NULL;
}

/* --- The owner --- */

CasaStudy *
casa_study_new(const char *path, const CasaStudyKind *kind, gpointer data)
{
  CasaStudy *self = g_new0(CasaStudy, 1);

  self->path = g_strdup(path);
  self->kind = kind;
  self->data = data;
  self->context = g_main_context_ref_thread_default();
  pthread_mutex_init(&self->lock, NULL);
  casa_reader_wait_init(&self->wake);
  self->thread = g_thread_new(kind->name, study_thread, self);
  return self;
}

void
casa_study_free(CasaStudy *self)
{
  if (!self)
    return;
  pthread_mutex_lock(&self->lock);
  g_atomic_int_set(&self->quit, TRUE);
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  casa_telling_end(&self->telling);
  free_question(self, self->answered);
  free_question(self, self->waiting);
  casa_indicators_unref(self->followed);
  g_main_context_unref(self->context);
  pthread_mutex_destroy(&self->lock);
  pthread_cond_destroy(&self->wake);
  g_free(self->path);
  g_free(self);
}

/* @anew counts until a question with it is taken up, whatever is asked meanwhile. */
static void
ask(CasaStudy *self, CasaIndicators *indicators, gint64 end_ms, gboolean anew)
{
  Question *question = g_new0(Question, 1);

  *question = (Question){ .indicators = casa_indicators_ref(indicators), .end_ms = end_ms, .anew = anew };
  pthread_mutex_lock(&self->lock);
  Question *before = self->waiting;
  question->anew = anew || (before && before->anew);
  self->waiting = question;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  free_question(self, before);
}

gboolean
casa_study_follow(CasaStudy *self, CasaIndicators *indicators, gint64 end_ms, gint64 pace_us)
{
  const gint64 us = casa_clock_mono_us();
  const gboolean other = indicators != self->followed, back = end_ms < self->end_ms;
  const gboolean again = self->forgotten && us - self->anew_us >= AGAIN_US, anew = other || back || again;

  if (!anew && (end_ms == self->end_ms || us - self->asked_us < pace_us))
    return FALSE;
  if (other) {
    casa_indicators_unref(self->followed);
    self->followed = casa_indicators_ref(indicators);
  }
  ask(self, indicators, end_ms, anew);
  self->end_ms = end_ms;
  self->asked_us = us;
  if (anew) {
    self->anew_us = us;
    self->forgotten = FALSE;
  }
  return other;
}

void
casa_study_forget(CasaStudy *self)
{
  self->forgotten = TRUE;
}

gint *
casa_study_quit(CasaStudy *self)
{
  return &self->quit;
}
