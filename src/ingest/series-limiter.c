/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/series-limiter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A source whose first message asks for too much has none in the store, so invented ones are not bounded by the store's limit.
 * Those beyond are refused all the same, with their reason, and not named here. */
#define TALLIES_MAX 4096

typedef struct {
  guint series, stations;
} Count;

struct _CasaSeriesLimiter {
  const CasaConfig *config;
  CasaCatalogue *catalogue;
  GHashTable *counts;         /* source → Count; as many as the catalogue has */
  guint n_series, n_stations; /* of the catalogue, counted so far */
  GHashTable *coming;         /* set of names of the series that the message under way will add */

  pthread_mutex_t lock; /* POSIX's, as in counters.c */
  GHashTable *tallies;  /* source → CasaSeriesTally, TALLIES_MAX at most; guarded by lock */
};

CasaSeriesLimiter *
casa_series_limiter_new(const CasaConfig *config, CasaCatalogue *catalogue)
{
  CasaSeriesLimiter *self = g_new0(CasaSeriesLimiter, 1);
  self->config = config;
  self->catalogue = catalogue;
  self->counts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  self->coming = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  pthread_mutex_init(&self->lock, NULL);
  self->tallies = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  return self;
}

void
casa_series_limiter_free(CasaSeriesLimiter *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->counts);
  g_hash_table_unref(self->coming);
  g_hash_table_unref(self->tallies);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}

static void
tally(CasaSeriesLimiter *self, const char *source, guint limit, guint n)
{
  pthread_mutex_lock(&self->lock);
  CasaSeriesTally *tally = g_hash_table_lookup(self->tallies, source);
  if (!tally && g_hash_table_size(self->tallies) >= TALLIES_MAX && *source) {
    pthread_mutex_unlock(&self->lock);
    return;
  }
  if (!tally) {
    tally = g_new0(CasaSeriesTally, 1);
    g_strlcpy(tally->source, source, sizeof tally->source);
    g_hash_table_insert(self->tallies, tally->source, tally);
  }
  tally->limit = limit;
  tally->refused += n;
  pthread_mutex_unlock(&self->lock);
}

void
casa_series_limiter_store_full(CasaSeriesLimiter *self, guint n)
{
  tally(self, "", self->config->max_series, n);
}

static int
compare_tallies(const void *a, const void *b)
{
  const CasaSeriesTally *x = a, *y = b;
  return x->refused != y->refused ? (x->refused < y->refused ? 1 : -1) : strcmp(x->source, y->source);
}

guint
casa_series_limiter_read(CasaSeriesLimiter *self, CasaSeriesTally *out, guint max)
{
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaSeriesTally));
  GHashTableIter iter;
  gpointer one;
  pthread_mutex_lock(&self->lock);
  g_hash_table_iter_init(&iter, self->tallies);
  while (g_hash_table_iter_next(&iter, NULL, &one))
    g_array_append_vals(all, one, 1);
  pthread_mutex_unlock(&self->lock);
  if (all->len == 0)
    return 0;
  qsort(all->data, all->len, sizeof(CasaSeriesTally), compare_tallies);
  guint n = MIN(all->len, max);
  memcpy(out, all->data, n * sizeof *out);
  return n;
}

static Count *
count_of(CasaSeriesLimiter *self, guint station)
{
  const CasaStation *s = casa_catalogue_identity(self->catalogue, station);
  Count *count = g_hash_table_lookup(self->counts, s->source);
  if (count)
    return count;
  count = g_new0(Count, 1);
  g_hash_table_insert(self->counts, s->source, count); /* an identity stays */
  return count;
}

static void
count_new(CasaSeriesLimiter *self)
{
  guint n_stations = casa_catalogue_n_stations(self->catalogue), n_series = casa_catalogue_n_series(self->catalogue);
  for (; self->n_stations < n_stations; self->n_stations++)
    count_of(self, self->n_stations)->stations++;
  for (; self->n_series < n_series; self->n_series++)
    count_of(self, casa_catalogue_series(self->catalogue, self->n_series)->station)->series++;
}

/* Whether @metric of @reading has a series, or will have one by an earlier reading of its message. */
static gboolean
is_known(CasaSeriesLimiter *self, const CasaReading *reading, guint station, const char *metric)
{
  if (station != G_MAXUINT && casa_catalogue_find_series(self->catalogue, station, metric) != G_MAXUINT)
    return TRUE;
  g_autofree char *name = g_strdup_printf("%s/%s/%s", reading->domain, reading->station, metric);
  return g_hash_table_contains(self->coming, name);
}

static void
admit_field(CasaSeriesLimiter *self, const CasaReading *reading, const char *metric)
{
  g_hash_table_add(self->coming, g_strdup_printf("%s/%s/%s", reading->domain, reading->station, metric));
}

/* Takes out what would be one too many. */
static void
admit_reading(CasaSeriesLimiter *self, CasaReading *reading, guint have, guint limit, CasaDecoded *decoded)
{
  guint n = 0;
  guint station = casa_catalogue_find_station(self->catalogue, reading->source, reading->domain, reading->station);
  for (guint i = 0; i < reading->n_fields; i++) {
    const char *metric = reading->fields[i].metric;
    if (!is_known(self, reading, station, metric)) {
      if (have + g_hash_table_size(self->coming) >= limit)
        continue;
      admit_field(self, reading, metric);
    }
    reading->fields[n++] = reading->fields[i];
  }
  guint refused = reading->n_fields - n;
  if (refused == 0)
    return;
  CasaReason over;
  char most[CASA_QUOTE_SIZE];
  casa_reason_set(&over, CASA_WHY_SERIES_SOURCE, .got = reading->source, .wanted = casa_reason_count(most, limit));
  casa_decoded_refuse(decoded, reading->station, refused, &over);
  tally(self, reading->source, limit, refused);
  reading->n_fields = n;
}

void
casa_series_limiter_admit(CasaSeriesLimiter *self, const char *source, CasaDecoded *decoded)
{
  guint limit = casa_config_quota(self->config, source)->series, n = 0;
  count_new(self);
  const Count *count = g_hash_table_lookup(self->counts, source);
  guint have = count ? count->series : 0;
  for (guint i = 0; i < decoded->readings->len; i++)
    n += casa_decoded_reading(decoded, i)->n_fields;
  if (limit == 0 || have + n <= limit)
    return;
  for (guint i = 0; i < decoded->readings->len; i++)
    admit_reading(self, casa_decoded_reading(decoded, i), have, limit, decoded);
  g_hash_table_remove_all(self->coming);
}

gboolean
casa_series_limiter_admit_station(CasaSeriesLimiter *self, const CasaDescriptor *descriptor, CasaReason *why)
{
  guint limit = casa_config_quota(self->config, descriptor->source)->series, all = self->config->max_series;
  count_new(self);
  const Count *count = g_hash_table_lookup(self->counts, descriptor->source);
  gboolean mine = limit && count && count->stations >= limit, everybody = self->n_stations >= all;
  if ((!mine && !everybody) ||
      casa_catalogue_find_station(self->catalogue, descriptor->source, descriptor->domain, descriptor->station) != G_MAXUINT)
    return TRUE;
  char most[CASA_QUOTE_SIZE];
  casa_reason_set(why, mine ? CASA_WHY_STATIONS_SOURCE : CASA_WHY_STATIONS_STORE, .got = descriptor->source,
                  .wanted = casa_reason_count(most, mine ? limit : all));
  tally(self, mine ? descriptor->source : "", mine ? limit : all, 1);
  return FALSE;
}
