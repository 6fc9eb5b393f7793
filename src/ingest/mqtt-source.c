/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/mqtt-source.h"

#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"
#include "ingest/link-watch.h"
#include "ingest/mqtt-client.h"
#include "ingest/tls-probe.h"

#include <string.h>

/* The state of the link, and its only owner. The client's threads only store messages and drop a note into `events`; one
 * thread of our own reads the notes, decides, and starts everything but publishing. So no lock is held while the library
 * holds its own. */

#define BACKOFF_MIN_MS 250
#define BACKOFF_MAX_MS 5000
#define REFUSED_WAIT_MS 5000
#define CONNECT_TIMEOUT_S 5
#define PROBE_MS 1500 /* shorter than anybody waits for the source to stop */
/* Brokers of 3.1.1, and mosquitto 2.0 always, do not say that another took our place: a connection that comes up at once
 * and is ended soon, so often in a row, looks like it. */
#define SHORT_LIFE_S 20
#define SHORT_LIVES 3
#define STEP_MS 50

typedef enum { PHASE_IDLE, PHASE_CONNECTING, PHASE_SUBSCRIBING, PHASE_UP, PHASE_CLOSING, PHASE_DONE } Phase;

struct _CasaMqttSource {
  /* Set once in new. */
  CasaMqttClient *client;
  char *peer, *host, *ca_file;
  guint16 port;
  gboolean tls, peek;
  gboolean any_version; /* 5, but 3.1.1 when the broker wants that */
  CasaMqttMessageFunc on_message;
  CasaMqttLinkFunc on_link;
  gpointer data;

  GThread *thread;

  /* Own thread only. */
  Phase phase;
  CasaLink link;
  guint version; /* 5, or 3 for 3.1.1 */
  guint failures, short_lives;
  gint64 up_us; /* when the connection came up */
  gint64 attempt_us, next_attempt_us, phase_until_us;
  gboolean session_present, stopping;

  CasaLinkWatch watch; /* what its header says any thread may do to it */
  gint session_waits; /* atomic: peek only, and another program's session was there */

  GMutex lock;
  GCond changed;
  GQueue events;       /* guarded by lock: CasaMqttEvent, oldest first */
  gboolean asked_stop; /* guarded by lock: casa_mqtt_source_stop() was called */
  gboolean closed;     /* guarded by lock: nothing further is handed on */
  gboolean parked;     /* guarded by lock: a message is held back for ever */
  gboolean in_message; /* guarded by lock: on_message runs */
  gboolean in_link;    /* guarded by lock: on_link runs */
  gboolean done;       /* guarded by lock: own thread has ended */
};

/* --- The client's threads ---------------------------------------------------------------------------------------- */

static void
heard(CasaMqttSource *self)
{
  casa_link_watch_heard(&self->watch, casa_clock_mono_us());
}

static void
event_cb(const CasaMqttEvent *event, gpointer data)
{
  CasaMqttSource *self = data;
  if (event->type == CASA_MQTT_EVENT_ANSWERED || event->type == CASA_MQTT_EVENT_SUBSCRIBED)
    heard(self);
  if (event->type == CASA_MQTT_EVENT_ANSWERED || event->type == CASA_MQTT_EVENT_UNANSWERED) {
    casa_link_watch_settle(&self->watch);
    return;
  }
  if (event->type == CASA_MQTT_EVENT_CONNECTED) /* here, as what waits comes right behind it */
    g_atomic_int_set(&self->session_waits, self->peek && event->session_present);
  g_mutex_lock(&self->lock);
  g_queue_push_tail(&self->events, g_memdup2(event, sizeof *event));
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
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

static void
arrived_cb(const CasaMqttMessage *message, gpointer data)
{
  CasaMqttSource *self = data;
  heard(self);
  g_mutex_lock(&self->lock);
  if (self->closed || g_atomic_int_get(&self->session_waits))
    park_locked(self);
  self->in_message = TRUE;
  g_mutex_unlock(&self->lock);
  gboolean kept = self->on_message(message, self->data);
  g_mutex_lock(&self->lock);
  if (!kept)
    park_locked(self);
  self->in_message = FALSE;
  if (self->closed) /* only then somebody waits for it; a wake-up per message would cost */
    g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  heard(self);
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

/* RabbitMQ 3.10 answers MQTT 5 by hanging up, which looks as if nobody were there: so before that is said, 3.1.1 is tried,
 * once and at once. When that is not answered either, the next round begins with 5 again. */
static gboolean
try_older(CasaMqttSource *self)
{
  gboolean quick = casa_clock_mono_us() - self->attempt_us < 2 * G_USEC_PER_SEC;
  gboolean older = self->any_version && self->version == 5 && self->link.connections == 0 && quick;
  if (self->any_version)
    self->version = older ? 3 : 5;
  if (older) {
    self->phase = PHASE_IDLE;
    self->next_attempt_us = 0;
  }
  return older;
}

static void
on_unreached(CasaMqttSource *self, const char *text)
{
  if (try_older(self))
    return;
  self->short_lives = 0;
  g_autofree char *fault = self->tls && !self->stopping ? casa_tls_probe(self->host, self->port, self->ca_file, PROBE_MS) : NULL;
  if (fault) {
    self->link.unanswered[0] = '\0';
    tell(self, CASA_LINK_REFUSED, "no TLS with %s, and so nothing was sent: %s", self->peer, fault);
    wait_before_next(self, TRUE);
    return;
  }
  g_strlcpy(self->link.unanswered, self->peer, sizeof self->link.unanswered);
  gboolean only_5 = self->version == 5 && !self->any_version && self->link.connections == 0;
  tell(self, down_state(self), "no broker answers at %s%s%s%s; is it running?%s trying again", self->peer,
       text[0] ? " (" : "", text, text[0] ? ")" : "", only_5 ? " does it speak MQTT 5 (a share needs it)?" : "");
  wait_before_next(self, FALSE);
}

static void
on_refused(CasaMqttSource *self, const char *text)
{
  self->link.unanswered[0] = '\0';
  tell(self, CASA_LINK_REFUSED, "the broker at %s refuses: %s", self->peer, text);
  wait_before_next(self, TRUE);
}

/* Never the other way round: who once spoke 5 is not asked for less. */
static void
on_too_new(CasaMqttSource *self)
{
  if (!self->any_version) {
    on_refused(self, self->version == 5 ? "it does not speak MQTT 5; set [broker] mqtt_version = 3.1.1 (share needs 5)"
                                        : "it does not speak MQTT 3.1.1; set [broker] mqtt_version = 5");
    return;
  }
  self->any_version = FALSE;
  self->version = 3;
  self->phase = PHASE_IDLE;
  self->next_attempt_us = 0;
}

/* A phase that waits for the client waits no longer than @seconds. */
static void
enter(CasaMqttSource *self, Phase phase, guint seconds)
{
  self->phase = phase;
  self->phase_until_us = casa_clock_mono_us() + (gint64)seconds * G_USEC_PER_SEC;
}

static void
connect_now(CasaMqttSource *self)
{
  enter(self, PHASE_CONNECTING, CONNECT_TIMEOUT_S + 5);
  self->attempt_us = casa_clock_mono_us();
  casa_mqtt_client_connect(self->client, self->version, CONNECT_TIMEOUT_S);
}

static void
close_now(CasaMqttSource *self)
{
  enter(self, PHASE_CLOSING, 2);
  casa_mqtt_client_disconnect(self->client, self->stopping ? 500 : 0, self->peek && !g_atomic_int_get(&self->session_waits));
}

static void
on_subscribed(CasaMqttSource *self)
{
  self->phase = PHASE_UP;
  self->failures = 0;
  self->up_us = casa_clock_mono_us();
  casa_link_watch_begin(&self->watch, self->up_us);
  self->link.first = self->link.connections == 0;
  self->link.session_lost = !self->session_present;
  self->link.session_waits = g_atomic_int_get(&self->session_waits) != 0;
  self->link.connections++;
  self->link.mqtt_version = self->version;
  self->link.unanswered[0] = '\0';
  tell(self, CASA_LINK_UP, "connected to %s", self->peer);
}

static void
on_connected(CasaMqttSource *self, gboolean session_present)
{
  self->session_present = session_present;
  if (self->version == 3)
    self->any_version = FALSE;
  enter(self, PHASE_SUBSCRIBING, 10);
  if (g_atomic_int_get(&self->session_waits))
    on_subscribed(self);
  else
    casa_mqtt_client_subscribe(self->client);
}

static void
on_subscription_refused(CasaMqttSource *self, const char *text)
{
  tell(self, CASA_LINK_REFUSED, "the broker at %s refuses %s", self->peer, text);
  self->failures = MAX(self->failures, 4);
  close_now(self);
}

/* At once back would put off the other, who comes back, for ever: so slowly, with words. */
static void
on_taken_over(CasaMqttSource *self, CasaLinkState state)
{
  if (self->phase != PHASE_UP && self->phase != PHASE_SUBSCRIBING)
    return;
  tell(self, state, "the broker at %s ends every connection soon: does another program use our user or client id? "
       "end it, or give it a user of its own", self->peer);
  wait_before_next(self, TRUE);
}

static void
on_lost(CasaMqttSource *self, const char *cause)
{
  if (self->phase != PHASE_UP && self->phase != PHASE_SUBSCRIBING)
    return;
  if (casa_clock_mono_us() - self->up_us > SHORT_LIFE_S * G_USEC_PER_SEC)
    self->short_lives = 0;
  if (++self->short_lives >= SHORT_LIVES) {
    on_taken_over(self, down_state(self)); /* a bad cable looks the same */
    return;
  }
  tell(self, down_state(self), "the connection to %s broke%s%s; trying again", self->peer, cause[0] ? ": " : "", cause);
  wait_before_next(self, FALSE);
}

/* --- Own thread: the watch --------------------------------------------------------------------------------------- */

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
  gboolean busy = in_message(self);
  CasaWatchVerdict verdict = casa_link_watch_look(&self->watch, now_us, busy);
  if (verdict == CASA_WATCH_DEAD) {
    tell(self, CASA_LINK_LOST, "no answer from %s for 6 s; connecting anew", self->peer);
    close_now(self);
  } else if (verdict == CASA_WATCH_SILENT) {
    tell(self, CASA_LINK_LOST, "no answer from %s for 2 s; the network or the broker hangs", self->peer);
  } else if (verdict == CASA_WATCH_BACK) {
    self->link.first = self->link.session_lost = FALSE;
    tell(self, CASA_LINK_UP, "%s answers again", self->peer);
  }
  if (self->phase == PHASE_UP && casa_link_watch_ask(&self->watch, now_us, busy))
    casa_mqtt_client_ask(self->client);
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
handle(CasaMqttSource *self, const CasaMqttEvent *event)
{
  gboolean connecting = self->phase == PHASE_CONNECTING, subscribing = self->phase == PHASE_SUBSCRIBING;
  if (event->type == CASA_MQTT_EVENT_LOST)
    on_lost(self, event->text);
  else if (event->type == CASA_MQTT_EVENT_TAKEN_OVER)
    on_taken_over(self, CASA_LINK_REFUSED);
  else if (event->type == CASA_MQTT_EVENT_CLOSED)
    on_disconnected(self);
  else if (connecting && event->type == CASA_MQTT_EVENT_CONNECTED)
    on_connected(self, event->session_present);
  else if (connecting && event->type == CASA_MQTT_EVENT_UNREACHED)
    on_unreached(self, event->text);
  else if (connecting && event->type == CASA_MQTT_EVENT_REFUSED)
    on_refused(self, event->text);
  else if (connecting && event->type == CASA_MQTT_EVENT_TOO_NEW)
    on_too_new(self);
  else if (subscribing && event->type == CASA_MQTT_EVENT_SUBSCRIBED)
    on_subscribed(self);
  else if (subscribing && event->type == CASA_MQTT_EVENT_SUBSCRIPTION_REFUSED)
    on_subscription_refused(self, event->text);
  else if (subscribing && event->type == CASA_MQTT_EVENT_SUBSCRIPTION_FAILED)
    close_now(self);
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
static CasaMqttEvent *
next_event(CasaMqttSource *self, gboolean *asked_stop)
{
  gint64 until_us = g_get_monotonic_time() + STEP_MS * 1000;
  g_mutex_lock(&self->lock);
  while (g_queue_is_empty(&self->events) && (!self->asked_stop || self->stopping)
         && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  CasaMqttEvent *event = g_queue_pop_head(&self->events);
  *asked_stop = self->asked_stop;
  g_mutex_unlock(&self->lock);
  return event;
}

static gpointer
run(gpointer data)
{
  CasaMqttSource *self = data;
  gboolean asked_stop = FALSE;
  tell(self, CASA_LINK_CONNECTING, "connecting to %s", self->peer);
  while (self->phase != PHASE_DONE) {
    step(self);
    g_autofree CasaMqttEvent *event = next_event(self, &asked_stop);
    if (event)
      handle(self, event);
    if (asked_stop && !self->stopping)
      on_stop(self);
  }
  casa_mqtt_client_close(self->client);
  g_mutex_lock(&self->lock);
  self->done = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  return NULL;
}

/* --- Public ------------------------------------------------------------------------------------------------------ */

CasaMqttSource *
casa_mqtt_source_new(const CasaMqttOptions *options, GError **error)
{
  g_autofree char *url_user = NULL, *host = NULL;
  guint16 port;
  gboolean tls;
  if (!casa_broker_url_parse(options->url, &tls, &url_user, &host, &port, error))
    return NULL;
  CasaMqttSource *self = g_new0(CasaMqttSource, 1);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  self->peek = options->peek;
  self->any_version = options->mqtt_version == 0;
  self->version = options->mqtt_version == 3 ? 3 : 5;
  self->on_message = options->on_message;
  self->on_link = options->on_link;
  self->data = options->data;
  self->tls = tls;
  self->port = port;
  self->ca_file = g_strdup(options->ca_file);
  gboolean bare_v6 = strchr(host, ':') && host[0] != '[';
  self->peer = g_strdup_printf(bare_v6 ? "[%s]:%u" : "%s:%u", host, port);
  self->client = casa_mqtt_client_new(options, options->user ? options->user : url_user, self->peer, tls, arrived_cb, event_cb,
                                      self, error);
  self->host = g_steal_pointer(&host);
  if (self->client)
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
  casa_mqtt_client_publish(self->client, topic, payload);
}

/* A parked callback holds paho's lock, and so may our own thread wait for it for ever: then both are left to the end of
 * the process. */
void
casa_mqtt_source_stop(CasaMqttSource *self, guint deadline_ms)
{
  if (!self || !self->thread)
    return;
  gint64 deadline_us = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
  g_mutex_lock(&self->lock);
  self->asked_stop = TRUE;
  g_cond_broadcast(&self->changed);
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
  casa_mqtt_client_free(self->client);
  g_queue_clear_full(&self->events, g_free);
  g_free(self->peer);
  g_free(self->host);
  g_free(self->ca_file);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}
