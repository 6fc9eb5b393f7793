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
#define N_SCALES 2               /* values as they are, and their logarithms */
#define N_TRAINED 16             /* horizons that have weights of their own; the others take the mean of their neighbours' */
#define N_TOLD_HOURS 172         /* the sum of the horizons that have weights: so long each of their forecasts is kept */
#define FEATURES_MOST 52

/* What is blended. */
enum { EXPERT_VALUES, EXPERT_LOGS, EXPERT_LAST, EXPERT_DAY, EXPERT_WEEK, EXPERT_USUAL, N_EXPERTS };
/* What is kept of what was said, besides that. */
enum { TOLD_BLEND = N_EXPERTS, TOLD_UNIT, TOLD_MARGIN_80, TOLD_MARGIN_95, N_TOLD };

/* A series in one scale, in units of the series' size. */
typedef struct {
  float week[WEEK];  /* the usual value of each hour of the week; NAN: never seen */
  float day[2][24];  /* of each hour of working days, and of days off */
  float value[RING]; /* by hour modulo RING; NAN: missing */
  float apart[RING]; /* from the usual week */
  CasaRidge *ridges[N_TRAINED];
} ForecastScale;

struct _CasaForecaster {
  CasaForecastOptions options;
  gint64 first_hour, hour; /* of what was added; meaningless while n_hours = 0 */
  guint n_hours, n_seen;   /* hours passed, and hours with a value */
  guint n_features;
  double unit;        /* the series' size: mean of the first week's absolute values; 0 until then */
  gboolean is_signed; /* it has been below 0: no logarithms */
  float raw[RING], temp_c[RING], wind_ms[RING];
  gboolean holidays[HOLIDAYS];        /* by day modulo HOLIDAYS */
  float unlike_sunday, unlike_itself; /* how far holidays were from a Sunday, and from their own day of the week */
  ForecastScale scales[N_SCALES];
  float loss[N_TRAINED][N_EXPERTS]; /* recent mean absolute error; 0: none yet */
  float told[N_TOLD_HOURS][N_TOLD]; /* of each horizon so many as it has hours, by hour modulo that: what was said then */
  float usual_error[N_TRAINED];     /* of the blend, of its level */
  float restless[24];               /* error of an hour of the day, of the usual one */
  CasaBand bands[N_TRAINED];
  CasaForecast out[CASA_FORECAST_HOURS];
};

/* 0 to 167, Monday 00:00 is 0; on a holiday those of a Sunday, once holidays were like one. */
guint casa_forecast_hour_of_week(const CasaForecaster *self, gint64 hour);
gboolean casa_forecast_is_holiday(const CasaForecaster *self, gint64 hour);
gboolean casa_forecast_is_day_off(const CasaForecaster *self, gint64 hour); /* Saturday, Sunday, holiday */
gint64 casa_forecast_day(gint64 hour);                                      /* days since 1970-01-01 */

/* The features of what was known at @origin of the hour @origin + @horizon, into @x; returns how many, always the same.
 * @ahead: weather after @origin; NULL: as it was measured, where it was. */
guint casa_forecast_features(const CasaForecaster *self, const ForecastScale *scale, gint64 origin, guint horizon,
                             const CasaForecastWeather *ahead, double *x);

double casa_forecast_to_scale(const CasaForecaster *self, guint scale, double value);
double casa_forecast_from_scale(const CasaForecaster *self, guint scale, double value);

G_END_DECLS
