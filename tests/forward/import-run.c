/* SPDX-License-Identifier: Apache-2.0 */
#include "import-run.h"

#include "process.h"

#include <string.h>

const char *
import_program(void)
{
  const char *program = g_getenv("CASA_PROGRAM");

  if (!program)
    g_error("CASA_PROGRAM is not set: run it by meson test");
  return program;
}

void
import_run_clear(ImportRun *self)
{
  g_free(self->out);
  g_free(self->err);
}

ImportRun
import_run(const char *dir, const char *store, const char *url, const char *const *more)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  const char *fixed[] = { import_program(), "import", "--config", dir, "--store", store, "--from-influx", url };
  ImportRun run;

  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
    g_ptr_array_add(argv, (gpointer)fixed[i]);
  for (; more && *more; more++)
    g_ptr_array_add(argv, (gpointer)*more);
  g_ptr_array_add(argv, NULL);
  run.status = test_run((const char *const *)argv->pdata, NULL, &run.out, &run.err);
  return run;
}

void
import_assert_count(const ImportRun *run, const char *key, guint64 n)
{
  g_autofree char *wanted = g_strdup_printf("\"%s\":%" G_GUINT64_FORMAT, key, n);
  const char *at = strstr(run->out, wanted);

  if (!at || g_ascii_isdigit(at[strlen(wanted)]))
    g_error("not %s in %s%s", wanted, run->out, run->err);
}

void
import_assert_says(const ImportRun *run, const char *words)
{
  if (!strstr(run->err, words))
    g_error("\"%s\" does not say \"%s\"", run->err, words);
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
export_sorted(const char *store, guint *n)
{
  const char *argv[] = { import_program(), "export", "--store", store, "--format", "lp", NULL };
  g_autofree char *out = NULL, *err = NULL;

  if (test_run(argv, NULL, &out, &err) != 0)
    g_error("casa export: %s", err);
  g_auto(GStrv) lines = g_strsplit(g_strchomp(out), "\n", -1);
  *n = g_strv_length(lines);
  qsort(lines, *n, sizeof *lines, compare_lines);
  return g_strjoinv("\n", lines);
}
