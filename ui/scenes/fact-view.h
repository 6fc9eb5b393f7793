/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/plot-view.h"
#include "ui/scenes/part.h"
#include "ui/share/share.h"

G_BEGIN_DECLS

/* What the parts with one picture under a heading have in common: a veil, the heading, the plot. */
typedef struct {
  GtkWidget *root; /* a CasaFractionLayout; the others are in it */
  GtkWidget *name; /* the heading */
  GtkWidget *plot; /* a CasaPlotView */
  CasaPlotPaint paint;
  gpointer data; /* of paint */
  CasaLook look; /* theme NULL: not styled yet */
} CasaFactView;

/* Makes the widgets; they go with the root. @domain: id of the domain whose colour the heading has, NULL none. */
void casa_fact_view_init(CasaFactView *self, const char *heading, const char *domain, CasaPlotPaint paint, gpointer data);
void casa_fact_view_restyle(CasaFactView *self, const CasaLook *look); /* Another theme or size */
/* The picture under its heading, to be taken along; tables are the caller's. @of: whose figures it is made of, for their
 * provenance and as the source. (transfer full); NULL: not styled yet. */
CasaSheet *casa_fact_view_sheet(const CasaFactView *self, CasaModel *model, const CasaIndicator *const *of, guint n_of,
                                gint64 from_ms, gint64 to_ms);

G_END_DECLS
