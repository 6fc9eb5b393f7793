/* SPDX-License-Identifier: Apache-2.0 */
#include "ear.h"

#include <string.h>

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  Ear *ear = data;
  g_mutex_lock(&ear->lock);
  g_ptr_array_add(ear->arrived, g_strndup(message->payload, message->payload_len));
  ear->retained += message->retained;
  g_cond_broadcast(&ear->changed);
  g_mutex_unlock(&ear->lock);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  Ear *ear = data;
  g_mutex_lock(&ear->lock);
  ear->gets_up += link->state == CASA_LINK_UP;
  ear->link = *link;
  g_ptr_array_add(ear->words, g_strdup(link->text));
  g_cond_broadcast(&ear->changed);
  g_mutex_unlock(&ear->lock);
}

Ear *
ear_new_full(const char *url, const char *client_id, guint version, const char *share, const char *const *below)
{
  g_auto(GStrv) filters = casa_mqtt_filters("casa/v1", below, share);
  Ear *ear = g_new0(Ear, 1);
  g_autoptr(GError) error = NULL;
  CasaMqttOptions options = {
    .url = url,
    .client_id = client_id,
    .filters = (const char *const *)filters,
    .mqtt_version = version,
    .keepalive_s = 5,
    .receiver = { message_cb, link_cb, ear },
  };
  g_mutex_init(&ear->lock);
  g_cond_init(&ear->changed);
  ear->words = g_ptr_array_new_with_free_func(g_free);
  ear->arrived = g_ptr_array_new_with_free_func(g_free);
  ear->source = casa_mqtt_source_new(&options, &error);
  g_assert_no_error(error);
  g_assert_true(casa_source_start(ear->source, &error));
  return ear;
}

Ear *
ear_new(const char *url, const char *client_id)
{
  return ear_new_full(url, client_id, 0, NULL, NULL);
}

void
ear_free(Ear *ear)
{
  casa_source_stop(ear->source, 5000);
  casa_source_free(ear->source);
  g_ptr_array_unref(ear->words);
  g_ptr_array_unref(ear->arrived);
  g_mutex_clear(&ear->lock);
  g_cond_clear(&ear->changed);
  g_free(ear);
}
double
ear_wait_state(Ear *ear, CasaLinkState state, double seconds)
{
  gint64 from_us = g_get_monotonic_time();
  g_mutex_lock(&ear->lock);
  while (ear->link.state != state)
    if (!g_cond_wait_until(&ear->changed, &ear->lock, from_us + (gint64)(seconds * G_USEC_PER_SEC)))
      g_error("the link is in state %d (%s), not %d", ear->link.state, ear->link.text, state);
  g_mutex_unlock(&ear->lock);
  return (double)(g_get_monotonic_time() - from_us) / G_USEC_PER_SEC;
}

void
ear_wait_arrived(Ear *ear, guint n)
{
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  g_mutex_lock(&ear->lock);
  while (ear->arrived->len < n)
    if (!g_cond_wait_until(&ear->changed, &ear->lock, until_us))
      g_error("%u of %u messages arrived", ear->arrived->len, n);
  g_mutex_unlock(&ear->lock);
}

guint
ear_count(Ear *ear, const char *payload)
{
  guint n = 0;
  g_mutex_lock(&ear->lock);
  for (guint i = 0; i < ear->arrived->len; i++)
    n += g_str_equal(ear->arrived->pdata[i], payload);
  g_mutex_unlock(&ear->lock);
  return n;
}

gboolean
ear_said(Ear *ear, const char *text)
{
  gboolean found = FALSE;
  g_mutex_lock(&ear->lock);
  for (guint i = 0; i < ear->words->len; i++)
    found |= strstr(ear->words->pdata[i], text) != NULL;
  g_mutex_unlock(&ear->lock);
  return found;
}
