/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* Roads by their speed, a share of the free one (0…1). Two soft strokes belong to the ground; the grains that crawl along them
 * are painted every frame. Slow roads are red and their grains short and tight; fast ones blue, long and sparse. */

/* The soft strokes; roads without data are thin and grey. */
void casa_map_roads_paint(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base);

/* The roads of one picture, measured, for the grains. */
typedef struct _CasaMapGrains CasaMapGrains;

CasaMapGrains *casa_map_grains_new(const CasaMapView *view, const CasaMapBase *base); /* (transfer full) */
void casa_map_grains_free(CasaMapGrains *self);                                       /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapGrains, casa_map_grains_free)

/* Grains of the roads that @base knows the speed of, @s seconds after any start. Calls @mark for each box before it paints in
 * it. */
void casa_map_grains_paint(const CasaMapGrains *self, cairo_t *cr, const CasaMapBase *base, double s,
                           void (*mark)(const CasaMapBox *box, gpointer data), gpointer data);

/* Lengths of a grain and of the way to the next, pixels of the direction pictures, at speed @v (0…1). */
void casa_map_grain_lengths(double v, double *on, double *off);

G_END_DECLS
