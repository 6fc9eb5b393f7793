/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/playback.h"

#include <math.h>

struct _CasaPlayback {
  /* Set in new. */
  const CasaConfig *config;
  const CasaMetrics *metrics;
  CasaCatalogue *catalogue;
  CasaHub *hub;
  CasaCounters *counters;
  const CasaClock *clock;
  CasaWireLimits limits;

  CasaReading reading; /* the source's thread only */
};

CasaPlayback *
casa_playback_new(const CasaConfig *config, const CasaMetrics *metrics, CasaCatalogue *catalogue, CasaHub *hub,
                  CasaCounters *counters, const CasaClock *clock)
{
  CasaPlayback *self = g_new0(CasaPlayback, 1);
  self->config = config;
  self->metrics = metrics;
  self->catalogue = catalogue;
  self->hub = hub;
  self->counters = counters;
  self->clock = clock;
  self->limits = (CasaWireLimits){
    .max_payload = config->max_payload,
    .max_depth = config->max_depth,
    .max_fields = config->max_fields,
    .future_ms = config->future_ms,
  };
  return self;
}

void
casa_playback_free(CasaPlayback *self)
{
  g_free(self);
}

/* How many of the reading's values were shown. */
static guint
show_reading(CasaPlayback *self, const CasaReading *reading, gboolean retained, gint64 now_ms)
{
  guint n = 0, dropped = 0;
  guint station = casa_catalogue_find_station(self->catalogue, reading->source, reading->domain, reading->station);
  if (station == G_MAXUINT)
    return 0;
  for (guint i = 0; i < reading->n_fields; i++) {
    guint series = casa_catalogue_find_series(self->catalogue, station, reading->fields[i].metric);
    if (series == G_MAXUINT)
      continue;
    CasaLive live = { series, retained, reading->t_ms, now_ms, reading->fields[i].value };
    dropped += casa_hub_push(self->hub, &live);
    n++;
  }
  if (dropped)
    casa_counters_add_dropped_display(self->counters, dropped);
  return n;
}

gboolean
casa_playback_message(const CasaMessage *message, gpointer data)
{
  CasaPlayback *self = data;
  gint64 now_ms = casa_clock_ms(self->clock);
  CasaTopic topic;
  CasaReason why;
  guint shown = 0;
  if (casa_topic_parse(self->config->root, message->topic, message->topic_len, &topic, &why) &&
      (topic.kind == CASA_TOPIC_STATION_READING || topic.kind == CASA_TOPIC_METRIC_READING) &&
      casa_decode_reading(self->metrics, &self->limits, &topic, message->payload, message->payload_len, now_ms, &self->reading,
                          &why))
    shown = show_reading(self, &self->reading, message->retained, now_ms);
  casa_counters_message(self->counters, CASA_OUTCOME_IGNORED, shown, 0, NAN);
  return TRUE;
}
