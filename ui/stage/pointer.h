/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Hides the pointer over @window when it goes to full screen, and there after three seconds of rest; any movement brings it
 * back. */
void casa_pointer_rest(GtkWindow *window);

G_END_DECLS
