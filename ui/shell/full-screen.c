/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/full-screen.h"
#include <stdlib.h>

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
  casa_full_screen_on(window, NULL);
}

/* --- What became of it ---------------------------------------------------------------------------------------------- */

#define DATA "casa-full-screen"
#define PATIENCE_US (3 * G_USEC_PER_SEC)
#define SLACK 2 /* px: a screen whose scale is no whole number */

typedef struct {
  gint64 asked_us;
  char *connector; /* NULL: any */
} Request;

static void
request_free(gpointer data)
{
  g_free(((Request *)data)->connector);
  g_free(data);
}

void
casa_full_screen_on(GtkWindow *window, GdkMonitor *monitor)
{
  Request *request = g_new0(Request, 1);

  request->asked_us = g_get_monotonic_time();
  request->connector = monitor ? g_strdup(gdk_monitor_get_connector(monitor)) : NULL;
  g_object_set_data_full(G_OBJECT(window), DATA, request, request_free);
  if (monitor)
    gtk_window_fullscreen_on_monitor(window, monitor);
  else
    gtk_window_fullscreen(window);
}

gboolean
casa_full_screen_is_wanted(GtkWindow *window)
{
  return g_object_get_data(G_OBJECT(window), DATA) != NULL;
}

const char *
casa_full_screen_wanted_on(GtkWindow *window)
{
  const Request *request = g_object_get_data(G_OBJECT(window), DATA);

  return request ? request->connector : NULL;
}

void
casa_full_screen_off(GtkWindow *window)
{
  g_object_set_data(G_OBJECT(window), DATA, NULL);
  gtk_window_unfullscreen(window);
}

GdkMonitor *
casa_full_screen_monitor(GtkWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(window));

  if (!surface || !gtk_widget_get_mapped(GTK_WIDGET(window)))
    return NULL;
  return gdk_display_get_monitor_at_surface(gdk_surface_get_display(surface), surface);
}

/* The state alone is no proof: without a window manager GDK takes it for granted. */
static gboolean
fills(GtkWindow *window, GdkMonitor *monitor)
{
  GdkRectangle area;

  gdk_monitor_get_geometry(monitor, &area);
  return gtk_window_is_fullscreen(window) && abs(gtk_widget_get_width(GTK_WIDGET(window)) - area.width) <= SLACK &&
         abs(gtk_widget_get_height(GTK_WIDGET(window)) - area.height) <= SLACK;
}

CasaFullScreenFault
casa_full_screen_fault(GtkWindow *window)
{
  const Request *request = g_object_get_data(G_OBJECT(window), DATA);
  GdkMonitor *monitor = casa_full_screen_monitor(window);

  if (!request || !monitor)
    return CASA_FULL_SCREEN_FINE;
  const gboolean there = !request->connector || g_strcmp0(request->connector, gdk_monitor_get_connector(monitor)) == 0;
  if (fills(window, monitor) && there)
    return CASA_FULL_SCREEN_FINE;
  if (g_get_monotonic_time() - request->asked_us < PATIENCE_US)
    return CASA_FULL_SCREEN_AWAITED;
  return fills(window, monitor) ? CASA_FULL_SCREEN_ELSEWHERE : CASA_FULL_SCREEN_REFUSED;
}
