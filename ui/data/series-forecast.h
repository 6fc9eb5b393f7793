/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/forecasts.h"

G_BEGIN_DECLS

/* What one series will be in the next hours, learned from its stored hours of eight weeks when somebody looks at it: in the
 * background, at most once an hour, and dropped when nobody looks any more. docs/ANALYSIS.md tells the method. From the
 * thread that made it, in whose default main context answers arrive. */
typedef struct _CasaSeriesForecast CasaSeriesForecast;

/* @path (copied) of the store. @changed: an answer has come. (transfer full) */
CasaSeriesForecast *casa_series_forecast_new(const char *path, void (*changed)(gpointer data), gpointer data);
void casa_series_forecast_free(CasaSeriesForecast *self); /* What is being learned is dropped. NULL is fine */
/* What time it is, and which series; asks anew when another hour is over. What is later than @now_ms is not read. Cheap
 * else. */
void casa_series_forecast_want(CasaSeriesForecast *self, guint series, gint64 now_ms);
const CasaForecastLines *casa_series_forecast_lines(const CasaSeriesForecast *self); /* Same pointer for its life */

G_END_DECLS
