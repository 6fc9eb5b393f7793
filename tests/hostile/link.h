/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A connection to a broker that keeps to MQTT only as far as it is told to: a socket and a buffer, so that an attack costs its
 * author as little as it would. One thread. */

typedef struct {
  const char *host;
  guint16 port;
  const char *user, *password, *client_id; /* NULL: none (the client id is then empty) */
  guint version;                           /* 4: MQTT 3.1.1, 5 */
  gboolean keep;                           /* the broker shall keep the session */
  const char *will_topic;                  /* NULL: no will */
  gsize will_size;                         /* so many bytes of 'w' */
  const GByteArray *will_properties;       /* MQTT 5; NULL: none */
} LinkLogin;

typedef struct {
  guint64 opened, refused_logins; /* connections that were taken, logins that were answered with no */
  guint64 closed;                 /* connections that the other side ended */
  guint64 sent, acked, refused;   /* publications: sent, acknowledged, and acknowledged with a reason of failure */
  guint64 bytes;                  /* sent, of everything */
  guint64 received;               /* publications that came in */
  guint64 granted, denied;        /* subscriptions */
} LinkCounts;

typedef struct {
  int fd;
  guint version;
  guint next_id;
  guint waiting;      /* sent and not acknowledged */
  gboolean silent;    /* acknowledges nothing that comes in */
  LinkCounts *counts; /* the caller's */
  GByteArray *in;
} Link;

/* A bare socket, or -1. @wait: until it is connected; otherwise it is on its way. */
int link_socket(const char *host, guint16 port, gboolean wait);
/* NULL: no connection, or the login was refused (in @counts). */
Link *link_open(const LinkLogin *login, LinkCounts *counts);
/* Sends the login and is gone before the answer. */
void link_knock(const LinkLogin *login, LinkCounts *counts);
/* Ends it without a word, so that a will is sent. Accepts NULL. */
void link_drop(Link *link);

/* Each waits until the socket takes it, at most 2 s. FALSE: the connection is gone. @properties (MQTT 5) may be NULL. */
gboolean link_publish(Link *link, const char *topic, gconstpointer payload, gsize size, guint qos, gboolean retain,
                      const GByteArray *properties);
gboolean link_subscribe(Link *link, const char *filter, guint qos);
/* Whole packets, as they are. */
gboolean link_send(Link *link, gconstpointer packets, gsize size);
/* Takes what has come in, waiting at most @wait_ms for something. FALSE: the connection is gone. */
gboolean link_take(Link *link, int wait_ms);

G_END_DECLS
