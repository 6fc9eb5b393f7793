/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/badge.h"
#include "ui/kit/label.h"

GtkWidget *
casa_badge_new(void)
{
  GtkWidget *label = casa_label_new("casa-badge");

  gtk_widget_set_valign(label, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(label, FALSE);
  return label;
}

void
casa_badge_set(GtkWidget *badge, const CasaBadgeWords *words)
{
  gtk_widget_set_visible(badge, words != NULL);
  if (!words)
    return;

  const char *classes[] = { "casa-badge", casa_badge_class(words->kind), NULL };
  const char *hint = casa_badge_hint(words->kind);
  g_autofree char *text = g_strdup_printf("%s %s", casa_badge_shape(words->kind), words->text);
  if (!gtk_widget_has_css_class(badge, classes[1]))
    gtk_widget_set_css_classes(badge, classes);
  casa_label_set(badge, text);
  if (g_strcmp0(gtk_widget_get_tooltip_text(badge), hint) == 0)
    return;
  gtk_widget_set_tooltip_text(badge, hint);
  gtk_accessible_update_property(GTK_ACCESSIBLE(badge), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, hint, -1);
}
