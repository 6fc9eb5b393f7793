/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/viewport.h"
#include "ui/desk/explore-view.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The bar over the curves of the explore page: spans, what is compared, what was just done, the link, and files. GTK thread
 * only. */
typedef struct _CasaExploreBar CasaExploreBar;

/* What its buttons do; all are called in the GTK thread. */
typedef struct {
  void (*span)(gint64 span_ms, gpointer data);
  void (*compare)(CasaCompare compare, gpointer data);
  void (*save)(const char *suffix, gpointer data);
  char *(*link)(gpointer data); /* to what is shown now. (transfer full) */
  gpointer data;
} CasaExploreBarCalls;

/* @viewport outlives it, @calls are copied. Freed with its widget. */
CasaExploreBar *casa_explore_bar_new(CasaViewport *viewport, const CasaExploreBarCalls *calls);
GtkWidget *casa_explore_bar_widget(CasaExploreBar *self); /* (transfer none) */
/* What is chosen; the button that follows now again is seen only where the viewport does not. */
void casa_explore_bar_show(CasaExploreBar *self, gint64 span_ms, CasaCompare compare);
/* Presses the button of the span @i, from 0. FALSE: there is none. */
gboolean casa_explore_bar_choose_span(CasaExploreBar *self, guint i);
/* Says @text (copied) for a moment. */
void casa_explore_bar_say(CasaExploreBar *self, const char *text);

G_END_DECLS
