/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stage-command.h"

#include <string.h>

static gboolean
parse(const char *text, CasaStageCommand *out, char *why)
{
  why[0] = '\0';
  return casa_stage_command_parse(text, strlen(text), out, why);
}

static void
test_right(void)
{
  static const struct {
    const char *text;
    CasaStageCommand wanted;
  } cases[] = {
    { "{\"do\":\"next\"}", { .deed = CASA_STAGE_NEXT } },
    { " {\"id\":\"a\", \"do\":\"previous\"} ", { .deed = CASA_STAGE_PREVIOUS, .id = "a" } },
    { "{\"do\":\"state\"}", { .deed = CASA_STAGE_STATE } },
    { "{\"do\":\"scene\",\"scene\":\"energy\"}", { .deed = CASA_STAGE_SCENE, .name = "energy" } },
    { "{\"do\":\"scene\",\"scene\":3}", { .deed = CASA_STAGE_SCENE, .number = 3 } },
    { "{\"do\":\"freeze\"}", { .deed = CASA_STAGE_FREEZE } },
    { "{\"do\":\"freeze\",\"on\":true}", { .deed = CASA_STAGE_FREEZE, .on = CASA_STAGE_ON } },
    { "{\"do\":\"black\",\"on\":false}", { .deed = CASA_STAGE_BLACK, .on = CASA_STAGE_OFF } },
    { "{\"do\":\"white\"}", { .deed = CASA_STAGE_WHITE } },
    { "{\"do\":\"language\",\"language\":\"ar\"}", { .deed = CASA_STAGE_LANGUAGE, .name = "ar" } },
    { "{\"do\":\"cue\",\"cue\":\"chergui\"}", { .deed = CASA_STAGE_CUE, .name = "chergui" } },
    { "{\"do\":\"cue\",\"cue\":9}", { .deed = CASA_STAGE_CUE, .number = 9 } },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    CasaStageCommand got;
    char why[CASA_STAGE_REASON_SIZE];
    if (!parse(cases[i].text, &got, why))
      g_error("%s: %s", cases[i].text, why);
    g_assert_cmpint(got.deed, ==, cases[i].wanted.deed);
    g_assert_cmpint(got.on, ==, cases[i].wanted.on);
    g_assert_cmpuint(got.number, ==, cases[i].wanted.number);
    g_assert_cmpstr(got.name, ==, cases[i].wanted.name);
    g_assert_cmpstr(got.id, ==, cases[i].wanted.id);
  }
}

/* Each is told what is wrong with it. */
static void
test_wrong(void)
{
  static const struct {
    const char *text, *why;
  } cases[] = {
    { "", "" },
    { "next", "" },
    { "[]", "a command is an object" },
    { "\"next\"", "a command is an object" },
    { "{}", "there is no \"do\"" },
    { "{\"do\":1}", "there is no \"do\"" },
    { "{\"do\":\"jump\"}", "not \"jump\"" },
    { "{\"do\":\"Next\"}", "not \"Next\"" },
    { "{\"do\":\"next\",\"do\":\"previous\"}", "" },
    { "{\"do\":\"next\",\"scene\":2}", "\"scene\" is not known here" },
    { "{\"do\":\"scene\"}", "\"scene\" is missing" },
    { "{\"do\":\"scene\",\"scene\":0}", "a name, or a number from 1" },
    { "{\"do\":\"scene\",\"scene\":-1}", "a name, or a number from 1" },
    { "{\"do\":\"scene\",\"scene\":1.5}", "a name, or a number from 1" },
    { "{\"do\":\"scene\",\"scene\":1e300}", "a name, or a number from 1" },
    { "{\"do\":\"scene\",\"scene\":\"\"}", "a name, or a number from 1" },
    { "{\"do\":\"scene\",\"scene\":null}", "a name, or a number from 1" },
    { "{\"do\":\"scene\",\"scene\":[[1]]}", "" },
    { "{\"do\":\"language\",\"language\":2}", "fr, ar or en" },
    { "{\"do\":\"freeze\",\"on\":1}", "true or false" },
    { "{\"do\":\"freeze\",\"on\":\"yes\"}", "true or false" },
    { "{\"do\":\"next\",\"id\":7}", "\"id\" is not a text" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    CasaStageCommand got;
    char why[CASA_STAGE_REASON_SIZE];
    if (parse(cases[i].text, &got, why) || !strstr(why, cases[i].why) || !*why)
      g_error("%s: \"%s\"", cases[i].text, why);
  }
}

static void
test_long(void)
{
  CasaStageCommand got;
  char why[CASA_STAGE_REASON_SIZE];
  g_autofree char *name = g_strnfill(CASA_STAGE_NAME_MAX, 'x'), *longer = g_strnfill(CASA_STAGE_NAME_MAX + 1, 'x'),
                  *huge = g_strnfill(100000, '[');
  g_autofree char *fits = g_strdup_printf("{\"do\":\"scene\",\"scene\":\"%s\",\"id\":\"%s\"}", name, name);
  g_autofree char *long_name = g_strdup_printf("{\"do\":\"scene\",\"scene\":\"%s\"}", longer);
  g_autofree char *long_id = g_strdup_printf("{\"do\":\"next\",\"id\":\"%s\"}", longer);
  g_assert_true(parse(fits, &got, why));
  g_assert_cmpuint(strlen(got.name), ==, CASA_STAGE_NAME_MAX);
  g_assert_false(parse(long_name, &got, why));
  g_assert_false(parse(long_id, &got, why));
  g_assert_cmpstr(got.id, ==, "");
  g_assert_false(parse(huge, &got, why));
  g_assert_nonnull(strstr(why, "at most 512"));
}

static void
test_answers(void)
{
  const CasaStageStand stand = { "energy", 3, 4, "frozen", "ar" };
  CasaStageCommand command;
  char why[CASA_STAGE_REASON_SIZE];
  g_assert_true(parse("{\"do\":\"freeze\",\"id\":\"é\\\"7\"}", &command, why));
  g_autofree char *done = casa_stage_answer(&command, NULL, &stand);
  g_assert_cmpstr(done, ==,
                  "{\"ok\":true,\"id\":\"é\\\"7\",\"do\":\"freeze\",\"scene\":\"energy\",\"number\":3,\"scenes\":4,"
                  "\"hall\":\"frozen\",\"language\":\"ar\",\"shows\":\"live\"}");
  /* The id comes back from a command that is wrong otherwise. */
  g_assert_false(parse("{\"do\":\"jump\",\"id\":\"8\"}", &command, why));
  g_autofree char *refused = casa_stage_answer(&command, why, NULL);
  g_assert_nonnull(strstr(refused, "{\"ok\":false,\"id\":\"8\",\"error\":\"\\\"do\\\" is one of state, next,"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/stage-command/right", test_right);
  g_test_add_func("/wire/stage-command/wrong", test_wrong);
  g_test_add_func("/wire/stage-command/long", test_long);
  g_test_add_func("/wire/stage-command/answers", test_answers);
  return g_test_run();
}
