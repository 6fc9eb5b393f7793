/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/encode.h"

#include "comma.h"
#include "process.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>

typedef struct {
  double value;
  guint decimals;
  const char *text;
} Row;

static void
test_numbers(void)
{
  static const Row rows[] = {
    { 74.2, 1, "74.2" },
    { 74.25, 1, "74.3" },
    { -74.25, 1, "-74.3" },
    { 0.5, 0, "1" },
    { -0.5, 0, "-1" },
    { -0.4, 0, "0" },
    { -0.04, 1, "0.0" },
    { 0.0, 2, "0.00" },
    { -0.0, 0, "0" },
    { 33.583123, 5, "33.58312" },
    { -7.6104, 4, "-7.6104" },
    { 9.999, 2, "10.00" },
    { 1e6, 0, "1000000" },
    { 0.000001, 6, "0.000001" },
    { 8e15, 0, "8000000000000000" },
    { 1e300, 2, "1.0000000000000001e+300" },
  };
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *wanted = g_strdup_printf(",\"v\":%s", rows[i].text);
    g_string_truncate(out, 0);
    casa_encode_number(out, "v", rows[i].value, rows[i].decimals);
    g_assert_cmpstr(out->str, ==, wanted);
  }
}

/* Every number written can be read back as JSON, within half of its last digit. */
static void
test_numbers_read_back(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint i = 0; i < 20000; i++) {
    guint decimals = i % 7;
    double value = g_test_rand_double_range(-1e5, 1e5);
    casa_encode_begin(out, 0);
    casa_encode_number(out, "v", value, decimals);
    casa_encode_end(out);
    json_t *root = json_loadb(out->str, out->len, 0, NULL);
    g_assert_nonnull(root);
    double back = json_number_value(json_object_get(root, "v"));
    g_assert_cmpfloat(fabs(back - value), <=, 0.5001 * pow(10, -(double)decimals));
    json_decref(root);
  }
}

static void
test_message(void)
{
  g_autoptr(GString) out = g_string_new("left over");
  casa_encode_begin(out, 1779385327120);
  casa_encode_seq(out, 18233);
  casa_encode_number(out, "pm10", 74.2, 1);
  casa_encode_number(out, "lat", 33.5831, 4);
  casa_encode_end(out);
  g_assert_cmpstr(out->str, ==, "{\"t\":1779385327120,\"seq\":18233,\"pm10\":74.2,\"lat\":33.5831}");
  casa_encode_begin(out, -5);
  casa_encode_end(out);
  g_assert_cmpstr(out->str, ==, "{\"t\":-5}");
}

/* A decimal comma would be another number. */
static void
test_locale(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *dir = test_dir_new();
  const char *comma = test_comma_locale(dir);
  if (comma)
    g_assert_nonnull(setlocale(LC_NUMERIC, comma));
  else
    g_test_skip(TEST_NO_COMMA);
  casa_encode_number(out, "v", 1.5, 3);
  casa_encode_number(out, "w", 1e20, 3);
  setlocale(LC_NUMERIC, "C");
  g_assert_cmpstr(out->str, ==, ",\"v\":1.500,\"w\":1e+20");
  test_dir_remove(dir);
}

static void
test_descriptor(void)
{
  g_autoptr(GString) out = g_string_new(NULL);
  casa_encode_descriptor(out, "Aïn \"Sebaâ\"\n\\", "عين السبع", "air", "air", 33.6, -7.5, TRUE);
  json_t *root = json_loadb(out->str, out->len, JSON_REJECT_DUPLICATES, NULL);
  g_assert_nonnull(root);
  g_assert_cmpstr(json_string_value(json_object_get(root, "name")), ==, "Aïn \"Sebaâ\"\n\\");
  g_assert_cmpstr(json_string_value(json_object_get(root, "name_ar")), ==, "عين السبع");
  g_assert_cmpfloat(json_number_value(json_object_get(root, "lat")), ==, 33.6);
  g_assert_true(json_is_true(json_object_get(root, "simulated")));
  json_decref(root);
  casa_encode_descriptor(out, NULL, NULL, NULL, "air", NAN, 1, FALSE);
  g_assert_cmpstr(out->str, ==, "{\"domain\":\"air\"}");
  casa_encode_descriptor(out, NULL, NULL, NULL, NULL, NAN, NAN, FALSE);
  g_assert_cmpstr(out->str, ==, "{}");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/encode/numbers", test_numbers);
  g_test_add_func("/wire/encode/read-back", test_numbers_read_back);
  g_test_add_func("/wire/encode/message", test_message);
  g_test_add_func("/wire/encode/locale", test_locale);
  g_test_add_func("/wire/encode/descriptor", test_descriptor);
  return g_test_run();
}
