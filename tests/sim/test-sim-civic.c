/* SPDX-License-Identifier: Apache-2.0 */
/* Citizens' reports: as many as such a city has, none lost and none invented between two states, more in the rain and where
 * something happens. */
#include <math.h>

#include "model/civic.h"
#include "town.h"

static void
set_up(Towns *t, gconstpointer data)
{
  towns_build(t);
}

static void
tear_down(Towns *t, gconstpointer data)
{
  towns_free(t);
}

static guint
all(const CasaSimReports *r)
{
  guint sum = 0;
  for (guint s = 0; s < CASA_SIM_N_SERVICES; s++)
    for (guint k = 0; k < CASA_SIM_N_STATES; k++)
      sum += r->count[s][k];
  return sum;
}

static void
add_up(CasaSimCivic *civic, const CasaCity *city, gint64 at, CasaSimReports *out)
{
  *out = (CasaSimReports){ 0 };
  for (guint i = 0; i < city->n_districts; i++) {
    CasaSimReports one;
    casa_sim_civic_count(civic, i, at, &one);
    for (guint s = 0; s < CASA_SIM_N_SERVICES; s++)
      for (guint k = 0; k < CASA_SIM_N_STATES; k++)
        out->count[s][k] += one.count[s][k];
    out->today += one.today;
  }
}

static void
test_week(Towns *t, gconstpointer data)
{
  g_autoptr(CasaSimCivic) civic = casa_sim_civic_new(t->usual.model);
  for (guint day = 0; day < 5; day++) {
    CasaSimReports r;
    add_up(civic, t->usual.city, TOWN_AT(TOWN_TUESDAY + 7 * day, 12), &r);
    guint n = all(&r), state[CASA_SIM_N_STATES] = { 0 }, clean = 0;
    for (guint k = 0; k < CASA_SIM_N_STATES; k++) {
      clean += r.count[CASA_SIM_CLEANLINESS][k];
      for (guint s = 0; s < CASA_SIM_N_SERVICES; s++)
        state[k] += r.count[s][k];
    }
    g_test_message("%u in a week, %u today; open %u, looked at %u, planned %u, fixed %u, closed %u", n, r.today, state[0],
                   state[1], state[2], state[3], state[4]);
    g_assert_cmpuint(n, >, 400);
    g_assert_cmpuint(n, <, 1100);
    g_assert_cmpuint(r.today, >, 40);
    g_assert_cmpuint(r.today, <, 250);
    g_assert_cmpuint(100 * clean, >, 30 * n);
    g_assert_cmpuint(100 * clean, <, 50 * n);
    for (guint k = 0; k < CASA_SIM_N_STATES; k++)
      g_assert_cmpuint(state[k], >, 0);
    g_assert_cmpuint(state[CASA_SIM_FIXED], >, state[CASA_SIM_CLOSED]);
  }
}

/* No report goes back: of those of a week that are asked for ever later, ever more are fixed or closed, and none is lost before
 * it is a week old. */
static void
test_states_go_on(Towns *t, gconstpointer data)
{
  g_autoptr(CasaSimCivic) civic = casa_sim_civic_new(t->usual.model);
  CasaSimReports first, later;
  add_up(civic, t->usual.city, TOWN_AT(TOWN_TUESDAY, 1), &first);
  for (guint h = 2; h < 6; h++) {
    add_up(civic, t->usual.city, TOWN_AT(TOWN_TUESDAY, h), &later);
    for (guint s = 0; s < CASA_SIM_N_SERVICES; s++) {
      guint was = 0, is = 0;
      for (guint k = 0; k < CASA_SIM_N_STATES; k++) {
        was += first.count[s][k];
        is += later.count[s][k];
      }
      g_assert_cmpuint(is + 12, >=, was); /* a night takes away what was reported in one a week ago */
      g_assert_cmpuint(later.count[s][CASA_SIM_OPEN], <=, first.count[s][CASA_SIM_OPEN] + (is > was ? is - was : 0) + 12);
    }
    first = later;
  }
}

static double
sum(Town *t, const char *prefix, const char *metric, gint64 at)
{
  double value = town_sum(t, prefix, metric, at);
  g_assert_false(isnan(value));
  return value;
}

/* The states of the published counts add up, and what waits does so under one service. */
static void
test_published(Towns *t, gconstpointer data)
{
  const gint64 at = TOWN_AT(TOWN_TUESDAY, 18);
  static const char *const services[] = { "reports_cleanliness", "reports_lamps", "reports_streets", "reports_sewers",
                                          "reports_other" };
  double waiting = sum(&t->usual, "reports-", "reports_open", at) + sum(&t->usual, "reports-", "reports_investigating", at) +
                   sum(&t->usual, "reports-", "reports_scheduled", at),
         about = 0;
  for (guint i = 0; i < G_N_ELEMENTS(services); i++)
    about += sum(&t->usual, "reports-", services[i], at);
  g_assert_cmpfloat(waiting, ==, about);
  g_assert_cmpfloat(waiting, >, 20);
}

static void
test_events(Towns *t, gconstpointer data)
{
  static const struct {
    const char *text, *metric;
  } cases[] = { { "{\"event\":\"power-cut\",\"place\":\"maarif\",\"intensity\":1,\"minutes\":60}", "reports_lamps" },
                { "{\"event\":\"pipe-burst\",\"place\":\"anfa\",\"intensity\":1,\"minutes\":60}", "reports_sewers" },
                { "{\"event\":\"overflow\",\"place\":\"sbata\",\"intensity\":1,\"minutes\":60}", "reports_cleanliness" },
                { "{\"event\":\"rain\",\"intensity\":1,\"minutes\":600}", "reports_streets" } };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const gint64 start = TOWN_AT(TOWN_TUESDAY + 20 * i, 9), at = start + (i == 3 ? 600 : 55) * TOWN_MINUTE_MS;
    double before = sum(&t->usual, "reports-", cases[i].metric, at);
    g_assert_cmpfloat(sum(&t->eventful, "reports-", cases[i].metric, at), ==, before);
    towns_command(t, cases[i].text, start);
    g_test_message("%s: %g, then %g", cases[i].metric, before, sum(&t->eventful, "reports-", cases[i].metric, at));
    g_assert_cmpfloat(sum(&t->eventful, "reports-", cases[i].metric, at), >=, before + 6);
    g_assert_cmpfloat(sum(&t->eventful, "reports-", cases[i].metric, start), ==,
                      sum(&t->usual, "reports-", cases[i].metric, start));
  }
}

/* In the middle of the night hardly anybody reports; late in the morning and in the evening most do. */
static void
test_hours(Towns *t, gconstpointer data)
{
  g_autoptr(CasaSimCivic) civic = casa_sim_civic_new(t->usual.model);
  guint open[24] = { 0 };
  for (guint day = 0; day < 20; day++) {
    for (guint h = 0; h < 24; h++) {
      CasaSimReports now;
      add_up(civic, t->usual.city, TOWN_AT(TOWN_TUESDAY + day, h), &now);
      open[h] += now.count[CASA_SIM_CLEANLINESS][CASA_SIM_OPEN]; /* these are looked at within three hours */
    }
  }
  g_assert_cmpuint(open[12], >, 2 * open[5]);
  g_assert_cmpuint(open[22], >, 2 * open[5]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/sim/civic/" name, Towns, NULL, set_up, func, tear_down)
  ADD("week", test_week);
  ADD("states-go-on", test_states_go_on);
  ADD("published", test_published);
  ADD("events", test_events);
  ADD("hours", test_hours);
  return g_test_run();
}
