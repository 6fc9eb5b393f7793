/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-list.h"
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* The presenter's queue of teams: the one that is large in the hall, with a button that hides it, then the first two that wait
 * to be shown, each with a button that shows it and goes to the scene of teams, then how many more wait. GTK thread only. */
typedef struct _CasaTeamQueue CasaTeamQueue;

/* @model and @scenes outlive it; @hall is weak. It goes with its widget. */
CasaTeamQueue *casa_team_queue_new(CasaModel *model, CasaSceneList *scenes, CasaWindow *hall);
GtkWidget *casa_team_queue_widget(CasaTeamQueue *self); /* (transfer none), floating at first */
void casa_team_queue_look(CasaTeamQueue *self);         /* Shows what is so now, in the language of the moment */
/* The hall shows the scene that has a board of teams; where no scene has one, nothing happens. */
void casa_team_queue_go(CasaSceneList *scenes, CasaWindow *hall);

G_END_DECLS
