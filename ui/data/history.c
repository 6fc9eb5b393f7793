/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/history.h"
#include "base/time-units.h"
#include "ui/data/curve-fold.h"
#include "series/members.h"
#include "ui/data/reader-wait.h"
#include <math.h>
#include <pthread.h>

#define TAIL_MS (20 * 60 * 1000LL)
#define REST_US (90 * G_USEC_PER_SEC) /* it is asked every minute: a reader that rested would read the journal anew each time */

struct _CasaHistorian {
  char *path;               /* immutable */
  CasaCatalogue *catalogue; /* not owned; safe from any thread */
  CasaHistoryFunc func;     /* owner's thread only */
  gpointer data;
  GMainContext *context;
  GThread *thread;
  /* pthread's own, not GMutex: ThreadSanitizer cannot see into GLib's futex locks. */
  pthread_mutex_t lock;
  pthread_cond_t wake;
  CasaHistoryJob waiting;     /* guarded by lock */
  CasaIndicators *indicators; /* guarded by lock: of the last request */
  gint64 now_ms;              /* guarded by lock */
  gboolean quit;              /* guarded by lock */
  CasaHistory *answers;       /* guarded by lock: what the thread has read and nobody has taken yet, newest first */
  gint refs;                  /* atomic: the owner, and every answer on its way */
  gint closed;                /* atomic: the owner is gone */
};

static void
history_free(CasaHistory *self)
{
  g_clear_pointer(&self->curves, g_ptr_array_unref);
  casa_indicators_unref(self->indicators);
  g_clear_pointer(&self->latest, g_array_unref);
  g_clear_pointer(&self->means, g_array_unref);
  g_clear_pointer(&self->gaps, g_array_unref);
  g_clear_pointer(&self->events, g_array_unref);
  g_free(self->error);
  g_free(self);
}

static void
historian_unref(gpointer data)
{
  CasaHistorian *self = data;

  if (!g_atomic_int_dec_and_test(&self->refs))
    return;
  while (self->answers) {
    CasaHistory *next = self->answers->next;
    history_free(self->answers);
    self->answers = next;
  }
  casa_indicators_unref(self->indicators);
  g_free(self->path);
  g_main_context_unref(self->context);
  pthread_mutex_destroy(&self->lock);
  pthread_cond_destroy(&self->wake);
  g_free(self);
}

static void
keep_error(CasaHistory *answer, GError *error)
{
  if (error && !answer->error)
    answer->error = g_strdup(error->message);
  g_clear_error(&error);
}

static void
free_curve(gpointer data)
{
  if (data)
    g_array_unref(data);
}

/* What @indicator is made of, step by step. The steps before @from_ms are what its first means over time need. */
static GArray *
read_curve(CasaHistory *answer, CasaReader *reader, CasaCatalogue *catalogue, const CasaIndicator *indicator)
{
  g_autoptr(GArray) members = casa_members_of(catalogue, G_MAXUINT, answer->indicators, indicator);
  gint64 from_ms = (answer->from_ms - indicator->over_ms) / CASA_CURVE_STEP_MS * CASA_CURVE_STEP_MS;
  g_autoptr(CasaCurveFold) fold = casa_curve_fold_new(indicator, from_ms, answer->to_ms, CASA_CURVE_STEP_MS);

  for (guint i = 0; i < members->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) buckets =
      casa_reader_steps(reader, g_array_index(members, guint, i), from_ms, answer->to_ms, CASA_CURVE_STEP_MS, &error);
    keep_error(answer, g_steal_pointer(&error));
    if (buckets)
      casa_curve_fold_add(fold, buckets);
  }
  return casa_curve_fold_finish(fold, answer->from_ms);
}

/* Those that stand for themselves; a ratio is made of two of them. */
static void
read_own(CasaHistory *answer, CasaReader *reader, CasaCatalogue *catalogue, const CasaIndicator *indicator)
{
  if (indicator->metric && !answer->curves->pdata[indicator->index])
    answer->curves->pdata[indicator->index] = read_curve(answer, reader, catalogue, indicator);
}

static void
read_shown(CasaHistory *answer, CasaReader *reader, CasaCatalogue *catalogue, const CasaIndicator *indicator)
{
  read_own(answer, reader, catalogue, indicator);
  if (indicator->fold != CASA_STATIONS_RATIO || answer->curves->pdata[indicator->index])
    return;
  read_own(answer, reader, catalogue, indicator->part);
  read_own(answer, reader, catalogue, indicator->whole);
  answer->curves->pdata[indicator->index] =
    casa_curve_ratio(answer->curves->pdata[indicator->part->index], answer->curves->pdata[indicator->whole->index]);
}

static void
read_curves(CasaHistory *answer, CasaReader *reader, CasaCatalogue *catalogue, gint64 now_ms)
{
  gint64 span = (answer->jobs & CASA_HISTORY_FULL) ? CASA_CURVE_SPAN_MS : TAIL_MS;
  g_autoptr(GError) error = NULL;
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(answer->indicators, &n);

  /* Whole buckets, so that a later reading replaces points instead of adding beside them. */
  answer->from_ms = (now_ms - span) / CASA_CURVE_STEP_MS * CASA_CURVE_STEP_MS;
  answer->to_ms = now_ms + 1;
  answer->gaps = casa_reader_gaps(reader, answer->from_ms, answer->to_ms, &error);
  keep_error(answer, g_steal_pointer(&error));
  answer->curves = g_ptr_array_new_with_free_func(free_curve);
  g_ptr_array_set_size(answer->curves, (gint)casa_indicators_n(answer->indicators));
  for (guint d = 0; d < n; d++)
    for (guint i = 0; i < domains[d]->curves->len; i++)
      read_shown(answer, reader, catalogue, g_array_index(domains[d]->curves, CasaDomainCurve, i).indicator);
}

/* Folded over time, or spread over the map, which tells where it rises. */
static gboolean
needs_means(const CasaIndicators *set, const CasaIndicator *indicator)
{
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(set, &n);
  gboolean needs = indicator->over_ms != 0;

  for (guint i = 0; i < n; i++)
    needs |= domains[i]->field == indicator;
  return needs;
}

static gboolean
wants_means(CasaHistory *answer, CasaCatalogue *catalogue, const CasaSeriesInfo *series)
{
  for (guint i = 0; i < casa_indicators_n(answer->indicators); i++) {
    const CasaIndicator *indicator = casa_indicators_get(answer->indicators, i);
    if (needs_means(answer->indicators, indicator) && casa_members_has(catalogue, answer->indicators, indicator, series))
      return TRUE;
  }
  return FALSE;
}

static void
read_means(CasaHistory *answer, CasaReader *reader, CasaCatalogue *catalogue, gint64 now_ms)
{
  answer->means = g_array_new(FALSE, FALSE, sizeof(CasaSeriesMeans));
  for (guint i = 0; i < casa_catalogue_n_series(catalogue); i++) {
    g_autoptr(GError) error = NULL;
    if (!wants_means(answer, catalogue, casa_catalogue_series(catalogue, i)))
      continue;
    g_autoptr(GArray) day =
      casa_reader_steps(reader, i, now_ms - CASA_DAY_MS - CASA_HOUR_MS, now_ms + 1, CASA_CURVE_STEP_MS, &error);
    keep_error(answer, g_steal_pointer(&error));
    CasaSeriesMeans means = casa_curve_means(i, day, CASA_CURVE_STEP_MS);
    if (day)
      g_array_append_val(answer->means, means);
  }
}

static CasaHistory *
answer_jobs(CasaHistorian *self, CasaReader *reader, CasaHistoryJob jobs, CasaIndicators *indicators, gint64 now_ms)
{
  CasaHistory *answer = g_new0(CasaHistory, 1);
  g_autoptr(GError) error = NULL;

  answer->jobs = jobs;
  answer->indicators = indicators;
  if (!reader) {
    answer->error = g_strdup("the store cannot be read");
    return answer;
  }
  if (jobs & CASA_HISTORY_LATEST) {
    answer->latest = casa_reader_latest(reader, &error);
    keep_error(answer, g_steal_pointer(&error));
  }
  if (jobs & CASA_HISTORY_EVENTS) {
    answer->events = casa_reader_events(reader, now_ms - CASA_HISTORY_ENDED_MS, now_ms + 1, &error);
    keep_error(answer, g_steal_pointer(&error));
  }
  if (jobs & (CASA_HISTORY_FULL | CASA_HISTORY_TAIL))
    read_curves(answer, reader, self->catalogue, now_ms);
  if (jobs & CASA_HISTORY_MEANS)
    read_means(answer, reader, self->catalogue, now_ms);
  return answer;
}

/* All that waits, oldest first. (transfer full) */
static CasaHistory *
take_answers(CasaHistorian *self)
{
  CasaHistory *oldest = NULL;

  pthread_mutex_lock(&self->lock);
  while (self->answers) {
    CasaHistory *next = self->answers->next;
    self->answers->next = oldest;
    oldest = self->answers;
    self->answers = next;
  }
  pthread_mutex_unlock(&self->lock);
  return oldest;
}

static gboolean
deliver_cb(gpointer data)
{
  CasaHistorian *self = data;
  CasaHistory *answer = take_answers(self);

  while (answer) {
    CasaHistory *next = answer->next;
    if (!g_atomic_int_get(&self->closed))
      self->func(answer, self->data);
    history_free(answer);
    answer = next;
  }
  return G_SOURCE_REMOVE;
}

static void
deliver(CasaHistorian *self, CasaHistory *answer)
{
  g_autoptr(GSource) source = g_idle_source_new();

  pthread_mutex_lock(&self->lock);
  answer->next = self->answers;
  self->answers = answer;
  pthread_mutex_unlock(&self->lock);
  g_atomic_int_inc(&self->refs);
  g_source_set_priority(source, G_PRIORITY_HIGH_IDLE); /* before a frame: a wall that paints without rest would never be told */
  g_source_set_callback(source, deliver_cb, self, historian_unref);
  g_source_attach(source, self->context);
}

/* Waits for work. FALSE: time to end. *@indicators (transfer full) */
static gboolean
next_jobs(CasaHistorian *self, CasaReader *reader, CasaHistoryJob *jobs, CasaIndicators **indicators, gint64 *now_ms)
{
  pthread_mutex_lock(&self->lock);
  while (!self->waiting && !self->quit)
    casa_reader_wait(reader, REST_US, &self->wake, &self->lock);
  gboolean go = !self->quit;
  *jobs = self->waiting;
  *now_ms = self->now_ms;
  *indicators = go ? casa_indicators_ref(self->indicators) : NULL;
  self->waiting = 0;
  pthread_mutex_unlock(&self->lock);
  return go;
}

static gpointer
historian_thread(gpointer data)
{
  CasaHistorian *self = data;
  g_autoptr(CasaReader) reader = NULL;
  CasaIndicators *indicators;
  CasaHistoryJob jobs;
  gint64 now_ms;

  while (next_jobs(self, reader, &jobs, &indicators, &now_ms)) {
    g_autoptr(GError) error = NULL;
    if (!reader)
      reader = casa_reader_open(self->path, &error);
    if (error)
      g_warning("history: %s", error->message);
    if ((jobs & CASA_HISTORY_EVENTS) && (jobs & CASA_HISTORY_FULL)) { /* what happens does not wait for two days of curves */
      CasaHistory *first = answer_jobs(self, reader, CASA_HISTORY_EVENTS, casa_indicators_ref(indicators), now_ms);
      first->erased = reader && casa_reader_is_lost(reader);
      deliver(self, first);
      jobs &= (CasaHistoryJob)~CASA_HISTORY_EVENTS;
    }
    CasaHistory *answer = answer_jobs(self, reader, jobs, indicators, now_ms);
    if (answer->error)
      g_warning("history: %s", answer->error);
    answer->erased = reader && casa_reader_is_lost(reader);
    if (reader && (jobs & CASA_HISTORY_FULL))
      casa_reader_rest(reader);
    deliver(self, answer);
  }
  return NULL;
}

CasaHistorian *
casa_historian_new(const char *path, CasaCatalogue *catalogue, CasaHistoryFunc func, gpointer data)
{
  CasaHistorian *self = g_new0(CasaHistorian, 1);

  self->path = g_strdup(path);
  self->catalogue = catalogue;
  self->func = func;
  self->data = data;
  self->context = g_main_context_ref_thread_default();
  self->refs = 1;
  pthread_mutex_init(&self->lock, NULL);
  casa_reader_wait_init(&self->wake);
  self->thread = g_thread_new("casa-history", historian_thread, self);
  return self;
}

void
casa_historian_free(CasaHistorian *self)
{
  if (!self)
    return;
  pthread_mutex_lock(&self->lock);
  self->quit = TRUE;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  g_atomic_int_set(&self->closed, TRUE);
  historian_unref(self);
}

void
casa_historian_ask(CasaHistorian *self, CasaHistoryJob jobs, CasaIndicators *indicators, gint64 now_ms)
{
  CasaIndicators *before = NULL;

  pthread_mutex_lock(&self->lock);
  before = g_steal_pointer(&self->indicators);
  self->indicators = casa_indicators_ref(indicators);
  self->waiting |= jobs;
  self->now_ms = now_ms;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  casa_indicators_unref(before);
}
