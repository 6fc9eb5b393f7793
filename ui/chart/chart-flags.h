/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-layout.h"

G_BEGIN_DECLS

/* The flags of a picture on one pane, @layout. The tint of what lasted lies below the lines, poles and signs above them. One
 * that began before the pane has its tint, but no pole. Flags that would cover one another keep their poles only. */
void casa_chart_flags_draw_spans(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture);
void casa_chart_flags_draw(cairo_t *cr, const CasaChartLayout *layout,
                           const CasaChartPicture *picture); /* Poles, signs, texts */

/* The flag whose sign or pole stands at @x, @y of the picture, within a few pixels; NULL: none. (transfer none) */
const CasaChartFlag *casa_chart_flags_at(const CasaChartLayout *layout, const CasaChartPicture *picture, double x, double y);

G_END_DECLS
