/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/mqtt/mqtt-client.h"

#include <MQTTAsync.h>

G_BEGIN_DECLS

/* The client in two files, the only ones of the application that name the library: mqtt-client.c connects, receives and
 * disconnects, mqtt-subscribe.c asks for topics and reads what the broker grants. */

#define CASA_MQTT_FAILURE_FROM 0x80 /* MQTT 5 reason codes from here on are failures, and 3.1.1's one for a subscription */

/* Which filter an answer of 3.1.1 is about. */
typedef struct {
  CasaMqttClient *client;
  guint i;
} CasaMqttAsked;

struct _CasaMqttClient {
  /* Set in new; the handles until close. One handle a version, as paho fixes it at creation. */
  MQTTAsync v3, v5;
  char *user, *password, *ca_file, *ask_topic;
  gboolean tls, peek;
  char **filters, **stale_filters; /* to subscribe, and to unsubscribe; stale_filters may be NULL */
  char **side_filters;             /* to subscribe if the broker likes; may be NULL */
  int *qos;                        /* one per filter, as the next */
  CasaMqttAsked *asked;
  guint n_filters, keepalive_s, session_expiry_s;
  CasaMqttArrivedFunc on_arrived;
  CasaMqttEventFunc on_event;
  gpointer data;

  gboolean clean_session; /* the thread that connects */
  gint unanswered;        /* atomic: filters that a broker of 3.1.1 has not granted yet */
  gint shares;            /* atomic: the broker of the last connection did not say that it has no shared subscriptions */
  MQTTAsync active;       /* atomic: v3 or v5, whichever was connected last; NULL: closed */
};

/* The connection in use; NULL: closed. Any thread. */
static inline MQTTAsync
casa_mqtt_client_active(CasaMqttClient *self)
{
  return g_atomic_pointer_get(&self->active);
}

/* Whether MQTT 5 is spoken. Any thread. */
static inline gboolean
casa_mqtt_client_is_v5(CasaMqttClient *self)
{
  return casa_mqtt_client_active(self) == self->v5;
}

/* Drops an event with a fault (@detail NULL: none). Any thread. */
void casa_mqtt_client_tell(CasaMqttClient *self, CasaMqttEventType type, CasaFaultCode code, const char *detail);

G_END_DECLS
