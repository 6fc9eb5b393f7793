/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/playback.h"

#include <math.h>

struct _CasaPlayback {
  /* Set in new. */
  const CasaConfig *config;
  CasaCatalogue *catalogue;
  CasaHub *hub;
  CasaCounters *counters;
  const CasaClock *clock;

  CasaDecoder *decoder; /* the source's thread only, as is */
  CasaDecoded *decoded;
};

CasaPlayback *
casa_playback_new(const CasaConfig *config, const CasaMetrics *metrics, CasaCatalogue *catalogue, CasaHub *hub,
                  CasaCounters *counters, const CasaClock *clock)
{
  CasaPlayback *self = g_new0(CasaPlayback, 1);
  self->config = config;
  self->catalogue = catalogue;
  self->hub = hub;
  self->counters = counters;
  self->clock = clock;
  CasaWireLimits limits = casa_wire_limits(config);
  limits.retention_ms = 0;
  self->decoder = casa_decoder_new(metrics, &limits);
  self->decoded = casa_decoded_new();
  return self;
}

void
casa_playback_free(CasaPlayback *self)
{
  if (!self)
    return;
  casa_decoder_free(self->decoder);
  casa_decoded_free(self->decoded);
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
      casa_topic_has_readings(&topic) &&
      casa_decoder_decode(self->decoder, &topic, message->payload, message->payload_len, now_ms, self->decoded))
    for (guint i = 0; i < self->decoded->readings->len; i++)
      shown += show_reading(self, casa_decoded_reading(self->decoded, i), message->retained, now_ms);
  casa_counters_message(self->counters,
                        &(CasaMessageCount){ .outcome = CASA_OUTCOME_IGNORED, .samples = shown, .latency_ms = NAN });
  return TRUE;
}
