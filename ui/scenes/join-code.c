/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/join-code.h"
#include "teams/event-secret.h"
#include "teams/qr.h"
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/text/lang.h"
#include <string.h>

#define QUIET 4 /* modules of white that a reader needs around it */
#define STEPS 3

struct _CasaJoinCode {
  CasaModel *model;
  GtkWidget *root, *code;
  char *link; /* NULL: none */
  CasaQr *qr; /* of it */
};

static void
forget(CasaJoinCode *self)
{
  if (self->link)
    explicit_bzero(self->link, strlen(self->link));
  g_clear_pointer(&self->link, g_free);
  g_clear_pointer(&self->qr, casa_qr_free);
}

static void
free_cb(gpointer data)
{
  forget(data);
  g_free(data);
}

/* Black on white whatever the theme, in whole pixels: a telephone at the end of the hall reads it. */
static void
draw_cb(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const CasaJoinCode *self = data;

  if (!self->qr)
    return;
  const int modules = (int)self->qr->width + 2 * QUIET, px = MAX(MIN(width, height) / modules, 1), size = px * modules;
  cairo_translate(cr, (width - size) / 2, (height - size) / 2);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_rectangle(cr, 0, 0, size, size);
  cairo_fill(cr);
  cairo_set_source_rgb(cr, 0, 0, 0);
  for (guint row = 0; row < self->qr->width; row++)
    for (guint column = 0; column < self->qr->width; column++)
      if (self->qr->dark[row * self->qr->width + column])
        cairo_rectangle(cr, ((int)column + QUIET) * px, ((int)row + QUIET) * px, px, px);
  cairo_fill(cr);
}

static void
put(CasaJoinCode *self, const char *text, const char *class, CasaFractions slot)
{
  GtkWidget *label = casa_label_new(class);

  casa_label_set(label, text);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), casa_shrink_bin_new(label, 0, 0.5), slot);
}

CasaJoinCode *
casa_join_code_new(CasaModel *model)
{
  /* TR: how a team joins: it scans the QR code beside this… */
  const char *const steps[STEPS] = { _("Scannez le code, et donnez un nom à votre équipe"),
                                     /* TR: …a kit is given the card that the page shows… */
                                     _("Envoyez un nombre, ou branchez un kit avec la carte reçue"),
                                     _("L'organisateur montre votre courbe ici") };
  CasaJoinCode *self = g_new0(CasaJoinCode, 1);

  self->model = model;
  self->root = casa_fraction_layout_new();
  self->code = gtk_drawing_area_new();
  gtk_widget_add_css_class(self->root, "casa-panel");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->code), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Code QR pour se joindre"), -1);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(self->code), draw_cb, self, NULL);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), self->code, (CasaFractions){ 0.02, 0.06, 0.23, 0.88 });
  put(self, _("Rejoindre en trois gestes"), "casa-card-title", (CasaFractions){ 0.27, 0.07, 0.71, 0.2 });
  for (guint i = 0; i < STEPS; i++) {
    g_autofree char *number = casa_lang_number(i + 1, 0);
    put(self, number, "casa-card-title", (CasaFractions){ 0.27, 0.31 + 0.21 * i, 0.04, 0.19 });
    put(self, steps[i], "casa-card-value", (CasaFractions){ 0.31, 0.31 + 0.21 * i, 0.67, 0.19 });
  }
  g_object_set_data_full(G_OBJECT(self->root), "casa-join-code", self, free_cb);
  return self;
}

GtkWidget *
casa_join_code_widget(CasaJoinCode *self)
{
  return self->root;
}

gboolean
casa_join_code_update(CasaJoinCode *self)
{
  const CasaConfig *config = casa_model_config(self->model);
  char *secret = config && config->teams_folder ? casa_event_secret_read(config->teams_folder, NULL) : NULL;
  char *link = secret ? casa_event_link(config, secret, casa_lang_get()) : NULL;

  if (secret)
    explicit_bzero(secret, strlen(secret));
  g_free(secret);
  if (g_strcmp0(link, self->link) != 0) {
    forget(self);
    self->link = g_strdup(link);
    self->qr = link ? casa_qr_new(link) : NULL;
    gtk_widget_queue_draw(self->code);
  }
  g_free(link);
  gtk_widget_set_visible(self->root, self->qr != NULL);
  return self->qr != NULL;
}
