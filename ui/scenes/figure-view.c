/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/figure-view.h"
#include "ui/chart/chart.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/text/lang.h"

#define WIDE_FROM 2.4            /* width to height from which a chart beside the words is larger than below them */
#define LOW_FROM 4.5             /* width to height from which four lines of words would lie on one another */
#define LOW_BELOW 0.35           /* share of the window: beside a chart there is no room for a sentence */
#define GAP_MS (10 * 60 * 1000)  /* some sensors report every five minutes; known outages break the line sooner */
#define SCREEN (16.0 / 9)        /* what slots are laid out for… */
#define SCREEN_NARROW (9.0 / 16) /* …and in a narrow window */

CasaFigureShape
casa_figure_shape(const CasaFractions *slot, const CasaPartContext *context)
{
  double aspect = slot->w / slot->h * (context->narrow ? SCREEN_NARROW : SCREEN);

  if (context->large)
    return CASA_FIGURE_LARGE;
  if (aspect < WIDE_FROM)
    return CASA_FIGURE_TALL;
  return aspect > LOW_FROM || (slot->w < LOW_BELOW && !context->narrow) ? CASA_FIGURE_LOW : CASA_FIGURE_WIDE;
}

static void
add(CasaFigureView *self, GtkWidget *child, double xalign, double x, double y, double w, double h)
{
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), xalign < 0 ? child : casa_shrink_bin_new(child, xalign, 0.5),
                           (CasaFractions){ x, y, w, h });
}

/* Not aligned, and not shrunk: it fills its place. */
#define FILL (-1)

static void
place_wide(CasaFigureView *self, GtkWidget *bar)
{
  add(self, bar, FILL, 0, 0.09, 0.008, 0.82);
  add(self, self->name, 0, 0.04, 0.05, 0.38, 0.14);
  add(self, self->number, 0, 0.04, 0.21, 0.38, 0.4);
  add(self, self->unit, 0, 0.04, 0.64, 0.38, 0.15);
  add(self, self->trend, 0, 0.04, 0.81, 0.38, 0.15);
  add(self, self->chart, FILL, 0.43, 0.06, 0.555, 0.90);
}

/* The big number, and beside it what it is. */
static GtkWidget *
number_line(CasaFigureView *self, GtkWidget *below)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class(line, "casa-line");
  gtk_widget_add_css_class(words, "casa-words");
  gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(words), self->unit);
  if (below)
    gtk_box_append(GTK_BOX(words), below);
  gtk_box_append(GTK_BOX(line), self->number);
  gtk_box_append(GTK_BOX(line), words);
  gtk_widget_set_valign(self->number, GTK_ALIGN_CENTER);
  return line;
}

/* The name at its size, and what is judged of the number at the other end: it has what room the name leaves. */
static GtkWidget *
head_line(CasaFigureView *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *trend = casa_shrink_bin_new(self->trend, 1, 0.5);

  gtk_widget_set_hexpand(trend, TRUE);
  gtk_box_append(GTK_BOX(line), casa_shrink_bin_new(self->name, 0, 0.5));
  gtk_box_append(GTK_BOX(line), trend);
  return line;
}

static void
place_low(CasaFigureView *self, GtkWidget *bar)
{
  add(self, bar, FILL, 0, 0.09, 0.008, 0.82);
  add(self, head_line(self), FILL, 0.045, 0.04, 0.92, 0.2);
  add(self, self->number, 0, 0.045, 0.25, 0.31, 0.44);
  add(self, self->unit, 0, 0.045, 0.70, 0.34, 0.2);
  add(self, self->chart, FILL, 0.39, 0.26, 0.59, 0.72);
}

static void
place_tall(CasaFigureView *self, GtkWidget *bar)
{
  add(self, bar, FILL, 0, 0.05, 0.008, 0.36);
  add(self, head_line(self), FILL, 0.045, 0.03, 0.92, 0.12);
  add(self, number_line(self, NULL), 0, 0.045, 0.15, 0.92, 0.27);
  add(self, self->chart, FILL, 0.03, 0.44, 0.95, 0.54);
}

static void
place_large(CasaFigureView *self, GtkWidget *bar)
{
  add(self, bar, FILL, 0, 0.05, 0.004, 0.27);
  add(self, self->name, 0, 0.025, 0.04, 0.95, 0.085);
  add(self, number_line(self, self->trend), 0, 0.025, 0.12, 0.95, 0.22);
  add(self, self->chart, FILL, 0.025, 0.36, 0.955, 0.62);
}

static void
place_beside(CasaFigureView *self, GtkWidget *bar)
{
  add(self, bar, FILL, 0, 0.04, 0.008, 0.4);
  add(self, self->name, 0, 0.045, 0.03, 0.5, 0.085);
  add(self, number_line(self, NULL), 0, 0.045, 0.185, 0.52, 0.18);
  add(self, self->trend, 0, 0.045, 0.37, 0.52, 0.07);
  add(self, self->chart, FILL, 0.03, 0.46, 0.95, 0.52);
}

void
casa_figure_view_init(CasaFigureView *self, CasaFigureShape shape, const char *domain)
{
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *class = domain ? g_strconcat("casa-domain-", domain, NULL) : NULL;

  self->root = casa_fraction_layout_new();
  self->name = casa_label_new("casa-name");
  self->number = casa_label_new_number("casa-number");
  self->unit = casa_label_new("casa-unit");
  self->trend = casa_label_new("casa-trend");
  self->chart = casa_chart_new();
  gtk_widget_add_css_class(self->root, "casa-panel");
  if (class)
    gtk_widget_add_css_class(self->root, class);
  gtk_widget_add_css_class(bar, "casa-bar");
  switch (shape) {
  case CASA_FIGURE_WIDE: place_wide(self, bar); break;
  case CASA_FIGURE_LOW: place_low(self, bar); break;
  case CASA_FIGURE_TALL: place_tall(self, bar); break;
  case CASA_FIGURE_LARGE: place_large(self, bar); break;
  case CASA_FIGURE_PLACE: place_beside(self, bar); break;
  }
}

void
casa_figure_view_say(CasaFigureView *self, const char *number, const char *unit, const char *trend, gboolean bad)
{
  casa_label_set(self->number, number);
  casa_label_set(self->unit, unit);
  casa_label_set(self->trend, trend);
  if (bad)
    gtk_widget_add_css_class(self->trend, "casa-bad");
  else
    gtk_widget_remove_css_class(self->trend, "casa-bad");
}

void
casa_figure_view_restyle(CasaFigureView *self, CasaFigureShape shape, const CasaLook *look)
{
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));
  gboolean large = shape == CASA_FIGURE_LARGE;

  p->gap_ms = GAP_MS;
  p->show_values = TRUE;
  p->theme = look->theme;
  p->font = look->font;
  p->font_px = casa_look_px(look, large ? 32 : 21);
  p->line_px = casa_look_px(look, large ? 5 : 3);
  p->empty_text = _("en attente de mesures");
  p->gap_text = _("lacune");
}
