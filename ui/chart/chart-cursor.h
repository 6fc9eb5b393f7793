/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"

G_BEGIN_DECLS

/* Marks the moment @t_ms on a chart that was painted with @layout: a line (heavier when @pinned), a dot on each line where a
 * sample is near, its time below, and at the top right what it reads. Nothing outside of the time shown. */
void casa_chart_cursor_draw(cairo_t *cr, PangoContext *pango, const CasaChartLayout *layout, const CasaChartPicture *picture,
                            gint64 t_ms, gboolean pinned);

/* At the top right, where the readout stands while there is a cursor: the statistics of what is in view. */
void casa_chart_cursor_draw_statistics(cairo_t *cr, PangoContext *pango, const CasaChartLayout *layout,
                                       const CasaChartPicture *picture);

G_END_DECLS
