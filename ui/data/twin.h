/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "series/pyramid.h"
#include "wire/toll.h"

G_BEGIN_DECLS

/* The simulated city without the events that work (docs/WIRE.md, "Without it"): what its stations would say now, and the
 * indicators' curves of it. Kept apart from everything measured, forgotten at the end; whoever shows it says that it is
 * simulated. GTK thread only. */
typedef struct _CasaTwin CasaTwin;

CasaTwin *casa_twin_new(guint n_indicators); /* Empty. (transfer full) */
void casa_twin_free(CasaTwin *self);         /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaTwin, casa_twin_free)

/* What @series (CasaSeriesInfo.id) would say. */
void casa_twin_put(CasaTwin *self, guint series, gint64 t_ms, double value);
/* FALSE: nothing was said of it lately, so it is as it is measured. */
gboolean casa_twin_value(const CasaTwin *self, guint series, gint64 now_ms, double *out);

/* What the events cost, each since it began, at most CASA_TOLLS; which also says that the twin works. */
void casa_twin_hear(CasaTwin *self, const CasaToll *tolls, guint n);
gboolean casa_twin_works(const CasaTwin *self, gint64 now_ms); /* It was heard lately */
/* Of the event that began at @start_ms, by the simulation: "passenger_min". NAN: not known. */
double casa_twin_toll(const CasaTwin *self, const char *name, gint64 start_ms, gint64 now_ms);

/* Lengthens the curve of the indicator with index @indicator, every other second at most. */
void casa_twin_grow(CasaTwin *self, guint indicator, gint64 now_ms, double value);
/* NULL: it has none. Same pointer for the twin's life. */
const CasaPyramid *casa_twin_curve(const CasaTwin *self, guint indicator);
/* Another set of indicators, or the clock was set back: curves and values go. */
void casa_twin_forget(CasaTwin *self, guint n_indicators);

G_END_DECLS
