/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define CASA_BAND_BINS 48

/* How far from a forecast the truth falls in a given share of cases: adaptive conformal inference (Gibbs and Candès
 * 2021, arXiv 2106.00170). The margin is a quantile of what errors were in the last weeks; which one follows from how
 * often the truth fell outside so far: what was missed too often is made up for within days, so that any month keeps
 * the promised share, not only the long run (the integrator of Angelopoulos, Candès and Tibshirani 2023, arXiv
 * 2307.16895). Margins are in units of the usual error, so that a restless hour has a wider one. A value; no thread.
 * */
typedef struct {
  float errors[CASA_BAND_BINS]; /* how many of each size, in usual errors, on a logarithmic scale; old ones fade */
  float arrears_80, arrears_95; /* misses beyond the promised ones since it began; below 0: too few */
  float patience;               /* hours in which they are made up for */
  guint n;                      /* errors seen */
} CasaBand;

/* @horizon: hours from a forecast to its truth: so long nobody knows what was missed meanwhile. */
void casa_band_init(CasaBand *self, guint horizon);

/* How a forecast came true that was given with @margin_80 and @margin_95; @error in usual errors; all finite. */
void casa_band_learn(CasaBand *self, double error, double margin_80, double margin_95);

/* Half-widths in usual errors of the bands that hold 80 % and 95 %; the second is never narrower. @pending_80, @pending_95:
 * misses beyond the promised ones that are to be expected of what was said and has not come true yet. */
void casa_band_margins(const CasaBand *self, double pending_80, double pending_95, double *out_80, double *out_95);

G_END_DECLS
