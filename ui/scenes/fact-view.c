/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/fact-view.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"

#define SHEET_HEIGHT 420
#define FONT_PX 21 /* labels of charts at 1080p: what the last row reads */

void
casa_fact_view_init(CasaFactView *self, const char *heading, const char *domain, CasaPlotPaint paint, gpointer data)
{
  g_autofree char *class = domain && *domain ? g_strconcat("casa-domain-", domain, NULL) : NULL;

  self->root = casa_fraction_layout_new();
  self->name = casa_label_new("casa-name");
  self->plot = casa_plot_view_new(paint, data);
  self->paint = paint;
  self->data = data;
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
  self->look = *look;
  casa_plot_view_set_style(CASA_PLOT_VIEW(self->plot), look->theme, look->font, casa_look_px(look, FONT_PX));
}

CasaSheet *
casa_fact_view_sheet(const CasaFactView *self, CasaModel *model, const CasaIndicator *const *of, guint n_of, gint64 from_ms,
                     gint64 to_ms)
{
  const char *title = gtk_label_get_text(GTK_LABEL(self->name));
  g_autoptr(GString) source = g_string_new(NULL);
  CasaProvenance from = 0;

  if (!self->look.theme)
    return NULL;
  for (guint i = 0; i < n_of; i++) {
    from |= casa_model_figure(model, of[i])->from;
    g_string_append_printf(source, "%s%s", i ? " · " : "", of[i]->id);
  }
  g_autofree char *words = casa_sheet_provenance_words(from);
  g_autofree char *head = g_strdup_printf("%s   %s", title, words);
  CasaSheet *sheet = casa_sheet_new(self->look.theme, self->look.font, title, source->str, from_ms, to_ms);
  casa_sheet_add(sheet, head, SHEET_HEIGHT, self->paint, self->data);
  return sheet;
}
