/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The messages that are on their way, at most so many: what a publisher must keep until it is acknowledged. Not
 * thread-safe: the owner holds its lock around every call. */

typedef enum {
  CASA_SIM_SLOT_FREE,
  CASA_SIM_SLOT_WAITING, /* to be sent (again) */
  CASA_SIM_SLOT_SENT,    /* given to the library, not yet acknowledged */
} CasaSimSlotState;

typedef struct {
  gpointer owner; /* for callbacks that get a slot alone */
  CasaSimSlotState state;
  guint64 order;     /* of taking */
  const char *topic; /* outlives the slot */
  GString *payload;
  guint n_values;
  gboolean aside; /* a descriptor or status: retained, and not worth keeping over a lost connection */
} CasaSimSlot;

typedef struct _CasaSimInflight CasaSimInflight;

/* Of @size slots; @owner is written into each. */
CasaSimInflight *casa_sim_inflight_new(guint size, gpointer owner);
void casa_sim_inflight_free(CasaSimInflight *self); /* NULL is fine */

/* Takes a free slot as WAITING, or NULL when all are taken. The payload is copied. */
CasaSimSlot *casa_sim_inflight_take(CasaSimInflight *self, const char *topic, const char *payload, gsize len, guint n_values,
                                    gboolean aside);
void casa_sim_inflight_release(CasaSimInflight *self, CasaSimSlot *slot); /* The slot is free again */

/* Slots that are not free. */
guint casa_sim_inflight_used(const CasaSimInflight *self);

/* After a lost connection: what was sent waits again, what is aside is forgotten. Returns how many wait. */
guint casa_sim_inflight_rewind(CasaSimInflight *self);

/* The longest waiting slot, or NULL. */
CasaSimSlot *casa_sim_inflight_next(CasaSimInflight *self);

G_END_DECLS
