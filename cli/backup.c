/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <signal.h>
#include <unistd.h>

#include "store/reader.h"

static const CliCommand command = {
  .name = "backup",
  .args = "FILE",
  .summary = "Copies the store into FILE while a wall or a recorder goes on writing it.",
  .details =
    "FILE is whole or not there: until all is on the disk it is called FILE.part. It is one file, without -wal and -shm,\n"
    "of a single moment, with no free space in it; copy it anywhere, also to a disk that cannot be written. To go back,\n"
    "end the program, put the file in the place of the store, and take the store's -wal and -shm away.\n\n"
    "Examples:\n  casa backup monday.db\n  casa export --store monday.db --from now-1h",
  .without_keyring = TRUE,
};

typedef struct {
  gboolean terminal;
  gint64 shown_us;
} Screen;

static volatile sig_atomic_t broken_off;

static void
on_signal_cb(int number)
{
  broken_off = number;
}

/* On a terminal, and only there: one line that is written over. */
static gboolean
progress_cb(gint64 done, gint64 all, gpointer data)
{
  Screen *screen = data;
  gint64 now_us = g_get_monotonic_time();
  if (screen->terminal && now_us - screen->shown_us > G_USEC_PER_SEC / 4) {
    screen->shown_us = now_us;
    g_printerr("\rcasa backup: %.1f of some %.1f MB\033[K", (double)done / 1e6, (double)all / 1e6);
  }
  return !broken_off;
}

int
cli_backup(int argc, char **argv)
{
  g_autoptr(CasaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  int status;
  if (!cli_parse(&command, NULL, &argc, &argv, &config, &status))
    return status;
  if (argc != 2)
    return cli_usage(&command, argc < 2 ? "into which file?" : "one file, please");
  Screen screen = { .terminal = isatty(STDERR_FILENO) };
  struct sigaction action = { .sa_handler = on_signal_cb };
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, &error);
  gboolean ok = reader && casa_reader_backup(reader, argv[1], progress_cb, &screen, &error);
  if (screen.shown_us)
    g_printerr("\r\033[K");
  if (!ok)
    return cli_fail(&command, error);
  g_printerr("casa backup: %s is a copy of %s\n", argv[1], config->store_path);
  return CLI_OK;
}
