/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/pixels.h"

/* Two halves: opaque red, and blue of which half is seen through (ARGB32; in RGB24 it is opaque, the fourth byte rubbish). */
static cairo_surface_t *
make_surface(cairo_format_t format, int w, int h, double scale)
{
  cairo_surface_t *surface = cairo_image_surface_create(format, w, h);
  gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  guint8 *data = cairo_image_surface_get_data(surface);
  guint32 blue = format == CAIRO_FORMAT_RGB24 ? 0x120000ff : 0x80000080;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      ((guint32 *)(gpointer)(data + (gsize)y * stride))[x] = x < w / 2 ? 0xffff0000 : blue;
  cairo_surface_mark_dirty(surface);
  cairo_surface_set_device_scale(surface, scale, scale);
  return surface;
}

/* What @node paints over white, @scale device pixels a pixel, at the device pixel @x @y. */
static guint32
pixel_of(GskRenderNode *node, double scale, int x, int y)
{
  cairo_surface_t *screen = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 100, 100);
  cairo_t *cr = cairo_create(screen);
  guint32 pixel;

  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  cairo_scale(cr, scale, scale);
  gsk_render_node_draw(node, cr);
  cairo_destroy(cr);
  cairo_surface_flush(screen);
  pixel = ((guint32 *)(gpointer)(cairo_image_surface_get_data(screen) + y * cairo_image_surface_get_stride(screen)))[x];
  cairo_surface_destroy(screen);
  return pixel & 0xffffff;
}

/* In place, in its size, to the pixel, and opaque when it is. */
static void
look(GtkWidget *widget, GskRenderNodeType type)
{
  const cairo_format_t formats[] = { CAIRO_FORMAT_RGB24, CAIRO_FORMAT_ARGB32 };

  for (guint f = 0; f < G_N_ELEMENTS(formats); f++)
    for (int scale = 1; scale <= 2; scale++) {
      cairo_surface_t *surface = make_surface(formats[f], 20 * scale, 10 * scale, scale);
      GskRenderNode *node = casa_pixels_node(widget, surface, &GRAPHENE_RECT_INIT(10, 5, 20, 10));
      guint32 blue = formats[f] == CAIRO_FORMAT_RGB24 ? 0x0000ff : 0x7f7fff;

      cairo_surface_destroy(surface);
      g_assert_cmpint(gsk_render_node_get_node_type(node), ==, type);
      g_assert_cmphex(pixel_of(node, scale, 10 * scale - 1, 8 * scale), ==, 0xffffff);
      g_assert_cmphex(pixel_of(node, scale, 10 * scale, 5 * scale), ==, 0xff0000);
      g_assert_cmphex(pixel_of(node, scale, 20 * scale - 1, 14 * scale), ==, 0xff0000);
      g_assert_cmphex(pixel_of(node, scale, 20 * scale, 14 * scale), ==, blue);
      g_assert_cmphex(pixel_of(node, scale, 30 * scale - 1, 15 * scale - 1), ==, blue);
      g_assert_cmphex(pixel_of(node, scale, 30 * scale - 1, 15 * scale), ==, 0xffffff);
      gsk_render_node_unref(node);
    }
}

/* Where nothing is known of the window, a graphics card may paint it. */
static void
test_texture(void)
{
  GtkWidget *widget = g_object_ref_sink(gtk_label_new(NULL));

  look(widget, GSK_TEXTURE_NODE);
  g_object_unref(widget);
}

/* The tests' windows are painted by cairo. */
static void
test_cairo(void)
{
  GtkWidget *window = gtk_window_new();

  gtk_window_present(GTK_WINDOW(window));
  look(window, GSK_CAIRO_NODE);
  gtk_window_destroy(GTK_WINDOW(window));
}

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/pixels/texture", test_texture);
  g_test_add_func("/ui/pixels/cairo", test_cairo);
  return g_test_run();
}
