/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* How far from a forecast the truth falls in a given share of cases: adaptive conformal inference. The margin widens when the
 * truth fell outside and narrows when inside, so that in the long run the promised share is kept whatever the series does
 * (Gibbs and Candès 2021, arXiv 2106.00170; the margin itself is tracked, as by Angelopoulos, Candès and Tibshirani 2023, arXiv
 * 2307.16895). Margins are in units of the usual error, so that a restless hour has a wider one. A value; no thread. */
typedef struct {
  float margin_80, margin_95; /* usual errors */
  float missed_80, missed_95; /* share of the last weeks' errors that were larger */
  guint n;                    /* errors seen */
} CasaBand;

void casa_band_init(CasaBand *self);

/* How a forecast came true that was given with the half-widths @half_80 and @half_95; @error in their unit; all finite. */
void casa_band_learn(CasaBand *self, double error, double half_80, double half_95);

/* Half-widths in usual errors of the bands that hold 80 % and 95 %; the second is never narrower. */
void casa_band_margins(const CasaBand *self, double *out_80, double *out_95);

G_END_DECLS
