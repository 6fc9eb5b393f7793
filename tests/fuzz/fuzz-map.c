/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "fuzz.h"
#include "replay/replay-map.h"
#include "wire/topic.h"

#include <math.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static CasaMetrics *metrics;
  GError *error = NULL;
  gint64 t_ms;
  if (!metrics)
    metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  CasaKeyfile *file = casa_keyfile_parse((const char *)data, size, "map", &error);
  g_autoptr(CasaSimMap) map = file ? casa_sim_map_new(file, metrics, &error) : NULL;
  fuzz_check_error(map != NULL, error);
  if (!map)
    return 0;
  g_assert_true(map->values->len > 0 || map->value_column);
  g_assert_true(casa_metrics_has_domain(metrics, map->domain));
  for (guint i = 0; i < map->values->len; i++) {
    const CasaSimMapValue *v = &g_array_index(map->values, CasaSimMapValue, i);
    g_assert_true(*v->metric && strlen(v->metric) <= CASA_NAME_MAX && isfinite(v->factor) && isfinite(v->offset));
  }
  const char *const times[] = { "21/05/2026 12:00", "1779364800", "2026-05-21T12:00:00+01:00", "",
                                "99/99/9999 99:99:99.999999999 +99:99" };
  for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
    if (casa_sim_time_read(&map->time, times[i], &t_ms))
      g_assert_true(t_ms >= 0);
  }
  return 0;
}
