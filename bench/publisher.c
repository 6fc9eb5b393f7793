/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Unacknowledged messages: enough that the broker is never idle. */
#define WINDOW 1000
#define BUFFER 65536

typedef struct {
  const Publisher *what;
  int fd;
  guint sent, acked;
  guint64 payload_bytes;
  guint8 out[BUFFER];
  gsize out_len, out_at;
  guint8 in[4];
  gsize in_len;
} Hose;

static void
connect_to_broker(Hose *self)
{
  static const guint8 hello[] = {
    0x10, 20, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 8, 'f', 'i', 'r', 'e', 'h', 'o', 's', 'e'
  };
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(self->what->port) };
  guint8 answer[4];
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  self->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || connect(self->fd, (struct sockaddr *)&to, sizeof to) != 0 ||
      send(self->fd, hello, sizeof hello, MSG_NOSIGNAL) != sizeof hello ||
      recv(self->fd, answer, sizeof answer, MSG_WAITALL) != sizeof answer || answer[3] != 0)
    g_error("no MQTT broker answers on port %u", self->what->port);
}

/* Some 90 bytes, as sensors write them. */
static int
write_payload(const Publisher *what, guint i, char *to, gsize size)
{
  gint64 t = what->first_ms + (gint64)i * 10;
  guint a = i * 7919u % 9000u, b = i * 104729u % 9000u;
  if (what->values <= 1)
    return g_snprintf(to, size,
                      "{\"t\":%" G_GINT64_FORMAT
                      ",\"seq\":%u,\"value\":%u.%02u,\"unit\":\"MW\",\"model\":\"meter-3\",\"fw\":\"2.1.0\"}",
                      t, i, a / 100, a % 100);
  int n = g_snprintf(to, size, "{\"t\":%" G_GINT64_FORMAT ",\"seq\":%u,\"load_mw\":%u.%02u,\"solar_mw\":%u.%02u", t, i, a / 100,
                     a % 100, b / 1000, b % 100);
  if (what->values >= 3)
    n += g_snprintf(to + n, size - (gsize)n, ",\"voltage_v\":%u.%u", 220 + a % 20, b % 10);
  if (what->values >= 4)
    n += g_snprintf(to + n, size - (gsize)n, ",\"frequency_hz\":%u.%02u", 49 + a % 2, b % 100);
  return n + g_snprintf(to + n, size - (gsize)n, "}");
}

/* One PUBLISH into the buffer, if it fits: topic and payload here need two length bytes, never more. */
static gboolean
append_publish(Hose *self)
{
  char topic[80], payload[256];
  const Publisher *what = self->what;
  guint station = self->sent % what->topics, id = self->sent % 65535 + 1;
  int t = g_snprintf(topic, sizeof topic, "casa/v1/city/energy/sub-%03u%s", station, what->values <= 1 ? "/load_mw" : "");
  int p = write_payload(what, self->sent, payload, sizeof payload);
  gsize rest = 2 + (gsize)t + 2 + (gsize)p;
  if (self->out_len + rest + 3 > BUFFER)
    return FALSE;
  guint8 *at = self->out + self->out_len;
  *at++ = 0x32; /* PUBLISH, QoS 1 */
  *at++ = (guint8)(rest & 0x7f) | 0x80;
  *at++ = (guint8)(rest >> 7);
  *at++ = 0;
  *at++ = (guint8)t;
  memcpy(at, topic, (gsize)t);
  at += t;
  *at++ = (guint8)(id >> 8);
  *at++ = (guint8)id;
  memcpy(at, payload, (gsize)p);
  self->out_len = (gsize)(at + p - self->out);
  self->payload_bytes += (guint)p;
  self->sent++;
  return TRUE;
}

static void
fill(Hose *self)
{
  if (self->out_at == self->out_len)
    self->out_at = self->out_len = 0;
  while (self->sent < self->what->messages && self->sent - self->acked < WINDOW && append_publish(self))
    ;
}

static void
take_acks(Hose *self)
{
  guint8 bytes[4096];
  gssize n = recv(self->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (n == 0)
    g_error("the broker closed the connection after %u messages", self->acked);
  for (gssize i = 0; i < n; i++) {
    self->in[self->in_len++] = bytes[i];
    if (self->in_len < 4)
      continue;
    if (self->in[0] != 0x40)
      g_error("the broker answered with packet type 0x%02x instead of PUBACK", self->in[0]);
    self->in_len = 0;
    self->acked++;
  }
}

double
publisher_run(const Publisher *what)
{
  g_autofree Hose *self = g_new0(Hose, 1);
  self->what = what;
  connect_to_broker(self);
  while (self->acked < what->messages) {
    fill(self);
    struct pollfd poll_fd = { self->fd, POLLIN | (self->out_at < self->out_len ? POLLOUT : 0), 0 };
    if (poll(&poll_fd, 1, 10000) <= 0)
      g_error("the broker has been silent for 10 s");
    if (poll_fd.revents & POLLOUT) {
      gssize n = send(self->fd, self->out + self->out_at, self->out_len - self->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);
      self->out_at += n > 0 ? (gsize)n : 0;
    }
    if (poll_fd.revents & (POLLIN | POLLHUP | POLLERR))
      take_acks(self);
  }
  close(self->fd);
  return (double)self->payload_bytes / what->messages;
}
