/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <string.h>

static void
test_check(void)
{
  g_auto(Answer) good = ask("{\"pm10\":74.2}\n21\n", "check", "--config", config, "--topic", "casa/v1/t/air/a/pm10", NULL);
  g_assert_cmpint(good.status, ==, 1); /* the first has no "value" */
  g_assert_nonnull(strstr(good.out, "1: refused  empty"));
  g_assert_nonnull(strstr(good.out, "2: stored   t/air/a "));
  g_assert_nonnull(strstr(good.out, " pm10=21 "));

  g_auto(Answer) pairs = ask("casa/v1/t/air/a\t{\"pm10\":1}\ncasa/v1/t/$station/a {\"domain\":\"air\",\"name\":\"A\"}\n", "check",
                             "--config", config, NULL);
  g_assert_cmpint(pairs.status, ==, 0);
  g_assert_nonnull(strstr(pairs.out, "2: station  t/air/a name=\"A\""));

  g_auto(Answer) many = ask("{\n  \"pm10\": 1,\n  \"no2\": \"x\"\n}\n", "check", "--config", config, "--topic",
                            "casa/v1/t/air/a", "--format", "json", NULL);
  g_assert_cmpint(many.status, ==, 1);
  json_t *line = json_loads(many.out, 0, NULL);
  g_assert_nonnull(line);
  g_assert_cmpstr(json_string_value(json_object_get(line, "verdict")), ==, "partly");
  g_assert_cmpfloat(json_number_value(json_object_get(json_object_get(line, "fields"), "pm10")), ==, 1);
  g_assert_cmpstr(json_string_value(json_object_get(line, "code")), ==, "type");
  json_decref(line);

  g_auto(Answer) then = ask("{\"t\":\"2026-05-21T17:42:07.120Z\",\"pm10\":1}", "check", "--config", config, "--topic",
                            "casa/v1/t/air/a", "--now", "2026-05-21T17:42:08Z", NULL);
  g_assert_nonnull(strstr(then.out, "2026-05-21T17:42:07.120Z pm10=1"));

  g_auto(Answer) nofile = ask(NULL, "check", "--config", config, "/no/such/file", NULL);
  g_assert_cmpint(nofile.status, ==, 1);
  g_assert_nonnull(strstr(nofile.err, "/no/such/file"));
}

/* A file without line ends: refused by its length, and what stands after it is judged. */
static void
test_huge_line(void)
{
  g_auto(Answer) a = ask_shell(NULL, "{ head -c 20000000 /dev/zero | tr '\\0' 7; echo; echo 7; } | "
                                     "$CASA check --config $CONFIG --topic casa/v1/t/air/a/pm10");
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.out, "1: refused  payload-size: payload: 20000000 bytes"));
  g_assert_nonnull(strstr(a.out, "\n2: stored "));
}

/* An endless input ends with whoever reads the answers. */
static void
test_head(void)
{
  g_auto(Answer) a = ask_shell(NULL, "yes 'casa/v1/t/air/a {\"pm10\":1}' | $CASA check --config $CONFIG | head -n 1; "
                                     "echo ${PIPESTATUS[1]}");
  g_assert_true(g_str_has_prefix(a.out, "1: stored "));
  g_assert_true(g_str_has_suffix(a.out, "\n0\n"));
  g_assert_cmpstr(a.err, ==, "");
}

static void
test_full_output(void)
{
  g_auto(Answer) a = ask_shell(NULL, "echo 'casa/v1/t/air/a {\"pm10\":1}' | $CASA check --config $CONFIG > /dev/full");
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.err, "cannot write to standard output: No space left"));
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add_func("/cli/check/verdicts", test_check);
  g_test_add_func("/cli/check/huge-line", test_huge_line);
  g_test_add_func("/cli/check/head", test_head);
  g_test_add_func("/cli/check/full-output", test_full_output);
  return g_test_run();
}
