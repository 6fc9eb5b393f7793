/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/mqtt-client-private.h"

static void
tell_subscription(CasaMqttClient *self, guint i, int code)
{
  gboolean no_shares = code == MQTTREASONCODE_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
  casa_mqtt_client_tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_REFUSED,
                        no_shares ? CASA_FAULT_LINK_NO_SHARES : CASA_FAULT_LINK_SUBSCRIPTION, self->filters[i]);
}

static void
tell_miscounted(CasaMqttClient *self)
{
  casa_mqtt_client_tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_REFUSED, CASA_FAULT_LINK_MISCOUNTED, NULL);
}

/* All is granted. What is asked for besides, one by one, matters to nobody when it is refused. */
static void
tell_subscribed(CasaMqttClient *self)
{
  for (guint i = 0; self->side_filters && self->side_filters[i]; i++) {
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    MQTTAsync_subscribe(casa_mqtt_client_active(self), self->side_filters[i], 0, &options);
  }
  casa_mqtt_client_tell(self, CASA_MQTT_EVENT_SUBSCRIBED, CASA_FAULT_NONE, NULL);
}

/* Each filter of 3.1.1 is asked for alone: of several, paho gives an array without its length, which a broker may have made
 * too short; and to one filter several answers look like an impossible grant. */
static void
subscribed_cb(void *context, MQTTAsync_successData *response)
{
  CasaMqttClient *self = ((CasaMqttAsked *)context)->client;
  int granted = response ? response->alt.qos : -1;
  if (granted < 0 || granted > 2)
    tell_miscounted(self);
  else if (g_atomic_int_dec_and_test(&self->unanswered))
    tell_subscribed(self);
}

/* For a single filter paho counts one reason code but gives no array. */
static void
subscribed5_cb(void *context, MQTTAsync_successData5 *response)
{
  CasaMqttClient *self = context;
  if (!response || response->alt.sub.reasonCodeCount != (int)self->n_filters) {
    tell_miscounted(self);
    return;
  }
  for (guint i = 0; i < self->n_filters; i++) {
    int granted = (int)(self->n_filters == 1 ? response->reasonCode : response->alt.sub.reasonCodes[i]);
    if (granted >= CASA_MQTT_FAILURE_FROM) {
      tell_subscription(self, i, granted);
      return;
    }
  }
  tell_subscribed(self);
}

static void
tell_not_subscribed(CasaMqttClient *self, guint i, int code, const char *text)
{
  if (code >= CASA_MQTT_FAILURE_FROM)
    tell_subscription(self, i, code);
  else
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_FAILED, CASA_FAULT_LINK_BROKEN, text);
}

static void
not_subscribed_cb(void *context, MQTTAsync_failureData *response)
{
  const CasaMqttAsked *asked = context;
  tell_not_subscribed(asked->client, asked->i, response ? response->code : -1, response ? response->message : NULL);
}

static void
not_subscribed5_cb(void *context, MQTTAsync_failureData5 *response)
{
  tell_not_subscribed(context, 0, response ? (int)response->reasonCode : -1, response ? response->message : NULL);
}

/* After the new ones, so that nothing falls between; and without waiting: on the next connection it is done again. */
static void
leave_old(CasaMqttClient *self)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  guint n = self->stale_filters ? g_strv_length(self->stale_filters) : 0;
  if (n > 0)
    MQTTAsync_unsubscribeMany(casa_mqtt_client_active(self), (int)n, self->stale_filters, &options);
}

/* RabbitMQ 4 says that it has no shared subscriptions, and then takes $share/… for an ordinary topic that nothing comes on.
 * The number of the first filter that would fare so, or -1. */
static int
find_vain_share(CasaMqttClient *self)
{
  for (guint i = 0; casa_mqtt_client_is_v5(self) && !g_atomic_int_get(&self->shares) && i < self->n_filters; i++) {
    if (g_str_has_prefix(self->filters[i], "$share/"))
      return (int)i;
  }
  return -1;
}

static int
ask_for_all(CasaMqttClient *self)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.context = self;
  options.onSuccess5 = subscribed5_cb;
  options.onFailure5 = not_subscribed5_cb;
  return MQTTAsync_subscribeMany(casa_mqtt_client_active(self), (int)self->n_filters, self->filters, self->qos, &options);
}

/* At once, not one after the other's answer: that may stand behind all retained messages of the first. */
static int
ask_for_each(CasaMqttClient *self)
{
  int rc = MQTTASYNC_SUCCESS;
  g_atomic_int_set(&self->unanswered, (gint)self->n_filters);
  for (guint i = 0; rc == MQTTASYNC_SUCCESS && i < self->n_filters; i++) {
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = &self->asked[i];
    options.onSuccess = subscribed_cb;
    options.onFailure = not_subscribed_cb;
    rc = MQTTAsync_subscribe(casa_mqtt_client_active(self), self->filters[i], self->qos[i], &options);
  }
  return rc;
}

void
casa_mqtt_client_subscribe(CasaMqttClient *self)
{
  int vain = find_vain_share(self);
  if (vain >= 0) {
    tell_subscription(self, (guint)vain, MQTTREASONCODE_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
    return;
  }
  int rc = casa_mqtt_client_is_v5(self) ? ask_for_all(self) : ask_for_each(self);
  if (rc != MQTTASYNC_SUCCESS)
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_FAILED, CASA_FAULT_LINK_BROKEN, MQTTAsync_strerror(rc));
  else
    leave_old(self);
}
