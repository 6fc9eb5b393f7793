/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A right click on @handle (a GtkWindowHandle) opens @menu (a GtkMenuButton) while that is seen: GTK would show a menu of the
 * window, in English. */
void casa_handle_own_menu(GtkWidget *handle, GtkWidget *menu);

G_END_DECLS
