/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows one child at its natural size, smaller when there is no room: a long number shrinks a little rather than being
 * cut. Below CASA_FIT_FLOOR the child is squeezed instead (labels in it then ellipsize). */
#define CASA_TYPE_FIT (casa_fit_get_type())
G_DECLARE_FINAL_TYPE(CasaFit, casa_fit, CASA, FIT, GtkWidget)

#define CASA_FIT_FLOOR 0.6

/* @xalign 0 = reading start, 1 = end; @yalign 0 top, 1 bottom. Takes the child. */
GtkWidget *casa_fit_new(GtkWidget *child, double xalign, double yalign);
/* How much the child is shrunk now: 1 not at all. */
double casa_fit_scale(CasaFit *self);

G_END_DECLS
