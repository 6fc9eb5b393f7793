/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot.h"

G_BEGIN_DECLS

/* Bars side by side, in the order given (the caller sorts, and says so): one row each, name at the left, number at the right. A
 * row may show how its members are spread instead of a bar: pale from the lowest to the highest tenth, stronger between the
 * quartiles, a dot for each member, a white stroke at the value. */
typedef struct {
  const char *name; /* a chip of @colour when the ranking has chips, else plain text */
  CasaRgb colour;
  double value;     /* NAN: no bar, "—" */
  const char *text; /* the number as it is said; NULL: made of value */
  gboolean is_spread;
  double p10, p25, p75, p90;
  const double *members; /* not owned */
  guint n_members;
  gboolean marked; /* something happens there: it is told in the colour of what is bad */
} CasaRankingRow;

typedef struct {
  double value;
  const char *name; /* NULL: none */
} CasaRankingLimit;

#define CASA_RANKING_LIMITS_MAX 3

typedef struct {
  const CasaRankingRow *rows; /* not owned */
  guint n_rows;
  guint decimals;
  const char *unit; /* NULL: none */
  gboolean chips;
  CasaRankingLimit limits[CASA_RANKING_LIMITS_MAX]; /* dashed strokes through all rows; rising */
  guint n_limits;
  const char *empty; /* says why there is no row, in the place of the axis; NULL: nothing */
} CasaRanking;

/* The axis stands on 0. Rows that do not fit with legible names are left out from the end; the first marked one of those stands
 * last then, below a dashed line. */
void casa_ranking_paint(const CasaPlot *plot, const CasaRanking *ranking);

G_END_DECLS
