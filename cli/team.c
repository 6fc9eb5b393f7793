/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "teams/team-secret.h"
#include "teams/teams.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

static const CliCommand command = {
  .name = "team",
  .args = "add|list|show|disable|enable|remove [NAME]…",
  .summary = "Makes, shows, shuts out and removes the users of hackathon teams on the running broker, without a restart.",
  .details =
    "  add NAME…      a team: it may write below its own branch of the topics and read there, and nothing else. Its users\n"
    "                 are NAME, NAME.2, NAME.3 … (a user is one connection), all with one password\n"
    "  list           all teams\n"
    "  show NAME…     a team, with its password\n"
    "  disable NAME…  disconnects its devices at once and lets none in\n"
    "  enable NAME…   lets them in again\n"
    "  remove NAME…   disconnects its devices at once; its users are gone. What it published stays stored; \"add\" gives it\n"
    "                 back with the same password\n\n"
    "The broker needs its dynamic security plug-in, and [teams] in pulse.conf says as whom to talk to it; ./demo sets up\n"
    "both: give --config DIR/config. The dashboard's own users are never touched.\n\n"
    "Examples:\n  casa team add equipe-7 --title 'Les Dunes'\n  casa team list --json\n  casa team remove equipe-7 --yes",
};

static struct {
  gboolean json, yes, if_absent;
  int devices;
  char *title;
} options = { .devices = CASA_TEAM_DEVICES };

static const GOptionEntry entries[] = {
  { "json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object a team", NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &options.yes, "disable, remove: do not ask", NULL },
  { "devices", 0, 0, G_OPTION_ARG_INT, &options.devices, "add: how many devices at once, 1 to 64 (default 8)", "N" },
  { "title", 0, 0, G_OPTION_ARG_STRING, &options.title, "add: what people call the team", "TEXT" },
  { "if-absent", 0, 0, G_OPTION_ARG_NONE, &options.if_absent, "add: a team that is there is no error", NULL },
  G_OPTION_ENTRY_NULL,
};

typedef gboolean (*Verb)(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error);

/* Prints a team, with its password where @secret is not NULL. */
static void
print_team(const CasaConfig *config, const CasaTeam *team, const char *secret)
{
  if (options.json) {
    g_autofree char *topic = g_strdup_printf("%s/%s/", config->root, team->name);
    json_t *object =
      json_pack("{s:s,s:s,s:b,s:i,s:s,s:s*}", "team", team->name, "title", team->title ? team->title : team->name, "enabled",
                team->enabled, "devices", (int)team->devices, "topic", topic, "password", secret);
    char *text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
    g_print("%s\n", text);
    free(text);
    json_decref(object);
    return;
  }
  g_print("%-20s  %-8s  %2u devices  %s%s%s\n", team->name, team->enabled ? "enabled" : "disabled", team->devices,
          secret ? secret : "", secret ? "  " : "", team->title ? team->title : "");
}

static gboolean
show(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  g_autoptr(CasaTeam) team = casa_teams_get(teams, name, error);
  if (!team)
    return FALSE;
  char *secret = casa_team_secret_read(config->teams_folder, name, error);
  if (!secret)
    return FALSE;
  print_team(config, team, secret);
  explicit_bzero(secret, strlen(secret));
  g_free(secret);
  return TRUE;
}

static gboolean
add(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (options.if_absent) {
    g_autoptr(CasaTeam) there = casa_teams_get(teams, name, NULL);
    if (there)
      return TRUE;
  }
  if (!casa_teams_add(teams, name, options.title, options.devices < 0 ? 0 : (guint)options.devices, error))
    return FALSE;
  return options.if_absent || show(teams, config, name, error);
}

static gboolean
list(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  g_autoptr(GPtrArray) all = casa_teams_list(teams, error);
  if (!all)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    print_team(config, all->pdata[i], NULL);
  if (all->len == 0 && !options.json)
    g_printerr("casa team: there is no team yet; \"casa team add NAME\" makes one\n");
  return TRUE;
}

static gboolean
enable(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (!casa_teams_set_enabled(teams, name, TRUE, error))
    return FALSE;
  g_printerr("casa team: %s is let in\n", name);
  return TRUE;
}

static gboolean
disable(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (!casa_teams_set_enabled(teams, name, FALSE, error))
    return FALSE;
  g_printerr("casa team: %s is shut out; \"casa team enable %s\" lets it in again\n", name, name);
  return TRUE;
}

static gboolean
remove_team(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (!casa_teams_remove(teams, name, error))
    return FALSE;
  g_printerr("casa team: %s is removed; \"casa team add %s\" gives it back with the same password\n", name, name);
  return TRUE;
}

/* Asked at the terminal; without one nobody could answer. */
static gboolean
is_sure(const char *verb, char **names)
{
  if (options.yes)
    return TRUE;
  g_autofree char *all = g_strjoinv(", ", names);
  char answer[8] = "";
  g_printerr("%s %s? Its devices are disconnected at once. [y/N] ", verb, all);
  return isatty(STDIN_FILENO) && fgets(answer, sizeof answer, stdin) && (*answer == 'y' || *answer == 'Y' || *answer == 'o');
}

static int
run(const CasaConfig *config, Verb verb, char **names)
{
  static char nobody_name[] = "";
  char *const nobody[] = { nobody_name, NULL };
  int status = CLI_OK;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaTeams) teams = casa_teams_open(config, &error);
  if (!teams)
    return cli_fail(&command, error);
  for (char *const *name = *names ? names : nobody; *name; name++) {
    g_autoptr(GError) fault = NULL;
    if (!verb(teams, config, *name, &fault))
      status = MAX(status, cli_fail(&command, fault));
  }
  return cli_finish_stdout(&command, status);
}

int
cli_team(int argc, char **argv)
{
  static const struct {
    const char *name;
    Verb run;
    gboolean asks;
  } verbs[] = { { "add", add },       { "list", list },
                { "show", show },     { "disable", disable, 1 },
                { "enable", enable }, { "remove", remove_team, 1 } };
  g_autoptr(CasaConfig) config = NULL;
  int status;
  if (!cli_parse(&command, entries, &argc, &argv, &config, &status))
    return status;
  for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS(verbs); i++) {
    if (strcmp(argv[1], verbs[i].name) != 0)
      continue;
    if ((argc > 2) == (verbs[i].run == list))
      return cli_usage(&command, "%s %s", argv[1], verbs[i].run == list ? "takes no name" : "whom? give the name of a team");
    if (options.title && argc > 3)
      return cli_usage(&command, "one title fits one team only");
    if (verbs[i].asks && !is_sure(argv[1], argv + 2))
      return cli_usage(&command, "nothing was done: not confirmed; --yes does not ask");
    return run(config, verbs[i].run, argv + 2);
  }
  return cli_usage(&command, "say add, list, show, disable, enable or remove");
}
