/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/counters.h"
#include "store/store.h"

G_BEGIN_DECLS

/* The thread that copies the store to InfluxDB: reads the outbox in arrival order, POSTs batches, moves the watermark when
 * they were acknowledged. Its place is in the store; nothing is lost by a crash, and resending is harmless. */
typedef enum {
  CASA_FORWARD_OFF,
  CASA_FORWARD_OK,
  CASA_FORWARD_RETRYING, /* not reachable or overloaded */
  CASA_FORWARD_DENIED,   /* 401/403/404: needs a human */
} CasaForwardState;

typedef struct {
  CasaForwardState state;
  gint64 since_ms;
  char text[512]; /* for people */
} CasaForwardStatus;

typedef struct _CasaForwarder CasaForwarder;

/* @config->influx_url NULL: returns a forwarder that is OFF. */
CasaForwarder *casa_forwarder_new(const CasaConfig *config, CasaStore *store, CasaCounters *counters,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Starts the thread. FALSE: it cannot be started. OFF: does nothing. */
gboolean casa_forwarder_start(CasaForwarder *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tries to empty the outbox for at most @deadline_ms, then ends the thread; ends at once when the server does not take
 * anything, since the store keeps the rest. Once stopped, it stays so: make a new one. */
void casa_forwarder_stop(CasaForwarder *self, guint deadline_ms);
void casa_forwarder_free(CasaForwarder *self);                         /* Stops first. NULL is fine. */
void casa_forwarder_read(CasaForwarder *self, CasaForwardStatus *out); /* any thread */

G_END_DECLS
