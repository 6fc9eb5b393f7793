/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/band.h"
#include <math.h>

#define LEAST 0.03 /* usual errors: the first bin; each is GROWTH times the one before, the last about 80 */
#define GROWTH 1.18
#define START_ERRORS 100.0 /* so many normal errors it has seen before the first */
/* Measured with bench-forecast. */
#define MEMORY 0.9985 /* an error of three weeks ago counts half */
#define PATIENCE 12.0 /* hours in which arrears are made up for, and more for each that a truth is waited for */
#define PATIENCE_AHEAD 1.0
#define LEAST_80 0.005 /* shares of misses that are aimed at */
#define MOST_80 0.5
#define LEAST_95 0.002
#define MOST_95 0.2

static double
bin_end(guint bin)
{
  return LEAST * pow(GROWTH, bin);
}

void
casa_band_init(CasaBand *self, guint horizon)
{
  *self = (CasaBand){ .patience = (float)(PATIENCE + PATIENCE_AHEAD * horizon) };
  double below = 0;
  for (guint i = 0; i < CASA_BAND_BINS; i++) { /* a normal error's mean size is 0.7979 deviations */
    const double share = erf(bin_end(i) * 0.7979 / G_SQRT2);
    self->errors[i] = (float)(START_ERRORS * (share - below));
    below = share;
  }
}

/* Bounded, for where a margin cannot help: at night the sun is always inside. */
static float
count(const CasaBand *self, float arrears, gboolean missed, double promised)
{
  return CLAMP(arrears + (missed ? 1 : 0) - (float)promised, -self->patience, self->patience);
}

void
casa_band_learn(CasaBand *self, double error, double margin_80, double margin_95)
{
  const double size = fabs(error);
  const double at = size > LEAST ? ceil(log(size / LEAST) / log(GROWTH)) : 0;

  for (guint i = 0; i < CASA_BAND_BINS; i++)
    self->errors[i] *= (float)MEMORY;
  self->errors[(guint)MIN(at, CASA_BAND_BINS - 1)] += 1;
  self->arrears_80 = count(self, self->arrears_80, size > margin_80, 0.20);
  self->arrears_95 = count(self, self->arrears_95, size > margin_95, 0.05);
  self->n++;
}

/* The size that a share @above of the errors is larger than. */
static double
quantile(const CasaBand *self, double above)
{
  double all = 0, sum = 0;

  for (guint i = 0; i < CASA_BAND_BINS; i++)
    all += (double)self->errors[i];
  for (guint i = CASA_BAND_BINS; i-- > 1; sum += (double)self->errors[i]) {
    if (sum + (double)self->errors[i] < above * all)
      continue;
    const double share = (above * all - sum) / MAX((double)self->errors[i], 1e-9); /* of this bin, from its end */
    return bin_end(i) * pow(GROWTH, -CLAMP(share, 0, 1));
  }
  return LEAST;
}

void
casa_band_margins(const CasaBand *self, double pending_80, double pending_95, double *out_80, double *out_95)
{
  const double miss_80 = CLAMP(0.20 - ((double)self->arrears_80 + pending_80) / (double)self->patience, LEAST_80, MOST_80);
  const double miss_95 = CLAMP(0.05 - ((double)self->arrears_95 + pending_95) / (double)self->patience, LEAST_95, MOST_95);

  *out_80 = quantile(self, miss_80);
  *out_95 = MAX(quantile(self, miss_95), *out_80);
}
