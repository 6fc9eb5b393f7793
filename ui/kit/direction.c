/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/direction.h"
#include "ui/text/lang.h"

static void
apply(GtkWidget *widget, GtkTextDirection direction)
{
  if (gtk_widget_has_css_class(widget, CASA_CLASS_LTR))
    direction = GTK_TEXT_DIR_LTR;
  gtk_widget_set_direction(widget, direction);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    apply(child, direction);
}

void
casa_direction_apply(GtkWidget *root)
{
  apply(root, casa_lang_rtl() ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
}
