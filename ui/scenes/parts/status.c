/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/parts.h"
#include "ui/text/phrases.h"

/* How the pipeline does, in words, and where we are in the show. */
typedef struct {
  CasaModel *model;
  gboolean brief;
  char *fault; /* instead of the words, where there is no room for both; NULL: none */
  GtkWidget *words;
} Status;

static gboolean
is_bad(const CasaSummary *s)
{
  return s->blocked.code || s->erased || s->link.state != CASA_LINK_UP || s->forward.state == CASA_FORWARD_RETRYING ||
         s->forward.state == CASA_FORWARD_DENIED || s->flooding || s->crowding || s->config_fault[0];
}

static void
update(CasaPart *part)
{
  Status *self = part->state;
  const CasaSummary *summary = casa_model_summary(self->model);
  g_autofree char *text = casa_phrases_status(summary, self->brief);

  casa_label_set(self->words, self->fault ? self->fault : text);
  if (is_bad(summary) || self->fault)
    gtk_widget_add_css_class(self->words, "casa-warning");
  else
    gtk_widget_remove_css_class(self->words, "casa-warning");
}

static void
status_free(gpointer data)
{
  Status *self = data;

  g_free(self->fault);
  g_free(self);
}

/* Where it is short, the words have the line to themselves. */
static void
place(CasaPart *part, Status *self, gboolean alone, const char *hint)
{
  CasaFractionLayout *slots = CASA_FRACTION_LAYOUT(part->widget);

  if (alone) {
    casa_fraction_layout_add(slots, casa_shrink_bin_new(self->words, 1, 0.5), (CasaFractions){ 0, 0, 1, 1 });
    return;
  }
  GtkWidget *label = casa_label_new("casa-status");
  casa_label_set(label, hint);
  casa_fraction_layout_add(slots, casa_shrink_bin_new(self->words, 0, 0.5), (CasaFractions){ 0, 0, 0.716, 1 });
  casa_fraction_layout_add(slots, casa_shrink_bin_new(label, 1, 0.5), (CasaFractions){ 0.725, 0, 0.275, 1 });
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Status *self = part->state = g_new0(Status, 1);
  gboolean alone = g_strcmp0(casa_part_spec_get(spec, "short"), "yes") == 0;

  part->free_state = status_free;
  self->model = context->model;
  self->brief = context->large || alone;
  self->fault = alone ? g_strdup(context->fault) : NULL;
  self->words = casa_label_new("casa-status");
  part->widget = casa_fraction_layout_new();
  gtk_widget_add_css_class(part->widget, "casa-foot");
  place(part, self, alone, context->fault ? context->fault : context->hint);
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "short", CASA_OPTION_SWITCH, FALSE }, { NULL } };
const CasaPartClass casa_part_status = { "status", OPTIONS, build };
