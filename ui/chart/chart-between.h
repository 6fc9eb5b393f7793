/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"

G_BEGIN_DECLS

/* The area between two lines of a picture (see CasaChartBetween) on one pane, @layout: below all lines. */
void casa_chart_between_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture);

G_END_DECLS
