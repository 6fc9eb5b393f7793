/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/event-secret.h"

#include "base/config-secrets.h"
#include "base/error.h"
#include "teams/qr.h"
#include "teams/team-secret.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
path_of(const char *folder)
{
  return g_build_filename(folder, "event-secret", NULL);
}

char *
casa_event_secret_read(const char *folder, GError **error)
{
  g_autofree char *path = path_of(folder), *reason = NULL;
  char *secret = casa_config_read_secret(path, &reason);
  if (!secret)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s", reason);
  return secret;
}

char *
casa_event_secret_make(const char *folder, gboolean anew, GError **error)
{
  g_autofree char *path = path_of(folder);
  if (!anew && g_file_test(path, G_FILE_TEST_EXISTS))
    return casa_event_secret_read(folder, error);
  return casa_team_secret_write_new(path, error);
}

void
casa_event_secret_drop(const char *folder)
{
  g_autofree char *path = path_of(folder);
  g_unlink(path);
}

char *
casa_event_link(const CasaConfig *config, const char *secret, const char *lang)
{
  static const char *const known[] = { "fr", "ar", "en", NULL };
  return config->teams_page ? g_strdup_printf("%s#event=%s&lang=%s", config->teams_page, secret,
                                              lang && g_strv_contains(known, lang) ? lang : "fr")
                            : NULL;
}

char *
casa_event_card_text(const CasaConfig *config, const char *secret, const char *lang, gboolean colours)
{
  static const char *const words[][2] = {
    { "Rejoindre Casa Pulse : scannez et choisissez un nom", "Sans téléphone :" },
    { "الانضمام إلى Casa Pulse: امسحوا الرمز واختاروا اسمًا", "دون هاتف:" },
    { "Join Casa Pulse: scan and choose a name", "Without a phone:" },
  };
  guint l = g_strcmp0(lang, "ar") == 0 ? 1 : g_strcmp0(lang, "en") == 0 ? 2 : 0;
  g_autofree char *link = casa_event_link(config, secret, lang), *host = NULL, *port = NULL;
  g_autoptr(CasaQr) qr = link ? casa_qr_new(link) : NULL;
  GString *out = g_string_new(NULL);
  casa_join_address(config, &host, &port);
  if (qr) {
    g_autofree char *picture = casa_qr_text(qr, colours);
    g_string_append_printf(out, "%s\n%s\n%s\n\n", picture, words[l][0], link);
  }
  g_string_append_printf(out,
                         "%s\nn=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n'); mosquitto_rr -h %s -p %s -u join.$n -P %s "
                         "-t \"\\$casa-join/$n\" -e \"\\$casa-join/$n/reply\" -m '{\"team\":\"NAME\"}'\n",
                         words[l][1], host, port, secret);
  return g_string_free(out, FALSE);
}
