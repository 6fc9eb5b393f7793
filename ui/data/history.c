/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/history.h"
#include "base/time-units.h"
#include <math.h>
#include <pthread.h>

#define MOMENT_MS (10 * 60 * 1000LL)
#define TAIL_MS (20 * 60 * 1000LL)

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
  CasaHistoryJob waiting; /* guarded by lock */
  gint64 now_ms;          /* guarded by lock */
  gboolean quit;          /* guarded by lock */
  CasaHistory *answers;   /* guarded by lock: what the thread has read and nobody has taken yet, newest first */
  gint refs;              /* atomic: the owner, and every answer on its way */
  gint closed;            /* atomic: the owner is gone */
};

typedef struct {
  const char *domain, *prefix, *metric;
  CasaFold fold;
} Recipe;

static const Recipe RECIPES[CASA_N_CURVES] = {
  [CASA_CURVE_SPEED] = { "mobility", "road-", "speed_kmh", CASA_FOLD_MEAN },
  [CASA_CURVE_LOAD] = { "energy", "sub-", "load_mw", CASA_FOLD_SUM },
  [CASA_CURVE_SOLAR] = { "energy", "solar-", "solar_mw", CASA_FOLD_SUM },
  [CASA_CURVE_LIGHTING] = { "energy", "light-", "lighting_mw", CASA_FOLD_SUM },
  [CASA_CURVE_PM10] = { "air", "air-", "pm10", CASA_FOLD_MAX },
  [CASA_CURVE_NO2] = { "air", "air-", "no2", CASA_FOLD_MAX },
};

static void
history_free(CasaHistory *self)
{
  for (guint i = 0; i < CASA_N_CURVES; i++)
    g_clear_pointer(&self->curves[i], g_array_unref);
  g_clear_pointer(&self->latest, g_array_unref);
  g_clear_pointer(&self->means, g_array_unref);
  g_clear_pointer(&self->gaps, g_array_unref);
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
read_curves(CasaHistory *answer, CasaReader *reader, gint64 now_ms)
{
  gint64 span = (answer->jobs & CASA_HISTORY_FULL) ? CASA_CURVE_SPAN_MS : TAIL_MS;

  /* Whole buckets, so that a later reading replaces points instead of adding beside them. */
  answer->from_ms = (now_ms - span) / CASA_CURVE_STEP_MS * CASA_CURVE_STEP_MS;
  answer->to_ms = now_ms + 1;
  g_autoptr(GError) gaps_error = NULL;
  answer->gaps = casa_reader_gaps(reader, answer->from_ms, answer->to_ms, &gaps_error);
  keep_error(answer, g_steal_pointer(&gaps_error));
  for (guint i = 0; i < CASA_N_CURVES; i++) {
    g_autoptr(GError) error = NULL;
    const Recipe *r = &RECIPES[i];
    answer->curves[i] = casa_reader_fold(reader, "city", r->domain, r->prefix, r->metric, answer->from_ms, answer->to_ms,
                                         CASA_CURVE_STEP_MS, r->fold, &error);
    keep_error(answer, g_steal_pointer(&error));
  }
}

/* Mean of the buckets that begin in [@from_ms, @to_ms), weighted by how much is in them. */
static double
mean_between(GArray *buckets, gint64 from_ms, gint64 to_ms)
{
  double sum = 0, n = 0;

  for (guint i = 0; buckets && i < buckets->len; i++) {
    const CasaBucket *b = &g_array_index(buckets, CasaBucket, i);
    if (b->t_ms < from_ms || b->t_ms >= to_ms)
      continue;
    sum += b->mean * b->n;
    n += b->n;
  }
  return n > 0 ? sum / n : NAN;
}

static void
read_mean(CasaHistory *answer, CasaReader *reader, const CasaSeriesInfo *series, gint64 now_ms)
{
  g_autoptr(GError) error = NULL;
  CasaAirMean mean = { .station = series->station, .quantity = casa_quantity_from_metric(series->metric) };
  g_autoptr(GArray) day = casa_reader_series(reader, series->id, now_ms - 24 * CASA_HOUR_MS, now_ms + 1, 24 * 12, NULL, &error);

  keep_error(answer, g_steal_pointer(&error));
  mean.mean_1h = mean_between(day, now_ms - CASA_HOUR_MS, G_MAXINT64);
  mean.mean_24h = mean_between(day, now_ms - 24 * CASA_HOUR_MS, G_MAXINT64);
  mean.recent = mean_between(day, now_ms - MOMENT_MS, G_MAXINT64);
  mean.hour_ago = mean_between(day, now_ms - CASA_HOUR_MS - MOMENT_MS, now_ms - CASA_HOUR_MS);
  g_array_append_val(answer->means, mean);
}

static void
read_means(CasaHistory *answer, CasaReader *reader, CasaCatalogue *catalogue, gint64 now_ms)
{
  answer->means = g_array_new(FALSE, FALSE, sizeof(CasaAirMean));
  for (guint i = 0; i < casa_catalogue_n_series(catalogue); i++) {
    const CasaSeriesInfo *series = casa_catalogue_series(catalogue, i);
    const CasaStation *station = casa_catalogue_station(catalogue, series->station);
    CasaQuantity quantity = casa_quantity_from_metric(series->metric);
    if (quantity >= CASA_QUANTITY_PM10 && quantity <= CASA_QUANTITY_SO2 && g_str_has_prefix(station->station, "air-"))
      read_mean(answer, reader, series, now_ms);
  }
}

static CasaHistory *
answer_jobs(CasaHistorian *self, CasaReader *reader, CasaHistoryJob jobs, gint64 now_ms)
{
  CasaHistory *answer = g_new0(CasaHistory, 1);
  g_autoptr(GError) error = NULL;

  answer->jobs = jobs;
  if (!reader) {
    answer->error = g_strdup("the store cannot be read");
    return answer;
  }
  if (jobs & CASA_HISTORY_LATEST) {
    answer->latest = casa_reader_latest(reader, &error);
    keep_error(answer, g_steal_pointer(&error));
  }
  if (jobs & (CASA_HISTORY_FULL | CASA_HISTORY_TAIL))
    read_curves(answer, reader, now_ms);
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
  g_source_set_priority(source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback(source, deliver_cb, self, historian_unref);
  g_source_attach(source, self->context);
}

/* Waits for work. FALSE: time to end. */
static gboolean
next_jobs(CasaHistorian *self, CasaHistoryJob *jobs, gint64 *now_ms)
{
  pthread_mutex_lock(&self->lock);
  while (!self->waiting && !self->quit)
    pthread_cond_wait(&self->wake, &self->lock);
  gboolean go = !self->quit;
  *jobs = self->waiting;
  *now_ms = self->now_ms;
  self->waiting = 0;
  pthread_mutex_unlock(&self->lock);
  return go;
}

static gpointer
historian_thread(gpointer data)
{
  CasaHistorian *self = data;
  g_autoptr(CasaReader) reader = NULL;
  CasaHistoryJob jobs;
  gint64 now_ms;

  while (next_jobs(self, &jobs, &now_ms)) {
    g_autoptr(GError) error = NULL;
    if (!reader)
      reader = casa_reader_open(self->path, &error);
    if (error)
      g_warning("history: %s", error->message);
    CasaHistory *answer = answer_jobs(self, reader, jobs, now_ms);
    if (answer->error)
      g_warning("history: %s", answer->error);
    answer->erased = reader && casa_reader_is_lost(reader);
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
  pthread_cond_init(&self->wake, NULL);
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
casa_historian_ask(CasaHistorian *self, CasaHistoryJob jobs, gint64 now_ms)
{
  pthread_mutex_lock(&self->lock);
  self->waiting |= jobs;
  self->now_ms = now_ms;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
}
