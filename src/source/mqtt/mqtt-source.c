/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/mqtt-source.h"

#include "base/clock.h"
#include "source/mqtt/mqtt-source-private.h"

#include <string.h>

#define STEP_MS 50
#define FREE_DEADLINE_MS 2000

/* --- The client's threads ---------------------------------------------------------------------------------------- */

static void
heard(CasaMqttSource *self)
{
  casa_link_watch_heard(&self->watch, casa_clock_mono_us());
}

static void
event_cb(const CasaMqttEvent *event, gpointer data)
{
  CasaMqttSource *self = data;
  if (event->type == CASA_MQTT_EVENT_ANSWERED || event->type == CASA_MQTT_EVENT_SUBSCRIBED)
    heard(self);
  if (event->type == CASA_MQTT_EVENT_ANSWERED || event->type == CASA_MQTT_EVENT_UNANSWERED) {
    casa_link_watch_settle(&self->watch);
    return;
  }
  if (event->type == CASA_MQTT_EVENT_CONNECTED) /* here, as what waits comes right behind it */
    g_atomic_int_set(&self->session_waits, self->peek && event->session_present);
  g_mutex_lock(&self->lock);
  g_queue_push_tail(&self->events, g_memdup2(event, sizeof *event));
  g_cond_broadcast(&self->noted);
  g_mutex_unlock(&self->lock);
}

static void
arrived_cb(const CasaMessage *message, gpointer data)
{
  CasaMqttSource *self = data;
  heard(self);
  casa_ack_gate_begin_message(self->gate, g_atomic_int_get(&self->session_waits) != 0);
  casa_ack_gate_end_message(self->gate, self->receiver.on_message(message, self->receiver.data));
  heard(self);
}

/* --- Own thread: the loop ---------------------------------------------------------------------------------------- */

/* The oldest note, or NULL after a moment. */
static CasaMqttEvent *
next_event(CasaMqttSource *self, gboolean *asked_stop)
{
  gint64 until_us = g_get_monotonic_time() + STEP_MS * 1000;
  g_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->events) && (!self->asked_stop || self->stopping) &&
         g_cond_wait_until(&self->noted, &self->lock, until_us))
    ;
  CasaMqttEvent *event = g_queue_pop_head(&self->events);
  *asked_stop = self->asked_stop;
  g_mutex_unlock(&self->lock);
  return event;
}

static gpointer
run(gpointer data)
{
  CasaMqttSource *self = data;
  gboolean asked_stop = FALSE;
  casa_mqtt_connection_begin(self);
  while (self->state != CASA_CONNECTION_DONE) {
    casa_mqtt_connection_step(self);
    g_autofree CasaMqttEvent *event = next_event(self, &asked_stop);
    if (event)
      casa_mqtt_connection_handle(self, event);
    if (asked_stop && !self->stopping)
      casa_mqtt_connection_stop(self);
  }
  casa_mqtt_client_close(self->client);
  casa_ack_gate_done(self->gate);
  return NULL;
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

static gboolean
start(CasaSource *source, GError **error)
{
  CasaMqttSource *self = (CasaMqttSource *)source;
  self->thread = g_thread_try_new("casa-mqtt", run, self, error);
  return self->thread != NULL;
}

static void
publish(CasaSource *source, const char *topic, const char *payload)
{
  casa_mqtt_client_publish(((CasaMqttSource *)source)->client, topic, payload);
}

/* A parked callback holds paho's lock, and so may our own thread wait for it for ever: then both are left to the end of
 * the process. */
static void
stop(CasaSource *source, guint deadline_ms)
{
  CasaMqttSource *self = (CasaMqttSource *)source;
  if (!self->thread)
    return;
  gint64 deadline_us = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
  g_mutex_lock(&self->lock);
  self->asked_stop = TRUE;
  g_cond_broadcast(&self->noted);
  g_mutex_unlock(&self->lock);
  if (!casa_ack_gate_close(self->gate, deadline_us))
    return;
  g_thread_join(self->thread);
  self->thread = NULL;
}

static void
free_source(CasaSource *source)
{
  CasaMqttSource *self = (CasaMqttSource *)source;
  stop(source, FREE_DEADLINE_MS);
  if (self->thread) /* parked: see stop() */
    return;
  casa_mqtt_client_free(self->client);
  casa_ack_gate_free(self->gate);
  g_queue_clear_full(&self->events, g_free);
  g_free(self->peer);
  g_free(self->host);
  g_free(self->ca_file);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->noted);
  g_free(self);
}

CasaMqttOptions
casa_mqtt_options_of(const CasaConfig *config)
{
  return (CasaMqttOptions){
    .url = config->broker_url,
    .ca_file = config->broker_ca_file,
    .mqtt_version = config->mqtt_version,
    .keepalive_s = config->keepalive_s,
  };
}

CasaSource *
casa_mqtt_source_new(const CasaMqttOptions *options, GError **error)
{
  g_autofree char *url_user = NULL, *host = NULL;
  guint16 port;
  gboolean tls;
  if (!casa_broker_url_parse(options->url, &tls, &url_user, &host, &port, error))
    return NULL;
  static const CasaSourceTable table = { .start = start, .publish = publish, .stop = stop, .free = free_source };
  CasaMqttSource *self = g_new0(CasaMqttSource, 1);
  self->base.table = &table;
  g_mutex_init(&self->lock);
  g_cond_init(&self->noted);
  self->gate = casa_ack_gate_new();
  self->peek = options->peek;
  self->any_version = options->mqtt_version == 0;
  self->version = options->mqtt_version == 3 ? 3 : 5;
  self->receiver = options->receiver;
  self->tls = tls;
  self->port = port;
  self->ca_file = g_strdup(options->ca_file);
  gboolean bare_v6 = strchr(host, ':') && host[0] != '[';
  self->peer = g_strdup_printf(bare_v6 ? "[%s]:%u" : "%s:%u", host, port);
  self->client =
    casa_mqtt_client_new(options, options->user ? options->user : url_user, self->peer, tls, arrived_cb, event_cb, self, error);
  self->host = g_steal_pointer(&host);
  if (self->client)
    return &self->base;
  free_source(&self->base);
  return NULL;
}
