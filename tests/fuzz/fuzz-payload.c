/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "fuzz.h"
#include "wire/decoder.h"
#include "wire/formats/format.h"

#include <math.h>
#include <string.h>

#define NOW G_GINT64_CONSTANT(1779385328000) /* 2026-05-21T17:42:08Z */

static const CasaWireLimits limits = { .max_payload = 8192,
                                       .max_depth = 8,
                                       .max_fields = 64,
                                       .future_ms = 600000,
                                       .retention_ms = G_GINT64_CONSTANT(2592000000),
                                       .max_batch = 16384,
                                       .max_readings = 100 };
static CasaMetrics *metrics; /* all three for the life of the process */
static CasaDecoder *decoder;
static CasaDecoded *decoded;

static gboolean
is_name(const char *name)
{
  gsize len = strnlen(name, CASA_NAME_MAX + 1);
  return len >= 1 && len <= CASA_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static void
check_reading(const CasaTopic *topic, const CasaReading *r)
{
  g_assert_cmpstr(r->source, ==, topic->source);
  g_assert_true(is_name(r->domain) && is_name(r->station));
  g_assert_cmpuint(r->n_fields, >=, 1);
  g_assert_cmpuint(r->n_fields, <=, limits.max_fields);
  g_assert_cmpint(r->t_ms, >=, NOW - limits.retention_ms);
  g_assert_cmpint(r->t_ms, <=, NOW + limits.future_ms);
  for (guint i = 0; i < r->n_fields; i++) {
    const CasaMetric *known = casa_metrics_find(metrics, r->fields[i].metric, strlen(r->fields[i].metric));
    double value = r->fields[i].value;
    g_assert_true(isfinite(value) && is_name(r->fields[i].metric));
    g_assert_true(!known || (value >= known->min && value <= known->max));
    for (guint j = 0; j < i; j++)
      g_assert_cmpstr(r->fields[i].metric, !=, r->fields[j].metric);
  }
}

static void
check_refused(const CasaRefused *refused)
{
  char words[CASA_REASON_SIZE];
  g_assert_true(refused->why.code && *refused->why.code);
  g_assert_true(*casa_reason_text(&refused->why, words) && g_utf8_validate(words, -1, NULL));
}

static void
check_descriptor(const CasaTopic *topic, const CasaDescriptor *d)
{
  g_assert_cmpstr(d->source, ==, topic->source);
  g_assert_true(is_name(d->station) && (!*d->domain || is_name(d->domain)) && (!*d->kind || is_name(d->kind)));
  g_assert_true(g_utf8_validate(d->name, -1, NULL) && g_utf8_validate(d->name_ar, -1, NULL));
  g_assert_true(!d->has_position || (fabs(d->lat) <= 90 && fabs(d->lon) <= 180));
}

static void
check_decoded(const CasaTopic *topic, gboolean usable)
{
  guint values = 0;
  g_assert_true(usable || decoded->refusals->len > 0);
  g_assert_cmpuint(decoded->readings->len, <=, 100 * CASA_FIELDS_MAX); /* a reading of a kit's can become one for each domain */
  for (guint i = 0; i < decoded->readings->len; i++)
    check_reading(topic, casa_decoded_reading(decoded, i));
  for (guint i = 0; i < decoded->refusals->len; i++) {
    check_refused(&g_array_index(decoded->refusals, CasaRefused, i));
    values += g_array_index(decoded->refusals, CasaRefused, i).values;
  }
  g_assert_cmpuint(values, <=, decoded->n_refused);
  for (guint i = 0; i < decoded->descriptors->len; i++)
    check_descriptor(topic, &g_array_index(decoded->descriptors, CasaDescriptor, i));
}

static void
open_once(void)
{
  if (decoder)
    return;
  metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  g_assert_nonnull(metrics);
  decoder = casa_decoder_new(metrics, &limits);
  decoded = casa_decoded_new();
}

/* CASA_FUZZ_FORMAT=homie: that format alone, all the time. */
static gboolean
is_asked_for(const char *id)
{
  const char *one = g_getenv("CASA_FUZZ_FORMAT");
  return !one || !*one || g_strcmp0(one, id) == 0;
}

/* As it looks, and forced to each of the formats; all by one decoder, so that what formats remember is met again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const topics[] = { "casa/v1/city/air/a1",
                                        "casa/v1/city/air/a1/temp_c",
                                        "casa/v1/team-7/energy/e1/load_mw",
                                        "casa/v1/team-7/kit/toit/temperature",
                                        "casa/v1/team-7/kit/tele/tasmota_1/SENSOR",
                                        "casa/v1/team-7/kit/zigbee2mqtt/a/b",
                                        "casa/v1/team-7/kit/homeassistant/sensor/a/config",
                                        "casa/v1/team-7/kit/home/x/state",
                                        "casa/v1/team-7/kit/homie/5/a/b/c",
                                        "casa/v1/team-7/kit/homie/5/a/$description",
                                        "casa/v1/team-7/kit/spBv1.0/g/NBIRTH/n",
                                        "casa/v1/team-7/kit/spBv1.0/g/DDATA/n/d",
                                        "casa/v1/team-7/kit/ruuvi/g/t",
                                        "casa/v1/team-7/kit/msh/EU/2/json/c/!1",
                                        "casa/v1/team-7/kit/N/p/battery/0/Dc/0/Voltage",
                                        "casa/v1/team-7/kit/solar/1/0/power",
                                        "casa/v1/team-7/kit/dsmr/reading/x",
                                        "casa/v1/team-7/kit/ul/k/d/attrs",
                                        "casa/v1/team-7/kit/v1.1/Datastreams(1)/Observations",
                                        "casa/v1/team-7/kit/data/p/a_temp",
                                        "casa/v1/team-7/kit/v1/gateway/telemetry",
                                        "casa/v1/team-7/kit/home/g/BTtoMQTT/aa",
                                        "casa/v1/team-7/kit/rtl_433/p/devices/m/1/temp",
                                        "casa/v1/team-7/kit/n/sensor/a_temp/state",
                                        "casa/v1/team-7/kit/shellies/d/relay/1/power",
                                        "casa/v1/team-7/kit/d/status/switch:1",
                                        "casa/v1/team-7/kit/homeassistant/sensor/a_temp/state",
                                        "casa/v1/team-7/kit/stat/t/POWER1" };
  guint n;
  const CasaFormat *const *formats = casa_formats(&n);
  open_once();
  for (guint i = 0; i < G_N_ELEMENTS(topics); i++) {
    CasaTopic topic;
    CasaReason why;
    g_assert_true(casa_topic_parse("casa/v1", topics[i], strlen(topics[i]), &topic, &why));
    for (guint k = 0; k <= n; k++) {
      if (!is_asked_for(k < n ? formats[k]->id : NULL))
        continue;
      g_assert_true(casa_decoder_force(decoder, k < n ? formats[k]->id : NULL));
      check_decoded(&topic, casa_decoder_decode(decoder, &topic, data, size, NOW, decoded));
    }
  }
  return 0;
}
