/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/state.h"

G_BEGIN_DECLS

/* Obeys one command from the control topic, such as {"event":"chergui","intensity":0.8,"minutes":30}, at @t_ms of
 * simulated time (nothing at or after it has been reported yet). Writes the answer to @reply. FALSE: it was not
 * understood, @reply says why, and nothing has changed. */
gboolean casa_sim_control(CasaSimModel *model, const char *command, gint64 t_ms, GString *reply);

/* {"sensors":"field"}, {"sensors":"late,duplicates"} or {"sensors":"clean"}: TRUE when @command speaks of sensors; @faults
 * (CasaSimFault bits) is then what it asks for, or unchanged when that cannot be understood. @reply says which. */
gboolean casa_sim_control_sensors(const char *command, guint *faults, GString *reply);

G_END_DECLS
