/* SPDX-License-Identifier: Apache-2.0 */
#include "commander.h"

#include "source/mqtt/side-link.h"
#include "wire/tree.h"

#define COMMAND_TOPIC "$control/sim"
#define REPLY_TOPIC "$control/sim/reply"
#define CONNECT_US (5 * G_USEC_PER_SEC)
#define ANSWER_US (4 * G_USEC_PER_SEC)

struct _CasaCommander {
  /* Set in new. */
  char *topic;
  CasaSideLink *link;   /* connected by the worker alone, for each command anew */
  GThreadPool *worker;  /* one thread: obeys commands (char *) in their order */
  GAsyncQueue *answers; /* CasaAnswer *, oldest first */
  gint closed;          /* atomic: what waits is not said any more */
};

/* --- The worker's thread -------------------------------------------------------------------------------------------- */

static CasaAnswer
read_reply(GBytes *reply)
{
  CasaAnswer answer = { 0 };
  const CasaWireLimits limits = { .max_depth = 3 };
  CasaReason why = { 0 };
  gsize size;
  gconstpointer bytes = g_bytes_get_data(reply, &size);
  json_t *tree = casa_tree_load(&limits, bytes, size, &why);
  const char *error = tree ? json_string_value(json_object_get(tree, "error")) : NULL;
  answer.kind = tree && json_is_true(json_object_get(tree, "ok")) ? CASA_ANSWER_DONE : CASA_ANSWER_REFUSED;
  g_strlcpy(answer.text, error ? error : "", sizeof answer.text);
  json_decref(tree);
  return answer;
}

/* Asks once, however often the link breaks meanwhile: an event would begin twice. */
static CasaAnswer
ask(CasaCommander *self, const char *command)
{
  CasaLink link;
  if (!casa_side_link_wait(self->link, g_get_monotonic_time() + CONNECT_US, &link)) {
    if (link.fault.code == CASA_FAULT_NONE)
      link.fault.code = CASA_FAULT_LINK_NO_ANSWER;
    return (CasaAnswer){ .kind = CASA_ANSWER_NO_LINK, .fault = link.fault };
  }
  casa_side_link_ask(self->link, self->topic, command);
  g_autoptr(GBytes) reply = casa_side_link_hear(self->link, g_get_monotonic_time() + ANSWER_US);
  return reply ? read_reply(reply) : (CasaAnswer){ .kind = CASA_ANSWER_SILENT };
}

static void
obey_cb(gpointer data, gpointer commander)
{
  CasaCommander *self = commander;
  g_autofree char *command = data;
  g_autoptr(GError) error = NULL;
  CasaAnswer answer = { .kind = CASA_ANSWER_NO_LINK, .fault.code = CASA_FAULT_LINK_NO_ANSWER };
  if (g_atomic_int_get(&self->closed))
    return;
  if (casa_side_link_connect(self->link, &error))
    answer = ask(self, command);
  else
    g_message("cannot command the city: %s", error->message);
  casa_side_link_disconnect(self->link);
  g_async_queue_push(self->answers, g_memdup2(&answer, sizeof answer));
}

/* --- Whoever commands ----------------------------------------------------------------------------------------------- */

CasaCommander *
casa_commander_new(const CasaConfig *config)
{
  if (!config->stage_user)
    return NULL;
  CasaCommander *self = g_new0(CasaCommander, 1);
  self->topic = g_strdup_printf("%s/" COMMAND_TOPIC, config->root);
  self->answers = g_async_queue_new_full(g_free);
  self->link = casa_side_link_new(config, &(CasaSideLinkOptions){
                                            .name = "stage",
                                            .user = config->stage_user,
                                            .password = config->stage_password,
                                            .topics = (const char *const[]){ REPLY_TOPIC, NULL },
                                          });
  self->worker = g_thread_pool_new_full(obey_cb, self, g_free, 1, FALSE, NULL);
  return self;
}

void
casa_commander_free(CasaCommander *self)
{
  if (!self)
    return;
  g_atomic_int_set(&self->closed, TRUE);
  casa_side_link_interrupt(self->link);
  g_thread_pool_free(self->worker, FALSE, TRUE); /* at once, GLib 2.74 would lose one that a thread has just taken */
  casa_side_link_free(self->link);
  g_async_queue_unref(self->answers);
  g_free(self->topic);
  g_free(self);
}

void
casa_commander_send(CasaCommander *self, const char *command)
{
  g_thread_pool_push(self->worker, g_strdup(command), NULL);
}

gboolean
casa_commander_take(CasaCommander *self, CasaAnswer *out)
{
  g_autofree CasaAnswer *answer = g_async_queue_try_pop(self->answers);
  if (answer)
    *out = *answer;
  return answer != NULL;
}
