/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/keyfile.h"
#include "fuzz.h"

#include <math.h>

static void
read_group(const CasaKeyfile *file, const char *group)
{
  static const char *const keys[] = { "n", "list", "time", "on", NULL };
  double number = 0;
  guint whole = 0;
  gint64 ms = 0;
  gboolean on = FALSE;
  GError *error = NULL;
  gboolean ok = casa_keyfile_get_double(file, group, "n", -1e9, 1e9, &number, &error);
  g_assert_true(isfinite(number) && fabs(number) <= 1e9);
  fuzz_check_error(ok, g_steal_pointer(&error));
  ok = casa_keyfile_get_uint(file, group, "n", 0, 1000, &whole, &error);
  g_assert_cmpuint(whole, <=, 1000);
  fuzz_check_error(ok, g_steal_pointer(&error));
  ok = casa_keyfile_get_duration(file, group, "time", 0, 1000000, &ms, &error);
  g_assert_true(ms >= 0 && ms <= 1000000);
  fuzz_check_error(ok, g_steal_pointer(&error));
  ok = casa_keyfile_get_bool(file, group, "on", &on, &error);
  fuzz_check_error(ok, g_steal_pointer(&error));
  ok = casa_keyfile_check_keys(file, group, keys, &error);
  fuzz_check_error(ok, error);
  g_auto(GStrv) list = casa_keyfile_get_list(file, group, "list");
  for (guint i = 0; list && list[i]; i++)
    g_assert_true(*list[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  g_autoptr(CasaKeyfile) file = casa_keyfile_parse((const char *)data, size, "seed.conf", &error);
  fuzz_check_error(file != NULL, error);
  if (!file)
    return 0;
  const char *const *groups = casa_keyfile_groups(file);
  for (guint i = 0; groups[i]; i++) {
    g_assert_true(casa_keyfile_has_group(file, groups[i]));
    read_group(file, groups[i]);
  }
  return 0;
}
