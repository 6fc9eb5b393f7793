/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sink.h"

G_BEGIN_DECLS

/* What a run says of its own progress on stderr: a bar with the time that is left while it fills the past (plain lines where
 * there is no terminal), and, under load, what was asked of it and what it achieved. It never looks at a clock: whoever calls
 * tells the time. One thread. */
typedef struct _CasaSimPace CasaSimPace;

/* @terminal: stderr is one. @every_us: between two lines about the load; 0 = none. */
CasaSimPace *casa_sim_pace_new(gboolean terminal, gint64 every_us);
void casa_sim_pace_free(CasaSimPace *self); /* NULL is fine */

/* @share (0..1) of the past is filled with @messages. TRUE: @out is to be written as it is. */
gboolean casa_sim_pace_fill(CasaSimPace *self, gint64 now_us, double share, guint64 messages, GString *out);

/* Live at @t_ms of simulated time, of which @speed seconds should pass in a second; @messages were handed over since the run
 * began, and the run is @behind_ms late. @counts: of the sink, or NULL. TRUE: @out is to be written. */
gboolean casa_sim_pace_live(CasaSimPace *self, gint64 now_us, gint64 t_ms, double speed, guint64 messages, gint64 behind_ms,
                            const CasaSimSinkCounts *counts, GString *out);

G_END_DECLS
