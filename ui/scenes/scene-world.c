/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-world.h"

static void
start(GPtrArray **list)
{
  if (!*list)
    *list = g_ptr_array_new();
  g_ptr_array_set_size(*list, 0);
}

const CasaSceneWorld *
casa_scene_world(const CasaIndicators *set)
{
  static GPtrArray *domains, *indicators;
  static CasaSceneWorld world;
  guint n;
  const CasaCityDomain *const *all = casa_indicators_domains(set, &n);

  start(&domains);
  start(&indicators);
  for (guint i = 0; i < n; i++)
    if (all[i]->headline)
      g_ptr_array_add(domains, all[i]->id);
  for (guint i = 0; i < casa_indicators_n(set); i++)
    g_ptr_array_add(indicators, casa_indicators_get(set, i)->id);
  g_ptr_array_add(domains, NULL);
  g_ptr_array_add(indicators, NULL);
  world = (CasaSceneWorld){ (const char *const *)domains->pdata, (const char *const *)indicators->pdata };
  return &world;
}
