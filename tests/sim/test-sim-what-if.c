/* SPDX-License-Identifier: Apache-2.0 */
/* Two futures of one city: they differ by what was asked and by nothing else, and each shipped future does what it says. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "casa-build.h"
#include "town.h"
#include "what-if.h"

#define CONFIG CASA_SOURCE_ROOT "/config"
#define CUT "{\"event\":\"power-cut\",\"place\":\"maarif\",\"intensity\":0.9,\"minutes\":60}"

typedef struct {
  Town town;
  CasaSimQuestion question;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  town_load(&f->town);
  town_build(&f->town, 4, 0);
  const gint64 t_ms = town_utc(2026, 11, 26, 20);
  f->question = (CasaSimQuestion){ .city = f->town.city,
                                   .scenario = f->town.scenario,
                                   .seed = 4,
                                   .config_dir = CONFIG,
                                   .from_ms = t_ms - TOWN_HOUR_MS,
                                   .start_ms = t_ms,
                                   .to_ms = t_ms + 2 * TOWN_HOUR_MS,
                                   .step_ms = 5 * TOWN_MINUTE_MS };
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  town_free(&f->town);
}

/* (transfer full) */
static char *
ask(const Fixture *f, const char *what, const char *figures)
{
  CasaSimQuestion question = f->question;
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  question.what = what;
  question.figures = figures;
  g_assert_true(casa_sim_what_if(&question, out, &error));
  g_assert_no_error(error);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Field @column of the line of @side at @t_ms about @figure; NAN: there is none. */
static double
value_of(const char *text, const char *side, gint64 t_ms, const char *figure, guint column)
{
  g_autofree char *begin = g_strdup_printf("%s\t%" G_GINT64_FORMAT "\t%s\t", side, t_ms, figure);
  const char *line = strstr(text, begin);
  if (!line)
    return NAN;
  g_auto(GStrv) fields = g_strsplit(line, "\t", 10);
  return g_ascii_strtod(fields[column], NULL);
}

static double
cost_of(const char *text, const char *name, guint column)
{
  g_autofree char *begin = g_strdup_printf("cost\t%s\t", name);
  const char *line = strstr(text, begin);
  if (!line)
    return NAN;
  g_auto(GStrv) fields = g_strsplit(line, "\t", 4);
  return fields[column] ? g_ascii_strtod(fields[column], NULL) : NAN;
}

#define SUM 4
#define MEAN 5

static void
test_cut(Fixture *f, gconstpointer data)
{
  g_autofree char *text = ask(f, CUT, "substation/load_mw"), *again = ask(f, CUT, "substation/load_mw");
  const CasaSimQuestion *q = &f->question;
  for (gint64 t = q->from_ms; t <= q->start_ms; t += q->step_ms)
    g_assert_cmpfloat(value_of(text, "with", t, "substation/load_mw", SUM), ==,
                      value_of(text, "without", t, "substation/load_mw", SUM));
  const gint64 dark_ms = q->start_ms + 30 * TOWN_MINUTE_MS;
  const double with = value_of(text, "with", dark_ms, "substation/load_mw", SUM),
               without = value_of(text, "without", dark_ms, "substation/load_mw", SUM);
  g_assert_cmpfloat(with, <, without - 30);
  g_assert_cmpfloat_with_epsilon(without, town_sum(&f->town, "sub-", "load_mw", dark_ms), 0.02);
  g_assert_cmpfloat(cost_of(text, "passenger_min", 2), >, 10000);
  g_assert_null(strstr(text, "road/"));
  g_assert_cmpstr(text, ==, again);
}

static void
test_futures(Fixture *f, gconstpointer data)
{
  f->question.from_ms = f->question.start_ms = town_utc(2026, 11, 26, 4);
  f->question.to_ms = f->question.start_ms + 20 * TOWN_HOUR_MS;
  f->question.step_ms = TOWN_HOUR_MS;
  const gint64 noon_ms = town_utc(2026, 11, 26, 12), night_ms = town_utc(2026, 11, 26, 21);
  g_autofree char *led = ask(f, "future-led", "lighting/lighting_mw");
  g_assert_cmpfloat_with_epsilon(value_of(led, "with", night_ms, "lighting/lighting_mw", SUM),
                                 0.42 * value_of(led, "without", night_ms, "lighting/lighting_mw", SUM), 0.05);
  g_autofree char *solar = ask(f, "future-solar", "solar/solar_mw,substation/load_mw");
  g_assert_cmpfloat_with_epsilon(value_of(solar, "with", noon_ms, "solar/solar_mw", SUM),
                                 10 * value_of(solar, "without", noon_ms, "solar/solar_mw", SUM), 0.5);
  g_assert_cmpfloat(value_of(solar, "with", noon_ms, "substation/load_mw", SUM), ==,
                    value_of(solar, "without", noon_ms, "substation/load_mw", SUM));
  g_autofree char *trams = ask(f, "future-trams", "vehicle/delay_s");
  g_assert_cmpfloat(cost_of(trams, "waiting_min", 2), <, -100000);
  g_assert_true(isnan(cost_of(trams, "passenger_min", 2)));
  g_autofree char *car_free = ask(f, "future-car-free", "air/no2");
  g_assert_cmpfloat(value_of(car_free, "with", noon_ms, "air/no2", MEAN), <,
                    0.95 * value_of(car_free, "without", noon_ms, "air/no2", MEAN));
  g_assert_cmpfloat(cost_of(car_free, "pm10_ugm3_h", 2), <, 0);
  g_assert_cmpfloat(cost_of(car_free, "pm10_ugm3_h", 3), >, 100000);
}

/* An event and its place in one word are the command they stand for. */
static void
test_short(Fixture *f, gconstpointer data)
{
  const char *shorts[] = { "power-cut-maarif", "tram-incident-t1", "derby-night-stade-mohammed-v" },
             *commands[] = { "{\"event\":\"power-cut\",\"place\":\"maarif\"}", "{\"event\":\"tram-incident\",\"place\":\"t1\"}",
                             "{\"event\":\"derby-night\",\"place\":\"stade-mohammed-v\"}" };
  for (guint i = 0; i < G_N_ELEMENTS(shorts); i++) {
    g_autofree char *text = ask(f, shorts[i], "substation/load_mw"), *same = ask(f, commands[i], "substation/load_mw");
    g_assert_cmpstr(text, ==, same);
  }
}

/* What the city is told to be besides is kept. */
static void
test_presumed_besides(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSimScenario) heat = casa_sim_scenario_load(CONFIG, "heatwave", &error);
  g_assert_no_error(error);
  g_autoptr(CasaSimScenario) future = casa_sim_scenario_load(CONFIG, "future-led", &error);
  g_assert_no_error(error);
  g_autoptr(CasaSimScenario) both = casa_sim_scenario_with(heat, future);
  g_assert_cmpfloat(both->temp_offset_c, ==, heat->temp_offset_c);
  g_assert_cmpfloat(both->cloud, ==, heat->cloud);
  g_assert_cmpfloat(both->lighting, ==, 0.42);
  g_autoptr(CasaSimScenario) calendar = casa_sim_scenario_new();
  g_autoptr(CasaSimScenario) with = casa_sim_scenario_with(calendar, future);
  g_assert_true(with->climate); /* the same rain in both */
}

static void
refuse(const Fixture *f, const char *what, const char *figures, const char *word)
{
  CasaSimQuestion question = f->question;
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  question.what = what;
  question.figures = figures;
  g_assert_false(casa_sim_what_if(&question, out, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, word));
  g_assert_cmpuint(out->len, ==, 0);
}

static void
test_refused(Fixture *f, gconstpointer data)
{
  refuse(f, "{\"event\":\"flood\"}", NULL, "power-cut");
  refuse(f, "{\"event\":\"power-cut\",\"place\":\"paris\"}", NULL, "maarif");
  refuse(f, "no-such-day", NULL, "future-led");
  refuse(f, "power-cut-paris", NULL, "maarif");
  refuse(f, "rain-of-mine.conf", NULL, "rain-of-mine.conf");
  refuse(f, CUT, "lantern/light", "substation/load_mw");
  f->question.step_ms = 1000;
  refuse(f, CUT, NULL, "--backfill-step");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/sim/what-if/cut", Fixture, NULL, set_up, test_cut, tear_down);
  g_test_add("/sim/what-if/short", Fixture, NULL, set_up, test_short, tear_down);
  g_test_add("/sim/what-if/futures", Fixture, NULL, set_up, test_futures, tear_down);
  g_test_add_func("/sim/what-if/presumed-besides", test_presumed_besides);
  g_test_add("/sim/what-if/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run();
}
