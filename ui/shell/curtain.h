/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* All of `casa-pulse --curtain`: a black window behind the wall, so that a hall never sees a desktop while the wall starts
 * again. It shows nothing, obeys no key, has no pointer, keeps the session awake and its notifications off, and ends by a
 * signal. It stands on the screen that @state (of --state; may be NULL) names. Returns the exit status. */
int casa_curtain_run(const char *state);

G_END_DECLS
