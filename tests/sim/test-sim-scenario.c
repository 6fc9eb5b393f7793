/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>

#include "base/error.h"
#include "casa-build.h"
#include "events/scenario.h"

static CasaSimScenario *
load_text(const char *text, GError **error)
{
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

static void
refuse(const char *text, const char *line, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(load_text(text, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, line));
  g_assert_nonnull(strstr(error->message, word));
}

static void
test_good(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSimScenario) s = load_text(
    "[scenario]\ntitle=T\nday=saturday\nramadan=true\nschool_holiday=false\n[weather]\ntemperature_offset_c=4.5\nclimate=true\n[traffic]\nfactor=0.5\n",
    &error);
  g_assert_no_error(error);
  g_assert_cmpint(s->day_kind, ==, CASA_SIM_SATURDAY);
  g_assert_cmpint(s->ramadan, ==, 1);
  g_assert_cmpint(s->school_holiday, ==, 0);
  g_assert_cmpfloat(s->temp_offset_c, ==, 4.5);
  g_assert_cmpfloat(s->traffic_factor, ==, 0.5);
  g_assert_cmpfloat(s->cloud, <, 0);
  g_assert_true(s->climate);
}

static void
test_bad_says_where(void)
{
  refuse("[scenario]\nday=monday\n", ":2:", "monday");
  refuse("[scenario]\ntitle=x\n[wether]\n", ":3:", "wether");
  refuse("[scenario]\nramadan=maybe\n", ":2:", "ramadan");
  refuse("[scenario]\nday=auto\nschool_holiday=3 weeks\n", ":3:", "school_holiday");
  refuse("[weather]\ncloud=7\n", ":2:", "cloud");
  refuse("[traffic]\n\nfacter=1\n", ":3:", "facter");
}

#define EVENT "[event a]\nevent=power-cut\nat=20:15\nplace=anfa\n"

static void
test_events(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  g_autoptr(CasaSimScenario) s =
    load_text(EVENT "minutes=10\nintensity=0.5\nramp=2\n[event b]\nevent=rain\nat=06:00\n", &error);
  g_assert_no_error(error);
  g_assert_true(casa_sim_scenario_settle(s, city, &error));
  g_assert_cmpuint(s->events->len, ==, 2);
  const CasaSimEvent *e = &g_array_index(s->events, CasaSimEvent, 0);
  g_assert_cmpint(e->kind, ==, CASA_SIM_POWER_CUT);
  g_assert_cmpstr(e->district, ==, "anfa");
  g_assert_cmpint(e->start_ms, ==, (20 * 60 + 15) * 60000);
  g_assert_cmpint(e->duration_ms, ==, 600000);
  g_assert_cmpint(e->ramp_ms, ==, 120000);
  g_autoptr(CasaSimScenario) open_streets =
    load_text("[event a]\nevent=car-free-day\nat=09:00\n[event b]\nevent=car-free-day\nat=09:00\nplace=anfa\n", &error);
  g_assert_no_error(error);
  g_assert_true(casa_sim_scenario_settle(open_streets, city, &error));
  g_assert_null(g_array_index(open_streets->events, CasaSimEvent, 0).district);
  g_assert_cmpstr(g_array_index(open_streets->events, CasaSimEvent, 1).district, ==, "anfa");
  refuse("[event a]\nevent=flood\nat=20:15\n", ":2:", "tram-incident");
  refuse("[event a]\nevent=rain\nat=24:00\n", ":3:", "17:30");
  refuse("[event a]\nevent=rain\nat=7\n", ":3:", "17:30");
  refuse("[event a]\nevent=rain\n", ":1:", "17:30");
  refuse(EVENT "minutes=0\n", ":5:", "minutes");
  refuse(EVENT "intensity=2\n", ":5:", "intensity");
  refuse(EVENT "minutes=10\nramp=6\n", ":6:", "ramp");
  refuse(EVENT "strength=1\n", ":5:", "strength");
  g_autoptr(CasaSimScenario) lost = load_text("[event a]\nevent=power-cut\nat=20:15\nplace=atlantis\n", &error);
  g_assert_no_error(error);
  g_assert_false(casa_sim_scenario_settle(lost, city, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, ":4:"));
  g_assert_nonnull(strstr(error->message, "ain-sebaa"));
}

/* A file anywhere, by its path. */
static void
test_by_path(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("casa-scenario-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "storm.conf", NULL), *absent = g_build_filename(dir, "calm.conf", NULL);
  g_assert_true(g_file_set_contents(path, "[scenario]\ntitle = Tempête\n[event one]\nevent = rain\nat = 10:00\n", -1, NULL));
  g_autoptr(CasaSimScenario) s = casa_sim_scenario_load("/no/such/folder", path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(s->name, ==, "storm");
  g_assert_cmpuint(s->events->len, ==, 1);
  g_assert_null(casa_sim_scenario_load(CASA_SOURCE_ROOT "/config", absent, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, absent));
  g_assert_nonnull(strstr(error->message, "weekday"));
  g_remove(path);
  g_rmdir(dir);
}

static void
test_missing_lists_what_there_is(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_sim_scenario_load(CASA_SOURCE_ROOT "/config", "../pulse", &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "weekday"));
}

static void
test_shipped(void)
{
  g_autoptr(GDir) dir = g_dir_open(CASA_SOURCE_ROOT "/config/scenarios", 0, NULL);
  const char *entry;
  g_autoptr(GError) city_error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &city_error);
  guint n = 0;
  g_assert_no_error(city_error);
  g_assert_nonnull(dir);
  while ((entry = g_dir_read_name(dir))) {
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strndup(entry, strlen(entry) - strlen(".conf"));
    g_autoptr(CasaSimScenario) s = casa_sim_scenario_load(CASA_SOURCE_ROOT "/config", name, &error);
    g_assert_no_error(error);
    g_assert_true(casa_sim_scenario_settle(s, city, &error));
    g_assert_cmpstr(s->title, !=, "");
    n++;
  }
  g_assert_cmpuint(n, >=, 10);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/scenario/good", test_good);
  g_test_add_func("/sim/scenario/bad-says-where", test_bad_says_where);
  g_test_add_func("/sim/scenario/events", test_events);
  g_test_add_func("/sim/scenario/by-path", test_by_path);
  g_test_add_func("/sim/scenario/missing-lists-what-there-is", test_missing_lists_what_there_is);
  g_test_add_func("/sim/scenario/shipped", test_shipped);
  return g_test_run();
}
