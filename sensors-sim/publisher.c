/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher.h"

#include <MQTTAsync.h>
#include <string.h>

#include "base/clock.h"
#include "window.h"

#define WINDOW 256             /* messages on their way: enough to fill the link, little to send again */
#define COMMANDS_MAX 32        /* waiting to be obeyed; more are let go */
#define COMMAND_BYTES 4096
#define GLANCE_US 100000       /* how often a waiting thread looks whether to stop */
#define PAUSE_MIN_MS 500
#define PAUSE_MAX_MS 30000
#define CONNECT_US 15000000
#define DRAIN_US 15000000      /* patience at the end, without an acknowledgement */
#define GOODBYE_US 3000000
#define REFUSED_FROM 0x80      /* MQTT 5 reason codes from here on are failures */

typedef enum { DOWN, CONNECTING, UP, CLOSING } Link;

struct _CasaSimPublisher {
  CasaSimSink sink;
  /* Set once. */
  char *uri, *ca_file, *user, *password, *status_topic, *client_id, *control_topic, *reply_topic;
  gboolean tls;
  guint qos;
  GPtrArray *retained_topics, *retained_payloads; /* char* */
  /* Simulation thread only. */
  MQTTAsync client;
  gint64 next_try_us;
  gint64 pause_ms;
  gboolean finished, was_up;
  /* Guarded by lock. */
  GMutex lock;
  GCond changed;
  Link link;
  int version; /* MQTTVERSION_5, or MQTTVERSION_3_1_1 for a broker that wants it */
  gboolean too_new, said_refused;
  guint limit;     /* messages the broker takes at once (MQTT 5 receive maximum); paho does not look at it */
  guint in_flight; /* slots that are SENT */
  char why[160]; /* the link is down */
  CasaSimWindow *window;
  CasaSimPublisherCounts counts;
  GQueue commands; /* char* */
};

/* ---- in paho's thread ---- */

static void drop_link(CasaSimPublisher *self, const char *why) {
  g_mutex_lock(&self->lock);
  self->link = DOWN;
  g_strlcpy(self->why, why && *why ? why : "the connection was lost", sizeof self->why);
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void connection_lost_cb(void *context, char *cause) {
  drop_link(context, cause);
}

/* A retained command would be obeyed again at every connection: those are left alone. */
static int arrived_cb(void *context, char *topic, int topic_len, MQTTAsync_message *message) {
  CasaSimPublisher *self = context;
  if (!message->retained && message->payloadlen > 0 && message->payloadlen <= COMMAND_BYTES) {
    g_mutex_lock(&self->lock);
    if (self->commands.length < COMMANDS_MAX)
      g_queue_push_tail(&self->commands, g_strndup(message->payload, (gsize)message->payloadlen));
    g_mutex_unlock(&self->lock);
  }
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

static void raise_link(CasaSimPublisher *self, guint limit) {
  g_mutex_lock(&self->lock);
  self->link = UP;
  self->limit = CLAMP(limit, 1, WINDOW);
  self->counts.connections++;
  self->counts.mqtt_version = (guint)self->version;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void connected_cb(void *context, MQTTAsync_successData *data) {
  raise_link(context, WINDOW);
}

static void connected5_cb(void *context, MQTTAsync_successData5 *data) {
  int limit = MQTTProperties_getNumericValue(&data->properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM);
  raise_link(context, limit > 0 ? (guint)limit : WINDOW); /* absent: no limit */
}

static void not_connected_cb(void *context, MQTTAsync_failureData *data) {
  drop_link(context, data && data->message ? data->message : MQTTAsync_strerror(data ? data->code : MQTTASYNC_FAILURE));
}

static void not_connected5_cb(void *context, MQTTAsync_failureData5 *data) {
  CasaSimPublisher *self = context;
  const char *why = "no answer";
  if (data && data->reasonCode >= REFUSED_FROM)
    why = MQTTReasonCode_toString(data->reasonCode);
  else if (data)
    why = data->message ? data->message : MQTTAsync_strerror(data->code);
  g_mutex_lock(&self->lock);
  /* Brokers of the 3.1.1 time answer with their own "unacceptable protocol version", 1. */
  self->too_new = data && (data->reasonCode == MQTTREASONCODE_UNSUPPORTED_PROTOCOL_VERSION || data->code == 1);
  g_mutex_unlock(&self->lock);
  drop_link(self, why);
}

static void settle(CasaSimSlot *slot, gboolean taken) {
  CasaSimPublisher *self = slot->owner;
  g_mutex_lock(&self->lock);
  if (slot->state == CASA_SIM_SLOT_SENT) {
    if (taken && !slot->aside) {
      self->counts.acked++;
      self->counts.acked_samples += slot->n_values;
    } else if (!taken && !slot->aside) {
      self->counts.refused++;
    }
    self->in_flight--;
    casa_sim_window_release(self->window, slot);
    g_cond_broadcast(&self->changed);
  }
  g_mutex_unlock(&self->lock);
}

static void acked_cb(void *context, MQTTAsync_successData *data) {
  settle(context, TRUE);
}

static void acked5_cb(void *context, MQTTAsync_successData5 *data) {
  settle(context, TRUE);
}

/* The library gives up a message because the link went: it stays in the window and is sent again. */
static void unsent(CasaSimSlot *slot) {
  CasaSimPublisher *self = slot->owner;
  g_mutex_lock(&self->lock);
  if (slot->state == CASA_SIM_SLOT_SENT) {
    slot->state = CASA_SIM_SLOT_WAITING;
    self->in_flight--;
  }
  g_mutex_unlock(&self->lock);
}

static void unsent_cb(void *context, MQTTAsync_failureData *data) {
  unsent(context);
}

static void unsent5_cb(void *context, MQTTAsync_failureData5 *data) {
  CasaSimSlot *slot = context;
  CasaSimPublisher *self = slot->owner;
  if (!data || data->reasonCode < REFUSED_FROM) {
    unsent(slot);
    return;
  }
  g_mutex_lock(&self->lock);
  gboolean first = !self->said_refused;
  self->said_refused = TRUE;
  g_mutex_unlock(&self->lock);
  if (first)
    g_printerr("casa-sim: the broker refuses %s: %s (may user %s publish there? see the broker's ACL)\n", slot->topic,
               MQTTReasonCode_toString(data->reasonCode), self->user ? self->user : "(none)");
  settle(slot, FALSE);
}

static void goodbye_cb(void *context, MQTTAsync_successData *data) {
  drop_link(context, "closed");
}

static void goodbye5_cb(void *context, MQTTAsync_successData5 *data) {
  drop_link(context, "closed");
}

/* ---- in the simulation's thread ---- */

static Link link_now(CasaSimPublisher *self) {
  g_mutex_lock(&self->lock);
  Link link = self->link;
  g_mutex_unlock(&self->lock);
  return link;
}

static void post(CasaSimPublisher *self, CasaSimSlot *slot) {
  MQTTAsync_message message = MQTTAsync_message_initializer;
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  message.payload = slot->payload->str;
  message.payloadlen = (int)slot->payload->len;
  message.qos = slot->aside ? 1 : (int)self->qos;
  message.retained = slot->aside && slot->topic != self->reply_topic;
  options.context = slot;
  if (self->version == MQTTVERSION_5) {
    options.onSuccess5 = acked5_cb;
    options.onFailure5 = unsent5_cb;
  } else {
    options.onSuccess = acked_cb;
    options.onFailure = unsent_cb;
  }
  g_mutex_lock(&self->lock);
  self->in_flight++;
  slot->state = CASA_SIM_SLOT_SENT; /* before the call: its acknowledgement may come within */
  g_mutex_unlock(&self->lock);
  int rc = MQTTAsync_sendMessage(self->client, slot->topic, &message, &options);
  if (rc != MQTTASYNC_SUCCESS) {
    unsent(slot);
    drop_link(self, MQTTAsync_strerror(rc));
  }
}

/* With the lock held: until the broker takes one more. FALSE: the link is down, or a stop was asked for and @stoppable. */
static gboolean await_room(CasaSimPublisher *self, gboolean stoppable) {
  while (self->link == UP && self->in_flight >= self->limit && !(stoppable && casa_sim_stop_requested()))
    g_cond_wait_until(&self->changed, &self->lock, g_get_monotonic_time() + GLANCE_US);
  return self->link == UP && self->in_flight < self->limit;
}

/* Waits for room and posts. FALSE: the link is down, or a stop was asked for. */
static gboolean post_when_room(CasaSimPublisher *self, const char *topic, const char *payload, gsize len, guint n_values,
                               gboolean aside) {
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
    post(self, slot);
  return slot != NULL;
}

/* Not being heard on the control topic is no reason to be silent: a failure shows in the missing reply. */
static void listen_for_commands(CasaSimPublisher *self) {
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  if (self->control_topic)
    MQTTAsync_subscribe(self->client, self->control_topic, 1, &options);
}

/* What was not acknowledged goes first, then who we are. */
static void greet(CasaSimPublisher *self) {
  g_mutex_lock(&self->lock);
  CasaSimSlot *slot;
  while ((slot = casa_sim_window_next(self->window)) && await_room(self, FALSE)) {
    self->counts.resent++;
    g_mutex_unlock(&self->lock);
    post(self, slot);
    g_mutex_lock(&self->lock);
  }
  g_mutex_unlock(&self->lock);
  listen_for_commands(self);
  gboolean ok = post_when_room(self, self->status_topic, "online", strlen("online"), 0, TRUE);
  for (guint i = 0; ok && i < self->retained_topics->len; i++) {
    const char *payload = g_ptr_array_index(self->retained_payloads, i);
    ok = post_when_room(self, g_ptr_array_index(self->retained_topics, i), payload, strlen(payload), 0, TRUE);
  }
}

static gboolean make_client(CasaSimPublisher *self) {
  MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
  options.MQTTVersion = self->version;
  options.sendWhileDisconnected = 0;
  options.maxBufferedMessages = 2 * WINDOW; /* the default of 100 is less than a broker may take at once */
  MQTTAsync_destroy(&self->client);
  int rc = MQTTAsync_createWithOptions(&self->client, self->uri, self->client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
  if (rc != MQTTASYNC_SUCCESS) {
    drop_link(self, MQTTAsync_strerror(rc));
    return FALSE;
  }
  MQTTAsync_setCallbacks(self->client, self, connection_lost_cb, arrived_cb, NULL);
  return TRUE;
}

static void start_connect(CasaSimPublisher *self) {
  MQTTAsync_connectOptions v5 = MQTTAsync_connectOptions_initializer5, v3 = MQTTAsync_connectOptions_initializer;
  gboolean modern = self->version == MQTTVERSION_5;
  MQTTAsync_connectOptions options = modern ? v5 : v3;
  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  MQTTAsync_SSLOptions ssl = MQTTAsync_SSLOptions_initializer;
  will.topicName = self->status_topic;
  will.message = "offline";
  will.retained = 1;
  will.qos = 1;
  ssl.verify = 1; /* off by default: the broker's name would not be looked at */
  ssl.enableServerCertAuth = 1;
  ssl.trustStore = self->ca_file;
  options.will = &will;
  options.ssl = self->tls ? &ssl : NULL;
  options.keepAliveInterval = 10;
  options.connectTimeout = 10;
  options.maxInflight = WINDOW + 16;
  options.username = self->user;
  options.password = self->password;
  options.MQTTVersion = self->version;
  options.context = self;
  if (modern) {
    options.cleanstart = 1;
    options.onSuccess5 = connected5_cb;
    options.onFailure5 = not_connected5_cb;
  } else {
    options.cleansession = 1;
    options.onSuccess = connected_cb;
    options.onFailure = not_connected_cb;
  }
  g_mutex_lock(&self->lock);
  self->link = CONNECTING;
  g_mutex_unlock(&self->lock);
  int rc = MQTTAsync_connect(self->client, &options);
  if (rc != MQTTASYNC_SUCCESS)
    drop_link(self, MQTTAsync_strerror(rc));
}

/* Waits while the link is in @state, until @patience_us have passed or (if @stoppable) a stop is asked for. */
static void wait_while(CasaSimPublisher *self, Link state, gint64 patience_us, gboolean stoppable) {
  gint64 end = g_get_monotonic_time() + patience_us, now;
  g_mutex_lock(&self->lock);
  while (self->link == state && (now = g_get_monotonic_time()) < end && !(stoppable && casa_sim_stop_requested()))
    g_cond_wait_until(&self->changed, &self->lock, MIN(end, now + GLANCE_US));
  g_mutex_unlock(&self->lock);
}

static void say_down(CasaSimPublisher *self) {
  g_mutex_lock(&self->lock);
  gboolean too_new = self->too_new;
  self->too_new = FALSE;
  if (too_new)
    self->version = MQTTVERSION_3_1_1;
  guint connections = self->counts.connections;
  char why[sizeof self->why];
  g_strlcpy(why, self->why, sizeof why);
  g_mutex_unlock(&self->lock);
  if (too_new) {
    g_printerr("casa-sim: %s does not speak MQTT 5, trying 3.1.1\n", self->uri);
    self->next_try_us = 0;
    return;
  }
  g_printerr("casa-sim: %s to the broker at %s: %s; trying again in %.1f s%s\n", connections ? "lost the connection" : "cannot connect",
             self->uri, why, (double)self->pause_ms / 1000, connections ? "" : " (is it running? --broker names another)");
  self->next_try_us = g_get_monotonic_time() + self->pause_ms * 1000;
  self->pause_ms = MIN(self->pause_ms * 2, PAUSE_MAX_MS);
}

static gboolean try_once(CasaSimPublisher *self) {
  if (!make_client(self))
    return FALSE;
  g_mutex_lock(&self->lock);
  casa_sim_window_rewind(self->window);
  self->in_flight = 0;
  g_mutex_unlock(&self->lock);
  start_connect(self);
  wait_while(self, CONNECTING, CONNECT_US, TRUE);
  if (link_now(self) == UP)
    return TRUE;
  if (link_now(self) == CONNECTING)
    drop_link(self, "no answer");
  return FALSE;
}

/* TRUE: connected. FALSE: a stop was asked for, or @end_us passed. */
static gboolean ensure_up(CasaSimPublisher *self, gint64 end_us) {
  while (link_now(self) != UP) {
    if (casa_sim_stop_requested() || g_get_monotonic_time() >= end_us)
      return FALSE;
    gint64 now = g_get_monotonic_time();
    if (self->was_up) {
      self->was_up = FALSE;
      say_down(self);
      continue;
    }
    if (now < self->next_try_us) {
      wait_while(self, DOWN, MIN(self->next_try_us, end_us) - now, TRUE);
      continue;
    }
    if (!try_once(self)) {
      if (!casa_sim_stop_requested())
        say_down(self);
      continue;
    }
    self->pause_ms = PAUSE_MIN_MS;
    self->was_up = TRUE;
    g_printerr("casa-sim: connected to %s, MQTT %s\n", self->uri, self->version == MQTTVERSION_5 ? "5" : "3.1.1");
    greet(self);
  }
  return TRUE;
}

static gboolean send_reading(CasaSimSink *sink, const char *topic, const GString *payload, guint n_values) {
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  while (ensure_up(self, G_MAXINT64)) {
    if (post_when_room(self, topic, payload->str, payload->len, n_values, FALSE))
      return TRUE;
  }
  return FALSE;
}

static void wait_until(CasaSimSink *sink, gint64 until_us) {
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  gint64 left = until_us - casa_clock_mono_us();
  gint64 end_us = g_get_monotonic_time() + left;
  while (!casa_sim_stop_requested() && g_get_monotonic_time() < end_us) {
    if (ensure_up(self, end_us))
      wait_while(self, UP, end_us - g_get_monotonic_time(), TRUE);
  }
}

static gboolean announce(CasaSimSink *sink, const char *topic, const GString *payload) {
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  casa_sim_publisher_add_retained(self, topic, payload->str);
  const char *kept = g_ptr_array_index(self->retained_topics, self->retained_topics->len - 1);
  /* While the link is down it is enough to remember it: it goes out with the next greeting. */
  if (link_now(self) == UP)
    post_when_room(self, kept, payload->str, payload->len, 0, TRUE);
  return TRUE;
}

static char *take_command(CasaSimSink *sink) {
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  g_mutex_lock(&self->lock);
  char *command = g_queue_pop_head(&self->commands);
  g_mutex_unlock(&self->lock);
  return command;
}

static void answer(CasaSimSink *sink, const GString *reply) {
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  post_when_room(self, self->reply_topic, reply->str, reply->len, 0, TRUE);
}

/* Until nothing is on its way, or nothing has moved for a while. */
static void drain(CasaSimPublisher *self) {
  gint64 end_us = g_get_monotonic_time() + DRAIN_US;
  g_mutex_lock(&self->lock);
  guint used = casa_sim_window_used(self->window);
  while (used > 0 && g_get_monotonic_time() < end_us) {
    if (self->link != UP) {
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

static void say_goodbye(CasaSimPublisher *self) {
  if (link_now(self) != UP)
    return;
  post_when_room(self, self->status_topic, "offline", strlen("offline"), 0, TRUE);
  drain(self);
  MQTTAsync_disconnectOptions v5 = MQTTAsync_disconnectOptions_initializer5, v3 = MQTTAsync_disconnectOptions_initializer;
  gboolean modern = self->version == MQTTVERSION_5;
  MQTTAsync_disconnectOptions options = modern ? v5 : v3;
  options.timeout = 1000;
  options.context = self;
  if (modern)
    options.onSuccess5 = goodbye5_cb;
  else
    options.onSuccess = goodbye_cb;
  g_mutex_lock(&self->lock);
  self->link = CLOSING;
  g_mutex_unlock(&self->lock);
  if (MQTTAsync_disconnect(self->client, &options) == MQTTASYNC_SUCCESS)
    wait_while(self, CLOSING, GOODBYE_US, FALSE);
}

static gboolean finish_publishing(CasaSimSink *sink) {
  CasaSimPublisher *self = (CasaSimPublisher *)sink;
  if (!self->finished) {
    self->finished = TRUE;
    drain(self);
    say_goodbye(self);
    MQTTAsync_destroy(&self->client);
  }
  CasaSimPublisherCounts c;
  casa_sim_publisher_counts(self, &c);
  return c.connections > 0 && c.acked == c.messages;
}

CasaSimPublisher *casa_sim_publisher_new(const CasaSimPublisherOptions *o) {
  CasaSimPublisher *self = g_new0(CasaSimPublisher, 1);
  self->sink = (CasaSimSink){.send = send_reading, .wait = wait_until, .announce = announce, .finish = finish_publishing};
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
  self->version = MQTTVERSION_5;
  self->pause_ms = PAUSE_MIN_MS;
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->window = casa_sim_window_new(WINDOW, self);
  return self;
}

void casa_sim_publisher_add_retained(CasaSimPublisher *self, const char *topic, const char *payload) {
  g_ptr_array_add(self->retained_topics, g_strdup(topic));
  g_ptr_array_add(self->retained_payloads, g_strdup(payload));
}

CasaSimSink *casa_sim_publisher_sink(CasaSimPublisher *self) {
  return &self->sink;
}

void casa_sim_publisher_counts(CasaSimPublisher *self, CasaSimPublisherCounts *out) {
  g_mutex_lock(&self->lock);
  *out = self->counts;
  g_mutex_unlock(&self->lock);
}

void casa_sim_publisher_free(CasaSimPublisher *self) {
  if (!self)
    return;
  MQTTAsync_destroy(&self->client);
  casa_sim_window_free(self->window);
  g_ptr_array_unref(self->retained_topics);
  g_ptr_array_unref(self->retained_payloads);
  g_free(self->uri);
  g_free(self->ca_file);
  g_free(self->user);
  if (self->password)
    memset(self->password, 0, strlen(self->password));
  g_free(self->password);
  g_free(self->status_topic);
  g_free(self->client_id);
  g_free(self->control_topic);
  g_free(self->reply_topic);
  g_queue_clear_full(&self->commands, g_free);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}
