/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows one child at its natural size, smaller when there is no room: a long number shrinks a little rather than being
 * cut. Below CASA_SHRINK_BIN_FLOOR the child is squeezed instead (labels in it then ellipsize). */
#define CASA_TYPE_SHRINK_BIN (casa_shrink_bin_get_type())
G_DECLARE_FINAL_TYPE(CasaShrinkBin, casa_shrink_bin, CASA, SHRINK_BIN, GtkWidget)

#define CASA_SHRINK_BIN_FLOOR 0.6

/* @xalign 0 = reading start, 1 = end; @yalign 0 top, 1 bottom. Takes the child. */
GtkWidget *casa_shrink_bin_new(GtkWidget *child, double xalign, double yalign);
/* How much the child is shrunk now: 1 not at all. */
double casa_shrink_bin_scale(CasaShrinkBin *self);

G_END_DECLS
