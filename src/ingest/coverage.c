/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/coverage.h"

#include <math.h>
#include <string.h>

#include "store/reader.h"
#include "wire/encode.h"
#include "wire/tree.h"

#define QUESTION_BYTES 1024
#define WAITING_MAX 4       /* questions; more are let go: who asks, asks again */
#define SERIES_LOOKED_AT 16 /* spread over the source's: some stations are silent by night, all of them hardly ever */
#define STRETCHES_MAX 64    /* told, the newest */
#define MIN_STEP_MS 1000
#define MAX_STEPS 20000

typedef struct {
  char source[CASA_NAME_MAX + 1];
  gint64 from_ms, to_ms, step_ms;
} Question;

struct _CasaCoverage {
  char *topic, *reply_topic;
  CasaStore *store;
  GMutex lock;
  GCond wake;
  GThread *thread;                /* guarded by lock; NULL until the first question */
  Question *waiting[WAITING_MAX]; /* guarded by lock; owned; oldest first */
  guint n_waiting;                /* guarded by lock */
  CasaSource *source;             /* guarded by lock; NULL when stopped */
  gboolean stopped;               /* guarded by lock */
};

static gboolean
read_moment(const json_t *tree, const char *key, gint64 *out)
{
  const json_t *value = json_object_get(tree, key);
  if (!json_is_real(value) || fabs(json_real_value(value)) > 1e16)
    return FALSE;
  *out = (gint64)json_real_value(value);
  return TRUE;
}

/* NULL: no question that can be answered. (transfer full) */
static Question *
parse(const CasaMessage *message)
{
  static const CasaWireLimits limits = { .max_payload = QUESTION_BYTES, .max_depth = 4, .max_fields = 16 };
  CasaReason why;
  Question q = { .step_ms = 300000 };
  json_t *tree = casa_tree_load(&limits, message->payload, message->payload_len, &why);
  const char *source = tree ? json_string_value(json_object_get(tree, "source")) : NULL;
  gboolean ok =
    source && strlen(source) <= CASA_NAME_MAX && read_moment(tree, "from", &q.from_ms) && read_moment(tree, "to", &q.to_ms);
  if (ok && json_object_get(tree, "step"))
    ok = read_moment(tree, "step", &q.step_ms);
  ok = ok && q.step_ms >= MIN_STEP_MS && q.to_ms > q.from_ms && (q.to_ms - q.from_ms) / q.step_ms <= MAX_STEPS;
  if (ok)
    g_strlcpy(q.source, source, sizeof q.source);
  json_decref(tree);
  return ok ? g_memdup2(&q, sizeof q) : NULL;
}

/* Series of @source, at most SERIES_LOOKED_AT, evenly spread. (element-type guint) (transfer full) */
static GArray *
choose_series(CasaCatalogue *catalogue, const char *source)
{
  GArray *all = g_array_new(FALSE, FALSE, sizeof(guint)), *chosen = g_array_new(FALSE, FALSE, sizeof(guint));
  guint n = casa_catalogue_n_series(catalogue);
  for (guint i = 0; i < n; i++) {
    const CasaStation *station = casa_catalogue_station(catalogue, casa_catalogue_series(catalogue, i)->station);
    if (strcmp(station->source, source) == 0)
      g_array_append_val(all, i);
  }
  for (guint i = 0; i < MIN(all->len, SERIES_LOOKED_AT); i++)
    g_array_append_val(chosen, g_array_index(all, guint, (guint)((guint64)i * all->len / MIN(all->len, SERIES_LOOKED_AT))));
  g_array_unref(all);
  return chosen;
}

/* Marks the steps of @q in which @series has something. */
static gboolean
mark_steps(CasaReader *reader, guint series, const Question *q, guint8 *steps, guint n, GError **error)
{
  gint64 width = 0;
  g_autoptr(GArray) buckets = casa_reader_series(reader, series, q->from_ms, q->to_ms, n, &width, error);
  if (!buckets)
    return FALSE;
  for (guint i = 0; i < buckets->len; i++) {
    gint64 t_ms = g_array_index(buckets, CasaBucket, i).t_ms;
    gint64 first = MAX((t_ms - q->from_ms) / q->step_ms, 0), last = (t_ms + MAX(width, 1) - 1 - q->from_ms) / q->step_ms;
    for (gint64 s = first; s <= MIN(last, (gint64)n - 1); s++)
      steps[s] = 1;
  }
  return TRUE;
}

/* Stretches of marked steps, the newest STRETCHES_MAX. */
static void
append_stretches(GString *out, const Question *q, const guint8 *steps, guint n)
{
  g_autoptr(GArray) edges =
    g_array_new(FALSE, FALSE, sizeof(guint)); /* where marked and unmarked steps meet: a start, an end, … */
  for (guint i = 0; i <= n; i++) {
    gboolean before = i > 0 && steps[i - 1], here = i < n && steps[i];
    if (before != here)
      g_array_append_val(edges, i);
  }
  for (guint k = edges->len > 2 * STRETCHES_MAX ? edges->len - 2 * STRETCHES_MAX : 0; k < edges->len; k += 2) {
    gint64 from_ms = q->from_ms + g_array_index(edges, guint, k) * q->step_ms;
    gint64 to_ms = MIN(q->from_ms + g_array_index(edges, guint, k + 1) * q->step_ms, q->to_ms);
    g_string_append_printf(out, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]", out->str[out->len - 1] == '[' ? "" : ",",
                           from_ms, to_ms);
  }
}

/* (transfer full) NULL: the store could not be read. */
static char *
answer_to(CasaCoverage *self, const Question *q, GError **error)
{
  g_autoptr(CasaReader) reader = casa_reader_open(casa_store_path(self->store), error);
  if (!reader)
    return NULL;
  guint n = (guint)((q->to_ms - q->from_ms + q->step_ms - 1) / q->step_ms);
  g_autofree guint8 *steps = g_new0(guint8, n);
  g_autoptr(GArray) series = choose_series(casa_store_catalogue(self->store), q->source);
  for (guint i = 0; i < series->len; i++) {
    if (!mark_steps(reader, g_array_index(series, guint, i), q, steps, n, error))
      return NULL;
  }
  GString *out = g_string_new("{\"source\":");
  casa_encode_string(out, q->source);
  g_string_append_printf(out, ",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT ",\"have\":[", q->from_ms, q->to_ms);
  append_stretches(out, q, steps, n);
  g_string_append(out, "]}");
  return g_string_free(out, FALSE);
}

static void
answer(CasaCoverage *self, const Question *question)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *words = answer_to(self, question, &error);
  if (!words) {
    g_message("what the store has of %s could not be told: %s", question->source, error->message);
    return;
  }
  g_mutex_lock(&self->lock);
  CasaSource *source = self->source;
  g_mutex_unlock(&self->lock);
  if (source) /* stop waits for this thread, so it lives */
    casa_source_publish(source, self->reply_topic, words);
}

/* Waits for the oldest question. NULL: stopped. (transfer full) */
static Question *
next_question(CasaCoverage *self)
{
  Question *question = NULL;
  g_mutex_lock(&self->lock);
  while (self->n_waiting == 0 && !self->stopped)
    g_cond_wait(&self->wake, &self->lock);
  if (!self->stopped) {
    question = self->waiting[0];
    self->n_waiting--;
    memmove(self->waiting, self->waiting + 1, self->n_waiting * sizeof *self->waiting);
  }
  g_mutex_unlock(&self->lock);
  return question;
}

/* A thread of our own and not a GThreadPool: ThreadSanitizer cannot see the locks inside GLib's queues. */
static gpointer
answer_thread(gpointer data)
{
  CasaCoverage *self = data;
  Question *question;
  while ((question = next_question(self))) {
    answer(self, question);
    g_free(question);
  }
  return NULL;
}

CasaCoverage *
casa_coverage_new(const char *root, CasaStore *store)
{
  CasaCoverage *self = g_new0(CasaCoverage, 1);
  self->topic = g_strconcat(root, "/$control/store", NULL);
  self->reply_topic = g_strconcat(self->topic, "/reply", NULL);
  self->store = store;
  g_mutex_init(&self->lock);
  g_cond_init(&self->wake);
  return self;
}

void
casa_coverage_free(CasaCoverage *self)
{
  if (!self)
    return;
  casa_coverage_stop(self);
  g_free(self->topic);
  g_free(self->reply_topic);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->wake);
  g_free(self);
}

gboolean
casa_coverage_take(CasaCoverage *self, const CasaMessage *message, CasaSource *source)
{
  if (message->topic_len != strlen(self->topic) || memcmp(message->topic, self->topic, message->topic_len) != 0)
    return FALSE;
  if (message->retained || !source)
    return TRUE;
  g_autofree Question *question = parse(message);
  g_mutex_lock(&self->lock);
  self->source = self->stopped ? NULL : source;
  if (question && !self->stopped && self->n_waiting < WAITING_MAX) {
    self->waiting[self->n_waiting++] = g_steal_pointer(&question);
    if (!self->thread)
      self->thread = g_thread_new("coverage", answer_thread, self);
    g_cond_signal(&self->wake);
  }
  g_mutex_unlock(&self->lock);
  return TRUE;
}

void
casa_coverage_stop(CasaCoverage *self)
{
  g_mutex_lock(&self->lock);
  self->source = NULL;
  self->stopped = TRUE;
  GThread *thread = g_steal_pointer(&self->thread);
  g_cond_signal(&self->wake);
  g_mutex_unlock(&self->lock);
  if (thread)
    g_thread_join(thread);
  while (self->n_waiting > 0) /* nobody else looks any more */
    g_free(self->waiting[--self->n_waiting]);
}
