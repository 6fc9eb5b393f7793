/* SPDX-License-Identifier: Apache-2.0 */
#include "city/stories.h"
#include "base/error.h"
#include "city/city-files.h"
#include "city/indicators.h"
#include <glib/gstdio.h>
#include <string.h>

static CasaStories *
load_text(const char *text, GError **fault)
{
  g_autofree char *dir = g_dir_make_tmp("casa-stories-XXXXXX", NULL), *path = g_build_filename(dir, "stories.conf", NULL);
  CasaStories *self;

  if (text)
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
  self = casa_stories_load(dir, fault);
  g_unlink(path);
  g_rmdir(dir);
  return self;
}

static gboolean
is_known(const CasaIndicators *indicators, const char *figure)
{
  static const char *const words[] = { "place", "line",  "kind",   "since", "minutes",      "held",    "people",
                                       "less",  "heard", "behind", "hour",  "held-minutes", "unusual", NULL };
  static const char *const unusual[] = { "what", "place", "value", "usual", "since", "rarity", "with", "not", NULL };
  static const char *const aspects[] = { "change", "times", "day", "where", "more", "sum", "lacking", "basis", NULL };
  static const char *const tolls[] = { "passenger_min", "pm10_ugm3_h", "people", NULL };
  g_auto(GStrv) parts = g_strsplit(figure, ":", 2);

  if (g_str_equal(parts[0], "lost"))
    return parts[1] && g_strv_contains(tolls, parts[1]);
  if (g_str_equal(parts[0], "unusual") && parts[1])
    return g_strv_contains(unusual, parts[1]);
  if (!casa_indicators_find(indicators, parts[0]))
    return !parts[1] && g_strv_contains(words, parts[0]);
  return !parts[1] || g_strv_contains(aspects, parts[1]);
}

static void
assert_figures(const CasaIndicators *indicators, const char *text)
{
  for (const char *open = text; (open = strchr(open, '{')) != NULL; open++) {
    g_autofree char *name = g_strndup(open + 1, (gsize)(strchr(open, '}') - open - 1));
    if (!is_known(indicators, name))
      g_error("{%s} in \"%s\" is no figure", name, text);
  }
}

static void
assert_text(const CasaIndicators *indicators, const CasaText *text)
{
  assert_figures(indicators, text->fr);
  assert_figures(indicators, text->en);
  assert_figures(indicators, text->ar);
}

/* The shipped file is without a mistake, all of its figures are known, and no language was forgotten. */
static void
test_shipped(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaStories) stories = casa_stories_load(TEST_CONFIG_DIR, &error);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(TEST_CONFIG_DIR, NULL);

  g_assert_no_error(error);
  g_assert_cmpuint(casa_stories_n(stories), >=, 30);
  for (guint i = 0; i < casa_stories_n(stories); i++) {
    const CasaStoryRule *rule = casa_stories_get(stories, i);
    assert_text(indicators, &rule->text);
    g_assert_cmpstr(rule->text.fr, !=, rule->text.en);
    g_assert_cmpstr(rule->text.fr, !=, rule->text.ar);
    for (guint t = 0; t < rule->terms->len; t++)
      g_assert_true(is_known(indicators, g_array_index(rule->terms, CasaStoryTerm, t).figure));
    if (rule->of)
      g_assert_cmpstr(casa_stories_event(stories, rule->of)->kind, ==, rule->of);
    if (i > 0)
      g_assert_cmpuint(rule->weight, <=, casa_stories_get(stories, i - 1)->weight);
  }
}

/* Every event that a scenario can bring, and all that the wall notices, is told in words of its own; any other still is
 * told. */
static void
test_kinds(void)
{
  static const char *const kinds[] = { "power-cut",
                                       "tram-incident",
                                       "chergui",
                                       "rain",
                                       "derby-night",
                                       "car-free-day",
                                       "pipe-burst",
                                       "overflow",
                                       CASA_NOTICED_DARK,
                                       CASA_NOTICED_LINE_STANDS,
                                       CASA_NOTICED_LINK_LOST,
                                       CASA_NOTICED_SILENCE };
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaStories) stories = load_text(NULL, &error);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(TEST_CONFIG_DIR, NULL);

  g_assert_no_error(error);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    const CasaEventWords *words = casa_stories_event(stories, kinds[i]);
    g_assert_cmpstr(words->kind, ==, kinds[i]);
    assert_text(indicators, &words->title);
    assert_text(indicators, &words->what);
    for (guint f = 0; f < CASA_EVENT_FIGURES; f++)
      if (words->figures[f])
        g_assert_true(is_known(indicators, words->figures[f]));
    if (words->domain)
      g_assert_nonnull(casa_indicators_domain(indicators, words->domain));
  }
  g_assert_cmpstr(casa_stories_event(stories, "marathon")->kind, ==, "other");
}

/* Whatever is wrong in it is told with its place, and the built-in words stand in. */
static void
test_mistakes(void)
{
  static const struct {
    const char *text, *complaint;
  } cases[] = {
    { "[story a]\nweight = 5\n", "text_fr is missing" },
    { "[story a]\ntext_fr = {load\n", "brace" },
    { "[story a]\ntext_fr = a\nwhen = load about 5\n", "stories.conf:3: [story a] when" },
    { "[story a]\ntext_fr = a\nwhen = load >= five\n", "FIGURE OPERATOR NUMBER" },
    { "[story a]\ntext_fr = a\nweight = 200\n", "weight" },
    { "[story a]\ntext_fr = a\ncolour = red\n", "colour" },
    { "[event a]\ntitle_fr = a\nwhat_fr = b\nsign = star\n", "star" },
    { "[event a]\ntitle_fr = a\nwhat_fr = b\nfigure1 = load\n", "figure1_fr is missing" },
    { "[tale a]\ntext_fr = a\n", "[tale a]" },
    { "what is this", "stories.conf:1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) fault = NULL;
    g_autoptr(CasaStories) stories = load_text(cases[i].text, &fault);
    g_assert_nonnull(fault);
    if (!strstr(fault->message, cases[i].complaint))
      g_error("\"%s\" does not say \"%s\"", fault->message, cases[i].complaint);
    g_assert_cmpuint(casa_stories_n(stories), >=, 30);
  }
}

static void
test_terms(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaStories) stories = load_text("[story a]\ntext_fr = a\nwhen = load:times >= 2; hour < 5\n", &error);

  g_assert_no_error(error);
  const GArray *terms = casa_stories_get(stories, 0)->terms;
  g_assert_cmpuint(terms->len, ==, 2);
  g_assert_cmpstr(g_array_index(terms, CasaStoryTerm, 0).figure, ==, "load:times");
  g_assert_cmpint(g_array_index(terms, CasaStoryTerm, 0).operator, ==, CASA_AT_LEAST);
  g_assert_cmpfloat(g_array_index(terms, CasaStoryTerm, 0).bound, ==, 2);
  g_assert_cmpint(g_array_index(terms, CasaStoryTerm, 1).operator, ==, CASA_BELOW);
}

static void
write_stories(const char *path, const char *text)
{
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Saved while the city is shown: what was shown before still stands where somebody points to it, and a mistake changes
 * nothing. */
static void
test_read_again(void)
{
  g_autofree char *dir = g_dir_make_tmp("casa-stories-XXXXXX", NULL), *path = g_build_filename(dir, "stories.conf", NULL);
  CasaCity *city = g_new0(CasaCity, 1);

  write_stories(path, "[story a]\ntext_fr = un\n");
  g_assert_true(casa_city_read_again(city, dir, CASA_CITY_STORIES));
  const CasaStoryRule *first = casa_stories_get(city->stories, 0);
  write_stories(path, "[story b]\ntext_fr = deux\n");
  g_assert_true(casa_city_read_again(city, dir, CASA_CITY_STORIES));
  g_assert_cmpstr(first->id, ==, "a");
  g_assert_cmpstr(casa_stories_get(city->stories, 0)->id, ==, "b");
  g_assert_null(casa_city_fault(city));

  write_stories(path, "[story c]\ntext_fr = trois\nweight = heavy\n");
  g_assert_false(casa_city_read_again(city, dir, CASA_CITY_STORIES));
  const char *file, *key;
  guint line;
  g_assert_true(casa_error_get_place(casa_city_fault(city), &file, &line, &key));
  g_assert_cmpstr(file, ==, "stories.conf");
  g_assert_cmpuint(line, ==, 3);
  g_assert_cmpstr(key, ==, "weight");
  g_assert_cmpstr(casa_stories_get(city->stories, 0)->id, ==, "b");
  for (guint i = 0; i < CASA_N_CITY_FILES; i++) /* without a file of its own: what is built in */
    g_assert_cmpint(casa_city_read_again(city, dir, i), ==, i != CASA_CITY_STORIES);
  g_assert_true(city->palette && city->sources);
  casa_city_free(city);
  g_unlink(path);
  g_rmdir(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/city/stories/shipped", test_shipped);
  g_test_add_func("/city/stories/kinds", test_kinds);
  g_test_add_func("/city/stories/mistakes", test_mistakes);
  g_test_add_func("/city/stories/terms", test_terms);
  g_test_add_func("/city/stories/read-again", test_read_again);
  return g_test_run();
}
