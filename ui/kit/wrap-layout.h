/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A bar: children one after another, in further rows when there is no room beside one another, so that nothing is cut; the last
 * child stands at the end of the first row. Each has its natural width, or all there is. Asks for the width of its widest.
 * Mirrored in right-to-left languages. For gtk_widget_set_layout_manager(). */
#define CASA_TYPE_WRAP_LAYOUT (casa_wrap_layout_get_type())
G_DECLARE_FINAL_TYPE(CasaWrapLayout, casa_wrap_layout, CASA, WRAP_LAYOUT, GtkLayoutManager)

GtkLayoutManager *casa_wrap_layout_new(int gap); /* @gap: between two, px. (transfer full) */
/* A plain box without a look of its own that is laid out so. (transfer floating) */
GtkWidget *casa_wrap_box_new(int gap);

G_END_DECLS
