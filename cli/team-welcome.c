/* SPDX-License-Identifier: Apache-2.0 */
#include "team-welcome.h"

#include "source/mqtt/side-link.h"
#include "teams/welcome.h"

#include <glib-unix.h>
#include <jansson.h>
#include <string.h>

#define ROOT "$casa-join"
#define WAITING_MOST 64 /* as many as casa-guard lets in at once */

typedef struct {
  char *topic; /* of the answer */
  GBytes *asked;
} Question;

typedef struct {
  const CliCommand *command;
  const CasaConfig *config;
  guint most;
  CasaSideLink *link;
  GAsyncQueue *questions;
  gint stop; /* atomic */
} Welcome;

static void
question_free(gpointer data)
{
  Question *self = data;
  g_bytes_unref(self->asked);
  g_free(self->topic);
  g_free(self);
}

/* The source's thread. */
static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  Welcome *self = data;
  if (message->retained || g_async_queue_length(self->questions) >= WAITING_MOST)
    return TRUE;
  Question *question = g_new(Question, 1);
  question->topic = g_strdup_printf("%.*s/reply", (int)message->topic_len, message->topic);
  question->asked = g_bytes_new(message->payload, message->payload_len);
  g_async_queue_push(self->questions, question);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  g_autofree char *text = casa_link_text(link);
  g_message("%s", text);
}

/* What the organiser reads: no password. */
static void
tell(const char *answer)
{
  json_t *object = json_loads(answer, 0, NULL);
  const char *user = json_string_value(json_object_get(object, "user")),
             *error = json_string_value(json_object_get(object, "error"));
  g_print("%s %s\n", user ? "joined" : "refused", user ? user : error ? error : "");
  json_decref(object);
  fflush(stdout);
}

/* Said to who asked, then forgotten. */
static void
say(Welcome *self, const Question *question, char *text)
{
  casa_side_link_say(self->link, question->topic, text);
  tell(text);
  explicit_bzero(text, strlen(text));
  g_free(text);
}

/* @question, and those that wait behind it. The connection that makes users is opened for them alone, so that `casa team`
 * can be used meanwhile. */
static void
answer_all(Welcome *self, Question *question)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaTeams) teams = NULL;
  for (; question; question = g_async_queue_try_pop(self->questions)) {
    gsize len;
    const char *asked = g_bytes_get_data(question->asked, &len);
    char *text = casa_welcome_refusal(self->config, asked, len);
    if (!text && !teams && !error)
      teams = casa_teams_open(self->config, &error);
    say(self, question, text ? text : casa_welcome_answer(self->config, teams, asked, len, self->most));
    question_free(question);
  }
  if (error)
    cli_fail(self->command, error);
}

static gboolean
stop_cb(gpointer data)
{
  g_atomic_int_set((gint *)data, TRUE);
  return G_SOURCE_CONTINUE;
}

static void
serve(Welcome *self)
{
  const guint watches[] = { g_unix_signal_add(SIGINT, stop_cb, &self->stop), g_unix_signal_add(SIGTERM, stop_cb, &self->stop) };
  while (!g_atomic_int_get(&self->stop)) {
    Question *question = g_async_queue_timeout_pop(self->questions, G_USEC_PER_SEC / 5);
    if (question)
      answer_all(self, question);
    while (g_main_context_iteration(NULL, FALSE))
      ;
  }
  for (guint i = 0; i < G_N_ELEMENTS(watches); i++)
    g_source_remove(watches[i]);
}

int
cli_team_welcome(const CliCommand *command, const CasaConfig *config, guint most)
{
  g_autoptr(GError) error = NULL;
  Welcome self = { .command = command, .config = config, .most = most };
  if (!config->welcome_user)
    return cli_usage(command, "%s: [teams] welcome_user is not set: as whom to hear those who come?", config->file);
  self.questions = g_async_queue_new_full(question_free);
  self.link = casa_side_link_new(config, &(CasaSideLinkOptions){ .name = "welcome",
                                                                 .user = config->welcome_user,
                                                                 .password = config->welcome_password,
                                                                 .root = ROOT,
                                                                 .topics = (const char *const[]){ "+", NULL },
                                                                 .on_message = message_cb,
                                                                 .on_link = link_cb,
                                                                 .data = &self });
  int status = CLI_OK;
  if (casa_side_link_connect(self.link, &error)) {
    serve(&self);
    casa_side_link_disconnect(self.link);
  } else {
    status = cli_fail(command, error);
  }
  casa_side_link_free(self.link);
  g_async_queue_unref(self.questions);
  return status;
}
