/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin of mosquitto 2.0 for a hall of strangers: what mosquitto's own files cannot say. Access lists stay where they are
 * (acl_file, or the dynamic security plugin): the guard only forbids, and leaves everything else to whoever comes after it.
 *
 * - Each team, and all teams together, may send so many bytes and messages a second. Whoever is over loses the connection and
 *   not the message: it was not acknowledged, so an honest client sends it again when it is back. When the bound of all is
 *   reached, each team still has a tenth of its own rate to itself: who sends little never notices.
 * - The recorder says what work each team's messages made it ($casa-guard/work, where only trusted users are heard): whoever is
 *   dear is held back in the same way, and what it sends waits with it, behind others'.
 * - No team joins a shared subscription (it would take away messages that are acknowledged to their publishers), writes a
 *   $feedback, or sends QoS 2 (its first half is kept by the broker until the second comes).
 * - Recorders and walls are told who is put off, and by what ($casa-guard/held).
 * - Whoever was put off so has to stay away for a moment, longer each time, so that coming back costs the broker nothing either.
 * - What a team may leave retained is bounded. Properties of MQTT 5, which no reader of ours uses, count as bytes, are few, and are
 *   not handed on.
 * - Teams named in a file are out at once, and their retained messages with them.
 * - What was seen of teams is written to another file, for whoever helps them.
 *
 * A team is a user's name up to its first dot. mosquitto is one thread, so is this. Options: casa-guard.h says them. */
#include "casa-guard.h"
#include "guard-account.h"

#include <glib/gstdio.h>
#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <mqtt_protocol.h>
#include <stdlib.h>
#include <string.h>

/* The broker keeps about this much beside topic and payload of a message that waits. */
#define OVERHEAD 64
/* Of a team's rate and burst, what nobody can take from it: its bytes hold the largest message that there is. */
#define OWN_SHARE 0.1
#define OWN_BURST_SHARE 0.1
#define OWN_BURST_BYTES_SHARE 0.14
/* So much of its rate a team may owe: it is away for no longer than that after what it has done. */
#define OWED_S 10
/* Recorders say it here (src/ingest/ingest.c): below no root, so that no subscription of theirs brings it back to them. */
#define WORK_TOPIC "$casa-guard/work"
/* And hear there who is put off, once a second each. */
#define HELD_TOPIC "$casa-guard/held"
#define TELL_EVERY_US G_USEC_PER_SEC
#define SAY_EVERY_US (10 * G_USEC_PER_SEC)
/* How long a team that was put off stays out: twice as long each time, and from the beginning after some peace. What it may send
 * grows meanwhile, so that an honest one that sends too fast gets as much through as without. */
#define AWAY_LEAST_US (G_USEC_PER_SEC / 5)
#define AWAY_MOST_US (5 * G_USEC_PER_SEC)
#define PEACE_US (30 * G_USEC_PER_SEC)
/* mosquitto 2.0.11 never frees the will of a login that is refused. So a team is refused this often in a row; then one login is let in,
 * to lose its connection with the first message, and what it leaves behind shows whether there is a will. */
#define REFUSALS_IN_A_ROW 50
/* The broker takes each property apart by itself, which costs more than its bytes do. */
#define PROPERTIES_MAX 32

typedef struct {
  double left;    /* may be sent now */
  gint64 then_us; /* when that was so */
} Bucket;

typedef struct {
  char *name;
  Bucket bytes, messages, work;             /* work: ms of the recorder, known afterwards, so it may be below 0 */
  Bucket own_bytes, own_messages, own_work; /* of them, what is its own while all together are over */
  GHashTable *retained;                     /* topic -> bytes */
  gint64 retained_bytes;
  GHashTable *users;   /* seen so far: bounded by the broker's own list of users */
  gint64 put_off_us;   /* when it last was; 0: never */
  gint64 away_us;      /* for so long since then nobody of it may log in */
  guint refusals;      /* how often it may still be refused in a row; 0 as long as its connections leave wills */
  gint64 said_us;      /* when something was last logged about it */
  const char *held_by; /* of what it sent too much last: messages, bytes or work */
  double held_limit;   /* how much it may, a second */
  gint64 told_us;      /* when recorders were last told that */
  guint unsaid;        /* what was not logged since */
} Team;

typedef struct {
  mosquitto_plugin_id_t *id;
  CasaGuardOptions may;
  Bucket all_bytes, all_messages, all_work;
  GHashTable *teams;    /* name -> Team */
  GHashTable *trusted;  /* users that no rule here is for */
  GHashTable *disabled; /* names of teams */
  CasaGuardAccount *account;
  gint64 disabled_mtime, looked_us;
  const struct mosquitto *asked;   /* the client whose publication on_acl() has just let pass */
  const struct mosquitto *leaving; /* the client that is going: what it still sends is its will */
} Guard;

static void
team_free(gpointer data)
{
  Team *team = data;
  g_hash_table_unref(team->retained);
  g_hash_table_unref(team->users);
  g_free(team->name);
  g_free(team);
}

static char *
team_of_user(const char *user)
{
  return g_strndup(user, strcspn(user, "."));
}

/* The team of a client that is connected as @user. */
static Team *
find_team(Guard *self, const char *user)
{
  g_autofree char *name = team_of_user(user);
  Team *team = g_hash_table_lookup(self->teams, name);
  if (!team) {
    gint64 now = g_get_monotonic_time();
    team = g_new0(Team, 1);
    team->name = g_steal_pointer(&name);
    team->bytes = (Bucket){ self->may.team_burst_bytes, now };
    team->messages = (Bucket){ self->may.team_burst_messages, now };
    team->work = (Bucket){ self->may.team_burst_work, now };
    team->own_bytes = (Bucket){ OWN_BURST_BYTES_SHARE * self->may.team_burst_bytes, now };
    team->own_messages = (Bucket){ OWN_BURST_SHARE * self->may.team_burst_messages, now };
    team->own_work = (Bucket){ OWN_BURST_SHARE * self->may.team_burst_work, now };
    team->retained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    team->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    team->refusals = REFUSALS_IN_A_ROW;
    team->said_us = -SAY_EVERY_US;
    g_hash_table_insert(self->teams, team->name, team);
  }
  if (!g_hash_table_contains(team->users, user)) {
    g_hash_table_add(team->users, g_strdup(user));
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s: %s is here for the first time", team->name, user);
  }
  return team;
}

/* A line in the broker's log, at most one a team in ten seconds. */
G_GNUC_PRINTF(2, 3)
static void
say(Team *team, const char *format, ...)
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
    mosquitto_log_printf(MOSQ_LOG_WARNING, "casa-guard: team %s: %s (and %u more since the last word)", team->name, text,
                         team->unsaid);
  else
    mosquitto_log_printf(MOSQ_LOG_WARNING, "casa-guard: team %s: %s", team->name, text);
  team->said_us = now;
  team->unsaid = 0;
}

/* Over @what, of which it may have @limit a second. Returns the same in words. */
static const char *
over_limit(Team *team, const char *what, double limit, const char *words)
{
  team->held_by = what;
  team->held_limit = limit;
  return words;
}

static void
tell_held(Team *team, gint64 now_us)
{
  if (!team->held_by || (team->told_us > 0 && now_us - team->told_us < TELL_EVERY_US))
    return;
  g_autofree char *text = g_strdup_printf("%s %s %.0f", team->name, team->held_by, team->held_limit);
  team->told_us = now_us;
  mosquitto_broker_publish_copy(NULL, HELD_TOPIC, (int)strlen(text), text, 0, false, NULL);
}

/* Its connection is about to be closed. Only what somebody does who is logged in leads here: nobody can do it to others. */
static void
put_off(Team *team)
{
  gint64 now = g_get_monotonic_time();
  tell_held(team, now);
  if (team->put_off_us > 0 && now - team->put_off_us < team->away_us)
    return; /* another connection of the same flood */
  gboolean again = team->put_off_us > 0 && now - team->put_off_us < PEACE_US;
  team->away_us = again ? MIN(2 * team->away_us, AWAY_MOST_US) : AWAY_LEAST_US;
  team->put_off_us = now;
}

static gboolean
is_away(const Team *team)
{
  return team->put_off_us > 0 && g_get_monotonic_time() - team->put_off_us < team->away_us;
}

static void
take(Bucket *bucket, double much)
{
  bucket->left = MAX(0, bucket->left - much);
}

static void
refill(Bucket *bucket, double rate, double burst, gint64 now_us)
{
  bucket->left = MIN(burst, bucket->left + rate * (double)(now_us - bucket->then_us) / G_USEC_PER_SEC);
  bucket->then_us = now_us;
}

static void
refill_work(Guard *self, Team *team, gint64 now_us)
{
  const CasaGuardOptions *may = &self->may;
  refill(&team->work, may->team_work, may->team_burst_work, now_us);
  refill(&team->own_work, OWN_SHARE * may->team_work, OWN_BURST_SHARE * may->team_burst_work, now_us);
  refill(&self->all_work, may->all_work, may->all_burst_work, now_us);
}

static void
refill_all(Guard *self, Team *team)
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
owe(Bucket *bucket, double much, double rate)
{
  bucket->left = MAX(bucket->left - much, -OWED_S * rate);
}

/* "TEAM MICROSECONDS", of a recorder: what the team's messages have cost it since it last said so. */
static void
hear_work(Guard *self, const char *payload, gsize len)
{
  g_autofree char *text = g_strndup(payload, len);
  char *number = strchr(text, ' ');
  guint64 us;
  if (!number || !g_ascii_string_to_unsigned(number + 1, 10, 1, G_MAXUINT32, &us, NULL))
    return;
  *number = '\0';
  Team *team = g_hash_table_lookup(self->teams, text);
  if (!team)
    return; /* nobody of that name has sent anything since the broker began */
  double ms = (double)us / 1000;
  refill_work(self, team, g_get_monotonic_time());
  owe(&team->work, ms, self->may.team_work);
  owe(&team->own_work, ms, OWN_SHARE * self->may.team_work);
  owe(&self->all_work, ms, 1);
}

/* What is over, or NULL when @team may send this; it is counted then. @messages: 0 for more of the last one. */
static const char *
charge(Guard *self, Team *team, double bytes, guint messages)
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

/* The topic below the team's own branch, or NULL. */
static const char *
below_team(Guard *self, const Team *team, const char *topic)
{
  gsize root = strlen(self->may.root), name = strlen(team->name);
  if (!g_str_has_prefix(topic, self->may.root) || topic[root] != '/' || strncmp(topic + root + 1, team->name, name) != 0 ||
      topic[root + 1 + name] != '/')
    return NULL;
  return topic + root + 1 + name + 1;
}

static gboolean
may_retain(Guard *self, Team *team, const char *topic, gint64 bytes, gboolean gone)
{
  gint64 before = GPOINTER_TO_SIZE(g_hash_table_lookup(team->retained, topic));
  if (!gone) {
    if (before == 0 && g_hash_table_size(team->retained) >= self->may.retained_topics)
      return FALSE;
    if (team->retained_bytes - before + bytes > self->may.retained_bytes)
      return FALSE;
    g_hash_table_insert(team->retained, g_strdup(topic), GSIZE_TO_POINTER((gsize)bytes));
    team->retained_bytes += bytes - before;
  } else if (before > 0) {
    g_hash_table_remove(team->retained, topic);
    team->retained_bytes -= before;
  }
  return TRUE;
}

static int
check_publish(Guard *self, Team *team, const struct mosquitto_evt_acl_check *event)
{
  if (event->client == self->leaving)
    team->refusals = 0;
  const char *below = below_team(self, team, event->topic);
  double bytes = (double)strlen(event->topic) + event->payloadlen + OVERHEAD;
  const char *over = charge(self, team, bytes, 1);
  if (over && event->client == self->leaving) {
    say(team, "its will is %s; it is not sent", over);
    return MOSQ_ERR_ACL_DENIED;
  }
  if (over) {
    say(team, "it sends %s; the connection of %s is closed", over, mosquitto_client_username(event->client));
    put_off(team);
    return MOSQ_ERR_ADMINISTRATIVE_ACTION;
  }
  if (event->qos > 1) {
    say(team, "it sends with QoS 2, which is not taken here; the connection is closed");
    put_off(team);
    return MOSQ_ERR_NOT_SUPPORTED;
  }
  if (below && strcmp(below, "$feedback") == 0) {
    say(team, "it may not write its own $feedback");
    return MOSQ_ERR_ACL_DENIED;
  }
  if (event->retain && below && !may_retain(self, team, event->topic, (gint64)bytes, event->payloadlen == 0)) {
    say(team, "it leaves more retained messages than a team may; \"%s\" is not taken", event->topic);
    return MOSQ_ERR_ACL_DENIED;
  }
  return MOSQ_ERR_PLUGIN_DEFER;
}

static int
on_acl(int kind, void *data, void *user_data)
{
  Guard *self = user_data;
  const struct mosquitto_evt_acl_check *event = data;
  const char *user = mosquitto_client_username(event->client);
  gboolean trusted = user && g_hash_table_contains(self->trusted, user);
  if (trusted && event->access == MOSQ_ACL_WRITE && strcmp(event->topic, WORK_TOPIC) == 0) {
    hear_work(self, event->payload, event->payloadlen);
    return MOSQ_ERR_ACL_DENIED; /* it is for nobody else */
  }
  if (event->access == MOSQ_ACL_READ || !user || trusted)
    return MOSQ_ERR_PLUGIN_DEFER;
  Team *team = find_team(self, user);
  gboolean disabled = g_hash_table_contains(self->disabled, team->name);
  /* A retained message is about to be delivered, and its publisher's right is asked again: no client, so no address. */
  if (!mosquitto_client_address(event->client))
    return disabled ? MOSQ_ERR_ACL_DENIED : MOSQ_ERR_PLUGIN_DEFER;
  if (disabled)
    return MOSQ_ERR_AUTH;
  casa_guard_account_acts(self->account, team->name, user);
  if (event->access == MOSQ_ACL_WRITE && !below_team(self, team, event->topic))
    casa_guard_account_denies(self->account, team->name, user, event->topic);
  if (event->access == MOSQ_ACL_WRITE) {
    int answer = check_publish(self, team, event);
    self->asked = answer == MOSQ_ERR_PLUGIN_DEFER ? event->client : NULL;
    return answer;
  }
  const char *over =
    event->access == MOSQ_ACL_SUBSCRIBE ? charge(self, team, (double)strlen(event->topic) + OVERHEAD, 1) : NULL;
  if (over) {
    say(team, "it subscribes to %s; the connection of %s is closed", over, user);
    put_off(team);
    return MOSQ_ERR_ADMINISTRATIVE_ACTION;
  }
  if (event->access == MOSQ_ACL_SUBSCRIBE && g_str_has_prefix(event->topic, "$share/")) {
    say(team, "it may not join a shared subscription (\"%.100s\")", event->topic);
    return MOSQ_ERR_ACL_DENIED;
  }
  if (event->access == MOSQ_ACL_SUBSCRIBE && event->qos > 0 && !g_str_has_suffix(event->topic, "/$feedback")) {
    say(team, "it may read its own data with QoS 0 only (\"%.100s\"): nothing waits here for a session that is away",
        event->topic);
    return MOSQ_ERR_ACL_DENIED;
  }
  return MOSQ_ERR_PLUGIN_DEFER;
}

/* Of what a property says; those of fixed size are small. */
static gsize
property_bytes(const mosquitto_property *property)
{
  char *name = NULL, *text = NULL;
  void *data = NULL;
  uint16_t size = 0;
  int id = mosquitto_property_identifier(property);
  gsize bytes = 5;
  if (id == MQTT_PROP_USER_PROPERTY && mosquitto_property_read_string_pair(property, id, &name, &text, false))
    bytes += strlen(name) + strlen(text);
  else if ((id == MQTT_PROP_CONTENT_TYPE || id == MQTT_PROP_RESPONSE_TOPIC) &&
           mosquitto_property_read_string(property, id, &text, false))
    bytes += strlen(text);
  else if (id == MQTT_PROP_CORRELATION_DATA && mosquitto_property_read_binary(property, id, &data, &size, false))
    bytes += size;
  free(name);
  free(text);
  free(data);
  return bytes;
}

static int
check_properties(Guard *self, Team *team, const struct mosquitto_evt_message *event)
{
  const char *over = NULL;
  gsize bytes = 0;
  guint n = 0;
  for (const mosquitto_property *p = event->properties; p && n <= PROPERTIES_MAX; p = mosquitto_property_next(p), n++)
    bytes += property_bytes(p);
  if (n > PROPERTIES_MAX)
    over = "more properties with a message than a team may";
  else if (n > 0)
    over = charge(self, team, (double)bytes, 0);
  if (!over)
    return MOSQ_ERR_SUCCESS;
  say(team, "it sends %s; the connection of %s is closed", over, mosquitto_client_username(event->client));
  put_off(team);
  return MOSQ_ERR_ADMINISTRATIVE_ACTION;
}

/* A publication that the access list allows. Where a plugin that stands before this one has answered, on_acl() was not asked. */
static int
on_message(int kind, void *data, void *user_data)
{
  Guard *self = user_data;
  struct mosquitto_evt_message *event = data;
  const char *user = mosquitto_client_username(event->client);
  const struct mosquitto *asked = self->asked;
  self->asked = NULL;
  if (!user || g_hash_table_contains(self->trusted, user))
    return MOSQ_ERR_SUCCESS;
  if (asked != event->client) {
    struct mosquitto_evt_acl_check same = { .client = event->client,
                                            .topic = event->topic,
                                            .payload = event->payload,
                                            .payloadlen = event->payloadlen,
                                            .access = MOSQ_ACL_WRITE,
                                            .qos = event->qos,
                                            .retain = event->retain };
    int answer = on_acl(MOSQ_EVT_ACL_CHECK, &same, self);
    self->asked = NULL;
    if (answer != MOSQ_ERR_PLUGIN_DEFER)
      return answer;
  }
  int answer = check_properties(self, find_team(self, user), event);
  if (event->properties)
    mosquitto_property_free_all(&event->properties);
  return answer;
}

/* Before the password is looked at. Of a name that nobody has logged in with only the account keeps something, of a few. */
static int
on_login(int kind, void *data, void *user_data)
{
  Guard *self = user_data;
  const struct mosquitto_evt_basic_auth *event = data;
  self->leaving = NULL; /* a new client may lie where an old one lay */
  if (!event->username || g_hash_table_contains(self->trusted, event->username))
    return MOSQ_ERR_PLUGIN_DEFER;
  g_autofree char *name = team_of_user(event->username);
  casa_guard_account_tries(self->account, name, event->username);
  if (g_hash_table_contains(self->disabled, name))
    return MOSQ_ERR_AUTH;
  Team *team = g_hash_table_lookup(self->teams, name);
  if (!team || !is_away(team) || team->refusals == 0)
    return MOSQ_ERR_PLUGIN_DEFER;
  team->refusals--;
  return MOSQ_ERR_CONN_LOST; /* closed without an answer, which is no refusal: clients try again */
}

/* Before its will is sent: who was put off for a will could bring the next one to a login that is refused. */
static int
on_leave(int kind, void *data, void *user_data)
{
  Guard *self = user_data;
  const struct mosquitto_evt_disconnect *event = data;
  const char *user = mosquitto_client_username(event->client);
  self->leaving = event->client;
  if (user && !g_hash_table_contains(self->trusted, user)) {
    g_autofree char *name = team_of_user(user);
    Team *team = g_hash_table_lookup(self->teams, name);
    if (team && mosquitto_client_id(event->client)) /* none: it was not let in */
      team->refusals = REFUSALS_IN_A_ROW;
    casa_guard_account_leaves(self->account, name, user);
  }
  return MOSQ_ERR_SUCCESS;
}

static void
end_connections(Guard *self, const char *name)
{
  GHashTableIter iter;
  gpointer user;
  Team *team = g_hash_table_lookup(self->teams, name);
  mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s is disabled", name);
  mosquitto_kick_client_by_username(name, false);
  if (!team)
    return;
  g_hash_table_iter_init(&iter, team->users);
  while (g_hash_table_iter_next(&iter, &user, NULL))
    mosquitto_kick_client_by_username(user, false);
}

static void
read_disabled(Guard *self)
{
  g_autofree char *text = NULL;
  g_autoptr(GHashTable) before = self->disabled;
  GHashTableIter iter;
  gpointer name;
  self->disabled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (g_file_get_contents(self->may.disabled_file, &text, NULL, NULL)) {
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++)
      if (*g_strstrip(lines[i]) && lines[i][0] != '#')
        g_hash_table_add(self->disabled, g_strdup(lines[i]));
  }
  g_hash_table_iter_init(&iter, self->disabled);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    if (!before || !g_hash_table_contains(before, name))
      end_connections(self, name);
  if (!before)
    return;
  g_hash_table_iter_init(&iter, before);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    if (!g_hash_table_contains(self->disabled, name))
      mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s may come again", (char *)name);
}

/* Each turn of the broker's loop: a look at the file twice a second, so that whoever may write it needs no signal. */
static int
on_tick(int kind, void *data, void *user_data)
{
  Guard *self = user_data;
  gint64 now = g_get_monotonic_time(), stamp = 0;
  GStatBuf seen;
  if (self->may.account_file)
    casa_guard_account_write(self->account, self->may.account_file);
  if (!self->may.disabled_file || now - self->looked_us < G_USEC_PER_SEC / 2)
    return MOSQ_ERR_SUCCESS;
  self->looked_us = now;
  if (g_stat(self->may.disabled_file, &seen) == 0)
    stamp = seen.st_mtim.tv_sec * G_USEC_PER_SEC + seen.st_mtim.tv_nsec / 1000 + seen.st_size;
  if (stamp != self->disabled_mtime) {
    self->disabled_mtime = stamp;
    read_disabled(self);
  }
  return MOSQ_ERR_SUCCESS;
}

int
mosquitto_plugin_version(int count, const int *versions)
{
  for (int i = 0; i < count; i++)
    if (versions[i] == 5)
      return 5;
  return -1;
}

int
mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **user_data, struct mosquitto_opt *options, int count)
{
  Guard *self = g_new0(Guard, 1);
  gint64 now = g_get_monotonic_time();
  *user_data = self;
  self->id = id;
  self->teams = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, team_free);
  self->trusted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->disabled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->account = casa_guard_account_new();
  casa_guard_options_init(&self->may);
  for (int i = 0; i < count; i++)
    if (!casa_guard_options_set(&self->may, options[i].key, options[i].value)) {
      mosquitto_log_printf(MOSQ_LOG_ERR, "casa-guard: plugin_opt_%s %s: there is no such option, or not with this value",
                           options[i].key, options[i].value);
      return MOSQ_ERR_INVAL;
    }
  for (guint i = 0; self->may.trusted[i]; i++)
    if (*self->may.trusted[i])
      g_hash_table_add(self->trusted, g_strdup(self->may.trusted[i]));
  self->all_bytes = (Bucket){ self->may.all_burst_bytes, now };
  self->all_messages = (Bucket){ self->may.all_burst_messages, now };
  self->all_work = (Bucket){ self->may.all_burst_work, now };
  on_tick(MOSQ_EVT_TICK, NULL, self);
  int failed = mosquitto_callback_register(id, MOSQ_EVT_ACL_CHECK, on_acl, NULL, self) ||
               mosquitto_callback_register(id, MOSQ_EVT_BASIC_AUTH, on_login, NULL, self) ||
               mosquitto_callback_register(id, MOSQ_EVT_MESSAGE, on_message, NULL, self) ||
               mosquitto_callback_register(id, MOSQ_EVT_DISCONNECT, on_leave, NULL, self) ||
               mosquitto_callback_register(id, MOSQ_EVT_TICK, on_tick, NULL, self);
  return failed ? MOSQ_ERR_UNKNOWN : MOSQ_ERR_SUCCESS;
}

int
mosquitto_plugin_cleanup(void *user_data, struct mosquitto_opt *options, int count)
{
  Guard *self = user_data;
  if (!self)
    return MOSQ_ERR_SUCCESS;
  mosquitto_callback_unregister(self->id, MOSQ_EVT_ACL_CHECK, on_acl, NULL);
  mosquitto_callback_unregister(self->id, MOSQ_EVT_BASIC_AUTH, on_login, NULL);
  mosquitto_callback_unregister(self->id, MOSQ_EVT_MESSAGE, on_message, NULL);
  mosquitto_callback_unregister(self->id, MOSQ_EVT_DISCONNECT, on_leave, NULL);
  mosquitto_callback_unregister(self->id, MOSQ_EVT_TICK, on_tick, NULL);
  g_hash_table_unref(self->teams);
  g_hash_table_unref(self->trusted);
  g_hash_table_unref(self->disabled);
  casa_guard_account_free(self->account);
  casa_guard_options_clear(&self->may);
  g_free(self);
  return MOSQ_ERR_SUCCESS;
}
