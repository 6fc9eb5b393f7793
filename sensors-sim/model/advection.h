/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* The city's districts as boxes of air that lean on one another. */

#define CASA_SIM_OUTSIDE G_MAXUINT

/* Where two boxes touch: the sum of the outward normals of the boundary they share, each times its length. What a wind
 * blows across it per metre of height is the scalar product with the wind. Over all faces of a box they sum to zero, so
 * a uniform wind brings in as much air as it takes out. */
typedef struct {
  guint to; /* district index, or CASA_SIM_OUTSIDE */
  double east_m, north_m;
} CasaSimFace;

typedef struct {
  double area_m2;
  guint first, n; /* its faces */
} CasaSimCell;

typedef struct {
  guint n_cells;
  CasaSimCell *cells; /* by district index */
  GArray *faces;      /* CasaSimFace */
} CasaSimAdvection;

/* From the districts' outlines, which share their points exactly. Immutable afterwards. */
void casa_sim_advection_init(CasaSimAdvection *self, const CasaCity *city);
void casa_sim_advection_clear(CasaSimAdvection *self); /* Frees what it holds, not itself */

G_END_DECLS
