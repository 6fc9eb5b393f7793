/* SPDX-License-Identifier: Apache-2.0 */
#include "broker.h"

#include <MQTTAsync.h>
#include <string.h>

/* As many as mosquitto's default receive window would let a careful client have. */
#define IN_FLIGHT_MAX 50

struct _TestPublisher {
  MQTTAsync client;
  GMutex lock;
  GCond changed;
  gboolean connected, failed; /* guarded by lock */
  guint sent, acked;          /* guarded by lock */
};

static void
connected_cb(void *context, MQTTAsync_successData *response)
{
  TestPublisher *self = context;
  g_mutex_lock(&self->lock);
  self->connected = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void
failed_cb(void *context, MQTTAsync_failureData *response)
{
  TestPublisher *self = context;
  g_mutex_lock(&self->lock);
  self->failed = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void
acked_cb(void *context, MQTTAsync_successData *response)
{
  TestPublisher *self = context;
  g_mutex_lock(&self->lock);
  self->acked++;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static int
arrived_cb(void *context, char *topic, int len, MQTTAsync_message *message)
{
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

TestPublisher *
test_publisher_new(const char *url)
{
  static gint serial;
  TestPublisher *self = g_new0(TestPublisher, 1);
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
  g_autofree char *id = g_strdup_printf("test-publisher-%d-%08x", g_atomic_int_add(&serial, 1), g_random_int());
  g_autofree char *uri = g_strdup_printf("tcp://%s", url + strlen("mqtt://"));
  if (g_getenv("http_proxy"))
    g_unsetenv("http_proxy");
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  g_assert_cmpint(MQTTAsync_create(&self->client, uri, id, MQTTCLIENT_PERSISTENCE_NONE, NULL), ==, MQTTASYNC_SUCCESS);
  MQTTAsync_setCallbacks(self->client, self, NULL, arrived_cb, NULL);
  options.MQTTVersion = MQTTVERSION_3_1_1;
  options.cleansession = 1;
  options.maxInflight = IN_FLIGHT_MAX;
  options.onSuccess = connected_cb;
  options.onFailure = failed_cb;
  options.context = self;
  g_assert_cmpint(MQTTAsync_connect(self->client, &options), ==, MQTTASYNC_SUCCESS);
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  g_mutex_lock(&self->lock);
  while (!self->connected && !self->failed && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  g_assert_true(self->connected);
  g_mutex_unlock(&self->lock);
  return self;
}

void
test_publisher_free(TestPublisher *self)
{
  if (!self)
    return;
  MQTTAsync_destroy(&self->client);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}

void
test_publisher_send(TestPublisher *self, const char *topic, const void *payload, gssize len, int qos, gboolean retained)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  gint64 until_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  options.onSuccess = acked_cb;
  options.onFailure = failed_cb;
  options.context = self;
  g_mutex_lock(&self->lock);
  while (self->sent - self->acked >= IN_FLIGHT_MAX && !self->failed)
    if (!g_cond_wait_until(&self->changed, &self->lock, until_us))
      g_error("the broker acknowledges nothing");
  self->sent++;
  g_mutex_unlock(&self->lock);
  int rc = MQTTAsync_send(self->client, topic, len < 0 ? (int)strlen(payload) : (int)len, payload, qos, retained, &options);
  g_assert_cmpint(rc, ==, MQTTASYNC_SUCCESS);
}

gboolean
test_publisher_flush(TestPublisher *self, double seconds)
{
  gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  g_mutex_lock(&self->lock);
  while (self->acked < self->sent && !self->failed && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  gboolean all = self->acked == self->sent;
  g_mutex_unlock(&self->lock);
  return all;
}

guint
test_publisher_acked(TestPublisher *self)
{
  g_mutex_lock(&self->lock);
  guint acked = self->acked;
  g_mutex_unlock(&self->lock);
  return acked;
}
