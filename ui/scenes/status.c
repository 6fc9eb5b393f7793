/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/status.h"
#include "ui/kit/shrink-bin.h"
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"
#include "ui/text/phrases.h"

struct _CasaStatus {
  GtkWidget *words, *hint;
  gboolean brief;
};

CasaStatus *
casa_status_new(GtkWidget *page, gboolean brief)
{
  CasaStatus *self = g_new0(CasaStatus, 1);

  self->brief = brief;
  self->words = casa_label_new("casa-status");
  self->hint = casa_label_new("casa-status");
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(page), casa_shrink_bin_new(self->words, 0, 0.5),
                           (CasaFractions){ 32 / 1920.0, 1016 / 1080.0, 1330 / 1920.0, 52 / 1080.0 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(page), casa_shrink_bin_new(self->hint, 1, 0.5),
                           (CasaFractions){ 1378 / 1920.0, 1016 / 1080.0, 510 / 1920.0, 52 / 1080.0 });
  g_object_set_data_full(G_OBJECT(page), "casa-status", self, g_free);
  return self;
}

void
casa_status_update(CasaStatus *self, const CasaSummary *summary)
{
  g_autofree char *text = casa_phrases_status(summary, self->brief);
  gboolean bad = summary->blocked[0] || summary->erased || summary->link.state != CASA_LINK_UP ||
                 summary->forward.state == CASA_FORWARD_RETRYING || summary->forward.state == CASA_FORWARD_DENIED ||
                 summary->flooding || summary->crowding;

  casa_label_set(self->words, text);
  if (bad)
    gtk_widget_add_css_class(self->words, "casa-warning");
  else
    gtk_widget_remove_css_class(self->words, "casa-warning");
}

void
casa_status_set_hint(CasaStatus *self, const char *hint)
{
  casa_label_set(self->hint, hint);
}
