/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/forecast.h"
#include "city/indicators.h"
#include "series/pyramid.h"
#include "store/catalogue.h"

G_BEGIN_DECLS

/* What the indicators marked `forecast` will be in the next hours: learned from the store's hours on a thread of its own, with
 * a read-only connection of its own, so that no frame waits for it. docs/ANALYSIS.md tells the method. All functions: from the
 * thread that made it, in whose default main context answers arrive. */
typedef struct _CasaForecasts CasaForecasts;

#define CASA_FORECASTS_STEP_MS (5 * 60 * 1000) /* from point to point: between the middles of hours the line is straight */

/* Of one indicator. The lines begin in the middle of the last whole hour, with its mean, and end in the middle of the last hour
 * that is forecast; all are empty while nothing is known. */
typedef struct {
  const CasaPyramid *middle;     /* as likely to be exceeded as not */
  const CasaPyramid *low, *high; /* 80 % of cases fall between */
  gboolean asked;                /* the store has answered */
  guint n_missing;               /* hours that must be measured before anything is said; 0: it is known */
} CasaForecastLines;

/* @path (copied) of the store; @catalogue outlives it. @changed: other lines have come. (transfer full) */
CasaForecasts *casa_forecasts_new(const char *path, CasaCatalogue *catalogue, void (*changed)(gpointer data), gpointer data);
/* Joins the thread, which takes some ms at most; no answer comes after it. NULL is fine. */
void casa_forecasts_free(CasaForecasts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaForecasts, casa_forecasts_free)

/* What time it is, and what is shown: asks anew when an hour is over that was not looked at, and of another set of indicators
 * (held). What is later than @now_ms is not read. Cheap else. */
void casa_forecasts_want(CasaForecasts *self, CasaIndicators *indicators, gint64 now_ms);
/* The past has become another one (what came late, a gap that was filled): the next question learns all of it again. */
void casa_forecasts_forget(CasaForecasts *self);

/* NULL: @indicator is not marked. The same pointers until another set of indicators is wanted. (transfer none) */
const CasaForecastLines *casa_forecasts_get(const CasaForecasts *self, const CasaIndicator *indicator);

G_END_DECLS
