/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/forwarder-private.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The writer adds a series to the catalogue within the same call that stores its first row; a row still nameless after
 * this many looks is damaged. */
#define NAMELESS_LOOKS_MAX 40
#define NICENESS 10

static void
init_lock(CasaForwarder *self)
{
  pthread_condattr_t attributes;

  pthread_mutex_init(&self->lock, NULL);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&self->changed, &attributes);
  pthread_condattr_destroy(&attributes);
}

static gboolean
acknowledge(CasaForwarder *self, gint64 id)
{
  if (!casa_forwarder_hold(self, id))
    return FALSE;
  self->watermark = id;
  casa_forwarder_say_ok(self);
  casa_counters_add_quarantined(self->counters, self->refused);
  casa_forwarder_count_pending(self);
  casa_counters_add_forwarded(self->counters, self->sent); /* last: who sees these forwarded sees them wait no more */
  return TRUE;
}

/* Leading rows that have no name yet: wait for the catalogue, but not for ever. Returns how many rows to go on with. */
static guint
skip_nameless(CasaForwarder *self, const CasaOutboxRow *first)
{
  CasaBatchItem item = { .id = first->id, .weight = 1 };

  if (++self->nameless_looks < NAMELESS_LOOKS_MAX)
    return 0;
  return casa_forwarder_quarantine(self, &item, "", "the store does not know the series of this sample") ? 1 : 0;
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
    casa_forwarder_pause_retrying(self, 0, error->message);
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
  else if (!casa_forwarder_settle_batch(self))
    return 0;
  if (taken == 0 || !acknowledge(self, g_array_index(rows, CasaOutboxRow, taken - 1).id))
    return 0;
  self->nameless_looks = 0;
  return taken;
}

/* On Linux a thread has a niceness of its own. A backlog can wait, messages cannot. */
static void
step_back(void)
{
  if (setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS) != 0)
    g_debug("forward: the thread keeps its priority: %s", g_strerror(errno));
}

static gpointer
forward_thread(gpointer data)
{
  CasaForwarder *self = data;
  gboolean stopping = FALSE;

  step_back();
  casa_forwarder_greet(self);
  while (!casa_forwarder_must_end(self)) {
    guint rows = self->rows, settled = forward_batch(self);
    casa_forwarder_review(self);
    if (settled == 0 && stopping)
      break;
    casa_forwarder_count_pending(self);
    stopping = settled < rows ? !casa_forwarder_pause(self, self->pace.idle_ms) : stopping;
  }
  casa_forwarder_release_all(self);
  pthread_mutex_lock(&self->lock);
  self->ended = TRUE;
  pthread_cond_broadcast(&self->changed);
  pthread_mutex_unlock(&self->lock);
  return NULL;
}

CasaForwarder *
casa_forwarder_new(const CasaConfig *config, CasaStore *store, CasaCounters *counters, GError **error)
{
  CasaForwarder *self = g_new0(CasaForwarder, 1);

  init_lock(self);
  self->store = store;
  self->counters = counters;
  self->pace = (CasaForwardPace){ .idle_ms = 250,
                                  .denied_ms = 30000,
                                  .backoff_min_ms = 500,
                                  .backoff_max_ms = 30000,
                                  .rows = 10000,
                                  .total_ms = 30000,
                                  .proof_ms = 20000,
                                  .hold_ms = 20000,
                                  .review_ms = 5000 };
  self->batch = casa_batch_new();
  self->lines = g_string_new(NULL);
  self->held = g_array_new(FALSE, FALSE, sizeof(CasaHeldBatch));
  self->birth = g_strdup("");
  self->status.since_ms = casa_clock_now_ms();
  if (!config->influx_url) {
    g_strlcpy(self->status.text, "not forwarding: no InfluxDB is named", sizeof self->status.text);
    return self;
  }
  self->secret_file = g_strdup(config->influx_secret_file);
  self->influx = casa_influx_new(config->influx_url, config->influx_token, config->influx_user, config->influx_password, error);
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
  own->proof_ms = pace->proof_ms ? pace->proof_ms : own->proof_ms;
  own->hold_ms = pace->hold_ms ? pace->hold_ms : own->hold_ms;
  own->review_ms = pace->review_ms ? pace->review_ms : own->review_ms;
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
  self->kept = self->watermark;
  self->reader = casa_reader_open(casa_store_path(self->store), error);
  if (!self->reader)
    return FALSE;
  casa_influx_set_timeouts(self->influx, MIN(self->pace.total_ms, 5000), self->pace.total_ms, 15);
  self->backoff = (CasaBackoff){ .min_ms = self->pace.backoff_min_ms, .max_ms = self->pace.backoff_max_ms };
  self->rows = self->pace.rows;
  casa_forwarder_set_status(self, CASA_FORWARD_RETRYING, "connecting to %s", casa_influx_name(self->influx));
  casa_forwarder_count_pending(self);
  self->thread = g_thread_new("casa-forward", forward_thread, self);
  return TRUE;
}

void
casa_forwarder_stop(CasaForwarder *self, guint deadline_ms)
{
  if (!self || !self->thread)
    return;
  pthread_mutex_lock(&self->lock);
  self->stopping = TRUE;
  self->deadline_us = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
  pthread_cond_broadcast(&self->changed);
  while (!self->ended && g_get_monotonic_time() < self->deadline_us)
    casa_forwarder_wait_until(self, self->deadline_us);
  if (!self->ended)
    casa_influx_cancel(self->influx);
  pthread_mutex_unlock(&self->lock);
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
  g_array_unref(self->held);
  g_free(self->birth);
  g_free(self->secret_file);
  pthread_cond_destroy(&self->changed);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

void
casa_forwarder_read(CasaForwarder *self, CasaForwardStatus *out)
{
  pthread_mutex_lock(&self->lock);
  *out = self->status;
  pthread_mutex_unlock(&self->lock);
}
