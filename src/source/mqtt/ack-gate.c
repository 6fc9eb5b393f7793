/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/ack-gate.h"

struct _CasaAckGate {
  GMutex lock;
  GCond changed;
  gboolean closed; /* guarded by lock, as all below: nothing further is handed on */
  gboolean parked; /* a message is held back for ever */
  gboolean in_message;
  gboolean in_link;
  gboolean done;
};

CasaAckGate *
casa_ack_gate_new(void)
{
  CasaAckGate *self = g_new0(CasaAckGate, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  return self;
}

void
casa_ack_gate_free(CasaAckGate *self)
{
  if (!self)
    return;
  g_mutex_lock(&self->lock);
  gboolean parked = self->parked;
  g_mutex_unlock(&self->lock);
  if (parked)
    return;
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}

static void G_GNUC_NORETURN
park_locked(CasaAckGate *self)
{
  self->in_message = FALSE;
  self->parked = TRUE;
  g_cond_broadcast(&self->changed);
  for (;;)
    g_cond_wait(&self->changed, &self->lock);
}

void
casa_ack_gate_begin_message(CasaAckGate *self, gboolean refuse)
{
  g_mutex_lock(&self->lock);
  if (self->closed || refuse)
    park_locked(self);
  self->in_message = TRUE;
  g_mutex_unlock(&self->lock);
}

void
casa_ack_gate_end_message(CasaAckGate *self, gboolean kept)
{
  g_mutex_lock(&self->lock);
  if (!kept)
    park_locked(self);
  self->in_message = FALSE;
  if (self->closed) /* only then somebody waits for it; a wake-up per message would cost */
    g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

gboolean
casa_ack_gate_in_message(CasaAckGate *self)
{
  g_mutex_lock(&self->lock);
  gboolean in_message = self->in_message;
  g_mutex_unlock(&self->lock);
  return in_message;
}

gboolean
casa_ack_gate_begin_link(CasaAckGate *self)
{
  g_mutex_lock(&self->lock);
  self->in_link = !self->closed;
  gboolean wanted = self->in_link;
  g_mutex_unlock(&self->lock);
  return wanted;
}

void
casa_ack_gate_end_link(CasaAckGate *self)
{
  g_mutex_lock(&self->lock);
  self->in_link = FALSE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

void
casa_ack_gate_done(CasaAckGate *self)
{
  g_mutex_lock(&self->lock);
  self->done = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

gboolean
casa_ack_gate_close(CasaAckGate *self, gint64 until_us)
{
  g_mutex_lock(&self->lock);
  while (!self->done && !self->parked && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  self->closed = TRUE;
  while (self->in_message || self->in_link)
    g_cond_wait(&self->changed, &self->lock);
  gboolean done = self->done;
  g_mutex_unlock(&self->lock);
  return done;
}
