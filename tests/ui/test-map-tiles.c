/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/runs.h"
#include "ui/map/tiles.h"
#include <sys/mman.h>
#include <unistd.h>

static guint32
pixel(CasaMapTiles *tiles, int x, int y)
{
  cairo_surface_t *picture = casa_map_tiles_picture(tiles);

  cairo_surface_flush(picture);
  return *(const guint32 *)(gconstpointer)(cairo_image_surface_get_data(picture) + y * cairo_image_surface_get_stride(picture) +
                                           x * 4) &
         0xffffff;
}

static guint
changed(CasaMapTiles *tiles)
{
  guint n = 0;

  for (guint i = 0; i < casa_map_tiles_n(tiles); i++) {
    int x, y, w, h;

    n += casa_map_tiles_changed(tiles, i, &x, &y, &w, &h);
  }
  return n;
}

static void
paint_dot(CasaMapTiles *tiles, double x, double y)
{
  const CasaMapBox box = { x, y, 10, 10 };
  cairo_t *cr = casa_map_tiles_begin(tiles);

  casa_map_tiles_mark(&box, tiles);
  cairo_set_source_rgb(cr, 1, 0, 0);
  cairo_rectangle(cr, x, y, 10, 10);
  cairo_fill(cr);
  casa_map_tiles_end(tiles);
}

/* What moved leaves nothing behind, and only its tiles are new. */
static void
test_tiles_follow_what_moves(void)
{
  g_autoptr(CasaMapTiles) tiles = casa_map_tiles_new(1000, 700, 1);
  cairo_t *ground = cairo_create(casa_map_tiles_ground(tiles));

  cairo_set_source_rgb(ground, 0, 0, 1);
  cairo_paint(ground);
  cairo_destroy(ground);
  paint_dot(tiles, 20, 20);
  g_assert_cmpuint(changed(tiles), ==, casa_map_tiles_n(tiles)); /* the first frame is all new */
  g_assert_cmphex(pixel(tiles, 25, 25), ==, 0xff0000);
  g_assert_cmphex(pixel(tiles, 500, 500), ==, 0x0000ff);
  paint_dot(tiles, 600, 400);
  g_assert_cmpuint(changed(tiles), ==, 2);
  g_assert_cmphex(pixel(tiles, 25, 25), ==, 0x0000ff);
  g_assert_cmphex(pixel(tiles, 605, 405), ==, 0xff0000);
  paint_dot(tiles, 601, 400);
  g_assert_cmpuint(changed(tiles), ==, 1);
  paint_dot(tiles, -50, -50); /* out of sight */
  g_assert_cmphex(pixel(tiles, 605, 405), ==, 0x0000ff);
  paint_dot(tiles, -50, -50);
  g_assert_cmpuint(changed(tiles), ==, 0);
}

static guint32 *
row_of(cairo_surface_t *surface, int y)
{
  return (guint32 *)(gpointer)(cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface));
}

/* Layers that are painted anew and come out the same are no change; what moved over them meanwhile is. */
static void
test_equal_tiles_did_not_change(void)
{
  g_autoptr(CasaMapTiles) tiles = casa_map_tiles_new(3 * CASA_MAP_TILE, CASA_MAP_TILE, 1);
  const guint expected[] = { 3, 0, 1, 1, 0, 1, 1 };

  for (guint turn = 0; turn < G_N_ELEMENTS(expected); turn++) {
    cairo_t *ground = cairo_create(casa_map_tiles_ground(tiles));

    cairo_set_source_rgb(ground, 0, 0, 1);
    cairo_paint(ground);
    cairo_set_source_rgb(ground, 1, 1, 0);
    cairo_rectangle(ground, CASA_MAP_TILE + 10, 50, turn >= 2 ? 1 : 0, 1); /* one pixel, from the third on */
    cairo_fill(ground);
    cairo_destroy(ground);
    casa_map_tiles_touch_all(tiles);
    paint_dot(tiles, turn == 3 || turn == 5 ? 20 : -50, 20);
    g_assert_cmpuint(changed(tiles), ==, expected[turn]);
    if (turn == 3)
      paint_dot(tiles, -50, -50); /* it goes */
    g_assert_cmphex(pixel(tiles, 25, 25), ==, turn == 5 ? 0xff0000 : 0x0000ff);
    g_assert_cmphex(pixel(tiles, CASA_MAP_TILE + 10, 50), ==, turn >= 2 ? 0xffff00 : 0x0000ff);
  }
}

/* Plain on the left, each pixel another on the right. */
static cairo_surface_t *
half_plain(int w, int h)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      row_of(surface, y)[x] = 0xff000000u | (x < w / 2 ? (guint32)y : (guint32)(x * 7919 + y * 104729) & 0xffffff);
  cairo_surface_mark_dirty(surface);
  return surface;
}

/* Runs are the picture they were made of, to the pixel, whole or in part. */
static void
test_runs_are_the_picture(void)
{
  const int w = 1301, h = 97, x = 255, y = 11, bw = 700, bh = 40;
  cairo_surface_t *drawn = half_plain(w, h), *whole = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h),
                  *part = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
  g_autoptr(CasaMapRuns) runs = casa_map_runs_new(drawn);

  g_assert_cmpuint(casa_map_runs_size(runs), <, (gsize)w * (gsize)h * 4 * 6 / 10);
  casa_map_runs_lay(runs, whole, -5, -5, w + 10, h + 10);
  casa_map_runs_lay(runs, part, x, y, bw, bh);
  for (int j = 0; j < h; j++)
    for (int i = 0; i < w; i++) {
      gboolean inside = i >= x && i < x + bw && j >= y && j < y + bh;

      g_assert_cmphex(row_of(whole, j)[i], ==, row_of(drawn, j)[i]);
      g_assert_cmphex(row_of(part, j)[i] & 0xffffff, ==, inside ? row_of(drawn, j)[i] & 0xffffff : 0);
    }
  cairo_surface_destroy(drawn);
  cairo_surface_destroy(whole);
  cairo_surface_destroy(part);
}

/* Pages of the memory of @surface that are there. */
static gsize
pages_of(cairo_surface_t *surface, gsize *out_all)
{
  const gsize page = (gsize)sysconf(_SC_PAGESIZE);
  const gsize size = (gsize)cairo_image_surface_get_stride(surface) * (gsize)cairo_image_surface_get_height(surface);
  gsize n = 0;
  g_autofree unsigned char *there = g_malloc0(size / page + 1);

  *out_all = size / page;
  g_assert_cmpint(mincore(cairo_image_surface_get_data(surface), size, there), ==, 0);
  for (gsize i = 0; i < *out_all; i++)
    n += there[i] & 1;
  return n;
}

/* Signs that are wiped leave nothing behind, and where there are none they take no memory. */
static void
test_signs_take_what_they_cover(void)
{
  g_autoptr(CasaMapTiles) tiles = casa_map_tiles_new(1920, 1080, 1);
  gsize all, n = pages_of(casa_map_tiles_signs(tiles), &all);
  cairo_t *ground = cairo_create(casa_map_tiles_ground(tiles)), *signs;

  cairo_set_source_rgb(ground, 0, 0, 1);
  cairo_paint(ground);
  cairo_destroy(ground);
  g_assert_cmpuint(n, ==, 0);
  for (int turn = 0; turn < 2; turn++) {
    casa_map_tiles_clear_signs(tiles);
    signs = cairo_create(casa_map_tiles_signs(tiles));
    cairo_set_source_rgb(signs, 0, 1, 0);
    cairo_rectangle(signs, 500 + turn * 800, 500, 100, 40);
    cairo_fill(signs);
    cairo_destroy(signs);
    n = pages_of(casa_map_tiles_signs(tiles), &all);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpuint(n, <, all / 4);
    casa_map_tiles_touch_all(tiles);
    casa_map_tiles_begin(tiles);
    casa_map_tiles_end(tiles);
  }
  g_assert_cmphex(pixel(tiles, 550, 520), ==, 0x0000ff);
  g_assert_cmphex(pixel(tiles, 1350, 520), ==, 0x00ff00);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/map/tiles/follow-what-moves", test_tiles_follow_what_moves);
  g_test_add_func("/map/tiles/signs-take-what-they-cover", test_signs_take_what_they_cover);
  g_test_add_func("/map/tiles/equal-tiles-did-not-change", test_equal_tiles_did_not_change);
  g_test_add_func("/map/runs/are-the-picture", test_runs_are_the_picture);
  return g_test_run();
}
