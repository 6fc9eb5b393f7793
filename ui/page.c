/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/page.h"
#include "ui/lang.h"

CasaPage *
casa_page_new(GtkWidget *root, gpointer scene)
{
  CasaPage *self = g_new0(CasaPage, 1);

  self->root = root;
  self->scene = scene;
  gtk_widget_add_css_class(root, "casa-page");
  g_object_set_data_full(G_OBJECT(root), "casa-scene", scene, g_free);
  g_object_set_data_full(G_OBJECT(root), "casa-page", self, g_free);
  return self;
}

CasaPage *
casa_scene_build(guint scene, CasaModel *model)
{
  return scene == 0 ? casa_wall_new(model) : casa_focus_new(model, (CasaDomain)(scene - 1));
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
