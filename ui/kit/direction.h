/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Reading directions of a whole window. A widget of GTK 4 does not inherit its parent's direction, only the application's:
 * where two windows speak different languages, every widget is told its own. */

/* What has this CSS class runs left to right in every language: a clock, a number. */
#define CASA_CLASS_LTR "casa-ltr"

/* Gives @root and all that is below it now the direction of the language of the moment. Widgets that come later need it
 * again. */
void casa_direction_apply(GtkWidget *root);

G_END_DECLS
