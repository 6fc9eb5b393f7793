/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk.h"

G_BEGIN_DECLS

/* "Essayer sans envoyer": a topic and a payload to type or paste, and what would become of them, as they are typed. Nothing is
 * sent. */
typedef struct _CasaDiagnoseTry CasaDiagnoseTry;

/* It goes with its widget. */
CasaDiagnoseTry *casa_diagnose_try_new(const CasaDesk *desk);
GtkWidget *casa_diagnose_try_widget(CasaDiagnoseTry *self); /* (transfer none) */
/* Whose topic stands there to begin with; what was typed stays when it is the same team's. */
void casa_diagnose_try_set_team(CasaDiagnoseTry *self, const char *team);
/* Shows it with the cursor in the payload, or hides it. */
void casa_diagnose_try_toggle(CasaDiagnoseTry *self);

G_END_DECLS
