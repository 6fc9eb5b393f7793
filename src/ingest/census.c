/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/census.h"

typedef struct {
  guint series, stations;
} Count;

struct _CasaCensus {
  const CasaConfig *config;
  CasaCatalogue *catalogue;
  GHashTable *counts; /* source → Count; as many as the catalogue has */
  guint n_series, n_stations; /* of the catalogue, counted so far */
};

CasaCensus *
casa_census_new(const CasaConfig *config, CasaCatalogue *catalogue)
{
  CasaCensus *self = g_new0(CasaCensus, 1);
  self->config = config;
  self->catalogue = catalogue;
  self->counts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  return self;
}

void
casa_census_free(CasaCensus *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->counts);
  g_free(self);
}

static Count *
count_of(CasaCensus *self, guint station)
{
  const CasaStation *s = casa_catalogue_station(self->catalogue, station);
  Count *count = g_hash_table_lookup(self->counts, s->source);
  if (count)
    return count;
  count = g_new0(Count, 1);
  g_hash_table_insert(self->counts, s->source, count); /* the catalogue never takes a station's struct away */
  return count;
}

static void
count_new(CasaCensus *self)
{
  guint n_stations = casa_catalogue_n_stations(self->catalogue), n_series = casa_catalogue_n_series(self->catalogue);
  for (; self->n_stations < n_stations; self->n_stations++)
    count_of(self, self->n_stations)->stations++;
  for (; self->n_series < n_series; self->n_series++)
    count_of(self, casa_catalogue_series(self->catalogue, self->n_series)->station)->series++;
}

static gboolean
is_known(CasaCensus *self, guint station, const char *metric)
{
  return station != G_MAXUINT && casa_catalogue_find_series(self->catalogue, station, metric) != G_MAXUINT;
}

gboolean
casa_census_admit(CasaCensus *self, CasaReading *reading, CasaReason *why)
{
  guint limit = casa_config_quota(self->config, reading->source)->series;
  count_new(self);
  const Count *count = g_hash_table_lookup(self->counts, reading->source);
  guint have = count ? count->series : 0, n = 0;
  if (limit == 0 || have + reading->n_fields <= limit)
    return TRUE;
  guint station = casa_catalogue_find_station(self->catalogue, reading->source, reading->domain, reading->station);
  for (guint i = 0; i < reading->n_fields; i++) {
    if (!is_known(self, station, reading->fields[i].metric)) {
      if (have >= limit)
        continue;
      have++;
    }
    reading->fields[n++] = reading->fields[i];
  }
  if (n == reading->n_fields)
    return TRUE;
  CasaReason over;
  casa_reason_set(&over, "series-limit",
                  "series: source \"%s\" has its %u series; use fewer names, or raise [quota %s] series in pulse.conf",
                  reading->source, limit, reading->source);
  if (reading->n_refused == 0)
    reading->refused = over;
  reading->n_refused += reading->n_fields - n;
  reading->n_fields = n;
  if (n == 0)
    *why = over;
  return n > 0;
}

gboolean
casa_census_admit_station(CasaCensus *self, const CasaDescriptor *descriptor, CasaReason *why)
{
  guint limit = casa_config_quota(self->config, descriptor->source)->series, all = self->config->max_series;
  count_new(self);
  const Count *count = g_hash_table_lookup(self->counts, descriptor->source);
  gboolean mine = limit && count && count->stations >= limit, everybody = self->n_stations >= all;
  if ((!mine && !everybody)
      || casa_catalogue_find_station(self->catalogue, descriptor->source, descriptor->domain, descriptor->station) != G_MAXUINT)
    return TRUE;
  if (mine)
    casa_reason_set(why, "series-limit",
                    "stations: source \"%s\" has its %u stations; use fewer names, or raise [quota %s] series in pulse.conf",
                    descriptor->source, limit, descriptor->source);
  else
    casa_reason_set(why, "series-limit",
                    "stations: the store has its %u stations; raise [limits] max_series, or use fewer names", all);
  return FALSE;
}
