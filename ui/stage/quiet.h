/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Turns the desktop's notifications off while a talk goes on, and on again afterwards, where the desktop can be told (GNOME).
 * GTK thread. */

/* Turns them off; that they were on is noted in @path first, so that they come back after a crash, too: whoever begins again
 * with that file knows. FALSE: the desktop cannot be told, or they were off before. */
gboolean casa_quiet_begin(const char *path);
/* Turns them on again when @path says so, and removes it. */
void casa_quiet_end(const char *path);

G_END_DECLS
