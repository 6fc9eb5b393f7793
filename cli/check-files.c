/* SPDX-License-Identifier: Apache-2.0 */
#include "check-files.h"

#include "city/indicators.h"

#include <string.h>
#include <sys/wait.h>

/* What the screen is made of is known by casa-pulse alone; it reads scenes without a display. */
#define PULSE "casa-pulse"

static int
check_indicators(const CliCommand *command, const CasaConfig *config, const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaIndicators) set = casa_indicators_load_file(path, config->dir, &error);
  if (!set)
    return cli_fail(command, error);
  guint n_domains;
  const CasaCityDomain *const *domains = casa_indicators_domains(set, &n_domains);
  g_autoptr(GString) out = g_string_new(NULL);
  g_string_printf(
    out,
    cli_said("%s: right; %u indicators; domains:", "%s : juste ; %u indicateurs ; domaines :", "%s: صحيح؛ %u مؤشرًا؛ المجالات:"),
    path, casa_indicators_n(set));
  for (guint i = 0; i < n_domains; i++)
    g_string_append_printf(out, "%s %s", i ? "," : "", domains[i]->id);
  g_string_append_c(out, '\n');
  cli_write(out->str, out->len);
  return CLI_OK;
}

/* Beside this program, where it is built, or where programs are found. (transfer full) */
static char *
find_pulse(void)
{
  static const char *const beside[] = { PULSE, "../ui/" PULSE };
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *dir = self ? g_path_get_dirname(self) : NULL;
  for (guint i = 0; dir && i < G_N_ELEMENTS(beside); i++) {
    g_autofree char *path = g_build_filename(dir, beside[i], NULL);
    if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer(&path);
  }
  return g_find_program_in_path(PULSE);
}

static int
check_scenes(const CliCommand *command, const CasaConfig *config, const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *pulse = find_pulse();
  if (!pulse) {
    g_printerr("casa %s: --scenes needs " PULSE ", which is not installed here\n", command->name);
    return CLI_FAILED;
  }
  const char *const argv[] = { pulse, "--config", config->dir, "--check-scenes", path, NULL };
  int wait_status;
  if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &wait_status, &error)) {
    g_printerr("casa %s: %s\n", command->name, error->message);
    return CLI_FAILED;
  }
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : CLI_FAILED;
}

int
cli_check_files(const CliCommand *command, const CasaConfig *config, const char *indicators, const char *scenes)
{
  int status = indicators ? check_indicators(command, config, indicators) : CLI_OK;
  int other = scenes ? check_scenes(command, config, scenes) : CLI_OK;
  return MAX(status, other);
}
