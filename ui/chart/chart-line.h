/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"

G_BEGIN_DECLS

/* One line of a chart. Few samples: an antialiased polyline, in short strokes. Many: pixel columns filled directly, whose cost
 * does not depend on the number of samples. Both look the same. */
void casa_chart_line_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture,
                          const CasaChartLine *line);

/* The soft area below a line, down to the bottom of the plot; ends at gaps as the line does. */
void casa_chart_line_draw_area(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture,
                               const CasaChartLine *line);

G_END_DECLS
