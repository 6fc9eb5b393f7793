/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"

G_BEGIN_DECLS

/* Hatches the stretches of time in which nobody listened, under the lines. A short gap is drawn wide enough to be seen. */
void casa_chart_gaps_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture);

G_END_DECLS
