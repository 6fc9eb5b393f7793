/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/state.h"

G_BEGIN_DECLS

/* Commanded events outlive the program: they stand in a file, so that a simulator that was killed and comes back plays on
 * what it was told to play. */

/* Writes those of @model's commanded events that still last at @t_ms into @path, at once and as a whole. What cannot be
 * written is said on stderr. */
void casa_sim_kept_events_save(const char *path, const CasaSimModel *model, gint64 t_ms);

/* Gives @model those events of @path that still last at @t_ms; returns how many. No file: none. What cannot be read is said on
 * stderr, with file and line, and passed over: the city goes on without it. */
guint casa_sim_kept_events_load(const char *path, CasaSimModel *model, gint64 t_ms);

G_END_DECLS
