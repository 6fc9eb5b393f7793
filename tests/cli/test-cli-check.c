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

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add_func("/cli/check/verdicts", test_check);
  return g_test_run();
}
