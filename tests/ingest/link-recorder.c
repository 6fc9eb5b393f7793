/* SPDX-License-Identifier: Apache-2.0 */
#include "link-recorder.h"

#include <string.h>

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  LinkRecorder *recorder = data;
  g_mutex_lock(&recorder->lock);
  g_ptr_array_add(recorder->arrived, g_strndup(message->payload, message->payload_len));
  recorder->retained += message->retained;
  g_cond_broadcast(&recorder->changed);
  g_mutex_unlock(&recorder->lock);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  LinkRecorder *recorder = data;
  g_mutex_lock(&recorder->lock);
  recorder->gets_up += link->state == CASA_LINK_UP;
  recorder->link = *link;
  g_ptr_array_add(recorder->words, casa_link_text(link));
  g_cond_broadcast(&recorder->changed);
  g_mutex_unlock(&recorder->lock);
}

static LinkRecorder *
make(const char *url, const char *client_id, guint version, const char *share, const char *const *below, gboolean peek)
{
  g_auto(GStrv) filters = casa_mqtt_filters("casa/v1", below, share);
  LinkRecorder *recorder = g_new0(LinkRecorder, 1);
  g_autoptr(GError) error = NULL;
  CasaMqttOptions options = {
    .url = url,
    .client_id = client_id,
    .filters = (const char *const *)filters,
    .mqtt_version = version,
    .peek = peek,
    .keepalive_s = 5,
    .receiver = { message_cb, link_cb, recorder },
  };
  g_mutex_init(&recorder->lock);
  g_cond_init(&recorder->changed);
  recorder->words = g_ptr_array_new_with_free_func(g_free);
  recorder->arrived = g_ptr_array_new_with_free_func(g_free);
  recorder->source = casa_mqtt_source_new(&options, &error);
  g_assert_no_error(error);
  g_assert_true(casa_source_start(recorder->source, &error));
  return recorder;
}

LinkRecorder *
link_recorder_new_full(const char *url, const char *client_id, guint version, const char *share, const char *const *below)
{
  return make(url, client_id, version, share, below, FALSE);
}

LinkRecorder *
link_recorder_new_peek(const char *url, const char *client_id, guint version)
{
  return make(url, client_id, version, NULL, NULL, TRUE);
}

LinkRecorder *
link_recorder_new(const char *url, const char *client_id)
{
  return link_recorder_new_full(url, client_id, 0, NULL, NULL);
}

void
link_recorder_free(LinkRecorder *recorder)
{
  casa_source_stop(recorder->source, 5000);
  casa_source_free(recorder->source);
  g_ptr_array_unref(recorder->words);
  g_ptr_array_unref(recorder->arrived);
  g_mutex_clear(&recorder->lock);
  g_cond_clear(&recorder->changed);
  g_free(recorder);
}
double
link_recorder_wait_state(LinkRecorder *recorder, CasaLinkState state, double seconds)
{
  gint64 from_us = g_get_monotonic_time();
  g_mutex_lock(&recorder->lock);
  while (recorder->link.state != state)
    if (!g_cond_wait_until(&recorder->changed, &recorder->lock, from_us + (gint64)(seconds * G_USEC_PER_SEC)))
      g_error("the link is in state %d (%s), not %d", recorder->link.state, casa_link_text(&recorder->link), state);
  g_mutex_unlock(&recorder->lock);
  return (double)(g_get_monotonic_time() - from_us) / G_USEC_PER_SEC;
}

void
link_recorder_wait_arrived(LinkRecorder *recorder, guint n)
{
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  g_mutex_lock(&recorder->lock);
  while (recorder->arrived->len < n)
    if (!g_cond_wait_until(&recorder->changed, &recorder->lock, until_us))
      g_error("%u of %u messages arrived", recorder->arrived->len, n);
  g_mutex_unlock(&recorder->lock);
}

guint
link_recorder_count(LinkRecorder *recorder, const char *payload)
{
  guint n = 0;
  g_mutex_lock(&recorder->lock);
  for (guint i = 0; i < recorder->arrived->len; i++)
    n += g_str_equal(recorder->arrived->pdata[i], payload);
  g_mutex_unlock(&recorder->lock);
  return n;
}

gboolean
link_recorder_said(LinkRecorder *recorder, const char *text)
{
  gboolean found = FALSE;
  g_mutex_lock(&recorder->lock);
  for (guint i = 0; i < recorder->words->len; i++)
    found |= strstr(recorder->words->pdata[i], text) != NULL;
  g_mutex_unlock(&recorder->lock);
  return found;
}
