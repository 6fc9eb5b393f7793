/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/parts.h"

static const CasaPartClass *const CLASSES[] = {
  &casa_part_column,
  &casa_part_governance,
  &casa_part_header,
  &casa_part_map,
  &casa_part_panel,
  &casa_part_ranking,
  &casa_part_ribbon,
  &casa_part_rose,
  &casa_part_scatter,
  &casa_part_stack,
  &casa_part_station,
  &casa_part_status,
  &casa_part_story,
  &casa_part_teams,
  &casa_part_text,
  &casa_part_tiles,
  NULL,
};

const CasaPartClass *const *
casa_part_classes(void)
{
  return CLASSES;
}

const CasaPartClass *
casa_part_class(const char *id)
{
  for (guint i = 0; CLASSES[i]; i++)
    if (g_str_equal(CLASSES[i]->id, id))
      return CLASSES[i];
  return NULL;
}
