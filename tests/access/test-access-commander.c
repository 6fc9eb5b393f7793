/* SPDX-License-Identifier: Apache-2.0 */
#include "commander.h"
#include "fixture.h"

#include <string.h>

/* The wall commands the simulated city as the user of [stage], over the broker that we ship. */

static const char *const USERS[] = { "pulse", "stage", "city", NULL };

static CasaConfig *
load(AccessFixture *f, const char *more)
{
  g_autoptr(GError) error = NULL;
  const CasaConfigOverrides overrides = { .dir = f->config, .broker = f->url };
  access_configure(f, "pulse", more);
  CasaConfig *config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  return config;
}

static TestProcess *
start_city(AccessFixture *f)
{
  g_autofree char *url = g_strdup_printf("mqtt://city@127.0.0.1:%u", f->port);
  g_autofree char *password = g_build_filename(f->dir, "city.password", NULL);
  return test_process_start(f->dir, "sim",
                            (const char *[]){ g_getenv("CASA_SIM"), "--config", g_getenv("CASA_CONFIG"), "--broker", url,
                                              "--password-file", password, "--stations", "20", NULL });
}

typedef struct {
  CasaCommander *commander;
  CasaAnswer answer;
} Asked;

static gboolean
is_answered(gpointer data)
{
  Asked *self = data;
  return casa_commander_take(self->commander, &self->answer);
}

static CasaAnswer
ask(CasaCommander *commander, const char *command)
{
  Asked asked = { .commander = commander };
  casa_commander_send(commander, command);
  g_assert_true(test_wait_for(is_answered, &asked, 60));
  return asked.answer;
}

#define STAGE "[stage]\nuser = stage\npassword_file = ../stage.password\n"
#define CUT "{\"event\":\"power-cut\",\"place\":\"maarif\",\"minutes\":20}"

static void
test_answers(void)
{
  g_autoptr(AccessFixture) f = access_new(USERS);
  g_autoptr(CasaConfig) config = load(f, STAGE);
  g_autoptr(CasaCommander) commander = casa_commander_new(config);
  g_assert_nonnull(commander);
  /* Nobody is there to obey. */
  g_assert_cmpint(ask(commander, "{\"event\":\"calm\"}").kind, ==, CASA_ANSWER_SILENT);
  TestProcess *city = start_city(f);
  guint tries = 0;
  while (ask(commander, "{\"event\":\"calm\"}").kind == CASA_ANSWER_SILENT) /* until it listens */
    g_assert_cmpuint(++tries, <, 15);
  g_assert_cmpint(ask(commander, CUT).kind, ==, CASA_ANSWER_DONE);
  CasaAnswer no = ask(commander, "{\"event\":\"power-cut\",\"place\":\"paris\"}");
  g_assert_cmpint(no.kind, ==, CASA_ANSWER_REFUSED);
  g_assert_nonnull(strstr(no.text, "paris"));
  g_assert_cmpint(ask(commander, "{\"event\":\"calm\",\"of\":\"power-cut\",\"place\":\"maarif\"}").kind, ==, CASA_ANSWER_DONE);
  /* All of a handful are answered, in their order. */
  Asked asked = { .commander = commander };
  casa_commander_send(commander, "{\"event\":\"nothing\"}");
  casa_commander_send(commander, "{\"event\":\"calm\"}");
  g_assert_true(test_wait_for(is_answered, &asked, 60));
  g_assert_cmpint(asked.answer.kind, ==, CASA_ANSWER_REFUSED);
  g_assert_true(test_wait_for(is_answered, &asked, 60));
  g_assert_cmpint(asked.answer.kind, ==, CASA_ANSWER_DONE);
  test_process_free(city);
}

static void
test_not_let_in(void)
{
  g_autoptr(AccessFixture) f = access_new(USERS);
  /* Another one's password. */
  g_autoptr(CasaConfig) wrong = load(f, "[stage]\nuser = stage\npassword_file = ../city.password\n");
  g_autoptr(CasaCommander) commander = casa_commander_new(wrong);
  CasaAnswer answer = ask(commander, CUT);
  g_assert_cmpint(answer.kind, ==, CASA_ANSWER_NO_LINK);
  g_assert_cmpint(answer.fault.code, !=, CASA_FAULT_LINK_NO_ANSWER);
  /* No broker. */
  test_process_free(f->broker);
  f->broker = NULL;
  g_assert_cmpint(ask(commander, CUT).kind, ==, CASA_ANSWER_NO_LINK);
  casa_commander_send(commander, CUT); /* given up at the end */
}

static void
test_nobody(void)
{
  g_autoptr(AccessFixture) f = access_new(USERS);
  g_autoptr(CasaConfig) config = load(f, NULL);
  g_assert_null(casa_commander_new(config));
  g_autoptr(GError) error = NULL;
  const CasaConfigOverrides overrides = { .dir = f->config, .broker = f->url };
  access_configure(f, "pulse", "[stage]\npassword_file = ../stage.password\n");
  g_assert_null(casa_config_load(&overrides, &error));
  g_assert_nonnull(strstr(error->message, "[stage] password_file"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/access/commander/answers", test_answers);
  g_test_add_func("/access/commander/not-let-in", test_not_let_in);
  g_test_add_func("/access/commander/nobody", test_nobody);
  return g_test_run();
}
