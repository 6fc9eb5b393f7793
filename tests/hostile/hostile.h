/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "link.h"

G_BEGIN_DECLS

/* What one team can do to a hall with nothing but its own user and password: attacks by name. */

typedef struct {
  LinkLogin login;  /* of the team's first user */
  const char *team; /* the user's name up to its first dot */
  const char *root;
  guint16 page;    /* where the broker serves its page and websockets; 0: nowhere */
  gint64 until_us; /* monotonic: every attack ends then */
  double rate;     /* messages a second; 0: as fast as the broker takes them */
  GRand *rand;
  LinkCounts counts;
} Hostile;

typedef struct {
  GString *topic;   /* empty at the beginning of each make(); below <root>/<team>/ unless it begins with '/' */
  GString *payload; /* likewise */
  guint qos;        /* 1 */
  gboolean retain;
  GByteArray *properties; /* MQTT 5; empty: none */
} Message;

typedef struct {
  const char *name, *what;
  void (*make)(Hostile *self, guint i, Message *message); /* a flood: message @i */
  void (*run)(Hostile *self);                             /* or whatever it does until until_us */
  guint version;                                          /* of MQTT; 0: 3.1.1 */
} Attack;

extern const Attack hostile_floods[]; /* each ends with a name that is NULL */
extern const Attack hostile_sessions[];
extern const Attack hostile_pages[]; /* these want a page */

gboolean hostile_over(const Hostile *self);
/* Publishes what @make makes until it is over, and connects again whenever it is thrown out. */
void hostile_flood(Hostile *self, const Attack *attack);

G_END_DECLS
