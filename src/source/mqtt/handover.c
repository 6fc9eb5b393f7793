/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/handover.h"

struct _CasaHandover {
  GMutex lock;
  GCond changed;
  gboolean closed; /* guarded by lock, as all below: nothing further is handed on */
  gboolean parked; /* a message is held back for ever */
  gboolean in_message;
  gboolean in_link;
  gboolean done;
};

CasaHandover *
casa_handover_new(void)
{
  CasaHandover *self = g_new0(CasaHandover, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  return self;
}

void
casa_handover_free(CasaHandover *self)
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
park_locked(CasaHandover *self)
{
  self->in_message = FALSE;
  self->parked = TRUE;
  g_cond_broadcast(&self->changed);
  for (;;)
    g_cond_wait(&self->changed, &self->lock);
}

void
casa_handover_begin_message(CasaHandover *self, gboolean refuse)
{
  g_mutex_lock(&self->lock);
  if (self->closed || refuse)
    park_locked(self);
  self->in_message = TRUE;
  g_mutex_unlock(&self->lock);
}

void
casa_handover_end_message(CasaHandover *self, gboolean kept)
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
casa_handover_in_message(CasaHandover *self)
{
  g_mutex_lock(&self->lock);
  gboolean in_message = self->in_message;
  g_mutex_unlock(&self->lock);
  return in_message;
}

gboolean
casa_handover_begin_link(CasaHandover *self)
{
  g_mutex_lock(&self->lock);
  self->in_link = !self->closed;
  gboolean wanted = self->in_link;
  g_mutex_unlock(&self->lock);
  return wanted;
}

void
casa_handover_end_link(CasaHandover *self)
{
  g_mutex_lock(&self->lock);
  self->in_link = FALSE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

void
casa_handover_done(CasaHandover *self)
{
  g_mutex_lock(&self->lock);
  self->done = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

gboolean
casa_handover_close(CasaHandover *self, gint64 until_us)
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
