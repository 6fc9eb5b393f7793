/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"
#include "ui/stage/rehearsal.h"

G_BEGIN_DECLS

/* A show that nobody drives: a rehearsal that plays by itself again and again (--autoplay), or scenes that follow one another
 * (`stay`). A key, a click or a touch wakes it: whoever stands there drives, black is lifted, and the show goes on from the
 * scene that is shown when nothing was touched for CASA_AUTOPLAY_IDLE_US. GTK thread only. */
typedef struct _CasaAutoplay CasaAutoplay;

#define CASA_AUTOPLAY_IDLE_US (60 * G_USEC_PER_SEC) /* long enough to read a scene of figures */

/* @window is weak, @scenes outlives it; @rehearsal (transfer full), NULL: scenes follow by `stay` alone. (transfer full) */
CasaAutoplay *casa_autoplay_new(CasaWindow *window, CasaSceneList *scenes, CasaRehearsal *rehearsal);
void casa_autoplay_free(CasaAutoplay *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaAutoplay, casa_autoplay_free)

/* Somebody is there, at @now_us. */
void casa_autoplay_wake(CasaAutoplay *self, gint64 now_us);
/* What is due at @now_us is shown; it does so by itself ten times a second. */
void casa_autoplay_look(CasaAutoplay *self, gint64 now_us);

G_END_DECLS
