/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "service.h"

#include "casa-build.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *what;
} Subcommand;

static const Subcommand subcommands[] = {
  { "record", cli_record, "subscribe and store, without a screen" },
  { "check", cli_check, "say what would be stored of a payload, or how to mend it" },
  { "export", cli_export, "print stored series as CSV, JSON lines or line protocol" },
  { "figures", cli_figures, "print what the city's figures are now, or tell Home Assistant" },
  { "indicators", cli_indicators, "print what standards ask of the city, and how it stands" },
  { "import", cli_import, "read history back from InfluxDB into the store" },
  { "backup", cli_backup, "copy the store while it is written" },
  { "doctor", cli_doctor, "check everything before the curtain rises" },
  { "secret", cli_secret, "keep a password or token in the keyring" },
  { "stage", cli_stage, "the show: wall, simulator and broker behind a curtain, brought back when one ends" },
  { "team", cli_team, "make and remove the users of hackathon teams, live" },
};

static void
print_help(FILE *out)
{
  fprintf(out, "Usage: casa COMMAND [OPTION…]\n\nCasa Pulse on the command line.\n\nCommands:\n");
  for (guint i = 0; i < G_N_ELEMENTS(subcommands); i++)
    fprintf(out, "  %-10s %s\n", subcommands[i].name, subcommands[i].what);
  fprintf(out, "\n\"casa COMMAND --help\" explains each. \"casa --version\" shows the version.\n"
               "Exit status: 0 done, 1 the work failed, 2 wrong usage or configuration.\n");
}

/* One line on stderr: local time and words; the journal has its own time, and fields beside the words. stdout belongs to the
 * data. */
static GLogWriterOutput
write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (level > G_LOG_LEVEL_MESSAGE && !g_getenv("G_MESSAGES_DEBUG"))
    return G_LOG_WRITER_HANDLED;
  if (cli_service_has_journal())
    return g_log_writer_journald(level, fields, n_fields, NULL);
  for (gsize i = 0; i < n_fields; i++) {
    if (strcmp(fields[i].key, "MESSAGE") != 0)
      continue;
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
    int len = fields[i].length < 0 ? -1 : (int)fields[i].length;
    fprintf(stderr, "casa: %s %.*s\n", time, len, (const char *)fields[i].value);
  }
  return G_LOG_WRITER_HANDLED;
}

/* A standard stream that the caller closed would be the next file that is opened: the store, say. So they are taken, in
 * the wrong direction: writing to a closed stdout stays an error. */
static void
keep_streams(void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
      _exit(CLI_FAILED);
}

/* As they are, in UTF-8: glib's own way makes question marks of what a locale that is not installed does not have. */
static void
print_cb(const char *text)
{
  fputs(text, stdout);
  fflush(stdout);
}

static void
printerr_cb(const char *text)
{
  fputs(text, stderr);
}

int
main(int argc, char **argv)
{
  g_set_print_handler(print_cb);
  g_set_printerr_handler(printerr_cb);
  keep_streams();
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file size limit must be an error of write(), not the end */
  g_log_set_writer_func(write_log, NULL, NULL);
  if (argc < 2) {
    print_help(stderr);
    return CLI_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
    print_help(stdout);
    return CLI_OK;
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("casa %s\n", CASA_VERSION);
    return CLI_OK;
  }
  for (guint i = 0; i < G_N_ELEMENTS(subcommands); i++)
    if (strcmp(argv[1], subcommands[i].name) == 0)
      return subcommands[i].run(argc - 1, argv + 1);
  g_printerr("casa: there is no command \"%s\"; the commands are:", argv[1]);
  for (guint i = 0; i < G_N_ELEMENTS(subcommands); i++)
    g_printerr(" %s", subcommands[i].name);
  g_printerr("\n");
  return CLI_USAGE;
}
