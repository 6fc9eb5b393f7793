/* SPDX-License-Identifier: Apache-2.0 */
#include "toy-city.h"
#include "ui/map/badges.h"
#include "ui/map/fleet.h"
#include <math.h>

static const double sizes[][2] = { { 300, 200 }, { 1064, 760 }, { 760, 1064 }, { 1200, 300 }, { 3840, 2160 } };

static void
test_round_trip(void)
{
  CasaMapView view = casa_map_view_fit(toy_city(), 1064, 760, 3, &(CasaLonLat){ -7.58, 33.6 });

  view.x = 20;
  view.y = 30;
  for (int i = 0; i < 100; i++) {
    CasaLonLat at = { -7.8 + 0.005 * i, 33.4 + 0.003 * i }, back;
    double x, y;

    casa_map_project(&view, at, &x, &y);
    back = casa_map_unproject(&view, x, y);
    g_assert_cmpfloat_with_epsilon(back.lon, at.lon, 1e-9);
    g_assert_cmpfloat_with_epsilon(back.lat, at.lat, 1e-9);
  }
}

/* North is up, and a kilometre is as long from east to west as from south to north. */
static void
test_shape(void)
{
  CasaMapView view = casa_map_view_fit(toy_city(), 800, 600, 1, NULL);
  CasaLonLat o = { -7.6, 33.58 }, north = { -7.6, 33.59 }, east = { -7.59, 33.58 };
  double ox, oy, nx, ny, ex, ey;

  casa_map_project(&view, o, &ox, &oy);
  casa_map_project(&view, north, &nx, &ny);
  casa_map_project(&view, east, &ex, &ey);
  g_assert_cmpfloat(ny, <, oy);
  g_assert_cmpfloat(ex, >, ox);
  g_assert_cmpfloat_with_epsilon((oy - ny) / casa_distance_km(o, north), (ex - ox) / casa_distance_km(o, east), 0.1);
}

static void
assert_inside(const CasaMapView *view, const CasaCity *city)
{
  for (guint d = 0; d < city->n_districts; d++)
    for (guint i = 0; i < city->districts[d].rings[0].n; i++) {
      double x, y;

      casa_map_project(view, city->districts[d].rings[0].points[i], &x, &y);
      g_assert_cmpfloat(x, >=, 0);
      g_assert_cmpfloat(x, <=, view->w);
      g_assert_cmpfloat(y, >=, 0);
      g_assert_cmpfloat(y, <=, view->h);
    }
}

static void
test_fit(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    double w = sizes[i][0], h = sizes[i][1];
    CasaMapView view = casa_map_view_fit(toy_city(), w, h, 1, NULL);
    double used_w = 0.2 * view.k * view.scale, used_h = 0.16 * view.scale;

    assert_inside(&view, toy_city());
    g_assert_true(used_w > w * 0.9 || used_h > h * 0.9);
  }
}

static void
test_fit_beside(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    double w = sizes[i][0], h = sizes[i][1];
    const CasaMapBox avoid[] = { { 10, 10, w * 0.25, h * 0.15 }, { w * 0.7, h * 0.94, w * 0.28, h * 0.05 } };
    CasaMapView view = casa_map_view_fit_beside(toy_city(), w, h, 1, NULL, avoid, 2);

    assert_inside(&view, toy_city());
    g_assert_false(casa_map_view_touches(&view, toy_city(), &avoid[0]));
    g_assert_false(casa_map_view_touches(&view, toy_city(), &avoid[1]));
  }
}

static void
test_touches_inside_and_edges(void)
{
  CasaMapView view = casa_map_view_fit(toy_city(), 1000, 800, 1, NULL);
  double x, y;

  casa_map_project(&view, (CasaLonLat){ -7.65, 33.62 }, &x, &y); /* no corner of a district is in this box */
  g_assert_true(casa_map_view_touches(&view, toy_city(), &(CasaMapBox){ x - 5, y - 5, 10, 10 }));
  casa_map_project(&view, (CasaLonLat){ -7.70, 33.62 }, &x, &y); /* an edge runs through */
  g_assert_true(casa_map_view_touches(&view, toy_city(), &(CasaMapBox){ x - 20, y - 5, 25, 10 }));
  g_assert_false(casa_map_view_touches(&view, toy_city(), &(CasaMapBox){ x - 30, y - 5, 20, 10 }));
}

static void
test_signs_never_overlap(void)
{
  const CasaMapBox bounds = { 0, 0, 1000, 700 };
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  const CasaMapBox legend = { 0, 0, 300, 120 };
  CasaMapSign signs[60];
  CasaMapBox boxes[60];
  guint placed = 0;

  g_array_append_val(taken, legend);
  for (guint i = 0; i < 60; i++)
    signs[i] = (CasaMapSign){ g_test_rand_double_range(200, 800), g_test_rand_double_range(100, 600), 70, 32, i };
  casa_map_place_signs(signs, 60, &bounds, 4, taken, boxes);
  for (guint i = 0; i < 60; i++) {
    if (boxes[i].w <= 0)
      continue;
    placed++;
    g_assert_false(casa_map_boxes_overlap(&boxes[i], &legend, 3.9));
    g_assert_cmpfloat(boxes[i].x, >=, 0);
    g_assert_cmpfloat(boxes[i].y + boxes[i].h, <=, 700);
    for (guint k = 0; k < i; k++)
      if (boxes[k].w > 0)
        g_assert_false(casa_map_boxes_overlap(&boxes[i], &boxes[k], 3.9));
  }
  g_assert_cmpuint(placed, >=, 25);
  g_assert_cmpuint(taken->len, ==, placed + 1);
}

/* Three on one point with room for one: the most important stays, on its place, whatever the order. */
static void
test_priority_wins(void)
{
  const CasaMapBox bounds = { 0, 0, 90, 40 };

  for (guint order = 0; order < 3; order++) {
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
    CasaMapSign signs[3] = { { 45, 20, 80, 30, 1 }, { 45, 20, 80, 30, 1 }, { 45, 20, 80, 30, 1 } };
    CasaMapBox boxes[3];

    signs[order].priority = 5;
    casa_map_place_signs(signs, 3, &bounds, 2, taken, boxes);
    for (guint i = 0; i < 3; i++)
      g_assert_cmpfloat(boxes[i].w, ==, i == order ? 80 : 0);
    g_assert_cmpfloat(boxes[order].x, ==, 5);
  }
}

static void
test_signs_odd_input(void)
{
  const CasaMapBox bounds = { 0, 0, 100, 100 };
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  CasaMapSign signs[2] = { { NAN, 5, 10, 10, 0 }, { -500, 50, 10, 10, 0 } };
  CasaMapBox boxes[2];

  casa_map_place_signs(NULL, 0, &bounds, 2, taken, NULL);
  casa_map_place_signs(signs, 2, &bounds, 2, taken, boxes);
  g_assert_cmpfloat(boxes[0].w, ==, 0);
  g_assert_cmpfloat(boxes[1].w, ==, 0);
}

#define T0 G_GINT64_CONSTANT(1779385327120)
static const CasaLonLat from = { -7.60, 33.57 }, to = { -7.59, 33.58 };

static CasaMapVehicle
only(CasaMapFleet *fleet, gint64 mono_us, gboolean *busy)
{
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));

  *busy = casa_map_fleet_read(fleet, mono_us, shown);
  g_assert_cmpuint(shown->len, ==, 1);
  return g_array_index(shown, CasaMapVehicle, 0);
}

static void
test_glide(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  gboolean busy;

  casa_map_fleet_set(fleet, 7, from, T0, 0x112233, T0, 1000000);
  g_assert_cmpfloat(only(fleet, 1500000, &busy).at.lon, ==, from.lon);
  g_assert_false(busy);
  casa_map_fleet_set(fleet, 7, to, T0 + 2000, 0x112233, T0 + 2000, 3000000);
  g_assert_cmpfloat_with_epsilon(only(fleet, 4000000, &busy).at.lon, -7.595, 1e-9);
  g_assert_true(busy);
  casa_map_fleet_set(fleet, 7, from, T0 + 1000, 0x112233, T0 + 2000, 4000000); /* late: ignored */
  g_assert_cmpfloat_with_epsilon(only(fleet, 5000000, &busy).at.lat, to.lat, 1e-9);
  g_assert_false(busy);
  g_assert_cmphex(only(fleet, 5000000, &busy).rgb, ==, 0x112233);
}

static void
test_no_invented_way(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  gboolean busy;

  casa_map_fleet_set(fleet, 1, from, T0, 0, T0, 0);
  casa_map_fleet_set(fleet, 1, to, T0 + 25000, 0, T0 + 25000, 25000000); /* after a silence */
  g_assert_cmpfloat(only(fleet, 25000001, &busy).at.lon, ==, to.lon);
  casa_map_fleet_set(fleet, 1, (CasaLonLat){ -7.4, 33.6 }, T0 + 26000, 0, T0 + 26000, 26000000); /* 17 km in a second */
  g_assert_cmpfloat(only(fleet, 26000001, &busy).at.lon, ==, -7.4);
  casa_map_fleet_set(fleet, 1, (CasaLonLat){ NAN, 33.6 }, T0 + 27000, 0, T0 + 27000, 27000000);
  g_assert_cmpfloat(only(fleet, 27000001, &busy).at.lon, ==, -7.4);
}

static void
test_reduced_motion(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  gboolean busy;

  casa_map_fleet_set_glide(fleet, FALSE);
  casa_map_fleet_set(fleet, 1, from, T0, 0, T0, 0);
  casa_map_fleet_set(fleet, 1, to, T0 + 2000, 0, T0 + 2000, 2000000);
  g_assert_cmpfloat(only(fleet, 2000001, &busy).at.lon, ==, to.lon);
  g_assert_false(busy);
}

static void
test_stale_goes(void)
{
  g_autoptr(CasaMapFleet) fleet = casa_map_fleet_new();
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));
  gboolean busy;

  casa_map_fleet_set_stale(fleet, 5000);
  casa_map_fleet_set(fleet, 1, from, T0, 0, T0 + 2000, 0); /* already two seconds old */
  g_assert_cmpfloat(only(fleet, 2900000, &busy).alpha, ==, 1);
  g_assert_cmpfloat_with_epsilon(only(fleet, 4000000, &busy).alpha, 0.5, 1e-6);
  g_assert_true(busy);
  g_assert_false(casa_map_fleet_read(fleet, 5100000, shown));
  g_assert_cmpuint(shown->len, ==, 0);
  g_assert_cmpuint(casa_map_fleet_size(fleet), ==, 0);

  casa_map_fleet_set(fleet, 1, from, T0, 0, T0 + 3600000, 0); /* an hour old: never shown */
  casa_map_fleet_read(fleet, 1, shown);
  g_assert_cmpuint(shown->len, ==, 0);
  casa_map_fleet_set_stale(fleet, 0); /* replay */
  casa_map_fleet_set(fleet, 1, from, T0, 0, T0 + 3600000, 0);
  g_assert_cmpfloat(only(fleet, 1, &busy).alpha, ==, 1);
}

static void
test_classes(void)
{
  const double breaks[6] = { 0, 20, 40, 50, 100, 150 };

  g_assert_cmpuint(casa_map_class(breaks, -5), ==, 0);
  g_assert_cmpuint(casa_map_class(breaks, 19.99), ==, 0);
  g_assert_cmpuint(casa_map_class(breaks, 20), ==, 1);
  g_assert_cmpuint(casa_map_class(breaks, 99), ==, 3);
  g_assert_cmpuint(casa_map_class(breaks, 1e9), ==, 5);
  g_assert_cmpuint(casa_map_class(breaks, NAN), ==, G_MAXUINT);
  g_assert_cmpuint(casa_map_class(breaks, INFINITY), ==, G_MAXUINT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/projection/round-trip", test_round_trip);
  g_test_add_func("/map/projection/shape", test_shape);
  g_test_add_func("/map/projection/fit", test_fit);
  g_test_add_func("/map/projection/fit-beside", test_fit_beside);
  g_test_add_func("/map/projection/touches", test_touches_inside_and_edges);
  g_test_add_func("/map/signs/never-overlap", test_signs_never_overlap);
  g_test_add_func("/map/signs/priority-wins", test_priority_wins);
  g_test_add_func("/map/signs/odd-input", test_signs_odd_input);
  g_test_add_func("/map/fleet/glide", test_glide);
  g_test_add_func("/map/fleet/no-invented-way", test_no_invented_way);
  g_test_add_func("/map/fleet/reduced-motion", test_reduced_motion);
  g_test_add_func("/map/fleet/stale-goes", test_stale_goes);
  g_test_add_func("/map/classes", test_classes);
  return g_test_run();
}
