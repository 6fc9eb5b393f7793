/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "ingest/quota.h"

G_BEGIN_DECLS

/* Shuts a team out of the broker, and lets it in again, as `casa team disable` and `enable` do; and knows whom one key would
 * shut out now. The broker is asked in a thread, one thing after the other. GTK thread only. */
typedef struct _CasaTeamGate CasaTeamGate;

#define CASA_GATE_OFFENDER_US (60 * G_USEC_PER_SEC) /* how long after its last message over quota a team is the offender */

typedef enum { CASA_GATE_OPEN, CASA_GATE_TURNING, CASA_GATE_SHUT } CasaGateState;

/* @config outlives it. NULL: nobody is known who may do so ([teams] of pulse.conf). (transfer full) */
CasaTeamGate *casa_team_gate_new(const CasaConfig *config);
void casa_team_gate_free(CasaTeamGate *self); /* NULL is fine. Waits for an answer that is under way */

/* As far as is known; the first call asks the broker who is shut out already. */
CasaGateState casa_team_gate_state(CasaTeamGate *self, const char *team);
/* Shuts @team out, or lets it in when it is. Nothing while it turns. */
void casa_team_gate_turn(CasaTeamGate *self, const char *team);
/* Why the last turn of @team failed, in English; NULL: it did not. (transfer none) until the next turn */
const char *casa_team_gate_fault(CasaTeamGate *self, const char *team);

/* Who was over quota since the start, as it stands @now_us (monotonic). */
void casa_team_gate_count(CasaTeamGate *self, const CasaQuotaTally *over, guint n, gint64 now_us);
/* Whom one key turns: who went over quota last and is not shut out; else who was shut out last, to let it in again. NULL:
 * nobody. (transfer none) until the next call of any of these */
const char *casa_team_gate_offender(CasaTeamGate *self, gint64 now_us);

G_END_DECLS
