/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* Shows a stored stretch of the city again inside a running wall: a replay with a clock, a hub and a model of its own, beside
 * the live ones, which go on. Whoever shows a model is told which one to show. GTK thread only. */
typedef struct _CasaTimeMachine CasaTimeMachine;

/* Show @model from now on, and let go of the one before by the time you return. */
typedef void (*CasaTimeMachineShow)(CasaModel *model, gpointer data);

/* All outlive it. @live is what is shown now. (transfer full) */
CasaTimeMachine *casa_time_machine_new(const CasaConfig *config, CasaPulse *pulse, const CasaCity *city, CasaModel *live,
                                       CasaTimeMachineShow show, gpointer data);
/* Shows nothing any more; windows are gone. NULL is fine. */
void casa_time_machine_free(CasaTimeMachine *self);

/* Shows [@from_ms, @to_ms) at @speed from its begin; @loop: again and again. Another stretch, place or speed is another call.
 * Where a past of the store is shown already, that model goes to it, and nobody is told to show another.
 * FALSE, with @error: nothing is stored of it, and what was shown goes on. */
gboolean casa_time_machine_go(CasaTimeMachine *self, gint64 from_ms, gint64 to_ms, double speed, gboolean loop,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, of any past: a recording too. Copies @options. */
gboolean casa_time_machine_play(CasaTimeMachine *self, const CasaReplayOptions *options,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_time_machine_back(CasaTimeMachine *self);        /* Shows the live city again */
gboolean casa_time_machine_is_away(CasaTimeMachine *self); /* Whether a past is shown */
CasaModel *casa_time_machine_model(CasaTimeMachine *self); /* What is shown. (transfer none) */

G_END_DECLS
