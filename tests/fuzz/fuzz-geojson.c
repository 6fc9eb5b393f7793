/* SPDX-License-Identifier: Apache-2.0 */
#include "city/geojson.h"
#include "fuzz.h"

#include <math.h>

static void
check_feature(const CasaFeature *f)
{
  for (guint p = 0; p < f->n_paths; p++) {
    g_assert_cmpuint(f->paths[p].n, >=, 1);
    for (guint i = 0; i < f->paths[p].n; i++)
      g_assert_true(fabs(f->paths[p].points[i].lon) <= 180 && fabs(f->paths[p].points[i].lat) <= 90);
  }
  g_assert_nonnull(casa_feature_string(f, "name", ""));
  casa_feature_number(f, "capacity", 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  g_autoptr(CasaFeatures) features = casa_features_parse((const char *)data, size, "seed.geojson", &error);
  fuzz_check_error(features != NULL, error);
  for (guint i = 0; features && i < casa_features_count(features); i++)
    check_feature(casa_features_get(features, i));
  return 0;
}
