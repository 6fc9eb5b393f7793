/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/diagnosis.h"

G_BEGIN_DECLS

/* The diagnosis in the language of the moment. All (transfer full) but names. */

/* The first step that fails, as one sentence. @now_ms: for how long. */
char *casa_diagnose_title(const CasaDiagnosis *d, gint64 now_ms);
const char *casa_diagnose_step_name(guint step);           /* CASA_STEP_… */
const char *casa_diagnose_state_name(CasaStepState state); /* for who does not see the sign */
/* What is known of a step, on one line; "" when nothing is. */
char *casa_diagnose_detail(const CasaDiagnosis *d, guint step, const CasaConfig *config, const char *team, gint64 now_ms);
/* Why a message was refused and what to do, as `casa check` says it; where only the @code is known, by that. @out or static. */
const char *casa_diagnose_reason(const CasaReason *why, const char *code, char out[CASA_REASON_SIZE]);

G_END_DECLS
