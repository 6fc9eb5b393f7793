/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/mqtt-client.h"

#include "base/error.h"

#include <MQTTAsync.h>
#include <string.h>

#define FAILURE_FROM 0x80 /* MQTT 5 reason codes from here on are failures, and 3.1.1's one for a subscription */

struct _CasaMqttClient {
  /* Set in new; the handles until close. One handle a version, as paho fixes it at creation. */
  MQTTAsync v3, v5;
  char *user, *password, *ca_file, *ask_topic;
  gboolean tls, passing, peek;
  char **filters, **left; /* to subscribe, and to unsubscribe; left may be NULL */
  int *qos; /* one per filter */
  guint n_filters, keepalive_s, session_expiry_s;
  CasaMqttArrivedFunc on_arrived;
  CasaMqttEventFunc on_event;
  gpointer data;

  gint shares; /* atomic: the broker of the last connection did not say that it has no shared subscriptions */
  MQTTAsync active; /* atomic: v3 or v5, whichever was connected last; NULL: closed */
};

static MQTTAsync
active(CasaMqttClient *self)
{
  return g_atomic_pointer_get(&self->active);
}

static gboolean
is_v5(CasaMqttClient *self)
{
  return active(self) == self->v5;
}

static void
tell(CasaMqttClient *self, CasaMqttEventType type, const char *text)
{
  CasaMqttEvent event = {.type = type};
  g_strlcpy(event.text, text ? text : "", sizeof event.text);
  self->on_event(&event, self->data);
}

/* --- Connecting -------------------------------------------------------------------------------------------------- */

static void
tell_connected(CasaMqttClient *self, gboolean session_present)
{
  CasaMqttEvent event = {.type = CASA_MQTT_EVENT_CONNECTED, .session_present = session_present};
  self->on_event(&event, self->data);
}

static void
connected_cb(void *context, MQTTAsync_successData *response)
{
  tell_connected(context, response && response->alt.connect.sessionPresent);
}

static void
connected5_cb(void *context, MQTTAsync_successData5 *response)
{
  CasaMqttClient *self = context;
  int shares = response ? MQTTProperties_getNumericValue(&response->properties, MQTTPROPERTY_CODE_SHARED_SUBSCRIPTION_AVAILABLE)
                        : 1;
  g_atomic_int_set(&self->shares, shares != 0); /* -9999999: not told */
  tell_connected(context, response && response->alt.connect.sessionPresent);
}

/* CONNACK of 3.1.1, and those of 5 with words of our own; NULL: no refusal of the broker's, or one for the library to name. */
static const char *
refusal(int code)
{
  switch (code) {
  case 2:
  case MQTTREASONCODE_CLIENT_IDENTIFIER_NOT_VALID:
    return "it refuses the client id; set [broker] client_id";
  case 3:
  case MQTTREASONCODE_SERVER_UNAVAILABLE:
    return "it says it is unavailable";
  case 4:
  case MQTTREASONCODE_BAD_USER_NAME_OR_PASSWORD:
    return "user name or password is wrong; set [broker] user and password_file";
  case 5:
  case MQTTREASONCODE_NOT_AUTHORIZED:
    return "not authorised; set [broker] user and password_file, and check the broker's ACL";
  default:
    return NULL;
  }
}

static void
tell_not_connected(CasaMqttClient *self, int code, const char *text)
{
  const char *why = refusal(code);
  if (code == 1 || code == MQTTREASONCODE_UNSUPPORTED_PROTOCOL_VERSION)
    tell(self, CASA_MQTT_EVENT_TOO_NEW, NULL);
  else if (why)
    tell(self, CASA_MQTT_EVENT_REFUSED, why);
  else if (code >= FAILURE_FROM)
    tell(self, CASA_MQTT_EVENT_REFUSED, MQTTReasonCode_toString((enum MQTTReasonCodes)code));
  else
    tell(self, CASA_MQTT_EVENT_UNREACHED, text);
}

static void
not_connected_cb(void *context, MQTTAsync_failureData *response)
{
  tell_not_connected(context, response ? response->code : -1, response ? response->message : NULL);
}

static void
not_connected5_cb(void *context, MQTTAsync_failureData5 *response)
{
  /* A broker that knows only 3.1.1 answers with a code of 3.1.1. */
  int code = !response ? -1 : response->reasonCode != MQTTREASONCODE_SUCCESS ? (int)response->reasonCode : response->code;
  tell_not_connected(context, code, response ? response->message : NULL);
}

static void
set_version_options(CasaMqttClient *self, MQTTAsync_connectOptions *options, MQTTProperties *properties)
{
  if (!is_v5(self)) {
    options->cleansession = self->passing;
    options->onSuccess = connected_cb;
    options->onFailure = not_connected_cb;
    return;
  }
  MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
  expiry.value.integer4 = self->passing ? 0 : self->session_expiry_s;
  MQTTProperties_add(properties, &expiry);
  if (self->peek) { /* as little as can be of what waits there is sent in vain */
    MQTTProperty one = {.identifier = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM};
    one.value.integer2 = 1;
    MQTTProperties_add(properties, &one);
  }
  options->connectProperties = properties;
  options->cleanstart = self->passing;
  options->onSuccess5 = connected5_cb;
  options->onFailure5 = not_connected5_cb;
}

void
casa_mqtt_client_connect(CasaMqttClient *self, guint version, guint timeout_s)
{
  MQTTAsync_connectOptions v3 = MQTTAsync_connectOptions_initializer, v5 = MQTTAsync_connectOptions_initializer5;
  MQTTAsync_connectOptions options = version == 5 ? v5 : v3;
  MQTTAsync_SSLOptions ssl = MQTTAsync_SSLOptions_initializer;
  MQTTProperties properties = MQTTProperties_initializer;
  g_atomic_pointer_set(&self->active, version == 5 ? self->v5 : self->v3);
  options.MQTTVersion = version == 5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  options.keepAliveInterval = (int)self->keepalive_s;
  options.connectTimeout = (int)timeout_s;
  options.username = self->user;
  options.password = self->user ? self->password : NULL;
  options.context = self;
  set_version_options(self, &options, &properties);
  if (self->tls) {
    ssl.enableServerCertAuth = 1;
    ssl.verify = 1; /* without it the name in the certificate is not looked at */
    ssl.trustStore = self->ca_file;
    ssl.disableDefaultTrustStore = self->ca_file != NULL;
    options.ssl = &ssl;
  }
  int rc = MQTTAsync_connect(active(self), &options);
  MQTTProperties_free(&properties);
  if (rc != MQTTASYNC_SUCCESS)
    tell(self, CASA_MQTT_EVENT_UNREACHED, MQTTAsync_strerror(rc) ? MQTTAsync_strerror(rc) : "cannot connect");
}

/* --- While connected --------------------------------------------------------------------------------------------- */

static int
message_arrived_cb(void *context, char *topic, int topic_len, MQTTAsync_message *m)
{
  CasaMqttClient *self = context;
  CasaMqttMessage message = {
    .topic = topic,
    .topic_len = topic_len > 0 ? (gsize)topic_len : strlen(topic),
    .payload = m->payload,
    .payload_len = m->payloadlen > 0 ? (gsize)m->payloadlen : 0,
    .retained = m->retained != 0,
    .duplicate = m->dup != 0,
    .qos = m->qos,
  };
  self->on_arrived(&message, self->data);
  MQTTAsync_freeMessage(&m);
  MQTTAsync_free(topic);
  return 1;
}

static void
connection_lost_cb(void *context, char *cause)
{
  tell(context, CASA_MQTT_EVENT_LOST, cause);
}

/* MQTT 5: the broker says why it ends the connection. */
static void
put_off_cb(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
  if (reason == MQTTREASONCODE_SESSION_TAKEN_OVER)
    tell(context, CASA_MQTT_EVENT_TAKEN_OVER, NULL);
  else
    tell(context, CASA_MQTT_EVENT_LOST, MQTTReasonCode_toString(reason));
}

static void
tell_subscription(CasaMqttClient *self, guint i, int code)
{
  g_autofree char *text = NULL;
  if (code == MQTTREASONCODE_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED)
    text = g_strdup_printf("the subscription to %s: it has no shared subscriptions; take share away and split the topics",
                           self->filters[i]);
  else
    text = g_strdup_printf("the subscription to %s; allow it in the broker's ACL", self->filters[i]);
  tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_REFUSED, text);
}

static void
subscribed_cb(void *context, MQTTAsync_successData *response)
{
  CasaMqttClient *self = context;
  for (guint i = 0; response && i < self->n_filters; i++) {
    int granted = self->n_filters == 1 ? response->alt.qos : response->alt.qosList[i];
    if (granted >= FAILURE_FROM) {
      tell_subscription(self, i, granted);
      return;
    }
  }
  tell(self, CASA_MQTT_EVENT_SUBSCRIBED, NULL);
}

/* For a single filter paho counts one reason code but gives no array. */
static void
subscribed5_cb(void *context, MQTTAsync_successData5 *response)
{
  CasaMqttClient *self = context;
  for (guint i = 0; response && i < self->n_filters; i++) {
    int granted = (int)(self->n_filters == 1 ? response->reasonCode : response->alt.sub.reasonCodes[i]);
    if (granted >= FAILURE_FROM) {
      tell_subscription(self, i, granted);
      return;
    }
  }
  tell(self, CASA_MQTT_EVENT_SUBSCRIBED, NULL);
}

static void
tell_not_subscribed(CasaMqttClient *self, int code, const char *text)
{
  if (code >= FAILURE_FROM)
    tell_subscription(self, 0, code);
  else
    tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_FAILED, text);
}

static void
not_subscribed_cb(void *context, MQTTAsync_failureData *response)
{
  tell_not_subscribed(context, response ? response->code : -1, response ? response->message : NULL);
}

static void
not_subscribed5_cb(void *context, MQTTAsync_failureData5 *response)
{
  tell_not_subscribed(context, response ? (int)response->reasonCode : -1, response ? response->message : NULL);
}

/* After the new ones, so that nothing falls between; and without waiting: on the next connection it is done again. */
static void
leave_old(CasaMqttClient *self)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  guint n = self->left ? g_strv_length(self->left) : 0;
  if (n > 0)
    MQTTAsync_unsubscribeMany(active(self), (int)n, self->left, &options);
}

/* RabbitMQ 4 says that it has no shared subscriptions, and then takes $share/… for an ordinary topic that nothing comes on.
 * The number of the first filter that would fare so, or -1. */
static int
find_vain_share(CasaMqttClient *self)
{
  for (guint i = 0; is_v5(self) && !g_atomic_int_get(&self->shares) && i < self->n_filters; i++) {
    if (g_str_has_prefix(self->filters[i], "$share/"))
      return (int)i;
  }
  return -1;
}

void
casa_mqtt_client_subscribe(CasaMqttClient *self)
{
  int vain = find_vain_share(self);
  if (vain >= 0) {
    tell_subscription(self, (guint)vain, MQTTREASONCODE_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
    return;
  }
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.context = self;
  if (is_v5(self)) {
    options.onSuccess5 = subscribed5_cb;
    options.onFailure5 = not_subscribed5_cb;
  } else {
    options.onSuccess = subscribed_cb;
    options.onFailure = not_subscribed_cb;
  }
  int rc = MQTTAsync_subscribeMany(active(self), (int)self->n_filters, self->filters, self->qos, &options);
  if (rc != MQTTASYNC_SUCCESS)
    tell(self, CASA_MQTT_EVENT_SUBSCRIPTION_FAILED, MQTTAsync_strerror(rc));
  else
    leave_old(self);
}

static void
answered_cb(void *context, MQTTAsync_successData *response)
{
  tell(context, CASA_MQTT_EVENT_ANSWERED, NULL);
}

static void
answered5_cb(void *context, MQTTAsync_successData5 *response)
{
  tell(context, CASA_MQTT_EVENT_ANSWERED, NULL);
}

static void
unanswered_cb(void *context, MQTTAsync_failureData *response)
{
  tell(context, CASA_MQTT_EVENT_UNANSWERED, NULL);
}

/* That the broker would not unsubscribe us is an answer too. */
static void
unanswered5_cb(void *context, MQTTAsync_failureData5 *response)
{
  gboolean answer = response && (int)response->reasonCode >= FAILURE_FROM;
  tell(context, answer ? CASA_MQTT_EVENT_ANSWERED : CASA_MQTT_EVENT_UNANSWERED, NULL);
}

void
casa_mqtt_client_ask(CasaMqttClient *self)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.context = self;
  if (is_v5(self)) {
    options.onSuccess5 = answered5_cb;
    options.onFailure5 = unanswered5_cb;
  } else {
    options.onSuccess = answered_cb;
    options.onFailure = unanswered_cb;
  }
  if (MQTTAsync_unsubscribe(active(self), self->ask_topic, &options) != MQTTASYNC_SUCCESS)
    tell(self, CASA_MQTT_EVENT_UNANSWERED, NULL);
}

void
casa_mqtt_client_publish(CasaMqttClient *self, const char *topic, const char *payload)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  MQTTAsync_send(active(self), topic, (int)strlen(payload), payload, 0, 0, &options);
}

/* --- The end of a connection ------------------------------------------------------------------------------------- */

static void
closed_cb(void *context, MQTTAsync_successData *response)
{
  tell(context, CASA_MQTT_EVENT_CLOSED, NULL);
}

static void
not_closed_cb(void *context, MQTTAsync_failureData *response)
{
  tell(context, CASA_MQTT_EVENT_CLOSED, NULL);
}

static void
closed5_cb(void *context, MQTTAsync_successData5 *response)
{
  tell(context, CASA_MQTT_EVENT_CLOSED, NULL);
}

static void
not_closed5_cb(void *context, MQTTAsync_failureData5 *response)
{
  tell(context, CASA_MQTT_EVENT_CLOSED, NULL);
}

void
casa_mqtt_client_disconnect(CasaMqttClient *self, guint timeout_ms, gboolean forget)
{
  MQTTAsync_disconnectOptions v3 = MQTTAsync_disconnectOptions_initializer, v5 = MQTTAsync_disconnectOptions_initializer5;
  MQTTAsync_disconnectOptions options = is_v5(self) ? v5 : v3;
  options.timeout = (int)timeout_ms;
  options.context = self;
  if (is_v5(self)) {
    MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
    if (forget)
      MQTTProperties_add(&options.properties, &expiry);
    options.onSuccess5 = closed5_cb;
    options.onFailure5 = not_closed5_cb;
  } else {
    options.onSuccess = closed_cb;
    options.onFailure = not_closed_cb;
  }
  int rc = MQTTAsync_disconnect(active(self), &options);
  MQTTProperties_free(&options.properties);
  if (rc != MQTTASYNC_SUCCESS)
    tell(self, CASA_MQTT_EVENT_CLOSED, NULL);
}

/* --- Making one -------------------------------------------------------------------------------------------------- */

static gboolean
create(CasaMqttClient *self, MQTTAsync *handle, int version, const char *uri, const char *client_id, GError **error)
{
  MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
  options.MQTTVersion = version;
  /* No persistence here: the broker's session is the persistence. */
  int rc = MQTTAsync_createWithOptions(handle, uri, client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
  if (rc == MQTTASYNC_SUCCESS)
    rc = MQTTAsync_setCallbacks(*handle, self, connection_lost_cb, message_arrived_cb, NULL);
  if (rc == MQTTASYNC_SUCCESS && version == MQTTVERSION_5)
    rc = MQTTAsync_setDisconnected(*handle, self, put_off_cb);
  if (rc == MQTTASYNC_SUCCESS)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK, "cannot set up MQTT for %s with client id \"%s\": error %d", uri,
              client_id, rc);
  return FALSE;
}

/* Paho would send even localhost through them, and does not know no_proxy. */
static void
forget_proxies(void)
{
  static const char *const names[] = {"http_proxy", "https_proxy"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_getenv(names[i]))
      g_unsetenv(names[i]);
}

CasaMqttClient *
casa_mqtt_client_new(const CasaMqttOptions *options, const char *user, const char *peer, gboolean tls,
                     CasaMqttArrivedFunc on_arrived, CasaMqttEventFunc on_event, gpointer data, GError **error)
{
  forget_proxies();
  CasaMqttClient *self = g_new0(CasaMqttClient, 1);
  self->user = g_strdup(user);
  self->password = g_strdup(options->password);
  self->ca_file = g_strdup(options->ca_file);
  self->ask_topic = g_strdup_printf("casa-pulse/beat/%s", options->client_id);
  g_strdelimit(self->ask_topic, "+#", '_'); /* a wrong filter would be answered by hanging up */
  self->tls = tls;
  self->passing = options->passing;
  self->peek = options->peek;
  self->filters = g_strdupv((char **)options->filters);
  self->left = g_strdupv((char **)options->left);
  self->n_filters = g_strv_length(self->filters);
  self->qos = g_new(int, self->n_filters);
  for (guint i = 0; i < self->n_filters; i++)
    self->qos[i] = 1;
  self->keepalive_s = options->keepalive_s;
  self->session_expiry_s = options->session_expiry_s ? options->session_expiry_s : G_MAXUINT32;
  self->on_arrived = on_arrived;
  self->on_event = on_event;
  self->data = data;
  g_autofree char *uri = g_strdup_printf("%s://%s", tls ? "ssl" : "tcp", peer);
  if (create(self, &self->v3, MQTTVERSION_3_1_1, uri, options->client_id, error)
      && create(self, &self->v5, MQTTVERSION_5, uri, options->client_id, error)) {
    self->active = self->v5;
    return self;
  }
  casa_mqtt_client_free(self);
  return NULL;
}

void
casa_mqtt_client_close(CasaMqttClient *self)
{
  g_atomic_pointer_set(&self->active, NULL);
  if (self->v3)
    MQTTAsync_destroy(&self->v3);
  if (self->v5)
    MQTTAsync_destroy(&self->v5);
}

void
casa_mqtt_client_free(CasaMqttClient *self)
{
  if (!self)
    return;
  casa_mqtt_client_close(self);
  g_strfreev(self->filters);
  g_strfreev(self->left);
  g_free(self->qos);
  g_free(self->user);
  g_free(self->password);
  g_free(self->ca_file);
  g_free(self->ask_topic);
  g_free(self);
}
