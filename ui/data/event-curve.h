/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* What a figure was since an event began, and an estimate of what it would have been without it: the level that it had just before,
 * moved on as yesterday's same hours moved. The estimate is never a measurement, and whoever shows it says so. GTK thread only. */
typedef struct {
  CasaPyramid *measured; /* the curve, and every other second of what was watched */
  CasaPyramid
    *without;      /* the estimate, from the event's begin on; empty: nothing of yesterday is known, or of the time before */
  double sum;      /* measured less estimated, in its unit times hours; NAN: there is no estimate */
  double mean;     /* the same per hour that was measured: how much it was off, on average; NAN likewise */
  double expected; /* the newest of the estimate; NAN likewise */
} CasaEventCurve;

CasaEventCurve *casa_event_curve_new(void);       /* Empty. (transfer full) */
void casa_event_curve_free(CasaEventCurve *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaEventCurve, casa_event_curve_free)

/* Reads it anew, from @from_ms (at or before @start_ms, when the event began) to @to_ms. @indicator: shown by a chart; else it is
 * empty. */
void casa_event_curve_read(CasaEventCurve *self, CasaModel *model, const CasaIndicator *indicator, gint64 from_ms,
                           gint64 start_ms, gint64 to_ms);
/* The same of curves by themselves: @curve and @day_before in steps of CASA_CURVE_STEP_MS, @recent finer and newer. */
void casa_event_curve_join(CasaEventCurve *self, const CasaPyramid *curve, const CasaPyramid *recent,
                           const CasaPyramid *day_before, gint64 from_ms, gint64 start_ms, gint64 to_ms);

G_END_DECLS
