/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/quota.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_US (10 * G_USEC_PER_SEC)
#define TELL_US G_USEC_PER_SEC
/* So much work is told: a flood of dear messages thus tens of times a second, and twenty plain ones a second once a minute. */
#define UNTOLD_US 20000
/* The broker's own bound for what waits in a session (persistent_client_expiration in our mosquitto.conf is 2 d). */
#define CREDIT_MAX_US (2 * 24 * 3600 * (gint64)G_USEC_PER_SEC)
/* A source not heard of yet has the latest credit too, for so long: a backlog comes mixed. */
#define CREDIT_NEW_US (600 * (gint64)G_USEC_PER_SEC)
#define OTHERS "*" /* no valid source: those beyond CASA_QUOTA_SOURCES share it */

typedef struct {
  char source[CASA_NAME_MAX + 1];
  const CasaQuotaLimits *limits;
  double messages, bytes, work_us; /* what may come now */
  gint64 untold_us;                /* of its work */
  gint64 filled_us, next_report_us, next_tell_us;
  gint64 credit_us; /* how much of the quota's credit it has had */
  guint64 over, unreported;
  CasaQuotaKind kind; /* by what the last one over quota was so */
  guint held_limit;   /* that limit, where it is the broker's guard's; 0: it is one of ours */
  GList link;         /* in `recent`; data is the bucket itself */
} Bucket;

struct _CasaQuota {
  const CasaConfig *config;

  pthread_mutex_t lock; /* guards all below; POSIX's, as in counters.c */
  GHashTable *buckets;  /* source → Bucket */
  GQueue recent;        /* Bucket: the one heard of last at the head */
  GList *reporting;     /* Bucket: went over quota, and something of it was not reported yet */
  gint64 next_report_us;
  gint64 credit_us, last_credit_us, last_credit_at_us;
};

CasaQuota *
casa_quota_new(const CasaConfig *config)
{
  CasaQuota *self = g_new0(CasaQuota, 1);
  self->config = config;
  pthread_mutex_init(&self->lock, NULL);
  self->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  g_queue_init(&self->recent);
  self->next_report_us = G_MAXINT64;
  return self;
}

void
casa_quota_free(CasaQuota *self)
{
  if (!self)
    return;
  g_list_free(self->reporting);
  g_hash_table_unref(self->buckets);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

/* --- Buckets (all with the lock held) ---------------------------------------------------------------------------- */

static double
burst_seconds(const CasaQuotaLimits *limits)
{
  return limits->messages ? (double)limits->burst / limits->messages : 40;
}

static double
work_us(const CasaQuotaLimits *limits)
{
  return limits->work * 1000.0;
}

static Bucket *
add_bucket(CasaQuota *self, const char *source, gint64 now_us)
{
  Bucket *b = g_new0(Bucket, 1);
  g_strlcpy(b->source, source, sizeof b->source);
  b->limits = casa_config_quota(self->config, source);
  b->messages = b->limits->burst;
  b->bytes = b->limits->bytes * burst_seconds(b->limits);
  b->work_us = work_us(b->limits) * burst_seconds(b->limits);
  b->filled_us = now_us;
  b->credit_us = self->credit_us;
  if (self->last_credit_us > 0 && now_us - self->last_credit_at_us < CREDIT_NEW_US)
    b->credit_us -= self->last_credit_us;
  b->link.data = b;
  g_hash_table_insert(self->buckets, b->source, b);
  g_queue_push_head_link(&self->recent, &b->link);
  return b;
}

/* One that has been silent until its bucket was full again is as good as new: forgotten, unless it has something to tell. */
static gboolean
forget_oldest(CasaQuota *self, gint64 now_us)
{
  Bucket *b = g_queue_peek_tail(&self->recent);
  gint64 full_us = (gint64)(burst_seconds(b->limits) * G_USEC_PER_SEC);
  if (b->unreported > 0 || now_us - b->filled_us < full_us)
    return FALSE;
  self->reporting = g_list_remove(self->reporting, b);
  g_queue_unlink(&self->recent, &b->link);
  g_hash_table_remove(self->buckets, b->source);
  return TRUE;
}

static Bucket *
bucket_of(CasaQuota *self, const char *source, gint64 now_us)
{
  Bucket *b = g_hash_table_lookup(self->buckets, source);
  if (!b && g_hash_table_size(self->buckets) >= CASA_QUOTA_SOURCES && !forget_oldest(self, now_us)) {
    source = OTHERS;
    b = g_hash_table_lookup(self->buckets, source);
  }
  if (!b)
    return add_bucket(self, source, now_us);
  if (self->recent.head != &b->link) {
    g_queue_unlink(&self->recent, &b->link);
    g_queue_push_head_link(&self->recent, &b->link);
  }
  return b;
}

/* Time fills up to the burst; a credit goes beyond it. */
static void
fill(CasaQuota *self, Bucket *b, gint64 now_us)
{
  const CasaQuotaLimits *l = b->limits;
  double seconds = (double)(now_us - b->filled_us) / G_USEC_PER_SEC;
  double credit = (double)(self->credit_us - b->credit_us) / G_USEC_PER_SEC;
  double bytes_burst = l->bytes * burst_seconds(l);
  b->messages = MAX(b->messages, MIN(b->messages + seconds * l->messages, l->burst)) + credit * l->messages;
  b->bytes = MAX(b->bytes, MIN(b->bytes + seconds * l->bytes, bytes_burst)) + credit * l->bytes;
  b->work_us = MAX(b->work_us, MIN(b->work_us + seconds * work_us(l), work_us(l) * burst_seconds(l))) + credit * work_us(l);
  b->filled_us = now_us;
  b->credit_us = self->credit_us;
}

/* A message larger than what is left in a full bucket may pass all the same, or none ever would: so it may go below 0. */
static gboolean
draw(Bucket *b, gsize bytes)
{
  const CasaQuotaLimits *l = b->limits;
  if ((l->messages && b->messages < 1) || (l->bytes && b->bytes <= 0) || (l->work && b->work_us <= 0))
    return FALSE;
  b->messages -= 1;
  b->bytes -= bytes;
  return TRUE;
}

/* --- Words (with the lock held) ---------------------------------------------------------------------------------- */

static guint
limit_of(const Bucket *b)
{
  const CasaQuotaLimits *l = b->limits;
  if (b->held_limit > 0)
    return b->held_limit;
  return b->kind == CASA_QUOTA_BYTES ? l->bytes : b->kind == CASA_QUOTA_WORK ? l->work : l->messages;
}

static void
write_reason(const Bucket *b, guint64 n, CasaReason *why)
{
  static const char *const fields[] = {
    [CASA_QUOTA_MESSAGES] = "messages", [CASA_QUOTA_BYTES] = "bytes", [CASA_QUOTA_WORK] = "work"
  };
  char over[CASA_QUOTE_SIZE], most[CASA_QUOTE_SIZE];
  CasaWhy which = b->source[0] == *OTHERS              ? CASA_WHY_QUOTA_OTHERS
                  : b->source[0] == *CASA_QUOTA_NOBODY ? CASA_WHY_QUOTA_NOBODY
                                                       : CASA_WHY_QUOTA_SOURCE;
  casa_reason_count(most, limit_of(b));
  if (b->kind == CASA_QUOTA_WORK)
    g_strlcat(most, " ms of", sizeof most);
  casa_reason_set(why, which, .got = b->source, .more = casa_reason_count(over, n), .wanted = most, .field = fields[b->kind]);
}

static void
count_over(CasaQuota *self, Bucket *b, gint64 now_us, CasaReason *why)
{
  b->over++;
  b->held_limit = 0;
  b->kind = b->limits->messages && b->messages < 1 ? CASA_QUOTA_MESSAGES
            : b->limits->bytes && b->bytes <= 0    ? CASA_QUOTA_BYTES
                                                   : CASA_QUOTA_WORK;
  if (b->unreported++ == 0) {
    self->reporting = g_list_prepend(self->reporting, b);
    b->next_report_us = MAX(b->next_report_us, now_us);
    self->next_report_us = MIN(self->next_report_us, b->next_report_us);
  }
  if (now_us < b->next_tell_us)
    return;
  b->next_tell_us = now_us + TELL_US;
  write_reason(b, b->unreported, why);
}

/* --- Public ------------------------------------------------------------------------------------------------------ */

gboolean
casa_quota_take(CasaQuota *self, const char *source, gsize bytes, gint64 now_us, CasaReason *why)
{
  pthread_mutex_lock(&self->lock);
  Bucket *b = bucket_of(self, source, now_us);
  fill(self, b, now_us);
  gboolean passes = draw(b, bytes);
  if (!passes)
    count_over(self, b, now_us, why);
  pthread_mutex_unlock(&self->lock);
  return passes;
}

void
casa_quota_note_held(CasaQuota *self, const char *source, CasaQuotaKind kind, guint limit, gint64 now_us)
{
  pthread_mutex_lock(&self->lock);
  Bucket *b = bucket_of(self, source, now_us);
  b->over++;
  b->kind = kind;
  b->held_limit = limit;
  pthread_mutex_unlock(&self->lock);
}

void
casa_quota_charge(CasaQuota *self, gint64 spent_us)
{
  pthread_mutex_lock(&self->lock);
  Bucket *last = g_queue_peek_head(&self->recent);
  if (last) {
    last->work_us -= (double)spent_us;
    last->untold_us += spent_us;
  }
  pthread_mutex_unlock(&self->lock);
}

gint64
casa_quota_take_untold(CasaQuota *self, char source[CASA_NAME_MAX + 1])
{
  gint64 untold_us = 0;
  pthread_mutex_lock(&self->lock);
  Bucket *last = g_queue_peek_head(&self->recent);
  if (last && last->untold_us >= UNTOLD_US && last->source[0] != *OTHERS && last->source[0] != *CASA_QUOTA_NOBODY) {
    g_strlcpy(source, last->source, CASA_NAME_MAX + 1);
    untold_us = last->untold_us;
    last->untold_us = 0;
  }
  pthread_mutex_unlock(&self->lock);
  return untold_us;
}

void
casa_quota_credit(CasaQuota *self, gint64 away_us, gint64 now_us)
{
  away_us = CLAMP(away_us, 0, CREDIT_MAX_US);
  pthread_mutex_lock(&self->lock);
  self->credit_us += away_us;
  self->last_credit_us = away_us;
  self->last_credit_at_us = now_us;
  pthread_mutex_unlock(&self->lock);
}

gboolean
casa_quota_report(CasaQuota *self, gint64 now_us, char source[CASA_NAME_MAX + 1], CasaReason *why)
{
  Bucket *due = NULL;
  pthread_mutex_lock(&self->lock);
  if (now_us >= self->next_report_us) {
    self->next_report_us = G_MAXINT64;
    for (GList *l = self->reporting; l; l = l->next) {
      Bucket *b = l->data;
      if (!due && now_us >= b->next_report_us)
        due = b;
      else
        self->next_report_us = MIN(self->next_report_us, b->next_report_us);
    }
  }
  if (due) {
    g_strlcpy(source, due->source, CASA_NAME_MAX + 1);
    write_reason(due, due->unreported, why);
    due->unreported = 0;
    due->next_report_us = now_us + REPORT_US;
    self->reporting = g_list_remove(self->reporting, due);
  }
  pthread_mutex_unlock(&self->lock);
  return due != NULL;
}

static int
compare_tallies(const void *a, const void *b)
{
  const CasaQuotaTally *x = a, *y = b;
  return x->over != y->over ? (x->over < y->over ? 1 : -1) : strcmp(x->source, y->source);
}

guint
casa_quota_read(CasaQuota *self, CasaQuotaTally *out, guint max)
{
  g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(CasaQuotaTally));
  pthread_mutex_lock(&self->lock);
  for (GList *l = self->recent.head; l; l = l->next) {
    const Bucket *b = l->data;
    CasaQuotaTally tally = { .over = b->over, .kind = b->kind, .limit = limit_of(b) };
    g_strlcpy(tally.source, b->source, sizeof tally.source);
    if (b->over > 0)
      g_array_append_val(all, tally);
  }
  pthread_mutex_unlock(&self->lock);
  if (all->len == 0)
    return 0;
  qsort(all->data, all->len, sizeof(CasaQuotaTally), compare_tallies);
  guint n = MIN(all->len, max);
  memcpy(out, all->data, n * sizeof *out);
  return n;
}
