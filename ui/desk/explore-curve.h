/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart.h"
#include "ui/data/window-stats.h"
#include "ui/desk/series-list.h"

G_BEGIN_DECLS

/* One curve of the explore page: a head in words over a chart that shares the page's viewport. It asks the store for what the
 * viewport shows, keeps its last picture while the next is read, and adds what comes live. GTK thread only. */
typedef struct _CasaExploreCurve CasaExploreCurve;

/* @news: an answer has come. @desk outlives it; @viewport is held. Freed with its widget. */
CasaExploreCurve *casa_explore_curve_new(const CasaDesk *desk, const char *path, CasaViewport *viewport,
                                         void (*news)(gpointer data), gpointer data);
GtkWidget *casa_explore_curve_widget(CasaExploreCurve *self); /* (transfer none) */
CasaChart *casa_explore_curve_chart(CasaExploreCurve *self);  /* (transfer none) */
const char *casa_explore_curve_path(CasaExploreCurve *self);
/* What lies behind it. */
void casa_explore_curve_compare(CasaExploreCurve *self, CasaCompare compare);
/* The viewport has moved, or the model has news: asks for what is missing. */
void casa_explore_curve_refresh(CasaExploreCurve *self);
/* Whether what comes next is known of it (forecast.h): then it is drawn beyond now, as far as the viewport shows. */
gboolean casa_explore_curve_foresees(CasaExploreCurve *self);
/* Whether the picture is of what the viewport shows. */
gboolean casa_explore_curve_is_settled(CasaExploreCurve *self);
/* Statistics of the visible window, of what is stored. FALSE: not read yet. */
gboolean casa_explore_curve_stats(CasaExploreCurve *self, CasaWindowStats *out);
/* The columns of the window as they were read last; NULL: none. (transfer none) */
const CasaColumns *casa_explore_curve_columns(CasaExploreCurve *self);

/* In words. (transfer full) */
char *casa_explore_curve_title(CasaExploreCurve *self); /* "PM10 · Aïn Sebaâ" */
const char *casa_explore_curve_unit(CasaExploreCurve *self);
guint casa_explore_curve_decimals(CasaExploreCurve *self);        /* digits after the point that its values are written with */
CasaRgb casa_explore_curve_colour(CasaExploreCurve *self);        /* of its line, in the theme of the moment */
gboolean casa_explore_curve_is_simulated(CasaExploreCurve *self); /* Whether its station says so */

G_END_DECLS
