/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "publisher.h"
#include "inflight.h"

G_BEGIN_DECLS

/* The publisher's files, from the bottom up: publisher-state.c keeps what is shared between threads, publisher-mqtt.c speaks
 * MQTT, publisher-send.c posts in order, publisher-link.c decides when to try again, publisher.c is the sink. */

#define CASA_SIM_MAX_INFLIGHT 256 /* messages on their way: enough to fill the link, little to send again */
#define CASA_SIM_GLANCE_US 100000 /* how often a waiting thread looks whether to stop */
#define CASA_SIM_PAUSE_MIN_MS 500 /* before another attempt; doubled as long as none is of use */

typedef enum { CASA_SIM_DOWN, CASA_SIM_CONNECTING, CASA_SIM_UP, CASA_SIM_CLOSING } CasaSimLink;

struct _CasaSimPublisher {
  CasaSimSink sink;
  /* Set once. */
  char *uri, *ca_file, *user, *password, *status_topic, *client_id, *control_topic, *reply_topic, *own_events, *store_topic,
    *store_reply_topic;
  gboolean tls;
  guint qos;
  /* Simulation thread only. */
  GPtrArray *retained_topics, *retained_payloads; /* char*; an empty payload is not published any more */
  GHashTable *retained_at;                        /* topic → its index in both, plus 1 */
  gpointer client;                                /* MQTTAsync */
  gint64 next_try_us, pause_ms;
  gint64 end_us;  /* of the run, by g_get_monotonic_time(); 0: it has none */
  gint64 away_us; /* since when the broker is away */
  gboolean cut;   /* the run ended without it */
  gboolean finished, was_up;
  gboolean hangs_up;      /* the broker ends the connection of whom it refuses something */
  gboolean hang_up_told;  /* once */
  gboolean quiet;         /* the next connection is no news */
  guint64 settled_before; /* messages acknowledged or refused when this connection began */
  /* Guarded by lock. */
  GMutex lock;
  GCond changed;
  CasaSimLink link;
  gboolean modern;       /* MQTT 5; 3.1.1 for a broker that wants it */
  gboolean too_new;      /* the broker wants it */
  gboolean answered;     /* the broker said something on this attempt, be it no */
  guint limit;           /* messages the broker takes at once (MQTT 5 receive maximum); the library does not look at it */
  guint max_packet;      /* bytes of a packet that it takes; 0 = no limit told */
  guint in_flight;       /* slots that are SENT */
  gboolean careful;      /* one at a time, until the greeting is answered */
  gboolean refused_last; /* the last answer on this connection was a no */
  gint64 settled_us;     /* g_get_monotonic_time() of the last answer that was progress */
  char why[200];         /* the link is down */
  char tls_why[120];     /* last complaint of the TLS library on this attempt */
  CasaSimInflight *inflight;
  CasaSimPublisherCounts counts;
  GQueue commands;  /* char* */
  GQueue answers;   /* char*: what came on store_reply_topic */
  GQueue leftovers; /* char*: topics of retained events of ours */
  GHashTable
    *unwelcome; /* set of topics of descriptions that were refused: a broker that hangs up on them would not get further */
};

/* ---- publisher-state.c: what the fields say. Any thread. ---- */

/* The link is DOWN, @why (NULL: it was lost). The first reason since it was up is kept. */
void casa_sim_publisher_drop(CasaSimPublisher *self, const char *why);
CasaSimLink casa_sim_link_now(CasaSimPublisher *self); /* How the link is */
/* Waits while the link is in @state, until @patience_us have passed or (if @stoppable) a stop is asked for. */
void casa_sim_link_wait(CasaSimPublisher *self, CasaSimLink state, gint64 patience_us, gboolean stoppable);
/* With the lock held: the broker answered @slot, which is SENT and already counted; releases it. */
void casa_sim_publisher_settle(CasaSimPublisher *self, CasaSimSlot *slot, gboolean refused);
/* The broker said no to @slot, with an MQTT 5 reason. */
void casa_sim_publisher_refuse(CasaSimPublisher *self, CasaSimSlot *slot, guint code);

/* ---- publisher-mqtt.c: MQTT. Simulation thread; what comes back changes the fields above and signals `changed`. ---- */

/* Begins to connect: the link becomes CONNECTING, then UP or DOWN. */
void casa_sim_wire_connect(CasaSimPublisher *self);
/* Sends @slot, which is WAITING: it becomes SENT, and is released when acknowledged or refused. */
void casa_sim_wire_post(CasaSimPublisher *self, CasaSimSlot *slot);
void casa_sim_wire_listen(CasaSimPublisher *self, const char *topic); /* Subscribes to @topic */
/* FALSE: there is nothing to end. TRUE: the link is CLOSING, then DOWN. */
gboolean casa_sim_wire_disconnect(CasaSimPublisher *self);
void casa_sim_wire_destroy(CasaSimPublisher *self); /* Frees the library's client */

/* ---- publisher-send.c: simulation thread ---- */

/* Waits for room and posts. @aside: retained, not counted, not kept over a lost connection. FALSE: the link is down, or a stop
 * was asked for. */
gboolean casa_sim_publisher_post(CasaSimPublisher *self, const char *topic, const char *payload, gsize len, guint n_values,
                                 gboolean aside);
/* The broker has refused a description or a question on @topic: it is not sent again. */
gboolean casa_sim_publisher_is_unwelcome(CasaSimPublisher *self, const char *topic);
/* What is said first on a new connection. */
void casa_sim_publisher_greet(CasaSimPublisher *self);

/* ---- publisher-link.c: simulation thread ---- */

/* Of a link that is not up: one step towards it. Says what was lost, or lets the pause go by but not @end_us, or tries.
 * Afterwards it may be up, or up and lost again. */
void casa_sim_link_step(CasaSimPublisher *self, gint64 end_us);
/* TRUE: connected. FALSE: a stop was asked for, or @end_us passed. */
gboolean casa_sim_link_ensure(CasaSimPublisher *self, gint64 end_us);

G_END_DECLS
