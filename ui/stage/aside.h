/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What is said to the presenter alone, and never to the hall: why a cue was not obeyed, what the parachute waits for. Whoever
 * shows it asks for it; without a presenter's window it stands in the log. GTK thread. Times @now_us are monotonic. */
typedef struct _CasaAside CasaAside;

#define CASA_ASIDE_US (30 * G_USEC_PER_SEC) /* how long a word said stays: long enough for a glance between two sentences */

CasaAside *casa_aside_new(void);       /* Says nothing yet. (transfer full) */
void casa_aside_free(CasaAside *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaAside, casa_aside_free)

/* Says @text, plain and in the language of the moment, from @now_us on for CASA_ASIDE_US; it takes the place of the one before,
 * and goes to the log. */
void casa_aside_say(CasaAside *self, const char *text, gint64 now_us);
/* What holds until another holds, beside what is said; NULL or "": nothing does. Not logged. */
void casa_aside_hold(CasaAside *self, const char *text);
/* What is to be read now, a line each; "" nothing. (transfer full) */
char *casa_aside_text(const CasaAside *self, gint64 now_us);

G_END_DECLS
