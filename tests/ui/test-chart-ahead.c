/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-layout.h"
#include "ui/chart/chart-revision.h"
#include "ui/text/lang.h"
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

/* The time to come in a chart: a dotted line in a pale band, never a line that could be taken for a measurement, and its
 * badge. */

#define HOUR G_GINT64_CONSTANT(3600000)
#define NOW G_GINT64_CONSTANT(1779385327000) /* 2026-05-21, 18:42 in Casablanca */
#define WIDTH 600
#define HEIGHT 300

static const CasaRgb measured_colour = { 1, 0, 1 }, ahead_colour = { 1, 1, 0 };

typedef struct {
  CasaPyramid *measured, *middle, *low, *high;
  CasaChartPicture chart;
  CasaChartLayout layout;
  cairo_surface_t *surface;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  f->measured = casa_pyramid_new(1000);
  f->middle = casa_pyramid_new(1000);
  f->low = casa_pyramid_new(1000);
  f->high = casa_pyramid_new(1000);
  for (gint64 t = NOW - 18 * HOUR; t <= NOW; t += HOUR / 12)
    casa_pyramid_add(f->measured, t, t < NOW - 17 * HOUR ? 80 : 50);
  for (gint64 t = NOW - HOUR; t <= NOW + 8 * HOUR; t += HOUR / 12) { /* from before now, as the last whole hour is */
    casa_pyramid_add(f->middle, t, 60);
    casa_pyramid_add(f->low, t, 40);
    casa_pyramid_add(f->high, t, 74);
  }
  memset(&f->chart, 0, sizeof f->chart);
  f->chart.from_ms = NOW - 18 * HOUR;
  f->chart.to_ms = NOW + 6 * HOUR;
  f->chart.now_ms = NOW;
  f->chart.gap_ms = HOUR / 2;
  f->chart.theme = casa_theme_get("dark");
  f->chart.font = "Inter, sans-serif";
  f->chart.font_px = 16;
  f->chart.line_px = 3;
  f->chart.lines[0] = (CasaChartLine){ .data = f->measured, .colour = measured_colour };
  f->chart.lines[1] = (CasaChartLine){ .data = f->middle, .colour = ahead_colour, .dotted = TRUE, .ahead = TRUE };
  f->chart.n_lines = 2;
  f->chart.ahead = (CasaChartAhead){ .low = f->low, .high = f->high, .colour = ahead_colour };
  f->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_pyramid_free(f->measured);
  casa_pyramid_free(f->middle);
  casa_pyramid_free(f->low);
  casa_pyramid_free(f->high);
  cairo_surface_destroy(f->surface);
}

static void
paint(Fixture *f)
{
  const CasaRgb panel = f->chart.theme->panel;
  cairo_t *cr = cairo_create(f->surface);
  PangoContext *pango = pango_cairo_create_context(cr);

  cairo_set_source_rgb(cr, panel.r, panel.g, panel.b);
  cairo_paint(cr);
  casa_chart_paint(cr, pango, WIDTH, HEIGHT, &f->chart);
  casa_chart_layout_init(&f->layout, pango, WIDTH, HEIGHT, 1, &f->chart);
  g_object_unref(pango);
  cairo_destroy(cr);
  cairo_surface_flush(f->surface);
}

static CasaRgb
pixel_at(Fixture *f, gint x, gint y)
{
  guint32 pixel;

  memcpy(&pixel, cairo_image_surface_get_data(f->surface) + y * cairo_image_surface_get_stride(f->surface) + 4 * x,
         sizeof pixel);
  return (CasaRgb){ (pixel >> 16 & 0xff) / 255.0, (pixel >> 8 & 0xff) / 255.0, (pixel & 0xff) / 255.0 };
}

static double
distance(CasaRgb a, CasaRgb b)
{
  return MAX(fabs(a.r - b.r), MAX(fabs(a.g - b.g), fabs(a.b - b.b)));
}

/* How many pixels of a row have a colour. */
static guint
count(Fixture *f, CasaRgb colour, gint left, gint right, gint y)
{
  guint n = 0;

  for (gint x = left; x < right; x++)
    n += distance(pixel_at(f, x, y), colour) < 0.06;
  return n;
}

/* The band fills the time to come between its bounds and nothing else; the axis reaches both. */
static void
test_band(Fixture *f, gconstpointer data)
{
  paint(f);
  const CasaChartLayout *l = &f->layout;
  const CasaRgb ground = f->chart.theme->panel;
  const gint now = (gint)casa_chart_layout_x(l, NOW), right = (gint)(l->x + l->w);
  const gint within = (gint)casa_chart_layout_y(l, 72), above = (gint)casa_chart_layout_y(l, 77);
  guint tinted = 0;

  g_assert_cmpfloat(l->values.low, <=, 40);
  g_assert_cmpfloat(l->values.high, >=, 74);
  for (gint x = now + 3; x < right - 1; x++)
    tinted += distance(pixel_at(f, x, within), ground) > 0.1;
  g_assert_cmpuint(tinted, ==, (guint)(right - 1 - (now + 3)));
  g_assert_cmpuint(count(f, ground, (gint)l->x + 60, now - 3, within), ==, (guint)(now - 3 - ((gint)l->x + 60)));
  g_assert_cmpuint(count(f, ground, now + 3, right, above), ==, (guint)(right - (now + 3)));
}

/* Dots beyond now, and not one before, although the line begins there. */
static void
test_line(Fixture *f, gconstpointer data)
{
  paint(f);
  const CasaChartLayout *l = &f->layout;
  const gint now = (gint)casa_chart_layout_x(l, NOW), right = (gint)(l->x + l->w), y = (gint)casa_chart_layout_y(l, 60);
  const guint beyond = count(f, ahead_colour, now + 1, right, y);

  g_assert_cmpuint(beyond, >=, 10);
  g_assert_cmpuint(beyond, <, (guint)(right - now) * 3 / 4);
  g_assert_cmpuint(count(f, ahead_colour, 0, now - 1, y), ==, 0);
}

/* The badge stands over the time to come; where nothing is forecast yet it is at the right end. */
static void
test_badge(Fixture *f, gconstpointer data)
{
  paint(f);
  const gint now = (gint)casa_chart_layout_x(&f->layout, NOW), right = (gint)(f->layout.x + f->layout.w);
  const gint top = (gint)(f->layout.y + 0.6 * f->layout.h), bottom = (gint)(f->layout.y + 0.8 * f->layout.h);
  guint before = 0, with = 0, early = 0;

  for (gint y = top; y < bottom; y++)
    before += count(f, f->chart.theme->ink, now, right, y);
  f->chart.ahead.badge = "prévu";
  paint(f);
  for (gint y = top; y < bottom; y++) {
    with += count(f, f->chart.theme->ink, now + 2, right, y);
    early += count(f, f->chart.theme->ink, 0, now - 2, y);
  }
  g_assert_cmpuint(with, >, before + 10);
  g_assert_cmpuint(early, ==, 0);
  f->chart.ahead = (CasaChartAhead){ .badge = "pas encore" };
  f->chart.n_lines = 1;
  f->chart.to_ms = NOW;
  with = 0;
  paint(f);
  for (gint y = top; y < bottom; y++)
    with += count(f, f->chart.theme->muted, right - 150, right - 2, y);
  g_assert_cmpuint(with, >, 10);
}

/* What changes in the band is painted. */
static void
test_revision(Fixture *f, gconstpointer data)
{
  char badge[] = "prévu";
  guint64 last;

  f->chart.ahead.badge = badge;
  last = casa_chart_revision(&f->chart, WIDTH);
  casa_pyramid_add(f->low, NOW + 9 * HOUR, 30);
  g_assert_cmpuint(casa_chart_revision(&f->chart, WIDTH), !=, last);
  last = casa_chart_revision(&f->chart, WIDTH);
  casa_pyramid_add(f->high, NOW + 9 * HOUR, 90);
  g_assert_cmpuint(casa_chart_revision(&f->chart, WIDTH), !=, last);
  last = casa_chart_revision(&f->chart, WIDTH);
  badge[0] = 'P';
  g_assert_cmpuint(casa_chart_revision(&f->chart, WIDTH), !=, last);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/ui/chart/ahead/band", Fixture, NULL, set_up, test_band, tear_down);
  g_test_add("/ui/chart/ahead/line", Fixture, NULL, set_up, test_line, tear_down);
  g_test_add("/ui/chart/ahead/badge", Fixture, NULL, set_up, test_badge, tear_down);
  g_test_add("/ui/chart/ahead/revision", Fixture, NULL, set_up, test_revision, tear_down);
  return g_test_run();
}
