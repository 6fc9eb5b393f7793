/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/flow.h"

/* All stations of a network may report at the same moment, and then no more for a minute: one burst is no flow. */
#define PAUSE_MS 1000
#define LONG_MS 1500
#define PER_S 2

void
casa_flow_note(CasaFlow *self, gint64 t_ms)
{
  if (self->n == 0 || t_ms < self->last_ms || t_ms - self->last_ms > PAUSE_MS) {
    self->since_ms = t_ms;
    self->n = 0;
  }
  self->last_ms = t_ms;
  self->n++;
  gint64 long_ms = t_ms - self->since_ms;
  self->steady |= long_ms >= LONG_MS && self->n * 1000 >= PER_S * long_ms;
}
