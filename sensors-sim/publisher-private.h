/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "publisher.h"
#include "window.h"

G_BEGIN_DECLS

/* The publisher in two files: publisher.c speaks MQTT, publisher-run.c decides what to say, when to try again and what to
 * keep. */

#define CASA_SIM_WINDOW 256 /* messages on their way: enough to fill the link, little to send again */

typedef enum { CASA_SIM_DOWN, CASA_SIM_CONNECTING, CASA_SIM_UP, CASA_SIM_CLOSING } CasaSimLink;

struct _CasaSimPublisher {
  CasaSimSink sink;
  /* Set once. */
  char *uri, *ca_file, *user, *password, *status_topic, *client_id, *control_topic, *reply_topic;
  gboolean tls;
  guint qos;
  GPtrArray *retained_topics, *retained_payloads; /* char* */
  /* Simulation thread only. */
  gpointer client; /* MQTTAsync */
  gint64 next_try_us, pause_ms;
  gboolean finished, was_up;
  guint64 settled_before; /* messages acknowledged or refused when this connection began */
  /* Guarded by lock. */
  GMutex lock;
  GCond changed;
  CasaSimLink link;
  gboolean modern;     /* MQTT 5; 3.1.1 for a broker that wants it */
  gboolean too_new;    /* the broker wants it */
  gboolean answered;   /* the broker said something on this attempt, be it no */
  guint limit;         /* messages the broker takes at once (MQTT 5 receive maximum); the library does not look at it */
  guint max_packet;    /* bytes of a packet that it takes; 0 = no limit told */
  guint in_flight;     /* slots that are SENT */
  char why[200];       /* the link is down */
  char tls_why[120];   /* last complaint of the TLS library on this attempt */
  CasaSimWindow *window;
  CasaSimPublisherCounts counts;
  GQueue commands;     /* char* */
  GHashTable *unwelcome; /* set of topics of descriptions that were refused: a broker that hangs up on them would not get further */
};

/* ---- publisher.c: MQTT. Simulation thread; what comes back changes the fields above and signals `changed`. ---- */

/* Begins to connect: the link becomes CONNECTING, then UP or DOWN. */
void casa_sim_wire_connect(CasaSimPublisher *self);
/* Sends @slot, which is WAITING: it becomes SENT, and is released when acknowledged or refused. */
void casa_sim_wire_post(CasaSimPublisher *self, CasaSimSlot *slot);
void casa_sim_wire_listen(CasaSimPublisher *self, const char *topic);
/* FALSE: there is nothing to end. TRUE: the link is CLOSING, then DOWN. */
gboolean casa_sim_wire_disconnect(CasaSimPublisher *self);
void casa_sim_wire_destroy(CasaSimPublisher *self);

/* ---- publisher-run.c: any thread ---- */

void casa_sim_publisher_drop(CasaSimPublisher *self, const char *why);
/* The broker said no to @slot, with an MQTT 5 reason. */
void casa_sim_publisher_refuse(CasaSimPublisher *self, CasaSimSlot *slot, guint code);

G_END_DECLS
