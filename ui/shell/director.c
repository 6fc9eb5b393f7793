/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/director.h"
#include "ui/text/lang.h"

#define LOOK_MS 100

struct _CasaDirector {
  CasaDirectorFacts facts;
  char *scene;   /* id of the one whose cues were given; NULL: none yet */
  gboolean calm; /* it wants calm when it is left */
  guint timer;
};

/* Nothing of a cue is for the hall. */
static void
say_unless_sent(CasaDirector *self, CasaCueAnswer answer, const char *event)
{
  g_autofree char *words = casa_event_keys_cue_words(answer, event);

  if (words)
    casa_aside_say(self->facts.aside, words, g_get_monotonic_time());
}

static void
begin_event(CasaDirector *self, const CasaCues *cues)
{
  const CasaPaletteItem what = {
    .event = cues->event, .place = cues->place, .intensity = cues->strength, .minutes = cues->minutes
  };
  CasaCueAnswer answer = CASA_CUE_NOBODY;

  if (self->facts.keys)
    answer = casa_event_keys_begin(self->facts.keys, &what, g_get_monotonic_time());
  say_unless_sent(self, answer, cues->event);
}

/* In this order: what the scene before began must not end what this one begins. */
static void
enter(CasaDirector *self, const CasaScene *scene)
{
  const CasaCues *cues = &scene->cues;

  if (self->facts.parachute)
    casa_parachute_leave_scene(self->facts.parachute);
  casa_window_keep_time(self->facts.window); /* out of a past, in which nothing can be commanded */
  if (self->calm && self->facts.keys)
    say_unless_sent(self, casa_event_keys_cue_calm(self->facts.keys, g_get_monotonic_time()), "calm");
  self->calm = cues->calm;
  if (cues->language)
    casa_window_set_language(self->facts.window, cues->language);
  if (cues->event)
    begin_event(self, cues);
}

static gboolean
look_cb(gpointer data)
{
  CasaDirector *self = data;
  char *refusal;

  if (!self->facts.window)
    return G_SOURCE_CONTINUE;
  CASA_LANG_SCOPE(casa_window_language(self->facts.window));
  if (self->facts.keys) {
    casa_event_keys_tick(self->facts.keys, g_get_monotonic_time());
    while ((refusal = casa_event_keys_take_refusal(self->facts.keys)) != NULL) {
      casa_aside_say(self->facts.aside, refusal, g_get_monotonic_time());
      g_free(refusal);
    }
  }
  const CasaScene *scene = casa_scene_file_get(casa_scene_list_file(self->facts.scenes), casa_window_scene(self->facts.window));
  if (g_strcmp0(scene->id, self->scene) == 0)
    return G_SOURCE_CONTINUE;
  gboolean first = !self->scene;
  g_free(self->scene);
  self->scene = g_strdup(scene->id);
  if (first && self->facts.came_back)
    self->calm = scene->cues.calm;
  else
    enter(self, scene);
  return G_SOURCE_CONTINUE;
}

CasaDirector *
casa_director_new(const CasaDirectorFacts *facts)
{
  CasaDirector *self = g_new0(CasaDirector, 1);

  self->facts = *facts;
  self->facts.window = NULL;
  g_set_weak_pointer(&self->facts.window, facts->window);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
  return self;
}

void
casa_director_free(CasaDirector *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_clear_weak_pointer(&self->facts.window);
  g_free(self->scene);
  g_free(self);
}
