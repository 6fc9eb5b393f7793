/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "fuzz.h"
#include "wire/reading.h"

#include <math.h>
#include <string.h>

#define TOPIC "casa/v1/city/$station/air-x"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const CasaWireLimits limits = { .max_payload = 8192, .max_depth = 8, .max_fields = 64 };
  static CasaMetrics *metrics; /* for the life of the process */
  CasaTopic topic;
  CasaDescriptor d;
  CasaReason why = { 0 };
  g_assert_true(casa_topic_parse("casa/v1", TOPIC, strlen(TOPIC), &topic, &why));
  if (!metrics)
    metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  if (!casa_decode_descriptor(metrics, &limits, &topic, data, size, &d, &why)) {
    char words[CASA_REASON_SIZE];
    g_assert_true(why.code && *casa_reason_text(&why, words) && g_utf8_validate(words, -1, NULL));
    return 0;
  }
  g_assert_cmpstr(d.station, ==, "air-x");
  g_assert_true(strspn(d.domain, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(d.domain));
  g_assert_true(g_utf8_validate(d.name, -1, NULL) && g_utf8_validate(d.name_ar, -1, NULL) && g_utf8_validate(d.kind, -1, NULL));
  g_assert_true(!casa_descriptor_settle(metrics, NULL, &d, &why) || casa_metrics_has_domain(metrics, d.domain));
  g_assert_true(!d.has_position || (fabs(d.lat) <= 90 && fabs(d.lon) <= 180));
  return 0;
}
