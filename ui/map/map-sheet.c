/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-sheet.h"
#include "ui/kit/pixels.h"
#include <string.h>

struct _CasaMapSheet {
  GPtrArray *nodes; /* GskRenderNode of each tile */
};

static void
unref_node(gpointer node)
{
  if (node != NULL)
    gsk_render_node_unref(node);
}

CasaMapSheet *
casa_map_sheet_new(void)
{
  CasaMapSheet *self = g_new0(CasaMapSheet, 1);

  self->nodes = g_ptr_array_new_with_free_func(unref_node);
  return self;
}

void
casa_map_sheet_free(CasaMapSheet *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref(self->nodes);
  g_free(self);
}

void
casa_map_sheet_clear(CasaMapSheet *self)
{
  g_ptr_array_set_size(self->nodes, 0);
}

gboolean
casa_map_sheet_is_empty(const CasaMapSheet *self)
{
  return self->nodes->len == 0;
}

/* One tile of the picture by itself. */
static GskRenderNode *
node_of(GtkWidget *widget, cairo_surface_t *picture, int x, int y, int w, int h, int scale)
{
  gsize from_stride = (gsize)cairo_image_surface_get_stride(picture);
  const guint8 *from = cairo_image_surface_get_data(picture) + (gsize)y * from_stride + (gsize)x * 4;
  cairo_surface_t *tile = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
  gsize stride = (gsize)cairo_image_surface_get_stride(tile);
  guint8 *to = cairo_image_surface_get_data(tile);
  float s = (float)scale;
  GskRenderNode *node;

  for (int i = 0; i < h; i++)
    memcpy(to + (gsize)i * stride, from + (gsize)i * from_stride, (gsize)w * 4);
  cairo_surface_mark_dirty(tile);
  cairo_surface_set_device_scale(tile, scale, scale);
  node = casa_pixels_node(widget, tile, &GRAPHENE_RECT_INIT((float)x / s, (float)y / s, (float)w / s, (float)h / s));
  cairo_surface_destroy(tile);
  return node;
}

void
casa_map_sheet_take(CasaMapSheet *self, GtkWidget *widget, CasaMapTiles *tiles, int scale)
{
  guint n = casa_map_tiles_n(tiles);

  if (self->nodes->len != n) {
    g_ptr_array_set_size(self->nodes, 0);
    g_ptr_array_set_size(self->nodes, (gint)n);
  }
  for (guint i = 0; i < n; i++) {
    int x, y, w, h;

    if (!casa_map_tiles_changed(tiles, i, &x, &y, &w, &h) && self->nodes->pdata[i] != NULL)
      continue;
    unref_node(self->nodes->pdata[i]);
    self->nodes->pdata[i] = node_of(widget, casa_map_tiles_picture(tiles), x, y, w, h, scale);
  }
}

void
casa_map_sheet_append(CasaMapSheet *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->nodes->len; i++)
    gtk_snapshot_append_node(snapshot, self->nodes->pdata[i]);
}
