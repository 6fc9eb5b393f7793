/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A one-line label of CSS class @css_class, ellipsized only as a last resort. Plain text, never markup: names on the
 * screen come from strangers. */
GtkWidget *casa_label_new(const char *css_class);
/* The same for a number, which is never cut: half a number is another one. */
GtkWidget *casa_label_new_number(const char *css_class);
/* Sets it when it differs, so that nothing is laid out again for the same words. */
void casa_label_set(GtkWidget *label, const char *text);

G_END_DECLS
