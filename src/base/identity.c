/* SPDX-License-Identifier: Apache-2.0 */
#include "base/identity.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct _CasaIdentity {
  int fd; /* -1: without a file */
  char *path;
};

/* One name for one identity at one broker; hashed, since a user may have any name. */
static char *
path_of(const CasaConfig *config)
{
  g_autofree char *host = NULL;
  guint16 port = 0;
  gboolean by_user = config->broker_user && config->user_is_client_id;
  if (!casa_broker_url_parse(config->broker_url, NULL, NULL, &host, &port, NULL))
    return NULL;
  g_autofree char *name =
    g_strdup_printf("%s:%u %s %s", host, port, by_user ? "user" : "id", by_user ? config->broker_user : config->client_id);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
  g_autofree char *folder = g_build_filename(g_get_user_runtime_dir(), "casa-pulse", NULL);
  g_autofree char *file = g_strdup_printf("identity-%.16s.lock", sum);
  return g_mkdir_with_parents(folder, 0700) == 0 ? g_build_filename(folder, file, NULL) : NULL;
}

static gboolean
is_gone(int fd)
{
  struct stat st;
  return fstat(fd, &st) != 0 || st.st_nlink == 0;
}

/* The holder takes the file away before it lets go of it: then the next one makes a new one. */
static int
open_locked(const char *path)
{
  for (;;) {
    int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
      return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      int failure = errno;
      close(fd);
      errno = failure;
      return -1;
    }
    if (!is_gone(fd))
      return fd;
    close(fd);
  }
}

static void
say_taken(const CasaConfig *config, const char *path, GError **error)
{
  g_autofree char *holder = NULL;
  gboolean by_user = config->broker_user && config->user_is_client_id;
  if (!g_file_get_contents(path, &holder, NULL, NULL) || !*g_strstrip(holder)) {
    g_free(holder);
    holder = g_strdup("another program");
  }
  if (by_user)
    g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK,
                "%s is connected to %s as user \"%s\": a second connection of a user would put it off; give this one a user "
                "of its own ([record] user and password_file in pulse.conf), or, when this broker does not take the user for "
                "the client id, set [broker] user_is_client_id = false",
                holder, config->broker_url, config->broker_user);
  else
    g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK,
                "%s is connected to %s with our client id: a second connection would put it off; take [broker] client_id "
                "away, and each store has its own",
                holder, config->broker_url);
}

static void
sign(int fd)
{
  g_autofree char *text = g_strdup_printf("%s (process %d)\n", g_get_prgname() ? g_get_prgname() : "casa", (int)getpid());
  gsize len = strlen(text);
  if (ftruncate(fd, 0) != 0 || write(fd, text, len) != (gssize)len)
    g_debug("the identity's file was not signed: %s", g_strerror(errno));
}

CasaIdentity *
casa_identity_take(const CasaConfig *config, GError **error)
{
  g_autofree char *path = path_of(config);
  int fd = path ? open_locked(path) : -1;
  if (path && fd < 0 && errno == EWOULDBLOCK) {
    say_taken(config, path, error);
    return NULL;
  }
  CasaIdentity *self = g_new0(CasaIdentity, 1);
  self->fd = fd;
  self->path = g_steal_pointer(&path);
  if (fd >= 0)
    sign(fd);
  return self;
}

void
casa_identity_release(CasaIdentity *self)
{
  if (!self)
    return;
  if (self->fd >= 0) {
    g_unlink(self->path);
    close(self->fd);
  }
  g_free(self->path);
  g_free(self);
}
