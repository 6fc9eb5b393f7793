/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/mqtt/ack-gate.h"
#include "source/mqtt/link-watch.h"
#include "source/mqtt/mqtt-client.h"

G_BEGIN_DECLS

/* The source in two files: mqtt-source.c has its threads, mqtt-connection.c decides how the link goes on. The client's threads
 * only store messages and drop a note into `events`; one thread of our own reads the notes, decides, and starts everything but
 * publishing. So no lock is held while the library holds its own. */

typedef enum {
  CASA_CONNECTION_IDLE, /* until next_attempt_us */
  CASA_CONNECTION_CONNECTING,
  CASA_CONNECTION_SUBSCRIBING,
  CASA_CONNECTION_UP,
  CASA_CONNECTION_CLOSING,
  CASA_CONNECTION_DONE,
} CasaConnectionState;

typedef struct {
  CasaSource base;

  /* Set once in new. */
  CasaMqttClient *client;
  CasaAckGate *gate;
  char *peer, *host, *ca_file;
  guint16 port;
  gboolean tls, peek;
  CasaReceiver receiver;

  GThread *thread;

  /* Own thread only. */
  CasaConnectionState state;
  CasaLink link;
  guint version;        /* 5, or 3 for 3.1.1 */
  gboolean any_version; /* 5, but 3.1.1 when the broker wants that */
  guint failures, short_lives;
  gint64 up_us; /* when the connection came up */
  gint64 attempt_us, next_attempt_us, state_until_us;
  gboolean session_present, stopping;
  gboolean clean_session; /* peek only: no other's session was there, and the next connection is a clean one */

  CasaLinkWatch watch; /* what its header says any thread may do to it */
  gint session_waits;  /* atomic: peek only, and another program's session was there */

  GMutex lock;
  GCond noted;
  GQueue events;       /* guarded by lock: CasaMqttEvent, oldest first */
  gboolean asked_stop; /* guarded by lock: it was to stop */
} CasaMqttSource;

/* All below: own thread. */

/* The first word about the link. */
void casa_mqtt_connection_begin(CasaMqttSource *self);
/* What is due by the clock. */
void casa_mqtt_connection_step(CasaMqttSource *self);
/* What the client told: moves the state of the link. */
void casa_mqtt_connection_handle(CasaMqttSource *self, const CasaMqttEvent *event);
/* Begins to end; the state is then CLOSING or DONE. */
void casa_mqtt_connection_stop(CasaMqttSource *self);

G_END_DECLS
