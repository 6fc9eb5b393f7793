/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/band.h"
#include <math.h>

/* Of a normal error, in units of its mean size: 1.2816 and 1.96 standard deviations of 1.2533 mean sizes. */
#define START_80 1.606f
#define START_95 2.456f
/* The larger, the sooner the share is right again, and the more the margin trembles. Measured with bench-forecast. */
#define STEP_80 0.05f
#define STEP_95 0.09f

#define WEEKS (1 / 400.0f) /* memory of the share that was missed */
#define ARREARS 3.0f       /* how much of what was missed too often is made up for */

void
casa_band_init(CasaBand *self)
{
  *self = (CasaBand){ START_80, START_95, 0.20f, 0.05f, 0 };
}

/* The share of misses that it aims at is smaller when there were too many: so that any month keeps the promise, not only the
 * long run. */
static void
track(float *margin, float *missed, gboolean is_outside, float step, float promised)
{
  const float miss = is_outside ? 1 : 0;
  const float aim = CLAMP(promised - ARREARS * (*missed - promised), promised / 4, promised * 2);

  *missed += WEEKS * (miss - *missed);
  *margin = CLAMP(*margin * expf(step * (miss - aim)), 0.05f, 100);
}

void
casa_band_learn(CasaBand *self, double error, double half_80, double half_95)
{
  track(&self->margin_80, &self->missed_80, fabs(error) > half_80, STEP_80, 0.20f);
  track(&self->margin_95, &self->missed_95, fabs(error) > half_95, STEP_95, 0.05f);
  self->n++;
}

void
casa_band_margins(const CasaBand *self, double *out_80, double *out_95)
{
  *out_80 = (double)self->margin_80;
  *out_95 = (double)MAX(self->margin_95, self->margin_80);
}
