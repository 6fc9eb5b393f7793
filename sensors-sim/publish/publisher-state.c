/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher-private.h"
#include "refusal.h"

void
casa_sim_publisher_drop(CasaSimPublisher *self, const char *why)
{
  g_mutex_lock(&self->lock);
  if (self->link != CASA_SIM_DOWN) /* the first reason told is the cause, what follows are consequences */
    g_strlcpy(self->why, why && *why ? why : "the connection was lost", sizeof self->why);
  self->link = CASA_SIM_DOWN;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

CasaSimLink
casa_sim_link_now(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  CasaSimLink link = self->link;
  g_mutex_unlock(&self->lock);
  return link;
}

void
casa_sim_link_wait(CasaSimPublisher *self, CasaSimLink state, gint64 patience_us, gboolean stoppable)
{
  gint64 end = g_get_monotonic_time() + patience_us, now;
  g_mutex_lock(&self->lock);
  while (self->link == state && (now = g_get_monotonic_time()) < end && !(stoppable && casa_sim_stop_requested()))
    g_cond_wait_until(&self->changed, &self->lock, MIN(end, now + CASA_SIM_GLANCE_US));
  g_mutex_unlock(&self->lock);
}

/* A status or description that is acknowledged again at every connection is no progress while a reading waits. */
void
casa_sim_publisher_settle(CasaSimPublisher *self, CasaSimSlot *slot, gboolean refused)
{
  const CasaSimPublisherCounts *c = &self->counts;
  if (refused || !slot->aside || c->messages == c->acked + c->refused)
    self->settled_us = g_get_monotonic_time();
  self->in_flight--;
  casa_sim_inflight_release(self->inflight, slot);
  g_cond_broadcast(&self->changed);
}

void
casa_sim_publisher_refuse(CasaSimPublisher *self, CasaSimSlot *slot, guint code)
{
  g_autofree char *topic = NULL;
  code &= 0xff;
  g_mutex_lock(&self->lock);
  if (slot->state == CASA_SIM_SLOT_SENT) {
    if (self->counts.refused_by[code]++ == 0)
      topic = g_strdup(slot->topic);
    self->counts.refused += !slot->aside;
    if (slot->aside)
      g_hash_table_add(self->unwelcome, g_strdup(slot->topic));
    casa_sim_publisher_settle(self, slot, TRUE);
  }
  g_mutex_unlock(&self->lock);
  const char *mend = casa_sim_refusal_mend(code);
  if (topic) /* the first for each reason; the others are counted */
    g_printerr("casa-sim: the broker refuses %s: %s (user %s)%s%s\n", topic, casa_sim_refusal_name(code),
               self->user ? self->user : "none", *mend ? ": " : "", mend);
}

void
casa_sim_publisher_counts(CasaSimPublisher *self, CasaSimPublisherCounts *out)
{
  g_mutex_lock(&self->lock);
  *out = self->counts;
  out->in_flight = self->in_flight;
  g_mutex_unlock(&self->lock);
}
