/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/axis.h"
#include "ui/chart/chart-text.h"

G_BEGIN_DECLS

#define CASA_CHART_TIMES_MAX 64

/* Name of a line, or of a limit, and where it stands. */
typedef struct {
  gboolean is_limit, is_short; /* the limit's short name */
  guint line;                  /* of the picture's lines, or limits */
  double x, middle, width;     /* left side, middle of the text, room */
} CasaChartName;

#define CASA_CHART_NAMES_MAX (CASA_CHART_LINES_MAX + 4)
#define CASA_CHART_PANES_MAX 2

/* A stretch of time at one scale; panes share the axis of values. */
typedef struct {
  double x, w;           /* on whole device pixels */
  guint columns;         /* device pixel columns */
  gint64 from_ms, to_ms; /* moved to whole columns */
  gint64 times[CASA_CHART_TIMES_MAX];
  guint n_times;
  gint64 time_step; /* 0: no times shown */
  gboolean ends;    /* the times are not round: where the pane begins, when there is room for it, and now */
} CasaChartPane;

/* Where everything in a chart goes. Measures text, draws nothing. */
typedef struct {
  double width, height; /* of the whole picture */
  double scale;         /* device pixels per unit */
  double x, y, w, h;    /* the plot, all panes of it, on whole device pixels */
  guint columns;        /* device pixel columns of the plot */
  gboolean empty;       /* no line has a value in the window */
  CasaAxisValues values;
  gint64 from_ms, to_ms; /* the window, moved to whole columns */
  gint64 times[CASA_CHART_TIMES_MAX];
  guint n_times;
  gint64 time_step; /* 0: no times shown */
  double text_height;
  CasaChartPane panes[CASA_CHART_PANES_MAX];
  guint n_panes;   /* 1: `panes` says nothing that x, w… do not */
  gint64 split_ms; /* between two panes */
  CasaChartName names[CASA_CHART_NAMES_MAX];
  guint n_names;
  CasaChartType small, strong; /* labels; names */
} CasaChartLayout;

/* For a picture of @width × @height units of @scale device pixels. */
void casa_chart_layout_init(CasaChartLayout *self, PangoContext *pango, double width, double height, double scale,
                            const CasaChartPicture *picture);

/* Where a time and a value stand, and what stands at a place; also outside of the plot. The layout stays true after painting,
 * as long as the picture is not painted anew: gestures and readouts ask it. */
double casa_chart_layout_x(const CasaChartLayout *self, gint64 t_ms);
double casa_chart_layout_y(const CasaChartLayout *self, double value); /* Where @value stands */
gint64 casa_chart_layout_time(const CasaChartLayout *self, double x);  /* Which time stands at @x, UTC ms */
double casa_chart_layout_value(const CasaChartLayout *self, double y); /* Which value stands at @y */

/* casa_chart_paint() in two steps, for whoever keeps the layout: @self was made of this very picture. */
void casa_chart_layout_paint(const CasaChartLayout *self, cairo_t *cr, const CasaChartPicture *picture);

/* Of pane @i a layout by itself. */
CasaChartLayout casa_chart_layout_pane(const CasaChartLayout *self, guint i);

/* How a line's name is written. */
const CasaChartType *casa_chart_layout_name_type(const CasaChartLayout *self, const CasaChartLine *line);

/* What stands at a tick. (transfer full) */
char *casa_chart_layout_time_label(gint64 t_ms, gint64 step_ms);

G_END_DECLS
