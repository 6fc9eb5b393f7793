/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/band.h"
#include "analysis/forecast.h"
#include "analysis/ridge.h"

G_BEGIN_DECLS

#define RING 256                 /* hours kept: a week, the farthest horizon, and the lags beyond both */
#define WEEK 168                 /* hours */
#define CASA_FORECAST_SUNDAY 144 /* hours of the week */
#define HOLIDAYS 16              /* days: as many as the hours kept reach over, and the horizons */
#define N_TRAINED 16             /* horizons at most that have weights of their own; the others take what lies between */
#define N_TOLD_HOURS 300         /* the sum of the horizons: so long each of their forecasts is kept */
#define FEATURES_MOST 52

enum { SCALE_VALUES, SCALE_LOGS, N_SCALES }; /* values as they are, and their logarithms */

/* What is blended: first the regressions. EXPERT_LAGS is of logarithms too. */
enum { EXPERT_VALUES, EXPERT_LOGS, EXPERT_LAGS, EXPERT_LAST, EXPERT_DAY, EXPERT_WEEK, EXPERT_USUAL, N_EXPERTS };
#define N_REGRESSIONS EXPERT_LAST
/* What is kept of what was said, besides what the regressions said. */
enum { TOLD_BLEND = N_REGRESSIONS, TOLD_VALUE, TOLD_UNIT, TOLD_MARGIN_80, TOLD_MARGIN_95, N_TOLD };

/* A series in one scale, in units of the series' size. */
typedef struct {
  float week[WEEK];  /* the usual value of each hour of the week; NAN: never seen */
  float day[2][24];  /* of each hour of working days, and of days off */
  float value[RING]; /* by hour modulo RING; NAN: missing */
  float apart[RING]; /* from the usual week; where a value is missing, the one before, fading */
} ForecastScale;

struct _CasaForecaster {
  CasaForecastOptions options;
  gint64 first_hour, hour; /* of what was added; meaningless while n_hours = 0 */
  guint n_hours, n_seen;   /* hours passed, and hours with a value */
  guint n_features[N_REGRESSIONS];
  double unit;        /* the series' size: mean of the first week's absolute values; 0 until then */
  gboolean is_signed; /* it has been below 0: no logarithms */
  float raw[RING], temp_c[RING], wind_ms[RING];
  gboolean holidays[HOLIDAYS];        /* by day modulo HOLIDAYS */
  float unlike_sunday, unlike_itself; /* how far holidays were from a Sunday, and from their own day of the week */
  ForecastScale scales[N_SCALES];
  float level[RING]; /* of logarithms: the mean of the last weeks */
  float above[RING]; /* how far above it, filled as `apart` is */
  CasaRidge *ridges[N_REGRESSIONS][N_TRAINED];
  float loss[CASA_FORECAST_HOURS][N_EXPERTS]; /* recent mean absolute error by horizon less 1; 0: none yet */
  float blend_loss[CASA_FORECAST_HOURS];      /* and of what they say together */
  float nearer[CASA_FORECAST_HOURS]
              [3];                  /* share of hours in which the last value, that of a day, a week ago was nearer than that */
  float told[N_TOLD_HOURS][N_TOLD]; /* of each horizon so many as it has hours, by hour modulo that: what was said then */
  float usual_error[CASA_FORECAST_HOURS]; /* of the blend, of its level */
  float restless[24];                     /* error of an hour of the day, of the usual one */
  CasaBand bands[CASA_FORECAST_HOURS];
  CasaForecast out[CASA_FORECAST_HOURS];
};

/* 0 to 167, Monday 00:00 is 0; on a holiday those of a Sunday, once holidays were like one. */
guint casa_forecast_hour_of_week(const CasaForecaster *self, gint64 hour);
gboolean casa_forecast_is_holiday(const CasaForecaster *self, gint64 hour);
gboolean casa_forecast_is_day_off(const CasaForecaster *self, gint64 hour); /* Saturday, Sunday, holiday */
gint64 casa_forecast_day(gint64 hour);                                      /* days since 1970-01-01 */

/* The features of @regression of what was known at @origin of the hour @origin + @horizon, into @x; returns how many,
 * always the same. @ahead: weather after @origin; NULL: as it was measured, where it was. */
guint casa_forecast_features(const CasaForecaster *self, guint regression, gint64 origin, guint horizon,
                             const CasaForecastWeather *ahead, double *x);

/* The scale that a regression works in. */
guint casa_forecast_scale_of(guint regression);

double casa_forecast_to_scale(const CasaForecaster *self, guint scale, double value);
double casa_forecast_from_scale(const CasaForecaster *self, guint scale, double value);

G_END_DECLS
