/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* A value between stations: inverse-distance weighted mean, an estimate that is always said to be one. Pure. */

#define CASA_MAP_FIELD_CELL 8.0 /* pixels */

typedef struct {
  double *values; /* [w * h], the middles of the cells, row by row from the top left */
  int w, h;
  double cell; /* pixels */
} CasaMapField;

/* The value at @x, @y, given stations at @xy with @values: weights 1 / (d² + @soften²)^1.25. NAN without stations. */
double casa_map_field_value(const double (*xy)[2], const double *values, guint n, double soften, double x, double y);

/* Over the whole of @view. casa_map_field_clear(). */
void casa_map_field_init(CasaMapField *self, const CasaMapView *view, const CasaMapPoint *points, guint n);
void casa_map_field_clear(CasaMapField *self); /* Frees its values */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CasaMapField, casa_map_field_clear)

/* Adds the isolines of @level to the path of @cr (marching squares). Returns how many pieces; the longest run's middle goes to
 * @x, @y for a label. */
guint casa_map_field_isoline(const CasaMapField *self, cairo_t *cr, double level, double *x, double *y);

/* Colours by @base's scale: full inside the city, faint on the land around. */
void casa_map_field_paint(const CasaMapField *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base);

G_END_DECLS
