/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/forecast.h"
#include "series/pyramid.h"

G_BEGIN_DECLS

/* From what a forecaster says of whole hours to lines that a chart draws. Pure. */
typedef struct {
  double middle, low, high;
} CasaForecastPoint;

gint64 casa_forecast_local_hour(gint64 t_ms); /* Hours since 1970 by the city's clock */
/* One that knows the public holidays of Morocco. (transfer full) */
CasaForecaster *casa_forecast_of_the_city(void);

/* Fills three lines anew with @points[CASA_FORECAST_HOURS] of the hours from @end_ms on (NULL: leaves them empty): from the
 * middle of the hour before, whose mean is @last (NAN: unknown), straight from hour to hour. */
void casa_forecast_lines_fill(CasaPyramid *middle, CasaPyramid *low, CasaPyramid *high, const CasaForecastPoint *points,
                              double last, gint64 end_ms);

G_END_DECLS
