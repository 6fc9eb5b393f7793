/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* What a figure was since an event began, and what it would have been without it: by a simulator's twin where one tells it
 * (casa_model_without()), else an estimate, the level that it had just before, moved on as yesterday's same hours moved.
 * Neither is a measurement, and whoever shows one says so. GTK thread only. */
typedef struct {
  CasaPyramid *measured; /* the curve, and every other second of what was watched */
  CasaPyramid
    *without; /* from the event's begin on; empty: nobody tells it, and nothing of yesterday is known, or of the time before */
  gboolean simulated; /* it is the twin's: else an estimate */
  double sum;         /* measured less without, in its unit times hours; NAN: that is empty */
  double mean;        /* the same per hour that was measured: how much it was off, on average; NAN likewise */
  double expected;    /* the newest without; NAN likewise */
} CasaEventCurve;

CasaEventCurve *casa_event_curve_new(void);       /* Empty. (transfer full) */
void casa_event_curve_free(CasaEventCurve *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaEventCurve, casa_event_curve_free)

/* Reads it anew, from @from_ms (at or before @start_ms, when the event began) to @to_ms. @indicator: shown by a chart; else it
 * is empty. */
void casa_event_curve_read(CasaEventCurve *self, CasaModel *model, const CasaIndicator *indicator, gint64 from_ms,
                           gint64 start_ms, gint64 to_ms);
/* The same of curves by themselves: @curve and @day_before in steps of CASA_CURVE_STEP_MS, @recent finer and newer, @twin
 * (NULL: none) of the simulator, used when it was told from the event's begin on. */
void casa_event_curve_join(CasaEventCurve *self, const CasaPyramid *curve, const CasaPyramid *recent,
                           const CasaPyramid *day_before, const CasaPyramid *twin, gint64 from_ms, gint64 start_ms,
                           gint64 to_ms);

G_END_DECLS
