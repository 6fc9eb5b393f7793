/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/part.h"

GPtrArray *
casa_part_indicators(const CasaPartSpec *spec, const char *option, CasaModel *model)
{
  g_auto(GStrv) ids = casa_part_spec_list(spec, option);
  GPtrArray *found = g_ptr_array_new();

  for (guint i = 0; ids[i]; i++) {
    const CasaIndicator *indicator = casa_indicators_find(casa_model_indicators(model), ids[i]);
    if (indicator)
      g_ptr_array_add(found, (gpointer)indicator);
  }
  return found;
}
