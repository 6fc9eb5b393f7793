/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-sheet.h"
#include "ui/kit/pixels.h"
#include <string.h>

struct _CasaMapSheet {
  GPtrArray *nodes; /* GskRenderNode of each tile */
  GPtrArray *tiles; /* cairo_surface_t: its pixels, which the node shows */
};

static void
unref_node(gpointer node)
{
  if (node != NULL)
    gsk_render_node_unref(node);
}

static void
unref_tile(gpointer tile)
{
  if (tile != NULL)
    cairo_surface_destroy(tile);
}

CasaMapSheet *
casa_map_sheet_new(void)
{
  CasaMapSheet *self = g_new0(CasaMapSheet, 1);

  self->nodes = g_ptr_array_new_with_free_func(unref_node);
  self->tiles = g_ptr_array_new_with_free_func(unref_tile);
  return self;
}

void
casa_map_sheet_free(CasaMapSheet *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref(self->nodes);
  g_ptr_array_unref(self->tiles);
  g_free(self);
}

void
casa_map_sheet_clear(CasaMapSheet *self)
{
  g_ptr_array_set_size(self->nodes, 0);
  g_ptr_array_set_size(self->tiles, 0);
}

gboolean
casa_map_sheet_is_empty(const CasaMapSheet *self)
{
  return self->nodes->len == 0;
}

/* Layers are painted anew as a whole, but most tiles of them come out as they were: those cost no second copy and no repainting
 * of the window. */
static gboolean
shows(cairo_surface_t *tile, cairo_surface_t *picture, int x, int y, int w, int h)
{
  gsize from_stride = (gsize)cairo_image_surface_get_stride(picture), stride = (gsize)cairo_image_surface_get_stride(tile);
  const guint8 *from = cairo_image_surface_get_data(picture) + (gsize)y * from_stride + (gsize)x * 4;
  const guint8 *have = cairo_image_surface_get_data(tile);

  for (int i = 0; i < h; i++)
    if (memcmp(have + (gsize)i * stride, from + (gsize)i * from_stride, (gsize)w * 4) != 0)
      return FALSE;
  return TRUE;
}

/* One tile of the picture by itself. (transfer full) */
static cairo_surface_t *
tile_of(cairo_surface_t *picture, int x, int y, int w, int h, int scale)
{
  gsize from_stride = (gsize)cairo_image_surface_get_stride(picture);
  const guint8 *from = cairo_image_surface_get_data(picture) + (gsize)y * from_stride + (gsize)x * 4;
  cairo_surface_t *tile = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
  gsize stride = (gsize)cairo_image_surface_get_stride(tile);
  guint8 *to = cairo_image_surface_get_data(tile);

  for (int i = 0; i < h; i++)
    memcpy(to + (gsize)i * stride, from + (gsize)i * from_stride, (gsize)w * 4);
  cairo_surface_mark_dirty(tile);
  cairo_surface_set_device_scale(tile, scale, scale);
  return tile;
}

void
casa_map_sheet_take(CasaMapSheet *self, GtkWidget *widget, CasaMapTiles *tiles, int scale)
{
  guint n = casa_map_tiles_n(tiles);
  cairo_surface_t *picture = casa_map_tiles_picture(tiles);
  float s = (float)scale;

  if (self->nodes->len != n) {
    casa_map_sheet_clear(self);
    g_ptr_array_set_size(self->nodes, (gint)n);
    g_ptr_array_set_size(self->tiles, (gint)n);
  }
  for (guint i = 0; i < n; i++) {
    int x, y, w, h;
    gboolean changed = casa_map_tiles_changed(tiles, i, &x, &y, &w, &h);

    if (self->nodes->pdata[i] != NULL && (!changed || shows(self->tiles->pdata[i], picture, x, y, w, h)))
      continue;
    unref_node(self->nodes->pdata[i]);
    unref_tile(self->tiles->pdata[i]);
    self->tiles->pdata[i] = tile_of(picture, x, y, w, h, scale);
    self->nodes->pdata[i] = casa_pixels_node(widget, self->tiles->pdata[i],
                                             &GRAPHENE_RECT_INIT((float)x / s, (float)y / s, (float)w / s, (float)h / s));
  }
}

void
casa_map_sheet_append(CasaMapSheet *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->nodes->len; i++)
    gtk_snapshot_append_node(snapshot, self->nodes->pdata[i]);
}
