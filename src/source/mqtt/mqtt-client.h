/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/mqtt/mqtt-source.h"

G_BEGIN_DECLS

/* The protocol library behind one face for MQTT 5 and 3.1.1, used by mqtt-source.c only. It starts things and returns;
 * what came of them is told as an event on one of the library's threads. It decides nothing. */
typedef struct _CasaMqttClient CasaMqttClient;

typedef enum {
  CASA_MQTT_EVENT_CONNECTED, /* session_present */
  CASA_MQTT_EVENT_UNREACHED, /* nobody answered; fault.detail: why, may be empty */
  CASA_MQTT_EVENT_REFUSED,   /* the broker said no; fault */
  CASA_MQTT_EVENT_TOO_NEW,   /* the broker does not know this version of MQTT */
  CASA_MQTT_EVENT_SUBSCRIBED,
  CASA_MQTT_EVENT_SUBSCRIPTION_REFUSED, /* the broker said no to a filter; fault */
  CASA_MQTT_EVENT_SUBSCRIPTION_FAILED,  /* the connection went meanwhile */
  CASA_MQTT_EVENT_LOST,                 /* fault.detail: why, may be empty */
  CASA_MQTT_EVENT_TAKEN_OVER,           /* another program connected with our client id, and the broker put us off */
  CASA_MQTT_EVENT_CLOSED,               /* after casa_mqtt_client_disconnect() */
  CASA_MQTT_EVENT_ANSWERED,             /* the broker answered casa_mqtt_client_ask() */
  CASA_MQTT_EVENT_UNANSWERED,           /* the connection went before it did */
} CasaMqttEventType;

typedef struct {
  CasaMqttEventType type;
  gboolean session_present;
  CasaFault fault; /* without peer */
} CasaMqttEvent;

typedef void (*CasaMqttEventFunc)(const CasaMqttEvent *event, gpointer data);
/* The message is acknowledged when this returns. */
typedef void (*CasaMqttArrivedFunc)(const CasaMessage *message, gpointer data);

/* @user wins over the options'; @peer is host:port. Nothing is connected yet. Copies what it needs. */
CasaMqttClient *casa_mqtt_client_new(const CasaMqttOptions *options, const char *user, const char *peer, gboolean tls,
                                     CasaMqttArrivedFunc on_arrived, CasaMqttEventFunc on_event, gpointer data,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends every connection without a word to the broker; no callback runs afterwards. Waits for one that runs. */
void casa_mqtt_client_close(CasaMqttClient *self);
/* Closes first. NULL is fine. */
void casa_mqtt_client_free(CasaMqttClient *self);

/* All below but publish: one thread. Each ends in an event, also when it fails at once. */
void casa_mqtt_client_connect(CasaMqttClient *self, guint version, guint timeout_s); /* @version 5, or 3 for 3.1.1 */
void casa_mqtt_client_subscribe(CasaMqttClient *self); /* To all filters of the options: SUBSCRIBED, or why not */
/* Asks for a sign of life that needs no right and reaches nobody else: unsubscribing what was never subscribed. MQTT's own
 * ping would need a keep-alive of a second, and the broker would then drop us whenever the disk makes us wait. */
void casa_mqtt_client_ask(CasaMqttClient *self);
/* Says goodbye, and waits at most @timeout_ms for what is under way: CLOSED. */
void casa_mqtt_client_disconnect(CasaMqttClient *self, guint timeout_ms);
/* From the next connection on the broker forgets us as soon as the connection ends, in whatever way, and all it kept before. */
void casa_mqtt_client_set_clean_session(CasaMqttClient *self);
/* QoS 0, not retained. Any thread, also from on_arrived; lost silently when the link is down. */
void casa_mqtt_client_publish(CasaMqttClient *self, const char *topic, const char *payload);

G_END_DECLS
