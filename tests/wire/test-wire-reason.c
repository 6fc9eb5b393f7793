/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "wire/reason-words.h"

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

/* How often each argument stands in a template. */
static void
count_places(const char *template, guint counts[4])
{
  static const char *const places[] = { "{field}", "{got}", "{wanted}", "{more}" };
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    for (const char *at = template; (at = strstr(at, places[i])) != NULL; at++)
      counts[i]++;
}

/* Each sentence is there in each language, and says of the arguments what the English one says, where it says it. */
static void
test_languages(void)
{
  const CasaReasonWords *const languages[] = { casa_reason_fr, casa_reason_ar };
  for (guint l = 0; l < G_N_ELEMENTS(languages); l++)
    for (guint why = CASA_WHY_NONE + 1; why < CASA_WHY_N; why++) {
      const char *const pairs[][2] = { { casa_reason_template(why), languages[l][why].what },
                                       { casa_reason_cure_template(why), languages[l][why].cure } };
      for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        guint english[4] = { 0 }, own[4] = { 0 };
        g_assert_nonnull(pairs[i][1]);
        g_assert_true(g_utf8_validate(pairs[i][1], -1, NULL));
        g_assert_cmpint(*pairs[i][0] == '\0', ==, *pairs[i][1] == '\0');
        count_places(pairs[i][0], english);
        count_places(pairs[i][1], own);
        if (memcmp(english, own, sizeof own) != 0)
          g_error("%s: other arguments in language %u: %s", casa_reason_name(why), l, pairs[i][1]);
      }
    }
}

static void
test_said(void)
{
  char out[CASA_REASON_SIZE], long_name[CASA_QUOTE_SIZE];
  CasaReason why;
  casa_reason_set(&why, CASA_WHY_COMMA, .field = "temp_c", .got = "21,4", .wanted = "21.4");
  g_assert_cmpstr(casa_reason_text_in(&why, "fr", out), ==,
                  "champ \"temp_c\" : « 21,4 » n'est pas un nombre ; les décimales prennent un point : 21.4");
  g_assert_nonnull(strstr(casa_reason_text_in(&why, "ar", out), "الفاصلة العشرية نقطة: 21.4"));
  g_assert_cmpstr(casa_reason_text_in(&why, "de", out), ==,
                  "field \"temp_c\": \"21,4\" is no number; decimals take a point: 21.4");
  casa_reason_set(&why, CASA_WHY_NOT_NUMBER, .field = "label", .got = "text");
  g_assert_cmpstr(casa_reason_text_in(&why, "fr", out), ==,
                  "champ \"label\" : texte reçu, nombre attendu ; envoyez un nombre, ou omettez ce champ");
  /* Longest of all: cut at a letter. */
  memset(long_name, 'x', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = '\0';
  for (guint w = CASA_WHY_NONE + 1; w < CASA_WHY_N; w++) {
    casa_reason_set(&why, w, .field = long_name, .got = long_name, .wanted = long_name, .more = long_name);
    g_assert_true(g_utf8_validate(casa_reason_text_in(&why, "ar", out), -1, NULL));
    g_assert_true(g_utf8_validate(casa_reason_text_in(&why, "fr", out), -1, NULL));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/reason/names", test_names);
  g_test_add_func("/wire/reason/there-and-back", test_there_and_back);
  g_test_add_func("/wire/reason/nonsense", test_nonsense);
  g_test_add_func("/wire/reason/languages", test_languages);
  g_test_add_func("/wire/reason/said", test_said);
  return g_test_run();
}
