/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/series-list.h"

G_BEGIN_DECLS

/* The left side of the explore page: search, states, and the list of all series, whose ticks say what is drawn. Only rows that
 * are in sight have widgets; only those are given news and sparklines. GTK thread only. */
typedef struct _CasaSeriesPane CasaSeriesPane;

typedef struct {
  void (*tick)(const char *path, gpointer data); /* the row was ticked or unticked: the page decides what becomes of it */
  void (*find)(const char *text, gpointer data); /* other words are searched for */
  void (*state)(CasaListState state, gpointer data);
  gpointer data;
} CasaSeriesPaneCalls;

/* @desk outlives it; @view (not owned, outlives it) says what is ticked. Freed with its widget. */
CasaSeriesPane *casa_series_pane_new(const CasaDesk *desk, const CasaExploreView *view, const CasaSeriesPaneCalls *calls);
GtkWidget *casa_series_pane_widget(CasaSeriesPane *self); /* (transfer none) */
void casa_series_pane_refresh(CasaSeriesPane *self);      /* The model has news, or the view's ticks are others */
void casa_series_pane_focus_search(CasaSeriesPane *self); /* Puts the keyboard into the search, all of it selected */
/* Whether the keyboard is in the list or in the search, where letters and arrows are its own. */
gboolean casa_series_pane_has_focus(CasaSeriesPane *self);

G_END_DECLS
