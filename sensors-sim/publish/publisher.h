/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sink.h"

G_BEGIN_DECLS

/* Publishes to an MQTT broker; publisher-mqtt.c is the only file of casa-sim that knows MQTT. A bounded number of messages is
 * on its way at any time, each kept until it is acknowledged (QoS 1) or written (QoS 0): when the connection is lost, it comes
 * back by itself, with a growing pause, and sends again what was not acknowledged. So no reading is lost, but a receiver may
 * see one twice. Meanwhile send() blocks. */

typedef struct {
  const char *host;
  guint16 port;
  gboolean tls;
  const char *ca_file;         /* NULL: the system's */
  const char *user, *password; /* NULL: none */
  const char *status_topic;    /* retained `online`; `offline` at the end and as the will; NULL: another program says it */
  const char *control_topic;   /* commands come in here, answers go out under its /reply; NULL: none are taken */
  const char *store_topic;     /* questions about what is stored go out here, answers come in under its /reply; NULL: none */
  const char *own_events; /* topics of our events begin with it: those that the broker retains are looked for; NULL: none */
  guint qos;              /* 0 or 1 */
} CasaSimPublisherOptions;

typedef struct {
  guint64 messages, samples;    /* readings handed over with send() */
  guint64 acked, acked_samples; /* of them, acknowledged by the broker (QoS 0: written) */
  guint64 refused;              /* of them, refused by the broker with a reason (MQTT 5) */
  guint64 refused_by[256];      /* the same by reason code, with descriptions and answers */
  guint in_flight;              /* not yet acknowledged */
  guint64 resent;               /* sent again after a lost connection */
  guint connections;
  guint mqtt_version; /* 5 or 4 (3.1.1); 0 before the first connection */
} CasaSimPublisherCounts;

typedef struct _CasaSimPublisher CasaSimPublisher;

/* Copies @options; connects on the first send() or wait(). */
CasaSimPublisher *casa_sim_publisher_new(const CasaSimPublisherOptions *options);

/* A message that is published retained on every connection, before readings, in place of what @topic had. Empty: no more. */
void casa_sim_publisher_add_retained(CasaSimPublisher *self, const char *topic, const char *payload);

/* Valid as long as the publisher. */
CasaSimSink *casa_sim_publisher_sink(CasaSimPublisher *self);
void casa_sim_publisher_counts(CasaSimPublisher *self, CasaSimPublisherCounts *out); /* A copy of the counts */

/* Ends the connection if finish() did not. */
void casa_sim_publisher_free(CasaSimPublisher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimPublisher, casa_sim_publisher_free)

G_END_DECLS
