/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <mosquitto_broker.h>

G_BEGIN_DECLS

/* Packets that mosquitto asks no plugin about: pings and acknowledgements. Two bytes each, and each costs the broker some
 * reads, an answer or a line of its log. So it is looked at what waits to be read on the broker's sockets: no client that
 * keeps to MQTT has many pings there, or many acknowledgements of the same message. A connection that has is closed, and what
 * it sent is thrown away. What is encrypted, or comes over websockets, cannot be looked at. One thread: mosquitto's. */
typedef struct {
  gint64 next_us, said_us;
  guint closed, unsaid; /* connections: in all, and since it was last said */
} CasaGuardSockets;

/* Of each turn of the broker's loop; it looks some fifty times a second, less often where there are many sockets. */
void casa_guard_sockets_look(CasaGuardSockets *self);

/* Whether the first @n bytes that wait on a socket, perhaps from the middle of a packet on, are such a flood. */
gboolean casa_guard_sockets_is_flood(const guint8 *bytes, gsize n);

/* Whether so much waits to be taken by @client that what is published now would wait in the broker's memory, which nothing
 * bounds for messages of QoS 0. */
gboolean casa_guard_sockets_is_slow(const struct mosquitto *client);

G_END_DECLS
