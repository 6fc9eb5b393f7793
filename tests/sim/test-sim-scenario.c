/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>

#include "base/error.h"
#include "casa-build.h"
#include "scenario.h"

static CasaSimScenario *load_text(const char *text, GError **error) {
  g_autofree char *dir = g_dir_make_tmp("casa-sim-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename(dir, "scenarios", NULL);
  g_autofree char *path = g_build_filename(folder, "x.conf", NULL);
  g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  CasaSimScenario *out = casa_sim_scenario_load(dir, "x", error);
  g_unlink(path);
  g_rmdir(folder);
  g_rmdir(dir);
  return out;
}

static void refuse(const char *text, const char *line, const char *word) {
  g_autoptr(GError) error = NULL;
  g_assert_null(load_text(text, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, line));
  g_assert_nonnull(strstr(error->message, word));
}

static void test_good(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSimScenario) s =
    load_text("[scenario]\ntitle=T\nday=saturday\nramadan=true\n[weather]\ntemperature_offset_c=4.5\n[traffic]\nfactor=0.5\n", &error);
  g_assert_no_error(error);
  g_assert_cmpint(s->day_kind, ==, CASA_SIM_SATURDAY);
  g_assert_cmpint(s->ramadan, ==, 1);
  g_assert_cmpfloat(s->temp_offset_c, ==, 4.5);
  g_assert_cmpfloat(s->traffic_factor, ==, 0.5);
  g_assert_cmpfloat(s->cloud, <, 0);
}

static void test_bad_says_where(void) {
  refuse("[scenario]\nday=monday\n", ":2:", "monday");
  refuse("[scenario]\ntitle=x\n[wether]\n", ":3:", "wether");
  refuse("[weather]\ncloud=7\n", ":2:", "cloud");
  refuse("[traffic]\n\nfacter=1\n", ":3:", "facter");
}

static void test_missing_lists_what_there_is(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_sim_scenario_load(CASA_SOURCE_ROOT "/config", "../pulse", &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "weekday"));
}

static void test_shipped(void) {
  g_autoptr(GDir) dir = g_dir_open(CASA_SOURCE_ROOT "/config/scenarios", 0, NULL);
  const char *entry;
  guint n = 0;
  g_assert_nonnull(dir);
  while ((entry = g_dir_read_name(dir))) {
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strndup(entry, strlen(entry) - strlen(".conf"));
    g_autoptr(CasaSimScenario) s = casa_sim_scenario_load(CASA_SOURCE_ROOT "/config", name, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(s->title, !=, "");
    n++;
  }
  g_assert_cmpuint(n, >=, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/scenario/good", test_good);
  g_test_add_func("/sim/scenario/bad-says-where", test_bad_says_where);
  g_test_add_func("/sim/scenario/missing-lists-what-there-is", test_missing_lists_what_there_is);
  g_test_add_func("/sim/scenario/shipped", test_shipped);
  return g_test_run();
}
