/* SPDX-License-Identifier: Apache-2.0 */
#include "relay.h"
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS_MAX 64
#define CHUNK 65536

typedef struct {
  int near, far;  /* -1: free */
  gboolean fresh; /* nothing came through yet */
} Pair;

struct _TestRelay {
  char *url;
  guint16 port, to_port;
  int listener;
  GThread *thread;
  Pair pairs[PAIRS_MAX];                   /* thread only */
  gint hold, refuse, only_3_1_1, cut, end; /* atomic */
  gint connections;                        /* atomic */
};

static void
drop(Pair *pair)
{
  if (pair->near >= 0)
    close(pair->near);
  if (pair->far >= 0)
    close(pair->far);
  pair->near = pair->far = -1;
}

static int
dial(guint16 port)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
    return fd;
  close(fd);
  return -1;
}

static void
let_in(TestRelay *self)
{
  int near = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC), on = 1;
  if (near < 0)
    return;
  g_atomic_int_inc(&self->connections);
  setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int far = g_atomic_int_get(&self->refuse) ? -1 : dial(self->to_port);
  for (guint i = 0; far >= 0 && i < PAIRS_MAX; i++)
    if (self->pairs[i].near < 0) {
      self->pairs[i] = (Pair){ near, far, TRUE };
      return;
    }
  close(near);
  if (far >= 0)
    close(far);
}

static gboolean
send_all(int fd, const guint8 *data, gssize len)
{
  while (len > 0) {
    gssize n = send(fd, data, (gsize)len, MSG_NOSIGNAL);
    if (n <= 0)
      return FALSE;
    data += n;
    len -= n;
  }
  return TRUE;
}

/* The first packet is CONNECT: its version follows the name "MQTT". */
static gboolean
is_mqtt_5(const guint8 *data, gssize len)
{
  const guint8 *name = memmem(data, (gsize)MIN(len, 16), "MQTT", 4);
  return name && name + 4 < data + len && name[4] == 5;
}

static void
pass(TestRelay *self, Pair *pair, gboolean outward)
{
  static const guint8 unacceptable_version[] = { 0x20, 0x02, 0x00, 0x01 };
  guint8 chunk[CHUNK];
  gssize n = recv(outward ? pair->near : pair->far, chunk, sizeof chunk, 0);
  if (n > 0 && outward && pair->fresh && g_atomic_int_get(&self->only_3_1_1) && is_mqtt_5(chunk, n)) {
    send_all(pair->near, unacceptable_version, sizeof unacceptable_version);
    drop(pair);
    return;
  }
  pair->fresh = FALSE;
  if (n <= 0 || !send_all(outward ? pair->far : pair->near, chunk, n))
    drop(pair);
}

static gpointer
run(gpointer data)
{
  TestRelay *self = data;
  while (!g_atomic_int_get(&self->end)) {
    struct pollfd fds[1 + 2 * PAIRS_MAX];
    gboolean hold = g_atomic_int_get(&self->hold) != 0;
    fds[0] = (struct pollfd){ self->listener, POLLIN, 0 };
    for (guint i = 0; i < PAIRS_MAX; i++) {
      fds[1 + 2 * i] = (struct pollfd){ hold ? -1 : self->pairs[i].near, POLLIN, 0 };
      fds[2 + 2 * i] = (struct pollfd){ hold ? -1 : self->pairs[i].far, POLLIN, 0 };
    }
    int n = poll(fds, G_N_ELEMENTS(fds), 10);
    if (g_atomic_int_compare_and_exchange(&self->cut, 1, 0))
      for (guint i = 0; i < PAIRS_MAX; i++)
        drop(&self->pairs[i]);
    if (n <= 0)
      continue;
    for (guint i = 0; i < PAIRS_MAX; i++) {
      if (self->pairs[i].near >= 0 && fds[1 + 2 * i].revents)
        pass(self, &self->pairs[i], TRUE);
      if (self->pairs[i].near >= 0 && fds[2 + 2 * i].revents)
        pass(self, &self->pairs[i], FALSE);
    }
    if (fds[0].revents)
      let_in(self);
  }
  for (guint i = 0; i < PAIRS_MAX; i++)
    drop(&self->pairs[i]);
  return NULL;
}

TestRelay *
test_relay_new(guint16 to_port)
{
  TestRelay *self = g_new0(TestRelay, 1);
  self->to_port = to_port;
  self->listener = test_listen(&self->port);
  g_unix_set_fd_nonblocking(self->listener, TRUE, NULL);
  self->url = g_strdup_printf("mqtt://127.0.0.1:%u", self->port);
  for (guint i = 0; i < PAIRS_MAX; i++)
    self->pairs[i].near = self->pairs[i].far = -1;
  self->thread = g_thread_new("relay", run, self);
  return self;
}

void
test_relay_free(TestRelay *self)
{
  if (!self)
    return;
  g_atomic_int_set(&self->end, 1);
  g_thread_join(self->thread);
  close(self->listener);
  g_free(self->url);
  g_free(self);
}

const char *
test_relay_url(TestRelay *self)
{
  return self->url;
}

guint16
test_relay_port(TestRelay *self)
{
  return self->port;
}

void
test_relay_hold(TestRelay *self, gboolean hold)
{
  g_atomic_int_set(&self->hold, hold);
}

void
test_relay_refuse(TestRelay *self, gboolean refuse)
{
  g_atomic_int_set(&self->refuse, refuse);
}

void
test_relay_cut(TestRelay *self)
{
  g_atomic_int_set(&self->cut, 1);
}

void
test_relay_only_3_1_1(TestRelay *self, gboolean only)
{
  g_atomic_int_set(&self->only_3_1_1, only);
}

guint
test_relay_connections(TestRelay *self)
{
  return (guint)g_atomic_int_get(&self->connections);
}
