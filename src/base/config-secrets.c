/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config-secrets.h"
#include "base/config-places.h"
#include "base/error.h"
#include "base/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX 4096

static gboolean
is_credential(const char *path)
{
  const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
  const gsize len = folder ? strlen(folder) : 0;

  return len > 0 && strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* What is wrong with the file, or NULL. */
static char *
fault_of(const struct stat *st, const char *path)
{
  if (!S_ISREG(st->st_mode) || st->st_size > SECRET_MAX)
    return g_strdup_printf("%s: must be a plain file of one line", path);
  if (st->st_uid != geteuid() && st->st_uid != 0)
    return g_strdup_printf("%s: belongs to another user (%u), who could change it; run: chown %u %s", path, (guint)st->st_uid,
                           (guint)geteuid(), path);
  /* systemd gives a service its secrets with an access list, whose mask stands where the group's rights do. */
  if (st->st_mode & (is_credential(path) ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO))
    return g_strdup_printf("%s: others can read it (mode %04o); run: chmod 600 %s", path, (guint)(st->st_mode & 07777), path);
  return NULL;
}

static char *
one_line(char *text, gsize len)
{
  text[len] = '\0';
  if (strlen(text) != len)
    return NULL;
  g_strchomp(text);
  if (*text == '\0' || strpbrk(text, "\r\n") || !g_utf8_validate(text, -1, NULL))
    return NULL;
  return g_strdup(text);
}

/* Looked at after it was opened: nobody can put another in its place meanwhile. */
char *
casa_config_read_secret(const char *path, char **reason)
{
  char text[SECRET_MAX + 1];
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  *reason = NULL;
  if (fd < 0 || fstat(fd, &st) != 0) {
    *reason = g_strdup_printf("%s: cannot be read: %s", path, g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return NULL;
  }
  char *secret = NULL;
  *reason = fault_of(&st, path);
  if (!*reason) {
    gssize len = read(fd, text, SECRET_MAX);
    secret = len > 0 ? one_line(text, (gsize)len) : NULL;
    explicit_bzero(text, sizeof text);
    if (!secret)
      *reason = g_strdup_printf("%s: must hold exactly one line of UTF-8 text", path);
  }
  close(fd);
  return secret;
}

gboolean
casa_config_secret_from(const CasaConfig *self, const CasaKeyfile *file, const char *group, const char *file_key,
                        const char *keyring_key, char **slot, gboolean *out_keyring, GError **error)
{
  g_autofree char *reason = NULL;
  const char *value = casa_keyfile_get(file, group, file_key);
  if (keyring_key && !casa_keyfile_get_bool(file, group, keyring_key, out_keyring, error))
    return FALSE;
  if (!value)
    return TRUE;
  if (keyring_key && *out_keyring)
    return casa_keyfile_fail(file, group, keyring_key, error, "there is a %s besides; take one of them away", file_key);
  g_autofree char *base = g_path_get_dirname(self->file), *path = casa_config_resolve(value, base);
  if (*slot) /* an earlier file's */
    explicit_bzero(*slot, strlen(*slot));
  g_free(*slot);
  *slot = casa_config_read_secret(path, &reason);
  return *slot || casa_keyfile_fail(file, group, file_key, error, "%s", reason);
}

char *
casa_config_secret_place(const CasaConfig *self, CasaSecretGroup group, const char **out_what, const char **out_user)
{
  if (group != CASA_SECRET_INFLUX) {
    g_autofree char *host = NULL;
    guint16 port = 0;
    *out_what = group == CASA_SECRET_RECORD ? CASA_KEYRING_RECORD : CASA_KEYRING_BROKER;
    *out_user = group == CASA_SECRET_RECORD ? self->record_user : self->broker_user;
    return casa_broker_url_parse(self->broker_url, NULL, NULL, &host, &port, NULL) ? g_strdup_printf("%s:%u", host, port)
                                                                                   : NULL;
  }
  const char *rest = self->influx_url ? strstr(self->influx_url, "://") : NULL;
  *out_what = self->influx_user ? CASA_KEYRING_INFLUX_PASSWORD : CASA_KEYRING_INFLUX_TOKEN;
  *out_user = self->influx_user;
  return rest ? g_strndup(rest + 3, strcspn(rest + 3, "/?#")) : NULL;
}

static gboolean
ask(const CasaConfig *self, CasaSecretGroup group, char **slot, const char *key, GError **error)
{
  const char *what, *user;
  g_autofree char *server = casa_config_secret_place(self, group, &what, &user);
  if (!server) /* forwarding is off: no secret is needed */
    return TRUE;
  char *secret = casa_keyring_lookup(what, server, user, error);
  if (!secret) {
    g_prefix_error(error, "%s: %s: ", self->file, key);
    return FALSE;
  }
  *slot = g_strdup(secret);
  casa_keyring_free(secret);
  return TRUE;
}

gboolean
casa_config_ask_keyring(CasaConfig *self, const CasaConfigKeyring *wanted, GError **error)
{
  if (wanted->influx_password && !self->influx_user) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG,
                "%s: [influx] password_keyring: whose password? set user, or token_keyring for a token", self->file);
    return FALSE;
  }
  if (wanted->influx_token && self->influx_user) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG,
                "%s: [influx] token_keyring: a token has no user; take user away, or set password_keyring", self->file);
    return FALSE;
  }
  return (!wanted->broker || ask(self, CASA_SECRET_BROKER, &self->broker_password, "[broker] password_keyring", error)) &&
         (!wanted->record || ask(self, CASA_SECRET_RECORD, &self->record_password, "[record] password_keyring", error)) &&
         (!wanted->influx_token || ask(self, CASA_SECRET_INFLUX, &self->influx_token, "[influx] token_keyring", error)) &&
         (!wanted->influx_password ||
          ask(self, CASA_SECRET_INFLUX, &self->influx_password, "[influx] password_keyring", error));
}
