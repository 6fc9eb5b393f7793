/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The supervisor is a script, installed as casa-demo; beside the source it is called demo, and told which build to use. */
#define INSTALLED "casa-demo"
#define SOURCE_NAME "demo"

static const CliCommand command = {
  .name = "stage",
  .args = "[OPTION…]",
  .summary = "The show: wall, simulator and broker behind a curtain, brought back when one of them ends.",
  .without_keyring = TRUE,
};

/* Beside this program, or where programs are found; NULL: it is not installed. *@out_build (transfer full): the build folder,
 * when it is that of a source tree; NULL: it is installed. (transfer full) */
static char *
find_supervisor(char **out_build)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *dir = self ? g_path_get_dirname(self) : g_strdup(".");
  g_autofree char *build = g_path_get_dirname(dir), *source = g_path_get_dirname(build);
  g_autofree char *beside = g_build_filename(dir, INSTALLED, NULL), *script = g_build_filename(source, SOURCE_NAME, NULL);
  g_autofree char *wall = g_build_filename(build, "ui", "casa-pulse", NULL);
  *out_build = NULL;
  if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer(&beside);
  if (g_file_test(script, G_FILE_TEST_IS_EXECUTABLE) && g_file_test(wall, G_FILE_TEST_IS_EXECUTABLE)) {
    *out_build = g_steal_pointer(&build);
    return g_steal_pointer(&script);
  }
  return g_find_program_in_path(INSTALLED);
}

static void
print_help(void)
{
  g_print("Usage:\n  casa stage [OPTION…]\n\n%s\n\nOptions:\n"
          "  -h, --help             Show this help\n"
          "  --talk=FILE            Show the scenes of this file, or of a shipped talk\n"
          "  --presenter            Open the presenter's window too\n"
          "  --dir=DIR              Keep the store, configuration and logs in this folder\n\n"
          "and all others of casa-demo, which it starts with --stage: man casa-demo.\n",
          command.summary);
}

int
cli_stage(int argc, char **argv)
{
  g_autofree char *build = NULL;
  g_autofree char *path = find_supervisor(&build);
  g_autoptr(GPtrArray) args = g_ptr_array_new();
  if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
    print_help();
    return CLI_OK;
  }
  if (!path)
    return cli_usage(&command, "there is no " INSTALLED " beside this program, nor in PATH; install the package casa-pulse");
  g_ptr_array_add(args, path);
  if (build) {
    g_ptr_array_add(args, (char *)"--build");
    g_ptr_array_add(args, build);
  }
  g_ptr_array_add(args, (char *)"--stage");
  for (int i = 1; i < argc; i++)
    g_ptr_array_add(args, argv[i]);
  g_ptr_array_add(args, NULL);
  execv(path, (char **)args->pdata);
  g_printerr("casa stage: %s: %s\n", path, g_strerror(errno));
  return CLI_FAILED;
}
