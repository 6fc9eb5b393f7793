/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A widget around one painter of CasaPlot: paints into a cached picture, anew only when told so, at a new size or in another
 * style. Accessible role IMG. GTK thread only. */
#define CASA_TYPE_PLOT_VIEW (casa_plot_view_get_type())
G_DECLARE_FINAL_TYPE(CasaPlotView, casa_plot_view, CASA, PLOT_VIEW, GtkWidget)

typedef void (*CasaPlotPaint)(const CasaPlot *plot, gpointer data);

/* @paint is called with @data while the widget is drawn; it asks for no more than the plot. (transfer floating) */
GtkWidget *casa_plot_view_new(CasaPlotPaint paint, gpointer data);
/* Nothing is painted before. @font is copied. */
void casa_plot_view_set_style(CasaPlotView *self, const CasaTheme *theme, const char *font, double font_px);
void casa_plot_view_changed(CasaPlotView *self); /* What is shown is another */
/* Whoever owns the painter's data goes: nothing is painted any more. */
void casa_plot_view_detach(CasaPlotView *self);
void casa_plot_view_set_accessible(CasaPlotView *self, const char *label,
                                   const char *description); /* What a screen reader says */

G_END_DECLS
