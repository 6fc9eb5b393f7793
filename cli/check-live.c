/* SPDX-License-Identifier: Apache-2.0 */
#include "check-live.h"
#include "cli.h"

#include "base/identity.h"
#include "source/mqtt/side-link.h"

#include <glib-unix.h>

typedef struct {
  CasaMessageFunc each;
  gpointer data;
  GMainLoop *loop;
  gint ever_up; /* atomic: the broker was reached */
} Live;

static gboolean
quit_cb(gpointer data)
{
  g_main_loop_quit(data);
  return G_SOURCE_CONTINUE;
}

static void
stop_cb(gpointer loop)
{
  g_main_loop_quit(loop);
}

/* What is only looked at is always acknowledged: no message waits here for anybody. */
static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  Live *self = data;
  if (!self->each(message, self->data))
    g_idle_add_once(stop_cb, self->loop);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  Live *self = data;
  g_autofree char *text = casa_link_text(link);
  if (link->state == CASA_LINK_UP)
    g_atomic_int_set(&self->ever_up, TRUE);
  g_message("%s", text);
}

static CasaSideLink *
link_of(const CasaConfig *config, const char *name, Live *live)
{
  g_autofree char *filter = g_strdup_printf("%s/#", name);
  return casa_side_link_new(config, &(CasaSideLinkOptions){
                                      .name = "check",
                                      .user = config->broker_user,
                                      .password = config->broker_password,
                                      .topics = (const char *const[]){ filter, NULL },
                                      .on_message = message_cb,
                                      .on_link = link_cb,
                                      .data = live,
                                    });
}

static void
run_until_asked(Live *self, gint64 duration_ms)
{
  const guint watches[] = {
    g_unix_signal_add(SIGINT, quit_cb, self->loop),
    g_unix_signal_add(SIGTERM, quit_cb, self->loop),
    duration_ms > 0 ? g_timeout_add((guint)MIN(duration_ms, G_MAXINT), quit_cb, self->loop) : 0,
  };
  g_main_loop_run(self->loop);
  for (guint i = 0; i < G_N_ELEMENTS(watches); i++)
    if (watches[i])
      g_source_remove(watches[i]);
}

int
cli_check_live(const CliCommand *command, const CasaConfig *config, const char *source, gint64 duration_ms,
               CasaMessageFunc each, gpointer data)
{
  g_autoptr(GError) error = NULL;
  /* As the wall's own user it would put that off, again and again, and throw away what waits for it. */
  CasaIdentity *identity = config->broker_user && config->user_is_client_id ? casa_identity_take(config, &error) : NULL;
  if (error)
    return cli_fail(command, error);
  Live self = { .each = each, .data = data, .loop = g_main_loop_new(NULL, FALSE) };
  CasaSideLink *live = link_of(config, source, &self);
  int status = CLI_OK;
  if (!casa_side_link_connect(live, &error)) {
    status = cli_fail(command, error);
  } else {
    run_until_asked(&self, duration_ms);
    casa_side_link_disconnect(live);
    if (!g_atomic_int_get(&self.ever_up)) {
      g_printerr(cli_said("casa %s: nothing was heard: %s was not reached\n",
                          "casa %s : rien n'a été entendu : %s n'a pas été joint\n",
                          "casa %s: لم يُسمع شيء: تعذر الوصول إلى %s\n"),
                 command->name, config->broker_url);
      status = CLI_FAILED;
    }
  }
  casa_side_link_free(live);
  casa_identity_release(identity);
  g_main_loop_unref(self.loop);
  return status;
}
