/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/error.h"

#include <stdio.h>

G_BEGIN_DECLS

/* What every subcommand shares: the options that all of them have, exit statuses, and how errors are said. */

#define CLI_OK 0
#define CLI_FAILED 1
#define CLI_USAGE 2

typedef struct {
  const char *name;         /* "record" */
  const char *args;         /* "[FILE]…" after the options, or NULL */
  const char *summary;      /* one sentence */
  const char *details;      /* shown below the options: formats, examples */
  gboolean without_keyring; /* talks to no server: a locked keyring is no obstacle */
} CliCommand;

/* Parses @argv (argv[0] is the subcommand's name) with the common options and @own, and loads the configuration into
 * *@out unless @out is NULL. FALSE: *@status is the exit status and the message was printed. Arguments that are no
 * options stay in @argv. */
gboolean cli_parse(const CliCommand *command, const GOptionEntry *own, int *argc, char ***argv, CasaConfig **out, int *status);

/* "casa record: message" on stderr; returns the exit status that fits. */
int cli_fail(const CliCommand *command, const GError *error);
/* A wrong command line, on stderr; returns CLI_USAGE. */
int cli_usage(const CliCommand *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Data to stdout. FALSE: it takes no more, now or earlier, and there is no use in going on; cli_finish_stdout() says why. */
gboolean cli_write(const char *text, gsize len);

/* The exit status of a command that printed data. A full disk lost some of it: that is said, and the status tells. A
 * reader that went away had seen enough (casa export | head): @status stays, and nothing is said. */
int cli_finish_stdout(const CliCommand *command, int status);

/* The language of the environment (LC_ALL, LC_MESSAGES, LANG; LANGUAGE before them, but in the locale C): "fr", "ar", else
 * "en". Static. cli_said() is the one of three that it asks for; formats take the same arguments in the same order. */
const char *cli_language(void);
void cli_speak_english(void); /* From now on, whatever the environment says: for what programs read */
const char *cli_said(const char *english, const char *french, const char *arabic) G_GNUC_FORMAT(1) G_GNUC_FORMAT(2)
  G_GNUC_FORMAT(3);

/* Shortest text that reads back as the same double, whatever the locale. */
const char *cli_number(char buf[G_ASCII_DTOSTR_BUF_SIZE], double value);

/* The subcommands, a file each. @argv[0] is the subcommand's name; each returns the exit status. */
int cli_record(int argc, char **argv);     /* the pipeline without a screen */
int cli_check(int argc, char **argv);      /* what would be stored of a payload */
int cli_export(int argc, char **argv);     /* the store as text */
int cli_figures(int argc, char **argv);    /* what the city's figures are now */
int cli_indicators(int argc, char **argv); /* how the city stands beside what standards ask */
int cli_import(int argc, char **argv);     /* InfluxDB's history into the store */
int cli_doctor(int argc, char **argv);     /* whether all is well before the curtain */
int cli_backup(int argc, char **argv);     /* a copy of the store beside who writes it */
int cli_secret(int argc, char **argv);     /* secrets of the configuration in the keyring */
int cli_stage(int argc, char **argv);      /* the show, supervised; does not return when it begins */
int cli_team(int argc, char **argv);       /* users of teams on the running broker */

G_END_DECLS
