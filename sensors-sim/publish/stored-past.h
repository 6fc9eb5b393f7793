/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What the keeper of the store has of a source already: so much of the past need not be sent again. Immutable. */
typedef struct _CasaSimStoredPast CasaSimStoredPast;

/* From the answer on $control/store (docs/WIRE.md). NULL: it is none, or of another source or stretch. (transfer full) */
CasaSimStoredPast *casa_sim_stored_past_parse(const char *answer, const char *source, gint64 from_ms, gint64 to_ms);
void casa_sim_stored_past_free(CasaSimStoredPast *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimStoredPast, casa_sim_stored_past_free)

/* Whether @t_ms lies in a stretch that is stored. NULL: nothing is. */
gboolean casa_sim_stored_past_has(const CasaSimStoredPast *self, gint64 t_ms);

/* The question that it answers. (transfer full) */
char *casa_sim_stored_past_question(const char *source, gint64 from_ms, gint64 to_ms, gint64 step_ms);

G_END_DECLS
