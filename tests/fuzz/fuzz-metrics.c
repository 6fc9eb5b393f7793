/* SPDX-License-Identifier: Apache-2.0 */
#include "city/metrics.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  fuzz_scratch_write("metrics.conf", data, size);
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(fuzz_scratch(), &error);
  fuzz_check_error(metrics != NULL, error);
  if (!metrics)
    return 0;
  guint n;
  const CasaMetric *const *all = casa_metrics_all(metrics, &n);
  for (guint i = 0; i < n; i++) {
    double factor, offset;
    g_assert_true(all[i]->min < all[i]->max && all[i]->decimals <= 6);
    g_assert_true(casa_metrics_find(metrics, all[i]->id, strlen(all[i]->id)) == all[i]);
    for (guint a = 0; all[i]->aliases[a]; a++)
      g_assert_true(casa_metrics_find(metrics, all[i]->aliases[a], strlen(all[i]->aliases[a])) == all[i]);
    g_assert_true(casa_metrics_convert(metrics, all[i], all[i]->unit, &factor, &offset) && factor == 1 && offset == 0);
  }
  return 0;
}
