/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk.h"

G_BEGIN_DECLS

/* The organiser's page: what of teams and citizens waits to be shown, and what the hall sees. Return shows or hides what is
 * chosen, F puts a team in the large place, A says that a team that called was helped. */
typedef struct _CasaTeamsPage CasaTeamsPage;

/* It goes with its widget. */
CasaTeamsPage *casa_teams_page_new(const CasaDesk *desk);
GtkWidget *casa_teams_page_widget(CasaTeamsPage *self);                              /* (transfer none) */
void casa_teams_page_update(CasaTeamsPage *self);                                    /* The model has news */
gboolean casa_teams_page_key(CasaTeamsPage *self, guint key, GdkModifierType state); /* TRUE: it was for this page */

G_END_DECLS
