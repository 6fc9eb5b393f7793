/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/status.h"
#include "ui/fit.h"
#include "ui/slots.h"
#include "ui/text.h"
#include "ui/words.h"

struct _CasaStatus {
  GtkWidget *words, *hint;
  gboolean brief;
};

CasaStatus *
casa_status_new(GtkWidget *page, gboolean brief)
{
  CasaStatus *self = g_new0(CasaStatus, 1);

  self->brief = brief;
  self->words = casa_text_new("casa-status");
  self->hint = casa_text_new("casa-status");
  casa_slots_add(CASA_SLOTS(page), casa_fit_new(self->words, 0, 0.5),
                 (CasaSlot){ 32 / 1920.0, 1016 / 1080.0, 1330 / 1920.0, 52 / 1080.0 });
  casa_slots_add(CASA_SLOTS(page), casa_fit_new(self->hint, 1, 0.5),
                 (CasaSlot){ 1378 / 1920.0, 1016 / 1080.0, 510 / 1920.0, 52 / 1080.0 });
  g_object_set_data_full(G_OBJECT(page), "casa-status", self, g_free);
  return self;
}

void
casa_status_update(CasaStatus *self, const CasaSummary *summary)
{
  g_autofree char *text = casa_words_status(summary, self->brief);
  gboolean bad = summary->blocked[0] || summary->erased || summary->link.state != CASA_LINK_UP ||
                 summary->forward.state == CASA_FORWARD_RETRYING || summary->forward.state == CASA_FORWARD_DENIED ||
                 summary->flooding || summary->crowding;

  casa_text_set(self->words, text);
  if (bad)
    gtk_widget_add_css_class(self->words, "casa-warning");
  else
    gtk_widget_remove_css_class(self->words, "casa-warning");
}

void
casa_status_set_hint(CasaStatus *self, const char *hint)
{
  casa_text_set(self->hint, hint);
}
