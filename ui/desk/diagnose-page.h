/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk.h"

G_BEGIN_DECLS

/* Why a team is not on the wall: five steps, the first that fails, what was refused last and how to write it. Read again every
 * two seconds while it is on the screen, on a thread of its own. GTK thread only. */
typedef struct _CasaDiagnosePage CasaDiagnosePage;

/* @desk outlives it, with its config. @team NULL: the first. Freed with its widget. */
CasaDiagnosePage *casa_diagnose_page_new(const CasaDesk *desk, const char *team);
GtkWidget *casa_diagnose_page_widget(CasaDiagnosePage *self);   /* (transfer none) */
const char *casa_diagnose_page_team(CasaDiagnosePage *self);    /* Whose; NULL: there is no team. (transfer none) */
gboolean casa_diagnose_page_is_settled(CasaDiagnosePage *self); /* Whether it shows what was read: for pictures */
/* The names of all teams: those with a password in the folder of [teams]. (transfer full: g_strfreev) */
char **casa_diagnose_teams(const CasaConfig *config);
/* F2 calls the organiser, F3 opens the box to try a message, Return copies the command. TRUE: it was for this page. */
gboolean casa_diagnose_page_key(CasaDiagnosePage *self, guint key, GdkModifierType state);

G_END_DECLS
