/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/parts.h"
#include "ui/text/phrases.h"

/* How the pipeline does, in words, and where we are in the show. */
typedef struct {
  CasaModel *model;
  gboolean brief;
  GtkWidget *words;
} Status;

static gboolean
is_bad(const CasaSummary *s)
{
  return s->blocked.code || s->erased || s->link.state != CASA_LINK_UP || s->forward.state == CASA_FORWARD_RETRYING ||
         s->forward.state == CASA_FORWARD_DENIED || s->flooding || s->crowding;
}

static void
update(CasaPart *part)
{
  Status *self = part->state;
  const CasaSummary *summary = casa_model_summary(self->model);
  g_autofree char *text = casa_phrases_status(summary, self->brief);

  casa_label_set(self->words, text);
  if (is_bad(summary))
    gtk_widget_add_css_class(self->words, "casa-warning");
  else
    gtk_widget_remove_css_class(self->words, "casa-warning");
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Status *self = part->state = g_new0(Status, 1);
  GtkWidget *hint = casa_label_new("casa-status");

  self->model = context->model;
  self->brief = context->large;
  self->words = casa_label_new("casa-status");
  casa_label_set(hint, context->hint);
  part->widget = casa_fraction_layout_new();
  gtk_widget_add_css_class(part->widget, "casa-foot");
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), casa_shrink_bin_new(self->words, 0, 0.5),
                           (CasaFractions){ 0, 0, 0.716, 1 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), casa_shrink_bin_new(hint, 1, 0.5),
                           (CasaFractions){ 0.725, 0, 0.275, 1 });
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { NULL } };
const CasaPartClass casa_part_status = { "status", OPTIONS, build };
