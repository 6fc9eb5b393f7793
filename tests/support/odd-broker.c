/* SPDX-License-Identifier: Apache-2.0 */
#include "odd-broker.h"
#include "process.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKET_MAX 4096

struct _TestOddBroker {
  TestOddAnswers answers;
  char *url;
  int listener;
  GThread *thread;
  guint turn;       /* thread only: of SUBSCRIBEs on this connection */
  gboolean drips;   /* thread only: it hands over messages on this connection */
  gboolean modern;  /* thread only: the connection speaks MQTT 5 */
  gint end;         /* atomic */
  gint connections; /* atomic */
};

typedef struct {
  guint8 type; /* the first byte's upper half */
  guint8 body[PACKET_MAX];
  gsize len;
} Packet;

static void
send_packet(int fd, guint8 first, const guint8 *body, gsize len)
{
  guint8 packet[PACKET_MAX + 2] = { first, (guint8)len };
  g_assert_cmpuint(len, <, 128);
  memcpy(packet + 2, body, len);
  if (send(fd, packet, len + 2, MSG_NOSIGNAL) < 0)
    return; /* it went: what is read next says so */
}

/* A PUBLISH of QoS 0. */
static void
hand_over(TestOddBroker *self, int fd)
{
  static const char topic[] = "casa/v1/equipe-7/air/a", payload[] = "{\"pm10\":1}";
  g_autoptr(GByteArray) body = g_byte_array_new();
  const guint8 head[] = { 0, sizeof topic - 1 }, no_properties = 0;
  g_byte_array_append(body, head, sizeof head);
  g_byte_array_append(body, (const guint8 *)topic, sizeof topic - 1);
  if (self->modern)
    g_byte_array_append(body, &no_properties, 1);
  g_byte_array_append(body, (const guint8 *)payload, sizeof payload - 1);
  send_packet(fd, 0x30, body->data, body->len);
}

/* FALSE: the other side went, or the test ended. */
static gboolean
receive(TestOddBroker *self, int fd, void *to, gsize len)
{
  for (gsize done = 0; done < len;) {
    struct pollfd ready = { fd, POLLIN, 0 };
    if (g_atomic_int_get(&self->end))
      return FALSE;
    if (poll(&ready, 1, 20) <= 0) {
      if (self->drips)
        hand_over(self, fd);
      continue;
    }
    gssize n = recv(fd, (guint8 *)to + done, len - done, 0);
    if (n <= 0)
      return FALSE;
    done += (gsize)n;
  }
  return TRUE;
}

static gboolean
receive_packet(TestOddBroker *self, int fd, Packet *out)
{
  guint8 byte;
  guint shift = 0;
  if (!receive(self, fd, &byte, 1))
    return FALSE;
  out->type = byte >> 4;
  out->len = 0;
  do {
    if (!receive(self, fd, &byte, 1))
      return FALSE;
    out->len |= (gsize)(byte & 0x7f) << shift;
    shift += 7;
  } while (byte & 0x80);
  g_assert_cmpuint(out->len, <=, PACKET_MAX);
  return receive(self, fd, out->body, out->len);
}

/* Filters in a SUBSCRIBE: each its length, its bytes and its options. */
static guint
count_filters(const Packet *p, gboolean modern)
{
  guint n = 0;
  gsize at = 2 + (modern ? 1u + p->body[2] : 0u); /* no properties are longer than a byte tells */
  for (; at + 2 < p->len; n++)
    at += 2 + ((gsize)p->body[at] << 8 | p->body[at + 1]) + 1;
  return n;
}

static void
answer_subscribe(TestOddBroker *self, int fd, const Packet *p, gboolean modern)
{
  const TestOddAnswers *a = &self->answers;
  guint8 body[64] = { p->body[0], p->body[1], 0 };
  gsize len = modern ? 3 : 2; /* no properties */
  guint n = !a->codes ? count_filters(p, modern) : a->in_turn ? 1 : a->n_codes, first = a->in_turn ? self->turn++ : 0;
  for (guint i = first; i < first + n; i++)
    body[len++] = a->codes ? a->codes[MIN(i, a->n_codes - 1)] : 1;
  send_packet(fd, 0x90, body, len);
}

static void
say_goodbye(const TestOddBroker *self, int fd, gboolean modern)
{
  guint8 body[] = { self->answers.goodbye_code, 0 };
  if (modern)
    send_packet(fd, 0xe0, body, sizeof body);
}

/* FALSE: that was the end. */
static gboolean
answer(TestOddBroker *self, int fd, const Packet *p, gboolean *modern)
{
  const TestOddAnswers *a = &self->answers;
  guint8 body[] = { a->backlog, (guint8)a->connack, 0 }, echo[] = { p->body[0], p->body[1], 0, 0 };
  switch (p->type) {
  case 1: /* CONNECT: the protocol's name, then its version */
    g_atomic_int_inc(&self->connections);
    self->modern = *modern = p->body[6] == 5;
    self->turn = 0;
    self->drips = FALSE;
    if (a->connack >= 0)
      send_packet(fd, 0x20, body, *modern ? 3 : 2);
    return a->connack == 0;
  case 8:
    self->drips = a->backlog;
    if (!a->no_suback)
      answer_subscribe(self, fd, p, *modern);
    if (a->goodbye)
      say_goodbye(self, fd, *modern);
    return !a->goodbye;
  case 10: /* UNSUBSCRIBE */ send_packet(fd, 0xb0, echo, *modern ? 4 : 2); return TRUE;
  case 12: /* PINGREQ */ send_packet(fd, 0xd0, body, 0); return TRUE;
  default: return p->type != 14; /* DISCONNECT */
  }
}

static gpointer
run(gpointer data)
{
  TestOddBroker *self = data;
  Packet p;
  while (!g_atomic_int_get(&self->end)) {
    struct pollfd ready = { self->listener, POLLIN, 0 };
    int fd = poll(&ready, 1, 20) == 1 ? accept4(self->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    gboolean modern = FALSE;
    if (fd < 0)
      continue;
    while (receive_packet(self, fd, &p) && answer(self, fd, &p, &modern))
      ;
    close(fd);
  }
  return NULL;
}

TestOddBroker *
test_odd_broker_new(const TestOddAnswers *answers)
{
  TestOddBroker *self = g_new0(TestOddBroker, 1);
  guint16 port;
  self->answers = *answers;
  self->listener = test_listen(&port);
  self->url = g_strdup_printf("mqtt://127.0.0.1:%u", port);
  self->thread = g_thread_new("odd-broker", run, self);
  return self;
}

void
test_odd_broker_free(TestOddBroker *self)
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
test_odd_broker_url(TestOddBroker *self)
{
  return self->url;
}

guint
test_odd_broker_connections(TestOddBroker *self)
{
  return (guint)g_atomic_int_get(&self->connections);
}
