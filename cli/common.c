/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "casa-build.h"

#include <errno.h>
#include <stdarg.h>

/* Set by GOption, then owned here until the process ends. */
static struct {
  char *config, *broker, *store, *influx;
  gboolean version;
} common;

static const GOptionEntry common_entries[] = {
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &common.config,
    "Folder of pulse.conf, metrics.conf and casablanca/, or a file as pulse.conf", "DIR|FILE" },
  { "broker", 'b', 0, G_OPTION_ARG_STRING, &common.broker, "MQTT broker: mqtt://[user@]host:port or mqtts://…", "URL" },
  { "store", 's', 0, G_OPTION_ARG_FILENAME, &common.store, "Database file", "PATH" },
  { "influx", 0, 0, G_OPTION_ARG_STRING, &common.influx, "InfluxDB to copy to: http://host:8086/?db=casa", "URL" },
  { "version", 0, 0, G_OPTION_ARG_NONE, &common.version, "Show the version and end", NULL },
  G_OPTION_ENTRY_NULL,
};

int
cli_fail(const CliCommand *command, const GError *error)
{
  g_printerr("casa %s: %s\n", command->name, error->message);
  return casa_error_exit_status(error);
}

int
cli_usage(const CliCommand *command, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_printerr(cli_said("casa %s: %s\nTry \"casa %s --help\".\n", "casa %s : %s\nEssayez « casa %s --help ».\n",
                      "casa %s: %s\nجرّبوا «casa %s --help».\n"),
             command->name, text, command->name);
  return CLI_USAGE;
}

static gboolean
load_config(const CliCommand *command, CasaConfig **out, int *status)
{
  g_autoptr(GError) error = NULL;
  CasaConfigOverrides overrides = { common.config, common.broker, common.store, common.influx,
                                    .without_keyring = command->without_keyring };
  *out = casa_config_load(&overrides, &error);
  if (*out)
    return TRUE;
  *status = cli_fail(command, error);
  return FALSE;
}

gboolean
cli_parse(const CliCommand *command, const GOptionEntry *own, int *argc, char ***argv, CasaConfig **out, int *status)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new(command->args);
  g_autofree char *program = g_strdup_printf("casa %s", command->name);
  g_set_prgname(program);
  g_option_context_set_summary(context, command->summary);
  g_option_context_set_description(context, command->details);
  if (own)
    g_option_context_add_main_entries(context, own, NULL);
  g_option_context_add_main_entries(context, common_entries, NULL);
  if (!g_option_context_parse(context, argc, argv, &error)) {
    *status = cli_usage(command, "%s", error->message);
    return FALSE;
  }
  if (common.version) {
    g_print("casa %s\n", CASA_VERSION);
    *status = CLI_OK;
    return FALSE;
  }
  return !out || load_config(command, out, status);
}

/* errno of the first write to stdout that failed; by the end errno itself may tell of something else. */
static int stdout_error;

gboolean
cli_write(const char *text, gsize len)
{
  if (stdout_error)
    return FALSE;
  errno = 0;
  if (fwrite(text, 1, len, stdout) == len)
    return TRUE;
  stdout_error = errno ? errno : EIO;
  return FALSE;
}

int
cli_finish_stdout(const CliCommand *command, int status)
{
  if (!stdout_error && (fflush(stdout) != 0 || ferror(stdout)))
    stdout_error = errno ? errno : EIO;
  if (!stdout_error || stdout_error == EPIPE) /* who reads it (head, less) has seen enough */
    return status;
  g_printerr("casa %s: cannot write to standard output: %s\n", command->name, g_strerror(stdout_error));
  return CLI_FAILED;
}

const char *
cli_number(char buf[G_ASCII_DTOSTR_BUF_SIZE], double value)
{
  g_ascii_formatd(buf, G_ASCII_DTOSTR_BUF_SIZE, "%.15g", value);
  if (g_ascii_strtod(buf, NULL) != value)
    g_ascii_formatd(buf, G_ASCII_DTOSTR_BUF_SIZE, "%.17g", value);
  return buf;
}
