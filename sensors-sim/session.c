/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <string.h>

#include "base/config-secrets.h"
#include "base/error.h"
#include "publish/refusal.h"

static char *
read_password(const char *path, GError **error)
{
  g_autofree char *reason = NULL;
  char *password = casa_config_read_secret(path, &reason);
  if (!password)
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "--password-file: %s", reason);
  return password;
}

CasaSimPublisher *
casa_sim_session_new(const CasaSimOptions *options, const CasaConfig *config, const char *source, gboolean control,
                     GError **error)
{
  CasaSimPublisherOptions p = { .qos = options->qos, .ca_file = config->broker_ca_file };
  g_autofree char *host = NULL;
  g_autofree char *password = NULL;
  g_autofree char *status = g_strdup_printf("%s/%s/$status", config->root, source);
  g_autofree char *events = g_strdup_printf("%s/%s/$event/", config->root, source);
  g_autofree char *questions = g_strconcat(config->root, "/$control/store", NULL);
  g_autofree char *commands = g_strconcat(config->root, "/$control/sim", NULL);
  if (!casa_broker_url_parse(config->broker_url, &p.tls, NULL, &host, &p.port, error))
    return NULL;
  if (options->password_file && !(password = read_password(options->password_file, error)))
    return NULL;
  p.host = host;
  /* Of several programs the first speaks for the city; a moment that one of them has stored may lack of the others. */
  const gboolean first = options->part == 0, alone = options->n_parts < 2;
  p.status_topic = first ? status : NULL;
  p.control_topic = control ? commands : NULL;
  p.store_topic = control && alone ? questions : NULL;
  p.own_events = control && first ? events : NULL;
  p.user = config->broker_user;
  p.password = password ? password : config->broker_password;
  CasaSimPublisher *publisher = casa_sim_publisher_new(&p);
  if (password)
    explicit_bzero(password, strlen(password));
  return publisher;
}

void
casa_sim_session_say_end(CasaSimPublisher *publisher, guint qos)
{
  CasaSimPublisherCounts c;
  casa_sim_publisher_counts(publisher, &c);
  if (c.connections == 0)
    g_printerr("casa-sim: the broker was never there: nothing was published\n");
  g_autofree char *why = casa_sim_refusal_list(c.refused_by);
  g_printerr("casa-sim: published %" G_GUINT64_FORMAT " samples in %" G_GUINT64_FORMAT " messages; %s %" G_GUINT64_FORMAT
             ", refused %" G_GUINT64_FORMAT ", sent again %" G_GUINT64_FORMAT ", unanswered %" G_GUINT64_FORMAT "\n",
             c.samples, c.messages, qos ? "acknowledged" : "written", c.acked, c.refused, c.resent,
             c.messages - c.acked - c.refused);
  if (*why)
    g_printerr("casa-sim: the broker refused%s\n", why);
}
