/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/teams.h"
#include "ui/kit/style.h"

G_BEGIN_DECLS

/* Where a team is: a piece of the city around its station, which is marked. Shows itself only for a team that has said where it
 * is: no place is invented. GTK thread only; lives as long as its widget. */
typedef struct _CasaTeamPlace CasaTeamPlace;

/* @model outlives it. (transfer none: owned by its widget) */
CasaTeamPlace *casa_team_place_new(CasaModel *model);
GtkWidget *casa_team_place_widget(CasaTeamPlace *self); /* (transfer none), floating at first */
void casa_team_place_restyle(CasaTeamPlace *self, const CasaLook *look);
void casa_team_place_show(CasaTeamPlace *self, const CasaTeamState *team); /* NULL: nobody */

G_END_DECLS
