/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"
#include "wire/emit.h"

#include <math.h>
#include <string.h>

/* Messages of many readings, and kits' topics. */

#define STATION "casa/v1/equipe-7/air/toit"
#define METRIC "casa/v1/equipe-7/air/toit/temp_c"
#define KIT "casa/v1/equipe-7/kit/"

static const CasaRefused *
refused(const CasaDecoded *d, guint i)
{
  return &g_array_index(d->refusals, CasaRefused, i);
}

static void
test_array(void)
{
  const CasaDecoded *d = reader_decode(STATION,
                                       "[{\"t\":1779385200,\"pm10\":1,\"no2\":2},{\"t\":1779385210,\"pm10\":3,\"seq\":7},"
                                       "{\"t\":\"never\",\"pm10\":4,\"no2\":5},7,{\"t\":1779385220,\"pm10\":\"x\",\"no2\":6}]",
                                       -1, NULL);
  g_assert_cmpstr(d->format, ==, "array");
  g_assert_cmpuint(d->readings->len, ==, 3);
  g_assert_cmpint(casa_decoded_reading(d, 0)->t_ms, ==, 1779385200000);
  g_assert_cmpuint(casa_decoded_reading(d, 0)->n_fields, ==, 2);
  g_assert_cmpfloat(casa_decoded_reading(d, 0)->fields[1].value, ==, 2);
  g_assert_cmpint(casa_decoded_reading(d, 1)->seq, ==, 7);
  g_assert_cmpfloat(casa_decoded_reading(d, 2)->fields[0].value, ==, 6);
  g_assert_cmpstr(casa_decoded_reading(d, 2)->station, ==, "toit");
  /* One by one: the reading whose time is wrong with its two values, the number, the text. */
  g_assert_cmpuint(d->refusals->len, ==, 3);
  g_assert_cmpstr(refused(d, 0)->why.code, ==, "time");
  g_assert_cmpuint(refused(d, 0)->values, ==, 2);
  g_assert_cmpstr(refused(d, 1)->why.code, ==, "type");
  g_assert_cmpstr(refused(d, 2)->why.field, ==, "pm10");
  g_assert_cmpuint(d->n_refused, ==, 4);
}

static void
test_metric_array(void)
{
  const CasaDecoded *d =
    reader_decode(METRIC, "[{\"t\":1779385200,\"value\":68,\"unit\":\"F\"},{\"t\":1779385210,\"value\":21}]", -1, NULL);
  g_assert_cmpuint(d->readings->len, ==, 2);
  g_assert_cmpfloat_with_epsilon(casa_decoded_reading(d, 0)->fields[0].value, 20, 1e-9);
  g_assert_cmpfloat(casa_decoded_reading(d, 1)->fields[0].value, ==, 21);
}

/* The time refuses the reading, and is told before what else was wrong in it. */
static void
test_reason_that_matters(void)
{
  const CasaDecoded *d = reader_decode(STATION, "{\"pm10\":\"x\",\"no2\":3,\"t\":\"never\"}", -1, NULL);
  g_assert_cmpuint(d->readings->len, ==, 0);
  g_assert_cmpstr(casa_decoded_why(d)->code, ==, "time");
  g_assert_cmpuint(d->refusals->len, ==, 2);
  g_assert_cmpuint(d->n_refused, ==, 2);
}

static void
test_limits(void)
{
  gboolean usable;
  g_autoptr(GString) many = g_string_new("[");
  for (guint i = 0; i < 1200; i++)
    g_string_append_printf(many, "%s{\"t\":%u,\"pm10\":%u}", i ? "," : "", 1779380000 + i, i % 90);
  g_string_append_c(many, ']');
  const CasaDecoded *d = reader_decode(STATION, many->str, -1, NULL);
  g_assert_cmpuint(many->len, >, reader_limits.max_payload);
  g_assert_cmpuint(d->readings->len, ==, 1000);
  g_assert_cmpfloat(casa_decoded_reading(d, 999)->fields[0].value, ==, 999 % 90);
  g_assert_cmpuint(d->refusals->len, ==, 1);
  g_assert_cmpstr(refused(d, 0)->why.code, ==, "batch");
  g_assert_nonnull(strstr(reader_words(&refused(d, 0)->why), "1200 readings, at most 1000"));
  g_assert_cmpuint(refused(d, 0)->values, ==, 200);

  g_autofree char *wide = g_strnfill(70000, ' ');
  wide[0] = '[';
  reader_decode(STATION, wide, 70000, &usable);
  g_assert_false(usable);
  /* An object has the limit of one reading. */
  g_autofree char *object = g_strdup_printf("{\"pm10\":1,\"note\":\"%*s\"}", 20000, "x");
  d = reader_decode(STATION, object, -1, &usable);
  g_assert_false(usable);
  g_assert_cmpstr(casa_decoded_why(d)->code, ==, "payload-size");
}

/* A value is a row in the store, so readings of many values may be fewer; how many were taken is told. */
static void
test_values(void)
{
  g_autoptr(GString) many = g_string_new("[");
  for (guint i = 0; i < 600; i++) {
    g_string_append_printf(many, "%s{\"t\":%u", i ? "," : "", 1779380000 + i);
    for (guint k = 0; k < 10; k++)
      g_string_append_printf(many, ",\"m%u\":%u", k, k);
    g_string_append_c(many, '}');
  }
  g_string_append_c(many, ']');
  const CasaDecoded *d = reader_decode(STATION, many->str, -1, NULL);
  g_assert_cmpuint(d->readings->len, ==, CASA_VALUES_PER_READING * 1000 / 10);
  g_assert_cmpuint(d->refusals->len, ==, 1);
  g_assert_cmpstr(refused(d, 0)->why.code, ==, "batch");
  g_assert_nonnull(strstr(reader_words(&refused(d, 0)->why), "600 readings, at most 400"));
  g_assert_cmpuint(refused(d, 0)->values, ==, 200);
}

/* Metrics without a byte of their own, 8,000 of them in 16 KB: most are counted only. */
static void
test_many_metrics(void)
{
  gboolean usable;
  g_autoptr(GString) bomb = g_string_new(NULL);
  for (guint i = 0; i < 8000; i++)
    g_string_append_len(bomb, "\x12\x00", 2);
  const CasaDecoded *d = reader_decode(KIT "spBv1.0/g/DDATA/n/d", bomb->str, (gssize)bomb->len, &usable);
  g_assert_cmpstr(d->format, ==, "sparkplug");
  g_assert_cmpuint(d->refusals->len, ==, CASA_MEMORY_NOTES + 1);
  g_assert_cmpuint(d->n_refused, ==, 8000);
  g_assert_cmpstr(refused(d, CASA_MEMORY_NOTES)->why.code, ==, "batch");

  /* With names and values the first thousand are readings. */
  g_string_truncate(bomb, 0);
  for (guint i = 0; i < 3000; i++) {
    char name[8];
    g_snprintf(name, sizeof name, "m%05u", i);
    g_string_append_len(bomb, "\x12\x0c\x0a\x06", 4);
    g_string_append_len(bomb, name, 6);
    g_string_append_len(bomb, "\x20\x03\x50\x07", 4); /* a number of 32 bits, 7 */
  }
  d = reader_decode(KIT "spBv1.0/g/DDATA/n/d", bomb->str, (gssize)bomb->len, NULL);
  g_assert_cmpuint(d->readings->len, ==, 1000);
  g_assert_cmpuint(d->n_refused, ==, 2000);
  g_assert_nonnull(strstr(reader_words(&refused(d, 0)->why), "3000 readings, at most 1000"));
}

/* More refusals than are kept are counted all the same. */
static void
test_many_refusals(void)
{
  g_autoptr(GString) many = g_string_new("[");
  for (guint i = 0; i < 900; i++)
    g_string_append_printf(many, "%s{\"a\":[],\"b\":[],\"c\":[],\"d\":[],\"e\":[],\"t\":0}", i ? "," : "");
  g_string_append_c(many, ']');
  gboolean usable;
  const CasaDecoded *d = reader_decode(STATION, many->str, -1, &usable);
  g_assert_false(usable);
  g_assert_cmpuint(d->refusals->len, ==, CASA_REFUSALS_KEPT);
  g_assert_cmpuint(d->n_refused, ==, 4500);
}

static void
test_empty(void)
{
  gboolean usable;
  const CasaDecoded *d = reader_decode(STATION, "", 0, &usable);
  g_assert_true(usable && d->understood);
  g_assert_cmpuint(d->refusals->len, ==, 0);
  d = reader_decode(STATION, "\xEF\xBB\xBF {\"pm10\":1}", -1, &usable);
  g_assert_true(usable);
  g_assert_cmpfloat(reader_value(d, "pm10"), ==, 1);
}

/* Without a format of its own, a kit's object is of the station that its topic names, each metric in its domain. */
static void
test_kit_object(void)
{
  const CasaDecoded *d = reader_decode(
    KIT "Ma Station/Été", "{\"temp\":21,\"lat\":33.5,\"lon\":-7.6,\"load\":0.1,\"pm10\":3,\"my_own\":4}", -1, NULL);
  g_assert_cmpstr(d->format, ==, "object");
  g_assert_cmpuint(d->readings->len, ==, 3);
  const CasaReading *air = casa_decoded_reading(d, 0), *energy = casa_decoded_reading(d, 1), *kit = casa_decoded_reading(d, 2);
  g_assert_cmpstr(air->station, ==, "ma-station-ete");
  g_assert_cmpstr(air->domain, ==, "air");
  g_assert_cmpuint(air->n_fields, ==, 4); /* with the position, which is of any domain */
  g_assert_cmpstr(air->fields[3].metric, ==, "pm10");
  g_assert_cmpfloat(air->fields[3].value, ==, 3);
  g_assert_cmpstr(energy->domain, ==, "energy");
  g_assert_cmpstr(energy->fields[0].metric, ==, "load_mw");
  g_assert_cmpstr(kit->domain, ==, CASA_KIT_DOMAIN);
  g_assert_cmpstr(kit->fields[0].metric, ==, "my_own");
}

static void
test_kit_plain(void)
{
  gboolean usable;
  const CasaDecoded *d = reader_decode(KIT "toit/sonde/temperature", "21.5", -1, NULL);
  g_assert_cmpstr(d->format, ==, "plain");
  g_assert_cmpstr(casa_decoded_reading(d, 0)->station, ==, "toit-sonde");
  g_assert_cmpstr(casa_decoded_reading(d, 0)->domain, ==, "air");
  g_assert_cmpfloat(reader_value(d, "temp_c"), ==, 21.5);
  d = reader_decode(KIT "toit/temperature", "{\"value\":68,\"unit\":\"°F\"}", -1, NULL);
  g_assert_cmpstr(casa_decoded_reading(d, 0)->station, ==, "toit");
  g_assert_cmpfloat_with_epsilon(reader_value(d, "temp_c"), 20, 1e-9);
  d = reader_decode(KIT "toit", "[{\"t\":1779385200,\"temp\":20},{\"t\":1779385210,\"temp\":21}]", -1, NULL);
  g_assert_cmpuint(d->readings->len, ==, 2);
  g_assert_cmpstr(casa_decoded_reading(d, 1)->station, ==, "toit");
  reader_decode(KIT "toit", "21.5", -1, &usable); /* of which metric? */
  g_assert_false(usable);
  d = reader_decode(KIT "toit/temperature", "tru", -1, &usable);
  g_assert_false(usable);
  g_assert_cmpstr(casa_decoded_why(d)->code, ==, "json");
  reader_decode(KIT "///temperature", "1", -1, &usable);
  g_assert_false(usable);
}

/* Too long for a level: cut, and still told apart. */
static void
test_long_station(void)
{
  g_autofree char *name = g_strnfill(100, 'x');
  g_autofree char *one = g_strdup_printf(KIT "%s-a/temp", name), *two = g_strdup_printf(KIT "%s-b/temp", name);
  g_autofree char *station = g_strdup(casa_decoded_reading(reader_decode(one, "1", -1, NULL), 0)->station);
  g_assert_cmpuint(strlen(station), ==, CASA_NAME_MAX);
  g_assert_cmpstr(casa_decoded_reading(reader_decode(two, "1", -1, NULL), 0)->station, !=, station);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  reader_open();
  g_test_add_func("/wire/batch/array", test_array);
  g_test_add_func("/wire/batch/metric-array", test_metric_array);
  g_test_add_func("/wire/batch/reason-that-matters", test_reason_that_matters);
  g_test_add_func("/wire/batch/limits", test_limits);
  g_test_add_func("/wire/batch/values", test_values);
  g_test_add_func("/wire/batch/many-metrics", test_many_metrics);
  g_test_add_func("/wire/batch/many-refusals", test_many_refusals);
  g_test_add_func("/wire/batch/empty", test_empty);
  g_test_add_func("/wire/kit/object", test_kit_object);
  g_test_add_func("/wire/kit/plain", test_kit_plain);
  g_test_add_func("/wire/kit/long-station", test_long_station);
  int status = g_test_run();
  reader_close();
  return status;
}
