/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"
#include "ui/stage/aside.h"
#include "ui/stage/awake.h"

G_BEGIN_DECLS

/* What it cannot know by itself. */
typedef struct {
  const char *folder;       /* whose disk is watched, the store's */
  CasaAwake *awake;         /* NULL: nobody keeps the session awake; outlives the window */
  const char *const *check; /* the command of the page before the first scene; NULL: there is no such page */
  CasaEventKeys *keys;      /* NULL: no events; outlives the window */
  int came_back;            /* how the wall before this one ended, as a shell counts; 0: there was none */
  CasaAside *aside;         /* what is said to the presenter alone; NULL: nothing; outlives the window */
} CasaPresenterFacts;

/* The presenter's own window, never for the audience: what @hall shows, live and small, its state, the notes, time and pace,
 * the next scene, all scenes, events to command (then not in the hall's window), teams that wait, how the house does. Keys
 * pressed here drive @hall. It goes when @hall goes. GTK thread only. @model and @scenes outlive it. (transfer none): owned by
 * GTK as any window. */
GtkWindow *casa_presenter_new(AdwApplication *app, CasaWindow *hall, CasaModel *model, CasaSceneList *scenes,
                              const CasaPresenterFacts *facts);

G_END_DECLS
