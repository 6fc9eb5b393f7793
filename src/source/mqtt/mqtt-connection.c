/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/mqtt-source-private.h"

#include "base/clock.h"
#include "source/mqtt/tls-probe.h"

#define BACKOFF_MIN_MS 250
#define BACKOFF_MAX_MS 5000
#define REFUSED_WAIT_MS 5000
#define CONNECT_TIMEOUT_S 5
#define PROBE_MS 1500 /* shorter than anybody waits for the source to stop */
/* Brokers of 3.1.1, and mosquitto 2.0 always, do not say that another took our place: a connection that comes up at once
 * and is ended soon, so often in a row, looks like it. */
#define SHORT_LIFE_S 20
#define SHORT_LIVES 3

/* --- Telling ---------------------------------------------------------------------------------------------------- */

static void
tell(CasaMqttSource *self, CasaLinkState state, CasaFaultCode code, const char *detail)
{
  if (self->link.state != state)
    self->link.since_ms = casa_clock_now_ms();
  self->link.state = state;
  self->link.fault = (CasaFault){ .code = code };
  g_strlcpy(self->link.fault.peer, self->peer, sizeof self->link.fault.peer);
  g_strlcpy(self->link.fault.detail, detail, sizeof self->link.fault.detail);
  if (!self->receiver.on_link || !casa_ack_gate_begin_link(self->gate))
    return;
  self->receiver.on_link(&self->link, self->receiver.data);
  casa_ack_gate_end_link(self->gate);
}

void
casa_mqtt_connection_begin(CasaMqttSource *self)
{
  g_strlcpy(self->link.peer, self->peer, sizeof self->link.peer);
  tell(self, CASA_LINK_CONNECTING, CASA_FAULT_NONE, "");
}

static CasaLinkState
down_state(const CasaMqttSource *self)
{
  return self->link.connections > 0 ? CASA_LINK_LOST : CASA_LINK_CONNECTING;
}

/* --- Connecting ------------------------------------------------------------------------------------------------- */

static void
wait_before_next(CasaMqttSource *self, gboolean refused)
{
  guint wait_ms = refused ? REFUSED_WAIT_MS : MIN(BACKOFF_MIN_MS << MIN(self->failures, 8), BACKOFF_MAX_MS);
  self->failures++;
  self->state = CASA_CONNECTION_IDLE;
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
    self->state = CASA_CONNECTION_IDLE;
    self->next_attempt_us = 0;
  }
  return older;
}

static void
on_unreached(CasaMqttSource *self, const char *why)
{
  if (try_older(self))
    return;
  self->short_lives = 0;
  gboolean certificate = FALSE;
  g_autofree char *no_tls =
    self->tls && !self->stopping ? casa_tls_probe(self->host, self->port, self->ca_file, PROBE_MS, &certificate) : NULL;
  if (no_tls) {
    tell(self, CASA_LINK_REFUSED, certificate ? CASA_FAULT_LINK_CERTIFICATE : CASA_FAULT_LINK_TLS, no_tls);
    wait_before_next(self, TRUE);
    return;
  }
  gboolean only_5 = self->version == 5 && !self->any_version && self->link.connections == 0;
  tell(self, down_state(self), only_5 ? CASA_FAULT_LINK_NO_ANSWER_5 : CASA_FAULT_LINK_NO_ANSWER, why);
  wait_before_next(self, FALSE);
}

static void
on_refused(CasaMqttSource *self, CasaFaultCode code, const char *detail)
{
  tell(self, CASA_LINK_REFUSED, code, detail);
  wait_before_next(self, TRUE);
}

/* Never the other way round: who once spoke 5 is not asked for less. */
static void
on_too_new(CasaMqttSource *self)
{
  if (!self->any_version) {
    on_refused(self, self->version == 5 ? CASA_FAULT_LINK_NO_MQTT_5 : CASA_FAULT_LINK_NO_MQTT_3, "");
    return;
  }
  self->any_version = FALSE;
  self->version = 3;
  self->state = CASA_CONNECTION_IDLE;
  self->next_attempt_us = 0;
}

/* A state that waits for the client lasts no longer than @seconds. */
static void
enter(CasaMqttSource *self, CasaConnectionState state, guint seconds)
{
  self->state = state;
  self->state_until_us = casa_clock_mono_us() + (gint64)seconds * G_USEC_PER_SEC;
}

static void
connect_now(CasaMqttSource *self)
{
  enter(self, CASA_CONNECTION_CONNECTING, CONNECT_TIMEOUT_S + 5);
  self->attempt_us = casa_clock_mono_us();
  casa_mqtt_client_connect(self->client, self->version, CONNECT_TIMEOUT_S);
}

static void
close_now(CasaMqttSource *self)
{
  enter(self, CASA_CONNECTION_CLOSING, 2);
  casa_mqtt_client_disconnect(self->client, self->stopping ? 500 : 0);
}

static void
on_subscribed(CasaMqttSource *self)
{
  self->state = CASA_CONNECTION_UP;
  self->failures = 0;
  self->up_us = casa_clock_mono_us();
  casa_link_watch_begin(&self->watch, self->up_us);
  self->link.first = self->link.connections == 0;
  self->link.session_lost = !self->session_present;
  self->link.session_waits = g_atomic_int_get(&self->session_waits) != 0;
  self->link.connections++;
  self->link.mqtt_version = self->version;
  self->link.again = FALSE;
  tell(self, CASA_LINK_UP, CASA_FAULT_NONE, "");
}

/* Nobody's session is there, but the connection that asked for it has begun one. A farewell that ends it may be lost, and MQTT
 * 3.1.1 has none: so what follows is on a connection whose session ends with it. */
static void
begin_clean(CasaMqttSource *self)
{
  self->clean_session = TRUE;
  casa_mqtt_client_set_clean_session(self->client);
  close_now(self);
}

static void
on_connected(CasaMqttSource *self, gboolean session_present)
{
  self->session_present = session_present;
  if (self->version == 3)
    self->any_version = FALSE;
  if (self->peek && !session_present && !self->clean_session) {
    begin_clean(self);
    return;
  }
  enter(self, CASA_CONNECTION_SUBSCRIBING, 10);
  if (g_atomic_int_get(&self->session_waits))
    on_subscribed(self);
  else
    casa_mqtt_client_subscribe(self->client);
}

static void
on_subscription_refused(CasaMqttSource *self, const CasaFault *fault)
{
  tell(self, CASA_LINK_REFUSED, fault->code, fault->detail);
  self->failures = MAX(self->failures, 4);
  close_now(self);
}

/* At once back would put off the other, who comes back, for ever: so slowly, with words. */
static void
on_taken_over(CasaMqttSource *self, CasaLinkState state)
{
  if (self->state != CASA_CONNECTION_UP && self->state != CASA_CONNECTION_SUBSCRIBING)
    return;
  tell(self, state, CASA_FAULT_LINK_TAKEN_OVER, "");
  wait_before_next(self, TRUE);
}

static void
on_lost(CasaMqttSource *self, const char *cause)
{
  if (self->state != CASA_CONNECTION_UP && self->state != CASA_CONNECTION_SUBSCRIBING)
    return;
  gboolean up = self->state == CASA_CONNECTION_UP;
  if (casa_clock_mono_us() - (up ? self->up_us : self->attempt_us) > SHORT_LIFE_S * G_USEC_PER_SEC)
    self->short_lives = 0;
  if (++self->short_lives >= SHORT_LIVES && up) {
    on_taken_over(self, down_state(self)); /* a bad cable looks the same */
    return;
  }
  if (self->short_lives >= SHORT_LIVES) { /* as some answer to a topic that we may not read */
    tell(self, down_state(self), CASA_FAULT_LINK_HANGS_UP, "");
    wait_before_next(self, TRUE);
    return;
  }
  tell(self, down_state(self), CASA_FAULT_LINK_BROKEN, cause);
  wait_before_next(self, FALSE);
}

/* --- The watch -------------------------------------------------------------------------------------------------- */

static void
watch(CasaMqttSource *self, gint64 now_us)
{
  gboolean busy = casa_ack_gate_in_message(self->gate);
  CasaWatchVerdict verdict = casa_link_watch_look(&self->watch, now_us, busy);
  if (verdict == CASA_WATCH_DEAD) {
    tell(self, CASA_LINK_LOST, CASA_FAULT_LINK_DEAD, "");
    close_now(self);
  } else if (verdict == CASA_WATCH_SILENT) {
    tell(self, CASA_LINK_LOST, CASA_FAULT_LINK_SILENT, "");
  } else if (verdict == CASA_WATCH_BACK) {
    self->link.first = self->link.session_lost = FALSE;
    self->link.again = TRUE;
    tell(self, CASA_LINK_UP, CASA_FAULT_NONE, "");
  }
  if (self->state == CASA_CONNECTION_UP && casa_link_watch_ask(&self->watch, now_us, busy))
    casa_mqtt_client_ask(self->client);
}

/* --- What is due, and what was noted ---------------------------------------------------------------------------- */

static void
on_disconnected(CasaMqttSource *self)
{
  if (self->state != CASA_CONNECTION_CLOSING)
    return;
  if (self->stopping) {
    self->state = CASA_CONNECTION_DONE;
  } else if (self->clean_session && self->link.state == CASA_LINK_CONNECTING) {
    self->state = CASA_CONNECTION_IDLE;
    self->next_attempt_us = 0;
  } else
    wait_before_next(self, self->link.state == CASA_LINK_REFUSED);
}

void
casa_mqtt_connection_stop(CasaMqttSource *self)
{
  self->stopping = TRUE;
  if (self->state == CASA_CONNECTION_UP || self->state == CASA_CONNECTION_SUBSCRIBING ||
      self->state == CASA_CONNECTION_CONNECTING)
    close_now(self);
  else if (self->state != CASA_CONNECTION_CLOSING)
    self->state = CASA_CONNECTION_DONE;
}

void
casa_mqtt_connection_handle(CasaMqttSource *self, const CasaMqttEvent *event)
{
  gboolean connecting = self->state == CASA_CONNECTION_CONNECTING, subscribing = self->state == CASA_CONNECTION_SUBSCRIBING;
  if (event->type == CASA_MQTT_EVENT_LOST)
    on_lost(self, event->fault.detail);
  else if (event->type == CASA_MQTT_EVENT_TAKEN_OVER)
    on_taken_over(self, CASA_LINK_REFUSED);
  else if (event->type == CASA_MQTT_EVENT_CLOSED)
    on_disconnected(self);
  else if (connecting && event->type == CASA_MQTT_EVENT_CONNECTED)
    on_connected(self, event->session_present);
  else if (connecting && event->type == CASA_MQTT_EVENT_UNREACHED)
    on_unreached(self, event->fault.detail);
  else if (connecting && event->type == CASA_MQTT_EVENT_REFUSED)
    on_refused(self, event->fault.code, event->fault.detail);
  else if (connecting && event->type == CASA_MQTT_EVENT_TOO_NEW)
    on_too_new(self);
  else if (subscribing && event->type == CASA_MQTT_EVENT_SUBSCRIBED)
    on_subscribed(self);
  else if ((subscribing || self->state == CASA_CONNECTION_UP) && event->type == CASA_MQTT_EVENT_SUBSCRIPTION_REFUSED)
    on_subscription_refused(self, &event->fault);
  else if (subscribing && event->type == CASA_MQTT_EVENT_SUBSCRIPTION_FAILED)
    close_now(self);
}

/* A broker that knows our session hands over what it kept, and may answer the subscription behind all of it: a large backlog on
 * a slow machine takes longer than our patience, and to begin anew would be to begin the backlog anew. */
static gboolean
is_handed_over(CasaMqttSource *self, gint64 now_us)
{
  return self->state == CASA_CONNECTION_SUBSCRIBING && self->session_present &&
         now_us - casa_link_watch_heard_us(&self->watch) < 2 * G_USEC_PER_SEC;
}

void
casa_mqtt_connection_step(CasaMqttSource *self)
{
  gint64 now_us = casa_clock_mono_us();
  if (self->state == CASA_CONNECTION_IDLE && now_us >= self->next_attempt_us)
    connect_now(self);
  else if (self->state == CASA_CONNECTION_UP)
    watch(self, now_us);
  else if (now_us < self->state_until_us || casa_ack_gate_in_message(self->gate))
    return;
  else if (self->state == CASA_CONNECTION_CLOSING)
    on_disconnected(self);
  else if (is_handed_over(self, now_us))
    on_subscribed(self);
  else if (self->state == CASA_CONNECTION_CONNECTING || self->state == CASA_CONNECTION_SUBSCRIBING)
    close_now(self);
}
