/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* The presenter's queue of teams: the one that is large in the hall, with a button that hides it, then the first two that wait
 * to be shown, each with a button that shows it on the scene of teams, then how many more wait. GTK thread only. */
typedef struct _CasaTeamQueue CasaTeamQueue;

/* @model outlives it; @hall is weak. It goes with its widget. */
CasaTeamQueue *casa_team_queue_new(CasaModel *model, CasaWindow *hall);
GtkWidget *casa_team_queue_widget(CasaTeamQueue *self); /* (transfer none), floating at first */
void casa_team_queue_look(CasaTeamQueue *self);         /* Shows what is so now, in the language of the moment */

G_END_DECLS
