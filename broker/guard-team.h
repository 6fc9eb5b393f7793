/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "casa-guard.h"
#include "guard-account.h"
#include "guard-event.h"
#include "guard-sockets.h"
#include "guard-wills.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

G_BEGIN_DECLS

/* What each team may send, and what becomes of one that sends more. One thread: mosquitto's. */

/* The broker keeps about this much beside topic and payload of a message that waits. */
#define OVERHEAD 64

/* Recorders say it here (src/ingest/ingest.c): below no root, so that no subscription of theirs brings it back to them. */
#define WORK_TOPIC "$casa-guard/work"

typedef struct {
  double left;    /* may be sent now */
  gint64 then_us; /* when that was so */
} CasaGuardBucket;

typedef struct {
  CasaGuardBucket logins;
  GHashTable *filters; /* NULL, or those it has subscribed to */
} CasaGuardUser;

typedef struct {
  char *name;
  CasaGuardBucket bytes, messages, work;             /* work: ms of the recorder, known afterwards, so it may be below 0 */
  CasaGuardBucket own_bytes, own_messages, own_work; /* of them, what is its own while all together are over */
  GHashTable *retained;                              /* topic -> bytes */
  gint64 retained_bytes;
  CasaGuardBucket logins;
  guint8 *topics; /* NULL, or TOPIC_BITS of them, two set by each topic that it has sent to */
  guint n_topics;
  guint n_filters;     /* of all its users */
  GHashTable *users;   /* seen so far → CasaGuardUser: bounded by the broker's own list of users */
  gint64 put_off_us;   /* when it last was; 0: never */
  gint64 away_us;      /* for so long since then nobody of it may log in */
  gint64 said_us;      /* when something was last logged about it */
  const char *held_by; /* of what it sent too much last: messages, bytes or work */
  double held_limit;   /* how much it may, a second */
  gint64 told_us;      /* when recorders were last told that */
  guint unsaid;        /* what was not logged since */
} CasaGuardTeam;

typedef struct {
  mosquitto_plugin_id_t *id;
  CasaGuardOptions may;
  CasaGuardBucket all_bytes, all_messages, all_work;
  GHashTable *teams;    /* name -> CasaGuardTeam */
  GHashTable *trusted;  /* users that no rule here is for */
  GHashTable *disabled; /* names of teams */
  CasaGuardAccount *account;
  CasaGuardEvent *event;
  CasaGuardSockets sockets;
  CasaGuardWills *wills;
  gint64 disabled_mtime, looked_us;
  const struct mosquitto *asked;   /* the client whose publication on_acl() has just let pass */
  const struct mosquitto *leaving; /* the client that is going: what it still sends is its will */
  const struct mosquitto *coming;  /* the client whose login the broker is looking at; NULL from its next turn on */
  gboolean refused_keep_id;        /* a client that was not let in still has its id when it goes */
} CasaGuard;

char *casa_guard_team_name(const char *user); /* of a user: up to its first dot (transfer full) */
/* The team of a client that is connected as @user: made when it is not there. */
CasaGuardTeam *casa_guard_team(CasaGuard *self, const char *user);
void casa_guard_team_free(gpointer team); /* For a GHashTable of them */

/* A line in the broker's log, at most one a team in ten seconds. */
void casa_guard_say(CasaGuardTeam *team, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What is over, in words, or NULL when @team may send this; it is counted then. @messages: 0 for more of the last one. */
const char *casa_guard_charge(CasaGuard *self, CasaGuardTeam *team, double bytes, guint messages);
/* How many messages one to @topic counts as: more when it is the team's first one there. */
guint casa_guard_messages(CasaGuardTeam *team, const char *topic);
/* A client of @team that had been let in as @user is gone: what its login cost. */
void casa_guard_charge_login(CasaGuard *self, CasaGuardTeam *team, const char *user);
/* A connection of @team is about to be closed for that: nobody of it may log in for a moment, and recorders are told. */
void casa_guard_put_off(CasaGuardTeam *team);
gboolean casa_guard_is_away(const CasaGuardTeam *team); /* Whether that moment lasts */
/* Whether @user of @team, or the team with all its users, has logged in more often than it may. */
gboolean casa_guard_logs_in_too_often(CasaGuardTeam *team, const char *user);
/* "TEAM MICROSECONDS", of a recorder: what the team's messages have cost it since it last said so. */
void casa_guard_hear_work(CasaGuard *self, const char *payload, gsize len);

G_END_DECLS
