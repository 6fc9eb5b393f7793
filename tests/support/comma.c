/* SPDX-License-Identifier: Apache-2.0 */
#include "comma.h"

#include "process.h"

#include <locale.h>
#include <string.h>

#define NAME "fr_FR.UTF-8"

const char *
test_comma_locale(const char *dir)
{
  g_autofree char *program = g_find_program_in_path("localedef");
  g_autofree char *to = g_build_filename(dir, NAME, NULL);
  const char *argv[] = { program, "--no-archive", "-i", "fr_FR", "-f", "UTF-8", to, NULL };
  if (!program || test_run(argv, NULL, NULL, NULL) != 0)
    return NULL;
  g_setenv("LOCPATH", dir, TRUE);
  /* What is not French after all would let every test pass. */
  g_assert_nonnull(setlocale(LC_NUMERIC, NAME));
  g_assert_cmpstr(localeconv()->decimal_point, ==, ",");
  setlocale(LC_NUMERIC, "C");
  return NAME;
}
