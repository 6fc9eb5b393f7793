/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher-private.h"

#include <MQTTAsync.h>
#include <string.h>

#include "refusal.h"

#define COMMANDS_MAX 32 /* waiting to be obeyed; more are let go */
#define COMMAND_BYTES 4096
#define LEFTOVERS_MAX 1000
#define ANSWERS_MAX 16

/* ---- in the library's thread ---- */

static void
connection_lost_cb(void *context, char *cause)
{
  casa_sim_publisher_drop(context, cause);
}

/* MQTT 5: the broker ends the connection and says why. */
static void
disconnected_cb(void *context, MQTTProperties *properties, enum MQTTReasonCodes code)
{
  char why[160];
  g_snprintf(why, sizeof why, "the broker ended it: %s%s%s", casa_sim_refusal_name((guint)code),
             *casa_sim_refusal_mend((guint)code) ? ": " : "", casa_sim_refusal_mend((guint)code));
  casa_sim_publisher_drop(context, why);
}

/* Any thread that is the library's. */
static void
note(CasaSimPublisher *self, GQueue *queue, guint max, const char *text, gsize len)
{
  g_mutex_lock(&self->lock);
  if (queue->length < max)
    g_queue_push_tail(queue, g_strndup(text, len));
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static gboolean
is_topic(const char *topic, gsize len, const char *other)
{
  return other && strlen(other) == len && memcmp(topic, other, len) == 0;
}

/* A retained command would be obeyed again at every connection: those are left alone. */
static int
arrived_cb(void *context, char *topic, int topic_len, MQTTAsync_message *message)
{
  CasaSimPublisher *self = context;
  gsize len = topic_len > 0 ? (gsize)topic_len : strlen(topic);
  gsize prefix_len = self->own_events ? strlen(self->own_events) : 0;
  if (prefix_len > 0 && len > prefix_len && memcmp(topic, self->own_events, prefix_len) == 0) {
    if (message->retained && message->payloadlen > 0)
      note(self, &self->leftovers, LEFTOVERS_MAX, topic, len);
  } else if (is_topic(topic, len, self->store_reply_topic)) {
    note(self, &self->answers, ANSWERS_MAX, message->payload, (gsize)message->payloadlen);
  } else if (!message->retained && message->payloadlen > 0 && message->payloadlen <= COMMAND_BYTES) {
    note(self, &self->commands, COMMANDS_MAX, message->payload, (gsize)message->payloadlen);
  }
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

static void
raise_link(CasaSimPublisher *self, guint limit, guint max_packet)
{
  g_mutex_lock(&self->lock);
  self->link = CASA_SIM_UP;
  self->answered = TRUE;
  self->limit = CLAMP(limit, 1, CASA_SIM_MAX_INFLIGHT);
  self->max_packet = max_packet;
  self->counts.connections++;
  self->counts.mqtt_version = self->modern ? 5 : 4;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void
connected_cb(void *context, MQTTAsync_successData *data)
{
  raise_link(context, CASA_SIM_MAX_INFLIGHT, 0);
}

/* What the broker does not tell, it does not limit. */
static void
connected5_cb(void *context, MQTTAsync_successData5 *data)
{
  gint64 limit = MQTTProperties_getNumericValue(&data->properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM);
  gint64 max_packet = MQTTProperties_getNumericValue(&data->properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE);
  raise_link(context, limit > 0 ? (guint)limit : CASA_SIM_MAX_INFLIGHT, max_packet > 0 ? (guint)MIN(max_packet, G_MAXINT) : 0);
}

/* @reason: of the broker, 0 when it said nothing. */
static void
fail_to_connect(CasaSimPublisher *self, guint reason, const char *message)
{
  char why[200];
  if (reason >= CASA_SIM_REFUSED_FROM)
    g_snprintf(why, sizeof why, "%s%s%s", casa_sim_refusal_name(reason), *casa_sim_refusal_mend(reason) ? ": " : "",
               casa_sim_refusal_mend(reason));
  else
    g_strlcpy(why, message ? message : "no answer", sizeof why);
  g_mutex_lock(&self->lock);
  self->answered = reason > 0;
  self->too_new = reason == 0x84;
  g_mutex_unlock(&self->lock);
  casa_sim_publisher_drop(self, why);
}

static void
not_connected_cb(void *context, MQTTAsync_failureData *data)
{
  guint reason = data && data->code > 0 && data->code <= 5 ? casa_sim_refusal_of_connack((guint)data->code) : 0;
  fail_to_connect(context, reason, data ? data->message ? data->message : MQTTAsync_strerror(data->code) : NULL);
}

/* Brokers of the 3.1.1 time answer a newer client with their own "unacceptable protocol version", 1. */
static void
not_connected5_cb(void *context, MQTTAsync_failureData5 *data)
{
  guint reason = 0;
  if (data && (guint)data->reasonCode >= CASA_SIM_REFUSED_FROM)
    reason = (guint)data->reasonCode;
  else if (data && data->code >= (int)CASA_SIM_REFUSED_FROM) /* what a CONNACK says comes here */
    reason = (guint)data->code;
  else if (data && (data->code == 1 || (guint)data->reasonCode == 1))
    reason = 0x84;
  fail_to_connect(context, reason, data ? data->message ? data->message : MQTTAsync_strerror(data->code) : NULL);
}

/* The TLS library tells its troubles line by line, the most telling first. */
static int
tls_error_cb(const char *text, size_t len, void *context)
{
  CasaSimPublisher *self = context;
  g_mutex_lock(&self->lock);
  if (!*self->tls_why)
    g_strlcpy(self->tls_why, text, MIN(len + 1, sizeof self->tls_why));
  g_strdelimit(self->tls_why, "\r\n", '\0');
  g_mutex_unlock(&self->lock);
  return 1;
}

static void
acked(CasaSimSlot *slot)
{
  CasaSimPublisher *self = slot->owner;
  g_mutex_lock(&self->lock);
  if (slot->state == CASA_SIM_SLOT_SENT) {
    if (!slot->aside) {
      self->counts.acked++;
      self->counts.acked_samples += slot->n_values;
    }
    self->refused_last = FALSE;
    casa_sim_publisher_settle(self, slot, FALSE);
  }
  g_mutex_unlock(&self->lock);
}

static void
acked_cb(void *context, MQTTAsync_successData *data)
{
  acked(context);
}

/* "No matching subscribers", 0x10, is a success: the broker took it. */
static void
acked5_cb(void *context, MQTTAsync_successData5 *data)
{
  acked(context);
}

/* The library gives up a message because the link went: it is kept and sent again. */
static void
unsent(CasaSimSlot *slot)
{
  CasaSimPublisher *self = slot->owner;
  g_mutex_lock(&self->lock);
  if (slot->state == CASA_SIM_SLOT_SENT) {
    slot->state = CASA_SIM_SLOT_WAITING;
    self->in_flight--;
  }
  g_mutex_unlock(&self->lock);
}

static void
unsent_cb(void *context, MQTTAsync_failureData *data)
{
  unsent(context);
}

static void
unsent5_cb(void *context, MQTTAsync_failureData5 *data)
{
  CasaSimSlot *slot = context;
  CasaSimPublisher *self = slot->owner;
  if (!data || (guint)data->reasonCode < CASA_SIM_REFUSED_FROM) {
    unsent(slot);
    return;
  }
  g_mutex_lock(&self->lock);
  self->refused_last = TRUE;
  g_mutex_unlock(&self->lock);
  casa_sim_publisher_refuse(self, slot, (guint)data->reasonCode);
}

static void
goodbye_cb(void *context, MQTTAsync_successData *data)
{
  casa_sim_publisher_drop(context, "closed");
}

static void
goodbye5_cb(void *context, MQTTAsync_successData5 *data)
{
  casa_sim_publisher_drop(context, "closed");
}

/* ---- in the simulation's thread ---- */

/* Bytes of the packet at most: header, topic and its length, packet id, no properties. */
static gsize
packet_size(const CasaSimSlot *slot)
{
  return 5 + 2 + strlen(slot->topic) + 2 + 1 + slot->payload->len;
}

static void
fill_callbacks(const CasaSimPublisher *self, CasaSimSlot *slot, MQTTAsync_responseOptions *options)
{
  options->context = slot;
  if (self->modern) {
    options->onSuccess5 = acked5_cb;
    options->onFailure5 = unsent5_cb;
  } else {
    options->onSuccess = acked_cb;
    options->onFailure = unsent_cb;
  }
}

void
casa_sim_wire_post(CasaSimPublisher *self, CasaSimSlot *slot)
{
  MQTTAsync_message message = MQTTAsync_message_initializer;
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  message.payload = slot->payload->str;
  message.payloadlen = (int)slot->payload->len;
  message.qos = slot->aside ? 1 : (int)self->qos;
  message.retained = slot->aside && slot->topic != self->reply_topic && slot->topic != self->store_topic;
  fill_callbacks(self, slot, &options);
  g_mutex_lock(&self->lock);
  self->in_flight++;
  slot->state = CASA_SIM_SLOT_SENT; /* before the call: its acknowledgement may come within */
  gboolean too_large = self->max_packet > 0 && packet_size(slot) > self->max_packet;
  g_mutex_unlock(&self->lock);
  if (too_large) { /* the broker would end the connection, and get it again on the next one */
    casa_sim_publisher_refuse(self, slot, CASA_SIM_REFUSED_TOO_LARGE);
    return;
  }
  int rc = MQTTAsync_sendMessage(self->client, slot->topic, &message, &options);
  if (rc != MQTTASYNC_SUCCESS) {
    unsent(slot);
    casa_sim_publisher_drop(self, MQTTAsync_strerror(rc));
  }
}

void
casa_sim_wire_listen(CasaSimPublisher *self, const char *topic)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  MQTTAsync_subscribe(self->client, topic, 1, &options);
}

static gboolean
make_client(CasaSimPublisher *self)
{
  MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
  options.MQTTVersion = self->modern ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  options.sendWhileDisconnected = 0;
  options.maxBufferedMessages = 2 * CASA_SIM_MAX_INFLIGHT; /* the default of 100 is less than a broker may take at once */
  casa_sim_wire_destroy(self);
  int rc = MQTTAsync_createWithOptions(&self->client, self->uri, self->client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
  if (rc != MQTTASYNC_SUCCESS) {
    casa_sim_publisher_drop(self, MQTTAsync_strerror(rc));
    return FALSE;
  }
  MQTTAsync_setCallbacks(self->client, self, connection_lost_cb, arrived_cb, NULL);
  if (self->modern)
    MQTTAsync_setDisconnected(self->client, self, disconnected_cb);
  return TRUE;
}

static MQTTAsync_connectOptions
connect_options(CasaSimPublisher *self)
{
  MQTTAsync_connectOptions v5 = MQTTAsync_connectOptions_initializer5, v3 = MQTTAsync_connectOptions_initializer;
  MQTTAsync_connectOptions options = self->modern ? v5 : v3;
  options.keepAliveInterval = 10;
  options.connectTimeout = 10;
  options.maxInflight = CASA_SIM_MAX_INFLIGHT + 16;
  options.username = self->user;
  options.password = self->password;
  options.MQTTVersion = self->modern ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  options.context = self;
  if (self->modern) {
    options.cleanstart = 1;
    options.onSuccess5 = connected5_cb;
    options.onFailure5 = not_connected5_cb;
  } else {
    options.cleansession = 1;
    options.onSuccess = connected_cb;
    options.onFailure = not_connected_cb;
  }
  return options;
}

void
casa_sim_wire_connect(CasaSimPublisher *self)
{
  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  MQTTAsync_SSLOptions ssl = MQTTAsync_SSLOptions_initializer;
  if (!make_client(self))
    return;
  MQTTAsync_connectOptions options = connect_options(self);
  will.topicName = self->status_topic;
  will.message = "offline";
  will.retained = 1;
  will.qos = 1;
  ssl.verify = 1; /* off by default: the broker's name would not be looked at */
  ssl.enableServerCertAuth = 1;
  ssl.trustStore = self->ca_file;
  ssl.disableDefaultTrustStore = self->ca_file != NULL;
  ssl.ssl_error_cb = tls_error_cb;
  ssl.ssl_error_context = self;
  options.will = self->status_topic ? &will : NULL;
  options.ssl = self->tls ? &ssl : NULL;
  g_mutex_lock(&self->lock);
  self->link = CASA_SIM_CONNECTING;
  self->answered = self->too_new = FALSE;
  *self->tls_why = '\0';
  g_mutex_unlock(&self->lock);
  int rc = MQTTAsync_connect(self->client, &options);
  if (rc != MQTTASYNC_SUCCESS)
    casa_sim_publisher_drop(self, MQTTAsync_strerror(rc));
}

gboolean
casa_sim_wire_disconnect(CasaSimPublisher *self)
{
  MQTTAsync_disconnectOptions v5 = MQTTAsync_disconnectOptions_initializer5, v3 = MQTTAsync_disconnectOptions_initializer;
  MQTTAsync_disconnectOptions options = self->modern ? v5 : v3;
  options.timeout = 1000;
  options.context = self;
  if (self->modern)
    options.onSuccess5 = goodbye5_cb;
  else
    options.onSuccess = goodbye_cb;
  g_mutex_lock(&self->lock);
  self->link = CASA_SIM_CLOSING;
  g_mutex_unlock(&self->lock);
  return MQTTAsync_disconnect(self->client, &options) == MQTTASYNC_SUCCESS;
}

void
casa_sim_wire_destroy(CasaSimPublisher *self)
{
  MQTTAsync_destroy(&self->client);
}
