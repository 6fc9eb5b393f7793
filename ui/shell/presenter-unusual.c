/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-unusual.h"
#include "ui/kit/label.h"
#include "ui/scenes/doubt-words.h"
#include "ui/scenes/unusual-words.h"
#include "ui/text/lang.h"

#define SHOWN 5
#define DOUBTS 3

struct _CasaUnusualCard {
  CasaModel *model;
  GtkWidget *box, *title, *lines[SHOWN];
  GtkWidget *doubts_title, *doubts[DOUBTS];
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
  self->doubts_title = label_in(self->box, "strong");
  for (guint i = 0; i < DOUBTS; i++)
    self->doubts[i] = label_in(self->box, "muted");
  gtk_widget_set_visible(self->box, FALSE);
  g_object_set_data_full(G_OBJECT(self->box), "casa-unusual-card", self, g_free);
  return self;
}

GtkWidget *
casa_unusual_card_widget(CasaUnusualCard *self)
{
  return self->box;
}

static void
look_unusual(CasaUnusualCard *self, const GArray *alerts)
{
  /* TR: heads the presenter's list of figures that are far from what is usual; how many */
  g_autofree char *title =
    g_strdup_printf(casa_tr_n("Inhabituel : %u chiffre", "Inhabituel : %u chiffres", alerts->len), alerts->len);

  casa_label_set(self->title, title);
  gtk_widget_set_visible(self->title, alerts->len > 0);
  for (guint i = 0; i < SHOWN; i++) {
    gtk_widget_set_visible(self->lines[i], i < alerts->len);
    if (i >= alerts->len)
      continue;
    g_autofree char *line = casa_unusual_line(self->model, &g_array_index(alerts, CasaUnusualAlert, i));
    casa_label_set(self->lines[i], line);
  }
}

static void
look_doubtful(CasaUnusualCard *self, const GArray *sensors)
{
  /* TR: heads the presenter's list of sensors that one should not rely on; how many */
  g_autofree char *title = g_strdup_printf(casa_tr_n("%u capteur douteux", "%u capteurs douteux", sensors->len), sensors->len);

  casa_label_set(self->doubts_title, title);
  gtk_widget_set_visible(self->doubts_title, sensors->len > 0);
  for (guint i = 0; i < DOUBTS; i++) {
    gtk_widget_set_visible(self->doubts[i], i < sensors->len);
    if (i >= sensors->len)
      continue;
    g_autofree char *line = casa_doubt_line(self->model, &g_array_index(sensors, CasaDoubtfulSensor, i));
    casa_label_set(self->doubts[i], line);
  }
}

void
casa_unusual_card_look(CasaUnusualCard *self)
{
  const GArray *alerts = casa_model_unusual(self->model), *sensors = casa_doubtful_sensors(casa_model_doubtful(self->model));

  gtk_widget_set_visible(self->box, alerts->len > 0 || sensors->len > 0);
  look_unusual(self, alerts);
  look_doubtful(self, sensors);
}
