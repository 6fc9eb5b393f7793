/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-paint.h"

G_BEGIN_DECLS

/* Small texts of a chart: one line, tabular figures, never markup (names come from strangers). */
typedef struct {
  PangoContext *pango; /* not owned */
  const char *font;
  double px;
  gboolean strong; /* semibold */
} CasaChartType;

/* WCAG 2.1, 1.4.11 and 1.4.3: contrast that curves and limits, and that letters have with what lies behind them, at the
 * least. */
#define CASA_CHART_MARK_LEAST 3.0
#define CASA_CHART_TEXT_LEAST 4.5

/* @colour itself where its contrast with @ground is @least, else the nearest that has it. */
CasaRgb casa_chart_colour(CasaRgb colour, CasaRgb ground, double least);

/* Size in pixels. */
void casa_chart_text_measure(const CasaChartType *type, const char *text, double *width, double *height);

/* @x: left side, @middle: middle of the line. Longer than @max_width: ends in an ellipsis, which
 * a debug message "chart: cut: …" tells. @halo: drawn around the letters so
 * that they can be read on top of lines; NULL none. */
void casa_chart_text_draw(cairo_t *cr, const CasaChartType *type, const char *text, double x, double middle, double max_width,
                          CasaRgb colour, const CasaRgb *halo);

/* A sentence in the middle of a rectangle, wrapped, made smaller when it does not fit. */
void casa_chart_text_draw_centred(cairo_t *cr, const CasaChartType *type, const char *text, double x, double y, double width,
                                  double height, CasaRgb colour);

G_END_DECLS
