/* SPDX-License-Identifier: Apache-2.0 */
#include "store/catalogue.h"

#include <pthread.h>

/* One lock guards the tables; what they point to never changes, so a pointer may leave the lock. Lookups use a key on
 * the stack, never an allocation: the ingest path asks for every field of every message. POSIX's mutex and not GLib's,
 * whose futex ThreadSanitizer cannot see. */
struct _CasaCatalogue {
  pthread_mutex_t lock;
  GPtrArray *stations;      /* CasaStation *, by id; guarded by lock */
  GPtrArray *series;        /* CasaSeriesInfo *, by id; guarded by lock */
  GPtrArray *retired;       /* stations described anew: somebody may still hold them; guarded by lock */
  GHashTable *station_keys; /* the CasaStation is its own key; guarded by lock */
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
station_free(gpointer data)
{
  CasaStation *s = data;
  g_free(s->source);
  g_free(s->domain);
  g_free(s->station);
  g_free(s->kind);
  g_free(s->name);
  g_free(s->name_ar);
  g_free(s);
}

static void
series_free(gpointer data)
{
  CasaSeriesInfo *s = data;
  g_free(s->metric);
  g_free(s);
}

static CasaStation *
station_copy(const CasaStation *from, guint id)
{
  CasaStation *to = g_new(CasaStation, 1);
  *to = *from;
  to->id = id;
  to->source = g_strdup(from->source);
  to->domain = g_strdup(from->domain);
  to->station = g_strdup(from->station);
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
  self->stations = g_ptr_array_new_with_free_func(station_free);
  self->series = g_ptr_array_new_with_free_func(series_free);
  self->retired = g_ptr_array_new_with_free_func(station_free);
  self->station_keys = g_hash_table_new(station_hash, station_equal);
  self->series_keys = g_hash_table_new(series_hash, series_equal);
  return self;
}

void
casa_catalogue_free(CasaCatalogue *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->station_keys);
  g_hash_table_unref(self->series_keys);
  g_ptr_array_unref(self->stations);
  g_ptr_array_unref(self->series);
  g_ptr_array_unref(self->retired);
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
  CasaStation *copy = station_copy(station, id);
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
    CasaStation *old = self->stations->pdata[id];
    CasaStation *copy = station_copy(station, id);
    g_hash_table_remove(self->station_keys, old);
    g_ptr_array_add(self->retired, old);
    self->stations->pdata[id] = copy;
    g_hash_table_add(self->station_keys, copy);
    self->generation++;
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
