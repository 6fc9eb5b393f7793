/* SPDX-License-Identifier: Apache-2.0 */
#include "base/counters.h"
#include "base/clock.h"
#include "base/latency.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Rate: a ring of quarter-second buckets. The one being filled is left out, so the rate does not dip at its start. */
#define BUCKET_US 250000
#define WINDOW_BUCKETS 20 /* 5 s */
#define N_BUCKETS (WINDOW_BUCKETS + 1)
/* Latency: the median of the last values not older than this. 255 values bound the cost of a read. */
#define LATENCY_MAX_AGE_US (10 * G_USEC_PER_SEC)
#define N_LATENCIES 255

typedef struct {
  gint64 at_us;
  double ms;
} Latency;

struct _CasaCounters {
  /* Guards all below: ~20 ns when nobody waits, and it makes every copy consistent. POSIX's, because ThreadSanitizer
   * cannot see the futexes inside GLib's. */
  pthread_mutex_t lock;
  CasaCounts counts;
  gint64 start_us;
  guint64 buckets[N_BUCKETS]; /* samples; index = bucket number modulo N_BUCKETS */
  gint64 newest_bucket;       /* number (monotonic time / BUCKET_US) of the bucket being filled */
  Latency latencies[N_LATENCIES];
  guint n_latencies, next_latency;
  CasaLatency last_minute;
};

CasaCounters *
casa_counters_new(void)
{
  CasaCounters *self = g_new0(CasaCounters, 1);
  pthread_mutex_init(&self->lock, NULL);
  self->start_us = casa_clock_mono_us();
  self->newest_bucket = self->start_us / BUCKET_US;
  return self;
}

void
casa_counters_free(CasaCounters *self)
{
  if (!self)
    return;
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

/* Called with the lock held: empties the buckets that time has passed over. */
static void
advance(CasaCounters *self, gint64 now_us)
{
  gint64 bucket = now_us / BUCKET_US;
  gint64 steps = MIN(bucket - self->newest_bucket, N_BUCKETS);
  for (gint64 i = 1; i <= steps; i++)
    self->buckets[(bucket - steps + i) % N_BUCKETS] = 0;
  self->newest_bucket = MAX(self->newest_bucket, bucket);
}

/* Called with the lock held. */
static double
rate_now(CasaCounters *self, gint64 now_us)
{
  advance(self, now_us);
  guint64 sum = 0;
  for (gint64 i = 1; i <= WINDOW_BUCKETS; i++)
    sum += self->buckets[(self->newest_bucket + N_BUCKETS - i) % N_BUCKETS];
  gint64 full_us = self->newest_bucket * BUCKET_US - self->start_us;
  double seconds = CLAMP((double)full_us / G_USEC_PER_SEC, 1.0, WINDOW_BUCKETS * BUCKET_US / (double)G_USEC_PER_SEC);
  return (double)sum / seconds;
}

static int
compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Called with the lock held. */
static guint
copy_latencies(const CasaCounters *self, gint64 now_us, double *out)
{
  guint n = 0;
  for (guint i = 0; i < self->n_latencies; i++)
    if (now_us - self->latencies[i].at_us <= LATENCY_MAX_AGE_US)
      out[n++] = self->latencies[i].ms;
  return n;
}

void
casa_counters_message(CasaCounters *self, const CasaMessageCount *m)
{
  gint64 now_us = casa_clock_mono_us();
  pthread_mutex_lock(&self->lock);
  CasaCounts *c = &self->counts;
  c->received++;
  switch (m->outcome) {
  case CASA_OUTCOME_STORED: c->stored++; break;
  case CASA_OUTCOME_DUPLICATE: c->duplicates++; break;
  case CASA_OUTCOME_REJECTED: c->rejected++; break;
  case CASA_OUTCOME_OVER_QUOTA:
    c->over_quota++;
    c->ignored++;
    break;
  case CASA_OUTCOME_IGNORED:
  default: c->ignored++; break;
  }
  c->samples_received += (guint64)m->samples + m->duplicates + m->refused;
  c->samples += m->samples;
  c->samples_duplicate += m->duplicates;
  c->fields_rejected += m->refused;
  if (m->samples > 0) {
    advance(self, now_us);
    self->buckets[self->newest_bucket % N_BUCKETS] += m->samples;
  }
  if (isfinite(m->latency_ms)) {
    casa_latency_add(&self->last_minute, now_us, m->latency_ms);
    self->latencies[self->next_latency] = (Latency){ now_us, m->latency_ms };
    self->next_latency = (self->next_latency + 1) % N_LATENCIES;
    self->n_latencies = MIN(self->n_latencies + 1, N_LATENCIES);
  }
  pthread_mutex_unlock(&self->lock);
}

static void
add(CasaCounters *self, guint64 *counter, guint64 n)
{
  pthread_mutex_lock(&self->lock);
  *counter += n;
  pthread_mutex_unlock(&self->lock);
}

void
casa_counters_add_forwarded(CasaCounters *self, guint64 samples)
{
  add(self, &self->counts.forwarded, samples);
}

void
casa_counters_take_back_forwarded(CasaCounters *self, guint64 samples)
{
  pthread_mutex_lock(&self->lock);
  self->counts.forwarded -= MIN(samples, self->counts.forwarded);
  pthread_mutex_unlock(&self->lock);
}

void
casa_counters_set_pending(CasaCounters *self, guint64 samples)
{
  pthread_mutex_lock(&self->lock);
  self->counts.pending = samples;
  pthread_mutex_unlock(&self->lock);
}

void
casa_counters_add_quarantined(CasaCounters *self, guint64 samples)
{
  add(self, &self->counts.quarantined, samples);
}

void
casa_counters_add_dropped_display(CasaCounters *self, guint64 samples)
{
  add(self, &self->counts.dropped_display, samples);
}

void
casa_counters_add_reconnect(CasaCounters *self)
{
  add(self, &self->counts.reconnects, 1);
}

void
casa_counters_add_broker_dropped(CasaCounters *self, guint64 messages)
{
  add(self, &self->counts.broker_dropped, messages);
}

void
casa_counters_add_gap(CasaCounters *self)
{
  add(self, &self->counts.gaps, 1);
}

void
casa_counters_read(CasaCounters *self, CasaCounts *out)
{
  double recent[N_LATENCIES];
  gint64 now_us = casa_clock_mono_us();
  pthread_mutex_lock(&self->lock);
  *out = self->counts;
  out->rate = rate_now(self, now_us);
  guint n = copy_latencies(self, now_us, recent);
  casa_latency_read(&self->last_minute, now_us, &out->latency_p50_ms, &out->latency_p95_ms, &out->latency_p99_ms);
  pthread_mutex_unlock(&self->lock);

  /* Sorted outside the lock: the ingest thread must not wait for a reader. */
  qsort(recent, n, sizeof *recent, compare_doubles);
  out->latency_ms = n == 0 ? NAN : n % 2 ? recent[n / 2] : (recent[n / 2 - 1] + recent[n / 2]) / 2;
}
