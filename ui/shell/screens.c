/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/screens.h"
#include "ui/shell/full-screen.h"

#define LOOK_MS 500
#define TWICE_US G_USEC_PER_SEC
#define COVER_US (4 * G_USEC_PER_SEC) /* as long as it is told that it takes a second time */

struct _CasaScreens {
  CasaWindow *hall; /* weak */
  GListModel *monitors;
  char *connector, *model; /* of the screen that the hall's window filled last; NULL: it fills none */
  char **there;            /* connectors of those that were there when it was lost */
  gint64 viewed_us;        /* when the presenter's window was asked for on the only screen */
  gint64 covered_us;       /* when another window was */
  guint timer;
  gboolean told; /* that full screen was refused */
};

static GdkMonitor *
monitor_at(CasaScreens *self, guint i)
{
  g_autoptr(GdkMonitor) monitor = g_list_model_get_item(self->monitors, i);

  return monitor; /* the display keeps it */
}

static guint
n_monitors(CasaScreens *self)
{
  return g_list_model_get_n_items(self->monitors);
}

/* The screen that the hall's window filled; NULL: it is not there now. */
static GdkMonitor *
own_monitor(CasaScreens *self)
{
  for (guint i = 0; self->connector && i < n_monitors(self); i++) {
    GdkMonitor *monitor = monitor_at(self, i);
    if (g_strcmp0(gdk_monitor_get_connector(monitor), self->connector) == 0 &&
        g_strcmp0(gdk_monitor_get_model(monitor), self->model) == 0)
      return monitor;
  }
  return NULL;
}

/* One that has come since the hall's was lost; NULL: none has. */
static GdkMonitor *
new_monitor(CasaScreens *self)
{
  for (guint i = 0; self->there && i < n_monitors(self); i++) {
    const char *connector = gdk_monitor_get_connector(monitor_at(self, i));
    if (connector && !g_strv_contains((const char *const *)self->there, connector))
      return monitor_at(self, i);
  }
  return NULL;
}

/* Any but @not; NULL: there is none. */
static GdkMonitor *
other_monitor(CasaScreens *self, GdkMonitor * not )
{
  guint n = n_monitors(self), at = 0;

  while (at < n && monitor_at(self, at) != not )
    at++;
  GdkMonitor *next = n > 0 ? monitor_at(self, (at + 1) % n) : NULL;
  return next != not ? next : NULL;
}

static void
remember(CasaScreens *self, GdkMonitor *monitor)
{
  g_free(self->connector);
  g_free(self->model);
  self->connector = monitor ? g_strdup(gdk_monitor_get_connector(monitor)) : NULL;
  self->model = monitor ? g_strdup(gdk_monitor_get_model(monitor)) : NULL;
}

/* The hall's window is shown again, filling @monitor; NULL: as a window. */
static void
show_hall(CasaScreens *self, GdkMonitor *monitor)
{
  remember(self, monitor);
  if (monitor)
    casa_full_screen_on(GTK_WINDOW(self->hall), monitor);
  casa_window_set_audience(self->hall, CASA_AUDIENCE_SEES);
  gtk_window_present(GTK_WINDOW(self->hall));
}

static void
lose_screen(CasaScreens *self)
{
  g_autoptr(GStrvBuilder) there = g_strv_builder_new();

  if (!casa_window_set_audience(self->hall, CASA_AUDIENCE_UNPLUGGED))
    return;
  for (guint i = 0; i < n_monitors(self); i++) {
    const char *connector = gdk_monitor_get_connector(monitor_at(self, i));
    if (connector)
      g_strv_builder_add(there, connector);
  }
  g_strfreev(self->there);
  self->there = g_strv_builder_end(there);
  g_message("the hall's screen %s is gone: the show goes on in the presenter's window", self->connector);
}

static void
regain_screen(CasaScreens *self)
{
  GdkMonitor *own = own_monitor(self), *monitor = own ? own : new_monitor(self);

  if (!monitor)
    return;
  g_message("a screen is there for the hall: %s", gdk_monitor_get_connector(monitor));
  show_hall(self, monitor);
}

/* Two windows on one screen while another is free: the presenter's goes. */
static void
keep_apart(CasaScreens *self)
{
  GtkWindow *presenter = casa_window_presenter(self->hall);
  GdkMonitor *hall = casa_full_screen_monitor(GTK_WINDOW(self->hall));

  if (!presenter || !hall || !gtk_window_is_fullscreen(GTK_WINDOW(self->hall)) ||
      casa_full_screen_fault(GTK_WINDOW(self->hall)) != CASA_FULL_SCREEN_FINE || casa_full_screen_monitor(presenter) != hall)
    return;
  GdkMonitor *other = other_monitor(self, hall);
  if (other && casa_full_screen_fault(presenter) != CASA_FULL_SCREEN_AWAITED)
    casa_full_screen_on(presenter, other);
}

static void
tell_fault(CasaScreens *self)
{
  CasaFullScreenFault fault = casa_full_screen_fault(GTK_WINDOW(self->hall));
  gboolean bad = fault == CASA_FULL_SCREEN_REFUSED || fault == CASA_FULL_SCREEN_ELSEWHERE;

  if (bad && !self->told)
    g_message(
      "full screen was asked for and not granted: the hall's window %s; F11 asks again, Ctrl+Shift+S takes another screen",
      fault == CASA_FULL_SCREEN_REFUSED ? "does not fill its screen" : "fills another screen");
  self->told = bad;
}

/* A screen may go before it was looked at: the one that was asked for then counts as filled. */
static void
presume(CasaScreens *self)
{
  const char *wanted = casa_full_screen_wanted_on(GTK_WINDOW(self->hall));

  if (self->connector || !wanted || casa_full_screen_fault(GTK_WINDOW(self->hall)) == CASA_FULL_SCREEN_REFUSED)
    return;
  self->connector = g_strdup(wanted);
  for (guint i = 0; i < n_monitors(self); i++)
    if (g_strcmp0(gdk_monitor_get_connector(monitor_at(self, i)), wanted) == 0)
      self->model = g_strdup(gdk_monitor_get_model(monitor_at(self, i)));
}

/* The hall's window is on a screen: is it still there, and is it the one that was meant? */
static void
watch_hall(CasaScreens *self)
{
  presume(self);
  GdkMonitor *own = own_monitor(self), *now = casa_full_screen_monitor(GTK_WINDOW(self->hall));

  if (self->connector && !own && n_monitors(self) > 0 && casa_window_presenter(self->hall)) {
    lose_screen(self);
    return;
  }
  if (gtk_window_is_fullscreen(GTK_WINDOW(self->hall)) && now) {
    if (!self->connector || own)
      remember(self, now);
    else if (!casa_window_presenter(self->hall))
      remember(self, now); /* moved on by the desktop, and nobody else shows it */
  } else if (own) {
    remember(self, NULL); /* a window of a desktop goes where that puts it */
  }
  keep_apart(self);
  tell_fault(self);
}

static gboolean
look_cb(gpointer data)
{
  CasaScreens *self = data;

  if (!self->hall)
    return G_SOURCE_CONTINUE;
  switch (casa_window_audience(self->hall)) {
  case CASA_AUDIENCE_SEES: watch_hall(self); break;
  case CASA_AUDIENCE_UNPLUGGED: regain_screen(self); break;
  case CASA_AUDIENCE_HIDDEN: break;
  }
  return G_SOURCE_CONTINUE;
}

static void
changed_cb(GListModel *monitors, guint position, guint removed, guint added, CasaScreens *self)
{
  look_cb(self);
}

CasaScreens *
casa_screens_new(CasaWindow *hall)
{
  CasaScreens *self = g_new0(CasaScreens, 1);

  g_set_weak_pointer(&self->hall, hall);
  self->monitors = g_object_ref(gdk_display_get_monitors(gtk_widget_get_display(GTK_WIDGET(hall))));
  g_signal_connect(self->monitors, "items-changed", G_CALLBACK(changed_cb), self);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
  return self;
}

void
casa_screens_free(CasaScreens *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_signal_handlers_disconnect_by_data(self->monitors, self);
  g_object_unref(self->monitors);
  g_clear_weak_pointer(&self->hall);
  g_free(self->connector);
  g_free(self->model);
  g_strfreev(self->there);
  g_free(self);
}

/* Back from where the presenter sent it. Its screen may have gone meanwhile. */
static void
unhide(CasaScreens *self)
{
  GdkMonitor *own = own_monitor(self);

  if (self->connector && !own && n_monitors(self) < 2)
    lose_screen(self);
  else if (self->connector && !own)
    show_hall(self, other_monitor(self, casa_full_screen_monitor(casa_window_presenter(self->hall))));
  else
    show_hall(self, own);
}

void
casa_screens_hide(CasaScreens *self)
{
  if (!self->hall)
    return;
  switch (casa_window_audience(self->hall)) {
  case CASA_AUDIENCE_SEES:
    look_cb(self); /* which screen it fills */
    casa_window_set_audience(self->hall, CASA_AUDIENCE_HIDDEN);
    break;
  case CASA_AUDIENCE_HIDDEN: unhide(self); break;
  case CASA_AUDIENCE_UNPLUGGED: break; /* there is nothing to show it on */
  }
}

gboolean
casa_screens_swap(CasaScreens *self)
{
  GtkWindow *presenter = self->hall ? casa_window_presenter(self->hall) : NULL;

  if (!self->hall || n_monitors(self) < 2)
    return FALSE;
  GdkMonitor *from = casa_full_screen_monitor(GTK_WINDOW(self->hall));
  GdkMonitor *to = other_monitor(self, from ? from : presenter ? casa_full_screen_monitor(presenter) : NULL);
  if (from && presenter && gtk_widget_get_visible(GTK_WIDGET(presenter)) && casa_full_screen_monitor(presenter) == to)
    casa_full_screen_on(presenter, from);
  show_hall(self, to);
  return TRUE;
}

static gboolean
fills_screen(GtkWindow *window)
{
  return gtk_widget_get_visible(GTK_WIDGET(window)) && (gtk_window_is_fullscreen(window) || casa_full_screen_is_wanted(window));
}

gboolean
casa_screens_is_shared(CasaScreens *self)
{
  return self->hall && n_monitors(self) < 2 && fills_screen(GTK_WINDOW(self->hall));
}

/* Before the hall: an accident must not do it. */
static void
view_shared(CasaScreens *self, GtkWindow *presenter)
{
  const gint64 now_us = g_get_monotonic_time();
  const gboolean twice = self->viewed_us && now_us - self->viewed_us <= TWICE_US;

  if (gtk_widget_get_visible(GTK_WIDGET(presenter))) {
    gtk_widget_set_visible(GTK_WIDGET(presenter), FALSE);
    gtk_window_present(GTK_WINDOW(self->hall));
  } else if (twice) {
    casa_full_screen_on(presenter, NULL); /* else it may stay below the one that fills the screen */
    gtk_window_present(presenter);
  }
  self->viewed_us = twice ? 0 : now_us;
}

gboolean
casa_screens_may_cover(CasaScreens *self)
{
  const gint64 now_us = g_get_monotonic_time();
  const gboolean twice = self->covered_us && now_us - self->covered_us <= COVER_US;

  if (!casa_screens_is_shared(self))
    return TRUE;
  self->covered_us = twice ? 0 : now_us;
  return twice;
}

GtkWindow *
casa_screens_view(CasaScreens *self)
{
  GtkWindow *presenter = self->hall ? casa_window_presenter(self->hall) : NULL;

  if (!presenter)
    return NULL;
  if (casa_screens_is_shared(self))
    view_shared(self, presenter);
  else
    gtk_window_present(presenter);
  return presenter;
}

GdkMonitor *
casa_screens_guess(GdkDisplay *display)
{
  GListModel *monitors = gdk_display_get_monitors(display);
  GdkMonitor *first = NULL;
  gboolean built_in = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(monitors); i++) {
    g_autoptr(GdkMonitor) monitor = g_list_model_get_item(monitors, i);
    const char *name = gdk_monitor_get_connector(monitor);
    /* As the kernel names panels (Linux, drm_connector.c). */
    if (name && (g_str_has_prefix(name, "eDP") || g_str_has_prefix(name, "LVDS") || g_str_has_prefix(name, "DSI")))
      built_in = TRUE;
    else if (!first)
      first = monitor; /* the display keeps it */
  }
  return built_in ? first : NULL;
}
