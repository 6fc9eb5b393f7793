/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher-private.h"

#define PAUSE_MAX_MS 30000
#define HANG_UP_PAUSE_MS 50 /* after a refusal that cost the connection: each brings the run on, so the pause need not grow */
#define CONNECT_US 15000000
#define NEVER_THERE_S 5 /* of patience after the end of a run; where the broker was there and went, it may be starting again */
#define LOST_S 15

/* TRUE: the next attempt goes with MQTT 3.1.1. */
static gboolean
step_back(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  gboolean back = self->modern && self->too_new;
  if (back)
    self->modern = FALSE;
  self->too_new = FALSE;
  g_mutex_unlock(&self->lock);
  if (back) {
    g_printerr("casa-sim: %s does not speak MQTT 5, trying 3.1.1\n", self->uri);
    self->next_try_us = 0;
  }
  return back;
}

static const char *
hint(const CasaSimPublisher *self, gboolean answered, guint connections)
{
  if (self->tls && connections == 0 && !answered)
    return " (is it running, with TLS on this port? is its certificate for this host name, and signed by [broker] ca_file in pulse.conf or "
           "one the system trusts?)";
  return connections || answered ? "" : " (is it running? --broker names another)";
}

static void
say_down(CasaSimPublisher *self)
{
  char why[sizeof self->why], tls_why[sizeof self->tls_why];
  if (step_back(self))
    return;
  g_mutex_lock(&self->lock);
  guint connections = self->counts.connections;
  gboolean answered = self->answered;
  g_strlcpy(why, self->why, sizeof why);
  g_strlcpy(tls_why, self->tls_why, sizeof tls_why);
  g_mutex_unlock(&self->lock);
  g_printerr("casa-sim: %s to the broker at %s: %s%s%s; trying again in %.1f s%s\n",
             connections ? "lost the connection" : "cannot connect", self->uri, why, *tls_why ? ": " : "", tls_why,
             (double)self->pause_ms / 1000, hint(self, answered, connections));
  self->quiet = FALSE;
  self->next_try_us = g_get_monotonic_time() + self->pause_ms * 1000;
  self->pause_ms = MIN(self->pause_ms * 2, PAUSE_MAX_MS);
}

/* What the end of a connection tells about the broker. One that hangs up on whoever it refuses something closes with our next
 * packets unread, and the kernel's reset then overtakes its answer as often as not: the same message would be refused again
 * and again, and never counted. Sent alone, it is answered. TRUE: this was such an end. */
static gboolean
judge(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  guint64 settled = self->counts.acked + self->counts.refused;
  gboolean unanswered = casa_sim_inflight_used(self->inflight) > 0, of_use = settled > self->settled_before;
  self->hangs_up = self->refused_last || (self->hangs_up && !self->careful && unanswered);
  self->careful = self->hangs_up || (unanswered && !of_use);
  g_mutex_unlock(&self->lock);
  self->settled_before = settled;
  if (of_use) /* ends the growing of the pauses */
    self->pause_ms = CASA_SIM_PAUSE_MIN_MS;
  return self->hangs_up;
}

static void
mourn(CasaSimPublisher *self)
{
  if (!judge(self)) {
    say_down(self);
    return;
  }
  if (!self->hang_up_told)
    g_printerr(
      "casa-sim: the broker at %s hung up after a refusal (mosquitto 2.0.11 does so where max_queued_messages is 0); connecting "
      "again at once, from now on without a word\n",
      self->uri);
  self->hang_up_told = self->quiet = TRUE;
  self->next_try_us = g_get_monotonic_time() + HANG_UP_PAUSE_MS * 1000;
}

static gboolean
attempt(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  self->link = CASA_SIM_CONNECTING;
  g_mutex_unlock(&self->lock);
  casa_sim_wire_destroy(self); /* before what is in flight waits again: no callback of the old one may come after */
  g_mutex_lock(&self->lock);
  casa_sim_inflight_rewind(self->inflight);
  self->in_flight = 0;
  self->refused_last = FALSE;
  g_mutex_unlock(&self->lock);
  casa_sim_wire_connect(self);
  casa_sim_link_wait(self, CASA_SIM_CONNECTING, CONNECT_US, TRUE);
  if (casa_sim_link_now(self) == CASA_SIM_UP)
    return TRUE;
  casa_sim_wire_destroy(self); /* or it might come up yet, with nobody to greet it */
  casa_sim_publisher_drop(self, "no answer");
  return FALSE;
}

static void
set_modern(CasaSimPublisher *self, gboolean modern)
{
  g_mutex_lock(&self->lock);
  self->modern = modern;
  g_mutex_unlock(&self->lock);
}

static gboolean
never_answered(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  gboolean never = self->counts.connections == 0 && !self->answered;
  g_mutex_unlock(&self->lock);
  return never;
}

/* RabbitMQ 3.10 answers MQTT 5 by hanging up, which looks as if nobody were there: so 3.1.1 is tried, once and at once. When
 * that is not answered either, the next time begins with 5 again. */
static gboolean
try_once(CasaSimPublisher *self)
{
  gint64 began = g_get_monotonic_time();
  if (attempt(self))
    return TRUE;
  gboolean quick = g_get_monotonic_time() - began < 2 * G_USEC_PER_SEC;
  if (!self->modern || !quick || !never_answered(self) || casa_sim_stop_requested())
    return FALSE;
  set_modern(self, FALSE);
  if (attempt(self))
    return TRUE;
  if (never_answered(self))
    set_modern(self, TRUE);
  return FALSE;
}

void
casa_sim_link_step(CasaSimPublisher *self, gint64 end_us)
{
  gint64 now = g_get_monotonic_time();
  if (self->was_up) {
    self->was_up = FALSE;
    self->away_us = now;
    mourn(self);
    return;
  }
  if (now < self->next_try_us) {
    casa_sim_link_wait(self, CASA_SIM_DOWN, MIN(self->next_try_us, end_us) - now, TRUE);
    return;
  }
  if (!try_once(self)) {
    if (!casa_sim_stop_requested())
      say_down(self);
    return;
  }
  self->was_up = TRUE;
  if (!self->quiet)
    g_printerr("casa-sim: connected to %s, MQTT %s\n", self->uri, self->modern ? "5" : "3.1.1");
  casa_sim_publisher_greet(self);
}

/* Until when a broker that is away is waited for: a run that has an end goes a little beyond it, less where nobody ever was. */
static gint64
patience_end(CasaSimPublisher *self)
{
  if (self->end_us == 0)
    return G_MAXINT64;
  gint64 patience_us = (never_answered(self) ? NEVER_THERE_S : LOST_S) * G_USEC_PER_SEC;
  return MAX(self->end_us, self->away_us + patience_us);
}

gboolean
casa_sim_link_ensure(CasaSimPublisher *self, gint64 end_us)
{
  while (casa_sim_link_now(self) != CASA_SIM_UP) {
    gint64 patience_us = patience_end(self), now_us = g_get_monotonic_time();
    if (casa_sim_stop_requested() || now_us >= end_us)
      return FALSE;
    if (now_us >= patience_us) {
      if (!self->cut)
        g_printerr("casa-sim: the time of the run is over, and no broker answers at %s: it ends here\n", self->uri);
      self->cut = TRUE;
      return FALSE;
    }
    casa_sim_link_step(self, MIN(end_us, patience_us));
  }
  return TRUE;
}
