/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"
#include "ui/stage/awake.h"
#include "ui/stage/quiet.h"
#include <glib/gstdio.h>

/* Whether the session is kept awake: a bus with a screen saver and a session of the test's own says what was asked, and what
 * holds. */

#define PATIENCE_S 60

static GtkApplication *app;

static const char SAVER[] = "<node><interface name='org.freedesktop.ScreenSaver'>"
                            "<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
                            "<arg type='u' direction='out'/></method>"
                            "<method name='UnInhibit'><arg type='u' direction='in'/></method></interface></node>";
static const char SESSION[] =
  "<node><interface name='org.gnome.SessionManager'>"
  "<method name='IsInhibited'><arg type='u' direction='in'/><arg type='b' direction='out'/></method>"
  "</interface></node>";

typedef struct {
  GTestDBus *bus;
  GDBusConnection *connection;
  guint held;        /* by the screen saver: cookies that are out */
  guint32 inhibited; /* what the session says it holds back: 4 sleep, 8 idle */
} Desk;

static void
call_cb(GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method,
        GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  Desk *self = data;
  guint32 what = 0;

  if (g_str_equal(method, "Inhibit")) {
    self->held++;
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(u)", 7));
  } else if (g_str_equal(method, "UnInhibit")) {
    g_variant_get(parameters, "(u)", &what);
    self->held -= what == 7;
    g_dbus_method_invocation_return_value(invocation, NULL);
  } else {
    g_variant_get(parameters, "(u)", &what);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(b)", (self->inhibited & what) != 0));
  }
}

static void
offer(Desk *self, const char *name, const char *path, const char *xml)
{
  static const GDBusInterfaceVTable table = { .method_call = call_cb };
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(xml, &error);

  g_assert_no_error(error);
  g_assert_cmpuint(g_dbus_connection_register_object(self->connection, path, node->interfaces[0], &table, self, NULL, &error),
                   >, 0);
  g_assert_no_error(error);
  GVariant *reply =
    g_dbus_connection_call_sync(self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                "RequestName", g_variant_new("(su)", name, 0u), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error(error);
  g_variant_unref(reply);
}

static void
open_desk(Desk *self)
{
  g_autoptr(GError) error = NULL;

  *self = (Desk){ .bus = g_test_dbus_new(G_TEST_DBUS_NONE) };
  g_test_dbus_up(self->bus);
  self->connection = g_dbus_connection_new_for_address_sync(
    g_test_dbus_get_bus_address(self->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error(error);
  offer(self, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", SAVER);
  offer(self, "org.gnome.SessionManager", "/org/gnome/SessionManager", SESSION);
}

#define WAIT_UNTIL(condition)                                                                                                  \
  G_STMT_START                                                                                                                 \
  {                                                                                                                            \
    const gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;                                              \
    while (!(condition)) {                                                                                                     \
      if (g_get_monotonic_time() > until_us)                                                                                   \
        g_error("waited in vain for %s", #condition);                                                                          \
      g_main_context_iteration(NULL, FALSE);                                                                                   \
      g_usleep(1000);                                                                                                          \
    }                                                                                                                          \
  }                                                                                                                            \
  G_STMT_END

/* A cookie is not yet proof; what the session confirms is; what it confirms no more, is none again. */
static void
test_verified(void)
{
  g_autofree char *daemon = g_find_program_in_path("dbus-daemon");
  Desk desk;

  if (!daemon) {
    g_test_skip("no dbus-daemon");
    return;
  }
  open_desk(&desk);
  CasaAwake *awake = casa_awake_new(app, NULL);
  g_assert_cmpint(casa_awake_idle(awake), ==, CASA_AWAKE_NO); /* nobody has answered yet */
  WAIT_UNTIL(desk.held == 1 && casa_awake_idle(awake) == CASA_AWAKE_ASKED);
  desk.inhibited = 8;
  WAIT_UNTIL(casa_awake_idle(awake) == CASA_AWAKE_SURE); /* idle and sleep apart: */
  WAIT_UNTIL(casa_awake_suspend(awake) != CASA_AWAKE_SURE);
  desk.inhibited = 12;
  WAIT_UNTIL(casa_awake_suspend(awake) == CASA_AWAKE_SURE);
  desk.inhibited = 0;
  WAIT_UNTIL(casa_awake_idle(awake) == CASA_AWAKE_ASKED);
  casa_awake_free(awake);
  WAIT_UNTIL(desk.held == 0);
  /* Given up before anybody answered. */
  casa_awake_free(casa_awake_new(app, NULL));
  for (guint i = 0; i < 50; i++)
    g_main_context_iteration(NULL, FALSE);
  g_dbus_connection_close_sync(desk.connection, NULL, NULL);
  g_object_unref(desk.connection);
  g_test_dbus_stop(desk.bus); /* not down: GIO keeps its own connection */
  g_object_unref(desk.bus);
}

static void
test_nobody(void)
{
  g_assert_cmpint(casa_awake_idle(NULL), ==, CASA_AWAKE_NO);
  g_assert_cmpint(casa_awake_suspend(NULL), ==, CASA_AWAKE_NO);
  CasaAwake *awake = casa_awake_new(app, NULL);
  for (guint i = 0; i < 200; i++) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
  g_assert_cmpint(casa_awake_idle(awake), ==, CASA_AWAKE_NO); /* no session bus: it is not claimed */
  casa_awake_free(awake);
}

/* Without a desktop that can be told, nothing is noted and nothing is put back. */
static void
test_quiet_without_desktop(void)
{
  char *dir = test_dir_new();
  g_autofree char *path = g_build_filename(dir, "wall.state.notifications", NULL);

  g_assert_false(casa_quiet_begin(path));
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  casa_quiet_end(path);
  test_dir_remove(dir);
  g_free(dir);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
  g_test_init(&argc, &argv, NULL);
  app = gtk_application_new("io.github.casapulse.TestAwake", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_func("/app/awake/nobody", test_nobody);
  g_test_add_func("/app/awake/quiet-without-desktop", test_quiet_without_desktop);
  g_test_add_func("/app/awake/verified", test_verified);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
