/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Connects, subscribes on every connect, reconnects with back-off, says how the link is, hands every message to @on_message
 * on paho's thread and acknowledges it (QoS 1) only after that returned. */

typedef struct {
  const char *topic; /* need not end in NUL */
  gsize topic_len;
  const void *payload;
  gsize payload_len;
  gboolean retained, duplicate;
  int qos;
} CasaMqttMessage;

/* Must not return before the message is durably stored or rightly thrown away. FALSE: it could be neither (the program is
 * stopping while the disk is full): the message must never be acknowledged, so the source's thread is parked until the
 * process ends, and the broker sends it again to the next one. Paho's thread. */
typedef gboolean (*CasaMqttMessageFunc)(const CasaMqttMessage *message, gpointer data);

typedef enum {
  CASA_LINK_OFF,
  CASA_LINK_CONNECTING, /* never connected yet */
  CASA_LINK_UP,
  CASA_LINK_LOST,    /* was up; trying again */
  CASA_LINK_REFUSED, /* the broker said no (credentials, ACL): trying again slowly; text says why */
} CasaLinkState;

typedef struct {
  CasaLinkState state;
  gint64 since_ms;        /* wall clock of the last change */
  guint connections;      /* how often the broker has accepted this process so far */
  gboolean session_lost;  /* CASA_LINK_UP only: the broker had no session, messages may be missing */
  gboolean first;         /* CASA_LINK_UP only: first connection of this process */
  gboolean session_waits; /* CASA_LINK_UP only: see CasaMqttOptions.peek */
  guint mqtt_version;     /* spoken on the last connection: 5, 3 for 3.1.1; 0: none yet */
  char unanswered[100];   /* host:port of the broker that did not answer the last attempt; empty: none failed yet, or it did */
  char text[200];         /* for people, e.g. "connection refused by 127.0.0.1:1883 — is the broker running?" */
} CasaLink;

/* The source's own thread, one call at a time. */
typedef void (*CasaMqttLinkFunc)(const CasaLink *link, gpointer data);

typedef struct {
  const char *url; /* mqtt:// or mqtts:// */
  const char *user, *password, *ca_file;
  const char *client_id;
  const char *const *filters; /* NULL-terminated topic filters, subscribed with QoS 1: casa_mqtt_filters() */
  const char *const *left;    /* NULL, or filters that our session may still hold: casa_mqtt_filters_left() */
  guint mqtt_version;         /* 0: 5, or 3.1.1 when the broker wants that; 5; 3: 3.1.1 */
  guint session_expiry_s;     /* MQTT 5: how long the broker keeps our session without us; 0: as long as it likes */
  guint keepalive_s;
  gboolean passing; /* leaves no session with the broker (casa doctor); FALSE: QoS 1 waits for us there */
  gboolean peek;    /* another program's session may wait under our name: then see whether we are let in,
                                     * subscribe to nothing, take nothing (link: session_waits); else as passing */
  CasaMqttMessageFunc on_message;
  CasaMqttLinkFunc on_link;
  gpointer data;
} CasaMqttOptions;

/* What to subscribe to: @filters below @root (NULL or empty: all of it), each as a share of @share's (NULL: for ourselves
 * alone; else MQTT 5 only). By the standard a share gets no retained messages (mosquitto 2.0 sends them all the same), so
 * the stations' descriptors are then subscribed to besides, unshared: each recorder knows every station. (transfer full:
 * g_strfreev) */
char **casa_mqtt_filters(const char *root, const char *const *filters, const char *share);

/* A session outlives the program, and with it what was subscribed then: a recorder that gets other filters, or joins a share,
 * would go on receiving the old ones too. Notes @filters (all of them, as casa_mqtt_filters() gives them) in the file
 * "@store_path.filters". Returns: (transfer full) what was ever subscribed with this store and is not in @filters, to be
 * unsubscribed on every connection. */
char **casa_mqtt_filters_left(const char *store_path, const char *root, const char *const *filters);

typedef struct _CasaMqttSource CasaMqttSource;

/* Takes http_proxy and https_proxy out of the environment (paho would send even localhost through them): call it before
 * other threads run, and after whoever needs them has read them. Copies the options. */
CasaMqttSource *casa_mqtt_source_new(const CasaMqttOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Begins connecting; returns at once. A broker that is not there is not an error: on_link says so, and it goes on trying. */
gboolean casa_mqtt_source_start(CasaMqttSource *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Publishes QoS 0, not retained. Safe from on_message and from any thread but GTK's; lost silently when the link is down. */
void casa_mqtt_source_publish(CasaMqttSource *self, const char *topic, const char *payload);
/* Disconnects (the session stays with the broker) and waits at most @deadline_ms for the broker; a message that is being
 * stored is always waited for. Afterwards no callback runs. Wake a blocked @on_message first. */
void casa_mqtt_source_stop(CasaMqttSource *self, guint deadline_ms);
void casa_mqtt_source_free(CasaMqttSource *self);

G_END_DECLS
