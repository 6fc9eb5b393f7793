/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/fact-view.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"

#define FONT_PX 21 /* labels of charts at 1080p: what the last row reads */

void
casa_fact_view_init(CasaFactView *self, const char *heading, const char *domain, CasaPlotPaint paint, gpointer data)
{
  g_autofree char *class = domain && *domain ? g_strconcat("casa-domain-", domain, NULL) : NULL;

  self->root = casa_fraction_layout_new();
  self->name = casa_label_new("casa-name");
  self->plot = casa_plot_view_new(paint, data);
  casa_label_set(self->name, heading);
  gtk_widget_add_css_class(self->root, "casa-panel");
  if (class)
    gtk_widget_add_css_class(self->root, class);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), casa_shrink_bin_new(self->name, 0, 0.5),
                           (CasaFractions){ 0.025, 0.02, 0.95, 0.14 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), self->plot, (CasaFractions){ 0.025, 0.18, 0.95, 0.79 });
}

void
casa_fact_view_restyle(CasaFactView *self, const CasaLook *look)
{
  casa_plot_view_set_style(CASA_PLOT_VIEW(self->plot), look->theme, look->font, casa_look_px(look, FONT_PX));
}
