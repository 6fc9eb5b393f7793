/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* The highest that stations said within the last day, asked of the store: a wall that starts during a power cut knows what a
 * dark district usually takes. GTK thread only. */
typedef struct _CasaMapUsual CasaMapUsual;

CasaMapUsual *casa_map_usual_new(CasaModel *model); /* @model outlives it. (transfer full) */
void casa_map_usual_free(CasaMapUsual *self);       /* NULL is fine. Nothing is raised any more */
/* Whether to ask (again): at first, and then after ever longer pauses of the wall's clock, since the past may come in after the
 * wall has started. */
gboolean casa_map_usual_is_due(CasaMapUsual *self);
/* Asks for the last day of @series (CasaSeriesInfo.id), and raises *@highest to the highest of it when the answer has come, if
 * that is less. @highest lives as long as this. */
void casa_map_usual_ask(CasaMapUsual *self, guint series, double *highest);

G_END_DECLS
