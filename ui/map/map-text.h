/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/theme.h"
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Words on a map. Text may come from strangers: it is never markup, and mended when it is not UTF-8. */

/* A layout of one line, @px high letters, digits of equal width. @max_w > 0: shortened with an ellipsis.
 * (transfer full) */
PangoLayout *casa_map_text(PangoContext *pango, const char *font, double px, PangoWeight weight, double max_w,
                           const char *text);
void casa_map_text_size(PangoLayout *layout, double *w, double *h); /* Pixels */
/* Top left corner at @x, @y. */
void casa_map_text_show(cairo_t *cr, PangoLayout *layout, double x, double y, CasaRgb colour);
/* With an outline of @halo_px in @halo, readable on any ground. */
void casa_map_text_show_halo(cairo_t *cr, PangoLayout *layout, double x, double y, CasaRgb colour, CasaRgb halo,
                             double halo_px);
/* The path of a rectangle with round corners. */
void casa_map_rounded(cairo_t *cr, double x, double y, double w, double h, double radius);
void casa_map_colour(cairo_t *cr, CasaRgb colour, double alpha); /* Sets the source of @cr */
CasaRgb casa_map_rgb(guint32 rgb);                               /* 0xRRGGBB */

G_END_DECLS
