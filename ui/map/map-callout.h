/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* The bubble that speaks about one place. Told where the badges are, so that it covers none. */
typedef struct {
  CasaMapBox box; /* w = 0: nothing to show */
  double x, y;    /* the place, where its pointer ends */
  PangoLayout *layout;
} CasaMapBubble;

/* Finds its place on the picture: near, in one of the directions that are free; appended to @taken (GArray of CasaMapBox). */
void casa_map_bubble_init(CasaMapBubble *self, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                          const CasaMapBox *bounds, double gap, GArray *taken);
void casa_map_bubble_clear(CasaMapBubble *self); /* Frees its layout */

/* Appends the pointer's way to @taken, in small boxes, so that names that are placed later keep off it. */
void casa_map_bubble_reserve(const CasaMapBubble *self, const CasaMapBase *base, GArray *taken);

/* The pointer goes under the badges, the bubble over everything. */
void casa_map_bubble_point(cairo_t *cr, const CasaMapBase *base, const CasaMapBubble *bubble);
void casa_map_bubble_paint(cairo_t *cr, const CasaMapBase *base, const CasaMapBubble *bubble); /* The bubble itself */

G_END_DECLS
