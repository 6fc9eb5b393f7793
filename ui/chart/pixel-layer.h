/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/column-fill.h"
#include <cairo.h>

G_BEGIN_DECLS

/* Lends the pixels below a rectangle of a cairo context: those of the target itself when it is an image (nothing is copied),
 * else of an image that is laid over it at the end (PDF, SVG, rotated or clipped to a shape). */
typedef struct {
  cairo_t *cr;
  cairo_surface_t *image; /* owned */
  gboolean overlay;
  double x, y, scale; /* of an overlay, in user units; its pixels per unit */
  CasaCanvas canvas;
} CasaPixelLayer;

/* Device pixels per user unit of @cr, at least 2 on surfaces without pixels. */
double casa_pixel_layer_scale(cairo_t *cr);

/* @x, @y: where the canvas has its origin; the rectangle around it reaches from @left, @top to @right, @bottom. User units. */
void casa_pixel_layer_begin(CasaPixelLayer *self, cairo_t *cr, double x, double y, double left, double top, double right,
                            double bottom);
/* Puts the pixels onto the cairo context where they are not on it yet, and lets them go. */
void casa_pixel_layer_end(CasaPixelLayer *self);

G_END_DECLS
