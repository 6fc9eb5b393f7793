/* SPDX-License-Identifier: Apache-2.0 */
#include "companions.h"

#include "source/mqtt/side-link.h"

#define TOPIC "$control/stage"

struct _CasaCompanions {
  /* Set in new. */
  char *topic; /* of answers */
  GSourceFunc arrived;
  gpointer data; /* of arrived */
  CasaSideLink *link;

  GMutex lock;
  GQueue commands; /* guarded by lock: CasaStageCommand *, oldest first */
};

/* --- The link's threads ------------------------------------------------------------------------------------------- */

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
  casa_side_link_say(self->link, self->topic, answer);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  g_autofree char *text = casa_link_text(link);
  if (link->state == CASA_LINK_REFUSED)
    g_message("companions: %s", text);
}

/* --- Whoever obeys ------------------------------------------------------------------------------------------------------- */

CasaCompanions *
casa_companions_new(const CasaConfig *config, GSourceFunc arrived, gpointer data, GError **error)
{
  if (!config->companions_user)
    return NULL;
  g_autoptr(CasaCompanions) self = g_new0(CasaCompanions, 1);
  g_mutex_init(&self->lock);
  self->topic = g_strdup_printf("%s/" TOPIC "/reply", config->root);
  self->arrived = arrived;
  self->data = data;
  self->link = casa_side_link_new(config, &(CasaSideLinkOptions){
                                            .name = "companions",
                                            .user = config->companions_user,
                                            .password = config->companions_password,
                                            .topics = (const char *const[]){ TOPIC, NULL },
                                            .on_message = message_cb,
                                            .on_link = link_cb,
                                            .data = self,
                                          });
  return casa_side_link_connect(self->link, error) ? g_steal_pointer(&self) : NULL;
}

void
casa_companions_free(CasaCompanions *self)
{
  if (!self)
    return;
  casa_side_link_free(self->link);
  g_queue_clear_full(&self->commands, g_free);
  g_mutex_clear(&self->lock);
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
  casa_side_link_say_later(self->link, self->topic, answer);
}
