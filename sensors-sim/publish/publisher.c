/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher-private.h"

#include <string.h>

#include "base/clock.h"

#define DRAIN_S 15       /* patience at the end, without an answer */
#define DRAIN_SILENT_S 1 /* then it is told what is waited for */
#define GOODBYE_US 3000000
#define ASK_TIMES 3
#define ASK_EVERY_US 700000

static gboolean
send_reading(CasaSimSink *sink, const char *topic, const GString *payload, guint n_values)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  while (casa_sim_link_ensure(self, G_MAXINT64)) {
    if (casa_sim_publisher_post(self, topic, payload->str, payload->len, n_values, FALSE))
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
    if (casa_sim_link_ensure(self, end_us))
      casa_sim_link_wait(self, CASA_SIM_UP, end_us - g_get_monotonic_time(), TRUE);
  }
}

static gboolean
announce(CasaSimSink *sink, const char *topic, const GString *payload)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  casa_sim_publisher_add_retained(self, topic, payload->str);
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(self->retained_at, topic)) - 1;
  const char *kept = g_ptr_array_index(self->retained_topics, at);
  /* While the link is down it is enough to remember it: it goes out with the next greeting. */
  if (casa_sim_link_now(self) == CASA_SIM_UP)
    casa_sim_publisher_post(self, kept, payload->str, payload->len, 0, TRUE);
  return TRUE;
}

static char *
take_leftover(CasaSimSink *sink)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  g_mutex_lock(&self->lock);
  char *topic = g_queue_pop_head(&self->leftovers);
  g_mutex_unlock(&self->lock);
  return topic;
}

static void
set_end(CasaSimSink *sink, gint64 end_us)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  self->end_us = MAX(g_get_monotonic_time() + (end_us - casa_clock_mono_us()), 1);
}

/* The answer that is next; waits for one until @until_us. (transfer full) NULL: none came. */
static char *
next_answer(CasaSimPublisher *self, gint64 until_us)
{
  char *answer;
  g_mutex_lock(&self->lock);
  while (!(answer = g_queue_pop_head(&self->answers)) && g_get_monotonic_time() < until_us && !casa_sim_stop_requested() &&
         !g_hash_table_contains(self->unwelcome, self->store_topic))
    g_cond_wait_until(&self->changed, &self->lock, MIN(until_us, g_get_monotonic_time() + CASA_SIM_GLANCE_US));
  g_mutex_unlock(&self->lock);
  return answer;
}

/* Who answers may still be subscribing, and an answer of QoS 0 may be lost: it is asked again. */
static gboolean
ask_store(CasaSimSink *sink, const char *question, CasaSimAnswerFunc is_answer, gpointer data)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  for (guint try = 0; try < ASK_TIMES && casa_sim_link_ensure(self, G_MAXINT64); try++) {
    if (casa_sim_publisher_is_unwelcome(self, self->store_topic))
      break;
    gint64 until_us = g_get_monotonic_time() + ASK_EVERY_US;
    casa_sim_publisher_post(self, self->store_topic, question, strlen(question), 0, TRUE);
    for (char *answer; (answer = next_answer(self, until_us));) {
      gboolean taken = is_answer(answer, data);
      g_free(answer);
      if (taken)
        return TRUE;
    }
  }
  return FALSE;
}

static void
sink_counts(CasaSimSink *sink, CasaSimSinkCounts *out)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  g_mutex_lock(&self->lock);
  *out = (CasaSimSinkCounts){ self->counts.acked, self->counts.refused, self->in_flight };
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
  casa_sim_publisher_post(self, self->reply_topic, reply->str, reply->len, 0, TRUE);
}

static gint64
last_settled(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  gint64 settled_us = self->settled_us;
  g_mutex_unlock(&self->lock);
  return settled_us;
}

/* Messages that were handed over and are neither acknowledged nor refused. */
static guint64
unanswered(CasaSimPublisher *self)
{
  CasaSimPublisherCounts c;
  casa_sim_publisher_counts(self, &c);
  return c.messages - c.acked - c.refused;
}

/* Waits a moment for an answer. FALSE: nothing is on its way any more. */
static gboolean
await_answers(CasaSimPublisher *self)
{
  g_mutex_lock(&self->lock);
  gboolean some = casa_sim_inflight_used(self->inflight) > 0;
  if (some && self->link == CASA_SIM_UP)
    g_cond_wait_until(&self->changed, &self->lock, g_get_monotonic_time() + CASA_SIM_GLANCE_US);
  g_mutex_unlock(&self->lock);
  return some;
}

/* Until everything is answered, NULL; else why it is given up. The patience counts from the last answer: where each refusal
 * costs a connection, they come slowly. */
static const char *
drain(CasaSimPublisher *self)
{
  gint64 began_us = g_get_monotonic_time();
  gboolean told = FALSE;
  while (await_answers(self)) {
    gint64 end_us = MAX(began_us, last_settled(self)) + DRAIN_S * G_USEC_PER_SEC;
    gint64 now = g_get_monotonic_time();
    gboolean up = casa_sim_link_now(self) == CASA_SIM_UP;
    if (now >= end_us)
      return "no answer for " G_STRINGIFY(DRAIN_S) " s";
    if (!up && casa_sim_stop_requested())
      return "stopped while the connection was lost";
    if (!told && now >= began_us + DRAIN_SILENT_S * G_USEC_PER_SEC && unanswered(self) > 0) {
      g_printerr("casa-sim: waiting for the broker to answer %" G_GUINT64_FORMAT " messages\n", unanswered(self));
      told = TRUE;
    }
    if (!up)
      casa_sim_link_step(self, end_us);
  }
  return NULL;
}

static void
say_goodbye(CasaSimPublisher *self)
{
  if (casa_sim_link_now(self) != CASA_SIM_UP)
    return;
  if (self->status_topic)
    casa_sim_publisher_post(self, self->status_topic, "offline", strlen("offline"), 0, TRUE);
  drain(self);
  if (casa_sim_wire_disconnect(self))
    casa_sim_link_wait(self, CASA_SIM_CLOSING, GOODBYE_US, FALSE);
}

static gboolean
finish_publishing(CasaSimSink *sink)
{
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  if (!self->finished) {
    self->finished = TRUE;
    const char *why = drain(self);
    if (!why) /* else the broker says `offline` for us: without a goodbye it sends the will */
      say_goodbye(self);
    casa_sim_wire_destroy(self);
    if (unanswered(self) > 0)
      g_printerr("casa-sim: gave up %" G_GUINT64_FORMAT " messages that the broker has not answered: %s\n", unanswered(self),
                 why);
  }
  CasaSimPublisherCounts c;
  casa_sim_publisher_counts(self, &c);
  return c.connections > 0 && c.acked == c.messages && !self->cut;
}

CasaSimPublisher *
casa_sim_publisher_new(const CasaSimPublisherOptions *o)
{
  CasaSimPublisher *self = g_new0(CasaSimPublisher, 1);
  self->away_us = g_get_monotonic_time();
  self->sink = (CasaSimSink){ .send = send_reading,
                              .wait = wait_until,
                              .announce = announce,
                              .counts = sink_counts,
                              .set_end = set_end,
                              .finish = finish_publishing };
  if (o->control_topic) {
    self->control_topic = g_strdup(o->control_topic);
    self->reply_topic = g_strconcat(o->control_topic, "/reply", NULL);
    self->sink.take_command = take_command;
    self->sink.answer = answer;
  }
  if (o->store_topic) {
    self->store_topic = g_strdup(o->store_topic);
    self->store_reply_topic = g_strconcat(o->store_topic, "/reply", NULL);
    self->sink.ask_store = ask_store;
  }
  if (o->own_events) {
    self->own_events = g_strdup(o->own_events);
    self->sink.take_leftover = take_leftover;
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
  self->retained_at = g_hash_table_new(g_str_hash, g_str_equal);
  self->modern = TRUE;
  self->pause_ms = CASA_SIM_PAUSE_MIN_MS;
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->unwelcome = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->inflight = casa_sim_inflight_new(CASA_SIM_MAX_INFLIGHT, self);
  return self;
}

void
casa_sim_publisher_add_retained(CasaSimPublisher *self, const char *topic, const char *payload)
{
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(self->retained_at, topic));
  if (at > 0) {
    g_free(self->retained_payloads->pdata[at - 1]);
    self->retained_payloads->pdata[at - 1] = g_strdup(payload);
    return;
  }
  g_ptr_array_add(self->retained_topics, g_strdup(topic));
  g_hash_table_insert(self->retained_at, self->retained_topics->pdata[self->retained_topics->len - 1],
                      GUINT_TO_POINTER(self->retained_topics->len));
  g_ptr_array_add(self->retained_payloads, g_strdup(payload));
}

CasaSimSink *
casa_sim_publisher_sink(CasaSimPublisher *self)
{
  return &self->sink;
}

void
casa_sim_publisher_free(CasaSimPublisher *self)
{
  if (!self)
    return;
  casa_sim_wire_destroy(self);
  casa_sim_inflight_free(self->inflight);
  g_hash_table_unref(self->retained_at);
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
  g_free(self->own_events);
  g_free(self->store_topic);
  g_free(self->store_reply_topic);
  g_free(self->reply_topic);
  g_hash_table_unref(self->unwelcome);
  g_queue_clear_full(&self->commands, g_free);
  g_queue_clear_full(&self->leftovers, g_free);
  g_queue_clear_full(&self->answers, g_free);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}
