/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Curve @curve goes, and the series of @path takes its place. */
typedef void (*CasaExploreReplace)(guint curve, const char *path, gpointer data);

/* Asks which of @curves (CasaExploreCurve) goes for the series of @path. Nothing is told when the question is left without an
 * answer, or when @root, the page's widget, has gone. In the language of the moment. */
void casa_explore_replace_ask(GtkWidget *root, GPtrArray *curves, const char *path, CasaExploreReplace replace, gpointer data);

G_END_DECLS
