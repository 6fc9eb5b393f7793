/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"
#include "ui/chart/viewport.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The chart widget: keeps a CasaChartPicture, repaints into a cached surface only when the picture's revision
 * (chart-revision.h) is another: new data, another style, or the window of time moved by a pixel column. Accessible role IMG
 * with label and description. */
#define CASA_TYPE_CHART (casa_chart_get_type())
G_DECLARE_FINAL_TYPE(CasaChart, casa_chart, CASA, CHART, GtkWidget)

GtkWidget *casa_chart_new(void); /* An empty one. (transfer floating) */
/* The picture to edit in place; strings and pyramids in it are not owned. Call casa_chart_changed() afterwards. */
CasaChartPicture *casa_chart_picture(CasaChart *self);
void casa_chart_changed(CasaChart *self); /* data or style changed */
/* Moves the window of time; redraws only when that moves a pixel column. */
void casa_chart_set_range(CasaChart *self, gint64 from_ms, gint64 to_ms, gint64 now_ms);
/* Shows the range of @viewport from now on (held; NULL: its own again), and marks its cursor: a line, a dot on each line at the
 * sample there, the time below, and at the top right what casa_chart_readout() says. Moving the cursor paints no chart anew. */
void casa_chart_set_viewport(CasaChart *self, CasaViewport *viewport);
CasaViewport *casa_chart_viewport(CasaChart *self); /* (transfer none), NULL none */
/* While there is no cursor, says at the top right what is in view: lowest, mean, highest of the first line. Where there is a
 * unit only: it is on the unit's line. */
void casa_chart_show_statistics(CasaChart *self, gboolean show);
/* Whether the chart has use for @keyval itself while it has the focus, so that it turns no scene: arrows; 0 while the range
 * does not follow; Escape then, or while there is a pin. */
gboolean casa_chart_keeps_key(CasaChart *self, guint keyval);
/* The line that the keys step along: the first one, until @by lines further are asked for (in a circle). Screen readers are
 * told its reading at the cursor as the value text. */
void casa_chart_select(CasaChart *self, int by);
guint casa_chart_selected(CasaChart *self); /* Index of that line */
/* Gives charts of one size and one range, standing above each other, the same room beside their plots: an hour is then at the
 * same place in all of them. Call when their data have changed. */
void casa_chart_align(CasaChart *const *charts, guint n);
/* What a screen reader says. */
void casa_chart_set_accessible(CasaChart *self, const char *label, const char *description);
/* Where everything stands in what was painted last: casa_chart_layout_time(), _x(), _value(), _y(). NULL before the first
 * paint. Valid until the next one. (transfer none) */
const CasaChartLayout *casa_chart_layout(CasaChart *self);
/* Somebody wants to note something of [@from_ms, @to_ms] (a moment: both alike): emits "note" (gint64, gint64). */
void casa_chart_ask_note(CasaChart *self, gint64 from_ms, gint64 to_ms);
void casa_chart_undo_note(CasaChart *self); /* …or to take the last note back: emits "undo-note" */
/* Marks a stretch while it is being drawn out with the pointer; @from_ms = @to_ms: none any more. */
void casa_chart_mark(CasaChart *self, gint64 from_ms, gint64 to_ms);
/* How often the picture has been painted, for tests and measurements. */
guint casa_chart_n_paints(CasaChart *self);
/* How often GTK was given it, painted anew or as it was. */
guint casa_chart_n_draws(CasaChart *self);

G_END_DECLS
