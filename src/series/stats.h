/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Pure helpers. */
double casa_median(double *values, guint n); /* reorders @values; NAN when n = 0 */

typedef enum { CASA_TREND_FLAT, CASA_TREND_UP, CASA_TREND_DOWN } CasaTrend;
/* Compares @now with @before; flat within @dead_band (relative, e.g. 0.03). NAN in either: FLAT. */
CasaTrend casa_trend(double now, double before, double dead_band);

G_END_DECLS
