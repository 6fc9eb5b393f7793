/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/parachute.h"
#include "ui/shell/window.h"
#include "ui/stage/aside.h"

G_BEGIN_DECLS

/* Gives the cues that a talk has for each scene (CasaCues) when the hall's window enters and leaves it: an event, a language,
 * calm. What nobody obeys is said to the presenter, never to the hall. A scene that was left again within LOOK is passed over.
 * GTK thread. */
typedef struct _CasaDirector CasaDirector;

typedef struct {
  CasaWindow *window;    /* the hall's; weak */
  CasaSceneList *scenes; /* outlives it, as all below */
  CasaEventKeys *keys;   /* NULL: no event can be commanded */
  CasaAside *aside;
  gboolean came_back;       /* the wall before was killed: the scene goes on, and its cues were given */
  CasaParachute *parachute; /* NULL: none */
} CasaDirectorFacts;

CasaDirector *casa_director_new(const CasaDirectorFacts *facts); /* Copies @facts. (transfer full) */
void casa_director_free(CasaDirector *self);                     /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaDirector, casa_director_free)

G_END_DECLS
