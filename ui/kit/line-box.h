/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One line of things, in the order of their importance. Where not all have room, the first stand still and those at the end
 * take turns in the last place: nothing is cut, and each is shown whole. What is shown stands at even distances, and mirrored
 * in right-to-left languages. Asks for no room by itself. GTK thread only. */
#define CASA_TYPE_LINE_BOX (casa_line_box_get_type())
G_DECLARE_FINAL_TYPE(CasaLineBox, casa_line_box, CASA, LINE_BOX, GtkWidget)

GtkWidget *casa_line_box_new(void);                             /* An empty one. (transfer floating) */
void casa_line_box_append(CasaLineBox *self, GtkWidget *child); /* takes it */
/* Which turn it is: any number that grows. Nothing moves where all have room, nor while one of them has the focus. */
void casa_line_box_set_turn(CasaLineBox *self, guint turn);

G_END_DECLS
