/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* The presenter's queue of teams: the one that is large in the hall, with a button that hides it, then the first two that wait
 * to be shown, each with a button that shows it on the scene of teams, then how many more wait. And a line for whoever goes
 * over its quota, with a button that shuts it out and lets it in again. GTK thread only. */
typedef struct _CasaTeamQueue CasaTeamQueue;

/* @model outlives it; @hall is weak. It goes with its widget. */
CasaTeamQueue *casa_team_queue_new(CasaModel *model, CasaWindow *hall);
GtkWidget *casa_team_queue_widget(CasaTeamQueue *self); /* (transfer none), floating at first */
GtkWidget *casa_team_queue_gate(CasaTeamQueue *self);   /* Whoever goes over its quota: a line of its own. The same */
void casa_team_queue_look(CasaTeamQueue *self);         /* Shows what is so now, in the language of the moment */

G_END_DECLS
