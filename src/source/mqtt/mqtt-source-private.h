/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/mqtt/ack-gate.h"
#include "source/mqtt/link-watch.h"
#include "source/mqtt/mqtt-client.h"

G_BEGIN_DECLS

/* The source in two files: mqtt-source.c has its threads, mqtt-phases.c decides how the link goes on. The client's threads
 * only store messages and drop a note into `events`; one thread of our own reads the notes, decides, and starts everything but
 * publishing. So no lock is held while the library holds its own. */

typedef enum {
  CASA_PHASE_IDLE, /* until next_attempt_us */
  CASA_PHASE_CONNECTING,
  CASA_PHASE_SUBSCRIBING,
  CASA_PHASE_UP,
  CASA_PHASE_CLOSING,
  CASA_PHASE_DONE,
} CasaMqttPhase;

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
  CasaMqttPhase phase;
  CasaLink link;
  guint version;        /* 5, or 3 for 3.1.1 */
  gboolean any_version; /* 5, but 3.1.1 when the broker wants that */
  guint failures, short_lives;
  gint64 up_us; /* when the connection came up */
  gint64 attempt_us, next_attempt_us, phase_until_us;
  gboolean session_present, stopping;

  CasaLinkWatch watch; /* what its header says any thread may do to it */
  gint session_waits;  /* atomic: peek only, and another program's session was there */

  GMutex lock;
  GCond noted;
  GQueue events;       /* guarded by lock: CasaMqttEvent, oldest first */
  gboolean asked_stop; /* guarded by lock: it was to stop */
} CasaMqttSource;

/* All below: own thread. */

/* The first word about the link. */
void casa_mqtt_phases_begin(CasaMqttSource *self);
/* What is due by the clock. */
void casa_mqtt_phases_step(CasaMqttSource *self);
void casa_mqtt_phases_handle(CasaMqttSource *self, const CasaMqttEvent *event);
/* Begins to end; the phase is then CLOSING or DONE. */
void casa_mqtt_phases_stop(CasaMqttSource *self);

G_END_DECLS
