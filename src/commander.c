/* SPDX-License-Identifier: Apache-2.0 */
#include "commander.h"

#include "source/mqtt/mqtt-source.h"
#include "wire/tree.h"

#include <string.h>

#define COMMAND_TOPIC "$control/sim"
#define REPLY_TOPIC "$control/sim/reply"
#define CONNECT_US (5 * G_USEC_PER_SEC)
#define ANSWER_US (4 * G_USEC_PER_SEC)
#define STOP_MS 2000

struct _CasaCommander {
  /* Set in new. */
  char *url, *user, *password, *ca_file, *client_id, *topic;
  char **filters;
  guint mqtt_version, keepalive_s;
  GThread *thread;

  GMutex lock;
  GCond changed;
  /* Guarded by lock. */
  GQueue commands; /* char *, oldest first */
  GQueue answers;  /* CasaAnswer *, oldest first */
  gboolean quit;
  /* Of the command under way. */
  CasaSource *source;
  const char *command;
  gboolean sent, answered;
  gint64 until_us; /* monotonic */
  CasaAnswer answer;
};

/* --- The source's threads ------------------------------------------------------------------------------------------- */

static void
read_reply(const CasaMessage *message, CasaAnswer *out)
{
  const CasaWireLimits limits = { .max_depth = 3 };
  CasaReason why = { 0 };
  json_t *tree = casa_tree_load(&limits, message->payload, message->payload_len, &why);
  const char *error = tree ? json_string_value(json_object_get(tree, "error")) : NULL;
  out->kind = tree && json_is_true(json_object_get(tree, "ok")) ? CASA_ANSWER_DONE : CASA_ANSWER_REFUSED;
  g_strlcpy(out->text, error ? error : "", sizeof out->text);
  json_decref(tree);
}

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  CasaCommander *self = data;
  CasaAnswer answer = { 0 };
  if (message->retained)
    return TRUE;
  read_reply(message, &answer);
  g_mutex_lock(&self->lock);
  if (self->sent && !self->answered) {
    self->answer = answer;
    self->answered = TRUE;
    g_cond_broadcast(&self->changed);
  }
  g_mutex_unlock(&self->lock);
  return TRUE;
}

/* Once, however often the link comes up: an event would begin twice. */
static gboolean
take_turn(CasaCommander *self)
{
  g_mutex_lock(&self->lock);
  gboolean mine = !self->sent;
  self->sent = TRUE;
  self->answer.kind = CASA_ANSWER_SILENT;
  self->until_us = g_get_monotonic_time() + ANSWER_US;
  g_mutex_unlock(&self->lock);
  return mine;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  CasaCommander *self = data;
  if (link->state == CASA_LINK_UP) {
    if (take_turn(self))
      casa_source_publish(self->source, self->topic, self->command);
    return;
  }
  g_mutex_lock(&self->lock);
  if (!self->sent && link->fault.code != CASA_FAULT_NONE) {
    self->answer.kind = CASA_ANSWER_NO_LINK;
    self->answer.fault = link->fault;
    if (link->state == CASA_LINK_REFUSED) { /* asking again would not help */
      self->answered = TRUE;
      g_cond_broadcast(&self->changed);
    }
  }
  g_mutex_unlock(&self->lock);
}

/* --- Own thread --------------------------------------------------------------------------------------------------------- */

static CasaSource *
open_source(CasaCommander *self, GError **error)
{
  const CasaMqttOptions options = {
    .url = self->url,
    .user = self->user,
    .password = self->password,
    .ca_file = self->ca_file,
    .client_id = self->client_id,
    .filters = (const char *const *)self->filters,
    .mqtt_version = self->mqtt_version,
    .keepalive_s = self->keepalive_s,
    .clean_session = TRUE,
    .receiver = { message_cb, link_cb, self },
  };
  return casa_mqtt_source_new(&options, error);
}

static void
begin(CasaCommander *self, const char *command)
{
  g_mutex_lock(&self->lock);
  self->command = command;
  self->sent = self->answered = FALSE;
  self->until_us = g_get_monotonic_time() + CONNECT_US;
  self->answer = (CasaAnswer){ .kind = CASA_ANSWER_NO_LINK, .fault.code = CASA_FAULT_LINK_NO_ANSWER };
  g_mutex_unlock(&self->lock);
}

static void
wait_for_answer(CasaCommander *self)
{
  g_mutex_lock(&self->lock);
  while (!self->answered && !self->quit && g_get_monotonic_time() < self->until_us)
    g_cond_wait_until(&self->changed, &self->lock, self->until_us);
  g_mutex_unlock(&self->lock);
}

static void
finish(CasaCommander *self)
{
  g_mutex_lock(&self->lock);
  g_queue_push_tail(&self->answers, g_memdup2(&self->answer, sizeof self->answer));
  g_mutex_unlock(&self->lock);
}

static void
obey(CasaCommander *self, const char *command)
{
  g_autoptr(GError) error = NULL;
  begin(self, command);
  self->source = open_source(self, &error);
  if (self->source && casa_source_start(self->source, &error))
    wait_for_answer(self);
  if (error)
    g_message("cannot command the city: %s", error->message);
  casa_source_stop(self->source, STOP_MS);
  g_clear_pointer(&self->source, casa_source_free);
  finish(self);
}

/* NULL: it is over. (transfer full) */
static char *
next_command(CasaCommander *self)
{
  g_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->commands) && !self->quit)
    g_cond_wait(&self->changed, &self->lock);
  char *command = self->quit ? NULL : g_queue_pop_head(&self->commands);
  g_mutex_unlock(&self->lock);
  return command;
}

static gpointer
run(gpointer data)
{
  CasaCommander *self = data;
  char *command;
  while ((command = next_command(self)) != NULL) {
    obey(self, command);
    g_free(command);
  }
  return NULL;
}

/* --- Whoever commands ---------------------------------------------------------------------------------------------------- */

CasaCommander *
casa_commander_new(const CasaConfig *config)
{
  if (!config->stage_user)
    return NULL;
  CasaCommander *self = g_new0(CasaCommander, 1);
  self->url = g_strdup(config->broker_url);
  self->user = g_strdup(config->stage_user);
  self->password = g_strdup(config->stage_password);
  self->ca_file = g_strdup(config->broker_ca_file);
  self->client_id = g_strdup_printf("casa-pulse-stage-%08x", g_random_int());
  self->topic = g_strdup_printf("%s/" COMMAND_TOPIC, config->root);
  self->filters = casa_mqtt_filters(config->root, (const char *[]){ REPLY_TOPIC, NULL }, NULL);
  self->mqtt_version = config->mqtt_version;
  self->keepalive_s = config->keepalive_s;
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->thread = g_thread_new("casa-commander", run, self);
  return self;
}

void
casa_commander_free(CasaCommander *self)
{
  if (!self)
    return;
  g_mutex_lock(&self->lock);
  self->quit = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  g_queue_clear_full(&self->commands, g_free);
  g_queue_clear_full(&self->answers, g_free);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  if (self->password)
    explicit_bzero(self->password, strlen(self->password));
  char *strings[] = { self->url, self->user, self->password, self->ca_file, self->client_id, self->topic };
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_strfreev(self->filters);
  g_free(self);
}

void
casa_commander_send(CasaCommander *self, const char *command)
{
  g_mutex_lock(&self->lock);
  g_queue_push_tail(&self->commands, g_strdup(command));
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

gboolean
casa_commander_take(CasaCommander *self, CasaAnswer *out)
{
  g_mutex_lock(&self->lock);
  CasaAnswer *answer = g_queue_pop_head(&self->answers);
  g_mutex_unlock(&self->lock);
  if (!answer)
    return FALSE;
  *out = *answer;
  g_free(answer);
  return TRUE;
}
