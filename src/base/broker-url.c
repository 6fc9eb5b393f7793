/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/config-places.h"
#include "base/error.h"

#include <string.h>

/* host[:port] or [v6]:port → host and port text (NULL: none). FALSE: malformed. */
static gboolean
split_host(const char *text, char **host, char **port)
{
  *host = *port = NULL;
  const char *end;
  if (*text == '[') {
    end = strchr(text, ']');
    if (!end || end == text + 1)
      return FALSE;
    *host = g_strndup(text + 1, (gsize)(end - text - 1));
    end++;
  } else {
    end = text + strcspn(text, ":");
    if (end == text)
      return FALSE;
    *host = g_strndup(text, (gsize)(end - text));
  }
  if (*end == ':')
    *port = g_strdup(end + 1);
  return *end == ':' || *end == '\0';
}

static gboolean
url_fail(GError **error, const char *what)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "broker address: %s; write mqtt://[user@]host[:port], or mqtts:// for TLS",
              what);
  return FALSE;
}

gboolean
casa_broker_url_parse(const char *url, gboolean *out_tls, char **out_user, char **out_host, guint16 *out_port, GError **error)
{
  gboolean tls = g_ascii_strncasecmp(url, "mqtts://", 8) == 0;
  if (!tls && g_ascii_strncasecmp(url, "mqtt://", 7) != 0)
    return url_fail(error, "it does not begin with mqtt:// or mqtts://");
  g_autofree char *rest = g_strdup(url + (tls ? 8 : 7));
  g_autofree char *user = NULL;
  char *at = strrchr(rest, '@');
  const char *place = at ? at + 1 : rest;
  if (at) {
    *at = '\0';
    if (strchr(rest, ':')) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                  "broker address: a password in it could be read by everyone on this machine; put it in a file of mode "
                  "0600 and name that in pulse.conf, [broker] password_file");
      return FALSE;
    }
    user = g_uri_unescape_string(rest, NULL);
    if (!user || !*user)
      return url_fail(error, "the user name before @ is empty or wrongly escaped");
  }
  gsize len = strlen(place);
  g_autofree char *bare = g_strndup(place, len && place[len - 1] == '/' ? len - 1 : len);
  g_autofree char *host = NULL;
  g_autofree char *port = NULL;
  guint64 number = tls ? 8883 : 1883;
  if (strpbrk(bare, "/?# \t") || !split_host(bare, &host, &port))
    return url_fail(error, "the host is missing or malformed");
  if (port && !g_ascii_string_to_unsigned(port, 10, 1, 65535, &number, NULL))
    return url_fail(error, "the port is not a number from 1 to 65535");

  if (out_tls)
    *out_tls = tls;
  if (out_user)
    *out_user = g_steal_pointer(&user);
  if (out_host)
    *out_host = g_steal_pointer(&host);
  if (out_port)
    *out_port = (guint16)number;
  return TRUE;
}

const char *
casa_config_filter_fault(const char *filter)
{
  if (*filter == '\0' || *filter == '/' || *filter == '$')
    return "is no topic filter below the root; write for example city/mobility/#";
  if (strlen(filter) > 512 || !g_utf8_validate(filter, -1, NULL))
    return "is longer than 512 bytes, or not UTF-8";
  g_auto(GStrv) levels = g_strsplit(filter, "/", -1);
  for (guint i = 0; levels[i]; i++) {
    if (strpbrk(levels[i], "+#") && levels[i][1] != '\0')
      return "has a + or # that is not a level of its own";
    if (*levels[i] == '#' && levels[i + 1])
      return "has levels after #, which already stands for all below";
  }
  return NULL;
}
