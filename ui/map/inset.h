/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-legend.h"

G_BEGIN_DECLS

/* The whole city, small, beside the legend: which part of it the picture shows, once the camera has gone near. */
typedef struct {
  CasaMapBox box;    /* w = 0: the picture shows most of the city, or there is no room for it */
  CasaMapBox inside; /* the city's, without the edge */
} CasaMapInset;

/* At the far side of the picture where it would lie on the event's district beside the legend. */
CasaMapInset casa_map_inset_measure(const CasaMapView *view, const CasaMapBase *base, const CasaMapLegend *legend);
/* Where it was measured: the districts, that of the event in its colour, and a frame of what @view shows. */
void casa_map_inset_paint(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaMapInset *inset);

G_END_DECLS
