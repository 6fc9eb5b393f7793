/* SPDX-License-Identifier: Apache-2.0 */
#include "base/keyring.h"
#include "base/error.h"

#include <libsecret/secret.h>

static const SecretSchema schema = {
  .name = "ma.casa_pulse.Secret",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "for", SECRET_SCHEMA_ATTRIBUTE_STRING },
                  { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
                  { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
                  { NULL, SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

static void
say_no_keyring(GError **error, const GError *cause)
{
  g_set_error(
    error, CASA_ERROR, CASA_ERROR_CONFIG,
    "no keyring answers: %s; start one (gnome-keyring, KWallet) in this session, or keep the secret in a file of mode "
    "0600",
    cause->message);
}

char *
casa_keyring_lookup(const char *what, const char *server, const char *user, GError **error)
{
  g_autoptr(GError) cause = NULL;
  char *secret =
    secret_password_lookup_sync(&schema, NULL, &cause, "for", what, "server", server, "user", user ? user : "", NULL);
  if (secret)
    return secret;
  if (cause)
    say_no_keyring(error, cause);
  else
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "the keyring holds none for %s%s%s; run: casa secret set %s",
                user ? user : "", user ? " at " : "", server, g_str_has_prefix(what, "influx") ? "influx" : what);
  return NULL;
}

gboolean
casa_keyring_store(const char *what, const char *server, const char *user, const char *secret, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autofree char *label = g_strdup_printf("Casa Pulse: %s, %s%s%s", what, user ? user : "", user ? "@" : "", server);
  if (secret_password_store_sync(&schema, SECRET_COLLECTION_DEFAULT, label, secret, NULL, &cause, "for", what, "server", server,
                                 "user", user ? user : "", NULL))
    return TRUE;
  say_no_keyring(error, cause);
  return FALSE;
}

void
casa_keyring_free(char *secret)
{
  secret_password_free(secret);
}
