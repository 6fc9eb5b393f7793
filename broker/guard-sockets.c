/* SPDX-License-Identifier: Apache-2.0 */
#include "guard-sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define LOOK_EVERY_US 20000
#define LOOK_A_SOCKET_US 40 /* more between two looks, for each */
#define SAY_EVERY_US (10 * G_USEC_PER_SEC)
/* A client pings at most once a second. It may acknowledge as much as it likes (a recorder does while a past comes in), but
 * each message once. */
#define PINGS_MOST 16
#define REPEATS_MOST 256
#define LOOK_BYTES 4096
/* Sockets have the lowest numbers that are free: behind so many that are none there are no more. */
#define GAP_MOST 256
/* So much of what is thrown away at once: a socket's buffer is smaller. */
#define DRAIN_MOST (8 << 20)

/* What a slow reader may have waiting: more than a message, less than a socket's buffer. */
#define UNSENT_MOST (128 << 10)

/* All of mosquitto 2.0 begin a client so; what is found is held against what it says of the client. */
typedef struct {
  int ident, fd;
} Client;

/* How long the packet at the front is, 0 when it is none, or more than there is. */
static gsize
packet_size(const guint8 *bytes, gsize n)
{
  gsize size = 0, at = 1;
  for (guint shift = 0; at < n && at < 5; shift += 7) {
    size |= (gsize)(bytes[at] & 0x7f) << shift;
    if (!(bytes[at++] & 0x80))
      return bytes[0] >= 0x10 ? at + size : 0;
  }
  return 0;
}

static gboolean
is_ack(guint8 kind)
{
  return kind == 0x40 || kind == 0x50 || kind == 0x62 || kind == 0x70;
}

static int
compare(const void *a, const void *b)
{
  const guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return (x > y) - (x < y);
}

static guint
count_repeats(guint32 *acked, guint n)
{
  guint repeats = 0;
  qsort(acked, n, sizeof *acked, compare);
  for (guint i = 1; i < n; i++)
    repeats += acked[i] == acked[i - 1];
  return repeats;
}

gboolean
casa_guard_sockets_is_flood(const guint8 *bytes, gsize n)
{
  for (gsize start = 0; start < MIN(n, 4); start++) { /* of an acknowledgement, some bytes may have been read */
    guint32 acked[LOOK_BYTES / 4];                    /* which kind, of which message */
    guint pings = 0, acks = 0;
    for (gsize at = start, size; (size = packet_size(bytes + at, n - at)) > 0 && at + size <= n; at += size) {
      pings += bytes[at] == 0xc0 && size == 2;
      if (is_ack(bytes[at]) && size >= 4 && acks < G_N_ELEMENTS(acked))
        acked[acks++] = (guint32)bytes[at] << 16 | (guint32)bytes[at + 2] << 8 | bytes[at + 3];
      if (pings > PINGS_MOST)
        return TRUE;
    }
    if (acks > REPEATS_MOST && count_repeats(acked, acks) > REPEATS_MOST)
      return TRUE;
  }
  return FALSE;
}

static gboolean
peer_of(int fd, char address[INET6_ADDRSTRLEN])
{
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } peer = { .any.sa_family = AF_UNSPEC };
  socklen_t size = sizeof peer;
  if (getpeername(fd, &peer.any, &size) != 0)
    return FALSE;
  if (peer.any.sa_family == AF_INET)
    return inet_ntop(AF_INET, &peer.v4.sin_addr, address, INET6_ADDRSTRLEN) != NULL;
  return peer.any.sa_family == AF_INET6 && inet_ntop(AF_INET6, &peer.v6.sin6_addr, address, INET6_ADDRSTRLEN) != NULL;
}

static void
say(CasaGuardSockets *self, int fd, gint64 now)
{
  char address[INET6_ADDRSTRLEN] = "nowhere";
  self->closed++;
  self->unsaid++;
  if (self->said_us > 0 && now - self->said_us < SAY_EVERY_US)
    return;
  peer_of(fd, address);
  mosquitto_log_printf(
    MOSQ_LOG_NOTICE,
    "casa-guard: %u connections were closed that sent hardly anything but pings, or acknowledged the same again and again, last from %s",
    self->unsaid, address);
  self->said_us = now;
  self->unsaid = 0;
}

/* mosquitto finds it at its end in its next turn. What waits would be read before that. */
static void
end(int fd)
{
  gssize n = 0;
  for (gsize gone = 0; gone < DRAIN_MOST && (n = recv(fd, NULL, 1 << 20, MSG_DONTWAIT | MSG_TRUNC)) > 0; gone += (gsize)n)
    ;
  shutdown(fd, SHUT_RDWR);
}

/* FALSE: there is no such file. */
static gboolean
look_at(CasaGuardSockets *self, int fd, gint64 now)
{
  guint8 bytes[LOOK_BYTES];
  int waits = 0;
  if (ioctl(fd, FIONREAD, &waits) != 0)
    return errno != EBADF;
  if (waits <= 2 * PINGS_MOST)
    return TRUE;
  gssize n = recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT); /* fails where it is no socket */
  if (n > 2 * PINGS_MOST && casa_guard_sockets_is_flood(bytes, (gsize)n)) {
    say(self, fd, now);
    end(fd);
  }
  return TRUE;
}

gboolean
casa_guard_sockets_is_slow(const struct mosquitto *client)
{
  const Client *front = (const Client *)(gconstpointer)client;
  const char *address = mosquitto_client_address(client);
  char peer[INET6_ADDRSTRLEN];
  int unsent = 0;
  if (!address || front->fd < 3 || ioctl(front->fd, SIOCOUTQ, &unsent) != 0 || unsent < UNSENT_MOST)
    return FALSE;
  return peer_of(front->fd, peer) && strcmp(peer, address) == 0;
}

void
casa_guard_sockets_look(CasaGuardSockets *self)
{
  gint64 now = g_get_monotonic_time();
  guint gap = 0, n = 0;
  if (now < self->next_us)
    return;
  for (int fd = 3; gap < GAP_MOST; fd++)
    if (look_at(self, fd, now)) {
      gap = 0;
      n++;
    } else
      gap++;
  self->next_us = now + LOOK_EVERY_US + LOOK_A_SOCKET_US * (gint64)n;
}
