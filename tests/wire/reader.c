/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "reader.h"

#include <math.h>
#include <string.h>

const CasaWireLimits reader_limits = {
  .max_payload = 16384,
  .max_depth = 8,
  .max_fields = 64,
  .future_ms = 600000,
  .retention_ms = G_GINT64_CONSTANT(2592000000),
  .max_batch = 65536,
  .max_readings = 1000,
};

static CasaMetrics *metrics;
static CasaDecoder *decoder;
static CasaDecoded *decoded;

void
reader_open(void)
{
  g_autoptr(GError) error = NULL;
  metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  decoder = casa_decoder_new(metrics, &reader_limits);
  decoded = casa_decoded_new();
}

void
reader_limit(guint max_readings)
{
  CasaWireLimits limits = reader_limits;
  limits.max_readings = max_readings;
  casa_decoder_free(decoder);
  decoder = casa_decoder_new(metrics, &limits);
}

void
reader_set_zone(const char *name)
{
  static GTimeZone *zone;
  g_clear_pointer(&zone, g_time_zone_unref);
  zone = name ? g_time_zone_new_identifier(name) : NULL;
  if (decoder)
    casa_decoder_set_zone(decoder, zone);
}

void
reader_close(void)
{
  casa_decoder_free(decoder);
  decoder = NULL;
  reader_set_zone(NULL);
  casa_decoded_free(decoded);
  casa_metrics_free(metrics);
}

const char *
reader_words(const CasaReason *why)
{
  static char words[CASA_REASON_SIZE];
  return why ? casa_reason_text(why, words) : "";
}

static void
check_verdict(gboolean usable)
{
  g_assert_true(usable || casa_decoded_why(decoded));
  for (guint i = 0; i < decoded->refusals->len; i++) {
    const CasaReason *why = &g_array_index(decoded->refusals, CasaRefused, i).why;
    g_assert_true(why->code && *reader_words(why) && g_utf8_validate(reader_words(why), -1, NULL));
  }
}

const CasaDecoded *
reader_decode(const char *topic, const char *payload, gssize len, gboolean *usable)
{
  CasaTopic t;
  CasaReason why;
  gsize n = len < 0 ? strlen(payload) : (gsize)len;
  if (!casa_topic_parse("casa/v1", topic, strlen(topic), &t, &why))
    g_error("%s: %s", topic, reader_words(&why));
  /* A copy of exactly this size: reading beyond it is caught. Of what is far too long, only the beginning is there. */
  g_autofree char *copy = g_memdup2(payload, CLAMP(n, 1, READER_KEPT));
  gboolean ok = casa_decoder_decode(decoder, &t, copy, n, READER_NOW, decoded);
  check_verdict(ok);
  if (usable)
    *usable = ok;
  return decoded;
}

double
reader_value(const CasaDecoded *d, const char *metric)
{
  for (guint i = 0; i < d->readings->len; i++) {
    const CasaReading *r = casa_decoded_reading(d, i);
    for (guint k = 0; k < r->n_fields; k++)
      if (strcmp(r->fields[k].metric, metric) == 0)
        return r->fields[k].value;
  }
  return NAN;
}
