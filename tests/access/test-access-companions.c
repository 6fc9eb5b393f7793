/* SPDX-License-Identifier: Apache-2.0 */
#include "companions.h"
#include "fixture.h"

#include <string.h>

/* Who may drive the show over the broker that we ship, and what becomes of those who may not. */

#define TOPIC "casa/v1/$control/stage"

static const char *const USERS[] = { "pulse", "prompter", "companion", "equipe-1", NULL };

static CasaConfig *
load(AccessFixture *f)
{
  g_autoptr(GError) error = NULL;
  const CasaConfigOverrides overrides = { .dir = f->config, .broker = f->url };
  access_configure(f, "pulse", "[companions]\nuser = prompter\npassword_file = ../prompter.password\n");
  CasaConfig *config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  return config;
}

static int n_arrived; /* atomic */

static gboolean
arrived_cb(gpointer data)
{
  g_atomic_int_inc(&n_arrived);
  return G_SOURCE_CONTINUE;
}

typedef struct {
  AccessFixture *f;
  CasaCompanions *companions;
  CasaStageCommand command;
} Hall;

/* Until the wall listens. */
static gboolean
is_heard(gpointer data)
{
  Hall *self = data;
  g_assert_cmpint(access_publish(self->f, "companion", NULL, TOPIC, "{\"do\":\"state\"}"), ==, 0);
  return casa_companions_take(self->companions, &self->command);
}

static gboolean
has_taken(gpointer data)
{
  Hall *self = data;
  return casa_companions_take(self->companions, &self->command);
}

static void
open_hall(Hall *self, AccessFixture *f, const CasaConfig *config)
{
  g_autoptr(GError) error = NULL;
  self->f = f;
  self->companions = casa_companions_new(config, arrived_cb, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(test_wait_for(is_heard, self, 60));
  while (casa_companions_take(self->companions, &self->command))
    ;
}

static void
test_who_may(void)
{
  g_autoptr(AccessFixture) f = access_new(USERS);
  g_autoptr(CasaConfig) config = load(f);
  Hall hall = { 0 };
  open_hall(&hall, f, config);
  /* A team may not, and neither may it answer in the wall's place. */
  g_assert_cmpint(access_publish(f, "equipe-1", NULL, TOPIC, "{\"do\":\"black\",\"id\":\"team\"}"), ==, 135);
  g_assert_cmpint(access_publish(f, "equipe-1", NULL, TOPIC "/reply", "{\"ok\":true}"), ==, 135);
  g_assert_cmpint(access_publish(f, "companion", NULL, TOPIC "/reply", "{\"ok\":true}"), ==, 135);
  g_assert_cmpint(access_publish(f, "companion", NULL, "casa/v1/$control/sim", "{\"event\":\"calm\"}"), ==, 135);
  g_assert_cmpint(access_publish(f, "companion", NULL, "casa/v1/city/air/a", "{\"pm10\":1}"), ==, 135);
  g_assert_cmpint(access_publish(f, "companion", NULL, TOPIC, "{\"do\":\"next\",\"id\":\"mine\"}"), ==, 0);
  g_assert_true(test_wait_for(has_taken, &hall, 60));
  g_assert_cmpstr(hall.command.id, ==, "mine");
  g_assert_cmpint(hall.command.deed, ==, CASA_STAGE_NEXT);
  g_assert_cmpint(g_atomic_int_get(&n_arrived), >=, 2);
  casa_companions_free(hall.companions);
}

/* mosquitto_rr as a companion: asks and hears. (transfer full) */
static char *
ask(AccessFixture *f, const char *payload)
{
  g_autofree char *port = g_strdup_printf("%u", f->port), *password = access_password("companion");
  const char *argv[] = { "mosquitto_rr", "-V", "5",   "-h", "127.0.0.1", "-p", port, "-u", "companion", "-P", password, "-e",
                         TOPIC "/reply", "-t", TOPIC, "-m", payload,     "-W", "30", NULL };
  char *out = NULL;
  test_run(argv, NULL, &out, NULL);
  return out;
}

static void
test_answers(void)
{
  g_autoptr(AccessFixture) f = access_new(USERS);
  g_autoptr(CasaConfig) config = load(f);
  Hall hall = { 0 };
  open_hall(&hall, f, config);
  g_autofree char *wrong = ask(f, "{\"do\":\"jump\",\"id\":\"1\"}");
  g_assert_nonnull(strstr(wrong, "{\"ok\":false,\"id\":\"1\",\"error\":\"\\\"do\\\" is one of"));
  g_assert_false(casa_companions_take(hall.companions, &hall.command));
  /* Whoever holds a key down: a bounded number waits, the rest is told. */
  for (guint i = 0; i < CASA_COMPANIONS_WAITING; i++)
    g_assert_cmpint(access_publish(f, "companion", NULL, TOPIC, "{\"do\":\"next\"}"), ==, 0);
  g_autofree char *many = ask(f, "{\"do\":\"next\"}");
  g_assert_nonnull(strstr(many, "too many commands at once"));
  guint n = 0;
  while (casa_companions_take(hall.companions, &hall.command))
    n++;
  g_assert_cmpuint(n, ==, CASA_COMPANIONS_WAITING);
  casa_companions_answer(hall.companions, "{\"ok\":true}"); /* may be lost: it ends at once */
  casa_companions_free(hall.companions);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/access/companions/who-may", test_who_may);
  g_test_add_func("/access/companions/answers", test_answers);
  return g_test_run();
}
