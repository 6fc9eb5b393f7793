/* SPDX-License-Identifier: Apache-2.0 */
#include "source/replay/replay-run.h"

#define STEP_US 10000                  /* the clock moves at least so often: finer than a frame */
#define BEHIND_US G_USEC_PER_SEC       /* more is not made up for: the disk was slow, or the machine slept */
#define LOOP_PAUSE_US (G_USEC_PER_SEC) /* between the end and a new beginning, so that the end is seen */

void
casa_replay_run_init(CasaReplayRun *self, const CasaReceiver *receiver, CasaClock *clock, gint64 from_ms, gboolean loop)
{
  self->base.table = &casa_replay_run_table;
  self->receiver = *receiver;
  self->clock = clock;
  self->from_ms = from_ms;
  self->loop = loop;
  g_mutex_init(&self->lock);
  g_cond_init(&self->wake);
}

/* --- Own thread --------------------------------------------------------------------------------------------------- */

/* Waits @us. FALSE: it is to stop. */
static gboolean
rest(CasaReplayRun *self, gint64 us)
{
  gint64 until_us = g_get_monotonic_time() + us;
  g_mutex_lock(&self->lock);
  while (!self->stopping && us > 0 && g_cond_wait_until(&self->wake, &self->lock, until_us))
    ;
  gboolean go_on = !self->stopping;
  g_mutex_unlock(&self->lock);
  return go_on;
}

gboolean
casa_replay_run_wait(CasaReplayRun *self, gint64 t_ms)
{
  double speed = casa_clock_speed(self->clock);
  for (;;) {
    gint64 now_us = g_get_monotonic_time();
    gint64 due_us = self->paced_us + (gint64)((double)(t_ms - self->paced_ms) * 1000 / speed);
    if (now_us - due_us > BEHIND_US) {
      self->paced_us += now_us - due_us - BEHIND_US;
      due_us = now_us - BEHIND_US;
    }
    if (now_us >= due_us)
      break;
    casa_clock_move(self->clock, MIN(self->paced_ms + (gint64)((double)(now_us - self->paced_us) * speed / 1000), t_ms));
    if (!rest(self, MIN(due_us - now_us, STEP_US)))
      return FALSE;
  }
  casa_clock_move(self->clock, MAX(t_ms, casa_clock_ms(self->clock)));
  return rest(self, 0);
}

gboolean
casa_replay_run_deliver(CasaReplayRun *self, const char *topic, gsize topic_len, const char *payload, gsize payload_len,
                        gboolean retained)
{
  CasaMessage message = {
    .topic = topic, .topic_len = topic_len, .payload = payload, .payload_len = payload_len, .retained = retained, .qos = 1
  };
  return self->receiver.on_message(&message, self->receiver.data) && rest(self, 0);
}

static void
tell(CasaReplayRun *self, CasaLinkState state, const GError *error)
{
  CasaLink link = { .state = state, .since_ms = casa_clock_ms(self->clock), .connections = 1, .first = TRUE };
  char from[32];
  g_snprintf(link.peer, sizeof link.peer, "the replay from %s (%g times as fast)", casa_time_format(self->from_ms, from),
             casa_clock_speed(self->clock));
  if (error) {
    link.fault.code = CASA_FAULT_REPLAY;
    g_strlcpy(link.fault.detail, error->message, sizeof link.fault.detail);
  }
  if (self->receiver.on_link)
    self->receiver.on_link(&link, self->receiver.data);
}

static gpointer
run(gpointer data)
{
  CasaReplayRun *self = data;
  g_autoptr(GError) error = NULL;
  gboolean whole;
  tell(self, CASA_LINK_UP, NULL);
  do {
    casa_clock_move(self->clock, self->from_ms);
    self->paced_us = g_get_monotonic_time();
    self->paced_ms = self->from_ms;
    whole = self->play(self, &error);
  } while (whole && self->loop && rest(self, LOOP_PAUSE_US));
  if (error)
    tell(self, CASA_LINK_REFUSED, error);
  else if (whole)
    tell(self, CASA_LINK_OFF, NULL);
  return NULL;
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

static gboolean
start(CasaSource *source, GError **error)
{
  CasaReplayRun *self = (CasaReplayRun *)source;
  self->thread = g_thread_try_new("casa-replay", run, self, error);
  return self->thread != NULL;
}

/* Nothing of the other side is waited for, but a message that is being shown always is. */
static void
stop(CasaSource *source, guint deadline_ms)
{
  CasaReplayRun *self = (CasaReplayRun *)source;
  if (!self->thread)
    return;
  g_mutex_lock(&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast(&self->wake);
  g_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  self->thread = NULL;
}

static void
free_run(CasaSource *source)
{
  CasaReplayRun *self = (CasaReplayRun *)source;
  stop(source, 0);
  if (self->clear)
    self->clear(self);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->wake);
  g_free(self);
}

const CasaSourceTable casa_replay_run_table = { .start = start, .stop = stop, .free = free_run };
