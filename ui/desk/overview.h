/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/viewport.h"
#include "ui/desk/series-list.h"

G_BEGIN_DECLS

/* The strip below the charts: the whole span of the first curve, and over it a brush that is the visible window. Drag the
 * brush to move it, an edge to make it longer or shorter, anywhere else to begin a new one; ← → move it, + − zoom. GTK
 * thread only. */
#define CASA_TYPE_OVERVIEW (casa_overview_get_type())
G_DECLARE_FINAL_TYPE(CasaOverview, casa_overview, CASA, OVERVIEW, GtkWidget)

/* @desk outlives it; @viewport is held. */
GtkWidget *casa_overview_new(const CasaDesk *desk, CasaViewport *viewport); /* (transfer floating) */
/* Whose line it has; G_MAXUINT: none. @span_ms: back from now. */
void casa_overview_set(CasaOverview *self, guint series, CasaRgb colour, gint64 span_ms);
void casa_overview_refresh(CasaOverview *self); /* The model has news */

G_END_DECLS
