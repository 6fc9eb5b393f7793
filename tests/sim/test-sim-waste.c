/* SPDX-License-Identifier: Apache-2.0 */
/* Household waste: containers fill by day and are emptied at night, missed rounds overflow, and whom that does not concern says
 * the same bytes. */
#include <math.h>
#include <string.h>

#include "model/waste.h"
#include "town.h"

typedef struct {
  Towns towns;
  CasaSimGrid *grids;
  CasaSimWaste *waste; /* of the usual one */
} Waste;

static void
set_up(Waste *t, gconstpointer data)
{
  towns_build(&t->towns);
  t->grids = g_new0(CasaSimGrid, t->towns.usual.city->n_districts + 1);
  casa_sim_grid_init(t->grids, t->towns.usual.city);
  t->waste = casa_sim_waste_new(t->towns.usual.model, t->grids);
}

static void
tear_down(Waste *t, gconstpointer data)
{
  casa_sim_waste_free(t->waste);
  g_free(t->grids);
  towns_free(&t->towns);
}

/* Between two rounds it only gains; a round leaves next to nothing; none is left for more than two days and an hour. */
static void
test_rounds(Waste *t, gconstpointer data)
{
  const guint n = t->towns.usual.city->n_districts;
  guint rounds = 0, heaped = 0, looked = 0;
  for (guint i = 0; i < n; i++) {
    for (guint k = 0; k < CASA_SIM_CONTAINERS; k++) {
      double before = casa_sim_waste_fill(t->waste, i, k, TOWN_AT(TOWN_TUESDAY, 12));
      for (gint64 at = TOWN_AT(TOWN_TUESDAY, 12); at < TOWN_AT(TOWN_TUESDAY + 14, 12); at += TOWN_HOUR_MS / 2) {
        double fill = casa_sim_waste_fill(t->waste, i, k, at);
        gint64 emptied = casa_sim_waste_emptied_ms(t->waste, i, k, at);
        gint64 hour = (emptied / TOWN_HOUR_MS + 1) % 24;
        g_assert_cmpfloat(fill, >=, 0);
        g_assert_cmpfloat(fill, <=, 180);
        g_assert_cmpint(at - emptied, <, 49 * TOWN_HOUR_MS);
        g_assert_true(hour >= 21 || hour < 6); /* trucks come at night */
        g_assert_cmpfloat(casa_sim_waste_fill(t->waste, i, k, emptied), <, 5);
        if (emptied > at - TOWN_HOUR_MS / 2 && at > TOWN_AT(TOWN_TUESDAY, 12))
          rounds++;
        else
          g_assert_cmpfloat(fill, >=, before);
        heaped += fill > 100;
        looked++;
        before = fill;
      }
    }
  }
  g_assert_cmpuint(rounds, >, n * CASA_SIM_CONTAINERS * 11);
  g_assert_cmpuint(rounds, <=, n * CASA_SIM_CONTAINERS * 15);
  g_assert_cmpuint(heaped * 20, <, looked); /* without an event containers hardly ever overflow */
}

/* Share above 90 % at an hour, %. */
static double
full(Town *t, gint64 at)
{
  guint n = 0, all = 0;
  for (guint i = 0; i < t->city->n_districts; i++) {
    for (guint k = 1; k <= CASA_SIM_CONTAINERS; k++) {
      g_autofree char *id = g_strdup_printf("bin-%s-%u", t->city->districts[i].id, k);
      double fill = town_value(t, id, "fill_pct", at);
      g_assert_false(isnan(fill));
      n += fill > 90;
      all++;
    }
  }
  return 100.0 * n / all;
}

static void
test_day(Waste *t, gconstpointer data)
{
  double night = town_mean(&t->towns.usual, "bin-", "fill_pct", TOWN_AT(TOWN_TUESDAY, 6)),
         noon = town_mean(&t->towns.usual, "bin-", "fill_pct", TOWN_AT(TOWN_TUESDAY, 13)),
         evening = town_mean(&t->towns.usual, "bin-", "fill_pct", TOWN_AT(TOWN_TUESDAY, 21));
  g_test_message("6 h %.0f %%, 13 h %.0f %%, 21 h %.0f %%", night, noon, evening);
  g_assert_cmpfloat(night, <, 20);
  g_assert_cmpfloat(noon, >, night + 10);
  g_assert_cmpfloat(evening, >, noon + 15);
  g_assert_cmpfloat(evening, <, 80);
  g_assert_cmpfloat(full(&t->towns.usual, TOWN_AT(TOWN_TUESDAY, 12)), ==, 0);
}

static gboolean
is_concerned(const char *id)
{
  return g_str_has_prefix(id, "bin-sidi-moumen") || strcmp(id, "reports-sidi-moumen") == 0;
}

static void
test_overflow(Waste *t, gconstpointer data)
{
  static const char text[] = "{\"event\":\"overflow\",\"place\":\"sidi-moumen\",\"intensity\":1,\"minutes\":720}";
  const gint64 start = TOWN_AT(TOWN_TUESDAY, 19), later = start + 12 * TOWN_MINUTE_MS,
               morning = TOWN_AT(TOWN_TUESDAY + 1, 6) + TOWN_HOUR_MS / 2, over = start + 720 * TOWN_MINUTE_MS + 1000;
  towns_command(&t->towns, text, start);
  for (guint k = 1; k <= CASA_SIM_CONTAINERS; k++) {
    g_autofree char *id = g_strdup_printf("bin-sidi-moumen-%u", k);
    g_assert_cmpfloat(town_value(&t->towns.eventful, id, "fill_pct", start), ==,
                      town_value(&t->towns.usual, id, "fill_pct", start));
    g_assert_cmpfloat(town_value(&t->towns.eventful, id, "fill_pct", later), >, 95);
    g_assert_cmpfloat(town_value(&t->towns.eventful, id, "fill_pct", morning), >, 100); /* the night's round did not come */
    g_assert_cmpfloat(town_value(&t->towns.eventful, id, "fill_pct", over), <, 12);     /* the one that makes up for it did */
  }
  g_assert_cmpfloat(full(&t->towns.eventful, later), >=, full(&t->towns.usual, later) + 4);
  towns_assert_same(&t->towns, morning, is_concerned);
}

/* A weak one leaves containers that were emptied as ever. */
static void
test_part(Waste *t, gconstpointer data)
{
  static const char text[] = "{\"event\":\"overflow\",\"place\":\"anfa\",\"intensity\":0.3,\"minutes\":60}";
  const gint64 start = TOWN_AT(TOWN_TUESDAY, 19), later = start + 20 * TOWN_MINUTE_MS;
  guint changed = 0;
  towns_command(&t->towns, text, start);
  for (guint k = 1; k <= CASA_SIM_CONTAINERS; k++) {
    g_autofree char *id = g_strdup_printf("bin-anfa-%u", k);
    changed += town_value(&t->towns.eventful, id, "fill_pct", later) > town_value(&t->towns.usual, id, "fill_pct", later);
  }
  g_assert_cmpuint(changed, ==, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/sim/waste/" name, Waste, NULL, set_up, func, tear_down)
  ADD("rounds", test_rounds);
  ADD("day", test_day);
  ADD("overflow", test_overflow);
  ADD("part", test_part);
  return g_test_run();
}
