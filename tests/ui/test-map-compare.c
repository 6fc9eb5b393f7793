/* SPDX-License-Identifier: Apache-2.0 */
#include "toy-city.h"
#include "ui/map/map-picture.h"
#include "ui/text/lang.h"
#include <math.h>
#include <pango/pangocairo.h>

/* The map in two: what is measured where reading begins, and beyond the line the same city as it would be without. */

#define W 900
#define H 600
#define STEP_US 50000

typedef struct {
  CasaMapPicture *picture;
  PangoContext *pango;
  gint64 now_us;
} Fixture;

/* District a takes nothing, the others 100. */
static void
set_up(Fixture *f, gconstpointer lang)
{
  static const CasaMapScale scale = { .title = "MW", .ramp = CASA_MAP_RAMP_DENSITY, .max = 200, .limit = NAN };
  const double values[] = { 0, 100, 100, 100 };
  g_autoptr(PangoFontMap) fonts = pango_cairo_font_map_new();

  casa_lang_set(lang);
  f->pango = pango_font_map_create_context(fonts);
  f->picture = casa_map_picture_new(toy_city());
  f->now_us = 1000000;
  casa_map_picture_set_still(f->picture, FALSE);
  casa_map_picture_set_style(f->picture, casa_theme_get("dark"), "Sans", 18, casa_lang_rtl());
  casa_map_picture_set_size(f->picture, f->pango, W, H, 1);
  casa_map_picture_set_scale(f->picture, &scale);
  casa_map_picture_set_districts(f->picture, values);
}

static void
tear_down(Fixture *f, gconstpointer lang)
{
  casa_map_picture_free(f->picture);
  g_object_unref(f->pango);
}

/* For two seconds, as long as a frame is wanted. */
static void
play(Fixture *f)
{
  for (guint i = 0; i < 40; i++) {
    f->now_us += STEP_US;
    casa_map_picture_set_now(f->picture, 1780000000000 + f->now_us / 1000, 1, f->now_us);
    if (casa_map_picture_next_us(f->picture, f->now_us) <= f->now_us || i == 0)
      casa_map_picture_frame(f->picture, f->pango, f->now_us);
  }
}

static guint32
pixel(Fixture *f, double x, double y)
{
  cairo_surface_t *picture = casa_map_tiles_picture(casa_map_picture_tiles(f->picture));
  const guchar *data;

  cairo_surface_flush(picture);
  data = cairo_image_surface_get_data(picture) + (int)y * cairo_image_surface_get_stride(picture) + (int)x * 4;
  return *(const guint32 *)(gconstpointer)data & 0xffffff;
}

/* Beside its middle: names stand there. */
static guint32
colour_of(Fixture *f, guint district)
{
  const CasaLonLat at = toy_city()->districts[district].centroid;
  double x, y;

  casa_map_project(casa_map_picture_view(f->picture), (CasaLonLat){ at.lon - 0.02, at.lat + 0.01 }, &x, &y);
  return pixel(f, x, y);
}

static void
tell(Fixture *f)
{
  const double without[] = { 100, 100, 100, 100 };
  const CasaMapOther other = { .values = without };

  casa_map_picture_set_other(f->picture, &other);
}

/* The dark district is in the west: with the line beyond it it is dark, with the line before it as the others. */
static void
test_two_sides(Fixture *f, gconstpointer lang)
{
  const gboolean rtl = casa_lang_rtl();

  play(f);
  const guint32 dark = colour_of(f, 0), usual = colour_of(f, 1);
  g_assert_cmphex(dark, !=, usual);
  casa_map_picture_compare(f->picture, TRUE, f->now_us);
  play(f);
  g_assert_true(isnan(casa_map_picture_line(f->picture))); /* nothing to show yet */
  casa_map_picture_compare(f->picture, TRUE, f->now_us);
  tell(f);
  play(f);
  g_assert_cmpfloat_with_epsilon(casa_map_picture_line(f->picture), W / 2.0, 1);
  g_assert_cmphex(colour_of(f, 0), ==, rtl ? usual : dark); /* what is measured stands where reading begins */
  casa_map_picture_move_line(f->picture, rtl ? 0 : W);
  play(f);
  g_assert_cmphex(colour_of(f, 0), ==, dark);
  casa_map_picture_move_line(f->picture, rtl ? W : 0);
  play(f);
  g_assert_cmpfloat_with_epsilon(casa_map_picture_line(f->picture), rtl ? W : 0, 2); /* it stays where it was moved to */
  g_assert_cmphex(colour_of(f, 0), ==, usual);
  g_assert_cmphex(colour_of(f, 1), ==, usual);
  casa_map_picture_compare(f->picture, FALSE, f->now_us);
  g_assert_false(casa_map_picture_is_compared(f->picture));
  play(f);
  g_assert_true(isnan(casa_map_picture_line(f->picture)));
  g_assert_cmphex(colour_of(f, 0), ==, dark);
}

/* Whatever is asked, the line stays in the picture, and a step is a step. */
static void
test_line_stays_inside(Fixture *f, gconstpointer lang)
{
  casa_map_picture_compare(f->picture, TRUE, f->now_us);
  tell(f);
  play(f);
  const double before = casa_map_picture_line(f->picture);
  casa_map_picture_step_line(f->picture, 1, f->now_us);
  play(f);
  g_assert_cmpfloat_with_epsilon(casa_map_picture_line(f->picture) - before, W * CASA_MAP_SPLIT_STEP, 1.5);
  for (int steps = -40; steps <= 40; steps += 16) {
    casa_map_picture_step_line(f->picture, steps, f->now_us);
    play(f);
    g_assert_true(casa_map_picture_is_compared(f->picture));
    g_assert_cmpfloat(casa_map_picture_line(f->picture), >=, 0);
    g_assert_cmpfloat(casa_map_picture_line(f->picture), <=, W);
  }
}

/* Vehicles are measured: there are none beyond the line. */
static void
test_no_vehicle_beyond(Fixture *f, gconstpointer lang)
{
  const CasaLonLat middle = toy_city()->districts[1].centroid;    /* in the east */
  const CasaLonLat at = { middle.lon - 0.02, middle.lat + 0.01 }; /* where no name stands */
  double x, y;

  casa_map_picture_set_still(f->picture, TRUE);
  play(f);
  casa_map_project(casa_map_picture_view(f->picture), at, &x, &y);
  for (int turn = 0; turn < 2; turn++) {
    const CasaMapReport report = { .key = 1, .at = at, .t_ms = 1780000000000 + f->now_us / 1000, .rgb = 0x00ff00 };
    casa_map_picture_report(f->picture, &report);
    play(f);
    guint bright = 0;
    for (int dx = -12; dx <= 12; dx++)
      for (int dy = -12; dy <= 12; dy++)
        bright += (pixel(f, x + dx, y + dy) >> 8 & 0xff) > 0xc0;
    g_assert_true(turn == 0 ? bright > 4 : bright == 0);
    casa_map_picture_compare(f->picture, TRUE, f->now_us);
    tell(f);
    casa_map_picture_move_line(f->picture, W / 4.0);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/map/compare/two-sides", Fixture, "fr", set_up, test_two_sides, tear_down);
  g_test_add("/map/compare/mirrored", Fixture, "ar", set_up, test_two_sides, tear_down);
  g_test_add("/map/compare/line-stays-inside", Fixture, "fr", set_up, test_line_stays_inside, tear_down);
  g_test_add("/map/compare/no-vehicle-beyond", Fixture, "fr", set_up, test_no_vehicle_beyond, tear_down);
  return g_test_run();
}
