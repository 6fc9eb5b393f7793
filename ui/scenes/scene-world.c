/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-world.h"
#include "ui/text/phrases.h"

const CasaSceneWorld *
casa_scene_world(void)
{
  static const char *domains[CASA_N_DOMAINS + 1], *tiles[CASA_N_TILES + 1];
  static const CasaSceneWorld world = { domains, tiles };

  for (guint i = 0; i < CASA_N_DOMAINS; i++)
    domains[i] = casa_domain_id((CasaDomain)i);
  for (guint i = 0; i < CASA_N_TILES; i++)
    tiles[i] = casa_tile_id((CasaTileKind)i);
  return &world;
}
