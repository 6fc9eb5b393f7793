/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/dynsec.h"

#include "base/error.h"
#include "source/mqtt/mqtt-source.h"

#include <string.h>

#define COMMAND_TOPIC "$CONTROL/dynamic-security/v1"
#define ANSWER_TOPIC COMMAND_TOPIC "/response"
#define WAIT_S 10

struct _CasaDynsec {
  CasaSource *source;
  guint number; /* of the newest question; its answers carry it */
  GMutex lock;
  GCond changed;
  CasaLink link;  /* lock */
  json_t *answer; /* lock: of the newest question, NULL until it came */
};

static void
link_cb(const CasaLink *link, gpointer data)
{
  CasaDynsec *self = data;
  g_mutex_lock(&self->lock);
  self->link = *link;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

/* Whether the answers are to the question of that @number: others may ask at the same time. */
static gboolean
is_answer_to(const json_t *responses, guint number)
{
  g_autofree char *wanted = g_strdup_printf("%u", number);
  const char *got = json_string_value(json_object_get(json_array_get(responses, 0), "correlationData"));
  return got && strcmp(got, wanted) == 0;
}

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  CasaDynsec *self = data;
  json_t *root = json_loadb(message->payload, message->payload_len, 0, NULL);
  json_t *responses = json_object_get(root, "responses");
  g_mutex_lock(&self->lock);
  if (is_answer_to(responses, self->number) && !self->answer) {
    self->answer = json_incref(responses);
    g_cond_broadcast(&self->changed);
  }
  json_decref(root); /* under the lock: whoever takes the answer is then the only one who holds any of it */
  g_mutex_unlock(&self->lock);
  return TRUE;
}

static gboolean
wait_for_link(CasaDynsec *self, GError **error)
{
  gint64 until_us = g_get_monotonic_time() + WAIT_S * G_USEC_PER_SEC;
  CasaLink link;
  g_mutex_lock(&self->lock);
  while (self->link.state != CASA_LINK_UP && self->link.state != CASA_LINK_REFUSED)
    if (!g_cond_wait_until(&self->changed, &self->lock, until_us))
      break;
  link = self->link;
  g_mutex_unlock(&self->lock);
  if (link.state == CASA_LINK_UP)
    return TRUE;
  g_autofree char *text = casa_fault_text(&link.fault);
  g_set_error(error, CASA_ERROR, link.state == CASA_LINK_REFUSED ? CASA_ERROR_REFUSED : CASA_ERROR_NETWORK, "%s", text);
  return FALSE;
}

CasaDynsec *
casa_dynsec_open(const CasaConfig *config, GError **error)
{
  static const char *const filters[] = { ANSWER_TOPIC, NULL };
  g_autofree char *client_id = g_strdup_printf("casa-team-%08x%08x", g_random_int(), g_random_int());
  g_autoptr(CasaDynsec) self = g_new0(CasaDynsec, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->number = g_random_int();
  CasaMqttOptions options = {
    .url = config->broker_url,
    .user = config->teams_user,
    .password = config->teams_password,
    .ca_file = config->broker_ca_file,
    .client_id = client_id,
    .filters = filters,
    .mqtt_version = config->mqtt_version,
    .keepalive_s = config->keepalive_s,
    .clean_session = TRUE,
    .receiver = { message_cb, link_cb, self },
  };
  self->source = casa_mqtt_source_new(&options, error);
  if (!self->source || !casa_source_start(self->source, error) || !wait_for_link(self, error))
    return NULL;
  return g_steal_pointer(&self);
}

void
casa_dynsec_free(CasaDynsec *self)
{
  if (!self)
    return;
  casa_source_free(self->source);
  json_decref(self->answer);
  g_cond_clear(&self->changed);
  g_mutex_clear(&self->lock);
  g_free(self);
}

json_t *
casa_dynsec_ask(CasaDynsec *self, json_t *commands, GError **error)
{
  gint64 until_us = g_get_monotonic_time() + WAIT_S * G_USEC_PER_SEC;
  g_mutex_lock(&self->lock);
  self->number++;
  json_decref(self->answer);
  self->answer = NULL;
  g_mutex_unlock(&self->lock);
  g_autofree char *number = g_strdup_printf("%u", self->number);
  gsize i;
  json_t *command;
  json_array_foreach (commands, i, command)
    json_object_set_new(command, "correlationData", json_string(number));
  json_t *root = json_pack("{s:o}", "commands", commands);
  char *text = json_dumps(root, JSON_COMPACT);
  casa_source_publish(self->source, COMMAND_TOPIC, text);
  explicit_bzero(text, strlen(text)); /* passwords of teams may be in it */
  free(text);
  json_decref(root);
  g_mutex_lock(&self->lock);
  while (!self->answer)
    if (!g_cond_wait_until(&self->changed, &self->lock, until_us))
      break;
  json_t *answer = g_steal_pointer(&self->answer);
  g_mutex_unlock(&self->lock);
  if (!answer)
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_NETWORK,
                        "the broker let us in but does not answer; is its plug-in mosquitto_dynamic_security loaded, and may "
                        "[teams] user write and read $CONTROL/dynamic-security/#? config/mosquitto.conf shows both");
  return answer;
}
