/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One line of things, in the order of their importance, as many as have room: the rest is not shown, nothing is cut. What is
 * shown stands at even distances, and mirrored in right-to-left languages. Asks for no room by itself. */
#define CASA_TYPE_LINE_BOX (casa_line_box_get_type())
G_DECLARE_FINAL_TYPE(CasaLineBox, casa_line_box, CASA, LINE_BOX, GtkWidget)

GtkWidget *casa_line_box_new(void);                             /* An empty one. (transfer floating) */
void casa_line_box_append(CasaLineBox *self, GtkWidget *child); /* takes it */

G_END_DECLS
