/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader.h"
#include "ui/data/figures.h"
#include "ui/data/history.h"

G_BEGIN_DECLS

/* The past of an indicator, step by step: each station folded over time, then all of them into one. Pure. */
typedef struct _CasaCurveFold CasaCurveFold;

/* Steps of [@from_ms, @to_ms); @from_ms is a multiple of @step_ms. @indicator outlives it. */
CasaCurveFold *casa_curve_fold_new(const CasaIndicator *indicator, gint64 from_ms, gint64 to_ms, gint64 step_ms);
void casa_curve_fold_free(CasaCurveFold *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaCurveFold, casa_curve_fold_free)

/* One station's series: CasaBucket of one step each, as casa_reader_steps() gives them. */
void casa_curve_fold_add(CasaCurveFold *self, const GArray *buckets);
/* The curve from @from_ms on: CasaCurvePoint, rising. (transfer full) */
GArray *casa_curve_fold_finish(CasaCurveFold *self, gint64 from_ms);

/* Percent that @part is of @whole, where both are there: CasaCurvePoint each. NULL gives NULL. (transfer full) */
GArray *casa_curve_ratio(const GArray *part, const GArray *whole);

/* The means of @series up to its newest sample in @buckets (steps of a day and an hour). */
CasaSeriesMeans casa_curve_means(guint series, const GArray *buckets, gint64 step_ms);

G_END_DECLS
