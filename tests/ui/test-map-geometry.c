/* SPDX-License-Identifier: Apache-2.0 */
#include "toy-city.h"
#include "ui/map/badges.h"
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
  return g_test_run();
}
