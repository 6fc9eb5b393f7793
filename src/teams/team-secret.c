/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/team-secret.h"

#include "base/config-secrets.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define SECRET_BYTES 12 /* 96 bits: short enough to be typed from a card */

static char *
path_of(const char *folder, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat(name, ".password", suffix, NULL);
  return g_build_filename(folder, file, NULL);
}

static char *
random_secret(void)
{
  guint8 bytes[SECRET_BYTES];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
    g_error("the system gives no random numbers: %s", g_strerror(errno));
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf(text, "%02x", bytes[i]);
  explicit_bzero(bytes, sizeof bytes);
  return g_string_free(text, FALSE);
}

/* Whoever reads the file finds all of it or nothing. */
static gboolean
write_secret(const char *path, const char *secret, GError **error)
{
  if (g_file_set_contents_full(path, secret, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: cannot be written: %s", path, g_strerror(errno));
  return FALSE;
}

char *
casa_team_secret_read(const char *folder, const char *name, GError **error)
{
  g_autofree char *path = path_of(folder, name, ""), *reason = NULL;
  char *secret = casa_config_read_secret(path, &reason);
  if (!secret)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s", reason);
  return secret;
}

char *
casa_team_secret_make(const char *folder, const char *name, GError **error)
{
  g_autofree char *path = path_of(folder, name, ""), *removed = path_of(folder, name, ".removed");
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    g_rename(removed, path);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return casa_team_secret_read(folder, name, error);
  return casa_team_secret_write_new(path, error);
}

char *
casa_team_secret_write_new(const char *path, GError **error)
{
  char *secret = random_secret();
  if (write_secret(path, secret, error))
    return secret;
  explicit_bzero(secret, strlen(secret));
  g_free(secret);
  return NULL;
}

gboolean
casa_team_secret_is_known(const char *folder, const char *name)
{
  g_autofree char *path = path_of(folder, name, ""), *removed = path_of(folder, name, ".removed");
  return g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(removed, G_FILE_TEST_EXISTS);
}

void
casa_team_secret_put_away(const char *folder, const char *name)
{
  g_autofree char *path = path_of(folder, name, ""), *removed = path_of(folder, name, ".removed");
  g_rename(path, removed);
}
