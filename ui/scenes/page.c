/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/page.h"

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
