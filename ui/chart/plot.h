/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/axis.h"
#include "ui/chart/chart-text.h"

G_BEGIN_DECLS

/* What the painters of all kinds of charts share: style, text, axes of values. Each painter is a struct of what to show and a
 * function that paints it into 0,0,width,height of any cairo surface (screen, PNG, SVG, PDF alike). It owns nothing and keeps
 * nothing. Marks have a contrast of 3:1 with the ground at least, text of 4.5:1. */
typedef struct {
  cairo_t *cr;
  PangoContext *pango;
  const CasaTheme *theme;
  const char *font; /* family; NULL: the system's */
  double font_px;   /* size of labels */
  double width, height;
} CasaPlot;

/* @colour as a mark on the panel, and as text on it: as it is, or as much brighter or darker as its contrast asks for. */
CasaRgb casa_plot_mark(const CasaPlot *self, CasaRgb colour);
CasaRgb casa_plot_ink(const CasaPlot *self, CasaRgb colour); /* As text on the panel */

/* @align 0: @x is the left side, 0.5 the middle, 1 the right side. @middle: of the line. Cut at @max_width. */
void casa_plot_text(const CasaPlot *self, const char *text, double x, double middle, double align, double max_width,
                    CasaRgb colour, gboolean strong);
double casa_plot_text_width(const CasaPlot *self, const char *text, gboolean strong); /* Width of @text, units */
/* Height of a line of labels. */
double casa_plot_line_height(const CasaPlot *self);

void casa_plot_set_colour(const CasaPlot *self, CasaRgb colour, double alpha); /* Sets the source of the cairo context */

/* A straight axis: values to places. */
typedef struct {
  CasaAxisValues values;
  double from, to; /* places of values.low and values.high */
} CasaPlotAxis;

double casa_plot_axis_place(const CasaPlotAxis *self, double value); /* Where @value stands; also outside of the axis */
/* Grid lines and numbers of an axis that rises along the left of a plot between @left and @right, and of one along its bottom
 * between @top and @bottom. @unit (NULL: none) is said once, at the last number. */
void casa_plot_axis_draw_rising(const CasaPlot *self, const CasaPlotAxis *axis, double left, double right, const char *unit);
/* Along the bottom. */
void casa_plot_axis_draw_level(const CasaPlot *self, const CasaPlotAxis *axis, double top, double bottom, const char *unit);
/* Room that the numbers of a rising axis need at its left. */
double casa_plot_axis_room(const CasaPlot *self, const CasaPlotAxis *axis);

G_END_DECLS
