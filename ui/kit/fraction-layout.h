/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A stage set: every child has a rectangle given in fractions of the container, mirrored in right-to-left languages, so a
 * page keeps its proportions from a laptop to a 4K wall whatever its texts say. Children never push each other. */
#define CASA_TYPE_FRACTION_LAYOUT (casa_fraction_layout_get_type())
G_DECLARE_FINAL_TYPE(CasaFractionLayout, casa_fraction_layout, CASA, FRACTION_LAYOUT, GtkWidget)

typedef struct {
  double x, y, w, h; /* 0..1 of the container's width and height; x from the reading side */
} CasaFractions;

GtkWidget *casa_fraction_layout_new(void); /* An empty one. (transfer floating) */
/* Takes the child; later children are drawn on top and reached later with Tab. */
void casa_fraction_layout_add(CasaFractionLayout *self, GtkWidget *child, CasaFractions slot);
void casa_fraction_layout_move(CasaFractionLayout *self, GtkWidget *child, CasaFractions slot); /* One of its children */

G_END_DECLS
