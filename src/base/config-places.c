/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config-places.h"
#include "base/error.h"
#include "casa-build.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define CLIENT_ID_PREFIX "casa-pulse-"
#define CREDENTIALS "$CREDENTIALS_DIRECTORY/"
#define CLIENT_ID_RANDOM 16 /* bytes: 128 bits, not to be guessed */

static gboolean
is_dir(const char *path)
{
  return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* The folder that came with the program. */
static char *
find_own_dir(gboolean *out_shipped, GError **error)
{
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *bin = program ? g_path_get_dirname(program) : g_strdup("/usr/bin");
  const char *source = CASA_SOURCE_ROOT "/config";
  if (program && g_str_has_prefix(program, CASA_BUILD_ROOT "/") && is_dir(source))
    return g_strdup(source);
  *out_shipped = TRUE;
  /* Beside the program first: an installation that was moved keeps working. */
  g_autofree char *moved = g_build_filename(bin, "..", "share", "casa-pulse", "config", NULL);
  if (is_dir(moved))
    return g_canonicalize_filename(moved, NULL);
  if (is_dir(CASA_DATADIR "/config"))
    return g_strdup(CASA_DATADIR "/config");
  g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG,
              "no configuration folder: %s/config is missing; install again, or name one with --config DIR", CASA_DATADIR);
  return NULL;
}

char *
casa_config_find_dir(const char *wanted, gboolean *out_shipped, char **out_file, GError **error)
{
  const char *how = "--config";
  *out_shipped = FALSE;
  *out_file = NULL;
  if (!wanted || !*wanted) {
    wanted = g_getenv("CASA_CONFIG_DIR");
    how = "CASA_CONFIG_DIR";
  }
  if (!wanted || !*wanted)
    return find_own_dir(out_shipped, error);
  g_autofree char *path = g_canonicalize_filename(wanted, NULL);
  if (is_dir(path))
    return g_steal_pointer(&path);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_set_error(
      error, CASA_ERROR, CASA_ERROR_CONFIG,
      "%s: there is no such file or folder; %s must name a folder that holds metrics.conf and casablanca/, or a file as "
      "pulse.conf is",
      path, how);
    return NULL;
  }
  *out_file = g_steal_pointer(&path);
  return find_own_dir(out_shipped, error);
}

char *
casa_config_find_file(const char *dir, gboolean shipped)
{
  g_autofree char *own = g_build_filename(g_get_user_config_dir(), "casa-pulse", "pulse.conf", NULL);
  if (shipped && g_file_test(own, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&own);
  return g_build_filename(dir, "pulse.conf", NULL);
}

char *
casa_config_resolve(const char *path, const char *base)
{
  const char *credentials = g_getenv("CREDENTIALS_DIRECTORY");
  if (g_str_has_prefix(path, "~/"))
    return g_build_filename(g_get_home_dir(), path + 2, NULL);
  if (credentials && g_str_has_prefix(path, CREDENTIALS))
    return g_build_filename(credentials, path + strlen(CREDENTIALS), NULL);
  return g_canonicalize_filename(path, base);
}

static char *
random_client_id(void)
{
  guint8 bytes[CLIENT_ID_RANDOM];
  if (getrandom(bytes, sizeof bytes, 0) != (gssize)sizeof bytes)
    for (guint i = 0; i < sizeof bytes; i++)
      bytes[i] = (guint8)g_random_int();
  GString *id = g_string_new(CLIENT_ID_PREFIX);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf(id, "%02x", bytes[i]);
  return g_string_free(id, FALSE);
}

static char *
read_client_id(const char *path)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return NULL;
  g_strstrip(text);
  gsize len = strlen(text);
  gboolean sound = len > 8 && len <= 128;
  for (gsize i = 0; i < len; i++)
    sound = sound && (g_ascii_isalnum(text[i]) || text[i] == '-' || text[i] == '_');
  return sound ? g_steal_pointer(&text) : NULL;
}

static gboolean
write_line(int fd, const char *text)
{
  gsize len = strlen(text);
  gboolean ok = write(fd, text, len) == (gssize)len && write(fd, "\n", 1) == 1;
  return close(fd) == 0 && ok;
}

/* Two programs may start at once: each writes a file of its own, and link() lets exactly one of them win. File systems of
 * USB sticks (FAT, exFAT) know no links: there whoever makes the file wins. */
static gboolean
keep_client_id(const char *path, const char *id)
{
  g_autofree char *temp = g_strconcat(path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full(temp, O_WRONLY, 0600);
  if (fd < 0)
    return FALSE;
  gboolean ok = write_line(fd, id), linked = ok && link(temp, path) == 0, taken = errno == EEXIST;
  g_unlink(temp);
  if (!ok || linked || taken)
    return ok;
  fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return fd >= 0 ? write_line(fd, id) : errno == EEXIST;
}

char *
casa_config_client_id(const char *store_path)
{
  g_autofree char *path = g_strconcat(store_path, ".client-id", NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  gboolean was_there = g_file_test(path, G_FILE_TEST_EXISTS);
  char *kept = read_client_id(path);
  if (kept)
    return kept;

  g_autofree char *fresh = random_client_id();
  if (g_mkdir_with_parents(folder, 0700) != 0)
    return g_steal_pointer(&fresh);
  if (was_there)
    g_unlink(path); /* but no id in it */
  if (keep_client_id(path, fresh) && (kept = read_client_id(path)))
    return kept;
  return g_steal_pointer(&fresh);
}
