/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher-private.h"

#include <string.h>

#include "base/clock.h"
#include "refusal.h"

#define GLANCE_US 100000     /* how often a waiting thread looks whether to stop */
#define PAUSE_MIN_MS 500
#define PAUSE_MAX_MS 30000
#define CONNECT_US 15000000
#define DRAIN_US 15000000    /* patience at the end, without an acknowledgement */
#define GOODBYE_US 3000000

/* ---- any thread ---- */

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
    self->in_flight--;
    casa_sim_window_release(self->window, slot);
    g_cond_broadcast(&self->changed);
  }
  g_mutex_unlock(&self->lock);
  const char *mend = casa_sim_refusal_mend(code);
  if (topic) /* the first for each reason; the others are counted */
    g_printerr("casa-sim: the broker refuses %s: %s (user %s)%s%s\n", topic, casa_sim_refusal_name(code), self->user ? self->user : "none",
               *mend ? ": " : "", mend);
}

/* ---- in the simulation's thread ---- */

static CasaSimLink
link_now(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  CasaSimLink link = self->link;
  g_mutex_unlock(&self->lock);
  return link;
}

/* With the lock held: until the broker takes one more. FALSE: the link is down, or a stop was asked for and @stoppable. */
static gboolean
await_room(CasaSimPublisher *self, gboolean stoppable)
{
  while (self->link == CASA_SIM_UP && self->in_flight >= self->limit && !(stoppable && casa_sim_stop_requested()))
    g_cond_wait_until(&self->changed, &self->lock, g_get_monotonic_time() + GLANCE_US);
  return self->link == CASA_SIM_UP && self->in_flight < self->limit;
}

/* Waits for room and posts. FALSE: the link is down, or a stop was asked for. */
static gboolean
post_when_room(CasaSimPublisher *self, const char *topic, const char *payload, gsize len, guint n_values,
               gboolean aside)
{
  CasaSimSlot *slot = NULL;
  g_mutex_lock(&self->lock);
  if (await_room(self, !aside))
    slot = casa_sim_window_take(self->window, topic, payload, len, n_values, aside);
  if (slot && !aside) {
    self->counts.messages++;
    self->counts.samples += n_values;
  }
  g_mutex_unlock(&self->lock);
  if (slot)
    casa_sim_wire_post(self, slot);
  return slot != NULL;
}

static gboolean
is_unwelcome(CasaSimPublisher *self, const char *topic)
{
  g_mutex_lock(&self->lock);
  gboolean is = g_hash_table_contains(self->unwelcome, topic);
  g_mutex_unlock(&self->lock);
  return is;
}

/* What was not acknowledged goes first, then who we are. Not being heard on the control topic is no reason to be silent: a
 * failure shows in the missing reply. */
static void
greet(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  CasaSimSlot *slot;
  while ((slot = casa_sim_window_next(self->window)) && await_room(self, FALSE)) {
    self->counts.resent++;
    g_mutex_unlock(&self->lock);
    casa_sim_wire_post(self, slot);
    g_mutex_lock(&self->lock);
  }
  g_mutex_unlock(&self->lock);
  if (self->control_topic)
    casa_sim_wire_listen(self, self->control_topic);
  gboolean ok = post_when_room(self, self->status_topic, "online", strlen("online"), 0, TRUE);
  for (guint i = 0; ok && i < self->retained_topics->len; i++) {
    const char *topic = g_ptr_array_index(self->retained_topics, i), *payload = g_ptr_array_index(self->retained_payloads, i);
    ok = is_unwelcome(self, topic) || post_when_room(self, topic, payload, strlen(payload), 0, TRUE);
  }
}

/* Waits while the link is in @state, until @patience_us have passed or (if @stoppable) a stop is asked for. */
static void
wait_while(CasaSimPublisher *self, CasaSimLink state, gint64 patience_us, gboolean stoppable)
{
  gint64 end = g_get_monotonic_time() + patience_us, now;
  g_mutex_lock(&self->lock);
  while (self->link == state && (now = g_get_monotonic_time()) < end && !(stoppable && casa_sim_stop_requested()))
    g_cond_wait_until(&self->changed, &self->lock, MIN(end, now + GLANCE_US));
  g_mutex_unlock(&self->lock);
}

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
  guint64 settled = self->counts.acked + self->counts.refused;
  g_strlcpy(why, self->why, sizeof why);
  g_strlcpy(tls_why, self->tls_why, sizeof tls_why);
  g_mutex_unlock(&self->lock);
  if (settled > self->settled_before) /* a connection that was of use ends the growing of the pauses */
    self->pause_ms = PAUSE_MIN_MS;
  self->settled_before = settled;
  g_printerr("casa-sim: %s to the broker at %s: %s%s%s; trying again in %.1f s%s\n",
             connections ? "lost the connection" : "cannot connect", self->uri, why, *tls_why ? ": " : "", tls_why,
             (double)self->pause_ms / 1000, hint(self, answered, connections));
  self->next_try_us = g_get_monotonic_time() + self->pause_ms * 1000;
  self->pause_ms = MIN(self->pause_ms * 2, PAUSE_MAX_MS);
}

static gboolean
attempt(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  self->link = CASA_SIM_CONNECTING;
  g_mutex_unlock(&self->lock);
  casa_sim_wire_destroy(self); /* before the window is rewound: no callback of the old one may come after */
  g_mutex_lock(&self->lock);
  casa_sim_window_rewind(self->window);
  self->in_flight = 0;
  g_mutex_unlock(&self->lock);
  casa_sim_wire_connect(self);
  wait_while(self, CASA_SIM_CONNECTING, CONNECT_US, TRUE);
  if (link_now(self) == CASA_SIM_CONNECTING)
    casa_sim_publisher_drop(self, "no answer");
  return link_now(self) == CASA_SIM_UP;
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

/* TRUE: connected. FALSE: a stop was asked for, or @end_us passed. */
static gboolean
ensure_up(CasaSimPublisher *self, gint64 end_us)
{
  while (link_now(self) != CASA_SIM_UP) {
    if (casa_sim_stop_requested() || g_get_monotonic_time() >= end_us)
      return FALSE;
    gint64 now = g_get_monotonic_time();
    if (self->was_up) {
      self->was_up = FALSE;
      say_down(self);
      continue;
    }
    if (now < self->next_try_us) {
      wait_while(self, CASA_SIM_DOWN, MIN(self->next_try_us, end_us) - now, TRUE);
      continue;
    }
    if (!try_once(self)) {
      if (!casa_sim_stop_requested())
        say_down(self);
      continue;
    }
    self->was_up = TRUE;
    g_printerr("casa-sim: connected to %s, MQTT %s\n", self->uri, self->modern ? "5" : "3.1.1");
    greet(self);
  }
  return TRUE;
}

static gboolean
send_reading(CasaSimSink *sink, const char *topic, const GString *payload, guint n_values)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  while (ensure_up(self, G_MAXINT64)) {
    if (post_when_room(self, topic, payload->str, payload->len, n_values, FALSE))
      return TRUE;
  }
  return FALSE;
}

static void
wait_until(CasaSimSink *sink, gint64 until_us)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  gint64 left = until_us - casa_clock_mono_us();
  gint64 end_us = g_get_monotonic_time() + left;
  while (!casa_sim_stop_requested() && g_get_monotonic_time() < end_us) {
    if (ensure_up(self, end_us))
      wait_while(self, CASA_SIM_UP, end_us - g_get_monotonic_time(), TRUE);
  }
}

static gboolean
announce(CasaSimSink *sink, const char *topic, const GString *payload)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  casa_sim_publisher_add_retained(self, topic, payload->str);
  const char *kept = g_ptr_array_index(self->retained_topics, self->retained_topics->len - 1);
  /* While the link is down it is enough to remember it: it goes out with the next greeting. */
  if (link_now(self) == CASA_SIM_UP)
    post_when_room(self, kept, payload->str, payload->len, 0, TRUE);
  return TRUE;
}

static void
sink_counts(CasaSimSink *sink, CasaSimSinkCounts *out)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  g_mutex_lock(&self->lock);
  *out = (CasaSimSinkCounts){self->counts.acked, self->counts.refused, self->in_flight};
  g_mutex_unlock(&self->lock);
}

static char *
take_command(CasaSimSink *sink)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  g_mutex_lock(&self->lock);
  char *command = g_queue_pop_head(&self->commands);
  g_mutex_unlock(&self->lock);
  return command;
}

static void
answer(CasaSimSink *sink, const GString *reply)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  post_when_room(self, self->reply_topic, reply->str, reply->len, 0, TRUE);
}

/* Until nothing is on its way, or nothing has moved for a while. */
static void
drain(CasaSimPublisher *self)
{
  gint64 end_us = g_get_monotonic_time() + DRAIN_US;
  g_mutex_lock(&self->lock);
  guint used = casa_sim_window_used(self->window);
  while (used > 0 && g_get_monotonic_time() < end_us) {
    if (self->link != CASA_SIM_UP) {
      g_mutex_unlock(&self->lock);
      gboolean up = ensure_up(self, end_us);
      g_mutex_lock(&self->lock);
      if (!up)
        break;
    }
    g_cond_wait_until(&self->changed, &self->lock, g_get_monotonic_time() + GLANCE_US);
    if (casa_sim_window_used(self->window) < used)
      end_us = g_get_monotonic_time() + DRAIN_US;
    used = casa_sim_window_used(self->window);
  }
  g_mutex_unlock(&self->lock);
}

static void
say_goodbye(CasaSimPublisher *self)
{
  if (link_now(self) != CASA_SIM_UP)
    return;
  post_when_room(self, self->status_topic, "offline", strlen("offline"), 0, TRUE);
  drain(self);
  if (casa_sim_wire_disconnect(self))
    wait_while(self, CASA_SIM_CLOSING, GOODBYE_US, FALSE);
}

static gboolean
finish_publishing(CasaSimSink *sink)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  if (!self->finished) {
    self->finished = TRUE;
    drain(self);
    say_goodbye(self);
    casa_sim_wire_destroy(self);
  }
  CasaSimPublisherCounts c;
  casa_sim_publisher_counts(self, &c);
  return c.connections > 0 && c.acked == c.messages;
}

CasaSimPublisher *
casa_sim_publisher_new(const CasaSimPublisherOptions *o)
{
  CasaSimPublisher *self = g_new0(CasaSimPublisher, 1);
  self->sink = (CasaSimSink){.send = send_reading, .wait = wait_until, .announce = announce, .counts = sink_counts, .finish = finish_publishing};
  if (o->control_topic) {
    self->control_topic = g_strdup(o->control_topic);
    self->reply_topic = g_strconcat(o->control_topic, "/reply", NULL);
    self->sink.take_command = take_command;
    self->sink.answer = answer;
  }
  self->uri = g_strdup_printf("%s://%s:%u", o->tls ? "ssl" : "tcp", o->host, o->port);
  self->tls = o->tls;
  self->ca_file = g_strdup(o->ca_file);
  self->user = g_strdup(o->user);
  self->password = g_strdup(o->password);
  self->status_topic = g_strdup(o->status_topic);
  self->client_id = g_strdup_printf("casa-sim-%08x", g_random_int());
  self->qos = o->qos;
  self->retained_topics = g_ptr_array_new_with_free_func(g_free);
  self->retained_payloads = g_ptr_array_new_with_free_func(g_free);
  self->modern = TRUE;
  self->pause_ms = PAUSE_MIN_MS;
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->unwelcome = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->window = casa_sim_window_new(CASA_SIM_WINDOW, self);
  return self;
}

void
casa_sim_publisher_add_retained(CasaSimPublisher *self, const char *topic, const char *payload)
{
  g_ptr_array_add(self->retained_topics, g_strdup(topic));
  g_ptr_array_add(self->retained_payloads, g_strdup(payload));
}

CasaSimSink *
casa_sim_publisher_sink(CasaSimPublisher *self)
{
  return &self->sink;
}

void
casa_sim_publisher_counts(CasaSimPublisher *self, CasaSimPublisherCounts *out)
{
  g_mutex_lock(&self->lock);
  *out = self->counts;
  out->in_flight = self->in_flight;
  g_mutex_unlock(&self->lock);
}

void
casa_sim_publisher_free(CasaSimPublisher *self)
{
  if (!self)
    return;
  casa_sim_wire_destroy(self);
  casa_sim_window_free(self->window);
  g_ptr_array_unref(self->retained_topics);
  g_ptr_array_unref(self->retained_payloads);
  g_free(self->uri);
  g_free(self->ca_file);
  g_free(self->user);
  if (self->password)
    explicit_bzero(self->password, strlen(self->password));
  g_free(self->password);
  g_free(self->status_topic);
  g_free(self->client_id);
  g_free(self->control_topic);
  g_free(self->reply_topic);
  g_hash_table_unref(self->unwelcome);
  g_queue_clear_full(&self->commands, g_free);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}
