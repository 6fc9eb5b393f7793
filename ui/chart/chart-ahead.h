/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"

G_BEGIN_DECLS

/* What a picture says of the time to come (see CasaChartAhead) on one pane, @layout: the band, below all lines. */
void casa_chart_ahead_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture);
/* Its badge, above them: over the time to come where there is room, else at the plot's right end. */
void casa_chart_ahead_draw_badge(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture);

G_END_DECLS
