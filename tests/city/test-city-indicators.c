/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "city/indicators.h"
#include "city/stories.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static const char METRICS[] = "[domains]\ndeclared=air;water\n[level_pct]\ndomain=water\nunit=%\nname_fr=Niveau\n[pm10]\n"
                              "domain=air\nunit=µg/m³\n";

/* A folder with the small metrics.conf and @indicators (NULL: without the file). (transfer full) */
static char *
folder(const char *indicators)
{
  char *dir = g_dir_make_tmp("casa-indicators-XXXXXX", NULL);
  g_autofree char *metrics = g_build_filename(dir, "metrics.conf", NULL);
  g_autofree char *path = g_build_filename(dir, "indicators.conf", NULL);

  g_assert_true(g_file_set_contents(metrics, METRICS, -1, NULL));
  if (indicators)
    g_assert_true(g_file_set_contents(path, indicators, -1, NULL));
  return dir;
}

static void
remove_folder(const char *dir)
{
  static const char *const names[] = { "metrics.conf", "indicators.conf" };

  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(dir, names[i], NULL);
    g_unlink(path);
  }
  g_rmdir(dir);
}

/* Puts @text into domains/@name of @dir. */
static void
add_domain(const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(dir, "domains", name, NULL), *domains = g_path_get_dirname(path);

  g_assert_cmpint(g_mkdir_with_parents(domains, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_domain(const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename(dir, "domains", name, NULL), *domains = g_path_get_dirname(path);

  g_unlink(path);
  g_rmdir(domains);
}

/* Whatever the file says, what it speaks of is there and every text stands in three languages. */
static void
shipped(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaIndicators) set = casa_indicators_load(TEST_CONFIG_DIR, &error);
  guint n;

  g_assert_no_error(error);
  const CasaCityDomain *const *domains = casa_indicators_domains(set, &n);
  g_assert_cmpuint(n, >, 0);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpstr(domains[i]->name.ar, !=, domains[i]->name.fr);
    g_assert_nonnull(domains[i]->headline);
    g_assert_true(g_array_index(domains[i]->curves, CasaDomainCurve, 0).indicator == domains[i]->headline);
  }
  for (guint i = 0; i < casa_indicators_n(set); i++) {
    const CasaIndicator *indicator = casa_indicators_get(set, i);
    g_assert_cmpuint(indicator->index, ==, i);
    g_assert_true(casa_indicators_find(set, indicator->id) == indicator);
    if (indicator->scale && (!indicator->scale->reference || !*indicator->scale->reference))
      g_error("the scale of [indicator %s] needs a reference: who says so", indicator->id);
  }
  g_assert_null(casa_indicators_get(set, casa_indicators_n(set)));
  g_assert_null(casa_indicators_find(set, NULL));
}

/* What `kind` says decides; a prefix is a hint where nothing was said; a team's words are its own. */
static void
kinds(void)
{
  g_autoptr(CasaIndicators) set = casa_indicators_load(TEST_CONFIG_DIR, NULL);
  const char *city = casa_indicators_city(set);
  const CasaStationKind *vehicle = casa_indicators_kind(set, city, "veh-t1-014", NULL);

  g_assert_cmpstr(vehicle->id, ==, "vehicle");
  g_assert_true(vehicle->moves);
  g_assert_true(casa_indicators_kind(set, city, "7c1", "vehicle") == vehicle);
  g_assert_cmpstr(casa_indicators_kind(set, city, "veh-t1-014", "air")->id, ==, "air");
  g_assert_null(casa_indicators_kind(set, city, "veh-t1-014", "hovercraft"));
  g_assert_null(casa_indicators_kind(set, city, "kit-1", NULL));
  g_assert_null(casa_indicators_kind(set, "equipe-7", "veh-t1-014", NULL));
  g_assert_null(casa_indicators_kind(set, "equipe-7", "veh-t1-014", "vehicle"));

  g_autofree char *line = casa_station_kind_line(vehicle, "veh-t1-014");
  g_assert_cmpstr(line, ==, "t1");
  g_assert_null(casa_station_kind_line(vehicle, "veh-t1"));
  g_assert_null(casa_station_kind_line(vehicle, "7c1"));
  g_assert_null(casa_station_kind_line(NULL, "veh-t1-014"));
}

static void
takes(void)
{
  g_autoptr(CasaIndicators) set = casa_indicators_load(TEST_CONFIG_DIR, NULL);
  const char *city = casa_indicators_city(set);
  const CasaIndicator *speed = casa_indicators_find(set, "speed"), *teams = casa_indicators_find(set, "teams");

  g_assert_true(casa_indicator_takes(set, speed, city, speed->domain, "road"));
  g_assert_false(casa_indicator_takes(set, speed, city, speed->domain, "vehicle"));
  g_assert_false(casa_indicator_takes(set, speed, city, speed->domain, NULL));
  g_assert_false(casa_indicator_takes(set, speed, city, "other", "road"));
  g_assert_false(casa_indicator_takes(set, speed, "equipe-7", speed->domain, "road"));
  g_assert_true(casa_indicator_takes(set, teams, "equipe-7", "anything", NULL));
  g_assert_false(casa_indicator_takes(set, teams, city, "anything", "road"));
}

static void
classes(void)
{
  g_autoptr(CasaIndicators) set = casa_indicators_load(TEST_CONFIG_DIR, NULL);
  const CasaScale *scale = casa_indicators_find(set, "pm10")->scale;

  g_assert_cmpuint(casa_scale_class(scale, 0, 0), ==, 0);
  g_assert_cmpuint(casa_scale_class(scale, 45, 0), ==, 1);
  g_assert_cmpuint(casa_scale_class(scale, 45.4, 0), ==, 1); /* written as 45 */
  g_assert_cmpuint(casa_scale_class(scale, 45.6, 0), ==, 2);
  g_assert_cmpuint(casa_scale_class(scale, 9999, 0), ==, 5);
  g_assert_cmpuint(casa_scale_class(scale, -3, 0), ==, 0);
  g_assert_cmpuint(casa_scale_class(scale, NAN, 0), ==, G_MAXUINT);
}

/* A domain of one's own: what is not said has a sound answer. */
static void
defaults(void)
{
  g_autofree char *dir = folder("[own]\nsource=ville\n[indicator level]\nmetric=level_pct\nname_en=Level\n"
                                "[domain water]\nname_fr=Eau\nheadline=level\n");
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaIndicators) set = casa_indicators_load(dir, &error);

  g_assert_no_error(error);
  const CasaIndicator *level = casa_indicators_find(set, "level");
  const CasaCityDomain *water = casa_indicators_domain(set, "water");
  g_assert_cmpstr(casa_indicators_city(set), ==, "ville");
  g_assert_cmpint(level->fold, ==, CASA_STATIONS_MEAN);
  g_assert_cmpstr(level->domain, ==, "water");
  g_assert_cmpstr(casa_text_in(&level->name, "fr"), ==, "Niveau");
  g_assert_cmpstr(casa_text_in(&level->name, "en"), ==, "Level");
  g_assert_cmpstr(casa_text_in(&level->unit, "ar"), ==, "%");
  g_assert_cmpstr(casa_text_in(&water->name, "ar"), ==, "Eau");
  g_assert_cmpuint(water->curves->len, ==, 1);
  g_assert_cmpuint(casa_city_domain_colours(water, "light")->first, !=, casa_city_domain_colours(water, "dark")->first);
  remove_folder(dir);
}

/* The place can be asked for, so that nobody reads it out of the message. */
static void
assert_place(const GError *error, const char *message)
{
  const char *file, *key;
  guint line;

  g_assert_true(casa_error_get_place(error, &file, &line, &key));
  g_autofree char *place = g_strdup_printf("%s:%u: ", file, line);
  g_assert_true(g_str_has_prefix(message, place) || !g_str_has_prefix(message, "indicators.conf"));
  g_assert_true(!key || strstr(message, key));
}

/* Each mistake is told with file, line and key. */
static void
complaints(void)
{
  static const char head[] = "[own]\nsource=city\n[kind air]\n[scale s]\nfrom=0;5\nwords_fr=bon;mauvais\naveraging=1h\n"
                             "[indicator pm]\nmetric=pm10\nkinds=air\nover=1h\nscale=s\n"; /* 12 lines */
  static const struct {
    const char *rest, *message;
  } cases[] = {
    { "[pm10]\n", "indicators.conf:13: [pm10]: unknown group" },
    { "[kind Air]\n", "indicators.conf:13: [kind Air]: the name is 1 to 64 of" },
    { "[kind b]\nmove=true\n", "indicators.conf:14: [kind b] move: unknown key" },
    { "[scale t]\nfrom=0;5;4\nwords_fr=a;b;c\n", "indicators.conf:14: [scale t] from: 4 is not above" },
    { "[scale t]\nfrom=0\n", "indicators.conf:14: [scale t] from: two to 6" },
    { "[scale t]\nfrom=0;1\nwords_fr=a\n", "indicators.conf:15: [scale t] words_fr: 1 words for 2 classes" },
    { "[limit l]\nvalue=4\n", "indicators.conf:13: [limit l] name_fr: missing" },
    { "[limit l]\nname_fr=x\n", "indicators.conf:13: [limit l] value: missing" },
    { "[indicator a]\n", "indicators.conf:13: [indicator a] metric: missing" },
    { "[indicator a]\nmetric=pm1\n", "indicators.conf:14: [indicator a] metric: no [pm1] in metrics.conf" },
    { "[indicator a]\nmetric=pm10\ndomain=sky\n", "indicators.conf:15: [indicator a] domain: \"sky\" is not declared" },
    { "[indicator a]\nmetric=pm10\nkinds=tree\n", "indicators.conf:15: [indicator a] kinds: no [kind tree]" },
    { "[indicator a]\nmetric=pm10\nstations=most\n",
      "indicators.conf:15: [indicator a] stations: \"most\" is none of: mean, sum" },
    { "[indicator a]\nmetric=pm10\nscale=s\n", "indicators.conf:15: [indicator a] scale: s is made for another mean" },
    { "[indicator a]\nmetric=pm10\nscale=t\n", "indicators.conf:15: [indicator a] scale: no [scale t]" },
    { "[indicator a]\nmetric=pm10\nsay=class\n", "indicators.conf:15: [indicator a] say: there is no class without" },
    { "[indicator a]\nmetric=pm10\nlimits=who\n", "indicators.conf:15: [indicator a] limits: no [limit who]" },
    { "[indicator a]\nmetric=pm10\nstations=share\n", "indicators.conf:15: [indicator a] stations: a share has one bound" },
    { "[indicator a]\nmetric=pm10\nabove=3\n", "indicators.conf:15: [indicator a] above: a share has one bound" },
    { "[indicator a]\nstations=ratio\npart=pm\n", "indicators.conf:13: [indicator a] whole: missing" },
    { "[indicator a]\nstations=ratio\npart=pm\nwhole=a\n", "indicators.conf:16: [indicator a] whole: a is made of others" },
    { "[indicator a]\nstations=index\n", "indicators.conf:14: [indicator a] stations: an index has parts" },
    { "[indicator a]\nmetric=pm10\nover=1h\nforecast=true\n", "indicators.conf:16: [indicator a] forecast: only a mean" },
    { "[indicator a]\nstations=count\nforecast=true\n", "indicators.conf:15: [indicator a] forecast: only a mean" },
    { "[indicator a]\nmetric=pm10\noff_below=1\n", "indicators.conf:13: [indicator a] off_fr: missing" },
    { "[indicator a]\nmetric=pm10\ncolour=red\n", "indicators.conf:15: [indicator a] colour: unknown key" },
    { "[domain sky]\n", "indicators.conf:13: [domain sky]: \"sky\" is not declared in metrics.conf" },
    { "[domain air]\ndark=red\n", "indicators.conf:14: [domain air] dark: \"red\" is not one colour or two" },
    { "[domain air]\nheadline=no\n", "indicators.conf:14: [domain air] headline: no [indicator no]" },
    { "[domain air]\ncurves=pm bold\n", "indicators.conf:14: [domain air] curves: \"bold\" is none of: second" },
    { "[indicator b]\nmetric=pm10\n[domain air]\nheadline=pm\ncurves=b\n", "curves: the headline pm is not among them" },
    { "[indicator b]\nmetric=pm10\n[domain air]\nfield=b\n", "[domain air] field: b has no scale" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(head, cases[i].rest, NULL), *dir = folder(text);
    g_assert_null(casa_indicators_load(dir, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].message));
    assert_place(error, cases[i].message);
    remove_folder(dir);
  }
}

#define OWN "[own]\nsource=city\n"
#define TREES                                                                                                                  \
  "[canopy_pct]\ndomain=trees\nunit=%\n[domain trees]\nname_fr=Arbres\nheadline=canopy\nkinds=tree\n"                          \
  "[indicator canopy]\nmetric=canopy_pct\n[event heat-stress]\ntitle_fr=Les arbres ont soif\nwhat_fr=Soif\n"

/* A domain that no other file knows, in one file: its metric, its kind of station, its figure, its event. */
static void
own_domain(void)
{
  g_autofree char *dir = folder(OWN);
  g_autoptr(GError) error = NULL;

  add_domain(dir, "trees.conf", TREES);
  add_domain(dir, "notes.txt", "no configuration");
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(dir, &error);
  g_assert_no_error(error);
  g_assert_true(casa_metrics_has_domain(metrics, "trees"));
  g_assert_cmpstr(casa_metrics_find(metrics, "canopy_pct", strlen("canopy_pct"))->domain, ==, "trees");
  g_assert_cmpstr(casa_metrics_domain_of_kind(metrics, "tree"), ==, "trees");
  g_assert_cmpstr(casa_metrics_domain_of_kind(metrics, "trees"), ==, "trees");
  g_autoptr(CasaIndicators) set = casa_indicators_load(dir, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(casa_text_in(&casa_indicators_domain(set, "trees")->name, "fr"), ==, "Arbres");
  g_assert_cmpstr(casa_indicators_domain(set, "trees")->headline->id, ==, "canopy");
  CasaStories *stories = casa_stories_load(dir, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(casa_stories_event(stories, "heat-stress")->kind, ==, "heat-stress");
  g_assert_cmpstr(casa_stories_event(stories, "power-cut")->kind, ==, "power-cut"); /* those of stories.conf are still there */
  casa_stories_free(stories);
  remove_domain(dir, "notes.txt");
  remove_domain(dir, "trees.conf");
  remove_folder(dir);
}

/* A mistake is told in the file of the domain, by its line. */
static void
own_domain_complaints(void)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
    { "[parachute]\nitself=yes\n", "trees.conf:1: [parachute]: does not belong into the file of a domain" },
    { "[wall paper]\n", "trees.conf:1: [wall paper]: does not belong" },
    { "[canopy_pct]\ndomain=tries\n[domain trees]\n", "trees.conf:2: [canopy_pct] domain: \"tries\" is not declared" },
    { "[domain Trees]\n", "trees.conf:1: [domain Trees]: \"Trees\" is not made of" },
    { "[domain trees]\nkinds=air\n", "trees.conf:2: [domain trees] kinds: \"air\" already tells air" },
    { "[domain trees]\nheadline=shade\n", "trees.conf:2: [domain trees] headline:" },
    { "[pm10]\ndomain=air\n", "trees.conf:1: [pm10]: stands in " },
    { "[tree_n]\ndomain=air\naliases=pm10\n", "trees.conf:3: [tree_n] aliases: \"pm10\" already stands for pm10" },
    { "[domain trees]\nname_fr Arbres\n", "trees.conf:2: neither" },
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = folder(OWN);
    add_domain(dir, "trees.conf", cases[i].text);
    g_assert_null(casa_indicators_load(dir, &error));
    if (!strstr(error->message, cases[i].says))
      g_error("\"%s\" does not say \"%s\"", error->message, cases[i].says);
    remove_domain(dir, "trees.conf");
    remove_folder(dir);
  }
}

/* A wall always has something to show, and says what is wrong. */
static void
fallback(void)
{
  g_autoptr(GError) error = NULL, missing = NULL, strange = NULL;
  g_autofree char *dir = folder(NULL), *wrong = folder("[own]\nsource=city\n[domain sky]\n");

  g_autoptr(CasaIndicators) none = casa_indicators_load_or_shipped(dir, &missing);
  g_assert_error(missing, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_cmpuint(casa_indicators_n(none), ==, 0); /* its metrics are not those of the shipped file */
  g_autoptr(CasaIndicators) some = casa_indicators_load_or_shipped(wrong, &strange);
  g_assert_nonnull(some);
  g_assert_nonnull(strstr(strange->message, "indicators.conf:3"));
  remove_folder(wrong);
  remove_folder(dir);

  g_autofree char *kept = folder(NULL), *path = g_build_filename(kept, "metrics.conf", NULL), *metrics = NULL;
  g_assert_true(g_file_get_contents(TEST_CONFIG_DIR "/metrics.conf", &metrics, NULL, NULL));
  g_assert_true(g_file_set_contents(path, metrics, -1, NULL));
  g_autoptr(CasaIndicators) built_in = casa_indicators_load_or_shipped(kept, &error);
  g_assert_no_error(error); /* an organiser's folder need not have one */
  g_autoptr(CasaIndicators) file = casa_indicators_load(TEST_CONFIG_DIR, NULL);
  g_assert_cmpuint(casa_indicators_n(built_in), ==, casa_indicators_n(file));
  remove_folder(kept);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/city/indicators/shipped", shipped);
  g_test_add_func("/city/indicators/kinds", kinds);
  g_test_add_func("/city/indicators/takes", takes);
  g_test_add_func("/city/indicators/classes", classes);
  g_test_add_func("/city/indicators/defaults", defaults);
  g_test_add_func("/city/indicators/complaints", complaints);
  g_test_add_func("/city/indicators/own-domain", own_domain);
  g_test_add_func("/city/indicators/own-domain-complaints", own_domain_complaints);
  g_test_add_func("/city/indicators/fallback", fallback);
  return g_test_run();
}
