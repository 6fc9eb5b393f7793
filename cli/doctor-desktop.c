/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor-machine.h"

#include <gio/gio.h>
#include <string.h>

#define ASK_MS 2000

/* --- Fonts --------------------------------------------------------------------------------------------------------- */

/* The families that have every letter of @language. NULL: fontconfig cannot be asked. (transfer full) */
static char *
families_for(const char *language)
{
  g_autofree char *pattern = g_strconcat(":lang=", language, NULL);
  const char *argv[] = { "fc-list", pattern, "family", NULL };
  char *out = NULL;
  int status = 0;
  if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                    &status, NULL) ||
      !g_spawn_check_wait_status(status, NULL)) {
    g_free(out);
    return NULL;
  }
  return out;
}

static void
check_fonts(CliSay say, gpointer data)
{
  static const struct {
    const char *language, *name, *wanted, *package;
  } scripts[] = { { "fr", "French", "Inter", "fonts-inter" },
                  { "ar", "Arabic", "Noto Sans Arabic", "fonts-noto-core" },
                  { "en", "English", "Inter", "fonts-inter" } };
  g_autoptr(GString) good = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
    g_autofree char *families = families_for(scripts[i].language), *text = NULL;
    if (!families) {
      say(CLI_WARN, "fonts",
          "fontconfig does not answer: install the package fontconfig, and look at the wall in all languages", data);
      return;
    }
    if (strstr(families, scripts[i].wanted)) {
      g_string_append_printf(good, "%s%s: %s", good->len ? "; " : "", scripts[i].name, scripts[i].wanted);
      continue;
    }
    text = g_strdup_printf("%s for %s: install the package %s", *families ? "another font stands in" : "no font at all",
                           scripts[i].name, scripts[i].package);
    say(*families ? CLI_WARN : CLI_FAIL, "fonts", text, data);
  }
  if (good->len)
    say(CLI_PASS, "fonts", good->str, data);
}

/* --- Settings of the desktop ----------------------------------------------------------------------------------------- */

/* NULL: this desktop has no such setting. (transfer full) */
static GSettings *
settings_with(const char *schema_id, const char *key)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr(GSettingsSchema) schema = source ? g_settings_schema_source_lookup(source, schema_id, TRUE) : NULL;
  if (!schema || !g_settings_schema_has_key(schema, key) || !g_getenv("DBUS_SESSION_BUS_ADDRESS"))
    return NULL;
  return g_settings_new_full(schema, NULL, NULL);
}

/* casa-pulse asks the session not to sleep, which not every desktop grants; what is set is sure. */
static void
check_idle(CliSay say, gpointer data)
{
  g_autoptr(GSettings) settings = settings_with("org.gnome.desktop.session", "idle-delay");
  guint delay = settings ? g_settings_get_uint(settings, "idle-delay") : 0;
  g_autofree char *text =
    g_strdup_printf("the screen goes dark and may lock after %u s without keys: for the talk, gsettings set "
                    "org.gnome.desktop.session idle-delay 0 (before: %u)",
                    delay, delay);
  if (!settings)
    say(CLI_WARN, "idle", "this desktop does not say when it locks: set its screen lock and sleep to never for the talk", data);
  else if (delay == 0)
    say(CLI_PASS, "idle", "the screen neither goes dark nor locks by itself", data);
  else
    say(CLI_WARN, "idle", text, data);
}

static void
check_quiet(CliSay say, gpointer data)
{
  g_autoptr(GSettings) settings = settings_with("org.gnome.desktop.notifications", "show-banners");
  if (!settings)
    say(CLI_WARN, "quiet", "this desktop does not say whether it shows notifications: turn on \"do not disturb\" yourself",
        data);
  else if (g_settings_get_boolean(settings, "show-banners"))
    say(CLI_WARN, "quiet",
        "notifications may come over the hall's picture: gsettings set org.gnome.desktop.notifications show-banners false "
        "(true brings them back)",
        data);
  else
    say(CLI_PASS, "quiet", "notifications are off", data);
}

/* --- Captive portal -------------------------------------------------------------------------------------------------- */

/* NetworkManager's own verdict, so that nothing is asked of the internet from here. 0: not known. */
static guint
connectivity(void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr(GVariant) reply =
    bus ? g_dbus_connection_call_sync(bus, "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager",
                                      "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new("(ss)", "org.freedesktop.NetworkManager", "Connectivity"),
                                      G_VARIANT_TYPE("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, ASK_MS, NULL, NULL)
        : NULL;
  g_autoptr(GVariant) value = NULL;
  if (!reply)
    return 0;
  g_variant_get(reply, "(v)", &value);
  return g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32) ? g_variant_get_uint32(value) : 0;
}

static void
check_portal(CliSay say, gpointer data)
{
  switch (connectivity()) { /* NMConnectivityState */
  case 0:
    say(CLI_PASS, "portal", "nobody here says whether a login page stands before the internet; nothing of ours needs it", data);
    return;
  case 2: say(CLI_WARN, "portal", "the network wants a login on a page: open a browser, log in, and come back", data); return;
  case 4: say(CLI_PASS, "portal", "the internet is reached", data); return;
  default: say(CLI_PASS, "portal", "no internet, which nothing of ours needs", data); return;
  }
}

void
cli_doctor_desktop(CliSay say, gpointer data)
{
  check_fonts(say, data);
  check_idle(say, data);
  check_quiet(say, data);
  check_portal(say, data);
}
