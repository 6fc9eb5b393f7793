/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene.h"
#include "ui/text/lang.h"
#include "ui/scenes/focus.h"
#include "ui/scenes/wall.h"

CasaPage *
casa_scene_build(guint scene, CasaModel *model)
{
  g_autofree char *title = casa_scene_title(scene);

  return scene == 0 ? casa_wall_new(model) : casa_focus_new(model, (CasaDomain)(scene - 1), title);
}

const char *const *
casa_scene_ids(void)
{
  static const char *ids[CASA_N_SCENES + 1] = { "wall" };

  for (guint i = 1; i < CASA_N_SCENES; i++)
    ids[i] = casa_domain_id((CasaDomain)(i - 1));
  return ids;
}

char *
casa_scene_title(guint scene)
{
  const char *name = scene == 0 ? _("La ville") : casa_domain_name((CasaDomain)(scene - 1));

  /* TR: which scene of how many, then its name */
  return g_strdup_printf(_("scène %u/%u · %s"), scene + 1, (guint)CASA_N_SCENES, name);
}
