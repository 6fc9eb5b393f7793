/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "wire/decode-private.h"

#include <string.h>

/* The two readers of JSON, held against each other. */

/* 2026-05-21T17:42:08Z, a second after the examples of the contract. */
#define NOW G_GINT64_CONSTANT(1779385328000)

#define STATION "casa/v1/city/air/air-ain-sebaa"
#define METRIC "casa/v1/equipe-7/air/esp32-1/temp_c"

static CasaMetrics *metrics;
static const CasaWireLimits limits = {
  .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = 600000, .retention_ms = G_GINT64_CONSTANT(2592000000)
};

static void
topic_of(const char *text, CasaTopic *out)
{
  CasaReason why;
  g_assert_true(casa_topic_parse("casa/v1", text, strlen(text), out, &why));
}

static void
append_random_value(GString *out, GRand *rand)
{
  static const char *const words[] = { "true",     "false",       "null", "\"x\"", "\"1.5\"",    "\"\"",
                                       "-0",       "1e400",       "NaN",  "[1]",   "{\"z\":1}",  "01",
                                       "\"é\"",    "\"\\u0041\"", "1E-7", "0.1",   "1779385327", "12345678901234567890",
                                       "4.9e-324", "\"nan\"" };
  if (g_rand_boolean(rand))
    g_string_append(out, words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))]);
  else
    g_string_append_printf(out, "%d.%0*u", g_rand_int_range(rand, -9999, 9999), g_rand_int_range(rand, 1, 9),
                           (guint)g_rand_int_range(rand, 0, 99999));
}

static void
random_payload(GString *out, GRand *rand)
{
  static const char *const names[] = { "t",   "ts",  "seq", "unit", "value", "pm10",     "PM10",
                                       "no2", "x y", "é",   "",     "o3",    "timestamp" };
  static const char *const spaces[] = { "", "", "", " ", "\n", "\t\r" };
  g_string_assign(out, "{");
  guint n = (guint)g_rand_int_range(rand, 0, 8);
  for (guint i = 0; i < n; i++) {
    const char *name = names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))];
    const char *space = spaces[g_rand_int_range(rand, 0, G_N_ELEMENTS(spaces))];
    g_string_append_printf(out, "%s%s\"%s\"%s:%s", i ? "," : "", space, name, space, space);
    append_random_value(out, rand);
  }
  g_string_append_c(out, '}');
  if (g_rand_int_range(rand, 0, 20) == 0) /* and some that are broken */
    g_string_truncate(out, (gsize)g_rand_int_range(rand, 0, (gint32)out->len));
}

static void
assert_same(const CasaReading *a, const CasaReading *b, const char *payload)
{
  gboolean same = a->t_ms == b->t_ms && a->time_source == b->time_source && a->has_seq == b->has_seq && a->seq == b->seq &&
                  a->n_fields == b->n_fields && a->n_refused == b->n_refused &&
                  g_strcmp0(a->refused.code, b->refused.code) == 0 && strcmp(a->refused.text, b->refused.text) == 0;
  for (guint i = 0; same && i < a->n_fields; i++)
    same = strcmp(a->fields[i].metric, b->fields[i].metric) == 0 &&
           memcmp(&a->fields[i].value, &b->fields[i].value, sizeof(double)) == 0;
  if (!same)
    g_error("the two readers disagree on %s", payload);
}

static void
compare(const CasaTopic *topic, const char *payload, gsize len, guint *flat_taken)
{
  CasaReading a, b;
  CasaReason why_a, why_b;
  gboolean flat = casa_decode_reading_flat(metrics, &limits, topic, payload, len, NOW, &a, &why_a);
  if (!flat && !why_a.code)
    return;
  (*flat_taken)++;
  gboolean tree = casa_decode_reading_tree(metrics, &limits, topic, payload, len, NOW, &b, &why_b);
  if (flat != tree || (!flat && (strcmp(why_a.code, why_b.code) != 0 || strcmp(why_a.text, why_b.text) != 0)))
    g_error("the two readers disagree on %s: %s / %s", payload, flat ? "taken" : why_a.text, tree ? "taken" : why_b.text);
  if (flat)
    assert_same(&a, &b, payload);
}

static void
test_differential(void)
{
  CasaTopic station, metric;
  guint flat_taken = 0;
  topic_of(STATION, &station);
  topic_of(METRIC, &metric);
  g_autoptr(GRand) rand = g_rand_new_with_seed(20260521);
  g_autoptr(GString) payload = g_string_new(NULL);
  for (guint i = 0; i < 30000; i++) {
    random_payload(payload, rand);
    compare(i % 4 ? &station : &metric, payload->str, payload->len, &flat_taken);
  }
  /* The comparison must have had something to compare. */
  g_assert_cmpuint(flat_taken, >, 5000);
}

/* The ordinary message must not need the slow reader. */
static void
test_flat_takes_the_ordinary(void)
{
  static const char *const ordinary[] = {
    "{\"t\":\"2026-05-21T17:42:07.120Z\",\"seq\":18233,\"pm10\":74.2,\"pm2_5\":19.1,\"no2\":41.0}",
    "{\"t\":1779385327120,\"load_mw\":58.31,\"solar_mw\":4.02}",
    "{ \"temp_c\" : -1.5, \"ok\" : true, \"note\" : \"fine\" }",
  };
  CasaTopic topic;
  CasaReading r;
  CasaReason why;
  topic_of(STATION, &topic);
  for (guint i = 0; i < G_N_ELEMENTS(ordinary); i++)
    g_assert_true(casa_decode_reading_flat(metrics, &limits, &topic, ordinary[i], strlen(ordinary[i]), NOW, &r, &why));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_test_init(&argc, &argv, NULL);
  metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  g_test_add_func("/wire/readers/differential", test_differential);
  g_test_add_func("/wire/readers/flat", test_flat_takes_the_ordinary);
  int status = g_test_run();
  casa_metrics_free(metrics);
  return status;
}
