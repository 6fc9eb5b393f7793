/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot.h"

G_BEGIN_DECLS

#define CASA_WIND_SECTORS 16 /* of 22.5°, the first around north, clockwise */
#define CASA_WIND_CLASSES 4

/* How often the wind came from where, and how strong. As meteorologists draw it: a petal points to where the wind comes
 * from. */
typedef struct {
  double share[CASA_WIND_SECTORS][CASA_WIND_CLASSES]; /* of all, 0 to 1; classes from weak to strong */
  double calm;                                        /* share without a direction */
  double bounds[CASA_WIND_CLASSES - 1];               /* between the classes, in @unit */
  guint n;                                            /* observations */
} CasaWindRose;

/* Counts @n observations: @from_deg where the wind comes from (any number of degrees), @speed; NAN in either is left out. Below
 * @calm_below it is calm. @bounds rise. */
void casa_wind_rose_count(CasaWindRose *self, const double *from_deg, const double *speed, guint n, double calm_below,
                          const double *bounds);

typedef struct {
  const char *directions[4]; /* north, east, south, west, in the reader's language */
  const char *unit;          /* of the speeds */
  const char *calm_text;     /* "calme" */
} CasaWindRoseWords;

/* Fills the plot. */
void casa_wind_rose_paint(const CasaPlot *plot, const CasaWindRose *rose, const CasaWindRoseWords *words);

G_END_DECLS
