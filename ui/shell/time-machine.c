/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/time-machine.h"

#define LIVE_MS 200 /* the live model, unseen, takes what arrives: the hub holds many times that */

struct _CasaTimeMachine {
  const CasaConfig *config;
  CasaPulse *pulse;
  const CasaCity *city;
  CasaModel *live;
  CasaTimeMachineShow show;
  gpointer data;
  CasaReplay *replay; /* NULL: the live city is shown */
  CasaModel *past;    /* the same */
  guint timer;
};

static gboolean
live_cb(gpointer data)
{
  CasaTimeMachine *self = data;

  casa_model_tick(self->live, casa_clock_ms(casa_model_clock(self->live)));
  return G_SOURCE_CONTINUE;
}

CasaTimeMachine *
casa_time_machine_new(const CasaConfig *config, CasaPulse *pulse, const CasaCity *city, CasaModel *live,
                      CasaTimeMachineShow show, gpointer data)
{
  CasaTimeMachine *self = g_new0(CasaTimeMachine, 1);

  *self = (CasaTimeMachine){ .config = config, .pulse = pulse, .city = city, .live = live, .show = show, .data = data };
  return self;
}

static void
close_past(CasaReplay *replay, CasaModel *past)
{
  casa_model_free(past);
  casa_replay_free(replay);
}

void
casa_time_machine_free(CasaTimeMachine *self)
{
  if (!self)
    return;
  g_clear_handle_id(&self->timer, g_source_remove);
  close_past(self->replay, self->past);
  g_free(self);
}

static CasaModel *
model_of(CasaTimeMachine *self, CasaReplay *replay)
{
  const CasaModelSource source = { .hub = casa_replay_hub(replay),
                                   .catalogue = casa_replay_catalogue(replay),
                                   .store_path = casa_replay_store_path(replay),
                                   .pulse = self->pulse,
                                   .clock = casa_replay_clock(replay),
                                   .replay = replay,
                                   .indicators = casa_model_indicators(self->live),
                                   .config_dir = casa_model_config_dir(self->live) };

  return casa_model_new(&source, self->city);
}

gboolean
casa_time_machine_go(CasaTimeMachine *self, gint64 from_ms, gint64 to_ms, double speed, gboolean loop, GError **error)
{
  const CasaReplayOptions options = { .from_ms = from_ms, .to_ms = to_ms, .speed = speed, .loop = loop };

  return casa_time_machine_play(self, &options, error);
}

/* Pages stay as they are: scrubbing is one place after another. */
static gboolean
seek(CasaTimeMachine *self, const CasaReplayOptions *options, GError **error)
{
  if (!casa_replay_seek(self->replay, options, error))
    return FALSE;
  casa_model_forget_time(self->past);
  return TRUE;
}

gboolean
casa_time_machine_play(CasaTimeMachine *self, const CasaReplayOptions *options, GError **error)
{
  if (self->replay && casa_replay_can_seek(self->replay, options))
    return seek(self, options, error);

  CasaReplay *before = self->replay, *replay = casa_replay_new(self->config, self->pulse, options, error);
  CasaModel *past = self->past;
  if (!replay)
    return FALSE;
  if (!casa_replay_start(replay, error)) {
    casa_replay_free(replay);
    return FALSE;
  }
  self->replay = replay;
  self->past = model_of(self, replay);
  if (!self->timer)
    self->timer = g_timeout_add(LIVE_MS, live_cb, self);
  self->show(self->past, self->data);
  close_past(before, past);
  return TRUE;
}

void
casa_time_machine_back(CasaTimeMachine *self)
{
  CasaReplay *replay = g_steal_pointer(&self->replay);
  CasaModel *past = g_steal_pointer(&self->past);

  if (!replay)
    return;
  g_clear_handle_id(&self->timer, g_source_remove);
  self->show(self->live, self->data);
  close_past(replay, past);
}

gboolean
casa_time_machine_is_away(CasaTimeMachine *self)
{
  return self->replay != NULL;
}

CasaModel *
casa_time_machine_model(CasaTimeMachine *self)
{
  return self->past ? self->past : self->live;
}
