/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/side-link.h"

#include <string.h>

#define STOP_MS 2000

struct _CasaSideLink {
  /* Set in new. */
  char *url, *user, *password, *ca_file, *client_id;
  char **filters;
  CasaMqttOptions options; /* of the strings above */
  CasaMessageFunc on_message;
  CasaLinkFunc on_link;
  gpointer data;
  GThreadPool *speaker; /* one thread: what is said later */

  CasaSource *source; /* the caller's thread; others only while it is connected */

  GMutex lock;
  GCond changed;
  /* Guarded by lock. */
  CasaLink link;
  GQueue heard; /* GBytes *, oldest first */
  gboolean interrupted;
};

/* What the speaker still has to say. */
typedef struct {
  char *topic, *payload;
} Words;

static void
free_words(gpointer data)
{
  Words *words = data;
  g_free(words->topic);
  g_free(words->payload);
  g_free(words);
}

/* --- The source's threads ------------------------------------------------------------------------------------------- */

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  CasaSideLink *self = data;
  if (self->on_message)
    return self->on_message(message, self->data);
  if (message->retained)
    return TRUE;
  g_mutex_lock(&self->lock);
  if (g_queue_get_length(&self->heard) == CASA_SIDE_LINK_WAITING)
    g_bytes_unref(g_queue_pop_head(&self->heard));
  g_queue_push_tail(&self->heard, g_bytes_new(message->payload, message->payload_len));
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  CasaSideLink *self = data;
  g_mutex_lock(&self->lock);
  self->link = *link;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  if (self->on_link)
    self->on_link(link, self->data);
}

/* --- The speaker's thread ------------------------------------------------------------------------------------------- */

static void
say_cb(gpointer data, gpointer link)
{
  Words *words = data;
  casa_side_link_say(link, words->topic, words->payload);
  free_words(words);
}

/* --- Whoever has it ------------------------------------------------------------------------------------------------- */

static void
keep_options(CasaSideLink *self, const CasaConfig *config, const CasaSideLinkOptions *options)
{
  const char *root = options->root ? options->root : config->root;
  self->options = casa_mqtt_options_of(config);
  self->options.url = self->url = g_strdup(config->broker_url);
  self->options.ca_file = self->ca_file = g_strdup(config->broker_ca_file);
  self->options.user = self->user = g_strdup(options->user);
  self->options.password = self->password = g_strdup(options->password);
  self->options.client_id = self->client_id = g_strdup_printf("casa-%s-%08x", options->name, g_random_int());
  self->filters = casa_mqtt_filters(root, options->topics, NULL);
  self->options.filters = (const char *const *)self->filters;
  self->options.clean_session = TRUE;
  self->options.receiver = (CasaReceiver){ message_cb, link_cb, self };
}

CasaSideLink *
casa_side_link_new(const CasaConfig *config, const CasaSideLinkOptions *options)
{
  CasaSideLink *self = g_new0(CasaSideLink, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  keep_options(self, config, options);
  self->on_message = options->on_message;
  self->on_link = options->on_link;
  self->data = options->data;
  self->speaker = g_thread_pool_new_full(say_cb, self, free_words, 1, FALSE, NULL);
  return self;
}

void
casa_side_link_free(CasaSideLink *self)
{
  if (!self)
    return;
  casa_side_link_interrupt(self);
  g_thread_pool_free(self->speaker, FALSE, TRUE); /* not at once: GLib 2.74 would lose one that the thread has just taken */
  casa_side_link_disconnect(self);
  g_queue_clear_full(&self->heard, (GDestroyNotify)g_bytes_unref);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  if (self->password)
    explicit_bzero(self->password, strlen(self->password));
  char *strings[] = { self->url, self->user, self->password, self->ca_file, self->client_id };
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_strfreev(self->filters);
  g_free(self);
}

gboolean
casa_side_link_connect(CasaSideLink *self, GError **error)
{
  g_mutex_lock(&self->lock);
  self->link = (CasaLink){ .state = CASA_LINK_CONNECTING };
  g_mutex_unlock(&self->lock);
  self->source = casa_mqtt_source_new(&self->options, error);
  return self->source && casa_source_start(self->source, error);
}

void
casa_side_link_disconnect(CasaSideLink *self)
{
  casa_source_stop(self->source, STOP_MS);
  g_clear_pointer(&self->source, casa_source_free);
}

gboolean
casa_side_link_wait(CasaSideLink *self, gint64 until_us, CasaLink *out_link)
{
  g_mutex_lock(&self->lock);
  while (self->link.state != CASA_LINK_UP && self->link.state != CASA_LINK_REFUSED && !self->interrupted &&
         g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  gboolean up = self->link.state == CASA_LINK_UP;
  if (out_link)
    *out_link = self->link;
  g_mutex_unlock(&self->lock);
  return up;
}

void
casa_side_link_say(CasaSideLink *self, const char *topic, const char *payload)
{
  if (self->source)
    casa_source_publish(self->source, topic, payload);
}

void
casa_side_link_say_later(CasaSideLink *self, const char *topic, const char *payload)
{
  Words *words = g_new(Words, 1);
  *words = (Words){ g_strdup(topic), g_strdup(payload) };
  g_thread_pool_push(self->speaker, words, NULL);
}

void
casa_side_link_ask(CasaSideLink *self, const char *topic, const char *payload)
{
  g_mutex_lock(&self->lock);
  g_queue_clear_full(&self->heard, (GDestroyNotify)g_bytes_unref);
  g_mutex_unlock(&self->lock);
  casa_side_link_say(self, topic, payload);
}

GBytes *
casa_side_link_hear(CasaSideLink *self, gint64 until_us)
{
  g_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->heard) && !self->interrupted && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  GBytes *message = self->interrupted ? NULL : g_queue_pop_head(&self->heard);
  g_mutex_unlock(&self->lock);
  return message;
}

void
casa_side_link_interrupt(CasaSideLink *self)
{
  g_mutex_lock(&self->lock);
  self->interrupted = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}
