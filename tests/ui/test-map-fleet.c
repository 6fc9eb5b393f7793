/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "city/track.h"
#include "toy-city.h"
#include "ui/map/fleet.h"
#include "ui/map/field.h"
#include <math.h>

#define T0 G_GINT64_CONSTANT(1779385327120)
static const CasaLonLat from = { -7.60, 33.57 }, to = { -7.59, 33.58 };

static void
report(CasaMapFleet *fleet, guint key, CasaLonLat at, gint64 t_ms, const CasaLine *line)
{
  const CasaMapReport r = { .key = key, .at = at, .line = line, .t_ms = t_ms, .rgb = 0x112233 };

  casa_map_fleet_set(fleet, &r);
}

static CasaMapVehicle
only(CasaMapFleet *fleet, gint64 now_ms)
{
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));

  casa_map_fleet_read(fleet, now_ms, shown);
  g_assert_cmpuint(shown->len, ==, 1);
  return g_array_index(shown, CasaMapVehicle, 0);
}

/* About one report late, on the way between two that came in. */
static void
test_glide(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();

  report(fleet, 7, from, T0, NULL);
  g_assert_cmpfloat(only(fleet, T0 + 500).at.lon, ==, from.lon);
  report(fleet, 7, to, T0 + 2000, NULL);
  g_assert_cmpfloat_with_epsilon(only(fleet, T0 + 2000 + 1450).at.lon, -7.595, 1e-9);
  report(fleet, 7, from, T0 + 1000, NULL); /* late: ignored */
  g_assert_cmpfloat_with_epsilon(only(fleet, T0 + 6000).at.lat, to.lat, 1e-9);
  g_assert_cmphex(only(fleet, T0 + 6000).rgb, ==, 0x112233);
}

static void
test_no_invented_way(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();

  casa_map_fleet_set_stale(fleet, 0);
  report(fleet, 1, from, T0, NULL);
  report(fleet, 1, to, T0 + 60000, NULL); /* after a silence */
  g_assert_cmpfloat(only(fleet, T0 + 60200).at.lon, ==, to.lon);
  report(fleet, 1, (CasaLonLat){ -7.4, 33.6 }, T0 + 61000, NULL); /* 17 km in a second */
  g_assert_cmpfloat(only(fleet, T0 + 70000).at.lon, ==, -7.4);
  report(fleet, 1, (CasaLonLat){ NAN, 33.6 }, T0 + 62000, NULL);
  g_assert_cmpfloat(only(fleet, T0 + 80000).at.lon, ==, -7.4);
}

static void
test_reduced_motion(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();

  casa_map_fleet_set_glide(fleet, FALSE);
  report(fleet, 1, from, T0, NULL);
  report(fleet, 1, to, T0 + 2000, NULL);
  g_assert_cmpfloat(only(fleet, T0 + 2000).at.lon, ==, to.lon);
}

static void
test_stale_goes(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));

  casa_map_fleet_set_stale(fleet, 5000);
  report(fleet, 1, from, T0, NULL);
  g_assert_cmpfloat(only(fleet, T0 + 4900).alpha, ==, 1);
  g_assert_cmpfloat_with_epsilon(only(fleet, T0 + 6000).alpha, 0.5, 1e-6);
  g_assert_false(casa_map_fleet_read(fleet, T0 + 7100, shown));
  g_assert_cmpuint(shown->len, ==, 0);
  g_assert_cmpuint(casa_map_fleet_size(fleet), ==, 0);

  report(fleet, 1, from, T0, NULL); /* an hour old: never shown */
  casa_map_fleet_read(fleet, T0 + 3600000, shown);
  g_assert_cmpuint(shown->len, ==, 0);
  casa_map_fleet_set_stale(fleet, 0); /* replay */
  report(fleet, 1, from, T0, NULL);
  g_assert_cmpfloat(only(fleet, T0 + 3600000).alpha, ==, 1);
}

/* It waits where it was seen last, and says so. */
static void
test_overdue_goes_hollow(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  gint64 last = T0 + 4000;

  for (gint64 t = T0; t <= last; t += 2000)
    report(fleet, 1, (CasaLonLat){ -7.6 + (double)(t - T0) * 1e-7, 33.57 }, t, &toy_city()->lines[0]);
  g_assert_false(only(fleet, last + 9000).hollow);
  g_assert_true(only(fleet, last + 15000).hollow);
  g_assert_cmpfloat_with_epsilon(only(fleet, last + 15000).at.lon, -7.6 + 4000e-7, 1e-6);
}

/* With noise on every report: on the track at every moment, never against its way, and no faster than it was seen to go. */
static void
test_keeps_to_its_track(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_autoptr(GRand) random = g_rand_new_with_seed(21);

  g_assert_no_error(error);
  for (guint l = 0; l < city->n_lines; l++) {
    const CasaLine *line = &city->lines[l];
    g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
    double before = -1;
    gint64 next = T0;

    for (gint64 now = T0; now < T0 + 600000; now += 100) {
      CasaMapVehicle shown;
      CasaTrackFix fix;

      if (now >= next) {
        CasaLonLat at = casa_line_at(line, 0.5 + (double)(now - T0) / 3600000 * 20);

        at.lon += g_rand_double_range(random, -2e-4, 2e-4); /* about 20 m */
        at.lat += g_rand_double_range(random, -2e-4, 2e-4);
        report(fleet, 1, at, now, line);
        next = now + g_rand_int_range(random, 2000, 8000);
      }
      shown = only(fleet, now);
      g_assert_true(casa_track_match(&line->track, line->track_km, shown.at, &fix));
      g_assert_cmpfloat(fix.off_m, <, 0.05);
      g_assert_cmpfloat(shown.km, >=, before - 1e-9);
      before = shown.km;
    }
    g_assert_cmpfloat(before, >, 0.5 + 10.0 / 60 * 20 - 0.35);
  }
}

/* The tail is the way travelled, along the track, from the head backwards. */
static void
test_tail(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  const CasaLine *line = &toy_city()->lines[0];
  CasaLonLat points[10];
  gint64 now = T0;

  for (; now < T0 + 400000; now += 5000)
    report(fleet, 1, casa_line_at(line, 2 + (double)(now - T0) / 3600000 * 20), now, line);
  g_assert_cmpuint(casa_map_fleet_tail(fleet, 1, now, points, 10), ==, 10);
  g_assert_cmpfloat_with_epsilon(points[0].lon, only(fleet, now).at.lon, 1e-9);
  g_assert_cmpfloat_with_epsilon(casa_distance_km(points[0], points[9]), 20.0 * CASA_MAP_TAIL_MS / 3600000, 0.05);
  for (guint i = 1; i < 10; i++) {
    g_assert_cmpfloat(points[i].lon, <, points[i - 1].lon);
    g_assert_cmpfloat_with_epsilon(points[i].lat, 33.57, 1e-9);
  }
  g_assert_cmpuint(casa_map_fleet_tail(fleet, 99, now, points, 10), ==, 0);
}

static void
test_held_and_standing_line(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));
  const CasaLine *line = &toy_city()->lines[0];
  gint64 now = T0;

  for (; now < T0 + 200000; now += 5000)
    for (guint i = 0; i < 4; i++) /* the fourth goes on */
      report(fleet, i, casa_line_at(line, i < 3 ? 4 + 2 * i : 2 + (double)(now - T0) / 3600000 * 20), now, line);
  casa_map_fleet_read(fleet, now, shown);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint(g_array_index(shown, CasaMapVehicle, i).held, ==, i < 3);
  g_assert_true(casa_map_fleet_line_stands(fleet, line, now));
  for (gint64 end = now + 30000; now < end; now += 5000)
    for (guint i = 0; i < 3; i++)
      report(fleet, i, casa_line_at(line, 4 + 2 * i + (double)(now - end + 60000) / 3600000 * 20), now, line);
  g_assert_false(casa_map_fleet_line_stands(fleet, line, now));
}

/* One that waits at its terminus is not held. */
static void
test_terminus_is_no_trouble(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();

  for (gint64 now = T0; now < T0 + 200000; now += 5000)
    report(fleet, 1, casa_line_at(&toy_city()->lines[0], 0.1), now, &toy_city()->lines[0]);
  g_assert_false(only(fleet, T0 + 200000).held);
}

/* At a station nearly its value, between two equal ones theirs, never beyond the extremes. */
static void
test_field(void)
{
  const double xy[3][2] = { { 0, 0 }, { 100, 0 }, { 50, 80 } }, values[3] = { 10, 30, 50 };

  g_assert_cmpfloat_with_epsilon(casa_map_field_value(xy, values, 3, 0.1, 0, 0), 10, 0.01);
  g_assert_cmpfloat_with_epsilon(casa_map_field_value(xy, values, 2, 10, 50, 0), 20, 1e-9);
  g_assert_true(isnan(casa_map_field_value(xy, values, 0, 10, 50, 0)));
  for (int y = -200; y <= 200; y += 25)
    for (int x = -200; x <= 300; x += 25) {
      double v = casa_map_field_value(xy, values, 3, 20, x, y);

      g_assert_cmpfloat(v, >=, 10);
      g_assert_cmpfloat(v, <=, 50);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/fleet/glide", test_glide);
  g_test_add_func("/map/fleet/no-invented-way", test_no_invented_way);
  g_test_add_func("/map/fleet/reduced-motion", test_reduced_motion);
  g_test_add_func("/map/fleet/stale-goes", test_stale_goes);
  g_test_add_func("/map/fleet/overdue-goes-hollow", test_overdue_goes_hollow);
  g_test_add_func("/map/fleet/keeps-to-its-track", test_keeps_to_its_track);
  g_test_add_func("/map/fleet/tail", test_tail);
  g_test_add_func("/map/fleet/held-and-standing-line", test_held_and_standing_line);
  g_test_add_func("/map/fleet/terminus-is-no-trouble", test_terminus_is_no_trouble);
  g_test_add_func("/map/field/value", test_field);
  return g_test_run();
}
