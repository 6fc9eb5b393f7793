/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* What the colours mean, and whose data this is. Measured first, so that the city is fitted beside it. */

typedef struct {
  CasaMapBox box;         /* w = 0: no room for a legend at all */
  CasaMapBox attribution; /* always there */
  gboolean subtitle, labels;
  double swatch_w;
} CasaMapLegend;

/* In a picture of @w × @h. Loses its subtitle, then its numbers, then itself as the picture gets small; the attribution
 * stays. */
CasaMapLegend casa_map_legend_measure(PangoContext *pango, const CasaMapBase *base, double w, double h);
void casa_map_legend_paint(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend);
/* A ground for the legend when the city lies under it (zoomed in). Painted before it. */
void casa_map_legend_ground(cairo_t *cr, const CasaMapBase *base, const CasaMapLegend *legend);

/* Fills the current clip with the pattern that means "no data". */
void casa_map_hatch(cairo_t *cr, const CasaMapBase *base);

G_END_DECLS
