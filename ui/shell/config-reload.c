/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/config-reload.h"
#include "ui/data/city-watch.h"
#include "ui/data/indicators-watch.h"
#include "ui/scenes/scene-world.h"

struct _CasaConfigReload {
  CasaModel *model;
  CasaSceneList *scenes;
  CasaCity *city;
  CasaIndicatorsWatch *watch;
  CasaCityWatch *city_watch;
  CasaIndicators *waiting; /* saved, but not what the scenes need; NULL: none */
  CasaConfigReloadFuncs funcs;
  gulong changed_id;
  gboolean trying; /* what the scenes tell meanwhile is our own doing */
};

static const CasaSceneWorld *
world_of(CasaConfigReload *self, const CasaIndicators *set)
{
  return casa_scene_world_of_city(set, casa_model_city(self->model));
}

/* The model first: whoever is told of other scenes builds them of the model's indicators. */
static gboolean
try_set(CasaConfigReload *self, CasaIndicators *set)
{
  self->trying = TRUE;
  if (casa_scene_list_fits(self->scenes, world_of(self, set))) {
    if (self->funcs.before)
      self->funcs.before(self->funcs.data);
    casa_model_set_indicators(self->model, set);
  }
  gboolean ok = casa_scene_list_set_world(self->scenes, world_of(self, set));
  self->trying = FALSE;
  return ok;
}

/* The first mistake of any file: the status line has room for one. */
static void
tell(CasaConfigReload *self)
{
  const GError *fault = casa_indicators_watch_fault(self->watch);

  casa_model_set_config_fault(self->model, fault ? fault : casa_city_fault(self->city));
}

/* The files were saved. A mistake leaves what there is, and the status line says where it is. */
static void
saved_cb(CasaIndicators *set, const GError *fault, gpointer data)
{
  CasaConfigReload *self = data;

  tell(self);
  if (fault)
    g_warning("what was there before stays: %s", fault->message);
  if (!set)
    return;
  g_clear_pointer(&self->waiting, casa_indicators_unref);
  if (try_set(self, set))
    return;
  g_message("the indicators stay as they were until the scenes no longer need what is gone");
  self->waiting = casa_indicators_ref(set);
}

/* Other words, events to command, layers of the map: the scenes are built anew of them. Scenes that give a cue for an event
 * without words now are told as wrong, and stay. */
static void
city_cb(gboolean read, gpointer data)
{
  CasaConfigReload *self = data;
  const GError *fault = casa_city_fault(self->city);

  tell(self);
  if (fault)
    g_warning("what was there before stays: %s", fault->message);
  if (!read)
    return;
  if (self->funcs.palette)
    self->funcs.palette(self->funcs.data);
  self->trying = TRUE;
  casa_scene_list_set_world(self->scenes, world_of(self, casa_model_indicators(self->model)));
  self->trying = FALSE;
}

/* Other scenes: perhaps those that the waiting indicators are for. */
static void
scenes_cb(CasaConfigReload *self)
{
  if (self->waiting && !self->trying && try_set(self, self->waiting))
    g_clear_pointer(&self->waiting, casa_indicators_unref);
}

CasaConfigReload *
casa_config_reload_new(const char *dir, CasaModel *model, CasaCity *city, CasaSceneList *scenes,
                       const CasaConfigReloadFuncs *funcs)
{
  CasaConfigReload *self = g_new0(CasaConfigReload, 1);

  self->model = model;
  self->scenes = scenes;
  self->city = city;
  self->funcs = *funcs;
  self->watch = casa_indicators_watch_new(dir, saved_cb, self);
  self->city_watch = casa_city_watch_new(city, dir, city_cb, self);
  tell(self);
  self->changed_id = g_signal_connect_swapped(scenes, "changed", G_CALLBACK(scenes_cb), self);
  return self;
}

void
casa_config_reload_free(CasaConfigReload *self)
{
  if (!self)
    return;
  g_signal_handler_disconnect(self->scenes, self->changed_id);
  casa_indicators_watch_free(self->watch);
  casa_city_watch_free(self->city_watch);
  g_clear_pointer(&self->waiting, casa_indicators_unref);
  g_free(self);
}
