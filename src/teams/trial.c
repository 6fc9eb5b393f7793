/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/trial.h"

#include "wire/decoder.h"
#include "wire/event.h"
#include "wire/report.h"

#include <string.h>

void
casa_trial_free(CasaTrial *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->readings);
  if (self->mended)
    casa_mend_clear(&self->mend);
  g_free(self);
}

static void
keep_readings(CasaTrial *self, const CasaMetrics *metrics, const CasaDecoded *decoded)
{
  for (guint i = 0; i < decoded->readings->len; i++) {
    const CasaReading *r = casa_decoded_reading(decoded, i);
    for (guint k = 0; k < r->n_fields; k++) {
      const CasaMetric *known = casa_metrics_find(metrics, r->fields[k].metric, strlen(r->fields[k].metric));
      char number[CASA_QUOTE_SIZE];
      if (self->n_values++ < CASA_TRIAL_SHOWN)
        g_ptr_array_add(self->readings,
                        g_strdup_printf("%s/%s %s %s", r->station, r->fields[k].metric,
                                        casa_reason_number(number, r->fields[k].value), known ? known->unit : ""));
    }
  }
}

/* FALSE: refused as a whole, and self->why says why. */
static gboolean
judge(CasaTrial *self, const CasaConfig *config, const CasaMetrics *metrics, CasaDecoder *decoder, const CasaTopic *topic,
      const char *payload, gint64 now_ms)
{
  const CasaWireLimits limits = casa_wire_limits(config);
  const gsize len = strlen(payload);
  CasaDescriptor descriptor;
  CasaEvent event;
  CasaReport report;
  switch (topic->kind) {
  case CASA_TOPIC_DESCRIPTOR:
    return casa_decode_descriptor(metrics, &limits, topic, payload, len, &descriptor, &self->why) &&
           casa_descriptor_settle(metrics, NULL, &descriptor, &self->why);
  case CASA_TOPIC_EVENT: return casa_decode_event(&limits, topic, payload, len, now_ms, &event, &self->why);
  case CASA_TOPIC_REPORT: return casa_decode_report(&limits, topic, payload, len, &report, &self->why);
  case CASA_TOPIC_STATUS:
  case CASA_TOPIC_OWN: return TRUE;
  case CASA_TOPIC_STATION_READING:
  case CASA_TOPIC_METRIC_READING:
  case CASA_TOPIC_KIT:
  default: break;
  }
  g_autoptr(CasaDecoded) decoded = casa_decoded_new();
  const gboolean usable = casa_decoder_decode(decoder, topic, payload, len, now_ms, decoded);
  keep_readings(self, metrics, decoded);
  self->n_refused = decoded->n_refused;
  if (casa_decoded_why(decoded))
    self->why = *casa_decoded_why(decoded);
  return usable;
}

static void
mend(CasaTrial *self, const char *topic, const char *payload)
{
  g_autoptr(GBytes) bytes = g_bytes_new(payload, strlen(payload));
  const CasaRefusedMessage refused = {
    .topic = (char *)topic, .payload = bytes, .code = (char *)self->why.code, .reason = (char *)"", .why = self->why
  };
  self->mended = self->why.code && casa_mend(&refused, &self->mend);
}

CasaTrial *
casa_trial_new(const CasaConfig *config, const char *topic, const char *payload, gint64 now_ms, GError **error)
{
  CasaMetrics *metrics = casa_metrics_load(config->dir, error);
  if (!metrics)
    return NULL;
  const CasaWireLimits limits = casa_wire_limits(config);
  g_autoptr(CasaDecoder) decoder = casa_decoder_new(metrics, &limits);
  CasaTrial *self = NULL;
  if (casa_decoder_load_feeds(decoder, config->dir, error)) {
    CasaTopic parsed;
    self = g_new0(CasaTrial, 1);
    self->readings = g_ptr_array_new_with_free_func(g_free);
    self->usable = casa_topic_parse(config->root, topic, strlen(topic), &parsed, &self->why) &&
                   judge(self, config, metrics, decoder, &parsed, payload, now_ms);
    mend(self, topic, payload);
  }
  g_clear_pointer(&decoder, casa_decoder_free);
  casa_metrics_free(metrics);
  return self;
}
