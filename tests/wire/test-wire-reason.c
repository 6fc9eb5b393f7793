/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "wire/reason.h"

/* Reasons leave as JSON for a store and come back the same. */

/* Every sentence has a name of its own, and is found by it: rows of a store hold it for good. */
static void
test_names(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint why = CASA_WHY_NONE + 1; why < CASA_WHY_N; why++) {
    const char *name = casa_reason_name(why);
    g_assert_nonnull(name);
    g_assert_cmpuint(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), ==, strlen(name));
    g_assert_true(g_hash_table_add(seen, (gpointer)name));
    g_assert_cmpint(casa_reason_find(name), ==, why);
  }
  g_assert_cmpint(casa_reason_find("of-tomorrow"), ==, CASA_WHY_NONE);
}

static void
test_there_and_back(void)
{
  CasaReason why, back[2];
  casa_reason_set(&why, CASA_WHY_RANGE, .field = "pm\"10\\", .got = "-3\n", .wanted = "0…2000 µg/m³", .more = "ضغط");
  g_autoptr(GString) json = g_string_new("[");
  casa_reason_append_json(&why, json);
  g_string_append(json, ",{\"left_out\":3}]");
  g_assert_cmpuint(casa_reasons_from_json(json->str, back, G_N_ELEMENTS(back)), ==, 1);
  char before[CASA_REASON_SIZE], after[CASA_REASON_SIZE];
  g_assert_cmpstr(casa_reason_text(&back[0], after), ==, casa_reason_text(&why, before));
  g_assert_cmpstr(back[0].code, ==, "out-of-range");
  g_assert_cmpstr(back[0].more, ==, "ضغط");
}

/* What is not such an array gives nothing, and no more are written than there is room for. */
static void
test_nonsense(void)
{
  static const char *const none[] = { NULL, "", "[", "{}", "7", "[7,null,\"x\"]", "[{\"why\":7}]", "[{\"got\":\"x\"}]" };
  CasaReason out[2];
  for (guint i = 0; i < G_N_ELEMENTS(none); i++)
    g_assert_cmpuint(casa_reasons_from_json(none[i], out, 2), ==, 0);
  g_assert_cmpuint(casa_reasons_from_json("[{\"why\":\"null\"},{\"why\":\"json\"},{\"why\":\"fields\"}]", out, 2), ==, 2);
  g_assert_cmpint(out[1].why, ==, CASA_WHY_JSON);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/reason/names", test_names);
  g_test_add_func("/wire/reason/there-and-back", test_there_and_back);
  g_test_add_func("/wire/reason/nonsense", test_nonsense);
  return g_test_run();
}
