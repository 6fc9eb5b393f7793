/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/dynsec.h"

#include "base/error.h"
#include "source/mqtt/side-link.h"

#include <string.h>

#define ROOT "$CONTROL/dynamic-security"
#define COMMAND_TOPIC ROOT "/v1"
#define ANSWERS "v1/response" /* below ROOT */
#define WAIT_S 10

struct _CasaDynsec {
  CasaSideLink *link;
  guint number; /* of the newest question; its answers carry it */
};

/* Whether the answers are to the question of that @number: others may ask at the same time. */
static gboolean
is_answer_to(const json_t *responses, guint number)
{
  g_autofree char *wanted = g_strdup_printf("%u", number);
  const char *got = json_string_value(json_object_get(json_array_get(responses, 0), "correlationData"));
  return got && strcmp(got, wanted) == 0;
}

/* The answers in @message; NULL: to another question. (transfer full) */
static json_t *
read_answers(GBytes *message, guint number)
{
  gsize size;
  const char *text = g_bytes_get_data(message, &size);
  json_t *root = json_loadb(text, size, 0, NULL);
  json_t *responses = json_object_get(root, "responses");
  json_t *answers = is_answer_to(responses, number) ? json_incref(responses) : NULL;
  json_decref(root);
  return answers;
}

static gint64
deadline_us(void)
{
  return g_get_monotonic_time() + WAIT_S * G_USEC_PER_SEC;
}

static gboolean
connect_link(CasaDynsec *self, GError **error)
{
  CasaLink link;
  if (!casa_side_link_connect(self->link, error))
    return FALSE;
  if (casa_side_link_wait(self->link, deadline_us(), &link))
    return TRUE;
  g_autofree char *text = casa_fault_text(&link.fault);
  g_set_error(error, CASA_ERROR, link.state == CASA_LINK_REFUSED ? CASA_ERROR_REFUSED : CASA_ERROR_NETWORK, "%s", text);
  return FALSE;
}

CasaDynsec *
casa_dynsec_open(const CasaConfig *config, GError **error)
{
  g_autoptr(CasaDynsec) self = g_new0(CasaDynsec, 1);
  self->number = g_random_int();
  self->link = casa_side_link_new(config, &(CasaSideLinkOptions){
                                            .name = "team",
                                            .user = config->teams_user,
                                            .password = config->teams_password,
                                            .root = ROOT,
                                            .topics = (const char *const[]){ ANSWERS, NULL },
                                          });
  return connect_link(self, error) ? g_steal_pointer(&self) : NULL;
}

void
casa_dynsec_free(CasaDynsec *self)
{
  if (!self)
    return;
  casa_side_link_free(self->link);
  g_free(self);
}

json_t *
casa_dynsec_ask(CasaDynsec *self, json_t *commands, GError **error)
{
  gint64 until_us = deadline_us();
  self->number++;
  g_autofree char *number = g_strdup_printf("%u", self->number);
  gsize i;
  json_t *command;
  json_array_foreach (commands, i, command)
    json_object_set_new(command, "correlationData", json_string(number));
  json_t *root = json_pack("{s:o}", "commands", commands);
  char *text = json_dumps(root, JSON_COMPACT);
  casa_side_link_ask(self->link, COMMAND_TOPIC, text);
  explicit_bzero(text, strlen(text)); /* passwords of teams may be in it */
  free(text);
  json_decref(root);
  json_t *answer = NULL;
  GBytes *message;
  while (!answer && (message = casa_side_link_hear(self->link, until_us)) != NULL) {
    answer = read_answers(message, self->number);
    g_bytes_unref(message);
  }
  if (!answer)
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_NETWORK,
                        "the broker let us in but does not answer; is its plug-in mosquitto_dynamic_security loaded, and may "
                        "[teams] user write and read $CONTROL/dynamic-security/#? config/mosquitto.conf shows both");
  return answer;
}
