/* SPDX-License-Identifier: Apache-2.0 */
#include "guard-team.h"

#include <string.h>

/* Of a team's rate and burst, what nobody can take from it: its bytes hold the largest message that there is. */
#define OWN_SHARE 0.1
#define OWN_BURST_SHARE 0.1
#define OWN_BURST_BYTES_SHARE 0.14
/* So much of its rate a team may owe: it is away for no longer than that after what it has done. */
#define OWED_S 10
/* Recorders and walls hear there who is put off, once a second each. */
#define HELD_TOPIC "$casa-guard/held"
#define TELL_EVERY_US G_USEC_PER_SEC
#define SAY_EVERY_US (10 * G_USEC_PER_SEC)
/* How long a team that was put off stays out: twice as long each time, and from the beginning after some peace. What it may
 * send grows meanwhile, so that an honest one that sends too fast gets as much through as without. */
#define AWAY_LEAST_US (G_USEC_PER_SEC / 5)
#define AWAY_MOST_US (5 * G_USEC_PER_SEC)
#define PEACE_US (30 * G_USEC_PER_SEC)
/* A login costs the broker as much as some messages do (0.1 ms, a third of it the password's hash), and brings none. */
#define LOGIN_MESSAGES 4
/* So often at once, and then a second, a user logs in, and a team with all its users. A kit may connect for each of its
 * messages, and fifty devices come back at once when their Wi-Fi does, more than once. Whoever is over is hung up on
 * before the password is looked at. */
#define USER_LOGINS_BURST 30.0
#define USER_LOGINS_A_SECOND 2.0
#define TEAM_LOGINS_BURST 150.0
#define TEAM_LOGINS_A_SECOND 10.0

/* A station that is new costs a recorder five times what a message of it does later. So many bits know the topics of a
 * team with thousands of stations; of one that has more, all are new again. */
#define NEW_TOPIC_MESSAGES 4
#define TOPIC_BITS 65536
#define TOPICS_MOST 8192

static void
user_free(gpointer data)
{
  CasaGuardUser *user = data;
  g_clear_pointer(&user->filters, g_hash_table_unref);
  g_free(user);
}

void
casa_guard_team_free(gpointer data)
{
  CasaGuardTeam *team = data;
  g_hash_table_unref(team->retained);
  g_hash_table_unref(team->users);
  g_free(team->topics);
  g_free(team->name);
  g_free(team);
}

char *
casa_guard_team_name(const char *user)
{
  return g_strndup(user, strcspn(user, "."));
}

/* The team of a client that is connected as @user. */
CasaGuardTeam *
casa_guard_team(CasaGuard *self, const char *user)
{
  g_autofree char *name = casa_guard_team_name(user);
  CasaGuardTeam *team = g_hash_table_lookup(self->teams, name);
  if (!team) {
    gint64 now = g_get_monotonic_time();
    team = g_new0(CasaGuardTeam, 1);
    team->name = g_steal_pointer(&name);
    team->bytes = (CasaGuardBucket){ self->may.team_burst_bytes, now };
    team->messages = (CasaGuardBucket){ self->may.team_burst_messages, now };
    team->work = (CasaGuardBucket){ self->may.team_burst_work, now };
    team->own_bytes = (CasaGuardBucket){ OWN_BURST_BYTES_SHARE * self->may.team_burst_bytes, now };
    team->own_messages = (CasaGuardBucket){ OWN_BURST_SHARE * self->may.team_burst_messages, now };
    team->own_work = (CasaGuardBucket){ OWN_BURST_SHARE * self->may.team_burst_work, now };
    team->retained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    team->logins = (CasaGuardBucket){ TEAM_LOGINS_BURST, now };
    team->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, user_free);
    team->said_us = -SAY_EVERY_US;
    g_hash_table_insert(self->teams, team->name, team);
  }
  if (!g_hash_table_contains(team->users, user)) {
    CasaGuardUser *own = g_new0(CasaGuardUser, 1);
    own->logins = (CasaGuardBucket){ USER_LOGINS_BURST, g_get_monotonic_time() };
    g_hash_table_insert(team->users, g_strdup(user), own);
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s: %s is here for the first time", team->name, user);
  }
  return team;
}

void
casa_guard_say(CasaGuardTeam *team, const char *format, ...)
{
  gint64 now = g_get_monotonic_time();
  if (now - team->said_us < SAY_EVERY_US) {
    team->unsaid++;
    return;
  }
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  if (team->unsaid > 0)
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s: %s (and %u more since the last word)", team->name, text,
                         team->unsaid);
  else
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s: %s", team->name, text);
  team->said_us = now;
  team->unsaid = 0;
}

/* Over @what, of which it may have @limit a second. Returns the same in words. */
static const char *
over_limit(CasaGuardTeam *team, const char *what, double limit, const char *words)
{
  team->held_by = what;
  team->held_limit = limit;
  return words;
}

static void
tell_held(CasaGuardTeam *team, gint64 now_us)
{
  if (!team->held_by || (team->told_us > 0 && now_us - team->told_us < TELL_EVERY_US))
    return;
  g_autofree char *text = g_strdup_printf("%s %s %.0f", team->name, team->held_by, team->held_limit);
  team->told_us = now_us;
  mosquitto_broker_publish_copy(NULL, HELD_TOPIC, (int)strlen(text), text, 0, false, NULL);
}

/* Its connection is about to be closed. Only what somebody does who is logged in leads here: nobody can do it to others. */
void
casa_guard_put_off(CasaGuardTeam *team)
{
  gint64 now = g_get_monotonic_time();
  tell_held(team, now);
  if (team->put_off_us > 0 && now - team->put_off_us < team->away_us)
    return; /* another connection of the same flood */
  gboolean again = team->put_off_us > 0 && now - team->put_off_us < PEACE_US;
  team->away_us = again ? MIN(2 * team->away_us, AWAY_MOST_US) : AWAY_LEAST_US;
  team->put_off_us = now;
}

gboolean
casa_guard_is_away(const CasaGuardTeam *team)
{
  return team->put_off_us > 0 && g_get_monotonic_time() - team->put_off_us < team->away_us;
}

static void
take(CasaGuardBucket *bucket, double much)
{
  bucket->left = MAX(0, bucket->left - much);
}

static void
refill(CasaGuardBucket *bucket, double rate, double burst, gint64 now_us)
{
  bucket->left = MIN(burst, bucket->left + rate * (double)(now_us - bucket->then_us) / G_USEC_PER_SEC);
  bucket->then_us = now_us;
}

static void
refill_work(CasaGuard *self, CasaGuardTeam *team, gint64 now_us)
{
  const CasaGuardOptions *may = &self->may;
  refill(&team->work, may->team_work, may->team_burst_work, now_us);
  refill(&team->own_work, OWN_SHARE * may->team_work, OWN_BURST_SHARE * may->team_burst_work, now_us);
  refill(&self->all_work, may->all_work, may->all_burst_work, now_us);
}

static void
refill_all(CasaGuard *self, CasaGuardTeam *team)
{
  const CasaGuardOptions *may = &self->may;
  gint64 now = g_get_monotonic_time();
  refill(&team->bytes, may->team_bytes, may->team_burst_bytes, now);
  refill(&team->messages, may->team_messages, may->team_burst_messages, now);
  refill(&team->own_bytes, OWN_SHARE * may->team_bytes, OWN_BURST_BYTES_SHARE * may->team_burst_bytes, now);
  refill(&team->own_messages, OWN_SHARE * may->team_messages, OWN_BURST_SHARE * may->team_burst_messages, now);
  refill(&self->all_bytes, may->all_bytes, may->all_burst_bytes, now);
  refill(&self->all_messages, may->all_messages, may->all_burst_messages, now);
  refill_work(self, team, now);
}

static void
owe(CasaGuardBucket *bucket, double much, double rate)
{
  bucket->left = MAX(bucket->left - much, -OWED_S * rate);
}

/* "TEAM MICROSECONDS", of a recorder: what the team's messages have cost it since it last said so. */
void
casa_guard_hear_work(CasaGuard *self, const char *payload, gsize len)
{
  g_autofree char *text = g_strndup(payload, len);
  char *number = strchr(text, ' ');
  guint64 us;
  if (!number || !g_ascii_string_to_unsigned(number + 1, 10, 1, G_MAXUINT32, &us, NULL))
    return;
  *number = '\0';
  CasaGuardTeam *team = g_hash_table_lookup(self->teams, text);
  if (!team)
    return; /* nobody of that name has sent anything since the broker began */
  double ms = (double)us / 1000;
  refill_work(self, team, g_get_monotonic_time());
  owe(&team->work, ms, self->may.team_work);
  owe(&team->own_work, ms, OWN_SHARE * self->may.team_work);
  owe(&self->all_work, ms, 1);
}

/* What is over, or NULL when @team may send this; it is counted then. @messages: 0 for more of the last one. */
const char *
casa_guard_charge(CasaGuard *self, CasaGuardTeam *team, double bytes, guint messages)
{
  const CasaGuardOptions *may = &self->may;
  refill_all(self, team);
  if (team->bytes.left < bytes)
    return over_limit(team, "bytes", may->team_bytes, "more bytes than a team may");
  if (team->messages.left < messages)
    return over_limit(team, "messages", may->team_messages, "more messages than a team may");
  if (team->work.left < 0)
    return over_limit(team, "work", may->team_work, "what costs the recorder more work than a team may");
  gboolean own = team->own_bytes.left >= bytes && team->own_messages.left >= messages && team->own_work.left >= 0;
  gboolean many_bytes = self->all_bytes.left < bytes, many_messages = self->all_messages.left < messages;
  if (!own && (many_bytes || many_messages || self->all_work.left < 0))
    return over_limit(team,
                      many_bytes      ? "bytes"
                      : many_messages ? "messages"
                                      : "work",
                      OWN_SHARE * (many_bytes      ? may->team_bytes
                                   : many_messages ? may->team_messages
                                                   : may->team_work),
                      "much, while all teams together send more than the broker may take");
  take(&team->bytes, bytes);
  take(&team->messages, messages);
  take(&team->own_bytes, bytes);
  take(&team->own_messages, messages);
  take(&self->all_bytes, bytes);
  take(&self->all_messages, messages);
  return NULL;
}

static gboolean
set_bit(guint8 *bits, guint n)
{
  guint8 bit = (guint8)(1 << n % 8);
  gboolean was = bits[n / 8] & bit;
  bits[n / 8] |= bit;
  return was;
}

guint
casa_guard_messages(CasaGuardTeam *team, const char *topic)
{
  guint64 hash = G_GUINT64_CONSTANT(14695981039346656037); /* FNV-1a */
  for (const char *p = topic; *p; p++)
    hash = (hash ^ (guchar)*p) * G_GUINT64_CONSTANT(1099511628211);
  if (!team->topics)
    team->topics = g_malloc0(TOPIC_BITS / 8);
  gboolean one = set_bit(team->topics, hash % TOPIC_BITS), other = set_bit(team->topics, hash / TOPIC_BITS % TOPIC_BITS);
  if (one && other)
    return 1;
  if (++team->n_topics == TOPICS_MOST) {
    memset(team->topics, 0, TOPIC_BITS / 8);
    team->n_topics = 0;
  }
  return NEW_TOPIC_MESSAGES;
}

/* --- Logins --- */

static CasaGuardBucket *
refill_logins(CasaGuardTeam *team, const char *user)
{
  gint64 now = g_get_monotonic_time();
  CasaGuardUser *own = g_hash_table_lookup(team->users, user);
  refill(&team->logins, TEAM_LOGINS_A_SECOND, TEAM_LOGINS_BURST, now);
  if (own)
    refill(&own->logins, USER_LOGINS_A_SECOND, USER_LOGINS_BURST, now);
  return own ? &own->logins : NULL;
}

/* One that never came has its own still. */
gboolean
casa_guard_logs_in_too_often(CasaGuardTeam *team, const char *user)
{
  CasaGuardBucket *own = refill_logins(team, user);
  if (team->logins.left >= 1 && (!own || own->left >= 1))
    return FALSE;
  casa_guard_say(team, "%s logs in more often than a %s may", user, team->logins.left < 1 ? "team" : "user");
  return TRUE;
}

/* Known when it is over: before the password is looked at, a login may be anybody's. */
void
casa_guard_charge_login(CasaGuard *self, CasaGuardTeam *team, const char *user)
{
  CasaGuardBucket *own = refill_logins(team, user);
  refill_all(self, team);
  take(&team->messages, LOGIN_MESSAGES);
  take(&team->logins, 1);
  if (own)
    take(own, 1);
}
