/* SPDX-License-Identifier: Apache-2.0 */
/* The box model over the districts: its books balance, and what it says is what such a city's stations say. The ranges
 * and their sources are those of docs/SIMULATOR.md. */
#include <math.h>
#include <string.h>

#include "model/box-model.h"
#include "model/advection.h"
#include "model/roads.h"
#include "town.h"

/* A course of hours of one station. */
#define WEEK 168

static void
course(Town *t, const char *station, const char *metric, gint64 from_ms, double out[WEEK])
{
  for (guint i = 0; i < WEEK; i++)
    out[i] = town_value(t, station, metric, from_ms + i * TOWN_HOUR_MS);
}

static double
mean_of(const double *x, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += x[i] / n;
  return sum;
}

/* In the steady state k [NO] [O3] = J [NO2], nothing is lost, and in the dark one of the two is used up. */
static void
test_photostationary_state(void)
{
  CasaSimWeather noon = { .sun = 1, .temp_c = 25 }, night = { .sun = -0.3, .temp_c = 12 };
  double ratio = casa_sim_leighton_ppb(&noon);
  g_assert_cmpfloat(ratio, >, 18); /* J = 8.9e-3 /s over k = 4.3e-4 /ppb/s */
  g_assert_cmpfloat(ratio, <, 24);
  g_assert_cmpfloat(casa_sim_leighton_ppb(&night), ==, 0);
  for (double nox = 0.1; nox < 300; nox *= 1.7) {
    for (double ox = 5; ox < 120; ox += 11) {
      CasaSimNitrogen n;
      casa_sim_nitrogen(nox, ox, ratio, &n);
      g_assert_cmpfloat_with_epsilon(n.no * n.o3, ratio * n.no2, 1e-8 * (1 + ratio * n.no2));
      g_assert_cmpfloat_with_epsilon(n.no + n.no2, nox, 1e-9);
      g_assert_cmpfloat_with_epsilon(n.o3 + n.no2, ox, 1e-9);
      casa_sim_nitrogen(nox, ox, 0, &n);
      g_assert_cmpfloat_with_epsilon(n.no2, MIN(nox, ox), 1e-9);
      g_assert_cmpfloat(MIN(n.no, n.o3), >=, -1e-9);
    }
  }
}

/* A uniform wind takes out of every box what it brings in; what leaves one enters the other. */
static void
test_boxes_close(void)
{
  Town t;
  town_load(&t);
  CasaSimAdvection g = { 0 };
  casa_sim_advection_init(&g, t.city);
  guint neighbours = 0;
  for (guint i = 0; i < g.n_cells; i++) {
    double east = 0, north = 0;
    for (guint f = g.cells[i].first; f < g.cells[i].first + g.cells[i].n; f++) {
      const CasaSimFace *face = &g_array_index(g.faces, CasaSimFace, f);
      gboolean returned = face->to == CASA_SIM_OUTSIDE;
      east += face->east_m;
      north += face->north_m;
      for (guint k = 0; !returned && k < g.cells[face->to].n; k++) {
        const CasaSimFace *other = &g_array_index(g.faces, CasaSimFace, g.cells[face->to].first + k);
        returned = other->to == i && fabs(other->east_m + face->east_m) < 0.5 && fabs(other->north_m + face->north_m) < 0.5;
      }
      g_assert_true(returned);
      neighbours += face->to != CASA_SIM_OUTSIDE;
    }
    g_assert_cmpfloat_with_epsilon(east, 0, 0.5);
    g_assert_cmpfloat_with_epsilon(north, 0, 0.5);
    g_assert_cmpfloat_with_epsilon(g.cells[i].area_m2 / 1e6 / t.city->districts[i].area_km2, 1, 0.04);
  }
  g_assert_cmpuint(neighbours, >=, 2 * 25); /* sixteen districts touch one another along more than 25 limits */
  casa_sim_advection_clear(&g);
  town_free(&t);
}

/* The same moment comes out the same, whatever was asked before; and there is no seam where a day ends. */
static void
test_pure_and_without_seam(void)
{
  Town t;
  town_load(&t);
  town_build(&t, 4, 0);
  g_autoptr(CasaSimBoxModel) a = casa_sim_box_model_new(t.model);
  g_autoptr(CasaSimBoxModel) b = casa_sim_box_model_new(t.model);
  g_autofree CasaSimBox *x = g_new0(CasaSimBox, t.city->n_districts), *y = g_new0(CasaSimBox, t.city->n_districts);
  gint64 midnight = town_utc(2026, 1, 14, 0);
  for (gint64 at = midnight - 3 * TOWN_DAY_MS; at <= midnight; at += 7 * TOWN_HOUR_MS)
    casa_sim_box_model_at(a, at, x);
  casa_sim_box_model_at(a, midnight + 5 * TOWN_HOUR_MS, x);
  casa_sim_box_model_at(b, midnight + 5 * TOWN_HOUR_MS, y);
  g_assert_cmpmem(x, t.city->n_districts * sizeof *x, y, t.city->n_districts * sizeof *y);
  for (guint day = 0; day < 14; day++) {
    casa_sim_box_model_at(a, midnight + day * TOWN_DAY_MS - 1, x);
    casa_sim_box_model_at(a, midnight + day * TOWN_DAY_MS, y);
    for (guint i = 0; i < t.city->n_districts; i++) {
      g_assert_cmpfloat_with_epsilon(x[i].nox, y[i].nox, 0.01);
      g_assert_cmpfloat_with_epsilon(x[i].fine, y[i].fine, 0.01);
      g_assert_cmpfloat_with_epsilon(x[i].so2, y[i].so2, 0.01);
    }
  }
  town_free(&t);
}

static guint
district(const CasaCity *city, const char *id)
{
  for (guint i = 0; i < city->n_districts; i++) {
    if (strcmp(city->districts[i].id, id) == 0)
      return i;
  }
  g_error("there is no district %s", id);
}

/* The exhaust of the centre goes with the wind: Aïn Chock, to its south, has its share of it in a wind from the north
 * only. */
static void
test_neighbours_get_it_downwind(void)
{
  Town t;
  double north = 0, south = 0;
  guint n_north = 0, n_south = 0;
  town_load(&t);
  town_build(&t, 4, 0);
  g_autoptr(CasaSimBoxModel) a = casa_sim_box_model_new(t.model);
  g_autofree CasaSimBox *x = g_new0(CasaSimBox, t.city->n_districts);
  guint centre = district(t.city, "maarif"), below = district(t.city, "ain-chock");
  for (guint i = 0; i < 30 * 24; i++) {
    gint64 at = town_utc(2026, 1, 5, 0) + i * TOWN_HOUR_MS;
    CasaSimState s;
    casa_sim_model_at(t.model, at, &s);
    casa_sim_box_model_at(a, at, x);
    double share = x[below].nox / x[centre].nox;
    if (s.weather.wind_v < -1.5) {
      north += share;
      n_north++;
    } else if (s.weather.wind_v > 0.7) {
      south += share;
      n_south++;
    }
  }
  g_assert_cmpuint(n_north, >, 40);
  g_assert_cmpuint(n_south, >, 20);
  g_assert_cmpfloat(north / n_north, >, 1.3 * south / n_south);
  town_free(&t);
}

/* The share of NO2, by the hour of the local day. */
static void
by_hour(const double x[WEEK], double out[24])
{
  for (guint h = 0; h < 24; h++) {
    out[h] = 0;
    for (guint day = 0; day < 7; day++)
      out[h] += x[24 * day + h] / 7;
  }
}

/* NO2 is highest on winter evenings (Mohammedia: maxima of 85-117 between 18 and 23 h, El Morabet et al. 2021; at traffic
 * sites 50-80), and higher in winter than in summer at the same hour. */
static void
test_winter_evenings(void)
{
  Town t;
  double winter[WEEK], summer[WEEK], cold[24], warm[24];
  guint highest = 0;
  town_load(&t);
  town_build(&t, 4, 0);
  course(&t, "air-wilaya", "no2", town_utc(2026, 1, 11, 23), winter); /* local midnight */
  course(&t, "air-wilaya", "no2", town_utc(2026, 7, 5, 23), summer);
  by_hour(winter, cold);
  by_hour(summer, warm);
  for (guint h = 1; h < 24; h++)
    highest = cold[h] > cold[highest] ? h : highest;
  g_assert_true(highest >= 18 && highest <= 23);
  g_assert_cmpfloat(cold[highest], >, 45);
  g_assert_cmpfloat(cold[highest], <, 117);
  g_assert_cmpfloat(cold[highest], >, 2.2 * cold[4]);
  g_assert_cmpfloat(mean_of(cold, 24), >, 1.08 * mean_of(warm, 24));
  town_free(&t);
}

/* Ozone: highest in the sunny afternoon, more in summer (daily maxima 70-110, an estimate), against NO2 always. */
static void
test_ozone(void)
{
  static const struct {
    guint month;
    double least, most;
  } seasons[] = { { 1, 50, 90 }, { 7, 70, 115 } };
  Town t;
  town_load(&t);
  town_build(&t, 4, 0);
  for (guint s = 0; s < G_N_ELEMENTS(seasons); s++) {
    double o3[WEEK], no2[WEEK], hours[24];
    guint highest = 0;
    gint64 from = town_utc(2026, seasons[s].month, 11, 23);
    course(&t, "air-derb-sultan", "o3", from, o3);
    course(&t, "air-derb-sultan", "no2", from, no2);
    by_hour(o3, hours);
    for (guint h = 1; h < 24; h++)
      highest = hours[h] > hours[highest] ? h : highest;
    g_assert_true(highest >= 13 && highest <= 17);
    g_assert_cmpfloat(hours[highest], >, seasons[s].least);
    g_assert_cmpfloat(hours[highest], <, seasons[s].most);
    g_assert_cmpfloat(town_correlation(o3, no2, WEEK), <, -0.4);
  }
  town_free(&t);
}

/* Typical levels (facts: an estimate from the published rows), over four weeks of the four seasons. */
static void
test_levels(void)
{
  static const struct {
    const char *metric;
    double least, most;
  } typical[] = { { "pm10", 40, 70 }, { "pm2_5", 15, 25 }, { "no2", 23, 45 },
                  { "so2", 5, 20 },   { "co", 0.25, 1.5 }, { "o3", 40, 80 } };
  Town t;
  town_load(&t);
  town_build(&t, 4, 0);
  for (guint m = 0; m < G_N_ELEMENTS(typical); m++) {
    double sum = 0;
    guint n = 0;
    for (guint month = 1; month <= 10; month += 3) {
      for (guint h = 0; h < WEEK; h += 5, n++)
        sum += town_mean(&t, "air-", typical[m].metric, town_utc(2026, month, 8, 0) + h * TOWN_HOUR_MS);
    }
    if (!(sum / n >= typical[m].least && sum / n <= typical[m].most))
      g_error("%s: mean %.2f, wanted %g to %g", typical[m].metric, sum / n, typical[m].least, typical[m].most);
  }
  town_free(&t);
}

/* Air does not jump: an hour later it is much the same, a day's half later it need not be; and neighbours breathe alike,
 * but not the same (bounds: judgement). */
static void
test_it_hangs_together(void)
{
  Town t;
  double a[WEEK + 12], far[WEEK], near[WEEK];
  town_load(&t);
  town_build(&t, 4, 0);
  gint64 from = town_utc(2026, 3, 9, 0);
  const char *const metrics[] = { "no2", "o3", "pm10" };
  for (guint m = 0; m < G_N_ELEMENTS(metrics); m++) {
    for (guint i = 0; i < WEEK + 12; i++)
      a[i] = town_value(&t, "air-wilaya", metrics[m], from + i * TOWN_HOUR_MS);
    course(&t, "air-chu", metrics[m], from, near);
    course(&t, "air-sidi-bernoussi", metrics[m], from, far);
    double next = town_correlation(a, a + 1, WEEK), later = town_correlation(a, a + 12, WEEK);
    g_assert_cmpfloat(next, >, 0.6);
    g_assert_cmpfloat(next, <, 0.98);
    g_assert_cmpfloat(later, <, next - 0.2);
    double beside = town_correlation(a, near, WEEK), across = town_correlation(a, far, WEEK);
    g_assert_cmpfloat(beside, >, 0.5);
    g_assert_cmpfloat(beside, <, 0.99);
    g_assert_cmpfloat(across, >, 0.1);
  }
  town_free(&t);
}

/* The stacks' plume goes with the wind (L'Économiste 2018: north and north-east winds carry it to the south and centre). */
static void
test_plume_goes_with_the_wind(void)
{
  Town t;
  double under = 0, beside = 0;
  guint n_under = 0, n_beside = 0;
  town_load(&t);
  town_build(&t, 4, 0);
  for (guint i = 0; i < 40 * 24; i += 2) {
    gint64 at = town_utc(2026, 3, 1, 0) + i * TOWN_HOUR_MS;
    double from = town_value(&t, "wx-sidi-bernoussi", "wind_dir", at), so2 = town_value(&t, "air-derb-sultan", "so2", at);
    if (from >= 30 && from <= 75) { /* Derb Sultan lies six kilometres south-west of the zone */
      under += so2;
      n_under++;
    } else if (from >= 130 && from <= 330) {
      beside += so2;
      n_beside++;
    }
  }
  g_assert_cmpuint(n_under, >, 60);
  g_assert_cmpuint(n_beside, >, 20);
  g_assert_cmpfloat(under / n_under, >, 2 * beside / n_beside);
  town_free(&t);
}

/* Every district's streets and industry were thought of: a wrong id would leave one with what stands for the unknown. */
static void
test_every_district_is_known(void)
{
  Town t;
  town_load(&t);
  town_build(&t, 1, 0);
  for (guint i = 0; i < t.city->n_districts; i++) {
    g_autofree char *sub = g_strconcat("sub-", t.city->districts[i].id, NULL);
    g_assert_cmpfloat(casa_sim_district_pull(t.city->districts[i].id), !=, casa_sim_district_pull("nowhere"));
    g_assert_cmpfloat(town_value(&t, sub, "load_mw", town_utc(2026, 5, 19, 12)), >, 8);
  }
  town_free(&t);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/air/photostationary-state", test_photostationary_state);
  g_test_add_func("/sim/air/boxes-close", test_boxes_close);
  g_test_add_func("/sim/air/pure-and-without-seam", test_pure_and_without_seam);
  g_test_add_func("/sim/air/neighbours-get-it-downwind", test_neighbours_get_it_downwind);
  g_test_add_func("/sim/air/winter-evenings", test_winter_evenings);
  g_test_add_func("/sim/air/ozone", test_ozone);
  g_test_add_func("/sim/air/levels", test_levels);
  g_test_add_func("/sim/air/it-hangs-together", test_it_hangs_together);
  g_test_add_func("/sim/air/plume-goes-with-the-wind", test_plume_goes_with_the_wind);
  g_test_add_func("/sim/air/every-district-is-known", test_every_district_is_known);
  return g_test_run();
}
