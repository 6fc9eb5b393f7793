/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-sheet.h"
#include "ui/kit/pixels.h"
#include <string.h>

/* Pixels that a tile shares with the next ones, which lie over it: where the picture is shown smaller (the presenter's), edges
 * are smoothed, and what lies below would shine through between two tiles. */
#define LAP 4

struct _CasaMapSheet {
  cairo_surface_t *picture; /* whose tiles these are */
  gboolean in_place;        /* GTK reads them there */
  GPtrArray *nodes;         /* GskRenderNode of each tile */
  GPtrArray *panes;         /* cairo_surface_t of each tile, over the picture's own pixels; NULL where GTK needs a copy */
};

static void
unref_node(gpointer node)
{
  if (node != NULL)
    gsk_render_node_unref(node);
}

static void
unref_pane(gpointer pane)
{
  if (pane != NULL)
    cairo_surface_destroy(pane);
}

CasaMapSheet *
casa_map_sheet_new(void)
{
  CasaMapSheet *self = g_new0(CasaMapSheet, 1);

  self->nodes = g_ptr_array_new_with_free_func(unref_node);
  self->panes = g_ptr_array_new_with_free_func(unref_pane);
  return self;
}

void
casa_map_sheet_free(CasaMapSheet *self)
{
  if (self == NULL)
    return;
  casa_map_sheet_clear(self);
  g_ptr_array_unref(self->nodes);
  g_ptr_array_unref(self->panes);
  g_free(self);
}

void
casa_map_sheet_clear(CasaMapSheet *self)
{
  g_ptr_array_set_size(self->nodes, 0);
  g_ptr_array_set_size(self->panes, 0);
  g_clear_pointer(&self->picture,
                  cairo_surface_destroy); /* the last: of nodes that GTK still has, cairo now copies the panes */
}

gboolean
casa_map_sheet_is_empty(const CasaMapSheet *self)
{
  return self->nodes->len == 0;
}

static guint8 *
pixels_at(cairo_surface_t *picture, int x, int y)
{
  return cairo_image_surface_get_data(picture) + (gsize)y * (gsize)cairo_image_surface_get_stride(picture) + (gsize)x * 4;
}

/* A surface of its own over the picture's pixels: cairo copies nothing when the picture is painted on, since it knows only of
 * what is painted by way of the pane. (transfer full) */
static cairo_surface_t *
pane_of(cairo_surface_t *picture, int x, int y, int w, int h)
{
  return cairo_image_surface_create_for_data(pixels_at(picture, x, y), CAIRO_FORMAT_RGB24, w, h,
                                             cairo_image_surface_get_stride(picture));
}

/* (transfer full) */
static cairo_surface_t *
copy_of(cairo_surface_t *picture, int x, int y, int w, int h)
{
  cairo_surface_t *copy = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);

  for (int i = 0; i < h; i++)
    memcpy(pixels_at(copy, 0, i), pixels_at(picture, x, y + i), (gsize)w * 4);
  cairo_surface_mark_dirty(copy);
  return copy;
}

void
casa_map_sheet_take(CasaMapSheet *self, GtkWidget *widget, CasaMapTiles *tiles, int scale)
{
  const gboolean in_place = casa_pixels_are_read_in_place(widget);
  cairo_surface_t *picture = casa_map_tiles_picture(tiles);
  const guint n = casa_map_tiles_n(tiles);
  const float s = (float)scale;

  if (self->picture != picture || self->in_place != in_place) {
    casa_map_sheet_clear(self);
    self->in_place = in_place;
    self->picture = cairo_surface_reference(picture);
    g_ptr_array_set_size(self->nodes, (gint)n);
    g_ptr_array_set_size(self->panes, (gint)n);
  }
  for (guint i = 0; i < n; i++) {
    cairo_surface_t *pixels = self->panes->pdata[i];
    int x, y, w, h;

    if (!casa_map_tiles_changed(tiles, i, &x, &y, &w, &h) && self->nodes->pdata[i] != NULL)
      continue;
    unref_node(self->nodes->pdata[i]);
    w = MIN(w + LAP, cairo_image_surface_get_width(picture) - x);
    h = MIN(h + LAP, cairo_image_surface_get_height(picture) - y);
    if (pixels == NULL) {
      pixels = in_place ? pane_of(picture, x, y, w, h) : copy_of(picture, x, y, w, h);
      cairo_surface_set_device_scale(pixels, scale, scale);
    }
    self->nodes->pdata[i] =
      casa_pixels_node(widget, pixels, &GRAPHENE_RECT_INIT((float)x / s, (float)y / s, (float)w / s, (float)h / s));
    if (in_place)
      self->panes->pdata[i] = pixels;
    else
      cairo_surface_destroy(pixels);
  }
}

void
casa_map_sheet_append(CasaMapSheet *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->nodes->len; i++)
    gtk_snapshot_append_node(snapshot, self->nodes->pdata[i]);
}
