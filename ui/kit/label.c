/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/label.h"

GtkWidget *
casa_label_new(const char *css_class)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_valign(label, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class(label, css_class);
  return label;
}

GtkWidget *
casa_label_new_number(const char *css_class)
{
  GtkWidget *label = casa_label_new(css_class);

  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
  return label;
}

void
casa_label_set(GtkWidget *label, const char *text)
{
  if (g_strcmp0(gtk_label_get_text(GTK_LABEL(label)), text) != 0)
    gtk_label_set_text(GTK_LABEL(label), text);
  /* A screen reader would speak an empty label by the name of its class. */
  gtk_widget_set_visible(label, text && *text);
}
