/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/strokes.h"
#include <math.h>

#define PIECE 64          /* points that are one picture: cairo's strokes cost more than their length */
#define POINTS_MOST 20000 /* of a line */
#define STEP 0.001

typedef struct {
  GArray *points;   /* graphene_point_t, fractions */
  GPtrArray *nodes; /* GskRenderNode: pieces that are whole, each of PIECE points and the first of the next */
} Stroke;

struct _CasaStrokes {
  GPtrArray *strokes;
  double width, height; /* that the nodes are for */
};

static void
stroke_free(gpointer data)
{
  Stroke *stroke = data;

  g_array_unref(stroke->points);
  g_ptr_array_unref(stroke->nodes);
  g_free(stroke);
}

CasaStrokes *
casa_strokes_new(void)
{
  CasaStrokes *self = g_new0(CasaStrokes, 1);

  self->strokes = g_ptr_array_new_with_free_func(stroke_free);
  return self;
}

void
casa_strokes_free(CasaStrokes *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->strokes);
  g_free(self);
}

gboolean
casa_strokes_begin(CasaStrokes *self)
{
  if (self->strokes->len >= CASA_STROKES_MOST)
    return FALSE;
  Stroke *stroke = g_new0(Stroke, 1);
  stroke->points = g_array_new(FALSE, FALSE, sizeof(graphene_point_t));
  stroke->nodes = g_ptr_array_new_with_free_func((GDestroyNotify)gsk_render_node_unref);
  g_ptr_array_add(self->strokes, stroke);
  return TRUE;
}

void
casa_strokes_add(CasaStrokes *self, double x, double y)
{
  g_return_if_fail(self->strokes->len > 0);
  Stroke *stroke = self->strokes->pdata[self->strokes->len - 1];
  const graphene_point_t at = GRAPHENE_POINT_INIT((float)x, (float)y);

  if (stroke->points->len > 0) {
    const graphene_point_t *last = &g_array_index(stroke->points, graphene_point_t, stroke->points->len - 1);
    if (hypot(last->x - x, last->y - y) < STEP || stroke->points->len >= POINTS_MOST)
      return;
  }
  g_array_append_val(stroke->points, at);
}

guint
casa_strokes_n(CasaStrokes *self)
{
  return self->strokes->len;
}

void
casa_strokes_undo(CasaStrokes *self)
{
  if (self->strokes->len > 0)
    g_ptr_array_remove_index(self->strokes, self->strokes->len - 1);
}

/* The points from @first on, at most PIECE and one. NULL: there are none. (transfer full) */
static GskRenderNode *
piece_of(CasaStrokes *self, const Stroke *stroke, guint first, double pen, const GdkRGBA *ink)
{
  const graphene_point_t *points = &g_array_index(stroke->points, graphene_point_t, first);
  guint n = MIN(stroke->points->len - first, PIECE + 1);
  double left = 1, top = 1, right = 0, bottom = 0;

  if (n == 0)
    return NULL;
  for (guint i = 0; i < n; i++) {
    left = MIN(left, points[i].x);
    right = MAX(right, points[i].x);
    top = MIN(top, points[i].y);
    bottom = MAX(bottom, points[i].y);
  }
  const graphene_rect_t box =
    GRAPHENE_RECT_INIT((float)(left * self->width - pen), (float)(top * self->height - pen),
                       (float)((right - left) * self->width + 2 * pen), (float)((bottom - top) * self->height + 2 * pen));
  GskRenderNode *node = gsk_cairo_node_new(&box);
  cairo_t *cr = gsk_cairo_node_get_draw_context(node);
  gdk_cairo_set_source_rgba(cr, ink);
  cairo_set_line_width(cr, pen);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to(cr, points[0].x * self->width, points[0].y * self->height);
  for (guint i = n > 1 ? 1 : 0; i < n; i++)
    cairo_line_to(cr, points[i].x * self->width, points[i].y * self->height);
  cairo_stroke(cr);
  cairo_destroy(cr);
  return node;
}

static void
paint_stroke(CasaStrokes *self, Stroke *stroke, GtkSnapshot *out, double pen, const GdkRGBA *ink)
{
  while (stroke->points->len > (stroke->nodes->len + 1) * PIECE)
    g_ptr_array_add(stroke->nodes, piece_of(self, stroke, stroke->nodes->len * PIECE, pen, ink));
  for (guint i = 0; i < stroke->nodes->len; i++)
    gtk_snapshot_append_node(out, stroke->nodes->pdata[i]);
  GskRenderNode *rest = piece_of(self, stroke, stroke->nodes->len * PIECE, pen, ink);
  if (rest) {
    gtk_snapshot_append_node(out, rest);
    gsk_render_node_unref(rest);
  }
}

void
casa_strokes_paint(CasaStrokes *self, GtkSnapshot *out, double width, double height, double pen, const GdkRGBA *ink)
{
  const gboolean resized = width != self->width || height != self->height;

  self->width = width;
  self->height = height;
  for (guint i = 0; i < self->strokes->len; i++) {
    Stroke *stroke = self->strokes->pdata[i];
    if (resized)
      g_ptr_array_set_size(stroke->nodes, 0);
    paint_stroke(self, stroke, out, pen, ink);
  }
}
