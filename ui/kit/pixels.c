/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/pixels.h"

static GskRenderNode *
paint_node(cairo_surface_t *surface, const graphene_rect_t *place)
{
  GskRenderNode *node = gsk_cairo_node_new(place);
  cairo_t *cr = gsk_cairo_node_get_draw_context(node);
  cairo_set_source_surface(cr, surface, (double)place->origin.x, (double)place->origin.y);
  cairo_paint(cr);
  cairo_destroy(cr);
  return node;
}

/* An RGB24 image leaves a byte of each pixel unused, which is a texture's opacity. */
static void
make_opaque(cairo_surface_t *surface)
{
  const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  const gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  guint8 *data = cairo_image_surface_get_data(surface);
  for (int y = 0; y < height; y++) {
    guint32 *row = (guint32 *)(gpointer)(data + (gsize)y * stride);
    for (int x = 0; x < width; x++)
      row[x] |= 0xff000000u;
  }
}

static GskRenderNode *
texture_node(cairo_surface_t *surface, const graphene_rect_t *place)
{
  const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  const gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  cairo_surface_flush(surface);
  if (cairo_image_surface_get_format(surface) == CAIRO_FORMAT_RGB24)
    make_opaque(surface);
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(cairo_image_surface_get_data(surface), stride * (gsize)height,
                                                       (GDestroyNotify)cairo_surface_destroy, cairo_surface_reference(surface));
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  return gsk_texture_node_new(texture, place);
}

gboolean
casa_pixels_are_read_in_place(GtkWidget *widget)
{
  GtkNative *native = gtk_widget_get_native(widget);
  GskRenderer *renderer = native ? gtk_native_get_renderer(native) : NULL;

  return renderer != NULL && GSK_IS_CAIRO_RENDERER(renderer);
}

/* Nothing is flushed here: for cairo that is as if the pixels were about to change, and it would copy them for the nodes that
 * there are. */
GskRenderNode *
casa_pixels_node(GtkWidget *widget, cairo_surface_t *surface, const graphene_rect_t *place)
{
  return casa_pixels_are_read_in_place(widget) ? paint_node(surface, place) : texture_node(surface, place);
}
