/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the city's load: hours of a weekday beside a real Moroccan city's, and how much one day differs from the
 * next. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/energy.h"
#include "town.h"

#define DAYS 85

/* Electric load of Tetouan on weekdays of 2017, means of three hours as shares of the day's mean (from 00:00, 03:00…): derived
 * from UCI data set 849 (Salam and El Hibaoui 2018, CC BY 4.0), local clock. */
static const double SPRING[] = { 0.859, 0.760, 0.748, 0.999, 1.074, 1.020, 1.304, 1.236 };
static const double AUTUMN[] = { 0.850, 0.787, 0.763, 0.981, 1.058, 1.056, 1.347, 1.159 };

typedef struct {
  double weekday[24]; /* mean shape, shares of the day's mean */
  double apart[DAYS]; /* correlation of one day's shape with the next */
  double ramps[DAYS * 24];
  guint n_weekdays, n_apart, n_ramps;
} Shape;

static int
by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
city_mw(Town *t, const CasaSimGrid *grids, gint64 t_ms)
{
  CasaSimState state;
  double sum = 0;
  casa_sim_model_at(t->model, t_ms, &state);
  for (guint i = 0; i < t->city->n_districts; i++)
    sum += casa_sim_grid_demand_mw(&grids[i], &state);
  return sum;
}

static void
read_shape(gint64 from_ms, Shape *out)
{
  Town t;
  double before[24] = { 0 }, hours[24];
  town_load(&t);
  town_build(&t, 3, 0);
  g_autofree CasaSimGrid *grids = g_new0(CasaSimGrid, t.city->n_districts);
  casa_sim_grid_init(grids, t.city);
  memset(out, 0, sizeof *out);
  for (guint d = 0; d < DAYS; d++) {
    const CasaSimDay *day = casa_sim_calendar_at(casa_sim_model_calendar(t.model), from_ms + d * TOWN_DAY_MS + TOWN_DAY_MS / 2);
    const gint64 start_ms = day->start_ms;
    const gboolean weekday = day->kind == CASA_SIM_WEEKDAY || day->kind == CASA_SIM_FRIDAY;
    double mean = 0;
    g_assert_false(day->ramadan);
    for (guint h = 0; h < 24; h++) {
      hours[h] = 0;
      for (guint k = 0; k < 4; k++)
        hours[h] += city_mw(&t, grids, start_ms + h * TOWN_HOUR_MS + k * TOWN_HOUR_MS / 4) / 4;
      mean += hours[h] / 24;
    }
    for (guint h = 0; h < 24 && weekday; h++)
      out->weekday[h] += hours[h] / mean;
    out->n_weekdays += weekday;
    if (d > 0)
      out->apart[out->n_apart++] = town_correlation(before, hours, 24);
    for (guint h = 1; h < 24; h++)
      out->ramps[out->n_ramps++] = (hours[h] - hours[h - 1]) / mean;
    memcpy(before, hours, sizeof before);
  }
  for (guint h = 0; h < 24; h++)
    out->weekday[h] /= out->n_weekdays;
  qsort(out->apart, out->n_apart, sizeof(double), by_value);
  qsort(out->ramps, out->n_ramps, sizeof(double), by_value);
  town_free(&t);
}

static double
three_hours(const Shape *s, guint i)
{
  return (s->weekday[3 * i] + s->weekday[3 * i + 1] + s->weekday[3 * i + 2]) / 3;
}

static void
check_weekday(const Shape *s, const double *known)
{
  double own[8];
  guint least = 0;
  for (guint i = 0; i < 8; i++) {
    own[i] = three_hours(s, i);
    g_test_message("from %02u h: %.3f, known %.3f", 3 * i, own[i], known[i]);
    g_assert_cmpfloat_with_epsilon(own[i], known[i], 0.06);
  }
  g_assert_cmpfloat(town_correlation(own, known, 8), >, 0.97);
  for (guint h = 1; h < 24; h++)
    least = s->weekday[h] < s->weekday[least] ? h : least;
  g_assert_cmpuint(least, >=, 6); /* after the lamps went out, not in the dead of night */
  g_assert_cmpuint(least, <=, 8);
}

/* No day is like the one before, and none is another city's: a twentieth of the neighbours correlate below 0.98, and hardly any
 * below 0.94; hours climb by up to a quarter of the mean (Tetouan: 0.96, 0.994 and 0.999 at the same places; -0.15 to -0.19 and
 * +0.27 to +0.29). */
static void
check_texture(const Shape *s)
{
  const double low = s->apart[s->n_apart / 20], middle = s->apart[s->n_apart / 2];
  const double fall = s->ramps[s->n_ramps / 100], climb = s->ramps[s->n_ramps - 1 - s->n_ramps / 100];
  g_test_message("neighbours %.4f, %.4f; hours %.3f, %.3f", low, middle, fall, climb);
  g_assert_cmpfloat(low, >, 0.94);
  g_assert_cmpfloat(low, <, 0.98);
  g_assert_cmpfloat(middle, >, 0.985);
  g_assert_cmpfloat(middle, <, 0.9975);
  g_assert_cmpfloat(fall, <, -0.14);
  g_assert_cmpfloat(fall, >, -0.21);
  g_assert_cmpfloat(climb, >, 0.21);
  g_assert_cmpfloat(climb, <, 0.30);
}

static void
test_spring(void)
{
  Shape s;
  read_shape(town_utc(2027, 3, 14, 0), &s);
  check_weekday(&s, SPRING);
  check_texture(&s);
}

static void
test_autumn(void)
{
  Shape s;
  read_shape(town_utc(2027, 9, 1, 0), &s);
  check_weekday(&s, AUTUMN);
  check_texture(&s);
}

/* What the walls took in by day is cooled in the evening and late, not before noon. */
static void
test_summer_nights(void)
{
  double ratio[24];
  Town mild, hot;
  town_load(&mild);
  mild.scenario->climate = FALSE;
  town_build(&mild, 3, 0);
  town_load(&hot);
  hot.scenario->climate = FALSE;
  hot.scenario->temp_offset_c = 8;
  town_build(&hot, 3, 0);
  g_autofree CasaSimGrid *grids = g_new0(CasaSimGrid, mild.city->n_districts);
  casa_sim_grid_init(grids, mild.city);
  const gint64 midnight = town_utc(2027, 7, 14, 0);
  for (guint h = 0; h < 24; h++)
    ratio[h] = city_mw(&hot, grids, midnight + h * TOWN_HOUR_MS) / city_mw(&mild, grids, midnight + h * TOWN_HOUR_MS);
  g_assert_cmpfloat(ratio[21], >, ratio[10] + 0.02);
  g_assert_cmpfloat(ratio[23], >, ratio[10]);
  for (guint h = 0; h < 24; h++)
    g_assert_cmpfloat(ratio[h], >, 1.05);
  town_free(&mild);
  town_free(&hot);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/load/spring", test_spring);
  g_test_add_func("/sim/load/autumn", test_autumn);
  g_test_add_func("/sim/load/summer-nights", test_summer_nights);
  return g_test_run();
}
