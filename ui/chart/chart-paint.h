/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "series/pyramid.h"
#include "ui/kit/theme.h"
#include <cairo.h>
#include <pango/pango.h>

G_BEGIN_DECLS

/* Draws a time chart on any cairo surface; knows no widget. Cost follows the pixels, not the samples: lines come as
 * pixel columns from CasaPyramid and are filled as antialiased column spans. */

#define CASA_CHART_LINES_MAX 8

typedef struct {
  const CasaPyramid *data; /* not owned */
  const char *name;        /* drawn at the line's end; NULL none */
  CasaRgb colour;
  gboolean dashed; /* so that colour never speaks alone */
  gboolean dotted; /* no measurement of its time: a line for comparison, beyond "now" */
  gboolean fill;   /* soft area under the line; in two panes, in the last one only */
  gboolean ahead;  /* a forecast: drawn beyond "now" only */
  gboolean behind; /* an earlier day for comparison, at the times shown: a pale line behind the others that ends at "now" */
} CasaChartLine;

typedef struct {
  double value;
  const char *name; /* "OMS 24 h" */
  CasaRgb colour;
  const char *short_name; /* where the name has no room; NULL none */
} CasaChartLimit;         /* dashed, and named beside the plot; inside the range when the data come near (≥ 60 % of it) */

typedef struct {
  gint64 from_ms, to_ms;
} CasaChartGap; /* nobody listened: hatched, so that an empty stretch is not taken for a quiet one */

/* Something that happened, or that somebody noted: a pole at its begin, its sign at the top, its time tinted. */
typedef struct {
  gint64 from_ms;
  gint64 to_ms;     /* when it ended; CASA_CHART_FLAG_OPEN: it lasts, up to now; from_ms: a moment */
  const char *sign; /* a letter or two, on the flag; NULL: "!" */
  const char *text; /* beside the flag, where there is room; NULL none */
  CasaRgb colour;
} CasaChartFlag;

#define CASA_CHART_FLAG_OPEN G_MAXINT64

/* The area between what was measured and what would have been: as far as line @b reaches. */
typedef struct {
  gboolean shown;
  guint a, b; /* which lines */
  CasaRgb colour;
} CasaChartBetween;

/* What is said of the time beyond "now". */
typedef struct {
  const CasaPyramid *low, *high; /* a pale band between them, not owned; NULL none */
  CasaRgb colour;
  const char *badge; /* what it is, above the time to come: "prévu"; NULL none */
} CasaChartAhead;

typedef struct {
  gint64 from_ms, to_ms; /* time shown, left to right in every language */
  gint64 now_ms;         /* thin vertical line; 0 = none */
  gint64 gap_ms;         /* samples further apart are not joined */
  gint64 last_pane_ms;   /* the end of the time shown, on a pane of its own with a wider scale of time; 0: one pane */
  CasaChartLine lines[CASA_CHART_LINES_MAX];
  guint n_lines;
  CasaChartBetween between;
  CasaChartAhead ahead;
  CasaChartLimit limits[4];
  guint n_limits;
  const CasaChartGap *gaps; /* rising, not owned */
  guint n_gaps;
  const CasaChartFlag *flags; /* rising by from_ms, not owned */
  guint n_flags;
  const char *gap_text; /* written into a gap that has room for it; NULL none */
  gboolean zero_based;  /* the value axis includes 0 (loads, concentrations) */
  gboolean show_values; /* value axis labels at the grid lines (focus view); the wall shows none or few */
  guint decimals;
  const char *unit; /* once, at the top of the axis; NULL none */
  const CasaTheme *theme;
  const char *font;           /* family */
  double font_px;             /* size of axis labels in pixels */
  double line_px;             /* line width, 3 on a 1080p wall */
  double left_px, right_px;   /* at least so much room beside the plot, so that charts above each other share their hours */
  const char *empty_text;     /* drawn when there is no data at all */
  gboolean readout_elsewhere; /* what is read at the cursor is said outside of the picture */
} CasaChartPicture;

/* Paints into 0,0,@width,@height of @cr. @pango from the widget or pango_cairo_create_context(). */
void casa_chart_paint(cairo_t *cr, PangoContext *pango, double width, double height, const CasaChartPicture *picture);

G_END_DECLS
