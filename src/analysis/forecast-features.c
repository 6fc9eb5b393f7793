/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/forecast-private.h"
#include <math.h>

#define LOG_FLOOR 0.1  /* of the series' size: so that an hour without anything has a logarithm */
#define TEMP_UNIT 10.0 /* °C and m/s that make a feature about as large as the others */
#define WIND_UNIT 5.0
#define SATURDAY 120     /* hours of the week */
#define LIKE_SUNDAY 0.7f /* so much nearer to a Sunday than to their own day of the week were holidays that are taken for one */
#define SUNDAY 144
#define CALM 0.3 /* m/s, below which wind says no more */

/* What is worked out once of an origin and a horizon. */
typedef struct {
  const CasaForecaster *self;
  const ForecastScale *scale;
  gint64 origin, target;
  guint horizon;
  double wave[4];          /* of the target's hour: sine and cosine of the day and of half a day */
  double now;              /* the value */
  double apart, apart_day; /* from the usual, or from the last weeks' mean: now, and on the mean of the last day */
  double *x;
} Sight;

gint64
casa_forecast_day(gint64 hour)
{
  return hour >= 0 ? hour / 24 : (hour - 23) / 24;
}

static guint
hour_of_day(gint64 hour)
{
  return (guint)(hour - 24 * casa_forecast_day(hour));
}

gboolean
casa_forecast_is_holiday(const CasaForecaster *self, gint64 hour)
{
  const gint64 day = casa_forecast_day(hour);

  return self->holidays[((day % HOLIDAYS) + HOLIDAYS) % HOLIDAYS];
}

guint
casa_forecast_hour_of_week(const CasaForecaster *self, gint64 hour)
{
  const gint64 monday = hour + 72; /* 1970-01-01 was a Thursday */

  if (self->unlike_sunday < LIKE_SUNDAY * self->unlike_itself && casa_forecast_is_holiday(self, hour))
    return CASA_FORECAST_SUNDAY + hour_of_day(hour);
  return (guint)(((monday % WEEK) + WEEK) % WEEK);
}

gboolean
casa_forecast_is_day_off(const CasaForecaster *self, gint64 hour)
{
  return casa_forecast_is_holiday(self, hour) || casa_forecast_hour_of_week(self, hour) >= SATURDAY;
}

double
casa_forecast_to_scale(const CasaForecaster *self, guint scale, double value)
{
  const double sized = value / self->unit;
  return scale == SCALE_LOGS ? log(MAX(sized, 0) + LOG_FLOOR) : sized;
}

double
casa_forecast_from_scale(const CasaForecaster *self, guint scale, double value)
{
  return (scale == SCALE_LOGS ? exp(MIN(value, 20)) - LOG_FLOOR : value) * self->unit;
}

static gboolean
is_kept(const CasaForecaster *self, gint64 hour)
{
  return hour >= self->first_hour && hour <= self->hour && hour > self->hour - RING;
}

static double
slot(const CasaForecaster *self, const float *ring, gint64 hour)
{
  return is_kept(self, hour) ? (double)ring[((hour % RING) + RING) % RING] : NAN;
}

static double
or_zero(double value)
{
  return isnan(value) ? 0 : value;
}

static double
usual_of_week(const Sight *s, gint64 hour)
{
  return or_zero((double)s->scale->week[casa_forecast_hour_of_week(s->self, hour)]);
}

static double
usual_of_day(const Sight *s, gint64 hour)
{
  return or_zero((double)s->scale->day[casa_forecast_is_day_off(s->self, hour)][hour_of_day(hour)]);
}

static double
apart(const Sight *s, gint64 hour)
{
  return or_zero(slot(s->self, s->scale->apart, hour));
}

static double
mean(const Sight *s, const float *ring, guint hours)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < hours; i++) {
    const double value = slot(s->self, ring, s->origin - i);
    if (isnan(value))
      continue;
    sum += value;
    n++;
  }
  return n ? sum / n : 0;
}

static double *
put_levels(const Sight *s, double *x)
{
  *x++ = 1;
  *x++ = usual_of_week(s, s->target);
  *x++ = usual_of_day(s, s->target);
  *x++ = usual_of_week(s, s->origin);
  *x++ = usual_of_day(s, s->origin);
  *x++ = s->horizon <= 22 ? s->apart : 0; /* beyond, put_seasons() has it */
  *x++ = s->horizon <= 21 ? apart(s, s->origin - 1) : 0;
  *x++ = s->apart_day;
  *x++ = mean(s, s->scale->apart, WEEK);
  *x++ = mean(s, s->scale->value, 24);
  return x;
}

/* How the same hour, and those beside it, differed from the usual on days before. */
static double *
put_seasons(const Sight *s, double *x)
{
  *x++ = apart(s, s->target - 24);
  *x++ = apart(s, s->target - 25);
  *x++ = s->horizon < 24 ? apart(s, s->target - 23) : 0;
  *x++ = apart(s, s->target - 48);
  *x++ = apart(s, s->target - 72);
  *x++ = apart(s, s->target - WEEK);
  return x;
}

static double
above(const Sight *s, gint64 hour)
{
  return or_zero(slot(s->self, s->self->above, hour));
}

/* The last hours themselves, held against the last weeks' mean instead of the usual week: where weeks are not alike, as those
 * of air, that is less noise. */
static double *
put_lags(const Sight *s, double *x)
{
  const double level = or_zero(slot(s->self, s->self->level, s->origin));

  *x++ = 1;
  *x++ = level;
  *x++ = s->apart;
  *x++ = above(s, s->origin - 1);
  *x++ = above(s, s->origin - 2);
  *x++ = s->apart_day;
  *x++ = mean(s, s->self->above, WEEK);
  *x++ = above(s, s->target - 24);
  *x++ = above(s, s->target - 48);
  *x++ = usual_of_day(s, s->target) - level;
  for (guint i = 0; i < 4; i++)
    *x++ = s->wave[i];
  for (guint i = 0; i < 4; i++)
    *x++ = s->wave[i] * s->apart;
  *x++ = s->wave[0] * s->apart_day;
  *x++ = s->wave[1] * s->apart_day;
  return x;
}

static double *
put_calendar(const Sight *s, double *x)
{
  const double off = casa_forecast_is_day_off(s->self, s->target);

  for (guint i = 0; i < 4; i++)
    *x++ = s->wave[i];
  for (guint i = 0; i < 4; i++)
    *x++ = s->wave[i] * s->apart;
  *x++ = s->wave[0] * s->apart_day;
  *x++ = s->wave[1] * s->apart_day;
  *x++ = off;
  *x++ = off * s->apart_day;
  *x++ = off * s->apart;
  return x;
}

static double *
put_weather(const Sight *s, double *x)
{
  const CasaForecaster *self = s->self;
  const double temp = or_zero(slot(self, self->temp_c, s->origin)) / TEMP_UNIT;
  const double day_ago = slot(self, self->temp_c, s->origin - 24) / TEMP_UNIT;

  *x++ = temp;
  *x++ = temp * s->wave[0];
  *x++ = temp * s->wave[1];
  *x++ = isnan(day_ago) ? 0 : temp - day_ago;
  *x++ = or_zero(slot(self, self->wind_ms, s->origin)) / WIND_UNIT;
  *x++ = mean(s, self->wind_ms, 6) / WIND_UNIT;
  return x;
}

static CasaForecastWeather
weather_at(const Sight *s, const CasaForecastWeather *ahead, gint64 hour)
{
  if (ahead)
    return ahead[hour - s->origin - 1];
  return (CasaForecastWeather){ slot(s->self, s->self->temp_c, hour), slot(s->self, s->self->wind_ms, hour) };
}

static double *
put_weather_ahead(const Sight *s, const CasaForecastWeather *ahead, double *x)
{
  const CasaForecaster *self = s->self;
  const double now_temp = or_zero(slot(self, self->temp_c, s->origin)) / TEMP_UNIT;
  const double now_wind = or_zero(slot(self, self->wind_ms, s->origin)) / WIND_UNIT;
  const CasaForecastWeather then = weather_at(s, ahead, s->target);
  const double temp = isnan(then.temp_c) ? now_temp : then.temp_c / TEMP_UNIT;
  const double wind = isnan(then.wind_ms) ? now_wind : then.wind_ms / WIND_UNIT;
  double sum = 0;
  guint n = 0;

  for (gint64 hour = s->origin + 1; hour <= s->target; hour++) {
    const CasaForecastWeather one = weather_at(s, ahead, hour);
    if (isnan(one.wind_ms))
      continue;
    sum += one.wind_ms;
    n++;
  }
  const double mean_wind = n ? sum / n : wind * WIND_UNIT, stirred = log(CALM + MAX(mean_wind, 0)) / 2;
  *x++ = temp - now_temp;
  *x++ = temp * temp / 5;
  *x++ = wind;
  *x++ = wind * s->apart;
  *x++ = (wind - now_wind) * s->now;
  *x++ = mean_wind / WIND_UNIT;
  *x++ = mean_wind / WIND_UNIT * s->now;
  *x++ = stirred;
  *x++ = stirred * s->apart;
  return x;
}

guint
casa_forecast_scale_of(guint regression)
{
  return regression == EXPERT_VALUES ? SCALE_VALUES : SCALE_LOGS;
}

guint
casa_forecast_features(const CasaForecaster *self, guint regression, gint64 origin, guint horizon,
                       const CasaForecastWeather *ahead, double *x)
{
  const ForecastScale *scale = &self->scales[casa_forecast_scale_of(regression)];
  const gboolean is_lags = regression == EXPERT_LAGS;
  const float *apart_of = is_lags ? self->above : scale->apart;
  Sight s = { .self = self, .scale = scale, .origin = origin, .target = origin + horizon, .horizon = horizon };
  const double turn = 2 * G_PI * hour_of_day(s.target) / 24;
  double *end;

  for (guint i = 0; i < 2; i++) {
    s.wave[2 * i] = sin((i + 1) * turn);
    s.wave[2 * i + 1] = cos((i + 1) * turn);
  }
  s.apart = or_zero(slot(self, apart_of, origin));
  s.apart_day = mean(&s, apart_of, 24);
  s.now = s.apart + (is_lags ? or_zero(slot(self, self->level, origin)) : usual_of_week(&s, origin));
  end = is_lags ? put_lags(&s, x) : put_calendar(&s, put_seasons(&s, put_levels(&s, x)));
  if (self->options.has_weather)
    end = put_weather(&s, end);
  if (self->options.has_weather && self->options.knows_ahead)
    end = put_weather_ahead(&s, ahead, end);
  return (guint)(end - x);
}
