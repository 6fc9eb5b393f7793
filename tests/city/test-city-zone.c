/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of the wall on machines with other zone data: each case is a process of its own, as they are read once. */
#include <glib/gstdio.h>

#include "city/city-zone.h"

#define MAY_2026 G_GINT64_CONSTANT(1779385327120)      /* 2026-05-21T17:42:07Z */
#define BEFORE_CHANGE G_GINT64_CONSTANT(1789865999000) /* 2026-09-20T00:59:59Z */
#define CHANGE G_GINT64_CONSTANT(1789866000000)
#define NOVEMBER_2026 G_GINT64_CONSTANT(1795305600000) /* 2026-11-22 */

static int
hour(gint64 t_ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(t_ms / 1000);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, casa_city_zone(t_ms));
  return g_date_time_get_hour(local);
}

static void
check_hours(void)
{
  g_assert_cmpint(hour(MAY_2026), ==, 18);
  g_assert_cmpint(hour(BEFORE_CHANGE), ==, 1);
  g_assert_cmpint(hour(CHANGE), ==, 1);
  g_assert_cmpint(hour(NOVEMBER_2026), ==, 0);
}

/* Runs this test again in a process whose zone data are those in the folder @data. */
static void
again_with(const char *data)
{
  g_setenv("TZDIR", data, TRUE);
  g_test_trap_subprocess(NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed();
  g_unsetenv("TZDIR");
}

static void
test_machine(void)
{
  check_hours();
}

static void
test_missing(void)
{
  if (g_test_subprocess()) {
    g_assert_cmpint(casa_city_zone_data(), ==, CASA_ZONE_DATA_MISSING);
    check_hours();
    return;
  }
  again_with("/nonexistent");
}

/* Zone data as RFC 8536 lays them out, version 1, with one offset for all times: what they knew of Morocco's before. */
static void
write_zone(const char *path, gint8 hours)
{
  gint32 offset = GINT32_TO_BE(hours * 3600);
  g_autoptr(GByteArray) file = g_byte_array_new();
  static const guint8 head[] = { 'T', 'Z', 'i', 'f', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                 0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4 };
  static const guint8 tail[] = { 0, 0, '+', '0', '1', 0 };
  g_byte_array_append(file, head, sizeof head);
  g_byte_array_append(file, (const guint8 *)&offset, sizeof offset);
  g_byte_array_append(file, tail, sizeof tail);
  g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
}

static void
test_outdated(void)
{
  if (g_test_subprocess()) {
    g_assert_cmpint(casa_city_zone_data(), ==, CASA_ZONE_DATA_OUTDATED);
    check_hours();
    return;
  }
  g_autofree char *folder = g_dir_make_tmp("casa-zone-XXXXXX", NULL);
  g_autofree char *africa = g_build_filename(folder, "Africa", NULL);
  g_autofree char *path = g_build_filename(africa, "Casablanca", NULL);
  g_assert_cmpint(g_mkdir(africa, 0700), ==, 0);
  write_zone(path, 1);
  again_with(folder);
  g_unlink(path);
  g_rmdir(africa);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/city/zone/machine", test_machine);
  g_test_add_func("/city/zone/missing", test_missing);
  g_test_add_func("/city/zone/outdated", test_outdated);
  return g_test_run();
}
