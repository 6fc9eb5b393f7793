/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/part.h"

G_BEGIN_DECLS

/* A figure as it stands on every panel: a name, a big number, what it is, a word whether that is good or bad, and how it got
 * there (a chart). Whose words they are, the caller says. */

typedef enum {
  CASA_FIGURE_WIDE,  /* words left, chart right */
  CASA_FIGURE_LOW,   /* the same in a narrow panel: name and word above both */
  CASA_FIGURE_TALL,  /* words above, chart below */
  CASA_FIGURE_LARGE, /* the same, as large as the screen */
  CASA_FIGURE_PLACE, /* as TALL, and beside the words room for where it is; below the name for whose it is */
} CasaFigureShape;

typedef struct {
  GtkWidget *root; /* a CasaFractionLayout; the others are in it */
  GtkWidget *name, *number, *unit, *trend;
  GtkWidget *chart; /* a CasaChart; last child of the root */
} CasaFigureView;

/* What fits into @slot of a window that looks like @context. */
CasaFigureShape casa_figure_shape(const CasaFractions *slot, const CasaPartContext *context);
/* Makes the widgets; they go with the root. @domain: id of the domain whose colour it has, NULL none. */
void casa_figure_view_init(CasaFigureView *self, CasaFigureShape shape, const char *domain);
/* @bad: its word gets the colour of what is bad, too. */
void casa_figure_view_say(CasaFigureView *self, const char *number, const char *unit, const char *trend, gboolean bad);
/* What every chart of a panel has in common: letters, lines, words for nothing and for gaps. */
void casa_figure_view_restyle(CasaFigureView *self, CasaFigureShape shape, const CasaLook *look);

G_END_DECLS
