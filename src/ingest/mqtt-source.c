/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/mqtt-source.h"

#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"

#include <MQTTAsync.h>
#include <string.h>

/* Who runs where: paho's threads only store messages and drop a note into `events`; one thread of our own reads the
 * notes, decides, and makes every MQTTAsync call but publish. So the link's state has one owner and no lock is held
 * while paho holds its own. */

#define BACKOFF_MIN_MS 250
#define BACKOFF_MAX_MS 5000
#define REFUSED_WAIT_MS 5000
#define CONNECT_TIMEOUT_S 5
#define STEP_MS 50
#define BEAT_MS 1000    /* how often the broker is asked for an answer */
#define SILENT_MS 2200  /* no answer for so long: said in words (within 3 s with the beat) */
#define DEAD_MS 6000    /* no answer for so long: connect anew */

typedef enum {
  EVENT_CONNECTED,
  EVENT_CONNECT_FAILED,
  EVENT_SUBSCRIBED,
  EVENT_SUBSCRIBE_FAILED,
  EVENT_LOST,
  EVENT_DISCONNECTED,
  EVENT_STOP,
} EventType;

typedef struct {
  EventType type;
  int code; /* CONNECTED: session present */
  char text[100];
} Event;

typedef enum { PHASE_IDLE, PHASE_CONNECTING, PHASE_SUBSCRIBING, PHASE_UP, PHASE_CLOSING, PHASE_DONE } Phase;

struct _CasaMqttSource {
  /* Set once in new. */
  MQTTAsync client;
  char *peer, *user, *password, *ca_file, *beat_topic;
  gboolean tls, passing;
  char **filters;
  int *qos; /* one per filter */
  guint n_filters, keepalive_s;
  CasaMqttMessageFunc on_message;
  CasaMqttLinkFunc on_link;
  gpointer data;

  GThread *thread;

  /* Own thread only. */
  Phase phase;
  CasaLink link;
  guint failures;
  gint64 next_attempt_us, next_beat_us, phase_until_us, looked_us;
  gboolean session_present, silent, stopping;

  gint64 heard_us; /* atomic: when the broker last gave a sign of life, monotonic */
  gint beat_waiting; /* atomic */

  GMutex lock;
  GCond changed;
  GQueue events;       /* guarded by lock: Event, oldest first */
  gboolean closed;     /* guarded by lock: nothing further is handed on */
  gboolean parked;     /* guarded by lock: a message is held back for ever */
  gboolean in_message; /* guarded by lock: on_message runs */
  gboolean in_link;    /* guarded by lock: on_link runs */
  gboolean done;       /* guarded by lock: own thread has ended */
};

/* --- Paho's threads ---------------------------------------------------------------------------------------------- */

static void
note(CasaMqttSource *self, EventType type, int code, const char *text)
{
  Event *event = g_new0(Event, 1);
  event->type = type;
  event->code = code;
  g_strlcpy(event->text, text ? text : "", sizeof event->text);
  g_mutex_lock(&self->lock);
  g_queue_push_tail(&self->events, event);
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void
heard(CasaMqttSource *self)
{
  __atomic_store_n(&self->heard_us, casa_clock_mono_us(), __ATOMIC_RELAXED);
}

/* Paho acknowledges when the callback returns, whatever it returns. So it does not return. */
static void G_GNUC_NORETURN
park_locked(CasaMqttSource *self)
{
  self->in_message = FALSE;
  self->parked = TRUE;
  g_cond_broadcast(&self->changed);
  for (;;)
    g_cond_wait(&self->changed, &self->lock);
}

static int
message_arrived_cb(void *context, char *topic, int topic_len, MQTTAsync_message *m)
{
  CasaMqttSource *self = context;
  CasaMqttMessage message = {
    .topic = topic,
    .topic_len = topic_len > 0 ? (gsize)topic_len : strlen(topic),
    .payload = m->payload,
    .payload_len = m->payloadlen > 0 ? (gsize)m->payloadlen : 0,
    .retained = m->retained != 0,
    .duplicate = m->dup != 0,
    .qos = m->qos,
  };
  heard(self);
  g_mutex_lock(&self->lock);
  if (self->closed)
    park_locked(self);
  self->in_message = TRUE;
  g_mutex_unlock(&self->lock);
  gboolean kept = self->on_message(&message, self->data);
  g_mutex_lock(&self->lock);
  if (!kept)
    park_locked(self);
  self->in_message = FALSE;
  if (self->closed) /* only then somebody waits for it; a wake-up per message would cost */
    g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  heard(self);
  MQTTAsync_freeMessage(&m);
  MQTTAsync_free(topic);
  return 1;
}

static void
connection_lost_cb(void *context, char *cause)
{
  note(context, EVENT_LOST, 0, cause);
}

static void
connected_cb(void *context, MQTTAsync_successData *response)
{
  note(context, EVENT_CONNECTED, response ? response->alt.connect.sessionPresent : 0, NULL);
}

static void
connect_failed_cb(void *context, MQTTAsync_failureData *response)
{
  note(context, EVENT_CONNECT_FAILED, response ? response->code : -1, response ? response->message : NULL);
}

static void
subscribed_cb(void *context, MQTTAsync_successData *response)
{
  CasaMqttSource *self = context;
  int refused = 0;
  heard(self);
  for (guint i = 0; response && i < self->n_filters; i++) {
    int granted = self->n_filters == 1 ? response->alt.qos : response->alt.qosList[i];
    refused |= granted >= 0x80;
  }
  note(self, refused ? EVENT_SUBSCRIBE_FAILED : EVENT_SUBSCRIBED, 0x80, NULL);
}

static void
subscribe_failed_cb(void *context, MQTTAsync_failureData *response)
{
  note(context, EVENT_SUBSCRIBE_FAILED, response ? response->code : -1, response ? response->message : NULL);
}

static void
disconnected_cb(void *context, MQTTAsync_successData *response)
{
  note(context, EVENT_DISCONNECTED, 0, NULL);
}

static void
disconnect_failed_cb(void *context, MQTTAsync_failureData *response)
{
  note(context, EVENT_DISCONNECTED, 0, NULL);
}

static void
beat_answered_cb(void *context, MQTTAsync_successData *response)
{
  CasaMqttSource *self = context;
  heard(self);
  g_atomic_int_set(&self->beat_waiting, 0);
}

static void
beat_failed_cb(void *context, MQTTAsync_failureData *response)
{
  CasaMqttSource *self = context;
  g_atomic_int_set(&self->beat_waiting, 0);
}

/* --- Own thread: telling ----------------------------------------------------------------------------------------- */

static void G_GNUC_PRINTF(3, 4)
tell(CasaMqttSource *self, CasaLinkState state, const char *format, ...)
{
  va_list args;
  if (self->link.state != state)
    self->link.since_ms = casa_clock_now_ms();
  self->link.state = state;
  va_start(args, format);
  g_vsnprintf(self->link.text, sizeof self->link.text, format, args);
  va_end(args);
  if (!self->on_link)
    return;
  g_mutex_lock(&self->lock);
  self->in_link = !self->closed;
  gboolean wanted = self->in_link;
  g_mutex_unlock(&self->lock);
  if (!wanted)
    return;
  self->on_link(&self->link, self->data);
  g_mutex_lock(&self->lock);
  self->in_link = FALSE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static CasaLinkState
down_state(const CasaMqttSource *self)
{
  return self->link.connections > 0 ? CASA_LINK_LOST : CASA_LINK_CONNECTING;
}

/* --- Own thread: connecting -------------------------------------------------------------------------------------- */

static void
wait_before_next(CasaMqttSource *self, gboolean refused)
{
  guint wait_ms = refused ? REFUSED_WAIT_MS : MIN(BACKOFF_MIN_MS << MIN(self->failures, 8), BACKOFF_MAX_MS);
  self->failures++;
  self->phase = PHASE_IDLE;
  /* Between half and whole: dashboards that lost the same broker do not come back in step. */
  self->next_attempt_us = casa_clock_mono_us() + (gint64)(wait_ms * g_random_double_range(0.5, 1.0) * 1000);
}

static void
on_connect_failed(CasaMqttSource *self, int code, const char *text)
{
  static const char *const refusals[] = {
    [1] = "it does not speak MQTT 3.1.1",
    [2] = "it refuses the client id; set [broker] client_id",
    [3] = "it says it is unavailable",
    [4] = "user name or password is wrong; set [broker] user and password_file",
    [5] = "not authorised; set [broker] user and password_file, and check the broker's ACL",
  };
  gboolean refused = code > 0 && code < (int)G_N_ELEMENTS(refusals);
  g_strlcpy(self->link.unanswered, refused ? "" : self->peer, sizeof self->link.unanswered);
  if (refused)
    tell(self, CASA_LINK_REFUSED, "the broker at %s refuses: %s", self->peer, refusals[code]);
  else
    tell(self, down_state(self), "no broker answers at %s%s%s%s; is it running? trying again", self->peer,
         text[0] ? " (" : "", text, text[0] ? ")" : "");
  wait_before_next(self, refused);
}

/* A phase that waits for paho waits no longer than @seconds. */
static void
enter(CasaMqttSource *self, Phase phase, guint seconds)
{
  self->phase = phase;
  self->phase_until_us = casa_clock_mono_us() + (gint64)seconds * G_USEC_PER_SEC;
}

static void
connect_now(CasaMqttSource *self)
{
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
  MQTTAsync_SSLOptions ssl = MQTTAsync_SSLOptions_initializer;
  options.MQTTVersion = MQTTVERSION_3_1_1;
  options.keepAliveInterval = (int)self->keepalive_s;
  options.cleansession = self->passing;
  options.connectTimeout = CONNECT_TIMEOUT_S;
  options.username = self->user;
  options.password = self->user ? self->password : NULL;
  options.onSuccess = connected_cb;
  options.onFailure = connect_failed_cb;
  options.context = self;
  if (self->tls) {
    ssl.enableServerCertAuth = 1;
    ssl.verify = 1; /* without it the name in the certificate is not looked at */
    ssl.trustStore = self->ca_file;
    ssl.disableDefaultTrustStore = self->ca_file != NULL;
    options.ssl = &ssl;
  }
  enter(self, PHASE_CONNECTING, CONNECT_TIMEOUT_S + 5);
  int rc = MQTTAsync_connect(self->client, &options);
  if (rc != MQTTASYNC_SUCCESS)
    on_connect_failed(self, -1, MQTTAsync_strerror(rc) ? MQTTAsync_strerror(rc) : "cannot connect");
}

static void
close_now(CasaMqttSource *self)
{
  MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
  options.timeout = self->stopping ? 500 : 0;
  options.onSuccess = disconnected_cb;
  options.onFailure = disconnect_failed_cb;
  options.context = self;
  enter(self, PHASE_CLOSING, 2);
  if (MQTTAsync_disconnect(self->client, &options) != MQTTASYNC_SUCCESS)
    note(self, EVENT_DISCONNECTED, 0, NULL);
}

static void
on_connected(CasaMqttSource *self, gboolean session_present)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  self->session_present = session_present;
  enter(self, PHASE_SUBSCRIBING, 10);
  self->silent = FALSE;
  heard(self);
  g_atomic_int_set(&self->beat_waiting, 0);
  options.onSuccess = subscribed_cb;
  options.onFailure = subscribe_failed_cb;
  options.context = self;
  int rc = MQTTAsync_subscribeMany(self->client, (int)self->n_filters, self->filters, self->qos, &options);
  if (rc != MQTTASYNC_SUCCESS)
    note(self, EVENT_SUBSCRIBE_FAILED, rc, MQTTAsync_strerror(rc));
}

static void
on_subscribed(CasaMqttSource *self)
{
  self->phase = PHASE_UP;
  self->failures = 0;
  self->next_beat_us = self->looked_us = casa_clock_mono_us();
  heard(self);
  self->link.first = self->link.connections == 0;
  self->link.session_lost = !self->session_present;
  self->link.connections++;
  self->link.unanswered[0] = '\0';
  tell(self, CASA_LINK_UP, "connected to %s", self->peer);
}

static void
on_subscribe_failed(CasaMqttSource *self, int code)
{
  if (code == 0x80)
    tell(self, CASA_LINK_REFUSED, "the broker at %s refuses the subscription to %s; allow it in the broker's ACL", self->peer,
         self->filters[0]);
  self->failures = MAX(self->failures, 4);
  close_now(self);
}

static void
on_lost(CasaMqttSource *self, const char *cause)
{
  if (self->phase != PHASE_UP && self->phase != PHASE_SUBSCRIBING)
    return;
  tell(self, down_state(self), "the connection to %s broke%s%s; trying again", self->peer, cause[0] ? ": " : "", cause);
  wait_before_next(self, FALSE);
}

/* --- Own thread: the watch --------------------------------------------------------------------------------------- */

/* Asks for a sign of life that needs no right and reaches nobody else: unsubscribing what was never subscribed. MQTT's own
 * ping would need a keep-alive of a second, and the broker would then drop us whenever the disk makes us wait. */
static void
beat(CasaMqttSource *self)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.onSuccess = beat_answered_cb;
  options.onFailure = beat_failed_cb;
  options.context = self;
  if (!g_atomic_int_compare_and_exchange(&self->beat_waiting, 0, 1))
    return;
  if (MQTTAsync_unsubscribe(self->client, self->beat_topic, &options) != MQTTASYNC_SUCCESS)
    g_atomic_int_set(&self->beat_waiting, 0);
}

static gboolean
in_message(CasaMqttSource *self)
{
  g_mutex_lock(&self->lock);
  gboolean busy = self->in_message;
  g_mutex_unlock(&self->lock);
  return busy;
}

static void
watch(CasaMqttSource *self, gint64 now_us)
{
  /* A callback that waits for the disk, or a process that slept (SIGSTOP, laptop lid), is not the broker's silence. */
  if (in_message(self) || now_us - self->looked_us > G_USEC_PER_SEC)
    heard(self);
  self->looked_us = now_us;
  gint64 silence_ms = (now_us - __atomic_load_n(&self->heard_us, __ATOMIC_RELAXED)) / 1000;
  if (silence_ms >= DEAD_MS) {
    tell(self, CASA_LINK_LOST, "no answer from %s for %d s; connecting anew", self->peer, DEAD_MS / 1000);
    close_now(self);
  } else if (silence_ms >= SILENT_MS && !self->silent) {
    self->silent = TRUE;
    tell(self, CASA_LINK_LOST, "no answer from %s for 2 s; the network or the broker hangs", self->peer);
  } else if (silence_ms < SILENT_MS && self->silent) {
    self->silent = FALSE;
    self->link.first = self->link.session_lost = FALSE;
    tell(self, CASA_LINK_UP, "%s answers again", self->peer);
  }
  if (self->phase == PHASE_UP && now_us >= self->next_beat_us) {
    self->next_beat_us = now_us + BEAT_MS * 1000;
    if (!in_message(self))
      beat(self);
  }
}

/* --- Own thread: the loop ---------------------------------------------------------------------------------------- */

static void
on_disconnected(CasaMqttSource *self)
{
  if (self->phase != PHASE_CLOSING)
    return;
  if (self->stopping)
    self->phase = PHASE_DONE;
  else
    wait_before_next(self, self->link.state == CASA_LINK_REFUSED);
}

static void
on_stop(CasaMqttSource *self)
{
  self->stopping = TRUE;
  if (self->phase == PHASE_UP || self->phase == PHASE_SUBSCRIBING || self->phase == PHASE_CONNECTING)
    close_now(self);
  else if (self->phase != PHASE_CLOSING)
    self->phase = PHASE_DONE;
}

static void
handle(CasaMqttSource *self, const Event *event)
{
  switch (event->type) {
  case EVENT_CONNECTED:
    if (self->phase == PHASE_CONNECTING)
      on_connected(self, event->code != 0);
    break;
  case EVENT_CONNECT_FAILED:
    if (self->phase == PHASE_CONNECTING)
      on_connect_failed(self, event->code, event->text);
    break;
  case EVENT_SUBSCRIBED:
    if (self->phase == PHASE_SUBSCRIBING)
      on_subscribed(self);
    break;
  case EVENT_SUBSCRIBE_FAILED:
    if (self->phase == PHASE_SUBSCRIBING)
      on_subscribe_failed(self, event->code);
    break;
  case EVENT_LOST:
    on_lost(self, event->text);
    break;
  case EVENT_DISCONNECTED:
    on_disconnected(self);
    break;
  case EVENT_STOP:
    on_stop(self);
    break;
  }
}

static void
step(CasaMqttSource *self)
{
  gint64 now_us = casa_clock_mono_us();
  if (self->phase == PHASE_IDLE && now_us >= self->next_attempt_us)
    connect_now(self);
  else if (self->phase == PHASE_UP)
    watch(self, now_us);
  else if (now_us < self->phase_until_us || in_message(self))
    return;
  else if (self->phase == PHASE_CLOSING)
    on_disconnected(self);
  else if (self->phase == PHASE_CONNECTING || self->phase == PHASE_SUBSCRIBING)
    close_now(self);
}

/* The oldest note, or NULL after a moment. */
static Event *
next_event(CasaMqttSource *self)
{
  gint64 until_us = g_get_monotonic_time() + STEP_MS * 1000;
  g_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->events) && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  Event *event = g_queue_pop_head(&self->events);
  g_mutex_unlock(&self->lock);
  return event;
}

static gpointer
run(gpointer data)
{
  CasaMqttSource *self = data;
  tell(self, CASA_LINK_CONNECTING, "connecting to %s", self->peer);
  while (self->phase != PHASE_DONE) {
    step(self);
    g_autofree Event *event = next_event(self);
    if (event)
      handle(self, event);
  }
  MQTTAsync_destroy(&self->client);
  g_mutex_lock(&self->lock);
  self->done = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  return NULL;
}

/* --- Public ------------------------------------------------------------------------------------------------------ */

static void
copy_options(CasaMqttSource *self, const CasaMqttOptions *options)
{
  self->user = g_strdup(options->user);
  self->password = g_strdup(options->password);
  self->ca_file = g_strdup(options->ca_file);
  self->beat_topic = g_strdup_printf("casa-pulse/beat/%s", options->client_id);
  self->filters = g_strdupv((char **)options->filters);
  self->n_filters = g_strv_length(self->filters);
  self->qos = g_new(int, self->n_filters);
  for (guint i = 0; i < self->n_filters; i++)
    self->qos[i] = 1;
  self->keepalive_s = options->keepalive_s;
  self->passing = options->passing;
  self->on_message = options->on_message;
  self->on_link = options->on_link;
  self->data = options->data;
}

static gboolean
create_client(CasaMqttSource *self, const char *uri, const char *client_id, GError **error)
{
  /* No persistence here: the broker's session is the persistence. */
  int rc = MQTTAsync_create(&self->client, uri, client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL);
  if (rc == MQTTASYNC_SUCCESS)
    rc = MQTTAsync_setCallbacks(self->client, self, connection_lost_cb, message_arrived_cb, NULL);
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

CasaMqttSource *
casa_mqtt_source_new(const CasaMqttOptions *options, GError **error)
{
  g_autofree char *user = NULL, *host = NULL;
  guint16 port;
  gboolean tls;
  if (!casa_broker_url_parse(options->url, &tls, &user, &host, &port, error))
    return NULL;
  forget_proxies();
  CasaMqttSource *self = g_new0(CasaMqttSource, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  copy_options(self, options);
  if (!self->user)
    self->user = g_steal_pointer(&user);
  self->tls = tls;
  gboolean bare_v6 = strchr(host, ':') && host[0] != '[';
  self->peer = g_strdup_printf(bare_v6 ? "[%s]:%u" : "%s:%u", host, port);
  g_autofree char *uri = g_strdup_printf("%s://%s", tls ? "ssl" : "tcp", self->peer);
  if (create_client(self, uri, options->client_id, error))
    return self;
  casa_mqtt_source_free(self);
  return NULL;
}

gboolean
casa_mqtt_source_start(CasaMqttSource *self, GError **error)
{
  self->thread = g_thread_try_new("casa-mqtt", run, self, error);
  return self->thread != NULL;
}

void
casa_mqtt_source_publish(CasaMqttSource *self, const char *topic, const char *payload)
{
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  MQTTAsync_send(self->client, topic, (int)strlen(payload), payload, 0, 0, &options);
}

/* A parked callback holds paho's lock, and so may our own thread wait for it for ever: then both are left to the end of
 * the process. */
void
casa_mqtt_source_stop(CasaMqttSource *self, guint deadline_ms)
{
  if (!self || !self->thread)
    return;
  gint64 deadline_us = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
  note(self, EVENT_STOP, 0, NULL);
  g_mutex_lock(&self->lock);
  while (!self->done && !self->parked && g_cond_wait_until(&self->changed, &self->lock, deadline_us))
    ;
  self->closed = TRUE;
  while (self->in_message || self->in_link)
    g_cond_wait(&self->changed, &self->lock);
  gboolean done = self->done;
  g_mutex_unlock(&self->lock);
  if (!done)
    return;
  g_thread_join(self->thread);
  self->thread = NULL;
}

void
casa_mqtt_source_free(CasaMqttSource *self)
{
  if (!self)
    return;
  casa_mqtt_source_stop(self, 2000);
  if (self->thread) /* parked: see casa_mqtt_source_stop() */
    return;
  if (self->client)
    MQTTAsync_destroy(&self->client);
  g_queue_clear_full(&self->events, g_free);
  g_strfreev(self->filters);
  g_free(self->qos);
  g_free(self->peer);
  g_free(self->user);
  g_free(self->password);
  g_free(self->ca_file);
  g_free(self->beat_topic);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}
