/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin of mosquitto 2.0 for a hall of strangers: what mosquitto's own files cannot say. Access lists stay where they are
 * (acl_file, or the dynamic security plugin): the guard only forbids, and leaves everything else to whoever comes after it.
 *
 * - Each team, and all teams together, may send so many bytes and messages a second. Whoever is over loses the connection and
 *   not the message: it was not acknowledged, so an honest client sends it again when it is back. When the bound of all is
 *   reached, each team still has a tenth of its own rate to itself: who sends little never notices. The first message to a
 *   topic counts as several.
 * - Each user, and each team with all its users, may log in so often, and subscribe to so much.
 * - A connection on which nothing but pings or acknowledgements waits is closed: the broker asks no plugin about those.
 * - The recorder says what work each team's messages made it ($casa-guard/work, where only trusted users are heard): whoever is
 *   dear is held back in the same way, and what it sends waits with it, behind others'.
 * - No team joins a shared subscription (it would take away messages that are acknowledged to their publishers), writes a
 *   $feedback, or sends QoS 2 (its first half is kept by the broker until the second comes).
 * - Who reads more slowly than is published misses what comes meanwhile: it would wait in the broker's memory.
 * - Recorders and walls are told who is put off, and by what ($casa-guard/held).
 * - Whoever was put off so has to stay away for a moment, longer each time, so that coming back costs the broker nothing
 *   either.
 * - What a team may leave retained is bounded. Properties of MQTT 5, which no reader of ours uses, count as bytes, are few, and
 *   are not handed on.
 * - The will of a login that is refused is freed, which mosquitto 2.0.11 forgets (guard-wills.h).
 * - Whoever logs in with the event's secret may ask for a team of its own, and nothing else (guard-event.h).
 * - Teams named in a file are out at once, and their retained messages with them.
 * - What was seen of teams is written to another file, for whoever helps them.
 *
 * A team is a user's name up to its first dot. mosquitto is one thread, so is this. Options: casa-guard.h says them. */
#include "guard-filters.h"

#include <glib/gstdio.h>
#include <mqtt_protocol.h>
#include <stdlib.h>
#include <string.h>

/* The broker takes each property apart by itself, which costs more than its bytes do. */
#define PROPERTIES_MAX 32

/* The topic below the team's own branch, or NULL. */
static const char *
below_team(CasaGuard *self, const CasaGuardTeam *team, const char *topic)
{
  gsize root = strlen(self->may.root), name = strlen(team->name);
  if (!g_str_has_prefix(topic, self->may.root) || topic[root] != '/' || strncmp(topic + root + 1, team->name, name) != 0 ||
      topic[root + 1 + name] != '/')
    return NULL;
  return topic + root + 1 + name + 1;
}

static gboolean
may_retain(CasaGuard *self, CasaGuardTeam *team, const char *topic, gint64 bytes, gboolean gone)
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
check_publish(CasaGuard *self, CasaGuardTeam *team, const struct mosquitto_evt_acl_check *event)
{
  const char *below = below_team(self, team, event->topic);
  double bytes = (double)strlen(event->topic) + event->payloadlen + OVERHEAD;
  const char *over = casa_guard_charge(self, team, bytes, casa_guard_messages(team, event->topic));
  if (over && event->client == self->leaving) {
    casa_guard_say(team, "its will is %s; it is not sent", over);
    return MOSQ_ERR_ACL_DENIED;
  }
  if (over) {
    casa_guard_say(team, "it sends %s; the connection of %s is closed", over, mosquitto_client_username(event->client));
    casa_guard_put_off(team);
    return MOSQ_ERR_ADMINISTRATIVE_ACTION;
  }
  if (event->qos > 1) {
    casa_guard_say(team, "it sends with QoS 2, which is not taken here; the connection is closed");
    casa_guard_account_qos2(self->account, team->name);
    casa_guard_put_off(team);
    return MOSQ_ERR_NOT_SUPPORTED;
  }
  if (below && strcmp(below, "$feedback") == 0) {
    casa_guard_say(team, "it may not write its own $feedback");
    return MOSQ_ERR_ACL_DENIED;
  }
  if (event->retain && below && !may_retain(self, team, event->topic, (gint64)bytes, event->payloadlen == 0)) {
    casa_guard_say(team, "it leaves more retained messages than a team may; \"%s\" is not taken", event->topic);
    return MOSQ_ERR_ACL_DENIED;
  }
  return MOSQ_ERR_PLUGIN_DEFER;
}

static int
check_subscribe(CasaGuard *self, CasaGuardTeam *team, const struct mosquitto_evt_acl_check *event)
{
  const char *user = mosquitto_client_username(event->client), *filter = event->topic;
  const char *over = casa_guard_charge(self, team, (double)strlen(filter) + OVERHEAD, 1);
  if (over) {
    casa_guard_say(team, "it subscribes to %s; the connection of %s is closed", over, user);
    casa_guard_put_off(team);
    return MOSQ_ERR_ADMINISTRATIVE_ACTION;
  }
  if (event->access == MOSQ_ACL_UNSUBSCRIBE) {
    casa_guard_filters_remove(team, user, filter);
    return MOSQ_ERR_PLUGIN_DEFER;
  }
  if (g_str_has_prefix(filter, "$share/")) {
    casa_guard_say(team, "it may not join a shared subscription (\"%.100s\")", filter);
    return MOSQ_ERR_ACL_DENIED;
  }
  if (event->qos > 0 && !g_str_has_suffix(filter, "/$feedback")) {
    casa_guard_say(team, "it may read its own data with QoS 0 only (\"%.100s\"): nothing waits here for a session that is away",
                   filter);
    return MOSQ_ERR_ACL_DENIED;
  }
  over = casa_guard_filters_add(team, user, filter);
  if (over) {
    casa_guard_say(team, "%s subscribes %s (\"%.100s\")", user, over, filter);
    return MOSQ_ERR_ACL_DENIED;
  }
  return MOSQ_ERR_PLUGIN_DEFER;
}

static int
on_acl(int kind, void *data, void *user_data)
{
  CasaGuard *self = user_data;
  const struct mosquitto_evt_acl_check *event = data;
  const char *user = mosquitto_client_username(event->client);
  gboolean trusted = user && g_hash_table_contains(self->trusted, user);
  if (event->client == self->coming)
    self->coming = NULL; /* it has been let in */
  if (trusted && event->access == MOSQ_ACL_WRITE && strcmp(event->topic, WORK_TOPIC) == 0) {
    casa_guard_hear_work(self, event->payload, event->payloadlen);
    return MOSQ_ERR_ACL_DENIED; /* it is for nobody else */
  }
  if (casa_guard_event_is(user))
    return casa_guard_event_acl(self->event, event);
  if (!user || trusted)
    return MOSQ_ERR_PLUGIN_DEFER;
  if (event->access == MOSQ_ACL_READ)
    return casa_guard_sockets_is_slow(event->client) ? MOSQ_ERR_ACL_DENIED : MOSQ_ERR_PLUGIN_DEFER;
  CasaGuardTeam *team = casa_guard_team(self, user);
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
  return check_subscribe(self, team, event);
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
check_properties(CasaGuard *self, CasaGuardTeam *team, const struct mosquitto_evt_message *event)
{
  const char *over = NULL;
  gsize bytes = 0;
  guint n = 0;
  for (const mosquitto_property *p = event->properties; p && n <= PROPERTIES_MAX; p = mosquitto_property_next(p), n++)
    bytes += property_bytes(p);
  if (n > PROPERTIES_MAX)
    over = "more properties with a message than a team may";
  else if (n > 0)
    over = casa_guard_charge(self, team, (double)bytes, 0);
  if (!over)
    return MOSQ_ERR_SUCCESS;
  casa_guard_say(team, "it sends %s; the connection of %s is closed", over, mosquitto_client_username(event->client));
  casa_guard_put_off(team);
  return MOSQ_ERR_ADMINISTRATIVE_ACTION;
}

/* Those between 2.0.11 (Debian 12) and 2.0.21 (13) were not looked at. */
static gboolean
broker_is_2_0_11(void)
{
  int major = 0, minor = 0, revision = 0;
  mosquitto_lib_version(&major, &minor, &revision); /* the broker's own: Debian installs both as one version */
  return major == 2 && minor == 0 && revision <= 11;
}

/* None is handed on. The list is the broker's: 2.0.11 forgets it when another is put in its place, later ones free it then; one
 * between them that forgets it loses some memory. */
static void
drop_properties(struct mosquitto_evt_message *event)
{
  if (event->properties && broker_is_2_0_11())
    mosquitto_property_free_all(&event->properties);
  event->properties = NULL;
}

/* A publication that the access list allows. Where a plugin that stands before this one has answered, on_acl() was not
 * asked. */
static int
on_message(int kind, void *data, void *user_data)
{
  CasaGuard *self = user_data;
  struct mosquitto_evt_message *event = data;
  const char *user = mosquitto_client_username(event->client);
  const struct mosquitto *asked = self->asked;
  self->asked = NULL;
  if (!user || g_hash_table_contains(self->trusted, user))
    return MOSQ_ERR_SUCCESS;
  if (casa_guard_event_is(user)) {
    drop_properties(event);
    return MOSQ_ERR_SUCCESS;
  }
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
  int answer = check_properties(self, casa_guard_team(self, user), event);
  drop_properties(event);
  return answer;
}

/* Before the password is looked at. Of a name that nobody has logged in with only the account keeps something, of a few. */
static int
on_login(int kind, void *data, void *user_data)
{
  CasaGuard *self = user_data;
  const struct mosquitto_evt_basic_auth *event = data;
  self->leaving = NULL; /* a new client may lie where an old one lay */
  self->coming = event->client;
  casa_guard_wills_hold(self->wills, event);
  if (!event->username || g_hash_table_contains(self->trusted, event->username))
    return MOSQ_ERR_PLUGIN_DEFER;
  if (casa_guard_event_is(event->username))
    return casa_guard_event_login(self->event, event);
  g_autofree char *name = casa_guard_team_name(event->username);
  casa_guard_account_tries(self->account, name, event->username);
  if (g_hash_table_contains(self->disabled, name))
    return MOSQ_ERR_AUTH;
  CasaGuardTeam *team = g_hash_table_lookup(self->teams, name);
  if (!team || !(casa_guard_is_away(team) || casa_guard_logs_in_too_often(team, event->username)))
    return MOSQ_ERR_PLUGIN_DEFER;
  return MOSQ_ERR_CONN_LOST; /* closed without an answer, which is no refusal: clients try again */
}

/* 2.0.11 takes its id from whoever is refused; 2.0.21 does not, and hears of its end in the turn of its login. */
static gboolean
was_let_in(const CasaGuard *self, const struct mosquitto *client)
{
  return mosquitto_client_id(client) && !(self->refused_keep_id && client == self->coming);
}

/* Before its will is sent. */
static int
on_leave(int kind, void *data, void *user_data)
{
  CasaGuard *self = user_data;
  const struct mosquitto_evt_disconnect *event = data;
  const char *user = mosquitto_client_username(event->client);
  self->leaving = event->client;
  casa_guard_wills_settle(self->wills, event->client);
  if (casa_guard_event_is(user)) {
    casa_guard_event_leaves(self->event, event->client, user);
    return MOSQ_ERR_SUCCESS;
  }
  if (user && !g_hash_table_contains(self->trusted, user)) {
    g_autofree char *name = casa_guard_team_name(user);
    if (was_let_in(self, event->client)) {
      CasaGuardTeam *team = casa_guard_team(self, user);
      casa_guard_charge_login(self, team, user);
      if (mosquitto_client_clean_session(event->client))
        casa_guard_filters_clear(team, user);
    }
    casa_guard_account_leaves(self->account, name, user);
  }
  return MOSQ_ERR_SUCCESS;
}

static void
end_connections(CasaGuard *self, const char *name)
{
  GHashTableIter iter;
  gpointer user;
  CasaGuardTeam *team = g_hash_table_lookup(self->teams, name);
  mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: team %s is disabled", name);
  mosquitto_kick_client_by_username(name, false);
  if (!team)
    return;
  g_hash_table_iter_init(&iter, team->users);
  while (g_hash_table_iter_next(&iter, &user, NULL))
    mosquitto_kick_client_by_username(user, false);
}

static void
read_disabled(CasaGuard *self)
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

/* Each turn of the broker's loop: a look at the files twice a second, so that whoever may write them needs no signal. */
static int
on_tick(int kind, void *data, void *user_data)
{
  CasaGuard *self = user_data;
  gint64 now = g_get_monotonic_time(), stamp = 0;
  GStatBuf seen;
  self->coming = NULL;
  casa_guard_wills_settle_all(self->wills);
  casa_guard_sockets_look(&self->sockets);
  if (self->may.account_file)
    casa_guard_account_write(self->account, self->may.account_file);
  if (now - self->looked_us < G_USEC_PER_SEC / 2)
    return MOSQ_ERR_SUCCESS;
  self->looked_us = now;
  casa_guard_event_look(self->event);
  if (!self->may.disabled_file)
    return MOSQ_ERR_SUCCESS;
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
  CasaGuard *self = g_new0(CasaGuard, 1);
  gint64 now = g_get_monotonic_time();
  *user_data = self;
  self->id = id;
  self->teams = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, casa_guard_team_free);
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
  self->event = casa_guard_event_new(self->may.event_file);
  self->wills = casa_guard_wills_new();
  self->all_bytes = (CasaGuardBucket){ self->may.all_burst_bytes, now };
  self->all_messages = (CasaGuardBucket){ self->may.all_burst_messages, now };
  self->all_work = (CasaGuardBucket){ self->may.all_burst_work, now };
  self->refused_keep_id = !broker_is_2_0_11();
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
  CasaGuard *self = user_data;
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
  casa_guard_event_free(self->event);
  casa_guard_wills_free(self->wills);
  casa_guard_options_clear(&self->may);
  g_free(self);
  return MOSQ_ERR_SUCCESS;
}
