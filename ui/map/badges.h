/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* Where signs go on a map so that none covers another. Pure. */

typedef struct {
  double x, y;     /* the point it speaks about */
  double w, h;     /* its size */
  double priority; /* higher is placed first; equal ones keep their order, so that nothing flickers */
} CasaMapSign;

/* Whether two boxes come nearer than @gap. */
gboolean casa_map_boxes_overlap(const CasaMapBox *a, const CasaMapBox *b, double gap);

/* Places what fits inside @bounds, at least @gap pixels from each other and from the boxes in @taken: centred on its
 * point, else beside it, up to one and a half sizes away. @out[@n] gets the boxes; w = 0 where there was no room.
 * The placed boxes are appended to @taken (GArray of CasaMapBox). */
void casa_map_place_signs(const CasaMapSign *signs, guint n, const CasaMapBox *bounds, double gap, GArray *taken,
                          CasaMapBox *out);

/* The box of size @w × @h at one of the given top left corners that is free; FALSE when none is. Appended to @taken. */
gboolean casa_map_place_one(const double (*corners)[2], guint n, double w, double h, const CasaMapBox *bounds, double gap,
                            GArray *taken, CasaMapBox *out);

G_END_DECLS
