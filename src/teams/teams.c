/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/teams.h"
#include "casa-build.h"

#include "base/error.h"
#include "teams/dynsec.h"
#include "teams/team-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NAME_MAX_BYTES 64
#define PAGE 200 /* roles or users of one answer: it stays far below what a broker lets through */

struct _CasaTeams {
  const CasaConfig *config;
  CasaDynsec *dynsec;
  int lock_fd; /* two programs with the broker's one user would put each other off */
};

void
casa_team_free(CasaTeam *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->title);
  g_free(self);
}

static void
free_team(gpointer team)
{
  casa_team_free(team);
}

char *
casa_team_user(const char *name, guint device)
{
  return device <= 1 ? g_strdup(name) : g_strdup_printf("%s.%u", name, device);
}

/* Names that ./demo, the shipped mosquitto.conf and the topics give another meaning. */
static gboolean
is_reserved(const CasaConfig *config, const char *name)
{
  static const char *const taken[] = { "pulse",     "record",   "stage", CASA_OWN_SOURCE, "teams",          "join",
                                       "companion", "prompter", "usher", "figures",       "home-assistant", NULL };
  const char *own[] = { config->broker_user, config->record_user, config->teams_user, config->welcome_user };
  for (guint i = 0; i < G_N_ELEMENTS(own); i++)
    if (g_strcmp0(own[i], name) == 0)
      return TRUE;
  return g_strv_contains(taken, name);
}

const char *
casa_team_name_fault(const CasaConfig *config, const char *name)
{
  gsize len = strlen(name);
  if (len < 1 || len > NAME_MAX_BYTES || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
    return "is no name of a team; use 1 to 64 of a-z, 0-9, _ and - (it stands in the topics)";
  return is_reserved(config, name) ? "is a user of the dashboard itself, which no command touches; choose another name" : NULL;
}

static gboolean
check_name(const CasaTeams *self, const char *name, GError **error)
{
  const char *fault = casa_team_name_fault(self->config, name);
  if (fault)
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "\"%s\" %s", name, fault);
  return !fault;
}

static gboolean
take_lock(CasaTeams *self, GError **error)
{
  g_autofree char *path = g_build_filename(self->config->teams_folder, "teams.lock", NULL);
  self->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_fd >= 0 && flock(self->lock_fd, LOCK_EX) == 0)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: %s", path, g_strerror(errno));
  return FALSE;
}

CasaTeams *
casa_teams_open(const CasaConfig *config, GError **error)
{
  if (!config->teams_user || !config->teams_password || !config->teams_folder) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG,
                "%s: [teams] user and password_file are not set: nobody is known who may make users on the broker; beside a "
                "running ./demo give --config DIR/config",
                config->file);
    return NULL;
  }
  g_autoptr(CasaTeams) self = g_new0(CasaTeams, 1);
  self->config = config;
  self->lock_fd = -1;
  if (!take_lock(self, error))
    return NULL;
  self->dynsec = casa_dynsec_open(config, error);
  return self->dynsec ? g_steal_pointer(&self) : NULL;
}

void
casa_teams_close(CasaTeams *self)
{
  if (!self)
    return;
  casa_dynsec_free(self->dynsec);
  if (self->lock_fd >= 0)
    close(self->lock_fd);
  g_free(self);
}

/* The first refusal among @answers. */
static gboolean
all_done(const json_t *answers, GError **error)
{
  gsize i;
  json_t *answer;
  json_array_foreach (answers, i, answer) {
    const char *fault = json_string_value(json_object_get(answer, "error"));
    if (!fault)
      continue;
    g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "the broker refuses %s: %s",
                json_string_value(json_object_get(answer, "command")), fault);
    return FALSE;
  }
  return TRUE;
}

static gboolean
tell(CasaTeams *self, json_t *commands, GError **error)
{
  json_t *answers = casa_dynsec_ask(self->dynsec, commands, error);
  gboolean done = answers && all_done(answers, error);
  json_decref(answers);
  return done;
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

/* Every item of a list that the plug-in gives in pages: @command, array @key of its answer. (transfer full) */
static json_t *
list_all(CasaTeams *self, const char *command, const char *key, GError **error)
{
  json_t *all = json_array();
  for (gsize offset = 0;; offset += PAGE) {
    json_t *answers = casa_dynsec_ask(
      self->dynsec, json_pack("[{s:s,s:b,s:i,s:i}]", "command", command, "verbose", 1, "count", PAGE, "offset", (int)offset),
      error);
    if (!answers || !all_done(answers, error)) {
      json_decref(answers);
      json_decref(all);
      return NULL;
    }
    json_t *page = json_object_get(json_object_get(json_array_get(answers, 0), "data"), key);
    gboolean last = json_array_size(page) < PAGE;
    json_array_extend(all, page);
    json_decref(answers);
    if (last)
      return all;
  }
}

/* The team of a user NAME or NAME.n; NULL: another's. */
static CasaTeam *
team_of(GHashTable *teams, const char *user)
{
  g_autofree char *name = g_strndup(user, strcspn(user, "."));
  return g_hash_table_lookup(teams, name);
}

static void
count_user(GHashTable *teams, const json_t *client)
{
  const char *user = json_string_value(json_object_get(client, "username"));
  CasaTeam *team = user ? team_of(teams, user) : NULL;
  if (!team)
    return;
  team->devices++;
  if (strcmp(user, team->name) == 0)
    team->enabled = !json_is_true(json_object_get(client, "disabled"));
}

static GHashTable *
teams_of_roles(const CasaTeams *self, const json_t *roles)
{
  GHashTable *teams = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_team);
  gsize i;
  json_t *role;
  json_array_foreach (roles, i, role) {
    const char *name = json_string_value(json_object_get(role, "rolename"));
    const char *title = json_string_value(json_object_get(role, "textname"));
    if (!name || casa_team_name_fault(self->config, name))
      continue; /* of the organiser's own */
    CasaTeam *team = g_new0(CasaTeam, 1);
    team->name = g_strdup(name);
    team->title = title && *title ? g_strdup(title) : NULL;
    g_hash_table_replace(teams, team->name, team);
  }
  return teams;
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp((*(CasaTeam *const *)a)->name, (*(CasaTeam *const *)b)->name);
}

GPtrArray *
casa_teams_list(CasaTeams *self, GError **error)
{
  json_t *roles = list_all(self, "listRoles", "roles", error);
  json_t *clients = roles ? list_all(self, "listClients", "clients", error) : NULL;
  GPtrArray *list = NULL;
  if (clients) {
    g_autoptr(GHashTable) teams = teams_of_roles(self, roles);
    gsize i;
    json_t *client;
    json_array_foreach (clients, i, client)
      count_user(teams, client);
    list = g_ptr_array_new_with_free_func(free_team);
    GHashTableIter iter;
    gpointer team;
    g_hash_table_iter_init(&iter, teams);
    while (g_hash_table_iter_next(&iter, NULL, &team)) {
      g_hash_table_iter_steal(&iter);
      g_ptr_array_add(list, team);
    }
    g_ptr_array_sort(list, by_name);
  }
  json_decref(roles);
  json_decref(clients);
  return list;
}

CasaTeam *
casa_teams_get(CasaTeams *self, const char *name, GError **error)
{
  if (!check_name(self, name, error))
    return NULL;
  g_autoptr(GPtrArray) list = casa_teams_list(self, error);
  for (guint i = 0; list && i < list->len; i++)
    if (strcmp(((CasaTeam *)list->pdata[i])->name, name) == 0)
      return g_ptr_array_steal_index(list, i);
  if (list)
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "there is no team \"%s\"; \"casa team list\" shows them", name);
  return NULL;
}

/* --- Changing ---------------------------------------------------------------------------------------------------- */

static json_t *
role_command(const CasaTeams *self, const char *name, const char *title)
{
  g_autofree char *branch = g_strdup_printf("%s/%s/#", self->config->root, name);
  static const char *const rights[] = { "publishClientSend", "publishClientReceive", "subscribePattern", "unsubscribePattern" };
  json_t *acls = json_array();
  for (guint i = 0; i < G_N_ELEMENTS(rights); i++)
    json_array_append_new(acls, json_pack("{s:s,s:s,s:b}", "acltype", rights[i], "topic", branch, "allow", 1));
  return json_pack("{s:s,s:s,s:s,s:o}", "command", "createRole", "rolename", name, "textname", title ? title : "", "acls",
                   acls);
}

/* @command for each of a team's users. */
static void
for_each_user(json_t *commands, const char *command, const char *name, guint devices)
{
  for (guint device = 1; device <= devices; device++) {
    g_autofree char *user = casa_team_user(name, device);
    json_array_append_new(commands, json_pack("{s:s,s:s}", "command", command, "username", user));
  }
}

static json_t *
add_commands(const CasaTeams *self, const char *name, const char *title, guint devices, const char *secret)
{
  json_t *commands = json_array();
  json_array_append_new(commands, role_command(self, name, title));
  for (guint device = 1; device <= devices; device++) {
    g_autofree char *user = casa_team_user(name, device);
    json_array_append_new(commands, json_pack("{s:s,s:s,s:s,s:[{s:s}]}", "command", "createClient", "username", user,
                                              "password", secret, "roles", "rolename", name));
  }
  return commands;
}

/* The users go first: each is disconnected as it goes. */
static json_t *
remove_commands(const char *name, guint devices)
{
  json_t *commands = json_array();
  for_each_user(commands, "deleteClient", name, devices);
  json_array_append_new(commands, json_pack("{s:s,s:s}", "command", "deleteRole", "rolename", name));
  return commands;
}

static gboolean
check_new(CasaTeams *self, const char *name, const char *title, guint devices, GError **error)
{
  if (!check_name(self, name, error))
    return FALSE;
  const char *fault = devices < 1 || devices > CASA_TEAM_DEVICES_MAX ? "1 to 64 devices"
                      : title && (strlen(title) > CASA_TEAM_TITLE_MAX || strpbrk(title, "\r\n\t"))
                        ? "a title of one line, of at most 80 bytes"
                      : title && !g_utf8_validate(title, -1, NULL) ? "a title in UTF-8"
                                                                   : NULL;
  if (fault) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "a team has %s", fault);
    return FALSE;
  }
  g_autoptr(CasaTeam) there = casa_teams_get(self, name, NULL);
  if (there)
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "there is a team \"%s\" already; \"casa team show %s\" shows it", name,
                name);
  return !there;
}

gboolean
casa_teams_add(CasaTeams *self, const char *name, const char *title, guint devices, GError **error)
{
  if (!check_new(self, name, title, devices, error))
    return FALSE;
  char *secret = casa_team_secret_make(self->config->teams_folder, name, error);
  if (!secret)
    return FALSE;
  gboolean done = tell(self, add_commands(self, name, title, devices, secret), error);
  explicit_bzero(secret, strlen(secret));
  g_free(secret);
  if (!done && !tell(self, remove_commands(name, devices), NULL))
    g_debug("%s was made in part, or not at all", name);
  return done;
}

gboolean
casa_teams_set_enabled(CasaTeams *self, const char *name, gboolean enabled, GError **error)
{
  g_autoptr(CasaTeam) team = casa_teams_get(self, name, error);
  if (!team)
    return FALSE;
  json_t *commands = json_array();
  for_each_user(commands, enabled ? "enableClient" : "disableClient", name, team->devices);
  return tell(self, commands, error);
}

gboolean
casa_teams_remove(CasaTeams *self, const char *name, GError **error)
{
  g_autoptr(CasaTeam) team = casa_teams_get(self, name, error);
  if (!team || !tell(self, remove_commands(name, team->devices), error))
    return FALSE;
  casa_team_secret_put_away(self->config->teams_folder, name);
  return TRUE;
}
