/* SPDX-License-Identifier: Apache-2.0 */
/* The city without its events, beside it: byte for byte what it would have been, told only while and where it differs, and what
 * the difference costs. */
#include <math.h>
#include <string.h>

#include "control.h"
#include "stations/toll.h"
#include "stations/twin.h"
#include "town.h"

#define SEED 4

/* Keeps the messages, newest first per topic. */
typedef struct {
  CasaSimSink sink;
  GHashTable *last; /* topic → payload */
  guint n;
} Heard;

typedef struct {
  Town usual, town;
  Heard heard;
  CasaSimTwin *twin;
  gint64 evening_ms;
} Fixture;

static gboolean
hear(CasaSimSink *sink, const char *topic, const GString *payload, guint n_values)
{
  Heard *heard = (Heard *)sink;
  g_hash_table_insert(heard->last, g_strdup(topic), g_strdup(payload->str));
  heard->n++;
  return TRUE;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  town_load(&f->usual);
  town_load(&f->town);
  f->usual.scenario->climate = f->town.scenario->climate = FALSE;
  town_build(&f->usual, SEED, 0);
  town_build(&f->town, SEED, 0);
  f->heard = (Heard){ .sink.send = hear, .last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
  f->twin = casa_sim_twin_new(f->town.world, &f->heard.sink);
  f->evening_ms = town_utc(2026, 5, 19, 18);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_sim_twin_free(f->twin);
  g_hash_table_unref(f->heard.last);
  town_free(&f->usual);
  town_free(&f->town);
}

static void
happen(Fixture *f, gint64 t_ms, const char *text)
{
  g_autoptr(GString) reply = g_string_new(NULL);
  casa_sim_control(f->town.model, text, t_ms, reply);
  g_assert_true(g_str_has_prefix(reply->str, "{\"ok\":true"));
}

/* All stations report at @t_ms, as they do in a run. */
static void
report_all(Fixture *f, gint64 t_ms, guint faults)
{
  casa_sim_world_set_faults(f->town.world, faults);
  casa_sim_world_set_time(f->town.world, t_ms);
  g_assert_true(casa_sim_twin_set_time(f->twin, t_ms, faults));
  for (guint i = 0; i < casa_sim_world_size(f->town.world); i++)
    g_assert_true(casa_sim_twin_say(f->twin, i, t_ms - 10000));
}

/* Number of stations that say something else in @a than in @b. */
static guint
n_different(CasaSimWorld *a, CasaSimWorld *b, gint64 t_ms)
{
  g_autoptr(GString) x = g_string_new(NULL), y = g_string_new(NULL);
  guint n = 0;
  g_assert_cmpuint(casa_sim_world_size(a), ==, casa_sim_world_size(b));
  casa_sim_world_set_time(a, t_ms);
  casa_sim_world_set_time(b, t_ms);
  for (guint i = 0; i < casa_sim_world_size(a); i++) {
    casa_sim_world_report(a, i, t_ms - 10000, x);
    casa_sim_world_report(b, i, t_ms - 10000, y);
    n += !g_string_equal(x, y);
  }
  return n;
}

/* Whatever happens, the twin is the city to which nothing happens: every station, every byte, before, within and after. */
static void
test_equals_usual(Fixture *f, gconstpointer data)
{
  const char *command = data;
  happen(f, f->evening_ms, command);
  for (guint minutes = 1; minutes <= 75; minutes += 37) {
    const gint64 t_ms = f->evening_ms + minutes * TOWN_MINUTE_MS;
    report_all(f, t_ms, CASA_SIM_CLEAN);
    g_assert_nonnull(casa_sim_twin_world(f->twin));
    g_assert_cmpuint(n_different(casa_sim_twin_world(f->twin), f->usual.world, t_ms), ==, 0);
    g_assert_cmpuint(n_different(casa_sim_twin_world(f->twin), f->town.world, t_ms), >, 0);
  }
}

/* Without events nothing is told; with one, before it begins and an hour after it has ended. */
static void
test_costs_nothing_idle(Fixture *f, gconstpointer data)
{
  report_all(f, f->evening_ms, CASA_SIM_CLEAN);
  g_assert_null(casa_sim_twin_world(f->twin));
  happen(f, f->evening_ms + 30 * TOWN_MINUTE_MS, "{\"event\":\"power-cut\",\"place\":\"anfa\",\"minutes\":5}");
  report_all(f, f->evening_ms + 29 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_assert_cmpuint(f->heard.n, ==, 0);
  report_all(f, f->evening_ms + 31 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_assert_cmpuint(f->heard.n, >, 1);
  f->heard.n = 0;
  report_all(f, f->evening_ms + 96 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_assert_null(casa_sim_twin_world(f->twin));
  g_assert_cmpuint(f->heard.n, ==, 0);
}

/* Stations that an event does not touch are not told of, also where every reading has a noise of its own. */
static void
test_same_is_not_told(Fixture *f, gconstpointer data)
{
  const guint faults = GPOINTER_TO_UINT(data);
  happen(f, f->evening_ms, "{\"event\":\"power-cut\",\"place\":\"anfa\",\"minutes\":5,\"intensity\":0.7}");
  const gint64 t_ms = f->evening_ms + 2 * TOWN_MINUTE_MS;
  report_all(f, t_ms, faults);
  GHashTableIter iter;
  gpointer topic;
  guint elsewhere = 0;
  g_hash_table_iter_init(&iter, f->heard.last);
  while (g_hash_table_iter_next(&iter, &topic, NULL)) {
    g_assert_true(g_str_has_prefix(topic, "casa/v1/city/$twin"));
    elsewhere += strstr(topic, "/wx-") != NULL;
  }
  g_assert_cmpuint(elsewhere, ==, 0); /* a cut does not change the weather */
  g_assert_nonnull(g_hash_table_lookup(f->heard.last, "casa/v1/city/$twin"));
  g_assert_nonnull(g_hash_table_lookup(f->heard.last, "casa/v1/city/$twin/energy/sub-anfa"));
}

static double
number_in(const char *payload, const char *name)
{
  g_autofree char *key = g_strdup_printf("\"%s\":", name);
  const char *at = payload ? strstr(payload, key) : NULL;
  return at ? g_ascii_strtod(at + strlen(key), NULL) : NAN;
}

/* The dark district's substation would carry what it does in the usual city. */
static void
test_says_what_would_be(Fixture *f, gconstpointer data)
{
  const gint64 t_ms = f->evening_ms + 5 * TOWN_MINUTE_MS;
  happen(f, f->evening_ms, "{\"event\":\"power-cut\",\"place\":\"anfa\",\"minutes\":30,\"intensity\":1}");
  report_all(f, t_ms, CASA_SIM_CLEAN);
  const char *said = g_hash_table_lookup(f->heard.last, "casa/v1/city/$twin/energy/sub-anfa");
  g_assert_cmpfloat(number_in(said, "load_mw"), ==, town_value(&f->usual, "sub-anfa", "load_mw", t_ms));
  g_assert_cmpfloat(town_value(&f->town, "sub-anfa", "load_mw", t_ms), <, 0.1 * number_in(said, "load_mw"));
}

static double
told(Fixture *f, const char *name)
{
  return number_in(g_hash_table_lookup(f->heard.last, "casa/v1/city/$twin"), name);
}

/* A line that stands costs its passengers time, the more the longer; told step by step or at once, the sum is the same. */
static void
test_passenger_minutes(Fixture *f, gconstpointer data)
{
  happen(f, f->evening_ms, "{\"event\":\"tram-incident\",\"place\":\"t1\",\"minutes\":30,\"intensity\":1}");
  report_all(f, f->evening_ms + 5 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  const double early = told(f, "passenger_min");
  for (guint m = 6; m <= 40; m += 7)
    report_all(f, f->evening_ms + m * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  report_all(f, f->evening_ms + 41 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  const double late = told(f, "passenger_min");
  g_test_message("passenger-minutes lost after 5 min: %.0f, after 41 min: %.0f", early, late);
  g_assert_cmpfloat(early, >, 100);
  g_assert_cmpfloat(late, >, 5 * early);
  CasaSimToll toll = { 0 };
  casa_sim_toll_reach(&toll, f->town.world, casa_sim_twin_world(f->twin), f->evening_ms, f->evening_ms + 41 * TOWN_MINUTE_MS);
  g_assert_cmpfloat_with_epsilon(casa_sim_toll_passenger_min(&toll), late, 0.51);
  casa_sim_toll_clear(&toll);
}

/* Dust is breathed by those whose air it is in: after a strong hour by nearly everybody, by nobody where none came. */
static void
test_dust(Fixture *f, gconstpointer data)
{
  guint all = 0;
  for (guint i = 0; i < f->town.city->n_districts; i++)
    all += f->town.city->districts[i].population;
  happen(f, f->evening_ms, "{\"event\":\"chergui\",\"minutes\":180,\"intensity\":1}");
  report_all(f, f->evening_ms + 60 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_test_message("%.0f people, %.1f µg/m³·h each", told(f, "people"), told(f, "pm10_ugm3_h"));
  g_assert_cmpfloat(told(f, "people"), >, 0.9 * all);
  g_assert_cmpfloat(told(f, "people"), <=, all);
  g_assert_cmpfloat(told(f, "pm10_ugm3_h"), >, 20);
}

/* A match brings passengers of its own: their minutes compare nothing, and none are told. */
static void
test_other_passengers(Fixture *f, gconstpointer data)
{
  happen(f, f->evening_ms, "{\"event\":\"derby-night\",\"minutes\":60}");
  report_all(f, f->evening_ms + 10 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_assert_nonnull(g_hash_table_lookup(f->heard.last, "casa/v1/city/$twin"));
  g_assert_true(isnan(told(f, "passenger_min")));
}

/* What one event cost is not the next one's, though the city still feels the first. */
static void
test_one_after_another(Fixture *f, gconstpointer data)
{
  happen(f, f->evening_ms, "{\"event\":\"power-cut\",\"place\":\"anfa\",\"minutes\":5}");
  happen(f, f->evening_ms + 20 * TOWN_MINUTE_MS, "{\"event\":\"tram-incident\",\"place\":\"t1\",\"minutes\":10}");
  report_all(f, f->evening_ms + 10 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_assert_cmpfloat(told(f, "since"), ==, (double)f->evening_ms);
  report_all(f, f->evening_ms + 25 * TOWN_MINUTE_MS, CASA_SIM_CLEAN);
  g_assert_cmpfloat(told(f, "since"), ==, (double)(f->evening_ms + 20 * TOWN_MINUTE_MS));
}

/* Rain that has long ended has washed the air of both cities: only what works is left out. */
static void
test_keeps_the_past(Fixture *f, gconstpointer data)
{
  const gint64 t_ms = f->evening_ms + 10 * TOWN_MINUTE_MS;
  const char *rain = "{\"event\":\"rain\",\"minutes\":60,\"intensity\":1}";
  g_autoptr(GString) reply = g_string_new(NULL);
  happen(f, f->evening_ms - 3 * TOWN_HOUR_MS, rain);
  casa_sim_control(f->usual.model, rain, f->evening_ms - 3 * TOWN_HOUR_MS, reply);
  happen(f, f->evening_ms, "{\"event\":\"power-cut\",\"place\":\"anfa\",\"minutes\":30}");
  report_all(f, t_ms, CASA_SIM_CLEAN);
  g_assert_cmpuint(n_different(casa_sim_twin_world(f->twin), f->usual.world, t_ms), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/twin/equals-usual/cut", Fixture, "{\"event\":\"power-cut\",\"place\":\"maarif\",\"minutes\":30}", set_up,
             test_equals_usual, tear_down);
  g_test_add("/twin/equals-usual/tram", Fixture, "{\"event\":\"tram-incident\",\"place\":\"t1\",\"minutes\":30}", set_up,
             test_equals_usual, tear_down);
  g_test_add("/twin/equals-usual/dust", Fixture, "{\"event\":\"chergui\",\"minutes\":120}", set_up, test_equals_usual,
             tear_down);
  g_test_add("/twin/costs-nothing-idle", Fixture, NULL, set_up, test_costs_nothing_idle, tear_down);
  g_test_add("/twin/same-is-not-told/clean", Fixture, GUINT_TO_POINTER(CASA_SIM_CLEAN), set_up, test_same_is_not_told,
             tear_down);
  g_test_add("/twin/same-is-not-told/noisy", Fixture, GUINT_TO_POINTER(CASA_SIM_FAULT_NOISE | CASA_SIM_FAULT_DRIFT), set_up,
             test_same_is_not_told, tear_down);
  g_test_add("/twin/says-what-would-be", Fixture, NULL, set_up, test_says_what_would_be, tear_down);
  g_test_add("/twin/passenger-minutes", Fixture, NULL, set_up, test_passenger_minutes, tear_down);
  g_test_add("/twin/dust", Fixture, NULL, set_up, test_dust, tear_down);
  g_test_add("/twin/other-passengers", Fixture, NULL, set_up, test_other_passengers, tear_down);
  g_test_add("/twin/one-after-another", Fixture, NULL, set_up, test_one_after_another, tear_down);
  g_test_add("/twin/keeps-the-past", Fixture, NULL, set_up, test_keeps_the_past, tear_down);
  return g_test_run();
}
