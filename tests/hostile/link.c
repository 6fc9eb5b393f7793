/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 2000

enum { CONNECT = 0x10, CONNACK = 0x20, PUBLISH = 0x30, PUBACK = 0x40, PUBREC = 0x50, SUBSCRIBE = 0x82, SUBACK = 0x90 };

static void
add_number(GByteArray *to, guint value)
{
  guint8 two[2] = { (guint8)(value >> 8), (guint8)value };
  g_byte_array_append(to, two, 2);
}

static void
add_byte(GByteArray *to, guint value)
{
  guint8 byte = (guint8)value;
  g_byte_array_append(to, &byte, 1);
}

static void
add_text(GByteArray *to, const char *text)
{
  gsize len = strlen(text);
  add_number(to, (guint)len);
  g_byte_array_append(to, (const guint8 *)text, (guint)len);
}

/* MQTT's variable length. */
static void
add_length(GByteArray *to, gsize n)
{
  do {
    add_byte(to, (guint)(n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    n >>= 7;
  } while (n > 0);
}

int
link_socket(const char *host, guint16 port, gboolean wait)
{
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
  g_autofree char *service = g_strdup_printf("%u", port);
  int fd = -1, one = 1;
  if (getaddrinfo(host, service, &hints, &found) != 0)
    return -1;
  for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
    fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | (wait ? 0 : SOCK_NONBLOCK), 0);
    if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0 && (wait || errno != EINPROGRESS)) {
      close(fd);
      fd = -1;
    }
  }
  freeaddrinfo(found);
  if (fd >= 0)
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

/* While it waits for room it takes what comes in, as a broker that is not read from reads no more. */
static gboolean
send_all(Link *link, const guint8 *bytes, gsize size)
{
  for (gsize at = 0; at < size;) {
    gssize n = send(link->fd, bytes + at, size - at, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
      at += (gsize)n;
      link->counts->bytes += (guint64)n;
      continue;
    }
    struct pollfd wait = { link->fd, POLLIN | POLLOUT, 0 };
    if (poll(&wait, 1, PATIENCE_MS) <= 0 || ((wait.revents & (POLLIN | POLLERR | POLLHUP)) && !link_take(link, 0)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
send_packet(Link *link, guint kind, const GByteArray *body)
{
  g_autoptr(GByteArray) packet = g_byte_array_sized_new(body->len + 5);
  add_byte(packet, kind);
  add_length(packet, body->len);
  g_byte_array_append(packet, body->data, body->len);
  return send_all(link, packet->data, packet->len);
}

/* The packet at the front of what came in: its size in all, and where its body begins. 0: not whole yet. */
static gsize
front_packet(const GByteArray *in, gsize *body)
{
  gsize size = 0, at = 1;
  for (guint shift = 0; at < in->len; shift += 7) {
    size |= (gsize)(in->data[at] & 0x7f) << shift;
    if (!(in->data[at++] & 0x80)) {
      *body = at;
      return at + size <= in->len ? at + size : 0;
    }
  }
  return 0;
}

static void
acknowledge(Link *link, const guint8 *packet, gsize body, gsize size)
{
  gsize topic = body + 2 <= size ? ((gsize)packet[body] << 8 | packet[body + 1]) : 0, id = body + 2 + topic;
  if (link->silent || (packet[0] & 0x06) != 0x02 || id + 2 > size)
    return;
  guint8 answer[4] = { PUBACK, 2, packet[id], packet[id + 1] };
  send(link->fd, answer, sizeof answer, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
take_packet(Link *link, const guint8 *packet, gsize body, gsize size)
{
  guint kind = packet[0] & 0xf0;
  LinkCounts *counts = link->counts;
  if (kind == PUBACK || kind == PUBREC) {
    gboolean failed = size > body + 2 && packet[body + 2] >= 0x80;
    counts->acked += !failed;
    counts->refused += failed;
    link->waiting -= link->waiting > 0;
  } else if (kind == SUBACK && size > body + 2) {
    gboolean denied = packet[size - 1] >= 0x80;
    counts->denied += denied;
    counts->granted += !denied;
  } else if (kind == PUBLISH) {
    counts->received++;
    acknowledge(link, packet, body, size);
  }
}

gboolean
link_take(Link *link, int wait_ms)
{
  guint8 bytes[16384];
  struct pollfd wait = { link->fd, POLLIN, 0 };
  if (poll(&wait, 1, wait_ms) <= 0)
    return TRUE;
  gssize n = recv(link->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (n <= 0) {
    link->counts->closed++;
    return FALSE;
  }
  g_byte_array_append(link->in, bytes, (guint)n);
  gsize body, size;
  while ((size = front_packet(link->in, &body)) > 0) {
    take_packet(link, link->in->data, body, size);
    g_byte_array_remove_range(link->in, 0, (guint)size);
  }
  return TRUE;
}

static GByteArray *
hello(const LinkLogin *login)
{
  GByteArray *body = g_byte_array_new();
  guint flags =
    (login->keep ? 0 : 2) | (login->user ? 0x80 : 0) | (login->password ? 0x40 : 0) | (login->will_topic ? 0x0c : 0);
  static const guint8 forever[] = { 5, 0x11, 0, 0, 0xff, 0xff }; /* session expiry, as long as a number of 16 bits says */
  add_text(body, "MQTT");
  add_byte(body, login->version);
  add_byte(body, flags);
  add_number(body, 60);
  if (login->version == 5 && login->keep)
    g_byte_array_append(body, forever, sizeof forever);
  else if (login->version == 5)
    add_byte(body, 0);
  add_text(body, login->client_id ? login->client_id : "");
  if (login->will_topic) {
    g_autofree char *will = g_strnfill(login->will_size, 'w');
    if (login->version == 5)
      add_length(body, login->will_properties ? login->will_properties->len : 0);
    if (login->version == 5 && login->will_properties)
      g_byte_array_append(body, login->will_properties->data, login->will_properties->len);
    add_text(body, login->will_topic);
    add_text(body, will);
  }
  if (login->user)
    add_text(body, login->user);
  if (login->password)
    add_text(body, login->password);
  return body;
}

void
link_knock(const LinkLogin *login, LinkCounts *counts)
{
  int fd = link_socket(login->host, login->port, TRUE);
  if (fd < 0)
    return;
  g_autoptr(GByteArray) body = hello(login);
  Link link = { .fd = fd, .version = login->version, .counts = counts };
  counts->opened += send_packet(&link, CONNECT, body);
  close(fd);
}

Link *
link_open(const LinkLogin *login, LinkCounts *counts)
{
  int fd = link_socket(login->host, login->port, TRUE);
  if (fd < 0)
    return NULL;
  Link *link = g_new0(Link, 1);
  g_autoptr(GByteArray) body = hello(login);
  *link = (Link){ .fd = fd, .version = login->version, .counts = counts, .in = g_byte_array_new() };
  guint8 answer[4] = { 0 };
  struct timeval patience = { PATIENCE_MS / 1000, 0 };
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!send_packet(link, CONNECT, body) || recv(fd, answer, 4, MSG_WAITALL) != 4 || answer[0] != CONNACK || answer[3] != 0) {
    counts->refused_logins += answer[0] == CONNACK;
    counts->closed += answer[0] == 0;
    link_drop(link);
    return NULL;
  }
  if (answer[1] > 2) { /* properties of MQTT 5 */
    guint8 rest[256];
    if (recv(fd, rest, MIN((gsize)answer[1] - 2, sizeof rest), MSG_WAITALL) <= 0) {
      link_drop(link);
      return NULL;
    }
  }
  counts->opened++;
  return link;
}

void
link_drop(Link *link)
{
  if (!link)
    return;
  close(link->fd);
  g_byte_array_unref(link->in);
  g_free(link);
}

gboolean
link_publish(Link *link, const char *topic, gconstpointer payload, gsize size, guint qos, gboolean retain,
             const GByteArray *properties)
{
  g_autoptr(GByteArray) body = g_byte_array_sized_new((guint)size + 64);
  add_text(body, topic);
  if (qos > 0) {
    link->next_id = link->next_id % 65535 + 1;
    add_number(body, link->next_id);
    link->waiting++;
  }
  if (link->version == 5) {
    add_length(body, properties ? properties->len : 0);
    if (properties)
      g_byte_array_append(body, properties->data, properties->len);
  }
  g_byte_array_append(body, payload, (guint)size);
  link->counts->sent++;
  return send_packet(link, PUBLISH | qos << 1 | (retain ? 1 : 0), body);
}

gboolean
link_subscribe(Link *link, const char *filter, guint qos)
{
  g_autoptr(GByteArray) body = g_byte_array_new();
  link->next_id = link->next_id % 65535 + 1;
  add_number(body, link->next_id);
  if (link->version == 5)
    add_byte(body, 0);
  add_text(body, filter);
  add_byte(body, qos);
  return send_packet(link, SUBSCRIBE, body);
}

gboolean
link_send(Link *link, gconstpointer packets, gsize size)
{
  return send_all(link, packets, size);
}
