/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "publish/sink.h"
#include "world.h"

G_BEGIN_DECLS

/* Says which events are being played: one retained message for each while it lasts, an empty one when it is over
 * (docs/WIRE.md, "Events"). One thread. */
typedef struct _CasaSimEventAnnouncer CasaSimEventAnnouncer;

/* @world and @sink outlive it. */
CasaSimEventAnnouncer *casa_sim_event_announcer_new(CasaSimWorld *world, CasaSimSink *sink);
void casa_sim_event_announcer_free(CasaSimEventAnnouncer *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimEventAnnouncer, casa_sim_event_announcer_free)

/* Says what began, changed or ended up to @t_ms, and clears what an earlier run left at the broker. FALSE: the sink takes no
 * more. */
gboolean casa_sim_event_announcer_say(CasaSimEventAnnouncer *self, gint64 t_ms);
/* Those that are on at @t_ms go on from an earlier run, which told them: until then nothing is cleared of them. */
void casa_sim_event_announcer_expect(CasaSimEventAnnouncer *self, gint64 t_ms);
/* The run ends, and what it played with it. */
void casa_sim_event_announcer_end(CasaSimEventAnnouncer *self);

G_END_DECLS
