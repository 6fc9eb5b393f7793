/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The window's own buttons at its end, as GtkWindowControls makes them, and told to a screen reader in the language of the
 * moment: GTK says their names in that of the system. (transfer floating) */
GtkWidget *casa_window_controls_new(void);

G_END_DECLS
