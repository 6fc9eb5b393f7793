/* SPDX-License-Identifier: Apache-2.0 */
#include "inflight.h"

struct _CasaSimInflight {
  guint size, used;
  guint64 taken;      /* ever */
  CasaSimSlot *slots; /* [size] */
  CasaSimSlot **free; /* stack of size - used */
};

CasaSimInflight *
casa_sim_inflight_new(guint size, gpointer owner)
{
  CasaSimInflight *self = g_new0(CasaSimInflight, 1);
  self->size = size;
  self->slots = g_new0(CasaSimSlot, size);
  self->free = g_new0(CasaSimSlot *, size);
  for (guint i = 0; i < size; i++) {
    self->slots[i].owner = owner;
    self->slots[i].payload = g_string_sized_new(256);
    self->free[i] = &self->slots[size - 1 - i];
  }
  return self;
}

void
casa_sim_inflight_free(CasaSimInflight *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->size; i++)
    g_string_free(self->slots[i].payload, TRUE);
  g_free(self->slots);
  g_free(self->free);
  g_free(self);
}

CasaSimSlot *
casa_sim_inflight_take(CasaSimInflight *self, const char *topic, const char *payload, gsize len, guint n_values, gboolean aside)
{
  if (self->used == self->size)
    return NULL;
  CasaSimSlot *slot = self->free[self->size - ++self->used];
  slot->state = CASA_SIM_SLOT_WAITING;
  slot->order = self->taken++;
  slot->topic = topic;
  slot->n_values = n_values;
  slot->aside = aside;
  g_string_truncate(slot->payload, 0);
  g_string_append_len(slot->payload, payload, (gssize)len);
  return slot;
}

void
casa_sim_inflight_release(CasaSimInflight *self, CasaSimSlot *slot)
{
  if (slot->state == CASA_SIM_SLOT_FREE)
    return;
  slot->state = CASA_SIM_SLOT_FREE;
  self->free[self->size - self->used--] = slot;
}

guint
casa_sim_inflight_used(const CasaSimInflight *self)
{
  return self->used;
}

guint
casa_sim_inflight_rewind(CasaSimInflight *self)
{
  guint waiting = 0;
  for (guint i = 0; i < self->size; i++) {
    CasaSimSlot *slot = &self->slots[i];
    if (slot->state == CASA_SIM_SLOT_FREE)
      continue;
    if (slot->aside) {
      casa_sim_inflight_release(self, slot);
      continue;
    }
    slot->state = CASA_SIM_SLOT_WAITING;
    waiting++;
  }
  return waiting;
}

CasaSimSlot *
casa_sim_inflight_next(CasaSimInflight *self)
{
  CasaSimSlot *first = NULL;
  for (guint i = 0; i < self->size; i++) {
    CasaSimSlot *slot = &self->slots[i];
    if (slot->state == CASA_SIM_SLOT_WAITING && (!first || slot->order < first->order))
      first = slot;
  }
  return first;
}
