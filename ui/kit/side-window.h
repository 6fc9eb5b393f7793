/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A window beside @parent, in its colours and with letters of its size: never larger than @parent is. Escape closes it. @child
 * is scrolled when there is more of it than room; arrows, pages, Home and End scroll too. @title is copied. In the language of
 * the moment. (transfer none): it belongs to GTK, present it. */
GtkWindow *casa_side_window_new(GtkWindow *parent, const char *title, GtkWidget *child, double width_share,
                                double height_share);

G_END_DECLS
