/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Full screen, also where nobody grants it: without a window manager such a request goes unanswered, and GDK takes it for granted
 * nevertheless. GTK thread only. */

/* The size of the first screen of @window's display, in its own pixels; 1920 × 1080 where it has none. */
void casa_full_screen_size(GtkWindow *window, int *width, int *height);
/* Takes the frame of @window away while it is in full screen: where no compositor draws shadows, GTK paints one of five pixels. */
void casa_full_screen_frameless(GtkWindow *window);
/* Asks for full screen, before @window is shown. Where no window manager would grant it, the window takes the size of the screen and
 * has no frame; that is said in the log. */
void casa_full_screen_ask(GtkWindow *window);

G_END_DECLS
