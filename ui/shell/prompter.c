/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/prompter.h"
#include "companions.h"

#define REMEMBERED 16 /* ids of commands that were done */

struct _CasaPrompter {
  CasaCompanions *companions;
  CasaWindow *window; /* weak */
  CasaSceneList *scenes;
  CasaEventKeys *keys; /* NULL: none */
  GSource *work;       /* ready when commands wait */
  char done[REMEMBERED][CASA_STAGE_NAME_MAX + 1];
  guint n_done;
};

/* The companions' thread. */
static gboolean
arrived_cb(gpointer data)
{
  g_source_set_ready_time(((CasaPrompter *)data)->work, 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_done(CasaPrompter *self, const char *id)
{
  for (guint i = 0; *id && i < REMEMBERED; i++)
    if (g_str_equal(self->done[i], id))
      return TRUE;
  return FALSE;
}

static void
remember(CasaPrompter *self, const char *id)
{
  if (*id)
    g_strlcpy(self->done[self->n_done++ % REMEMBERED], id, sizeof self->done[0]);
}

static const char *
turn(CasaPrompter *self, const CasaStageCommand *command)
{
  const CasaSceneFile *file = casa_scene_list_file(self->scenes);
  guint wanted = command->number ? command->number - 1 : casa_scene_file_find(file, command->name);

  if (command->deed != CASA_STAGE_SCENE)
    casa_window_turn(self->window, command->deed == CASA_STAGE_NEXT ? 1 : -1);
  else if (wanted < casa_scene_file_n(file))
    casa_window_go(self->window, wanted);
  else if (!command->number && g_str_equal(command->name, casa_scene_file_teams(file)->id))
    casa_window_show_teams(self->window, TRUE);
  else
    return "there is no such scene";
  return NULL;
}

static const char *
cover(CasaPrompter *self, const CasaStageCommand *command, CasaHallState state)
{
  gboolean is = casa_window_hall(self->window) == state;
  gboolean on = command->on == CASA_STAGE_OTHER ? !is : command->on == CASA_STAGE_ON;

  if (on != is)
    casa_window_set_hall(self->window, on ? state : CASA_HALL_LIVE);
  return NULL;
}

static const char *
parachute(CasaPrompter *self, CasaStageSwitch on)
{
  if (on == CASA_STAGE_OTHER)
    gtk_widget_activate_action(GTK_WIDGET(self->window), "app.parachute", NULL);
  else
    gtk_widget_activate_action(GTK_WIDGET(self->window), "app.set-parachute", "b", on == CASA_STAGE_ON);
  return NULL;
}

static const char *
speak(CasaPrompter *self, const char *language)
{
  if (!g_strv_contains((const char *const[]){ "fr", "ar", "en", NULL }, language))
    return "\"language\" is fr, ar or en";
  casa_window_set_language(self->window, language);
  return NULL;
}

/* NULL: it was done; else why not. */
static const char *
obey(CasaPrompter *self, const CasaStageCommand *command)
{
  switch (command->deed) {
  case CASA_STAGE_STATE: return NULL;
  case CASA_STAGE_NEXT:
  case CASA_STAGE_PREVIOUS:
  case CASA_STAGE_SCENE: return turn(self, command);
  case CASA_STAGE_FREEZE: return cover(self, command, CASA_HALL_FROZEN);
  case CASA_STAGE_BLACK: return cover(self, command, CASA_HALL_BLACK);
  case CASA_STAGE_WHITE: return cover(self, command, CASA_HALL_WHITE);
  case CASA_STAGE_LANGUAGE: return speak(self, command->name);
  case CASA_STAGE_PARACHUTE: return parachute(self, command->on);
  case CASA_STAGE_CUE:
    return self->keys ? casa_event_keys_cue(self->keys, command->number, command->name, g_get_monotonic_time())
                      : "there are no events here";
  }
  return NULL;
}

static void
answer(CasaPrompter *self, const CasaStageCommand *command, const char *why)
{
  static const char *const halls[] = {
    [CASA_HALL_LIVE] = "live", [CASA_HALL_FROZEN] = "frozen", [CASA_HALL_BLACK] = "black", [CASA_HALL_WHITE] = "white"
  };
  const CasaSceneFile *file = casa_scene_list_file(self->scenes);
  CasaStageStand stand = { .n = casa_scene_file_n(file) };

  if (self->window) {
    stand.number = casa_window_scene(self->window) + 1;
    stand.scene = casa_window_scene_of(self->window)->id;
    stand.hall = halls[casa_window_hall(self->window)];
    stand.language = casa_window_language(self->window);
    stand.replay = casa_window_is_replaying(self->window);
  }
  g_autofree char *text = casa_stage_answer(command, why, self->window ? &stand : NULL);
  casa_companions_answer(self->companions, text);
}

static gboolean
work_cb(gpointer data)
{
  CasaPrompter *self = data;
  CasaStageCommand command;

  g_source_set_ready_time(self->work, -1); /* before looking: what comes meanwhile makes it ready again */
  while (casa_companions_take(self->companions, &command)) {
    const char *why = NULL;
    if (!self->window)
      why = "the hall's window is closed";
    else if (!is_done(self, command.id))
      why = obey(self, &command);
    if (!why)
      remember(self, command.id);
    answer(self, &command, why);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
  return callback(data);
}

CasaPrompter *
casa_prompter_new(const CasaConfig *config, CasaWindow *window, CasaSceneList *scenes, CasaEventKeys *keys)
{
  static GSourceFuncs functions = { .dispatch = dispatch };
  g_autoptr(GError) error = NULL;

  if (!config->companions_user)
    return NULL;
  CasaPrompter *self = g_new0(CasaPrompter, 1);
  g_set_weak_pointer(&self->window, window);
  self->scenes = scenes;
  self->keys = keys;
  self->work = g_source_new(&functions, sizeof(GSource));
  g_source_set_callback(self->work, work_cb, self, NULL);
  self->companions = casa_companions_new(config, arrived_cb, self, &error);
  if (!self->companions) {
    g_warning("companions cannot drive the show: %s", error->message);
    casa_prompter_free(self);
    return NULL;
  }
  g_source_attach(self->work, NULL);
  return self;
}

void
casa_prompter_free(CasaPrompter *self)
{
  if (!self)
    return;
  casa_companions_free(self->companions);
  g_source_destroy(self->work);
  g_source_unref(self->work);
  g_clear_weak_pointer(&self->window);
  g_free(self);
}
