/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/mqtt-client-private.h"

#include "base/error.h"

#include <string.h>

void
casa_mqtt_client_tell(CasaMqttClient *self, CasaMqttEventType type, CasaFaultCode code, const char *detail)
{
  CasaMqttEvent event = { .type = type, .fault.code = code };
  g_strlcpy(event.fault.detail, detail ? detail : "", sizeof event.fault.detail);
  self->on_event(&event, self->data);
}

/* --- Connecting -------------------------------------------------------------------------------------------------- */

static void
tell_connected(CasaMqttClient *self, gboolean session_present)
{
  CasaMqttEvent event = { .type = CASA_MQTT_EVENT_CONNECTED, .session_present = session_present };
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
  int shares =
    response ? MQTTProperties_getNumericValue(&response->properties, MQTTPROPERTY_CODE_SHARED_SUBSCRIPTION_AVAILABLE) : 1;
  g_atomic_int_set(&self->shares, shares != 0); /* -9999999: not told */
  tell_connected(context, response && response->alt.connect.sessionPresent);
}

/* CONNACK of 3.1.1, and those of 5 with a code of our own; CASA_FAULT_NONE: none of them. */
static CasaFaultCode
refusal(int code)
{
  switch (code) {
  case 2:
  case MQTTREASONCODE_CLIENT_IDENTIFIER_NOT_VALID: return CASA_FAULT_LINK_CLIENT_ID;
  case 3:
  case MQTTREASONCODE_SERVER_UNAVAILABLE: return CASA_FAULT_LINK_UNAVAILABLE;
  case 4:
  case MQTTREASONCODE_BAD_USER_NAME_OR_PASSWORD: return CASA_FAULT_LINK_PASSWORD;
  case 5:
  case MQTTREASONCODE_NOT_AUTHORIZED: return CASA_FAULT_LINK_NOT_AUTHORISED;
  default: return code >= CASA_MQTT_FAILURE_FROM ? CASA_FAULT_LINK_REFUSED : CASA_FAULT_NONE;
  }
}

static void
tell_not_connected(CasaMqttClient *self, int code, const char *text)
{
  CasaFaultCode why = refusal(code);
  if (code == 1 || code == MQTTREASONCODE_UNSUPPORTED_PROTOCOL_VERSION)
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_TOO_NEW, CASA_FAULT_NONE, NULL);
  else if (why == CASA_FAULT_NONE)
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_UNREACHED, CASA_FAULT_LINK_NO_ANSWER, text);
  else
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_REFUSED, why,
                          why == CASA_FAULT_LINK_REFUSED ? MQTTReasonCode_toString((enum MQTTReasonCodes)code) : NULL);
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
  if (!casa_mqtt_client_is_v5(self)) {
    options->cleansession = self->clean_session;
    options->onSuccess = connected_cb;
    options->onFailure = not_connected_cb;
    return;
  }
  MQTTProperty expiry = { .identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL };
  expiry.value.integer4 = self->clean_session ? 0 : self->session_expiry_s;
  MQTTProperties_add(properties, &expiry);
  if (self->peek) { /* as little as can be of what waits there is sent in vain */
    MQTTProperty one = { .identifier = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM };
    one.value.integer2 = 1;
    MQTTProperties_add(properties, &one);
  }
  options->connectProperties = properties;
  options->cleanstart = self->clean_session;
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
  int rc = MQTTAsync_connect(casa_mqtt_client_active(self), &options);
  MQTTProperties_free(&properties);
  if (rc != MQTTASYNC_SUCCESS)
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_UNREACHED, CASA_FAULT_LINK_NO_ANSWER,
                          MQTTAsync_strerror(rc) ? MQTTAsync_strerror(rc) : "cannot connect");
}

/* --- While connected --------------------------------------------------------------------------------------------- */

static int
message_arrived_cb(void *context, char *topic, int topic_len, MQTTAsync_message *m)
{
  CasaMqttClient *self = context;
  CasaMessage message = {
    .topic = topic,
    .topic_len = topic_len > 0 ? (gsize)topic_len : strlen(topic),
    .payload = m->payload,
    .payload_len = m->payloadlen > 0 ? (gsize)m->payloadlen : 0,
    .retained = m->retained != 0,
    .duplicate = m->dup != 0,
    .qos = m->qos,
    .extra_len = m->properties.length > 0 ? (gsize)m->properties.length : 0,
  };
  self->on_arrived(&message, self->data);
  MQTTAsync_freeMessage(&m);
  MQTTAsync_free(topic);
  return 1;
}

static void
connection_lost_cb(void *context, char *cause)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_LOST, CASA_FAULT_LINK_BROKEN, cause);
}

/* MQTT 5: the broker says why it ends the connection. */
static void
put_off_cb(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
  if (reason == MQTTREASONCODE_SESSION_TAKEN_OVER)
    casa_mqtt_client_tell(context, CASA_MQTT_EVENT_TAKEN_OVER, CASA_FAULT_NONE, NULL);
  else
    casa_mqtt_client_tell(context, CASA_MQTT_EVENT_LOST, CASA_FAULT_LINK_BROKEN, MQTTReasonCode_toString(reason));
}

static void
answered_cb(void *context, MQTTAsync_successData *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_ANSWERED, CASA_FAULT_NONE, NULL);
}

static void
answered5_cb(void *context, MQTTAsync_successData5 *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_ANSWERED, CASA_FAULT_NONE, NULL);
}

static void
unanswered_cb(void *context, MQTTAsync_failureData *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_UNANSWERED, CASA_FAULT_NONE, NULL);
}

/* That the broker would not unsubscribe us is an answer too. */
static void
unanswered5_cb(void *context, MQTTAsync_failureData5 *response)
{
  gboolean answer = response && (int)response->reasonCode >= CASA_MQTT_FAILURE_FROM;
  casa_mqtt_client_tell(context, answer ? CASA_MQTT_EVENT_ANSWERED : CASA_MQTT_EVENT_UNANSWERED, CASA_FAULT_NONE, NULL);
}

void
casa_mqtt_client_ask(CasaMqttClient *self)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.context = self;
  if (casa_mqtt_client_is_v5(self)) {
    options.onSuccess5 = answered5_cb;
    options.onFailure5 = unanswered5_cb;
  } else {
    options.onSuccess = answered_cb;
    options.onFailure = unanswered_cb;
  }
  if (MQTTAsync_unsubscribe(casa_mqtt_client_active(self), self->ask_topic, &options) != MQTTASYNC_SUCCESS)
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_UNANSWERED, CASA_FAULT_NONE, NULL);
}

void
casa_mqtt_client_publish(CasaMqttClient *self, const char *topic, const char *payload)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  MQTTAsync_send(casa_mqtt_client_active(self), topic, (int)strlen(payload), payload, 0, 0, &options);
}

/* --- The end of a connection ------------------------------------------------------------------------------------- */

static void
closed_cb(void *context, MQTTAsync_successData *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_CLOSED, CASA_FAULT_NONE, NULL);
}

static void
not_closed_cb(void *context, MQTTAsync_failureData *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_CLOSED, CASA_FAULT_NONE, NULL);
}

static void
closed5_cb(void *context, MQTTAsync_successData5 *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_CLOSED, CASA_FAULT_NONE, NULL);
}

static void
not_closed5_cb(void *context, MQTTAsync_failureData5 *response)
{
  casa_mqtt_client_tell(context, CASA_MQTT_EVENT_CLOSED, CASA_FAULT_NONE, NULL);
}

void
casa_mqtt_client_disconnect(CasaMqttClient *self, guint timeout_ms)
{
  MQTTAsync_disconnectOptions v3 = MQTTAsync_disconnectOptions_initializer, v5 = MQTTAsync_disconnectOptions_initializer5;
  MQTTAsync_disconnectOptions options = casa_mqtt_client_is_v5(self) ? v5 : v3;
  options.timeout = (int)timeout_ms;
  options.context = self;
  if (casa_mqtt_client_is_v5(self)) {
    options.onSuccess5 = closed5_cb;
    options.onFailure5 = not_closed5_cb;
  } else {
    options.onSuccess = closed_cb;
    options.onFailure = not_closed_cb;
  }
  int rc = MQTTAsync_disconnect(casa_mqtt_client_active(self), &options);
  if (rc != MQTTASYNC_SUCCESS)
    casa_mqtt_client_tell(self, CASA_MQTT_EVENT_CLOSED, CASA_FAULT_NONE, NULL);
}

void
casa_mqtt_client_set_clean_session(CasaMqttClient *self)
{
  self->clean_session = TRUE;
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
  static const char *const names[] = { "http_proxy", "https_proxy" };
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
  self->clean_session = options->clean_session;
  self->peek = options->peek;
  self->filters = g_strdupv((char **)options->filters);
  self->side_filters = g_strdupv((char **)options->side_filters);
  self->stale_filters = g_strdupv((char **)options->stale_filters);
  self->n_filters = g_strv_length(self->filters);
  self->qos = g_new(int, self->n_filters);
  self->asked = g_new(CasaMqttAsked, self->n_filters);
  for (guint i = 0; i < self->n_filters; i++) {
    self->qos[i] = 1;
    self->asked[i] = (CasaMqttAsked){ self, i };
  }
  self->keepalive_s = options->keepalive_s;
  self->session_expiry_s = options->session_expiry_s ? options->session_expiry_s : G_MAXUINT32;
  self->on_arrived = on_arrived;
  self->on_event = on_event;
  self->data = data;
  g_autofree char *uri = g_strdup_printf("%s://%s", tls ? "ssl" : "tcp", peer);
  if (create(self, &self->v3, MQTTVERSION_3_1_1, uri, options->client_id, error) &&
      create(self, &self->v5, MQTTVERSION_5, uri, options->client_id, error)) {
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
  g_strfreev(self->stale_filters);
  g_strfreev(self->side_filters);
  g_free(self->qos);
  g_free(self->asked);
  g_free(self->user);
  g_free(self->password);
  g_free(self->ca_file);
  g_free(self->ask_topic);
  g_free(self);
}
