/* SPDX-License-Identifier: Apache-2.0 */
#include "city/map-sources.h"
#include <glib/gstdio.h>
#include <math.h>

static CasaMapSources *
load_text(const char *text, GError **fault)
{
  g_autofree char *dir = g_dir_make_tmp("casa-map-XXXXXX", NULL), *path = g_build_filename(dir, "map.conf", NULL);
  CasaMapSources *self;

  if (text != NULL)
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
  self = casa_map_sources_load(dir, fault);
  g_unlink(path);
  g_rmdir(dir);
  return self;
}

static void
assert_shipped(const CasaMapSources *sources)
{
  g_assert_cmpstr(casa_map_sources_get(sources, CASA_MAP_OF_RAIN)->event, ==, "rain");
  for (guint i = 0; i < CASA_N_MAP_SOURCES; i++) {
    if (i == CASA_MAP_OF_RAIN)
      continue;
    g_assert_nonnull(casa_map_sources_get(sources, i)->kind);
    g_assert_nonnull(casa_map_sources_get(sources, i)->metric);
  }
  g_assert_cmpfloat(casa_map_sources_get(sources, CASA_MAP_OF_FIELD)->limit, ==, 45);
  g_assert_true(isnan(casa_map_sources_get(sources, CASA_MAP_OF_DISTRICTS)->limit));
}

/* The file of the configuration is without a mistake, and every layer is in it. */
static void
test_shipped(void)
{
  g_autoptr(GError) fault = NULL;
  g_autoptr(CasaMapSources) sources = casa_map_sources_load(TEST_CONFIG_DIR, &fault);
  g_autoptr(CasaMapSources) missing = load_text(NULL, &fault);

  g_assert_no_error(fault);
  assert_shipped(sources);
  assert_shipped(missing);
}

/* Whatever is wrong in it is told with its line, and costs no layer. */
static void
test_mistakes(void)
{
  static const struct {
    const char *text, *complaint;
  } cases[] = {
    { "[districts]\nkind = pump\n", "map.conf:1: [districts] metric" },
    { "[boats]\nkind = ship\nmetric = knots\n", "[boats]" },
    { "[roads]\nkind = road\nmetric = speed_kmh\nfree = slow\n", "map.conf:4" },
    { "[field]\nkind = air\nmetric = pm10\nmin = 5\nmax = 2\n", "above min" },
    { "[field]\nkind = air\nmetric = pm10\nwhat = 5\n", "what" },
    { "[rain]\nkind = weather\nmetric = rain\n", "event" },
    { "what is this", "map.conf:1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) fault = NULL;
    g_autoptr(CasaMapSources) sources = load_text(cases[i].text, &fault);

    g_assert_nonnull(fault);
    g_assert_nonnull(strstr(fault->message, cases[i].complaint));
    assert_shipped(sources);
  }
}

/* One that leaves layers out draws none of them. */
static void
test_own_file(void)
{
  g_autoptr(GError) fault = NULL;
  g_autoptr(CasaMapSources) sources =
    load_text("[districts]\nkind = pump\nmetric = level_pct\nmax = 100\ntitle_fr = Eau\n", &fault);
  const CasaMapSource *districts = casa_map_sources_get(sources, CASA_MAP_OF_DISTRICTS);

  g_assert_no_error(fault);
  g_assert_cmpstr(districts->metric, ==, "level_pct");
  g_assert_cmpstr(casa_text_in(&districts->title, "ar"), ==, "Eau");
  g_assert_false(districts->per_km2);
  g_assert_null(casa_map_sources_get(sources, CASA_MAP_OF_LAMPS)->kind);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map-sources/shipped", test_shipped);
  g_test_add_func("/map-sources/mistakes", test_mistakes);
  g_test_add_func("/map-sources/own-file", test_own_file);
  return g_test_run();
}
