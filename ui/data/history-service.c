/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/history-service.h"
#include "base/clock.h"
#include "ui/data/history-cache.h"
#include "ui/data/reader-wait.h"
#include "ui/data/telling.h"
#include <pthread.h>

/* A question on its way there and back. The owner has it until it is cancelled or answered, the worker while it reads. */
typedef struct {
  gint refs; /* atomic */
  guint64 ticket;
  CasaHistoryQuery *query;
  CasaHistoryAnswerFunc func; /* owner's thread only */
  gpointer data;
  gint cancelled; /* atomic */
  /* Written by the worker before it is delivered, then the owner's. */
  CasaColumns *columns;
  GArray *gaps; /* CasaGap */
  guint n_series;
  GError *error;
  double ms;
} Request;

struct _CasaHistoryService {
  char *path;               /* immutable */
  CasaCatalogue *catalogue; /* not owned; safe from any thread */
  GMainContext *context;    /* immutable */
  GHashTable *asked;        /* Request by ticket; owner's thread only */
  guint64 last_ticket;      /* owner's thread only */
  GThread *thread;
  /* pthread's own, not GMutex: ThreadSanitizer cannot see into GLib's futex locks. */
  pthread_mutex_t lock;
  pthread_cond_t wake;
  GQueue waiting;          /* Request; guarded by lock */
  GQueue answered;         /* Request; guarded by lock */
  gboolean quit;           /* guarded by lock */
  GSource *telling;        /* guarded by lock: an idle callback that is due; NULL none */
  CasaHistoryCache *cache; /* worker only */
};

static void
request_unref(gpointer data)
{
  Request *self = data;
  if (!g_atomic_int_dec_and_test(&self->refs))
    return;
  casa_history_query_free(self->query);
  casa_columns_free(self->columns);
  g_clear_pointer(&self->gaps, g_array_unref);
  g_clear_error(&self->error);
  g_free(self);
}

/* --- The worker --- */

/* The cache keeps what the store gave; the request takes a copy along to the other thread. */
static CasaColumns *
copy_for_owner(const CasaColumns *from)
{
  CasaColumns *copy = g_new0(CasaColumns, 1);
  copy->from_ms = from->from_ms;
  copy->width_ms = from->width_ms;
  copy->n = from->n;
  copy->grain_ms = from->grain_ms;
  copy->n_seen = from->n_seen;
  copy->newest_ms = from->newest_ms;
  copy->columns = g_memdup2(from->columns, from->n * sizeof *from->columns);
  return copy;
}

static void
read_request(CasaHistoryService *self, CasaReader *reader, Request *request)
{
  const CasaHistoryQuery *q = request->query;
  g_autoptr(GArray) series = casa_history_query_series(q, self->catalogue);
  const CasaColumnQuery columns = {
    .series = (const guint *)(gpointer)series->data,
    .n_series = series->len,
    .fold = q->fold,
    .limit = q->limit,
    .least_share = q->least_share,
    .from_ms = q->from_ms,
    .to_ms = q->to_ms,
    .columns = q->columns,
    .step_ms = q->step_ms,
  };
  request->n_series = series->len;
  CasaColumns *read =
    casa_reader_columns(reader, &columns, casa_history_cache_find(self->cache, q), &request->cancelled, &request->error);
  if (!read)
    return;
  request->columns = copy_for_owner(casa_history_cache_put(self->cache, q, read));
  request->gaps = casa_reader_gaps(reader, q->from_ms, q->to_ms, &request->error);
}

static void
answer_request(CasaHistoryService *self, CasaReader **reader, Request *request)
{
  const gint64 begun = casa_clock_mono_us();
  if (g_atomic_int_get(&request->cancelled))
    return;
  if (!*reader)
    *reader = casa_reader_open(self->path, &request->error);
  if (*reader)
    read_request(self, *reader, request);
  request->ms = (double)(casa_clock_mono_us() - begun) / 1000;
}

/* Waits for work. NULL: time to end. */
static Request *
next_request(CasaHistoryService *self, CasaReader *reader)
{
  pthread_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->waiting) && !self->quit)
    casa_reader_wait(reader, CASA_READER_WAIT_US, &self->wake, &self->lock);
  Request *request = self->quit ? NULL : g_queue_pop_head(&self->waiting);
  pthread_mutex_unlock(&self->lock);
  return request;
}

static gboolean tell_cb(gpointer data);

/* Answers that come quicker than the owner takes them wake it once. */
static void
deliver(CasaHistoryService *self, Request *request)
{
  pthread_mutex_lock(&self->lock);
  g_queue_push_tail(&self->answered, request);
  casa_telling_due(&self->telling, self->context, tell_cb, self);
  pthread_mutex_unlock(&self->lock);
}

static gpointer
worker_thread(gpointer data)
{
  CasaHistoryService *self = data;
  g_autoptr(CasaReader) reader = NULL;
  Request *request;
  while ((request = next_request(self, reader))) {
    answer_request(self, &reader, request);
    deliver(self, request);
  }
  return NULL;
}

/* --- The owner --- */

static void
tell(CasaHistoryService *self, Request *request)
{
  if (!g_hash_table_steal(self->asked, &request->ticket))
    return; /* cancelled meanwhile */
  const CasaHistoryAnswer answer = {
    .query = request->query,
    .columns = request->error ? NULL : request->columns,
    .gaps = request->gaps ? (const CasaGap *)(gpointer)request->gaps->data : NULL,
    .n_gaps = request->gaps ? request->gaps->len : 0,
    .n_series = request->n_series,
    .error = request->error,
    .ms = request->ms,
  };
  request->func(&answer, request->data);
  request_unref(request); /* the table's */
}

static Request *
take_answered(CasaHistoryService *self)
{
  pthread_mutex_lock(&self->lock);
  Request *request = g_queue_pop_head(&self->answered);
  if (!request)
    casa_telling_done(&self->telling);
  pthread_mutex_unlock(&self->lock);
  return request;
}

static gboolean
tell_cb(gpointer data)
{
  Request *request;
  while ((request = take_answered(data))) {
    tell(data, request);
    request_unref(request);
  }
  return G_SOURCE_REMOVE;
}

guint64
casa_history_service_ask(CasaHistoryService *self, const CasaHistoryQuery *query, CasaHistoryAnswerFunc func, gpointer data)
{
  Request *request = g_new0(Request, 1);
  *request = (Request){
    .refs = 2,
    .ticket = ++self->last_ticket,
    .query = casa_history_query_copy(query),
    .func = func,
    .data = data,
  };
  const guint64 ticket = request->ticket;
  g_hash_table_insert(self->asked, &request->ticket, request);
  pthread_mutex_lock(&self->lock);
  g_queue_push_tail(&self->waiting, request);
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  return ticket;
}

void
casa_history_service_cancel(CasaHistoryService *self, guint64 ticket)
{
  Request *request = g_hash_table_lookup(self->asked, &ticket);
  if (!request)
    return;
  g_atomic_int_set(&request->cancelled, 1);
  g_hash_table_remove(self->asked, &ticket);
}

CasaHistoryService *
casa_history_service_new(const char *path, CasaCatalogue *catalogue)
{
  CasaHistoryService *self = g_new0(CasaHistoryService, 1);
  self->path = g_strdup(path);
  self->catalogue = catalogue;
  self->context = g_main_context_ref_thread_default();
  self->asked = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, request_unref);
  self->cache = casa_history_cache_new();
  g_queue_init(&self->waiting);
  g_queue_init(&self->answered);
  pthread_mutex_init(&self->lock, NULL);
  casa_reader_wait_init(&self->wake);
  self->thread = g_thread_new("casa-history-query", worker_thread, self);
  return self;
}

static void
cancel_all(CasaHistoryService *self)
{
  GHashTableIter iter;
  gpointer request;
  g_hash_table_iter_init(&iter, self->asked);
  while (g_hash_table_iter_next(&iter, NULL, &request))
    g_atomic_int_set(&((Request *)request)->cancelled, 1);
}

void
casa_history_service_free(CasaHistoryService *self)
{
  if (!self)
    return;
  cancel_all(self);
  pthread_mutex_lock(&self->lock);
  self->quit = TRUE;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  casa_telling_end(&self->telling);
  g_queue_clear_full(&self->waiting, request_unref);
  g_queue_clear_full(&self->answered, request_unref);
  g_hash_table_unref(self->asked);
  casa_history_cache_free(self->cache);
  g_main_context_unref(self->context);
  pthread_mutex_destroy(&self->lock);
  pthread_cond_destroy(&self->wake);
  g_free(self->path);
  g_free(self);
}
