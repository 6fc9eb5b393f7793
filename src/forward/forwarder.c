/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/forwarder-private.h"

#include "base/clock.h"
#include "forward/backoff.h"
#include "forward/batch.h"
#include "forward/influx.h"
#include "store/reader.h"

#include <string.h>

/* A batch that a server finds too large is halved for good, but not below this: smaller ones would cost more in round
 * trips than in bytes. */
#define ROWS_MIN 100
/* The writer adds a series to the catalogue within the same call that stores its first row; a row still nameless after
 * this many looks is damaged. */
#define NAMELESS_LOOKS_MAX 40

struct _CasaForwarder {
  CasaStore *store;       /* not owned; any thread */
  CasaCounters *counters; /* not owned; any thread */
  CasaInflux *influx;     /* NULL: forwarding is off. Forward thread, except casa_influx_cancel() */
  CasaForwardPace pace;   /* constant after start */
  GThread *thread;        /* owner's thread only */

  /* forward thread only, after start */
  CasaReader *reader;
  CasaBatch *batch;
  GString *lines;
  CasaBackoff backoff;
  gint64 watermark; /* last id acknowledged by the server and by the store */
  gint64 seen_empty; /* nothing waited up to this id: ids have holes where samples were replaced or aged out */
  guint rows;       /* of a batch at most */
  guint nameless_looks;
  gboolean prepared; /* the database was created, or that was refused */
  gboolean proved;   /* the server took a line since this batch began */
  guint sent, refused; /* rows of this batch with a verdict */

  GMutex lock;
  GCond changed;
  gboolean stopping, ended;  /* guarded by lock */
  gint64 deadline_us;        /* guarded by lock; monotonic */
  CasaForwardStatus status;  /* guarded by lock */
};

/* What became of some lines that were POSTed until the server had an opinion. */
typedef enum {
  VERDICT_OK,
  VERDICT_REFUSED,
  VERDICT_TOO_LARGE,
  VERDICT_STOPPED,
} Verdict;

static G_GNUC_PRINTF(3, 4) void
set_status(CasaForwarder *self, CasaForwardState state, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_autofree char *full = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *valid = g_utf8_make_valid(full, -1);

  g_mutex_lock(&self->lock);
  gboolean is_news = self->status.state != state;
  if (is_news)
    self->status.since_ms = casa_clock_now_ms();
  self->status.state = state;
  g_strlcpy(self->status.text, valid, sizeof self->status.text);
  const char *end;
  if (!g_utf8_validate(self->status.text, -1, &end))
    self->status.text[end - self->status.text] = '\0';
  g_mutex_unlock(&self->lock);
  if (is_news)
    g_message("forward: %s", valid);
}

static void
say_ok(CasaForwarder *self)
{
  set_status(self, CASA_FORWARD_OK, "forwarding to %s", casa_influx_name(self->influx));
}

static void
count_pending(CasaForwarder *self)
{
  gint64 settled = MAX(self->watermark, self->seen_empty);

  casa_counters_set_pending(self->counters, (guint64) MAX(casa_store_last_id(self->store) - settled, 0));
}

/* Whether there is no time left, not even for one more try. */
static gboolean
must_end(CasaForwarder *self)
{
  g_mutex_lock(&self->lock);
  gboolean over = self->stopping && g_get_monotonic_time() >= self->deadline_us;
  g_mutex_unlock(&self->lock);
  return over;
}

static gboolean
is_stopping(CasaForwarder *self)
{
  g_mutex_lock(&self->lock);
  gboolean stopping = self->stopping;
  g_mutex_unlock(&self->lock);
  return stopping;
}

/* Sleeps, keeping the count of waiting samples fresh. FALSE: somebody wants the thread to end. */
static gboolean
pause_ms(CasaForwarder *self, guint ms)
{
  gint64 until = g_get_monotonic_time() + (gint64) ms * 1000;
  gboolean stopping;

  g_mutex_lock(&self->lock);
  while (!self->stopping && g_get_monotonic_time() < until) {
    count_pending(self);
    g_cond_wait_until(&self->changed, &self->lock, MIN(until, g_get_monotonic_time() + 250 * 1000));
  }
  stopping = self->stopping;
  g_mutex_unlock(&self->lock);
  return !stopping;
}

static gboolean
pause_retrying(CasaForwarder *self, guint at_least_ms, const char *why)
{
  guint wait = MAX(casa_backoff_next(&self->backoff, g_random_double()), at_least_ms);

  /* Being cancelled is no news about the server. */
  if (is_stopping(self))
    return FALSE;
  set_status(self, CASA_FORWARD_RETRYING, "%s; next try in %.1f s", why, wait / 1000.0);
  return pause_ms(self, wait);
}

static gboolean
pause_denied(CasaForwarder *self, const char *why)
{
  self->prepared = FALSE;
  set_status(self, CASA_FORWARD_DENIED, "paused: %s", why);
  return pause_ms(self, self->pace.denied_ms);
}

/* FALSE: nobody answered; a refusal is left for the write to find, since the database may well exist. */
static gboolean
prepare(CasaForwarder *self, GError **error)
{
  g_autoptr(GError) refusal = NULL;

  if (self->prepared)
    return TRUE;
  if (!casa_influx_prepare(self->influx, &refusal) && g_error_matches(refusal, CASA_ERROR, CASA_ERROR_NETWORK)) {
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
  }
  self->prepared = TRUE;
  return TRUE;
}

/* POSTs until there is a verdict, through outages and pauses; in a stop, one failure is enough. */
static Verdict
post_lines(CasaForwarder *self, const GString *lines, GError **error)
{
  while (!must_end(self)) {
    g_autoptr(GError) trouble = NULL;
    guint retry_after = 0;
    CasaWriteResult result = prepare(self, &trouble) ? casa_influx_write(self->influx, lines->str, lines->len,
                                                                         &retry_after, &trouble)
                                                     : CASA_WRITE_RETRY;
    switch (result) {
    case CASA_WRITE_OK:
      casa_backoff_reset(&self->backoff);
      self->proved = TRUE;
      say_ok(self);
      return VERDICT_OK;
    case CASA_WRITE_BAD_LINES:
    case CASA_WRITE_TOO_LARGE:
      casa_backoff_reset(&self->backoff);
      g_propagate_error(error, g_steal_pointer(&trouble));
      return result == CASA_WRITE_BAD_LINES ? VERDICT_REFUSED : VERDICT_TOO_LARGE;
    case CASA_WRITE_DENIED:
      if (!pause_denied(self, trouble->message))
        return VERDICT_STOPPED;
      break;
    case CASA_WRITE_RETRY:
      if (!pause_retrying(self, retry_after, trouble->message))
        return VERDICT_STOPPED;
      break;
    }
  }
  return VERDICT_STOPPED;
}

/* A 400 may also mean a server that takes nothing at all (wrong path, wrong version, a proxy). Before a sample is put
 * aside for good, a line that is certainly well-formed must have been taken. REFUSED: the wait for a human is over,
 * try the sample again. */
static Verdict
prove_server(CasaForwarder *self)
{
  g_autoptr(GError) refusal = NULL;
  g_autoptr(GString) probe = g_string_new(NULL);
  Verdict verdict;

  if (self->proved)
    return VERDICT_OK;
  g_string_printf(probe, "casa_pulse,check=write ok=1 %" G_GINT64_FORMAT "\n", casa_clock_now_ms());
  verdict = post_lines(self, probe, &refusal);
  if (verdict == VERDICT_OK || verdict == VERDICT_STOPPED)
    return verdict;
  g_autofree char *why = g_strdup_printf("even a plain test line is refused: %s", refusal->message);
  return pause_denied(self, why) ? VERDICT_REFUSED : VERDICT_STOPPED;
}

/* Puts one sample aside, durably; FALSE only when told to end. */
static gboolean
quarantine(CasaForwarder *self, const CasaBatchItem *item, const char *line, const char *reason)
{
  for (;;) {
    g_autoptr(GError) error = NULL;
    if (casa_store_quarantine(self->store, casa_influx_name(self->influx), item->id, line, reason, &error)) {
      self->refused += item->weight;
      return TRUE;
    }
    if (!pause_retrying(self, 0, error->message))
      return FALSE;
  }
}

static gboolean
quarantine_unwritable(CasaForwarder *self)
{
  for (guint i = 0; i < casa_batch_n_unwritable(self->batch); i++) {
    const CasaBatchItem *item = casa_batch_unwritable(self->batch, i);
    g_autofree char *text = g_strdup_printf("%s/%s/%s/%s", item->station->source, item->station->domain,
                                            item->station->station, item->metric);
    if (!quarantine(self, item, text, "line protocol cannot carry this name or value; rename the metric"))
      return FALSE;
  }
  return TRUE;
}

/* One refused sample: TRUE when it has been put aside or, at last, taken. */
static gboolean
settle_refused(CasaForwarder *self, guint i, GError **refusal)
{
  Verdict verdict = VERDICT_REFUSED;

  while (verdict != VERDICT_OK) {
    Verdict proof = prove_server(self);
    if (proof == VERDICT_STOPPED)
      return FALSE;
    casa_batch_encode(self->batch, i, i + 1, self->lines);
    if (proof == VERDICT_OK)
      return quarantine(self, casa_batch_item(self->batch, i), g_strchomp(self->lines->str), (*refusal)->message);
    g_clear_error(refusal);
    verdict = post_lines(self, self->lines, refusal);
    if (verdict == VERDICT_STOPPED)
      return FALSE;
  }
  self->sent += casa_batch_item(self->batch, i)->weight;
  return TRUE;
}

/* Gives every item of [lo, hi) its verdict. FALSE: told to end before that. */
static gboolean
send_items(CasaForwarder *self, guint lo, guint hi)
{
  g_autoptr(GError) refusal = NULL;
  guint middle;

  casa_batch_encode(self->batch, lo, hi, self->lines);
  Verdict verdict = post_lines(self, self->lines, &refusal);
  if (verdict == VERDICT_STOPPED)
    return FALSE;
  if (verdict == VERDICT_OK) {
    self->sent += casa_batch_weight(self->batch, lo, hi);
    return TRUE;
  }
  if (hi - lo == 1)
    return settle_refused(self, lo, &refusal);
  if (verdict == VERDICT_TOO_LARGE)
    self->rows = MIN(self->rows, MAX((hi - lo) / 2, ROWS_MIN));
  middle = casa_batch_middle(self->batch, lo, hi);
  return send_items(self, lo, middle) && send_items(self, middle, hi);
}

static gboolean
acknowledge(CasaForwarder *self, gint64 id)
{
  for (;;) {
    g_autoptr(GError) error = NULL;
    if (casa_store_outbox_ack(self->store, casa_influx_name(self->influx), id, &error))
      break;
    if (!pause_retrying(self, 0, error->message))
      return FALSE;
  }
  self->watermark = id;
  casa_counters_add_forwarded(self->counters, self->sent);
  casa_counters_add_quarantined(self->counters, self->refused);
  count_pending(self);
  say_ok(self);
  return TRUE;
}

/* Leading rows that have no name yet: wait for the catalogue, but not for ever. Returns how many rows to go on with. */
static guint
skip_nameless(CasaForwarder *self, const CasaOutboxRow *first)
{
  CasaBatchItem item = { .id = first->id, .weight = 1 };

  if (++self->nameless_looks < NAMELESS_LOOKS_MAX)
    return 0;
  return quarantine(self, &item, "", "the store does not know the series of this sample") ? 1 : 0;
}

/* Order matters: what no line can carry is put aside last, so that a stop in the middle does not put it aside twice. */
static gboolean
settle_items(CasaForwarder *self)
{
  guint n = casa_batch_n_items(self->batch);

  return (n == 0 || send_items(self, 0, n)) && quarantine_unwritable(self);
}

/* Sends one batch. Returns how many rows were settled; fewer than asked for means that there is time to sleep. */
static guint
forward_batch(CasaForwarder *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows = NULL;
  const CasaOutboxRow *first;
  gint64 last_id = casa_store_last_id(self->store);
  guint taken;

  if (last_id <= self->watermark)
    return 0;
  rows = casa_reader_outbox(self->reader, self->watermark, self->rows, &error);
  if (!rows) {
    pause_retrying(self, 0, error->message);
    return 0;
  }
  if (rows->len == 0) {
    self->seen_empty = last_id;
    return 0;
  }

  first = &g_array_index(rows, CasaOutboxRow, 0);
  self->sent = self->refused = 0;
  self->proved = FALSE;
  taken = casa_batch_load(self->batch, casa_store_catalogue(self->store), first, rows->len);
  if (taken == 0)
    taken = skip_nameless(self, first);
  else if (!settle_items(self))
    return 0;
  if (taken == 0 || !acknowledge(self, g_array_index(rows, CasaOutboxRow, taken - 1).id))
    return 0;
  self->nameless_looks = 0;
  return taken;
}

/* Makes the database before there is anything to write, so that a wrong address is known at once. */
static void
greet_server(CasaForwarder *self)
{
  for (;;) {
    g_autoptr(GError) error = NULL;
    if (prepare(self, &error)) {
      say_ok(self);
      return;
    }
    if (!pause_retrying(self, 0, error->message))
      return;
  }
}

static gpointer
forward_thread(gpointer data)
{
  CasaForwarder *self = data;
  gboolean stopping = FALSE;

  greet_server(self);
  while (!must_end(self)) {
    guint rows = self->rows, settled = forward_batch(self);
    if (settled == 0 && stopping)
      break;
    count_pending(self);
    stopping = settled < rows ? !pause_ms(self, self->pace.idle_ms) : stopping;
  }
  g_mutex_lock(&self->lock);
  self->ended = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  return NULL;
}

CasaForwarder *
casa_forwarder_new(const CasaConfig *config, CasaStore *store, CasaCounters *counters, GError **error)
{
  CasaForwarder *self = g_new0(CasaForwarder, 1);

  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->store = store;
  self->counters = counters;
  self->pace = (CasaForwardPace) { .idle_ms = 250, .denied_ms = 30000, .backoff_min_ms = 500, .backoff_max_ms = 30000,
                                   .rows = 5000, .total_ms = 30000 };
  self->batch = casa_batch_new();
  self->lines = g_string_new(NULL);
  self->status.since_ms = casa_clock_now_ms();
  if (!config->influx_url) {
    g_strlcpy(self->status.text, "not forwarding: no InfluxDB is named", sizeof self->status.text);
    return self;
  }
  self->influx = casa_influx_new(config->influx_url, config->influx_token, config->influx_user,
                                 config->influx_password, error);
  if (!self->influx)
    g_clear_pointer(&self, casa_forwarder_free);
  return self;
}

void
casa_forwarder_set_pace(CasaForwarder *self, const CasaForwardPace *pace)
{
  CasaForwardPace *own = &self->pace;

  own->idle_ms = pace->idle_ms ? pace->idle_ms : own->idle_ms;
  own->denied_ms = pace->denied_ms ? pace->denied_ms : own->denied_ms;
  own->backoff_min_ms = pace->backoff_min_ms ? pace->backoff_min_ms : own->backoff_min_ms;
  own->backoff_max_ms = pace->backoff_max_ms ? pace->backoff_max_ms : own->backoff_max_ms;
  own->rows = pace->rows ? pace->rows : own->rows;
  own->total_ms = pace->total_ms ? pace->total_ms : own->total_ms;
}

gboolean
casa_forwarder_start(CasaForwarder *self, GError **error)
{
  if (!self->influx)
    return TRUE;
  g_return_val_if_fail(!self->thread, TRUE);

  self->watermark = casa_store_outbox_open(self->store, casa_influx_name(self->influx), error);
  if (self->watermark < 0)
    return FALSE;
  self->reader = casa_reader_open(casa_store_path(self->store), error);
  if (!self->reader)
    return FALSE;
  casa_influx_set_timeouts(self->influx, MIN(self->pace.total_ms, 5000), self->pace.total_ms, 15);
  self->backoff = (CasaBackoff) { .min_ms = self->pace.backoff_min_ms, .max_ms = self->pace.backoff_max_ms };
  self->rows = self->pace.rows;
  set_status(self, CASA_FORWARD_RETRYING, "connecting to %s", casa_influx_name(self->influx));
  count_pending(self);
  self->thread = g_thread_new("casa-forward", forward_thread, self);
  return TRUE;
}

void
casa_forwarder_stop(CasaForwarder *self, guint deadline_ms)
{
  if (!self || !self->thread)
    return;
  g_mutex_lock(&self->lock);
  self->stopping = TRUE;
  self->deadline_us = g_get_monotonic_time() + (gint64) deadline_ms * 1000;
  g_cond_broadcast(&self->changed);
  while (!self->ended && g_cond_wait_until(&self->changed, &self->lock, self->deadline_us))
    ;
  if (!self->ended)
    casa_influx_cancel(self->influx);
  g_mutex_unlock(&self->lock);
  g_thread_join(g_steal_pointer(&self->thread));
}

void
casa_forwarder_free(CasaForwarder *self)
{
  if (!self)
    return;
  casa_forwarder_stop(self, 0);
  casa_influx_free(self->influx);
  casa_reader_close(self->reader);
  casa_batch_free(self->batch);
  g_string_free(self->lines, TRUE);
  g_cond_clear(&self->changed);
  g_mutex_clear(&self->lock);
  g_free(self);
}

void
casa_forwarder_read(CasaForwarder *self, CasaForwardStatus *out)
{
  g_mutex_lock(&self->lock);
  *out = self->status;
  g_mutex_unlock(&self->lock);
}
