/* SPDX-License-Identifier: Apache-2.0 */
#include "toy-city.h"
#include "ui/map/camera.h"
#include <math.h>

#define S G_GINT64_CONSTANT(1000000)

static CasaMapCamera *
new_camera(GRand *random)
{
  CasaMapCamera *camera = casa_map_camera_new(toy_city());
  double x = g_rand_double_range(random, 0, 0.4), y = g_rand_double_range(random, 0, 0.4);

  casa_map_camera_set_frame(camera, x, y, g_rand_double_range(random, 0.4, 1 - x), g_rand_double_range(random, 0.4, 1 - y));
  casa_map_camera_set_picture(camera, g_rand_double_range(random, 300, 3840), g_rand_double_range(random, 200, 2160), NULL, 0);
  return camera;
}

static CasaMapStance
any_stance(GRand *random)
{
  return (CasaMapStance){ { g_rand_double_range(random, -8.5, -7), g_rand_double_range(random, 33, 34) },
                          g_rand_double_range(random, 0.1, 60) };
}

static void
assert_sane(CasaMapCamera *camera, gint64 mono_us)
{
  CasaMapStance s = casa_map_camera_stance(camera, mono_us);
  const CasaCity *city = toy_city();

  g_assert_cmpfloat(s.zoom, >=, 1 - 1e-9);
  g_assert_cmpfloat(s.zoom, <=, CASA_MAP_ZOOM_MAX + 1e-9);
  g_assert_cmpfloat(s.centre.lon, >=, city->min.lon - 0.2);
  g_assert_cmpfloat(s.centre.lon, <=, city->max.lon + 0.2);
  g_assert_cmpfloat(s.centre.lat, >=, city->min.lat - 0.2);
  g_assert_cmpfloat(s.centre.lat, <=, city->max.lat + 0.2);
}

/* Whatever is asked of it, it never loses the city. */
static void
test_clamping(void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(3);

  for (guint i = 0; i < 200; i++) {
    g_autoptr(CasaMapCamera) camera = new_camera(random);
    gint64 now_us = S;

    for (guint step = 0; step < 20; step++, now_us += g_rand_int_range(random, 0, 2 * S)) {
      if (step % 3 == 0)
        casa_map_camera_fly(camera, any_stance(random), CASA_MAP_FLIGHT_US, now_us);
      else if (step % 3 == 1)
        casa_map_camera_zoom_about(camera, g_rand_double_range(random, 0.2, 5), g_rand_double_range(random, -100, 4000),
                                   g_rand_double_range(random, -100, 4000), 200000, now_us);
      else
        casa_map_camera_follow(camera, any_stance(random).centre, g_rand_double_range(random, 0, 30), now_us);
      assert_sane(camera, now_us);
      assert_sane(camera, now_us + 300000);
    }
    casa_map_camera_jump(camera, (CasaMapStance){ { NAN, INFINITY }, NAN });
    assert_sane(camera, now_us);
  }
}

/* From anywhere, the way home ends with the whole city in the frame. */
static void
test_home_from_anywhere(void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(5);

  for (guint i = 0; i < 100; i++) {
    g_autoptr(CasaMapCamera) camera = new_camera(random);
    CasaMapView view, home = casa_map_camera_view(camera, 0);

    casa_map_camera_follow(camera, any_stance(random).centre, 5, S);
    casa_map_camera_fly(camera, any_stance(random), CASA_MAP_FLIGHT_US, S + 100);
    casa_map_camera_go_home(camera, S + 400000);
    g_assert_false(casa_map_camera_is_following(camera));
    view = casa_map_camera_view(camera, 10 * S);
    g_assert_true(casa_map_camera_is_home(camera, 10 * S));
    g_assert_cmpfloat_with_epsilon(view.scale, home.scale, 1e-6);
    g_assert_cmpfloat_with_epsilon(view.cx, home.cx, 1e-9);
    g_assert_cmpfloat_with_epsilon(view.cy, home.cy, 1e-9);
    for (guint d = 0; d < toy_city()->n_districts; d++)
      for (guint k = 0; k < 4; k++) {
        double x, y;

        casa_map_project(&view, toy_city()->districts[d].rings[0].points[k], &x, &y);
        g_assert_true(x >= -0.5 && y >= -0.5 && x <= view.w + 0.5 && y <= view.h + 0.5);
      }
  }
}

/* A flight begins where it was, ends where it was sent, and goes without a jump. */
static void
test_flight_is_smooth(void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(8);
  g_autoptr(CasaMapCamera) camera = new_camera(random);
  CasaMapStance to = { { -7.55, 33.55 }, 4 }, before = casa_map_camera_stance(camera, S), s;

  casa_map_camera_fly(camera, to, CASA_MAP_FLIGHT_US, S);
  for (gint64 t = S; t <= S + CASA_MAP_FLIGHT_US; t += 16000) {
    s = casa_map_camera_stance(camera, t);
    g_assert_cmpfloat(s.zoom, >=, before.zoom - 1e-9);
    g_assert_cmpfloat(s.zoom / before.zoom, <, 1.1);
    before = s;
  }
  s = casa_map_camera_stance(camera, S + CASA_MAP_FLIGHT_US);
  g_assert_cmpfloat(s.zoom, ==, 4);
  g_assert_cmpfloat(s.centre.lon, ==, to.centre.lon);
  casa_map_camera_set_eased(camera, FALSE);
  casa_map_camera_go_home(camera, 20 * S);
  g_assert_true(casa_map_camera_is_home(camera, 20 * S)); /* a cut */
}

/* Zooming in and out about one point leaves it where it was, as long as the picture is not clamped. */
static void
test_zoom_keeps_the_place(void)
{
  g_autoptr(CasaMapCamera) camera = casa_map_camera_new(toy_city());
  CasaMapView view;
  CasaLonLat before, after;

  casa_map_camera_set_picture(camera, 1064, 756, NULL, 0);
  casa_map_camera_zoom_about(camera, 2, 532, 378, 0, S);
  view = casa_map_camera_view(camera, S);
  before = casa_map_unproject(&view, 500, 300);
  casa_map_camera_zoom_about(camera, 1.5, 500, 300, 0, S);
  view = casa_map_camera_view(camera, S);
  after = casa_map_unproject(&view, 500, 300);
  g_assert_cmpfloat_with_epsilon(after.lon, before.lon, 1e-9);
  g_assert_cmpfloat_with_epsilon(after.lat, before.lat, 1e-9);
}

static void
test_box_fills_the_frame(void)
{
  g_autoptr(CasaMapCamera) camera = casa_map_camera_new(toy_city());
  CasaMapView view;
  double x0, y0, x1, y1;

  casa_map_camera_set_picture(camera, 1920, 1080, NULL, 0);
  casa_map_camera_set_frame(camera, 0, 0.2, 0.7, 0.7);
  casa_map_camera_fly_to_box(camera, (CasaLonLat){ -7.62, 33.56 }, (CasaLonLat){ -7.59, 33.58 }, 0.35, 24, S);
  view = casa_map_camera_view(camera, 10 * S);
  casa_map_project(&view, (CasaLonLat){ -7.62, 33.58 }, &x0, &y0);
  casa_map_project(&view, (CasaLonLat){ -7.59, 33.56 }, &x1, &y1);
  g_assert_cmpfloat_with_epsilon((x0 + x1) / 2, 1920 * 0.35, 1);
  g_assert_cmpfloat_with_epsilon((y0 + y1) / 2, 1080 * 0.55, 1);
  g_assert_cmpfloat_with_epsilon(MAX((x1 - x0) / (1920 * 0.7), (y1 - y0) / (1080 * 0.7)), 1 / 1.35, 0.01);
  casa_map_camera_fly_to_box(camera, (CasaLonLat){ -7.62, 33.56 }, (CasaLonLat){ -7.61, 33.57 }, 0.35, 2.8, S);
  g_assert_cmpfloat(casa_map_camera_stance(camera, 10 * S).zoom, ==, 2.8);
}

/* Where a scene wants it to look: there from the first picture on, at every size; it goes away when it is moved, and comes
 * back when it is sent back. The whole city is still one key away. */
static void
test_rest(void)
{
  const CasaLonLat min = { -7.62, 33.56 }, max = { -7.59, 33.58 };
  g_autoptr(CasaMapCamera) camera = casa_map_camera_new(toy_city());

  casa_map_camera_set_rest(camera, min, max, 0.35, 24);
  for (guint i = 1; i <= 3; i++) {
    double x0, y0, x1, y1;

    casa_map_camera_set_picture(camera, 640 * i, 480 + 100 * i, NULL, 0);
    casa_map_camera_set_frame(camera, 0, 0.2, 0.7, 0.7);
    const CasaMapView view = casa_map_camera_view(camera, S);
    casa_map_project(&view, (CasaLonLat){ min.lon, max.lat }, &x0, &y0);
    casa_map_project(&view, (CasaLonLat){ max.lon, min.lat }, &x1, &y1);
    g_assert_cmpfloat_with_epsilon((x0 + x1) / 2, view.w * 0.35, 1);
    g_assert_cmpfloat_with_epsilon(MAX((x1 - x0) / (view.w * 0.7), (y1 - y0) / (view.h * 0.7)), 1 / 1.35, 0.01);
  }
  const CasaMapStance rest = casa_map_camera_stance(camera, S);
  casa_map_camera_go_home(camera, S);
  g_assert_true(casa_map_camera_is_home(camera, 20 * S));
  casa_map_camera_set_picture(camera, 800, 600, NULL, 0);
  g_assert_true(casa_map_camera_is_home(camera, 20 * S)); /* whoever went home stays there */
  casa_map_camera_set_picture(camera, 1920, 780, NULL, 0);
  casa_map_camera_go_back(camera, 20 * S);
  g_assert_cmpfloat_with_epsilon(casa_map_camera_stance(camera, 30 * S).zoom, rest.zoom, 1e-9);
  g_assert_cmpfloat(casa_map_camera_stance(camera, 30 * S).centre.lon, ==, rest.centre.lon);
  casa_map_camera_set_rest(camera, min, min, 0.35, 5);
  g_assert_cmpfloat(casa_map_camera_stance(camera, 30 * S).zoom, ==, 5); /* a point has the zoom that is asked for */
}

static void
test_named_views(void)
{
  g_autoptr(CasaMapCamera) camera = casa_map_camera_new(toy_city());

  casa_map_camera_set_picture(camera, 1920, 1080, NULL, 0);
  casa_map_camera_jump(camera, (CasaMapStance){ { -7.55, 33.55 }, 3 });
  casa_map_camera_keep(camera, "port", S);
  casa_map_camera_go_home(camera, S);
  g_assert_false(casa_map_camera_recall(camera, "elsewhere", 9 * S));
  g_assert_true(casa_map_camera_recall(camera, "port", 9 * S));
  g_assert_cmpfloat(casa_map_camera_stance(camera, 20 * S).zoom, ==, 3);
  g_assert_cmpfloat(casa_map_camera_stance(camera, 20 * S).centre.lon, ==, -7.55);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/camera/clamping", test_clamping);
  g_test_add_func("/map/camera/home-from-anywhere", test_home_from_anywhere);
  g_test_add_func("/map/camera/flight-is-smooth", test_flight_is_smooth);
  g_test_add_func("/map/camera/zoom-keeps-the-place", test_zoom_keeps_the_place);
  g_test_add_func("/map/camera/box-fills-the-frame", test_box_fills_the_frame);
  g_test_add_func("/map/camera/rest", test_rest);
  g_test_add_func("/map/camera/named-views", test_named_views);
  return g_test_run();
}
