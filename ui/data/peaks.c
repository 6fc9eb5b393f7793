/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/peaks.h"

struct _CasaPeaks {
  GHashTable *all; /* address → double[] */
};

CasaPeaks *
casa_peaks_new(void)
{
  CasaPeaks *self = g_new0(CasaPeaks, 1);

  self->all = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  return self;
}

void
casa_peaks_free(CasaPeaks *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->all);
  g_free(self);
}

double *
casa_peaks_of(CasaPeaks *self, gconstpointer what, guint n)
{
  double *peaks = g_hash_table_lookup(self->all, what);

  if (!peaks) {
    peaks = g_new0(double, MAX(n, 1));
    g_hash_table_insert(self->all, (gpointer)what, peaks);
  }
  return peaks;
}
