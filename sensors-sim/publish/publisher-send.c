/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "publisher-private.h"

/* With the lock held. */
static gboolean
has_room(const CasaSimPublisher *self)
{
  return self->in_flight < (self->careful ? 1 : self->limit);
}

/* With the lock held: until the broker takes one more. FALSE: the link is down, or a stop was asked for and @stoppable. */
static gboolean
await_room(CasaSimPublisher *self, gboolean stoppable)
{
  while (self->link == CASA_SIM_UP && !has_room(self) && !(stoppable && casa_sim_stop_requested()))
    g_cond_wait_until(&self->changed, &self->lock, g_get_monotonic_time() + CASA_SIM_GLANCE_US);
  return self->link == CASA_SIM_UP && has_room(self);
}

gboolean
casa_sim_publisher_post(CasaSimPublisher *self, const char *topic, const char *payload, gsize len, guint n_values,
                        gboolean aside)
{
  CasaSimSlot *slot = NULL;
  g_mutex_lock(&self->lock);
  if (await_room(self, !aside))
    slot = casa_sim_inflight_take(self->inflight, topic, payload, len, n_values, aside);
  if (slot && !aside) {
    self->counts.messages++;
    self->counts.samples += n_values;
  }
  g_mutex_unlock(&self->lock);
  if (slot)
    casa_sim_wire_post(self, slot);
  return slot != NULL;
}

gboolean
casa_sim_publisher_is_unwelcome(CasaSimPublisher *self, const char *topic)
{
  g_mutex_lock(&self->lock);
  gboolean is = g_hash_table_contains(self->unwelcome, topic);
  g_mutex_unlock(&self->lock);
  return is;
}

/* What was not acknowledged goes first. TRUE: there is room for more. */
static gboolean
send_again(CasaSimPublisher *self)
{
  CasaSimSlot *slot;
  gboolean ok;
  g_mutex_lock(&self->lock);
  while ((ok = await_room(self, FALSE)) && (slot = casa_sim_inflight_next(self->inflight))) {
    self->counts.resent++;
    g_mutex_unlock(&self->lock);
    casa_sim_wire_post(self, slot);
    g_mutex_lock(&self->lock);
  }
  g_mutex_unlock(&self->lock);
  return ok;
}

/* All of the greeting was answered: what follows need not go one by one. */
static void
take_courage(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  if (self->careful && await_room(self, FALSE))
    self->careful = FALSE;
  g_mutex_unlock(&self->lock);
}

/* Not being heard on the control topic is no reason to be silent: a failure shows in the missing reply. */
void
casa_sim_publisher_greet(CasaSimPublisher *self)
{
  if (!send_again(self))
    return;
  if (self->control_topic)
    casa_sim_wire_listen(self, self->control_topic);
  if (self->store_topic)
    casa_sim_wire_listen(self, self->store_reply_topic);
  if (self->own_events) {
    g_autofree char *filter = g_strconcat(self->own_events, "+", NULL);
    casa_sim_wire_listen(self, filter);
  }
  gboolean ok = !self->status_topic || casa_sim_publisher_post(self, self->status_topic, "online", strlen("online"), 0, TRUE);
  for (guint i = 0; ok && i < self->retained_topics->len; i++) {
    const char *topic = g_ptr_array_index(self->retained_topics, i), *payload = g_ptr_array_index(self->retained_payloads, i);
    ok = !*payload || casa_sim_publisher_is_unwelcome(self, topic) ||
         casa_sim_publisher_post(self, topic, payload, strlen(payload), 0, TRUE);
  }
  take_courage(self);
}
