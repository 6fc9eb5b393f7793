/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "series/pyramid.h"
#include "ui/data/history.h"

G_BEGIN_DECLS

/* The last two days of every indicator that a domain's chart shows, and the day before at today's times. GTK thread only. */
typedef struct _CasaCurves CasaCurves;

#define CASA_YESTERDAY_MS (4 * 60 * 60 * 1000LL) /* how far ahead the day before is known: where its peak is */

CasaCurves *casa_curves_new(CasaIndicators *indicators); /* held */
void casa_curves_free(CasaCurves *self);                 /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaCurves, casa_curves_free)

/* Same pointers for the curves' life; NULL: no chart shows @indicator. */
const CasaPyramid *casa_curves_get(const CasaCurves *self, const CasaIndicator *indicator);
/* See casa_model_yesterday(). */
const CasaPyramid *casa_curves_yesterday(const CasaCurves *self, const CasaIndicator *indicator);
/* See casa_model_day_before(). */
const CasaPyramid *casa_curves_day_before(const CasaCurves *self, const CasaIndicator *indicator);
/* See casa_model_recent(). */
const CasaPyramid *casa_curves_recent(const CasaCurves *self, const CasaIndicator *indicator);

/* Live figures lengthen their curves: silence leaves a gap. @figures by index. */
void casa_curves_grow(CasaCurves *self, const CasaFigure *figures, gint64 now_ms);
/* What the store says replaces what was there. An answer about another set of indicators changes nothing. */
void casa_curves_take(CasaCurves *self, const CasaHistory *history);
/* Moves the day before to where it can be compared with today and with what is to come. Cheap until the next step has begun,
 * unless @anew. */
void casa_curves_move_yesterday(CasaCurves *self, gint64 now_ms, gboolean anew);
/* The clock was set back: the newest steps begin again. */
void casa_curves_forget_tips(CasaCurves *self);

/* What the curve was a day before @t_ms (mean of the hour around it, most of which must be there), else an hour before.
 * FALSE: neither is known. */
gboolean casa_curves_before(const CasaCurves *self, const CasaIndicator *indicator, gint64 t_ms, double *value,
                            gboolean *yesterday);
/* Whether nearly all of the day up to @t_ms is there. */
gboolean casa_curves_has_day(const CasaCurves *self, const CasaIndicator *indicator, gint64 t_ms);

G_END_DECLS
