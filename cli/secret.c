/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "base/keyring.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const CliCommand command = {
  .name = "secret",
  .args = "set broker|record|influx",
  .summary =
    "Keeps the password of the broker ([broker] or [record]), or the password or token of InfluxDB, in the keyring of this desktop.",
  .details =
    "The secret is asked for without showing it, or read as one line from standard input. It is never an argument:\n"
    "those can be read by everybody on this machine. It is kept for the address and the user that pulse.conf and\n"
    "the options name, so give the same ones.\n\n"
    "Examples:\n  casa secret set broker\n  casa secret set influx --influx 'https://h:8086/?org=o&bucket=b' <token.txt",
  .without_keyring = TRUE,
};

#define SECRET_MAX 4096

/* Without an echo; whatever ends the reading, the terminal gets it back. */
static gboolean
read_quietly(char line[SECRET_MAX + 2])
{
  struct termios before, quiet;
  gboolean is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (is_terminal) {
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    g_printerr("Secret: ");
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  setvbuf(stdin, NULL, _IONBF, 0); /* so that no copy stays in a buffer */
  gboolean ok = fgets(line, SECRET_MAX + 2, stdin) != NULL;
  if (is_terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    g_printerr("\n");
  }
  return ok;
}

static const char *
fault_of(const char *secret)
{
  if (*secret == '\0')
    return "nothing was given; type it, or send it as one line to standard input";
  if (strlen(secret) > SECRET_MAX)
    return "it is longer than 4096 bytes";
  return g_utf8_validate(secret, -1, NULL) ? NULL : "it is not UTF-8 text";
}

static int
set(const CasaConfig *config, CasaSecretGroup group, const char *name)
{
  char line[SECRET_MAX + 2] = "";
  const char *what, *user;
  g_autoptr(GError) error = NULL;
  g_autofree char *server = casa_config_secret_place(config, group, &what, &user);
  if (group == CASA_SECRET_RECORD && !user)
    return cli_usage(&command, "whose password? set [record] user in pulse.conf");
  if (!server)
    return cli_usage(&command, "InfluxDB's address is not known; give it with --influx, or as [influx] url in pulse.conf");
  gboolean ok = read_quietly(line);
  line[strcspn(line, "\r\n")] = '\0';
  const char *fault = ok ? fault_of(line) : fault_of("");
  gboolean kept = !fault && casa_keyring_store(what, server, user, line, &error);
  explicit_bzero(line, sizeof line);
  if (fault)
    return cli_usage(&command, "%s", fault);
  if (!kept)
    return cli_fail(&command, error);
  g_printerr("casa secret: kept for %s%s%s; set %s = true in pulse.conf, [%s]\n", user ? user : "", user ? " at " : "", server,
             strcmp(what, CASA_KEYRING_INFLUX_TOKEN) == 0 ? "token_keyring" : "password_keyring", name);
  return CLI_OK;
}

int
cli_secret(int argc, char **argv)
{
  g_autoptr(CasaConfig) config = NULL;
  static const char *const names[] = { "broker", "record", "influx" }; /* as CasaSecretGroup */
  int status;
  if (!cli_parse(&command, NULL, &argc, &argv, &config, &status))
    return status;
  for (guint i = 0; argc == 3 && strcmp(argv[1], "set") == 0 && i < G_N_ELEMENTS(names); i++)
    if (strcmp(argv[2], names[i]) == 0)
      return set(config, (CasaSecretGroup)i, names[i]);
  return cli_usage(&command, "say \"casa secret set broker\", \"casa secret set record\" or \"casa secret set influx\"");
}
