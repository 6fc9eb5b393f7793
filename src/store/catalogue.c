/* SPDX-License-Identifier: Apache-2.0 */
#include "store/catalogue.h"

#include <pthread.h>

/* How long a description stays after a newer one came: readers look at it within a frame or a query, and never keep it. */
#define PATIENCE_US (30 * G_USEC_PER_SEC)
/* A process that was stopped, or a machine that slept, gave its readers no time: such a pause counts no more than this. */
#define PAUSE_US G_USEC_PER_SEC

/* A station described anew; somebody may still be looking at it. */
typedef struct {
  CasaStation *station;
  gint64 since_us; /* by CasaCatalogue.awake_us */
} Retired;

/* One lock guards the tables; what they point to does not change, so a pointer may leave the lock. Lookups use a key on
 * the stack, never an allocation: the ingest path asks for every field of every message. POSIX's mutex and not GLib's,
 * whose futex ThreadSanitizer cannot see. */
struct _CasaCatalogue {
  pthread_mutex_t lock;
  GPtrArray *identities;    /* CasaStation *, by id, as they were added: never freed before the end; guarded by lock */
  GPtrArray *stations;      /* CasaStation *, by id, as described last: the identity itself at first; guarded by lock */
  GPtrArray *series;        /* CasaSeriesInfo *, by id; guarded by lock */
  GQueue retired;           /* Retired, the oldest at the head; guarded by lock */
  gint64 awake_us, seen_us; /* time that readers had, and when that was reckoned last; guarded by lock */
  gint64 patience_us;       /* guarded by lock */
  GHashTable *station_keys; /* the identity is its own key; guarded by lock */
  GHashTable *series_keys;  /* the CasaSeriesInfo is its own key; guarded by lock */
  guint generation;         /* guarded by lock */
};

static guint
station_hash(gconstpointer key)
{
  const CasaStation *s = key;
  return (g_str_hash(s->source) * 31 + g_str_hash(s->domain)) * 31 + g_str_hash(s->station);
}

static gboolean
station_equal(gconstpointer a, gconstpointer b)
{
  const CasaStation *x = a, *y = b;
  return g_str_equal(x->station, y->station) && g_str_equal(x->source, y->source) && g_str_equal(x->domain, y->domain);
}

static guint
series_hash(gconstpointer key)
{
  const CasaSeriesInfo *s = key;
  return s->station * 2654435761u ^ g_str_hash(s->metric);
}

static gboolean
series_equal(gconstpointer a, gconstpointer b)
{
  const CasaSeriesInfo *x = a, *y = b;
  return x->station == y->station && g_str_equal(x->metric, y->metric);
}

static void
description_free(CasaStation *s)
{
  g_free(s->kind);
  g_free(s->name);
  g_free(s->name_ar);
  g_free(s);
}

static void
identity_free(gpointer data)
{
  CasaStation *s = data;
  g_free(s->source);
  g_free(s->domain);
  g_free(s->station);
  description_free(s);
}

static void
series_free(gpointer data)
{
  CasaSeriesInfo *s = data;
  g_free(s->metric);
  g_free(s);
}

/* Who it is, is left to the caller. */
static CasaStation *
description_copy(const CasaStation *from)
{
  CasaStation *to = g_new(CasaStation, 1);
  *to = *from;
  to->kind = g_strdup(from->kind);
  to->name = g_strdup(from->name);
  to->name_ar = g_strdup(from->name_ar);
  return to;
}

CasaCatalogue *
casa_catalogue_new(void)
{
  CasaCatalogue *self = g_new0(CasaCatalogue, 1);
  pthread_mutex_init(&self->lock, NULL);
  self->identities = g_ptr_array_new_with_free_func(identity_free);
  self->stations = g_ptr_array_new();
  self->series = g_ptr_array_new_with_free_func(series_free);
  g_queue_init(&self->retired);
  self->patience_us = PATIENCE_US;
  self->station_keys = g_hash_table_new(station_hash, station_equal);
  self->series_keys = g_hash_table_new(series_hash, series_equal);
  return self;
}

/* Lets go of the descriptions that nobody can be looking at any more, or of @all. The lock is held. */
static void
release(CasaCatalogue *self, gboolean all)
{
  gint64 now_us = g_get_monotonic_time();
  self->awake_us += MIN(now_us - self->seen_us, PAUSE_US);
  self->seen_us = now_us;
  for (Retired *r; (r = g_queue_peek_head(&self->retired)) && (all || self->awake_us - r->since_us >= self->patience_us);) {
    description_free(r->station);
    g_free(g_queue_pop_head(&self->retired));
  }
}

void
casa_catalogue_free(CasaCatalogue *self)
{
  if (!self)
    return;
  release(self, TRUE);
  for (guint i = 0; i < self->stations->len; i++)
    if (self->stations->pdata[i] != self->identities->pdata[i])
      description_free(self->stations->pdata[i]);
  g_hash_table_unref(self->station_keys);
  g_hash_table_unref(self->series_keys);
  g_ptr_array_unref(self->stations);
  g_ptr_array_unref(self->identities);
  g_ptr_array_unref(self->series);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

const CasaStation *
casa_catalogue_station(CasaCatalogue *self, guint id)
{
  pthread_mutex_lock(&self->lock);
  const CasaStation *s = id < self->stations->len ? self->stations->pdata[id] : NULL;
  pthread_mutex_unlock(&self->lock);
  return s;
}

const CasaStation *
casa_catalogue_identity(CasaCatalogue *self, guint id)
{
  pthread_mutex_lock(&self->lock);
  const CasaStation *s = id < self->identities->len ? self->identities->pdata[id] : NULL;
  pthread_mutex_unlock(&self->lock);
  return s;
}

const CasaSeriesInfo *
casa_catalogue_series(CasaCatalogue *self, guint id)
{
  pthread_mutex_lock(&self->lock);
  const CasaSeriesInfo *s = id < self->series->len ? self->series->pdata[id] : NULL;
  pthread_mutex_unlock(&self->lock);
  return s;
}

guint
casa_catalogue_n_stations(CasaCatalogue *self)
{
  pthread_mutex_lock(&self->lock);
  guint n = self->stations->len;
  pthread_mutex_unlock(&self->lock);
  return n;
}

guint
casa_catalogue_n_series(CasaCatalogue *self)
{
  pthread_mutex_lock(&self->lock);
  guint n = self->series->len;
  pthread_mutex_unlock(&self->lock);
  return n;
}

guint
casa_catalogue_generation(CasaCatalogue *self)
{
  pthread_mutex_lock(&self->lock);
  guint n = self->generation;
  pthread_mutex_unlock(&self->lock);
  return n;
}

guint
casa_catalogue_find_station(CasaCatalogue *self, const char *source, const char *domain, const char *station)
{
  const CasaStation key = { .source = (char *)source, .domain = (char *)domain, .station = (char *)station };
  pthread_mutex_lock(&self->lock);
  const CasaStation *found = g_hash_table_lookup(self->station_keys, &key);
  guint id = found ? found->id : G_MAXUINT;
  pthread_mutex_unlock(&self->lock);
  return id;
}

guint
casa_catalogue_find_series(CasaCatalogue *self, guint station, const char *metric)
{
  const CasaSeriesInfo key = { .station = station, .metric = (char *)metric };
  pthread_mutex_lock(&self->lock);
  const CasaSeriesInfo *found = g_hash_table_lookup(self->series_keys, &key);
  guint id = found ? found->id : G_MAXUINT;
  pthread_mutex_unlock(&self->lock);
  return id;
}

guint
casa_catalogue_add_station(CasaCatalogue *self, const CasaStation *station)
{
  pthread_mutex_lock(&self->lock);
  guint id = self->stations->len;
  CasaStation *copy = description_copy(station);
  copy->id = id;
  copy->source = g_strdup(station->source);
  copy->domain = g_strdup(station->domain);
  copy->station = g_strdup(station->station);
  g_ptr_array_add(self->identities, copy);
  g_ptr_array_add(self->stations, copy);
  g_hash_table_add(self->station_keys, copy);
  self->generation++;
  pthread_mutex_unlock(&self->lock);
  return id;
}

void
casa_catalogue_describe_station(CasaCatalogue *self, guint id, const CasaStation *station)
{
  pthread_mutex_lock(&self->lock);
  if (id < self->stations->len) {
    const CasaStation *identity = self->identities->pdata[id];
    CasaStation *old = self->stations->pdata[id];
    CasaStation *copy = description_copy(station);
    copy->id = id;
    copy->source = identity->source;
    copy->domain = identity->domain;
    copy->station = identity->station;
    self->stations->pdata[id] = copy;
    self->generation++;
    release(self, FALSE);
    if (old != identity) {
      Retired *retired = g_new(Retired, 1);
      *retired = (Retired){ old, self->awake_us };
      g_queue_push_tail(&self->retired, retired);
    }
  }
  pthread_mutex_unlock(&self->lock);
}

guint
casa_catalogue_add_series(CasaCatalogue *self, guint station, const char *metric)
{
  pthread_mutex_lock(&self->lock);
  guint id = self->series->len;
  CasaSeriesInfo *info = g_new(CasaSeriesInfo, 1);
  info->id = id;
  info->station = station;
  info->metric = g_strdup(metric);
  g_ptr_array_add(self->series, info);
  g_hash_table_add(self->series_keys, info);
  self->generation++;
  pthread_mutex_unlock(&self->lock);
  return id;
}

guint
casa_catalogue_n_retired(CasaCatalogue *self)
{
  pthread_mutex_lock(&self->lock);
  guint n = self->retired.length;
  pthread_mutex_unlock(&self->lock);
  return n;
}

void
casa_catalogue_set_patience(CasaCatalogue *self, gint64 us)
{
  pthread_mutex_lock(&self->lock);
  self->patience_us = us;
  pthread_mutex_unlock(&self->lock);
}
