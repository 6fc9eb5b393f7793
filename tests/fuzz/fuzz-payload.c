/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "fuzz.h"
#include "wire/decode-private.h"

#include <math.h>
#include <string.h>

#define NOW G_GINT64_CONSTANT(1779385328000) /* 2026-05-21T17:42:08Z */

static const CasaWireLimits limits = {
  .max_payload = 8192, .max_depth = 8, .max_fields = 64, .future_ms = 600000, .retention_ms = G_GINT64_CONSTANT(2592000000)
};
static CasaMetrics *metrics; /* for the life of the process */

static void
check_reason(const CasaReason *why)
{
  g_assert_true(why->code && *why->code && *why->text && g_utf8_validate(why->text, -1, NULL));
}

static gboolean
is_name(const char *name)
{
  gsize len = strnlen(name, CASA_NAME_MAX + 1);
  return len >= 1 && len <= CASA_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static void
check_reading(const CasaReading *r)
{
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
  if (r->n_refused)
    check_reason(&r->refused);
}

static void
assert_same(const CasaReading *a, const CasaReading *b)
{
  g_assert_true(a->t_ms == b->t_ms && a->time_source == b->time_source && a->has_seq == b->has_seq);
  g_assert_true(!a->has_seq || a->seq == b->seq);
  g_assert_cmpuint(a->n_fields, ==, b->n_fields);
  g_assert_cmpuint(a->n_refused, ==, b->n_refused);
  for (guint i = 0; i < a->n_fields; i++) {
    g_assert_cmpstr(a->fields[i].metric, ==, b->fields[i].metric);
    g_assert_true(memcmp(&a->fields[i].value, &b->fields[i].value, sizeof(double)) == 0);
  }
  if (a->n_refused) {
    g_assert_cmpstr(a->refused.code, ==, b->refused.code);
    g_assert_cmpstr(a->refused.text, ==, b->refused.text);
  }
}

/* The reader without allocation and jansson: what the first takes, both read alike. */
static void
compare_readers(const CasaTopic *topic, const char *text, gsize size)
{
  CasaReading a, b;
  CasaReason why_a = { 0 }, why_b = { 0 };
  gboolean flat = casa_decode_reading_flat(metrics, &limits, topic, text, size, NOW, &a, &why_a);
  if (!flat && !why_a.code)
    return;
  gboolean tree = casa_decode_reading_tree(metrics, &limits, topic, text, size, NOW, &b, &why_b);
  g_assert_true(flat == tree);
  if (flat) {
    assert_same(&a, &b);
  } else {
    g_assert_cmpstr(why_a.code, ==, why_b.code);
    g_assert_cmpstr(why_a.text, ==, why_b.text);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const topics[] = { "casa/v1/city/air/a1", "casa/v1/city/air/a1/temp_c",
                                        "casa/v1/team-7/energy/e1/load_mw" };
  const char *text = (const char *)data;
  if (!metrics)
    metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  g_assert_nonnull(metrics);
  for (guint i = 0; i < G_N_ELEMENTS(topics); i++) {
    CasaTopic topic;
    CasaReading reading;
    CasaReason why = { 0 };
    g_assert_true(casa_topic_parse("casa/v1", topics[i], strlen(topics[i]), &topic, &why));
    if (casa_decode_reading(metrics, &limits, &topic, text, size, NOW, &reading, &why))
      check_reading(&reading);
    else
      check_reason(&why);
    compare_readers(&topic, text, size);
  }
  return 0;
}
