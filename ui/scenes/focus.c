/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/focus.h"
#include "ui/scenes/header.h"
#include "ui/scenes/panel.h"
#include "ui/kit/fraction-layout.h"
#include "ui/scenes/status.h"

/* One domain, as large as the screen. */
typedef struct {
  CasaModel *model;
  CasaHeader *header;
  CasaPanel *panel;
  CasaStatus *status;
} Focus;

static void
restyle(CasaPage *page, const CasaLook *look)
{
  Focus *self = page->scene;

  casa_panel_restyle(self->panel, look);
}

static void
update(CasaPage *page)
{
  Focus *self = page->scene;
  const CasaSummary *summary = casa_model_summary(self->model);

  casa_header_update(self->header, summary);
  casa_panel_update(self->panel);
  casa_status_update(self->status, summary);
}

static void
show_controls(CasaPage *page, gboolean show)
{
  casa_header_show_controls(((Focus *)page->scene)->header, show);
}

CasaPage *
casa_focus_new(CasaModel *model, CasaDomain domain, const char *title)
{
  Focus *self = g_new0(Focus, 1);
  GtkWidget *root = casa_fraction_layout_new();
  CasaPage *page = casa_page_new(root, self);

  gtk_widget_add_css_class(root, "casa-focus");
  self->model = model;
  self->header = casa_header_new(root);
  self->panel = casa_panel_new(model, domain, TRUE);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(root), casa_panel_widget(self->panel),
                           (CasaFractions){ 32 / 1920.0, 112 / 1080.0, 1856 / 1920.0, 884 / 1080.0 });
  self->status = casa_status_new(root, TRUE);
  casa_status_set_hint(self->status, title);
  page->restyle = restyle;
  page->update = update;
  page->show_controls = show_controls;
  return page;
}
