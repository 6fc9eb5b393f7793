/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "wire/formats/format.h"

#include <string.h>

/* The two readers of JSON, held against each other. */

/* 2026-05-21T17:42:08Z, a second after the examples of docs/WIRE.md. */
#define NOW G_GINT64_CONSTANT(1779385328000)

#define STATION "casa/v1/city/air/air-ain-sebaa"
#define METRIC "casa/v1/equipe-7/air/esp32-1/temp_c"

static CasaMetrics *metrics;
static CasaDecoded *a, *b;
static const CasaWireLimits limits = { .max_payload = 16384,
                                       .max_depth = 8,
                                       .max_fields = 64,
                                       .future_ms = 600000,
                                       .retention_ms = G_GINT64_CONSTANT(2592000000),
                                       .max_readings = 1 };

static void
topic_of(const char *text, CasaTopic *out)
{
  CasaReason why;
  g_assert_true(casa_topic_parse("casa/v1", text, strlen(text), out, &why));
}

/* By one of the readers alone. FALSE: it is not for it. */
static gboolean
decode(const CasaTopic *topic, const char *payload, gsize len, gboolean flat, CasaDecoded *out)
{
  CasaPayload message;
  CasaEmit emit;
  guint n;
  casa_decoded_clear(out);
  casa_payload_init(&message, &limits, topic, payload, len, NOW);
  casa_emit_init(&emit, metrics, &limits, topic, NOW, NULL, out);
  gboolean mine = flat ? casa_payload_members(&message, &n) != NULL : json_is_object(casa_payload_json(&message, NULL));
  if (mine && flat) {
    casa_format_object.decode(&message, &emit);
  } else if (mine) {
    casa_emit_begin(&emit);
    casa_format_take_object(&message, &emit, casa_payload_json(&message, NULL));
  }
  casa_emit_finish(&emit);
  casa_payload_clear(&message);
  return mine;
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
  static const char *const names[] = { "t",   "ts",  "seq", "unit", "value", "pm10",      "PM10",      "temp_f",
                                       "no2", "x y", "é",   "",     "o3",    "timestamp", "pm10_unit", "battery" };
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

static gboolean
same_reading(const CasaReading *x, const CasaReading *y)
{
  gboolean same = x->t_ms == y->t_ms && x->time_source == y->time_source && x->has_seq == y->has_seq && x->seq == y->seq &&
                  x->n_fields == y->n_fields;
  for (guint i = 0; same && i < x->n_fields; i++)
    same = strcmp(x->fields[i].metric, y->fields[i].metric) == 0 &&
           memcmp(&x->fields[i].value, &y->fields[i].value, sizeof(double)) == 0;
  return same;
}

static gboolean
same_refusal(const CasaRefused *x, const CasaRefused *y)
{
  char p[CASA_REASON_SIZE], q[CASA_REASON_SIZE];
  return x->values == y->values && strcmp(casa_reason_text(&x->why, p), casa_reason_text(&y->why, q)) == 0;
}

static void
compare(const CasaTopic *topic, const char *payload, gsize len, guint *flat_taken)
{
  if (!decode(topic, payload, len, TRUE, a))
    return;
  (*flat_taken)++;
  gboolean same = decode(topic, payload, len, FALSE, b) && a->readings->len == b->readings->len &&
                  a->refusals->len == b->refusals->len && a->n_refused == b->n_refused;
  for (guint i = 0; same && i < a->readings->len; i++)
    same = same_reading(casa_decoded_reading(a, i), casa_decoded_reading(b, i));
  for (guint i = 0; same && i < a->refusals->len; i++)
    same = same_refusal(&g_array_index(a->refusals, CasaRefused, i), &g_array_index(b->refusals, CasaRefused, i));
  if (!same)
    g_error("the two readers disagree on %s", payload);
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
  topic_of(STATION, &topic);
  for (guint i = 0; i < G_N_ELEMENTS(ordinary); i++)
    g_assert_true(decode(&topic, ordinary[i], strlen(ordinary[i]), TRUE, a));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_test_init(&argc, &argv, NULL);
  metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  a = casa_decoded_new();
  b = casa_decoded_new();
  g_test_add_func("/wire/readers/differential", test_differential);
  g_test_add_func("/wire/readers/flat", test_flat_takes_the_ordinary);
  int status = g_test_run();
  casa_metrics_free(metrics);
  casa_decoded_free(a);
  casa_decoded_free(b);
  return status;
}
