/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Full screen, also where nobody grants it: without a window manager such a request goes unanswered, and GDK takes it for
 * granted nevertheless. GTK thread only. */

/* The size of the first screen of @window's display, in its own pixels; 1920 × 1080 where it has none. */
void casa_full_screen_size(GtkWindow *window, int *width, int *height);
/* Takes the frame of @window away while it is in full screen: where no compositor draws shadows, GTK paints one of five
 * pixels. */
void casa_full_screen_frameless(GtkWindow *window);
/* Asks for full screen, before @window is shown. Where no window manager would grant it, the window takes the size of the
 * screen and has no frame; that is said in the log. */
void casa_full_screen_ask(GtkWindow *window);

/* As gtk_window_fullscreen_on_monitor(), for a window that is shown, @monitor NULL: where it stands; and remembers it, so that
 * casa_full_screen_fault() can tell what became of the request. */
void casa_full_screen_on(GtkWindow *window, GdkMonitor *monitor);
gboolean casa_full_screen_is_wanted(GtkWindow *window); /* It was asked for, and not left since */
/* The connector of the screen that it was asked for on; NULL: it was not, or on any. (transfer none) */
const char *casa_full_screen_wanted_on(GtkWindow *window);
void casa_full_screen_off(GtkWindow *window); /* Leaves it, and nothing is asked for any more */

typedef enum {
  CASA_FULL_SCREEN_FINE, /* granted, or none was asked for */
  CASA_FULL_SCREEN_AWAITED,
  CASA_FULL_SCREEN_REFUSED,   /* three seconds after it was asked for, the window does not fill the screen */
  CASA_FULL_SCREEN_ELSEWHERE, /* it fills another screen than it was asked to */
} CasaFullScreenFault;
/* A request is only that: what became of the last one for @window. */
CasaFullScreenFault casa_full_screen_fault(GtkWindow *window);

/* The screen on which @window stands; NULL: it is not shown. (transfer none) */
GdkMonitor *casa_full_screen_monitor(GtkWindow *window);

G_END_DECLS
