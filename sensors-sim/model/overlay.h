/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "events/events.h"
#include "state.h"

G_BEGIN_DECLS

/* What the weather of @events makes of the whole city's state at @t_ms; nothing while none is on. Pure. */
void casa_sim_overlay(const GArray *events, gint64 t_ms, CasaSimState *state);

G_END_DECLS
