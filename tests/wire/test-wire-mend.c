/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/mend.h"

#include <jansson.h>
#include <string.h>

/* What people's kits print for JSON, and what they meant. The texts are slices: nothing may be read behind their ends. */

static const struct {
  const char *text, *mended; /* NULL: nobody knows what was meant */
} cases[] = {
  { "{\"temp\":.5}", "{\"temp\":0.5}" },
  { "{\"rh\":50,\"temp\":-.5}", "{\"rh\":50,\"temp\":-0.5}" },
  { "{\"temp\":+5}", "{\"temp\":5}" },
  { "{\"temp\":05,\"rh\":5.}", "{\"temp\":5,\"rh\":5}" },
  { "{\"temp\":٢١}", "{\"temp\":21}" },
  { "{\"temp\":21 °C}", "{\"temp\":{\"value\":21,\"unit\":\"°C\"}}" },
  { "{\"temp\":21,5,\"rh\":50}", "{\"temp\":21.5,\"rh\":50}" },
  { "{\"fan\":ON}", "{\"fan\":1}" },
  { "{\"mode\":eco}", "{\"mode\":\"eco\"}" },
  { "{\"temp\"=21}", "{\"temp\":21}" },
  { "{\"temp\"=>21}", "{\"temp\":21}" },
  { "{\"temp\":21;\"rh\":50}", "{\"temp\":21,\"rh\":50}" },
  { "{\"temp\":21 \"rh\":50}", "{\"temp\":21,\"rh\":50}" },
  { "{\"mode\":'eco'}", "{\"mode\":\"eco\"}" },
  { "{'temp':21,'who':'it\\'s \"me\"'}", "{\"temp\":21,\"who\":\"it's \\\"me\\\"\"}" },
  { "{“temp”:21}", "{\"temp\":21}" },
  { "{temp:21, hum:50}", "{\"temp\":21,\"hum\":50}" },
  { "{\"temp\":None}", "{\"temp\":null}" },
  { "{\"ok\":True,\"temp\":nan}", "{\"ok\":true,\"temp\":null}" },
  { "{\"temp\":21,}", "{\"temp\":21}" },
  { "[{\"temp\":21},]", "[{\"temp\":21}]" },
  { "{\"temp\":,\"rh\":5}", "{\"temp\":null,\"rh\":5}" },
  { "{\"temp\":--}", "{\"temp\":null}" },
  { "{\"temp\":21.5,\"rh\":50", "{\"temp\":21.5,\"rh\":50}" },
  { "{\"temp\":21.5,\"rh\":", "{\"temp\":21.5}" },
  { "{\"temp\":21.5,\"r", "{\"temp\":21.5}" },
  { "{\"a\":{\"temp\":21},\"b\":{\"te", "{\"a\":{\"temp\":21},\"b\":{}}" },
  { "{\"temp\":21}}", "{\"temp\":21}" },
  { "{\"temp\":21} // hall", "{\"temp\":21}" },
  { "{\"temp\":21,,\"rh\":50}", "{\"temp\":21,\"rh\":50}" },
  { "{\"temp\":0x1F}", NULL },
  { "{\"temp\"}", NULL },
  { "{:21}", NULL },
  { "21", NULL },
  { "", NULL },
};

/* A copy that ends where the text does. */
static char *
slice_of(const char *text, gsize len)
{
  return g_memdup2(text, MAX(len, 1));
}

static void
test_cases(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const gsize len = strlen(cases[i].text);
    g_autofree char *slice = slice_of(cases[i].text, len), *mended = casa_mend_json(slice, len);
    g_test_message("%s", cases[i].text);
    g_assert_cmpstr(mended, ==, cases[i].mended);
  }
}

/* Cut anywhere, what is mended is JSON. */
static void
test_cut_anywhere(void)
{
  static const char text[] = "{temp:.5,'a':[1,{\"b\":None}],\"c\":\"é\\n\" /* x */,\"d\"=ON;e:1,013.5}";
  for (gsize len = 0; len < strlen(text); len++) {
    g_autofree char *slice = slice_of(text, len), *mended = casa_mend_json(slice, len);
    json_t *root = mended ? json_loads(mended, JSON_REJECT_DUPLICATES, NULL) : NULL;
    g_assert_true(!mended || root);
    json_decref(root);
  }
}

/* A thousand brackets do not take the stack. */
static void
test_depth(void)
{
  g_autoptr(GString) text = g_string_new("");
  for (guint i = 0; i < 1000; i++)
    g_string_append_c(text, '[');
  g_assert_null(casa_mend_json(text->str, text->len));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/mend/cases", test_cases);
  g_test_add_func("/wire/mend/cut-anywhere", test_cut_anywhere);
  g_test_add_func("/wire/mend/depth", test_depth);
  return g_test_run();
}
