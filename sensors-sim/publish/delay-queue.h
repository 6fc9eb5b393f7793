/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Messages that are on their way and arrive later, in the order of their arrival; at the same moment, in the order of their
 * sending. A binary heap: a message costs its payload and a few words while it waits. */
typedef struct _CasaSimDelayQueue CasaSimDelayQueue;

typedef struct {
  gint64 due_ms;
  guint64 order;
  const char *topic; /* outlives the queue */
  char *payload;     /* owned by whoever holds the parcel */
  gsize len;
  guint n_values;
} CasaSimParcel;

CasaSimDelayQueue *casa_sim_delay_queue_new(void); /* An empty one. (transfer full) */
/* With what waits in it. NULL is fine. */
void casa_sim_delay_queue_free(CasaSimDelayQueue *self);

/* Copies @payload. */
void casa_sim_delay_queue_put(CasaSimDelayQueue *self, gint64 due_ms, const char *topic, const GString *payload,
                              guint n_values);
/* Takes the first that is due at @now_ms or before. FALSE: none is. The caller frees out->payload. */
gboolean casa_sim_delay_queue_take(CasaSimDelayQueue *self, gint64 now_ms, CasaSimParcel *out);
guint casa_sim_delay_queue_waiting(const CasaSimDelayQueue *self); /* How many parcels wait */

G_END_DECLS
