/* SPDX-License-Identifier: Apache-2.0 */
/* Column filling against cairo's own stroke of the same samples: it must look like one. */
#include "ui/chart/column-fill.h"
#include <cairo.h>
#include <math.h>

enum { WIDTH = 240, HEIGHT = 160 };

static const CasaRgb white = { 1, 1, 1 };

typedef double (*Shape)(double x, gpointer data);

/* @per_column samples in each pixel column. */
static CasaPyramid *
make_samples(Shape shape, gpointer data, double per_column)
{
  CasaPyramid *p = casa_pyramid_new(1 << 20);
  const gint n = (gint)(WIDTH * per_column);
  for (gint i = 0; i <= n; i++)
    casa_pyramid_add(p, i * 1000, shape((double)i / per_column, data));
  return p;
}

static CasaEnvelopeView
make_view(double per_column)
{
  return (CasaEnvelopeView){
    .to_ms = (gint64)(WIDTH * per_column) * 1000,
    .columns = WIDTH,
    .high = HEIGHT, /* one unit is one pixel */
    .height = HEIGHT,
  };
}

static cairo_surface_t *
black_surface(void)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create(surface);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  return surface;
}

static CasaCanvas
canvas_of(cairo_surface_t *surface)
{
  return (CasaCanvas){
    .pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(surface),
    .stride = cairo_image_surface_get_stride(surface) / 4,
    .right = WIDTH,
    .bottom = HEIGHT,
  };
}

static void
fill_cb(const CasaInk *knots, gint begin, gint end, gpointer data)
{
  casa_column_fill(data, knots, begin, end, white);
}

static cairo_surface_t *
fill(const CasaPyramid *p, const CasaEnvelopeView *view, double width)
{
  cairo_surface_t *surface = black_surface();
  CasaCanvas canvas = canvas_of(surface);
  g_autoptr(CasaEnvelope) envelope = casa_envelope_new(p, view);
  casa_envelope_foreach_stroke(envelope, width, 0, 0, fill_cb, &canvas);
  cairo_surface_mark_dirty(surface);
  return surface;
}

static cairo_surface_t *
stroke(const CasaPyramid *p, const CasaEnvelopeView *view, double width)
{
  cairo_surface_t *surface = black_surface();
  cairo_t *cr = cairo_create(surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_set_line_width(cr, width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < casa_pyramid_length(p); i++) {
    gint64 t;
    double value;
    casa_pyramid_get(p, i, &t, &value);
    cairo_line_to(cr, (double)t / (double)view->to_ms * WIDTH, HEIGHT - value);
  }
  cairo_stroke(cr);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  return surface;
}

static double
level(cairo_surface_t *surface, gint x, gint y)
{
  const CasaCanvas canvas = canvas_of(surface);
  return (canvas.pixels[y * canvas.stride + x] & 0xff) / 255.0;
}

/* Sum of the differences over the sum of the ink, a few columns at both ends left out (caps). */
static double
difference(cairo_surface_t *a, cairo_surface_t *b)
{
  double differing = 0, ink = 0;
  for (gint x = 4; x < WIDTH - 4; x++)
    for (gint y = 0; y < HEIGHT; y++) {
      differing += fabs(level(a, x, y) - level(b, x, y));
      ink += level(b, x, y);
    }
  return differing / ink;
}

static void
assert_like_stroke(Shape shape, gpointer data, double per_column, double width, double tolerance)
{
  g_autoptr(CasaPyramid) p = make_samples(shape, data, per_column);
  const CasaEnvelopeView view = make_view(per_column);
  cairo_surface_t *filled = fill(p, &view, width), *stroked = stroke(p, &view, width);
  const double found = difference(filled, stroked);
  g_test_message("%g samples per column, %g px wide: differs by %.1f %%", per_column, width, found * 100);
  g_assert_cmpfloat(found, <, tolerance);
  cairo_surface_destroy(filled);
  cairo_surface_destroy(stroked);
}

static double
slope(double x, gpointer data)
{
  return 10.3 + x * *(double *)data;
}

static void
test_straight_lines(void)
{
  double slopes[] = { 0, 0.1, 0.3, 0.5 };
  for (guint i = 0; i < G_N_ELEMENTS(slopes); i++)
    for (double per_column = 1; per_column <= 20; per_column *= 2.3)
      assert_like_stroke(slope, &slopes[i], per_column, 3, 0.03);
}

static double
zigzag(double x, gpointer data)
{
  const double steep = *(double *)data, height = 120, phase = fmod(x * steep, 2 * height);
  return 20.4 + (phase < height ? phase : 2 * height - phase);
}

static void
test_steep_lines(void)
{
  double steep[] = { 1, 2, 5, 11 };
  for (guint i = 0; i < G_N_ELEMENTS(steep); i++)
    for (double per_column = 2; per_column <= 32; per_column *= 2)
      assert_like_stroke(zigzag, &steep[i], per_column, 3, 0.06);
}

static double
wave(double x, gpointer data)
{
  return 80 + 50 * sin(x / 17) + 9 * sin(x / 3.1);
}

static void
test_waves(void)
{
  const double widths[] = { 1.5, 3, 6, 12 };
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++)
    for (double per_column = 0.7; per_column < 100; per_column *= 3)
      assert_like_stroke(wave, NULL, per_column, widths[i], 0.06);
}

static double
noise(double x, gpointer data)
{
  return 80 + 30 * sin(x / 40) + g_rand_double_range(data, -12, 12);
}

static void
test_noise(void)
{
  for (double per_column = 6; per_column < 60; per_column *= 3) {
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    assert_like_stroke(noise, random, per_column, 3, 0.03);
  }
}

static double
column_ink(cairo_surface_t *surface, gint x)
{
  double ink = 0;
  for (gint y = 0; y < HEIGHT; y++)
    ink += level(surface, x, y);
  return ink;
}

static double
level_line(double x, gpointer data)
{
  return 50.25;
}

static void
test_gap(void)
{
  for (guint per_column = 1; per_column <= 10; per_column += 9) {
    CasaEnvelopeView view = make_view(per_column);
    g_autoptr(CasaPyramid) p = make_samples(level_line, NULL, per_column);
    casa_pyramid_clear(p);
    for (gint i = 0; i <= WIDTH * (gint)per_column; i++)
      if (i < 100 * (gint)per_column || i > 120 * (gint)per_column)
        casa_pyramid_add(p, i * 1000, 50.25);
    view.gap_ms = 5000;
    cairo_surface_t *filled = fill(p, &view, 3);
    for (gint x = 2; x < WIDTH - 2; x++)
      if (x < 97 || x > 123)
        g_assert_cmpfloat_with_epsilon(column_ink(filled, x), 3, 0.05);
      else if (x > 102 && x < 117)
        g_assert_cmpfloat(column_ink(filled, x), ==, 0);
    cairo_surface_destroy(filled);
  }
}

/* A sample between two breaks is a dot as wide as the line. */
static void
test_lone_sample(void)
{
  CasaEnvelopeView view = make_view(1);
  g_autoptr(CasaPyramid) p = casa_pyramid_new(10);
  casa_pyramid_add(p, 50500, 80);
  cairo_surface_t *filled = fill(p, &view, 4);
  double ink = 0;
  for (gint x = 0; x < WIDTH; x++)
    ink += column_ink(filled, x);
  g_assert_cmpfloat_with_epsilon(ink, G_PI * 4, 1.6);
  g_assert_cmpfloat(level(filled, 50, 79), >, 0.9);
  cairo_surface_destroy(filled);
}

/* Nothing is written outside the canvas, however far the values go. */
static void
test_stays_inside(void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(3);
  g_autoptr(CasaPyramid) p = make_samples(noise, random, 7);
  CasaEnvelopeView view = make_view(7);
  view.low = 75;
  view.high = 85;
  cairo_surface_t *surface = black_surface();
  CasaCanvas canvas = canvas_of(surface);
  canvas.left = canvas.x = 30;
  canvas.top = canvas.y = 20;
  canvas.right = WIDTH - 40;
  canvas.bottom = HEIGHT - 30;
  g_autoptr(CasaEnvelope) envelope = casa_envelope_new(p, &view);
  casa_envelope_foreach_stroke(envelope, 3, 0, 0, fill_cb, &canvas);
  for (gint y = 0; y < HEIGHT; y++)
    for (gint x = 0; x < WIDTH; x++) {
      const gboolean inside = x >= canvas.left && x < canvas.right && y >= canvas.top && y < canvas.bottom;
      if (!inside)
        g_assert_cmpfloat(level(surface, x, y), ==, 0);
    }
  /* Where the wave crosses the middle of the view. */
  g_assert_cmpfloat(level(surface, canvas.x + 125, 60), >, 0.9);
  cairo_surface_destroy(surface);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/chart/fill/straight-lines", test_straight_lines);
  g_test_add_func("/ui/chart/fill/steep-lines", test_steep_lines);
  g_test_add_func("/ui/chart/fill/waves", test_waves);
  g_test_add_func("/ui/chart/fill/noise", test_noise);
  g_test_add_func("/ui/chart/fill/gap", test_gap);
  g_test_add_func("/ui/chart/fill/lone-sample", test_lone_sample);
  g_test_add_func("/ui/chart/fill/stays-inside", test_stays_inside);
  return g_test_run();
}
