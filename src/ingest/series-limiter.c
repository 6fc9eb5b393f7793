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

/* This part of what the store may have is left for sources that have little, so that no few can shut out those who come later;
 * of it so many sources at least can have their share. */
#define RESERVE 4
#define SHARES 200
#define SHARE_LEAST 10

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

/* How many series (or stations) a source may have, which has @have of the @all that there are. Whoever the configuration names
 * may have what it says. */
static guint
most_of(const CasaSeriesLimiter *self, const CasaQuotaLimits *limits, guint have, guint all)
{
  guint most = self->config->max_series, reserve = most / RESERVE, shared = most - reserve;
  if (limits != &self->config->quota)
    return G_MAXUINT;
  return MAX(MAX(reserve / SHARES, SHARE_LEAST), have + (all < shared ? shared - all : 0));
}

/* What a source has and may have while one of its messages is looked at. */
typedef struct {
  const char *source;
  guint have, limit, most;       /* series; limit: its quota's, or G_MAXUINT */
  guint stations, most_stations; /* also those that the message will add */
} Room;

static Room
room_of(CasaSeriesLimiter *self, const char *source)
{
  const CasaQuotaLimits *limits = casa_config_quota(self->config, source);
  count_new(self);
  const Count *count = g_hash_table_lookup(self->counts, source);
  Room room = { .source = source, .limit = limits->series ? limits->series : G_MAXUINT };
  if (count) {
    room.have = count->series;
    room.stations = count->stations;
  }
  room.most = most_of(self, limits, room.have, self->n_series);
  room.most_stations = most_of(self, limits, room.stations, self->n_stations);
  return room;
}

/* Why it gets no more than @most, which its quota's limit says, or what is left. */
static guint
refuse(const Room *room, guint have, guint most, gboolean station, CasaReason *why)
{
  char n[CASA_QUOTE_SIZE];
  if (room->limit <= most)
    casa_reason_set(why, station ? CASA_WHY_STATIONS_SOURCE : CASA_WHY_SERIES_SOURCE, .got = room->source,
                    .wanted = casa_reason_count(n, room->limit));
  else
    casa_reason_set(why, station ? CASA_WHY_STATIONS_LEFT : CASA_WHY_SERIES_LEFT, .got = room->source,
                    .wanted = casa_reason_count(n, have));
  return MIN(room->limit, most);
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
admit_reading(CasaSeriesLimiter *self, CasaReading *reading, Room *room, CasaDecoded *decoded)
{
  guint n = 0, most = MIN(room->limit, room->most);
  guint station = casa_catalogue_find_station(self->catalogue, reading->source, reading->domain, reading->station);
  gboolean crowded = station == G_MAXUINT && room->stations >= room->most_stations;
  for (guint i = 0; i < reading->n_fields; i++) {
    const char *metric = reading->fields[i].metric;
    if (!is_known(self, reading, station, metric)) {
      if (crowded || room->have + g_hash_table_size(self->coming) >= most)
        continue;
      admit_field(self, reading, metric);
    }
    reading->fields[n++] = reading->fields[i];
  }
  guint refused = reading->n_fields - n;
  if (station == G_MAXUINT && n > 0)
    room->stations++; /* once more for each further reading of it; those are of series that are coming, or they wait */
  if (refused == 0)
    return;
  CasaReason over;
  guint may = crowded ? refuse(room, room->stations, room->most_stations, TRUE, &over)
                      : refuse(room, room->have, room->most, FALSE, &over);
  casa_decoded_refuse(decoded, reading->station, refused, &over);
  tally(self, reading->source, may, refused);
  reading->n_fields = n;
}

void
casa_series_limiter_admit(CasaSeriesLimiter *self, const char *source, CasaDecoded *decoded)
{
  Room room = room_of(self, source);
  guint n = 0, n_readings = decoded->readings->len;
  for (guint i = 0; i < n_readings; i++)
    n += casa_decoded_reading(decoded, i)->n_fields;
  if (room.have + n <= MIN(room.limit, room.most) && room.stations + n_readings <= room.most_stations)
    return;
  for (guint i = 0; i < n_readings; i++)
    admit_reading(self, casa_decoded_reading(decoded, i), &room, decoded);
  g_hash_table_remove_all(self->coming);
}

gboolean
casa_series_limiter_admit_station(CasaSeriesLimiter *self, const CasaDescriptor *descriptor, CasaReason *why)
{
  Room room = room_of(self, descriptor->source);
  guint all = self->config->max_series, most = MIN(room.limit, room.most_stations);
  gboolean everybody = self->n_stations >= all;
  if ((room.stations < most && !everybody) ||
      casa_catalogue_find_station(self->catalogue, descriptor->source, descriptor->domain, descriptor->station) != G_MAXUINT)
    return TRUE;
  if (room.stations >= most) {
    tally(self, descriptor->source, refuse(&room, room.stations, room.most_stations, TRUE, why), 1);
    return FALSE;
  }
  char n[CASA_QUOTE_SIZE];
  casa_reason_set(why, CASA_WHY_STATIONS_STORE, .wanted = casa_reason_count(n, all));
  tally(self, "", all, 1);
  return FALSE;
}
