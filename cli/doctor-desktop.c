/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor-machine.h"
#include "cli.h"

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
  } scripts[] = { { "fr", "français", "Inter", "fonts-inter" },
                  { "ar", "العربية", "Noto Sans Arabic", "fonts-noto-core" },
                  { "en", "English", "Inter", "fonts-inter" } };
  g_autoptr(GString) good = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
    g_autofree char *families = families_for(scripts[i].language), *text = NULL;
    if (!families) {
      say(CLI_WARN, "fonts",
          cli_said("fontconfig does not answer: install the package fontconfig, and look at the wall in all languages",
                   "fontconfig ne répond pas : installez le paquet fontconfig, et regardez le mur dans toutes les langues",
                   "لا يجيب fontconfig: ثبّتوا الحزمة fontconfig وانظروا إلى الجدار بكل اللغات"),
          data);
      return;
    }
    if (strstr(families, scripts[i].wanted)) {
      g_string_append_printf(good, "%s%s: %s", good->len ? "; " : "", scripts[i].name, scripts[i].wanted);
      continue;
    }
    text = *families ? g_strdup_printf(cli_said("another font stands in for %s: install the package %s",
                                                "une autre police remplace celle de « %s » : installez le paquet %s",
                                                "خط آخر يحل محل خط «%s»: ثبّتوا الحزمة %s"),
                                       scripts[i].name, scripts[i].package)
                     : g_strdup_printf(cli_said("no font at all for %s: install the package %s",
                                                "aucune police pour « %s » : installez le paquet %s",
                                                "لا خط إطلاقًا لـ «%s»: ثبّتوا الحزمة %s"),
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
    g_strdup_printf(cli_said("the screen goes dark and may lock after %u s without keys: for the talk, gsettings set "
                             "org.gnome.desktop.session idle-delay 0 (before: %u)",
                             "l'écran s'éteint et peut se verrouiller après %u s sans touche : pour l'exposé, gsettings set "
                             "org.gnome.desktop.session idle-delay 0 (avant : %u)",
                             "تنطفئ الشاشة وقد تُقفل بعد %u ث دون مفاتيح: للعرض، gsettings set "
                             "org.gnome.desktop.session idle-delay 0 (قبل: %u)"),
                    delay, delay);
  if (!settings)
    say(CLI_WARN, "idle",
        cli_said("this desktop does not say when it locks: set its screen lock and sleep to never for the talk",
                 "ce bureau ne dit pas quand il se verrouille : réglez le verrouillage et la veille sur jamais pour l'exposé",
                 "لا يذكر سطح المكتب متى يُقفل: اضبطوا القفل والسكون على «أبدًا» أثناء العرض"),
        data);
  else if (delay == 0)
    say(CLI_PASS, "idle",
        cli_said("the screen neither goes dark nor locks by itself", "l'écran ne s'éteint ni ne se verrouille de lui-même",
                 "الشاشة لا تنطفئ ولا تُقفل من تلقاء نفسها"),
        data);
  else
    say(CLI_WARN, "idle", text, data);
}

static void
check_quiet(CliSay say, gpointer data)
{
  g_autoptr(GSettings) settings = settings_with("org.gnome.desktop.notifications", "show-banners");
  if (!settings)
    say(CLI_WARN, "quiet",
        cli_said("this desktop does not say whether it shows notifications: turn on \"do not disturb\" yourself",
                 "ce bureau ne dit pas s'il montre des notifications : activez vous-même « ne pas déranger »",
                 "لا يذكر سطح المكتب إن كان يُظهر إشعارات: فعّلوا «عدم الإزعاج» بأنفسكم"),
        data);
  else if (g_settings_get_boolean(settings, "show-banners"))
    say(CLI_WARN, "quiet",
        cli_said(
          "notifications may come over the hall's picture: gsettings set org.gnome.desktop.notifications show-banners false "
          "(true brings them back)",
          "des notifications peuvent couvrir l'image de la salle : gsettings set org.gnome.desktop.notifications show-banners "
          "false (true les ramène)",
          "قد تغطي إشعارات صورة القاعة: gsettings set org.gnome.desktop.notifications show-banners false (وtrue يعيدها)"),
        data);
  else
    say(CLI_PASS, "quiet", cli_said("notifications are off", "les notifications sont coupées", "الإشعارات موقفة"), data);
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
    say(CLI_PASS, "portal",
        cli_said("nobody here says whether a login page stands before the internet; nothing of ours needs it",
                 "rien ici ne dit si une page de connexion barre l'internet ; rien de nôtre n'en a besoin",
                 "لا شيء هنا يذكر إن كانت صفحة دخول تسبق الإنترنت؛ ولا نحتاج إليه"),
        data);
    return;
  case 2:
    say(CLI_WARN, "portal",
        cli_said("the network wants a login on a page: open a browser, log in, and come back",
                 "le réseau veut une connexion sur une page : ouvrez un navigateur, connectez-vous et revenez",
                 "تطلب الشبكة الدخول من صفحة: افتحوا متصفحًا وسجّلوا الدخول ثم عودوا"),
        data);
    return;
  case 4:
    say(CLI_PASS, "portal", cli_said("the internet is reached", "l'internet est joignable", "الإنترنت متاح"), data);
    return;
  default:
    say(CLI_PASS, "portal",
        cli_said("no internet, which nothing of ours needs", "pas d'internet, dont rien de nôtre n'a besoin",
                 "لا إنترنت، ولا نحتاج إليه"),
        data);
    return;
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
