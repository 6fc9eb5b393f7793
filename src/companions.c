/* SPDX-License-Identifier: Apache-2.0 */
#include "companions.h"

#include "source/mqtt/mqtt-source.h"

#define TOPIC "$control/stage"
#define STOP_MS 2000

struct _CasaCompanions {
  /* Set in new. */
  char *topic; /* of answers */
  GSourceFunc arrived;
  gpointer data; /* of arrived */
  CasaSource *source;
  GThread *thread;

  GMutex lock;
  GCond changed;
  /* Guarded by lock. */
  GQueue commands; /* CasaStageCommand *, oldest first */
  GQueue answers;  /* char *, oldest first */
  gboolean quit;
};

/* --- The source's threads ------------------------------------------------------------------------------------------- */

static gboolean
keep(CasaCompanions *self, const CasaStageCommand *command)
{
  g_mutex_lock(&self->lock);
  gboolean room = g_queue_get_length(&self->commands) < CASA_COMPANIONS_WAITING;
  if (room)
    g_queue_push_tail(&self->commands, g_memdup2(command, sizeof *command));
  g_mutex_unlock(&self->lock);
  return room;
}

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  CasaCompanions *self = data;
  CasaStageCommand command;
  char why[CASA_STAGE_REASON_SIZE];
  if (!casa_stage_command_parse(message->payload, message->payload_len, &command, why))
    ;
  else if (message->retained)
    g_strlcpy(why, "a retained command is not obeyed: it would be again at every start", sizeof why);
  else if (!keep(self, &command))
    g_strlcpy(why, "too many commands at once", sizeof why);
  else {
    if (self->arrived)
      self->arrived(self->data);
    return TRUE;
  }
  g_autofree char *answer = casa_stage_answer(&command, why, NULL);
  casa_source_publish(self->source, self->topic, answer);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  g_autofree char *text = casa_link_text(link);
  if (link->state == CASA_LINK_REFUSED)
    g_message("companions: %s", text);
}

/* --- Own thread --------------------------------------------------------------------------------------------------------- */

/* NULL: it is over. (transfer full) */
static char *
next_answer(CasaCompanions *self)
{
  g_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->answers) && !self->quit)
    g_cond_wait(&self->changed, &self->lock);
  char *answer = self->quit ? NULL : g_queue_pop_head(&self->answers);
  g_mutex_unlock(&self->lock);
  return answer;
}

static gpointer
run(gpointer data)
{
  CasaCompanions *self = data;
  char *answer;
  while ((answer = next_answer(self)) != NULL) {
    casa_source_publish(self->source, self->topic, answer);
    g_free(answer);
  }
  return NULL;
}

/* --- Whoever obeys ------------------------------------------------------------------------------------------------------- */

static CasaSource *
open_source(CasaCompanions *self, const CasaConfig *config, GError **error)
{
  g_auto(GStrv) filters = casa_mqtt_filters(config->root, (const char *[]){ TOPIC, NULL }, NULL);
  g_autofree char *client_id = g_strdup_printf("casa-pulse-companions-%08x", g_random_int());
  const CasaMqttOptions options = {
    .url = config->broker_url,
    .user = config->companions_user,
    .password = config->companions_password,
    .ca_file = config->broker_ca_file,
    .client_id = client_id,
    .filters = (const char *const *)filters,
    .mqtt_version = config->mqtt_version,
    .keepalive_s = config->keepalive_s,
    .clean_session = TRUE,
    .receiver = { message_cb, link_cb, self },
  };
  return casa_mqtt_source_new(&options, error);
}

CasaCompanions *
casa_companions_new(const CasaConfig *config, GSourceFunc arrived, gpointer data, GError **error)
{
  if (!config->companions_user)
    return NULL;
  g_autoptr(CasaCompanions) self = g_new0(CasaCompanions, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->topic = g_strdup_printf("%s/" TOPIC "/reply", config->root);
  self->arrived = arrived;
  self->data = data;
  self->source = open_source(self, config, error);
  if (!self->source)
    return NULL;
  self->thread = g_thread_new("casa-companions", run, self);
  return casa_source_start(self->source, error) ? g_steal_pointer(&self) : NULL;
}

void
casa_companions_free(CasaCompanions *self)
{
  if (!self)
    return;
  g_mutex_lock(&self->lock);
  self->quit = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  if (self->thread)
    g_thread_join(self->thread);
  casa_source_stop(self->source, STOP_MS);
  casa_source_free(self->source);
  g_queue_clear_full(&self->commands, g_free);
  g_queue_clear_full(&self->answers, g_free);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self->topic);
  g_free(self);
}

gboolean
casa_companions_take(CasaCompanions *self, CasaStageCommand *out)
{
  g_mutex_lock(&self->lock);
  CasaStageCommand *command = g_queue_pop_head(&self->commands);
  g_mutex_unlock(&self->lock);
  if (!command)
    return FALSE;
  *out = *command;
  g_free(command);
  return TRUE;
}

void
casa_companions_answer(CasaCompanions *self, const char *answer)
{
  g_mutex_lock(&self->lock);
  g_queue_push_tail(&self->answers, g_strdup(answer));
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}
