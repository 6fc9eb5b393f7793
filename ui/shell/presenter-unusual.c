/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-unusual.h"
#include "ui/kit/label.h"
#include "ui/scenes/unusual-words.h"
#include "ui/text/lang.h"

#define SHOWN 5

struct _CasaUnusualCard {
  CasaModel *model;
  GtkWidget *box, *title, *lines[SHOWN];
};

static GtkWidget *
label_in(GtkWidget *box, const char *class)
{
  GtkWidget *label = casa_label_new(class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

CasaUnusualCard *
casa_unusual_card_new(CasaModel *model)
{
  CasaUnusualCard *self = g_new0(CasaUnusualCard, 1);

  self->model = model;
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class(self->box, "card");
  self->title = label_in(self->box, "strong");
  for (guint i = 0; i < SHOWN; i++)
    self->lines[i] = label_in(self->box, "muted");
  gtk_widget_set_visible(self->box, FALSE);
  g_object_set_data_full(G_OBJECT(self->box), "casa-unusual-card", self, g_free);
  return self;
}

GtkWidget *
casa_unusual_card_widget(CasaUnusualCard *self)
{
  return self->box;
}

void
casa_unusual_card_look(CasaUnusualCard *self)
{
  const GArray *alerts = casa_model_unusual(self->model);

  gtk_widget_set_visible(self->box, alerts->len > 0);
  if (alerts->len == 0)
    return;
  /* TR: heads the presenter's list of figures that are far from what is usual; how many */
  g_autofree char *title =
    g_strdup_printf(casa_tr_n("Inhabituel : %u chiffre", "Inhabituel : %u chiffres", alerts->len), alerts->len);
  casa_label_set(self->title, title);
  for (guint i = 0; i < SHOWN; i++) {
    gtk_widget_set_visible(self->lines[i], i < alerts->len);
    if (i >= alerts->len)
      continue;
    g_autofree char *line = casa_unusual_line(self->model, &g_array_index(alerts, CasaUnusualAlert, i));
    casa_label_set(self->lines[i], line);
  }
}
