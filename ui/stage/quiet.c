/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/quiet.h"
#include <gio/gio.h>
#include <glib/gstdio.h>

#define SCHEMA "org.gnome.desktop.notifications"
#define KEY "show-banners"

/* NULL: this desktop has no such setting. (transfer full) */
static GSettings *
banners(void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr(GSettingsSchema) schema = source ? g_settings_schema_source_lookup(source, SCHEMA, TRUE) : NULL;

  if (!g_getenv("DBUS_SESSION_BUS_ADDRESS")) /* nobody would hear of a change */
    return NULL;
  return schema && g_settings_schema_has_key(schema, KEY) ? g_settings_new_full(schema, NULL, NULL) : NULL;
}

gboolean
casa_quiet_begin(const char *path)
{
  g_autoptr(GSettings) settings = banners();
  g_autoptr(GError) error = NULL;
  gboolean noted = g_file_test(path, G_FILE_TEST_EXISTS);

  if (!settings || !g_settings_get_boolean(settings, KEY))
    return noted; /* they are off: by whoever was killed before us, or by the presenter */
  if (!noted && !g_file_set_contents(path, "on\n", -1, &error)) {
    g_message("notifications are left on: %s", error->message);
    return FALSE;
  }
  return g_settings_set_boolean(settings, KEY, FALSE);
}

void
casa_quiet_end(const char *path)
{
  g_autoptr(GSettings) settings = g_file_test(path, G_FILE_TEST_EXISTS) ? banners() : NULL;

  if (!settings)
    return;
  g_settings_set_boolean(settings, KEY, TRUE);
  g_settings_sync();
  g_unlink(path);
}
