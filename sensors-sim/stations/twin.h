/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "publish/sink.h"
#include "world.h"

G_BEGIN_DECLS

/* The same city without the events that work, beside it while one does and for an hour after (docs/WIRE.md, "Without it"): what
 * its stations would say is sent where it differs from what they do say, every ten seconds at most, on topics of its own. It
 * costs nothing while nothing happens. One thread. */
typedef struct _CasaSimTwin CasaSimTwin;

/* Both outlive it. */
CasaSimTwin *casa_sim_twin_new(CasaSimWorld *world, CasaSimSink *sink);
void casa_sim_twin_free(CasaSimTwin *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimTwin, casa_sim_twin_free)

/* Sets the moment of what follows, as casa_sim_world_set_time() has set the world's; @faults: what the sensors do to values and
 * messages. Every ten seconds it says what the events cost. FALSE: the sink takes no more. */
gboolean casa_sim_twin_set_time(CasaSimTwin *self, gint64 t_ms, guint faults);
/* Station @i reports at that moment: what it would say, if that is something else. FALSE: the sink takes no more. */
gboolean casa_sim_twin_say(CasaSimTwin *self, guint i, gint64 since_ms);

/* The city without those events at the moment set; NULL: none works. (transfer none), until the next moment. */
CasaSimWorld *casa_sim_twin_world(CasaSimTwin *self);

G_END_DECLS
