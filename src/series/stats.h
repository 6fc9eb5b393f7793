/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Pure helpers. */
double casa_median(double *values, guint n); /* reorders @values; NAN when n = 0 */

typedef enum { CASA_TREND_FLAT, CASA_TREND_UP, CASA_TREND_DOWN } CasaTrend;
/* Compares @now with @before; flat within @dead_band (relative, e.g. 0.03). NAN in either: FLAT. */
CasaTrend casa_trend(double now, double before, double dead_band);

/* European Air Quality Index band (EEA, revision in force 2017-2024) 1 good … 6 extremely poor, from hourly µg/m³ (PM as
 * 24 h means); 0 when unknown (NAN). The index of a place is the worst of its pollutants. */
typedef enum { CASA_EAQI_PM2_5, CASA_EAQI_PM10, CASA_EAQI_NO2, CASA_EAQI_O3, CASA_EAQI_SO2 } CasaEaqiPollutant;
guint casa_eaqi_band(CasaEaqiPollutant pollutant, double value); /* @value in µg/m³ */

G_END_DECLS
