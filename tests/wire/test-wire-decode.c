/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "comma.h"
#include "process.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#define NOW READER_NOW
#define AT G_GINT64_CONSTANT(1779385327120)

/* What the payload of an object or a number becomes: one reading. */
typedef struct {
  CasaReading reading;
  guint n_refused;
  const CasaReason *why;
} One;

static gboolean
decode(const char *topic, const char *payload, gssize len, One *out)
{
  gboolean ok;
  const CasaDecoded *d = reader_decode(topic, payload, len, &ok);
  g_assert_cmpuint(d->readings->len, <=, 1);
  if (d->readings->len > 0)
    out->reading = *casa_decoded_reading(d, 0);
  out->n_refused = d->n_refused;
  out->why = casa_decoded_why(d);
  return ok;
}

static double
value_of(const One *one, const char *metric)
{
  const CasaReading *r = &one->reading;
  for (guint i = 0; i < r->n_fields; i++)
    if (strcmp(r->fields[i].metric, metric) == 0)
      return r->fields[i].value;
  return NAN;
}

#define STATION "casa/v1/city/air/air-ain-sebaa"
#define METRIC "casa/v1/equipe-7/air/esp32-1/temp_c"

static void
test_contract_examples(void)
{
  One r;
  g_assert_true(
    decode(STATION, "{\"t\":\"2026-05-21T17:42:07.120Z\",\"seq\":18233,\"pm10\":74.2,\"pm2_5\":19.1,\"no2\":41.0}", -1, &r));
  g_assert_cmpint(r.reading.t_ms, ==, AT);
  g_assert_true(r.reading.has_seq);
  g_assert_cmpint(r.reading.seq, ==, 18233);
  g_assert_cmpuint(r.reading.n_fields, ==, 3);
  g_assert_cmpfloat(value_of(&r, "pm10"), ==, 74.2);
  g_assert_cmpstr(r.reading.source, ==, "city");
  g_assert_cmpstr(r.reading.station, ==, "air-ain-sebaa");

  g_assert_true(decode("casa/v1/city/energy/sub-maarif", "{\"t\":1779385327120,\"load_mw\":58.31,\"solar_mw\":4.02}", -1, &r));
  g_assert_cmpint(r.reading.t_ms, ==, AT);
  g_assert_cmpint(r.reading.time_source, ==, CASA_TIME_PAYLOAD);
  g_assert_false(r.reading.has_seq);

  g_assert_true(decode(
    "casa/v1/city/mobility/veh-t1-014",
    "{\"t\":1779385327,\"lat\":33.5831,\"lon\":-7.6104,\"speed_kmh\":18.4,\"occupancy_pct\":62,\"delay_s\":95}", -1, &r));
  g_assert_cmpint(r.reading.t_ms, ==, 1779385327000);
  g_assert_cmpuint(r.reading.n_fields, ==, 5);
  g_assert_cmpfloat(value_of(&r, "lon"), ==, -7.6104);

  g_assert_true(decode(METRIC, "21.4", -1, &r));
  g_assert_cmpfloat(value_of(&r, "temp_c"), ==, 21.4);
  g_assert_cmpint(r.reading.t_ms, ==, NOW);
  g_assert_cmpint(r.reading.time_source, ==, CASA_TIME_ARRIVAL);
}

typedef struct {
  const char *topic, *payload, *metric;
  double value;
} Good;

static void
test_good(void)
{
  static const Good rows[] = {
    { STATION, " {\"pm10\" : 5e1 }\r\n", "pm10", 50 },
    { STATION, "{\"pm10\":\"74.2\"}", "pm10", 74.2 },
    { STATION, "{\"door\":true}", "door", 1 },
    { STATION, "{\"door\":false}", "door", 0 },
    { STATION, "{\"door\":-0}", "door", 0 },
    { STATION, "{\"Soil Moisture (%)\":12}", "soil_moisture", 12 },
    { STATION, "{\"soil\\u005fx\":12}", "soil_x", 12 },
    { STATION, "{\"gps\":{\"alt\":57,\"more\":{\"hdop\":0.9}}}", "gps_alt", 57 },
    { STATION, "{\"gps\":{\"alt\":57,\"more\":{\"hdop\":0.9}}}", "gps_more_hdop", 0.9 },
    { STATION, "{\"big\":9007199254740991}", "big", 9007199254740991 },
    { STATION, "{\"tiny\":1e-400}", "tiny", 0 },
    { STATION, "{\"pm10\":NaN,\"no2\":41}", "no2", 41 },
    { STATION, "{\"pm10\":1e999,\"no2\":41}", "no2", 41 },
    { STATION, "{\"pm10\":-Infinity,\"s\":\"a \\\" NaN\",\"no2\":41}", "no2", 41 },
    { STATION, "{\"pm10\":null,\"no2\":41}", "no2", 41 },
    { STATION, "{\"pm10\":[1,2],\"no2\":41}", "no2", 41 },
    { STATION, "{\"source\":\"other\",\"station\":\"x\",\"no2\":41}", "no2", 41 },
    { METRIC, "  -3.5\n", "temp_c", -3.5 },
    { METRIC, "\"21.4\"", "temp_c", 21.4 },
    { METRIC, "{\"value\":21.4,\"battery\":\"low\",\"x\":{\"y\":1}}", "temp_c", 21.4 },
    { METRIC, "{\"value\":\"21.4\",\"t\":1779385327}", "temp_c", 21.4 },
    { "casa/v1/e/air/x/door", "true", "door", 1 },
    { "casa/v1/e/air/x/door", "{\"value\":false}", "door", 0 },
    { "casa/v1/e/air/x/my-gauge", "{\"value\":3,\"unit\":\"furlongs\"}", "my_gauge", 3 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    One r;
    if (!decode(rows[i].topic, rows[i].payload, -1, &r))
      g_error("%s: %s", rows[i].payload, reader_words(r.why));
    if (value_of(&r, rows[i].metric) != rows[i].value)
      g_error("%s: %s is %g", rows[i].payload, rows[i].metric, value_of(&r, rows[i].metric));
  }
}

typedef struct {
  const char *topic, *payload, *code;
  const char *words; /* in the reason */
} Bad;

static void
test_bad(void)
{
  static const Bad rows[] = {
    { STATION, " \n", "empty", "JSON object" },
    { STATION, "{}", "empty", "no metric" },
    { STATION, "{\"t\":1779385327}", "empty", "no metric" },
    { STATION, "21.4", "no-metric", "<metric>" },
    { STATION, "true", "no-metric", "<metric>" },
    { STATION, "[]", "type", "array" },
    { STATION, "[1]", "type", "reading 1: number" },
    { STATION, "\"x\"", "type", "text" },
    { STATION, "null", "type", "null" },
    { STATION, "{\"value\":3}", "no-metric", "of which metric" },
    { STATION, "{\"pm10\":\"high\"}", "type", "field \"pm10\": text, wanted a number" },
    { STATION, "{\"pm10\":null}", "type", "leave the field out" },
    { STATION, "{\"pm10\":NaN}", "non-finite", "pm10" },
    { STATION, "{\"pm10\":\"-inf\"}", "non-finite", "pm10" },
    { STATION, "{\"pm10\":1e400}", "non-finite", "pm10" },
    { STATION, "{\"pm10\":-40}", "out-of-range", "-40 is outside" },
    { STATION, "{\"pm10\":1e15}", "out-of-range", "check the sensor" },
    { STATION, "{\"--\":1}", "no-metric", "a-z" },
    { STATION, "{\"\":1}", "no-metric", "a-z" },
    { STATION, "{\"pm10\":1,\"pm10\":2}", "duplicate-key", "pm10" },
    { STATION, "{\"pm10\":1", "json", "ends too early" },
    { STATION, "{\"pm10\":1}}", "json", "line 1" },
    { STATION, "{'pm10':1}", "json", "double quotes: \"pm10\"" },
    { STATION, "{\"pm10\":1 2}", "json", "line 1" },
    { STATION, "{\"pm10\":1,}", "json", "no comma behind" },
    { STATION, "{\"pm10\":.5}", "json", "write 0.5" },
    { STATION, "{\"pm10\": +5, \"no2\": 3}", "json", "write 5" },
    { STATION, "{\"pm10\":05}", "json", "write 5" },
    { STATION, "{\"pm10\":1,\"no2\":", "json", "ends too early, after 16 bytes" },
    { STATION, "{\"pm10\":1,\"no2\":2,\"o", "json", "give the sender room" },
    { STATION, "{\"pm10\":1}{\"pm10\"}", "json", "in an array" },
    { STATION, "{\"pm10\":1}\n{\"pm10\"}", "json", "in an array" },
    { STATION, "\"{\\\"pm10\\\":1,}\"", "json", "once only" },
    { STATION, "{\"pm10\":0x10}", "json", "line 1" },
    { STATION, "{\"pm\\u0000\":1}", "json", "line 1" },
    { STATION, "{\"pm10\":\"\\ud800\"}", "json", "line 1" },
    { STATION, "hello", "json", "hello" },
    { STATION, "{\"t\":\"yesterday\",\"pm10\":1}", "time", "yesterday" },
    { STATION, "{\"t\":\"2026-05-21T17:42:07\",\"pm10\":1}", "time", "zone" },
    { STATION, "{\"t\":true,\"pm10\":1}", "time", "boolean" },
    { STATION, "{\"t\":1779986400,\"pm10\":1}", "time-future", "clock" },
    { STATION, "{\"t\":1e300,\"pm10\":1}", "time-future", "clock" },
    { STATION, "{\"t\":1000000000,\"pm10\":1}", "time-past", "older" },
    { METRIC, "nan", "non-finite", "temp_c" },
    { METRIC, "21,4", "number", "21.4" },
    { METRIC, "{\"v\":21.4}", "empty", "\"value\"" },
    { METRIC, "{\"value\":{}}", "type", "object" },
    { METRIC, "[21.4]", "type", "reading 1: number" },
    { METRIC, "{\"value\":21.4,\"unit\":\"furlongs\"}", "unit", "furlongs" },
    { METRIC, "4000", "out-of-range", "temp_c" },
    { "casa/v1/e/alchemy/x", "{\"gold\":1}", "domain", "metrics.conf" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    One r;
    if (decode(rows[i].topic, rows[i].payload, -1, &r))
      g_error("%s was taken", rows[i].payload);
    if (strcmp(r.why->code, rows[i].code) != 0 || !strstr(reader_words(r.why), rows[i].words))
      g_error("%s: %s: %s", rows[i].payload, r.why->code, reader_words(r.why));
  }
}

/* What is refused leaves the rest of its message alone, and is named. */
static void
test_partly(void)
{
  One r;
  g_assert_true(decode(STATION, "{\"pm10\":\"?\",\"no2\":41,\"o3\":[],\"PM2_5\":19,\"pm2_5\":20}", -1, &r));
  g_assert_cmpuint(r.reading.n_fields, ==, 2);
  g_assert_cmpuint(r.n_refused, ==, 3);
  g_assert_cmpstr(r.why->code, ==, "type");
  g_assert_nonnull(strstr(reader_words(r.why), "pm10"));
  g_assert_cmpfloat(value_of(&r, "pm2_5"), ==, 19);

  /* However a known name is dressed up, its range holds. */
  g_assert_true(decode(STATION, "{\"]temp_c\":1e6,\"temp/c\":21.5,\"no2\":41}", -1, &r));
  g_assert_cmpstr(r.why->code, ==, "out-of-range");
  g_assert_cmpfloat(value_of(&r, "temp_c"), ==, 21.5);
  g_assert_false(decode("casa/v1/e/air/s/temp-c", "{\"value\":1e6}", -1, &r));
  g_assert_cmpstr(r.why->code, ==, "out-of-range");
  g_assert_true(decode("casa/v1/e/air/s/temp-c", "{\"value\":32,\"unit\":\"°F\"}", -1, &r));
  g_assert_cmpfloat_with_epsilon(value_of(&r, "temp_c"), 0, 1e-9);

  g_assert_true(decode(STATION, "{\"seq\":-1,\"no2\":41}", -1, &r));
  g_assert_false(r.reading.has_seq);
  g_assert_cmpuint(r.n_refused, ==, 1);
}

static void
test_too_many_fields(void)
{
  One r;
  g_autoptr(GString) text = g_string_new("{\"t\":1779385327");
  for (guint i = 0; i < 100; i++)
    g_string_append_printf(text, ",\"m%u\":%u", i, i);
  g_string_append_c(text, '}');
  g_assert_true(decode(STATION, text->str, -1, &r));
  g_assert_cmpuint(r.reading.n_fields, ==, 64);
  g_assert_cmpuint(r.n_refused, ==, 36);
  g_assert_cmpstr(r.why->code, ==, "fields");
}

static void
test_hostile(void)
{
  One r;
  g_autofree char *deep = g_malloc(16000);
  memset(deep, '[', 16000);
  g_assert_false(decode(STATION, deep, 16000, &r));
  g_assert_cmpstr(r.why->code, ==, "depth");
  g_autofree char *huge = g_strnfill(70000, ' ');
  g_assert_false(decode(STATION, huge, 70000, &r));
  g_assert_cmpstr(r.why->code, ==, "payload-size");
  /* A caller that lets go of bytes beyond the limit tells the length only: nothing behind the few that are there is read. */
  g_assert_false(decode(STATION, huge, 20000000, &r));
  g_assert_cmpstr(r.why->code, ==, "payload-size");
  g_assert_false(decode(STATION, "{\"pm10\":1}\0", 11, &r));
  g_assert_cmpstr(r.why->code, ==, "utf8");
  g_assert_nonnull(strstr(reader_words(r.why), "NUL"));
  g_assert_false(decode(STATION, "{\"pm\0\":1}", 9, &r));
  g_assert_cmpstr(r.why->code, ==, "utf8");
  g_assert_false(decode(STATION, "{\"temp\xb0\":1}", -1, &r));
  g_assert_cmpstr(r.why->code, ==, "utf8");
  g_assert_nonnull(strstr(reader_words(r.why), "0xb0"));

  g_autofree char *digits = g_strnfill(16000, '9');
  g_autofree char *number = g_strdup_printf("{\"x\":%s,\"no2\":41}", digits);
  g_assert_true(decode(STATION, number, -1, &r));
  g_assert_cmpstr(r.why->code, ==, "non-finite");
  g_autofree char *name = g_strnfill(15000, 'n');
  g_autofree char *longname = g_strdup_printf("{\"%s\":1,\"no2\":41}", name);
  g_assert_true(decode(STATION, longname, -1, &r));
  g_assert_cmpuint(r.n_refused, ==, 1);
}

/* Every prefix and every one-byte change of a payload: no crash, always a verdict. */
static void
test_mutations(void)
{
  static const char text[] = "{\"t\":\"2026-05-21T17:42:07.120Z\",\"seq\":3,\"pm10\":7.4e1,\"a\":{\"b\":null},\"c\":\"x\\n\"}";
  One r;
  char copy[sizeof text];
  for (gsize n = 0; n < sizeof text - 1; n++)
    decode(STATION, text, (gssize)n, &r);
  for (gsize at = 0; at < sizeof text - 1; at++)
    for (guint byte = 0; byte < 256; byte++) {
      memcpy(copy, text, sizeof text);
      copy[at] = (char)byte;
      decode(STATION, copy, sizeof text - 1, &r);
    }
}

/* --- Time ------------------------------------------------------------------------------------------------------------ */

static void
test_epochs(void)
{
  gint64 ms;
  g_assert_true(casa_epoch_to_ms(1779385327, &ms) && ms == 1779385327000);
  g_assert_true(casa_epoch_to_ms(1779385327.125, &ms) && ms == 1779385327125);
  g_assert_true(casa_epoch_to_ms(1779385327120.0, &ms) && ms == AT);
  g_assert_true(casa_epoch_to_ms(1779385327120000.0, &ms) && ms == AT);
  g_assert_true(casa_epoch_to_ms(1779385327120000000.0, &ms) && ms == AT);
  g_assert_true(casa_epoch_to_ms(4999999999.0, &ms) && ms == 4999999999000);
  g_assert_true(casa_epoch_to_ms(5e9, &ms) && ms == 5000000000);
  g_assert_false(casa_epoch_to_ms(999999999, &ms));
  g_assert_false(casa_epoch_to_ms(-1, &ms));
  g_assert_false(casa_epoch_to_ms(NAN, &ms));
  g_assert_false(casa_epoch_to_ms(INFINITY, &ms));
}

static void
test_times(void)
{
  One r;
  g_assert_true(decode(STATION, "{\"t\":84231,\"pm10\":1}", -1, &r));
  g_assert_cmpint(r.reading.time_source, ==, CASA_TIME_UPTIME);
  g_assert_cmpint(r.reading.t_ms, ==, NOW);
  g_assert_true(decode(STATION, "{\"timestamp\":1779385000,\"ts\":\"1779385327120\",\"pm10\":1}", -1, &r));
  g_assert_cmpint(r.reading.t_ms, ==, AT);
  g_assert_true(decode(STATION, "{\"time\":\"2026-05-21T18:42:07.120+01:00\",\"pm10\":1}", -1, &r));
  g_assert_cmpint(r.reading.t_ms, ==, AT);
  g_assert_true(decode(STATION, "{\"t\":null,\"pm10\":1}", -1, &r));
  g_assert_cmpint(r.reading.time_source, ==, CASA_TIME_ARRIVAL);
  /* Ten minutes ahead is the last that is taken. */
  g_assert_true(decode(STATION, "{\"t\":1779385928000,\"pm10\":1}", -1, &r));
  g_assert_false(decode(STATION, "{\"t\":1779385928001,\"pm10\":1}", -1, &r));
}

/* --- Units ------------------------------------------------------------------------------------------- */

static void
test_units(void)
{
  One r;
  g_assert_true(decode("casa/v1/e/energy/sub-1/load_mw", "{\"value\":58310,\"unit\":\"kW\"}", -1, &r));
  g_assert_cmpfloat_with_epsilon(value_of(&r, "load_mw"), 58.31, 1e-9);
  g_assert_true(decode(METRIC, "{\"value\":32,\"unit\":\"°F\"}", -1, &r));
  g_assert_cmpfloat_with_epsilon(value_of(&r, "temp_c"), 0, 1e-9);
}

/* Where one and a half is written 1,5, a payload still means what it means. */
static void
test_locale(void)
{
  g_autofree char *dir = test_dir_new();
  const char *comma = test_comma_locale(dir);
  One r;
  if (comma)
    g_assert_nonnull(setlocale(LC_NUMERIC, comma));
  else
    g_test_skip(TEST_NO_COMMA);
  g_assert_true(decode(METRIC, "21.4", -1, &r));
  g_assert_cmpfloat(r.reading.fields[0].value, ==, 21.4);
  g_assert_true(decode(METRIC, "21.40000000000000000000001", -1, &r));
  g_assert_cmpfloat(r.reading.fields[0].value, ==, 21.4);
  g_assert_true(decode(STATION, "{\"pm10\":74.25,\"no2\":\"41.5\"}", -1, &r));
  g_assert_cmpfloat(value_of(&r, "pm10"), ==, 74.25);
  g_assert_cmpfloat(value_of(&r, "no2"), ==, 41.5);
  g_assert_true(decode(STATION, "{\"air\":{\"ph\":7.25e0}}", -1, &r)); /* by the other reader */
  g_assert_cmpfloat(value_of(&r, "air_ph"), ==, 7.25);
  g_assert_false(decode(METRIC, "21,4", -1, &r));
  g_assert_false(decode(METRIC, "1234.5", -1, &r));
  g_assert_nonnull(strstr(reader_words(r.why), "1234.5 is outside"));
  setlocale(LC_NUMERIC, "C");
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  reader_open();
  g_test_add_func("/wire/decode/contract", test_contract_examples);
  g_test_add_func("/wire/decode/good", test_good);
  g_test_add_func("/wire/decode/bad", test_bad);
  g_test_add_func("/wire/decode/partly", test_partly);
  g_test_add_func("/wire/decode/too-many-fields", test_too_many_fields);
  g_test_add_func("/wire/decode/hostile", test_hostile);
  g_test_add_func("/wire/decode/mutations", test_mutations);
  g_test_add_func("/wire/decode/epochs", test_epochs);
  g_test_add_func("/wire/decode/times", test_times);
  g_test_add_func("/wire/decode/units", test_units);
  g_test_add_func("/wire/decode/locale", test_locale);
  int status = g_test_run();
  reader_close();
  return status;
}
