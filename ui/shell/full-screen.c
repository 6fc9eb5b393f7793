/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/full-screen.h"

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

void
casa_full_screen_size(GtkWindow *window, int *width, int *height)
{
  g_autoptr(GdkMonitor) first = g_list_model_get_item(gdk_display_get_monitors(gtk_widget_get_display(GTK_WIDGET(window))), 0);
  GdkRectangle area = { 0, 0, 1920, 1080 };

  if (first)
    gdk_monitor_get_geometry(first, &area);
  *width = area.width;
  *height = area.height;
}

/* A compositor of Wayland always answers. */
static gboolean
is_granted(GdkDisplay *display)
{
#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_DISPLAY(display))
    return gdk_x11_screen_supports_net_wm_hint(gdk_x11_display_get_screen(display),
                                               g_intern_static_string("_NET_WM_STATE_FULLSCREEN"));
#endif
  return TRUE;
}

void
casa_full_screen_frameless(GtkWindow *window)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();

  gtk_css_provider_load_from_data(provider,
                                  "window.fullscreen{margin:0;padding:0;border:none;border-radius:0;box-shadow:none;}", -1);
  gtk_style_context_add_provider(gtk_widget_get_style_context(GTK_WIDGET(window)), GTK_STYLE_PROVIDER(provider),
                                 GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void
casa_full_screen_ask(GtkWindow *window)
{
  int width, height;

  if (!is_granted(gtk_widget_get_display(GTK_WIDGET(window)))) {
    casa_full_screen_size(window, &width, &height);
    gtk_window_set_decorated(window, FALSE);
    gtk_window_set_default_size(window, width, height);
    g_message("no window manager grants full screen; the window takes the size of the screen, %d × %d", width, height);
  }
  gtk_window_fullscreen(window);
}
