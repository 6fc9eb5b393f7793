/* SPDX-License-Identifier: Apache-2.0 */
/* Held against the published rules: InfluxDB documentation, "Line protocol reference". */
#include "forward/line-protocol.h"
#include "line-reader.h"

#include "comma.h"
#include "process.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static char *
line_of(const char *domain, const char *source, const char *station, const char *metric, double value, gint64 t_ms)
{
  GString *out = g_string_new(NULL);
  CasaLineField field = { metric, value };

  if (!casa_line_append(out, domain, source, station, &field, 1, t_ms)) {
    g_assert_cmpuint(out->len, ==, 0);
    g_string_free(out, TRUE);
    return NULL;
  }
  return g_string_free(out, FALSE);
}

static void
assert_line(const char *domain, const char *source, const char *station, const char *metric, double value, const char *expected)
{
  g_autofree char *line = line_of(domain, source, station, metric, value, 1779385327120);

  g_assert_cmpstr(line, ==, expected);
}

static void
test_plain(void)
{
  g_autoptr(GString) out = g_string_new("before\n");
  CasaLineField fields[] = { { "pm10", 74.2 }, { "pm2_5", 19.1 }, { "no2", 41 } };

  g_assert_true(casa_line_append(out, "air", "city", "air-ain-sebaa", fields, 3, 1779385327120));
  g_assert_cmpstr(out->str, ==, "before\nair,source=city,station=air-ain-sebaa pm10=74.2,pm2_5=19.1,no2=41 1779385327120\n");
  assert_line("air", "s", "x", "m", -1, "air,source=s,station=x m=-1 1779385327120\n");
  g_autofree char *early = line_of("air", "s", "x", "m", 1, -5);
  g_assert_cmpstr(early, ==, "air,source=s,station=x m=1 -5\n");
}

static void
test_escaping(void)
{
  assert_line("a b,c=d", "e", "f", "g", 1, "a\\ b\\,c=d,source=e,station=f g=1 1779385327120\n");
  assert_line("a", "b c,d=e", "f=g h,i", "j", 1, "a,source=b\\ c\\,d\\=e,station=f\\=g\\ h\\,i j=1 1779385327120\n");
  assert_line("a", "b", "c", "d e,f=g", 1, "a,source=b,station=c d\\ e\\,f\\=g=1 1779385327120\n");
  /* Quotes and backslashes inside a name are literal. */
  assert_line("a\"", "b'", "c\\d", "e\"", 1, "a\",source=b',station=c\\d e\"=1 1779385327120\n");
  assert_line("هواء", "équipe", "عين", "température", 1, "هواء,source=équipe,station=عين température=1 1779385327120\n");
}

static void
test_unwritable_names(void)
{
  static const char *const bad[] = { "", "a\n", "\na", "a\rb", "a\tb", "a\\", "\\", "\xff", "caf\xc3", "\x7f" };

  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_assert_null(line_of(bad[i], "s", "x", "m", 1, 1));
    g_assert_null(line_of("d", bad[i], "x", "m", 1, 1));
    g_assert_null(line_of("d", "s", bad[i], "m", 1, 1));
    g_assert_null(line_of("d", "s", "x", bad[i], 1, 1));
  }
  g_assert_null(line_of("#d", "s", "x", "m", 1, 1)); /* would be a comment */
}

static void
test_reserved_names(void)
{
  static const char *const fields[] = { "time", "source", "station", "_field", "_measurement", "_time", "__name__", "_" };
  static const char *const domains[] = { "casa_pulse", "_internal", "__name__" };
  static const char *const own[] = { "times", "field", "domain", "stations", "x_", "a.b", "field.a", "domain.a" };

  for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
    g_autofree char *name = g_strconcat("field.", fields[i], NULL), *line = line_of("d", "s", "x", fields[i], 1, 1);
    g_autofree char *wanted = g_strdup_printf("d,source=s,station=x %s=1 1\n", name);
    g_assert_cmpstr(line, ==, wanted);
    g_assert_cmpstr(casa_line_metric(name), ==, fields[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS(domains); i++) {
    g_autofree char *name = g_strconcat("domain.", domains[i], NULL), *line = line_of(domains[i], "s", "x", "m", 1, 1);
    g_autofree char *wanted = g_strdup_printf("%s,source=s,station=x m=1 1\n", name);
    g_assert_cmpstr(line, ==, wanted);
    g_assert_cmpstr(casa_line_domain(name), ==, domains[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS(own); i++) {
    g_autofree char *line = line_of(own[i], "s", "x", own[i], 1, 1);
    g_autofree char *wanted = g_strdup_printf("%s,source=s,station=x %s=1 1\n", own[i], own[i]);
    g_assert_cmpstr(line, ==, wanted);
    g_assert_cmpstr(casa_line_metric(own[i]), ==, own[i]);
    g_assert_cmpstr(casa_line_domain(own[i]), ==, own[i]);
  }
}

static void
test_not_finite(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  CasaLineField some[] = { { "a", NAN }, { "b", 1 }, { "c", INFINITY }, { "d", 2 }, { "e", -INFINITY } };
  CasaLineField none[] = { { "a", NAN } };

  g_assert_true(casa_line_append(out, "air", "s", "x", some, 5, 7));
  g_assert_cmpstr(out->str, ==, "air,source=s,station=x b=1,d=2 7\n");
  g_assert_false(casa_line_append(out, "air", "s", "x", none, 1, 7));
  g_assert_false(casa_line_append(out, "air", "s", "x", NULL, 0, 7));
  g_assert_cmpstr(out->str, ==, "air,source=s,station=x b=1,d=2 7\n");
  g_assert_false(casa_line_can_write("air", "s", "x", &none[0]));
  g_assert_true(casa_line_can_write("air", "s", "x", &some[1]));
}

static double
value_of(const char *line)
{
  return g_ascii_strtod(strstr(line, " m=") + 3, NULL);
}

static void
assert_round_trip(double value)
{
  g_autofree char *line = line_of("d", "s", "x", "m", value, 1);
  double back = value_of(line);

  g_assert_cmpint(memcmp(&back, &value, sizeof value), ==, 0);
}

static void
test_floats(void)
{
  static const double hard[] = { 0.0,
                                 -0.0,
                                 0.1,
                                 0.2 + 0.1,
                                 1.0 / 3,
                                 1e21,
                                 1e22,
                                 1e23,
                                 5e-324,
                                 DBL_MIN,
                                 DBL_MAX,
                                 -DBL_MAX,
                                 9007199254740993.0,
                                 33.589312345678,
                                 2.2250738585072011e-308 };

  for (guint i = 0; i < G_N_ELEMENTS(hard); i++)
    assert_round_trip(hard[i]);
  for (guint i = 0; i < 20000; i++) {
    guint64 bits = (guint64)g_test_rand_int() << 32 | (guint32)g_test_rand_int();
    double value;
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value))
      assert_round_trip(value);
  }
  /* Short numbers stay short. */
  assert_line("d", "s", "x", "m", 0.1, "d,source=s,station=x m=0.1 1779385327120\n");
  assert_line("d", "s", "x", "m", 5e-324, "d,source=s,station=x m=5e-324 1779385327120\n");
  assert_line("d", "s", "x", "m", 0.30000000000000004, "d,source=s,station=x m=0.30000000000000004 1779385327120\n");
}

/* What a sensor wrote, `-12.50` say, comes out as it would be written by hand: no digit too many, none too few. */
static void
test_decimals_stay_short(void)
{
  for (guint i = 0; i < 20000; i++) {
    gint64 whole = g_test_rand_int_range(-1000000, 1000000), fraction = g_test_rand_int_range(0, 10000);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT ".%04" G_GINT64_FORMAT, whole, fraction);
    double value = g_ascii_strtod(text, NULL);
    g_autofree char *line = line_of("d", "s", "x", "m", value, 1);
    gsize len = strlen(text);

    while (text[len - 1] == '0')
      len--;
    text[text[len - 1] == '.' ? len - 1 : len] = '\0';
    g_autofree char *expected = g_strdup_printf("d,source=s,station=x m=%s 1\n", text);
    g_assert_cmpstr(line, ==, expected);
  }
}

static void
test_locale(void)
{
  g_autofree char *dir = test_dir_new();
  const char *comma = test_comma_locale(dir);

  if (!comma)
    g_test_skip(TEST_NO_COMMA);
  else
    g_assert_nonnull(setlocale(LC_NUMERIC, comma));
  assert_line("d", "s", "x", "m", 1.5, "d,source=s,station=x m=1.5 1779385327120\n");
  setlocale(LC_NUMERIC, "C");
  test_dir_remove(dir);
}

static char *
random_name(void)
{
  static const char *const parts[] = { "a", "Z", "0", " ", ",", "=", "\"", "'", "é", "ع", "-", "_", "." };
  GString *name = g_string_new("n");

  for (gint i = g_test_rand_int_range(0, 12); i > 0; i--)
    g_string_append(name, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
  return g_string_free(name, FALSE);
}

static double
random_value(void)
{
  guint64 bits = (guint64)g_test_rand_int() << 32 | (guint32)g_test_rand_int();
  double value;

  if (g_test_rand_bit())
    return g_test_rand_int_range(-100000, 100000) / 100.0;
  memcpy(&value, &bits, sizeof value);
  return isfinite(value) ? value : -0.0;
}

/* Any line that is written reads back the same, by a reader that follows the published rules and knows nothing of the
 * writer: names, order of the fields, each value to the bit, time. */
static void
test_any_line_reads_back(void)
{
  for (guint i = 0; i < 5000; i++) {
    g_autofree char *domain = random_name(), *source = random_name(), *station = random_name();
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(LineRead) line = { NULL };
    CasaLineField fields[20];
    guint n = (guint)g_test_rand_int_range(1, 20);
    gint64 t_ms = (gint64)g_test_rand_int() * 1000 + g_test_rand_int_range(0, 1000);

    for (guint k = 0; k < n; k++) {
      g_ptr_array_add(names, random_name());
      fields[k] = (CasaLineField){ names->pdata[k], random_value() };
    }
    g_assert_true(casa_line_append(out, domain, source, station, fields, n, t_ms));
    const char *p = out->str;
    g_assert_cmpstr(line_read(&p, &line), ==, NULL);
    g_assert_cmpstr(p, ==, "");
    g_assert_cmpstr(line.measurement, ==, domain);
    g_assert_cmpstr(line.source, ==, source);
    g_assert_cmpstr(line.station, ==, station);
    g_assert_cmpint(line.t_ms, ==, t_ms);
    g_assert_cmpuint(line.n, ==, n);
    for (guint k = 0; k < n; k++) {
      g_assert_cmpstr(line.fields[k], ==, fields[k].metric);
      g_assert_cmpint(memcmp(&line.values[k], &fields[k].value, sizeof(double)), ==, 0);
    }
  }
}

/* The reader is as strict as it says: what influxd 1.6.7 refuses, it refuses too. */
static void
test_reader_is_strict(void)
{
  static const char *const bad[] = {
    "",
    "air,source=s,station=x pm10=1 5",
    "air,source=s,station=x pm10=1 5\r\n",
    "air,source=s,station=x pm10=+1 5\n",
    "air,source=s,station=x pm10=NaN 5\n",
    "air,source=s,station=x pm10=0x1 5\n",
    "air,source=s,station=x pm10=1u 5\n",
    "air,source=s,station=x pm10=1e999 5\n",
    "air,source=,station=x pm10=1 5\n",
    "air,source=s\\,station=x pm10=1 5\n",
    "air,station=x,source=s pm10=1 5\n",
    "air,source=s,station=x  pm10=1 5\n",
    "air,source=s,station=x =1 5\n",
    "air,source=s,station=x pm10= 5\n",
    "air,source=s,station=x pm10=1\n",
    "air,source=s,station=x pm10=1, 5\n",
    "#air,source=s,station=x pm10=1 5\n",
    "air,source=s,station=x pm10=1. 5\n",
    "air,source=s,station=x pm10=.5 5\n",
    "air,source=s,station=x pm10=1e 5\n",
    "air,source=s,station=x pm10=1 5 \n",
    "a\xff,source=s,station=x pm10=1 5\n",
    "air,source=s,station=x pm10=1 1779385327120000\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_auto(LineRead) line = { NULL };
    const char *p = bad[i];
    if (!line_read(&p, &line))
      g_error("it takes \"%s\"", bad[i]);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/line/plain", test_plain);
  g_test_add_func("/forward/line/escaping", test_escaping);
  g_test_add_func("/forward/line/unwritable-names", test_unwritable_names);
  g_test_add_func("/forward/line/reserved-names", test_reserved_names);
  g_test_add_func("/forward/line/not-finite", test_not_finite);
  g_test_add_func("/forward/line/floats", test_floats);
  g_test_add_func("/forward/line/decimals-stay-short", test_decimals_stay_short);
  g_test_add_func("/forward/line/locale", test_locale);
  g_test_add_func("/forward/line/any-line-reads-back", test_any_line_reads_back);
  g_test_add_func("/forward/line/reader-is-strict", test_reader_is_strict);
  return g_test_run();
}
