/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "team-diagnosis.h"
#include "team-welcome.h"

#include "teams/event-secret.h"
#include "teams/team-secret.h"
#include "teams/teams.h"
#ifdef CASA_HAS_CARD
#include "ui/card/card-file.h"
#endif

#include <jansson.h>
#include <string.h>
#include <unistd.h>

static const CliCommand command = {
  .name = "team",
  .args = "add|list|show|card|disable|enable|remove|event|welcome [NAME]…",
  .summary = "Makes, shows, shuts out and removes the users of hackathon teams on the running broker, without a restart.",
  .details =
    "  add NAME…      a team: it may write below its own branch of the topics and read there, and nothing else. Its users\n"
    "                 are NAME, NAME.2, NAME.3 … (a user is one connection), all with one password\n"
    "  list           all teams\n"
    "  show NAME…     a team, with its password, and why its numbers are, or are not, on the wall: connected, allowed,\n"
    "                 understood, stored, on screen; the first that fails, what was refused last and how to write it\n"
    "  card NAME      what it needs to join: a QR code, address, user, password and a line to paste for each kind of kit;\n"
    "                 --format text (for the terminal), pdf or png, into --output or NAME.pdf; --lang fr, ar or en\n"
    "  disable NAME…  disconnects its devices at once and lets none in\n"
    "  enable NAME…   lets them in again\n"
    "  remove NAME…   disconnects its devices at once; its users are gone. What it published stays stored; \"add\" gives it\n"
    "                 back with the same password\n"
    "  event          the event's secret, with which anybody gets a team of its own: its QR code, and a line for a\n"
    "                 terminal; --new: another one, --close: none, so that nobody joins any more (who has joined stays)\n"
    "  welcome        answers those that come with it, a line for each, until Ctrl-C; never more than --most teams\n\n"
    "The broker needs its dynamic security plug-in, and [teams] in pulse.conf says as whom to talk to it; ./demo sets up\n"
    "both: give --config DIR/config. The dashboard's own users are never touched.\n\n"
    "Examples:\n  casa team add equipe-7 --title 'Les Dunes'\n  casa team card equipe-7 --format pdf --lang ar\n  casa team list --json\n  casa team remove equipe-7 --yes",
};

static struct {
  gboolean json, yes, if_absent, anew, close;
  int devices, most;
  char *title, *format, *lang, *output;
} options = { .devices = CASA_TEAM_DEVICES, .most = 300 };

static const GOptionEntry entries[] = {
  { "json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object a team", NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &options.yes, "disable, remove: do not ask", NULL },
  { "devices", 0, 0, G_OPTION_ARG_INT, &options.devices, "add: how many devices at once, 1 to 64 (default 8)", "N" },
  { "title", 0, 0, G_OPTION_ARG_STRING, &options.title, "add: what people call the team", "TEXT" },
  { "format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "card: text (default), pdf or png", "FORMAT" },
  { "lang", 'l', 0, G_OPTION_ARG_STRING, &options.lang, "card: fr, ar or en (default: [ui] language)", "LANG" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "card: the file to write (default NAME.pdf or NAME.png)",
    "FILE" },
  { "if-absent", 0, 0, G_OPTION_ARG_NONE, &options.if_absent, "add: a team that is there is no error", NULL },
  { "new", 0, 0, G_OPTION_ARG_NONE, &options.anew, "event: another secret; the one before holds no more", NULL },
  { "close", 0, 0, G_OPTION_ARG_NONE, &options.close, "event: nobody joins any more", NULL },
  { "most", 0, 0, G_OPTION_ARG_INT, &options.most, "welcome: how many teams there may be at most (default 300)", "N" },
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
  const char *state = team->enabled ? cli_said("enabled", "admise", "مسموح به") : cli_said("disabled", "à l'écart", "موقوف");
  g_print("%-20s  %s%*s  ", team->name, state, MAX(9 - (int)g_utf8_strlen(state, -1), 0), "");
  g_print(cli_said("%2u devices  %s%s%s\n", "%2u appareils  %s%s%s\n", "%2u أجهزة  %s%s%s\n"), team->devices,
          secret ? secret : "", secret ? "  " : "", team->title ? team->title : "");
}

static gboolean
print_with_secret(CasaTeams *teams, const CasaConfig *config, const char *name, gboolean diagnosed, GError **error)
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
  /* Before the first start there is no store, and nothing to tell. */
  return !diagnosed || options.json || !g_file_test(config->store_path, G_FILE_TEST_EXISTS) ||
         cli_team_diagnosis(config, team, error);
}

static gboolean
show(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  return print_with_secret(teams, config, name, TRUE, error);
}

/* The words on a terminal, else a file that only its owner may read. */
static gboolean
print_card(const CasaJoinCard *card, const char *name, GError **error)
{
  if (g_strcmp0(options.format, "pdf") != 0 && g_strcmp0(options.format, "png") != 0) {
    char *text = casa_join_card_text(card, isatty(STDOUT_FILENO));
    cli_write(text, strlen(text));
    explicit_bzero(text, strlen(text));
    g_free(text);
    return TRUE;
  }
#ifdef CASA_HAS_CARD
  g_autofree char *path = options.output ? g_strdup(options.output) : g_strconcat(name, ".", options.format, NULL);
  if (!casa_card_write(card, path, strcmp(options.format, "pdf") == 0, error))
    return FALSE;
  g_printerr(cli_said("casa team: %s (it holds the password)\n", "casa team : %s (il contient le mot de passe)\n",
                      "casa team: %s (فيه كلمة السر)\n"),
             path);
  return TRUE;
#else
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "built without the application: there is --format text only");
  return FALSE;
#endif
}

static gboolean
show_card(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  g_autoptr(CasaTeam) team = casa_teams_get(teams, name, error);
  char *secret = team ? casa_team_secret_read(config->teams_folder, name, error) : NULL;
  if (!secret)
    return FALSE;
  CasaJoinCard *card = casa_join_card_new(config, team, secret, options.lang ? options.lang : config->language);
  explicit_bzero(secret, strlen(secret));
  g_free(secret);
  gboolean ok = print_card(card, name, error);
  casa_join_card_free(card);
  return ok;
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
  return options.if_absent || print_with_secret(teams, config, name, FALSE, error);
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
    g_printerr("%s", cli_said("casa team: there is no team yet; \"casa team add NAME\" makes one\n",
                              "casa team : il n'y a pas encore d'équipe ; « casa team add NOM » en crée une\n",
                              "casa team: لا فريق بعد؛ «casa team add NAME» يُنشئ واحدًا\n"));
  return TRUE;
}

static gboolean
enable(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (!casa_teams_set_enabled(teams, name, TRUE, error))
    return FALSE;
  g_printerr(cli_said("casa team: %s is let in\n", "casa team : %s est admise\n", "casa team: سُمح لـ %s بالدخول\n"), name);
  return TRUE;
}

static gboolean
disable(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (!casa_teams_set_enabled(teams, name, FALSE, error))
    return FALSE;
  g_printerr(cli_said("casa team: %s is shut out; \"casa team enable %s\" lets it in again\n",
                      "casa team : %s est mise à l'écart ; « casa team enable %s » la laisse revenir\n",
                      "casa team: أوقف %s؛ «casa team enable %s» يسمح له بالعودة\n"),
             name, name);
  return TRUE;
}

static gboolean
remove_team(CasaTeams *teams, const CasaConfig *config, const char *name, GError **error)
{
  if (!casa_teams_remove(teams, name, error))
    return FALSE;
  g_printerr(cli_said("casa team: %s is removed; \"casa team add %s\" gives it back with the same password\n",
                      "casa team : %s est retirée ; « casa team add %s » la rend avec le même mot de passe\n",
                      "casa team: حُذف %s؛ «casa team add %s» يعيده بكلمة السر نفسها\n"),
             name, name);
  return TRUE;
}

/* The event's secret, or its end. */
static int
event(const CasaConfig *config)
{
  g_autoptr(GError) error = NULL;
  if (!config->teams_folder)
    return cli_usage(&command,
                     cli_said("%s: [teams] password_file or folder is not set: where are the secrets?",
                              "%s : [teams] password_file ou folder n'est pas réglé : où sont les secrets ?",
                              "%s: لم يُضبط [teams] password_file أو folder: أين الأسرار؟"),
                     config->file);
  if (options.close) {
    casa_event_secret_drop(config->teams_folder);
    g_printerr("%s", cli_said("casa team: nobody joins any more; who has joined stays\n",
                              "casa team : plus personne ne peut se joindre ; qui s'est joint reste\n",
                              "casa team: لا أحد ينضم بعد الآن؛ ومن انضم باقٍ\n"));
    return CLI_OK;
  }
  char *secret = casa_event_secret_make(config->teams_folder, options.anew, &error);
  if (!secret)
    return cli_fail(&command, error);
  char *text = casa_event_card_text(config, secret, options.lang ? options.lang : config->language, isatty(STDOUT_FILENO));
  cli_write(text, strlen(text));
  explicit_bzero(text, strlen(text));
  explicit_bzero(secret, strlen(secret));
  g_free(text);
  g_free(secret);
  return cli_finish_stdout(&command, CLI_OK);
}

/* Asked at the terminal; without one nobody could answer. */
static gboolean
is_sure(const char *verb, char **names)
{
  if (options.yes)
    return TRUE;
  g_autofree char *all = g_strjoinv(", ", names);
  char answer[8] = "";
  g_printerr(cli_said("%s %s? Its devices are disconnected at once. [y/N] ",
                      "%s %s ? Ses appareils sont déconnectés aussitôt. [o/N] ", "%s %s؟ تُقطع أجهزته حالًا. [y/N] "),
             verb, all);
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

static gboolean
card_options_are_sound(int argc, int *status)
{
  static const char *const formats[] = { "text", "pdf", "png", NULL }, *const languages[] = { "fr", "ar", "en", NULL };
  if (options.format && !g_strv_contains(formats, options.format))
    *status = cli_usage(&command,
                        cli_said("--format wants text, pdf or png, not \"%s\"", "--format veut text, pdf ou png, non « %s »",
                                 "يقبل --format‏ text أو pdf أو png، لا «%s»"),
                        options.format);
  else if (options.lang && !g_strv_contains(languages, options.lang))
    *status = cli_usage(&command,
                        cli_said("--lang wants fr, ar or en, not \"%s\"", "--lang veut fr, ar ou en, non « %s »",
                                 "يقبل --lang‏ fr أو ar أو en، لا «%s»"),
                        options.lang);
  else if (options.output && argc > 3)
    *status =
      cli_usage(&command, "%s",
                cli_said("one file fits one team only", "un fichier ne convient qu'à une équipe", "ملف واحد لفريق واحد فقط"));
  else
    return TRUE;
  return FALSE;
}

int
cli_team(int argc, char **argv)
{
  static const struct {
    const char *name;
    Verb run;
    gboolean asks;
  } verbs[] = { { "card", show_card },
                { "add", add },
                { "list", list },
                { "show", show },
                { "disable", disable, 1 },
                { "enable", enable },
                { "remove", remove_team, 1 } };
  g_autoptr(CasaConfig) config = NULL;
  int status;
  if (!cli_parse(&command, entries, &argc, &argv, &config, &status))
    return status;
  gboolean of_event = argc >= 2 && strcmp(argv[1], "event") == 0, welcome = argc >= 2 && strcmp(argv[1], "welcome") == 0;
  if ((of_event || welcome) && argc > 2)
    return cli_usage(&command, cli_said("%s takes no name", "%s ne prend pas de nom", "لا يأخذ %s اسمًا"), argv[1]);
  if (of_event)
    return event(config);
  if (welcome)
    return options.most < 1
             ? cli_usage(&command, "%s",
                         cli_said("--most wants at least 1", "--most veut au moins 1", "أقل قيمة لـ --most هي 1"))
             : cli_team_welcome(&command, config, (guint)options.most);
  for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS(verbs); i++) {
    if (strcmp(argv[1], verbs[i].name) != 0)
      continue;
    if ((argc > 2) == (verbs[i].run == list))
      return cli_usage(&command,
                       verbs[i].run == list ? cli_said("%s takes no name", "%s ne prend pas de nom", "لا يأخذ %s اسمًا")
                                            : cli_said("%s whom? give the name of a team",
                                                       "%s : qui ? donnez le nom d'une équipe", "%s: مَن؟ اذكروا اسم فريق"),
                       argv[1]);
    if (verbs[i].run == show_card && !card_options_are_sound(argc, &status))
      return status;
    if (options.title && argc > 3)
      return cli_usage(
        &command, "%s",
        cli_said("one title fits one team only", "un titre ne convient qu'à une équipe", "عنوان واحد لفريق واحد فقط"));
    if (verbs[i].asks && !is_sure(argv[1], argv + 2))
      return cli_usage(&command, "%s",
                       cli_said("nothing was done: not confirmed; --yes does not ask",
                                "rien n'a été fait : pas confirmé ; --yes ne demande pas",
                                "لم يُفعل شيء: دون تأكيد؛ --yes لا يسأل"));
    return run(config, verbs[i].run, argv + 2);
  }
  return cli_usage(&command, "%s",
                   cli_said("say add, list, show, card, disable, enable, remove, event or welcome",
                            "dites add, list, show, card, disable, enable, remove, event ou welcome",
                            "قولوا add أو list أو show أو card أو disable أو enable أو remove أو event أو welcome"));
}
