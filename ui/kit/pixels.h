/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The pixels of @surface (an image, RGB24 or ARGB32, that nobody paints on any more) at @place of a widget's snapshot; shown by
 * the window of @widget. Where GTK paints with cairo, it gets the surface itself: of a texture it would make a copy at every
 * frame, pixel by pixel by way of floating point numbers (GTK 4.8). Else it gets a texture, which is sent to the graphics card
 * once. Keep the node as long as the pixels stay the same: GTK then repaints nothing there. GTK thread. (transfer full:
 * gsk_render_node_unref()) */
GskRenderNode *casa_pixels_node(GtkWidget *widget, cairo_surface_t *surface, const graphene_rect_t *place);
/* TRUE where GTK paints with cairo, which reads the pixels whenever it paints: they may then be memory that something else
 * paints on between two frames, of which @surface knows nothing. Whoever makes a new node whenever they changed, and keeps
 * @surface as long as the nodes, needs no copy. GTK thread. */
gboolean casa_pixels_are_read_in_place(GtkWidget *widget);

G_END_DECLS
