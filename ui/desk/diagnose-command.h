/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/diagnosis.h"
#include "ui/desk/desk.h"

G_BEGIN_DECLS

/* What to paste: the message as it should be, for a shell, Python and an Arduino, with a button that copies it. No password is
 * in it. */
typedef struct _CasaDiagnoseCommand CasaDiagnoseCommand;

typedef enum { CASA_COMMAND_PUB, CASA_COMMAND_PYTHON, CASA_COMMAND_ARDUINO, CASA_N_COMMANDS } CasaCommandKind;

/* The line of @kind that sends @payload to @topic as @user. Quoted as each language wants it, whatever stands in them.
 * (transfer full) */
char *casa_diagnose_command_line(CasaCommandKind kind, const char *host, guint port, const char *user, const char *topic,
                                 const char *payload);

/* It goes with its widget. */
CasaDiagnoseCommand *casa_diagnose_command_new(const CasaDesk *desk);
GtkWidget *casa_diagnose_command_widget(CasaDiagnoseCommand *self); /* (transfer none) */
/* The first refused message of @d that can be mended, or else an example of @team. */
void casa_diagnose_command_say(CasaDiagnoseCommand *self, const CasaDiagnosis *d, const char *team);
void casa_diagnose_command_copy(CasaDiagnoseCommand *self); /* To the clipboard */

G_END_DECLS
