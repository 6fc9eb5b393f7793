/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Hides the pointer over @window after three seconds of rest while it is in full screen; any movement brings it back. */
void casa_pointer_rest(GtkWindow *window);

G_END_DECLS
