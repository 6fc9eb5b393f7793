/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What an hourly series will be in 1 to 24 hours, with bands. It learns from each hour that is added and from nothing else: a
 * forecast that was made never depends on what came later. docs/ANALYSIS.md tells the method and how well it does.
 *
 * Direct per horizon: two regressions (of the values, and of their logarithms, whose median is that of the values) on lags,
 * deviations from the usual week, daily waves, days off, and weather where it is known, and a third that forgets sooner and
 * knows no week; blended by their recent errors with the last value, that of a day ago, that of a week ago, and the usual
 * week. Not safe from several threads. */
typedef struct _CasaForecaster CasaForecaster;

#define CASA_FORECAST_HOURS 24  /* the furthest horizon */
#define CASA_FORECAST_NEEDS 336 /* hours seen before it says anything: two weeks */

/* NAN where unknown. */
typedef struct {
  double temp_c, wind_ms;
} CasaForecastWeather;

typedef struct {
  gboolean has_weather; /* that of the past is given with the values */
  gboolean knows_ahead; /* and that of the hours to come is given with each: a weather forecast */
  /* @day: days since 1970-01-01 in the local calendar. TRUE: a public holiday. The next day is
   * asked for, too. NULL: there is none. */
  gboolean (*is_holiday)(gint64 day, gpointer data);
  gpointer data;
} CasaForecastOptions;

/* All NAN: it does not know yet. */
typedef struct {
  double value;           /* as likely to be exceeded as not */
  double low_80, high_80; /* 80 % of cases fall between; within the next */
  double low_95, high_95;
} CasaForecast;

/* @options: copied; NULL for none. (transfer full) */
CasaForecaster *casa_forecaster_new(const CasaForecastOptions *options);
void casa_forecaster_free(CasaForecaster *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaForecaster, casa_forecaster_free)

/* The mean of one hour; of what lies between this hour and the one before, nothing is known.
 * @hour: hours since 1970-01-01 00:00 by the local clock, later than the one before (others are passed over: a clock set back
 * has its hour twice). @value: any unit, NAN where nothing was measured. @weather: of that hour; NULL: unknown. @ahead: what is
 * expected of the CASA_FORECAST_HOURS after it; NULL: unknown; only read where `knows_ahead`. */
void casa_forecaster_add(CasaForecaster *self, gint64 hour, double value, const CasaForecastWeather *weather,
                         const CasaForecastWeather *ahead);

/* TRUE: it has seen enough. */
gboolean casa_forecaster_is_ready(const CasaForecaster *self);
guint casa_forecaster_n_missing(const CasaForecaster *self); /* Hours that it still needs; 0 when ready */

/* @horizon: 1 to CASA_FORECAST_HOURS after the hour added last; others have no forecast. */
CasaForecast casa_forecaster_ask(const CasaForecaster *self, guint horizon);

gsize casa_forecaster_size(const CasaForecaster *self); /* Bytes that it holds */

G_END_DECLS
