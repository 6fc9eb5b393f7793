/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* What the colours mean, and whose data this is. Measured first, so that the city is fitted beside it. Low at the reading
 * side; mirrored for languages that are read from the right. */

typedef enum {
  CASA_MAP_LEGEND_NOTE = 1 << 0,    /* over what is averaged, and that it is interpolated */
  CASA_MAP_LEGEND_NUMBERS = 1 << 1, /* under the scale */
  CASA_MAP_LEGEND_NO_DATA = 1 << 2, /* the hatch */
  CASA_MAP_LEGEND_TRAFFIC = 1 << 3, /* grains from slow to fast */
  CASA_MAP_LEGEND_LAMPS = 1 << 4,   /* what a dot stands for */
} CasaMapLegendRows;

typedef struct {
  CasaMapBox box;         /* w = 0: no room for a legend at all */
  CasaMapBox attribution; /* always there */
  CasaMapLegendRows rows;
  double row_h, bar_h;
} CasaMapLegend;

/* In a picture of @w × @h. Loses rows, then itself as the picture gets small; the attribution stays. */
CasaMapLegend casa_map_legend_measure(PangoContext *pango, const CasaMapBase *base, double w, double h);
/* Where it was measured. */
void casa_map_legend_paint(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend);
/* A ground for the legend when the city lies under it (zoomed in). Painted before it. */
void casa_map_legend_ground(cairo_t *cr, const CasaMapBase *base, const CasaMapLegend *legend);

/* Fills the current clip with the pattern that means "no data". */
void casa_map_hatch(cairo_t *cr, const CasaMapBase *base);

G_END_DECLS
