/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tail.h"

#include <string.h>

guint
casa_tail_at(const CasaTail *self, gint64 t_ms)
{
  guint low = 0, high = self->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (self->rows[middle].t_ms < t_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const CasaSample *
casa_tail_find(const CasaTail *self, gint64 t_ms)
{
  guint at = casa_tail_at(self, t_ms);
  return at < self->n && self->rows[at].t_ms == t_ms ? &self->rows[at] : NULL;
}

void
casa_tail_put(CasaTail *self, const CasaSample *sample)
{
  guint at = self->n > 0 && self->rows[self->n - 1].t_ms < sample->t_ms ? self->n : casa_tail_at(self, sample->t_ms);
  if (at < self->n && self->rows[at].t_ms == sample->t_ms) {
    if (self->rows[at].id < sample->id)
      self->rows[at] = *sample;
    return;
  }
  if (self->n == self->size) {
    self->size += self->size / 4 + 2; /* thousands of these, in the writer and in every reader: twice as much would lie idle */
    self->rows = g_renew(CasaSample, self->rows, self->size);
  }
  memmove(self->rows + at + 1, self->rows + at, (self->n - at) * sizeof *self->rows);
  self->rows[at] = *sample;
  self->n++;
}

void
casa_tail_drop(CasaTail *self, gint64 id)
{
  guint kept = 0;
  for (guint i = 0; i < self->n; i++)
    if (self->rows[i].id > id)
      self->rows[kept++] = self->rows[i];
  self->n = kept;
  if (kept == 0) {
    casa_tail_clear(self);
  } else if (kept < self->size / 4) { /* a day came at once, and is sealed now */
    self->size = kept + kept / 4 + 2;
    self->rows = g_renew(CasaSample, self->rows, self->size);
  }
}

void
casa_tail_clear(CasaTail *self)
{
  g_clear_pointer(&self->rows, g_free);
  self->n = self->size = 0;
}
