/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/backoff.h"

/* Ceiling of this attempt: min × 2^attempts, never above max and never overflowing. */
static guint
ceiling_ms(const CasaBackoff *self)
{
  guint64 ceiling = (guint64)MAX(self->min_ms, 1) << MIN(self->attempts, 31);

  return (guint)MIN(ceiling, (guint64)MAX(self->max_ms, MAX(self->min_ms, 1)));
}

guint
casa_backoff_next(CasaBackoff *self, double unit_random)
{
  guint ceiling = ceiling_ms(self);
  guint floor_ms = MIN(self->min_ms, ceiling) / 2;
  /* A random number outside [0,1), NaN included, must not become a wait of hours. */
  double unit = unit_random >= 0.0 && unit_random < 1.0 ? unit_random : 0.5;

  if (self->attempts < 31)
    self->attempts++;
  return floor_ms + (guint)(unit * (double)(ceiling - floor_ms));
}

void
casa_backoff_reset(CasaBackoff *self)
{
  self->attempts = 0;
}
