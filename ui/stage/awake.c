/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/awake.h"
#include <gio/gunixfdlist.h>
#include <unistd.h>

#define ASK_AGAIN_S 10
#define ASK_MS 2000
#define WHY "Casa Pulse"
/* Of org.gnome.SessionManager.IsInhibited(): what is held back. */
#define SESSION_SUSPEND 4
#define SESSION_IDLE 8

struct _CasaAwake {
  GtkApplication *app;
  guint idle_cookie, suspend_cookie; /* of the session through GTK; 0: it refused */
  guint saver_cookie;                /* of org.freedesktop.ScreenSaver; 0: none */
  int sleep_fd;                      /* logind does not sleep while it is open; -1: none */
  gboolean idle_sure, suspend_sure;  /* as the session said last */
  GDBusConnection *session;          /* NULL: there is none, or not yet */
  GCancellable *gone;
  guint timer;
};

/* NULL: it was cancelled, since nobody wants it any more, or nobody answers. (transfer full) */
static GVariant *
reply_of(GObject *source, GAsyncResult *result, gboolean *out_gone)
{
  g_autoptr(GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);

  *out_gone = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return reply;
}

static void
idle_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean gone;
  g_autoptr(GVariant) reply = reply_of(source, result, &gone);

  if (!gone && reply)
    g_variant_get(reply, "(b)", &((CasaAwake *)data)->idle_sure);
}

static void
suspend_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean gone;
  g_autoptr(GVariant) reply = reply_of(source, result, &gone);

  if (!gone && reply)
    g_variant_get(reply, "(b)", &((CasaAwake *)data)->suspend_sure);
}

static void
ask_session(CasaAwake *self, guint what, GAsyncReadyCallback answer)
{
  g_dbus_connection_call(self->session, "org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager",
                         "IsInhibited", g_variant_new("(u)", what), G_VARIANT_TYPE("(b)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                         ASK_MS, self->gone, answer, self);
}

static gboolean
look_cb(gpointer data)
{
  CasaAwake *self = data;

  if (!self->session)
    return G_SOURCE_CONTINUE;
  self->idle_sure = self->suspend_sure = FALSE; /* until it says so again */
  ask_session(self, SESSION_IDLE, idle_cb);
  ask_session(self, SESSION_SUSPEND, suspend_cb);
  return G_SOURCE_CONTINUE;
}

static void
saver_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean gone;
  g_autoptr(GVariant) reply = reply_of(source, result, &gone);

  if (!gone && reply)
    g_variant_get(reply, "(u)", &((CasaAwake *)data)->saver_cookie);
}

/* For desktops whose session GTK does not know: the older service that screen savers offer. */
static void
session_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  CasaAwake *self = data;
  g_autoptr(GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish(result, &error);

  if (!bus)
    return;                                        /* cancelled, or there is no session bus: self may be gone */
  g_dbus_connection_set_exit_on_close(bus, FALSE); /* a talk does not end with its bus */
  self->session = bus;
  g_dbus_connection_call(bus, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver",
                         "Inhibit", g_variant_new("(ss)", WHY, WHY), G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, ASK_MS,
                         self->gone, saver_cb, self);
  look_cb(self);
}

static void
sleep_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  CasaAwake *self = data;
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish(G_DBUS_CONNECTION(source), &fds, result, &error);
  int handle = 0;

  if (!reply || !fds)
    return;
  g_variant_get(reply, "(h)", &handle);
  self->sleep_fd = g_unix_fd_list_get(fds, handle, NULL);
}

static void
system_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, NULL);

  if (!bus)
    return;
  g_dbus_connection_set_exit_on_close(bus, FALSE);
  g_dbus_connection_call_with_unix_fd_list(
    bus, "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "Inhibit",
    g_variant_new("(ssss)", "sleep", WHY, WHY, "block"), G_VARIANT_TYPE("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, ASK_MS, NULL,
    ((CasaAwake *)data)->gone, sleep_cb, data);
}

CasaAwake *
casa_awake_new(GtkApplication *app, GtkWindow *window)
{
  CasaAwake *self = g_new0(CasaAwake, 1);

  self->app = g_object_ref(app);
  self->sleep_fd = -1;
  self->gone = g_cancellable_new();
  self->idle_cookie = gtk_application_inhibit(app, window, GTK_APPLICATION_INHIBIT_IDLE, WHY);
  self->suspend_cookie = gtk_application_inhibit(app, window, GTK_APPLICATION_INHIBIT_SUSPEND, WHY);
  g_bus_get(G_BUS_TYPE_SESSION, self->gone, session_cb, self);
  g_bus_get(G_BUS_TYPE_SYSTEM, self->gone, system_cb, self);
  self->timer = g_timeout_add_seconds(ASK_AGAIN_S, look_cb, self);
  return self;
}

void
casa_awake_free(CasaAwake *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_cancellable_cancel(self->gone);
  if (self->idle_cookie)
    gtk_application_uninhibit(self->app, self->idle_cookie);
  if (self->suspend_cookie)
    gtk_application_uninhibit(self->app, self->suspend_cookie);
  if (self->saver_cookie) {
    g_dbus_connection_call(self->session, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver",
                           "org.freedesktop.ScreenSaver", "UnInhibit", g_variant_new("(u)", self->saver_cookie), NULL,
                           G_DBUS_CALL_FLAGS_NO_AUTO_START, ASK_MS, NULL, NULL, NULL);
    g_dbus_connection_flush(self->session, NULL, NULL, NULL); /* keeps the connection until that is written */
  }
  if (self->sleep_fd >= 0)
    close(self->sleep_fd);
  g_clear_object(&self->session);
  g_object_unref(self->gone);
  g_object_unref(self->app);
  g_free(self);
}

CasaAwakeState
casa_awake_idle(CasaAwake *self)
{
  if (!self)
    return CASA_AWAKE_NO;
  if (self->idle_sure)
    return CASA_AWAKE_SURE;
  return self->idle_cookie || self->saver_cookie ? CASA_AWAKE_ASKED : CASA_AWAKE_NO;
}

CasaAwakeState
casa_awake_suspend(CasaAwake *self)
{
  if (!self)
    return CASA_AWAKE_NO;
  if (self->suspend_sure || self->sleep_fd >= 0)
    return CASA_AWAKE_SURE;
  return self->suspend_cookie ? CASA_AWAKE_ASKED : CASA_AWAKE_NO;
}
