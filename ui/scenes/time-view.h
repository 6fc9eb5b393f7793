/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* The time that all charts of a page show together: one range, one cursor (a CasaViewport). At rest it is the last day, or
 * what the scene says, and charts are what they are for a hall. Once somebody moves the range it is explored; left alone for a
 * while it goes back to rest by itself, so that a touched wall does not stay touched. GTK thread only. */
typedef struct _CasaTimeView CasaTimeView;

#define CASA_TIME_VIEW_REST_S 90 /* that nobody touches it, before it goes back */

/* @range: what is shown at rest. @model outlives it. (transfer full) */
CasaTimeView *casa_time_view_new(CasaModel *model, CasaViewportPreset range);
void casa_time_view_free(CasaTimeView *self); /* NULL is fine. Charts keep the viewport as long as they live */

CasaViewport *casa_time_view_viewport(CasaTimeView *self); /* (transfer none) */
/* @chart shows the range and the cursor, its gestures and keys move both, and notes can be written on it. */
void casa_time_view_attach(CasaTimeView *self, CasaChart *chart);
/* Whether the range is another than the last day, which charts show in a way of its own. */
gboolean casa_time_view_is_explored(CasaTimeView *self);
/* Whether somebody moved it: the range is another than at rest. */
gboolean casa_time_view_is_moved(CasaTimeView *self);
/* The range at rest again, following, without a cursor. */
void casa_time_view_rest(CasaTimeView *self);
/* Once a second: the clock, and whether it has been left alone for long enough. */
void casa_time_view_update(CasaTimeView *self);
/* How long it may be left alone, s; for tests. 0: not at all. */
void casa_time_view_set_patience(CasaTimeView *self, guint seconds);

G_END_DECLS
