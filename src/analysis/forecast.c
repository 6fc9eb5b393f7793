/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/forecast-private.h"
#include <math.h>
#include <string.h>

/* Measured with bench-forecast. */
#define WEEK_STEP 0.12f    /* how far a week moves its usual hour */
#define DAY_STEP 0.25f     /* and a day */
#define LOSS_MEMORY 0.9985 /* an error of three weeks ago counts half */
#define KEENNESS 12.0      /* how much more is given to who is better */
#define ERROR_MEMORY 0.995
#define LEVEL_FLOOR 0.5  /* of the series' size: errors grow with the level, but are not nothing at 0 */
#define LEARNS_AFTER 200 /* hours: the lags of the first examples are there */
#define SPEAKS_AFTER 50  /* examples, before a regression has a say */

static const guint trained[N_TRAINED] = { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24 };

static void
fill(float *values, gsize n, float value)
{
  for (gsize i = 0; i < n; i++)
    values[i] = value;
}

static void
scale_init(ForecastScale *scale, guint n_features)
{
  fill(scale->week, WEEK, NAN);
  fill(&scale->day[0][0], 48, NAN);
  fill(scale->value, RING, NAN);
  fill(scale->apart, RING, NAN);
  for (guint i = 0; i < N_TRAINED; i++)
    scale->ridges[i] = casa_ridge_new(n_features);
}

CasaForecaster *
casa_forecaster_new(const CasaForecastOptions *options)
{
  CasaForecaster *self = g_new0(CasaForecaster, 1);
  double x[FEATURES_MOST];

  if (options)
    self->options = *options;
  fill(self->raw, RING, NAN);
  fill(self->temp_c, RING, NAN);
  fill(self->wind_ms, RING, NAN);
  fill(&self->told[0][0], sizeof self->told / sizeof(float), NAN);
  fill(self->restless, 24, 1);
  for (guint i = 0; i < N_TRAINED; i++)
    casa_band_init(&self->bands[i], trained[i]);
  for (guint i = 0; i < CASA_FORECAST_HOURS; i++)
    self->out[i] = (CasaForecast){ NAN, NAN, NAN, NAN, NAN };
  self->n_features = casa_forecast_features(self, &self->scales[0], 0, 1, NULL, x);
  g_assert(self->n_features <= FEATURES_MOST);
  for (guint i = 0; i < N_SCALES; i++)
    scale_init(&self->scales[i], self->n_features);
  return self;
}

void
casa_forecaster_free(CasaForecaster *self)
{
  if (!self)
    return;
  for (guint i = 0; i < N_SCALES; i++)
    for (guint k = 0; k < N_TRAINED; k++)
      casa_ridge_free(self->scales[i].ridges[k]);
  g_free(self);
}

static guint
slot_of(gint64 hour, guint n)
{
  return (guint)(((hour % n) + n) % n);
}

/* Where what was said at @hour of the trained horizon @i is kept. */
static float *
told_at(CasaForecaster *self, guint i, gint64 hour)
{
  guint before = 0;

  for (guint k = 0; k < i; k++)
    before += trained[k];
  return self->told[before + slot_of(hour, trained[i])];
}

static gboolean
has_scale(const CasaForecaster *self, guint scale)
{
  return scale != EXPERT_LOGS || !self->is_signed;
}

/* --- Learning from an hour that has come --- */

static void
teach(CasaForecaster *self, guint scale, gint64 hour, guint i)
{
  double x[FEATURES_MOST];
  ForecastScale *s = &self->scales[scale];

  casa_forecast_features(self, s, hour - trained[i], trained[i], NULL, x);
  casa_ridge_learn(s->ridges[i], x, (double)s->value[slot_of(hour, RING)]);
  casa_ridge_solve(s->ridges[i]);
}

static float
fade(float old, double news, double memory)
{
  return old > 0 ? (float)(memory * (double)old + (1 - memory) * news) : (float)news;
}

static double
level_of(const CasaForecaster *self, double value)
{
  return LEVEL_FLOOR * self->unit + fabs(value);
}

/* What was said of it before is held against it. */
static void
judge(CasaForecaster *self, gint64 hour, double value, guint i)
{
  const float *told = told_at(self, i, hour - trained[i]);
  const double said = (double)told[TOLD_BLEND];

  for (guint k = 0; k < N_EXPERTS; k++)
    if (!isnan(told[k]))
      self->loss[i][k] = fade(self->loss[i][k], fabs((double)told[k] - value), LOSS_MEMORY);
  if (isnan(said))
    return;
  float *restless = &self->restless[casa_forecast_hour_of_week(self, hour) % 24];
  const double error = fabs(said - value) / level_of(self, said);
  if (self->usual_error[i] > 0) {
    if (told[TOLD_UNIT] > 0)
      casa_band_learn(&self->bands[i], (said - value) / (double)told[TOLD_UNIT], (double)told[TOLD_MARGIN_80],
                      (double)told[TOLD_MARGIN_95]);
    *restless = CLAMP(fade(*restless, error / (double)self->usual_error[i], 1 - (1 - ERROR_MEMORY) / 4), 0.2f, 5);
  }
  self->usual_error[i] = MAX(fade(self->usual_error[i], error, ERROR_MEMORY), 1e-6f);
}

/* What a holiday is like is not taken for granted: a city's load may rather be that of any other such day of the week. */
static void
compare_holiday(CasaForecaster *self, const ForecastScale *scale, gint64 hour, float value)
{
  const guint sunday = CASA_FORECAST_SUNDAY + casa_forecast_hour_of_week(self, hour) % 24;
  const float like_sunday = scale->week[sunday], like_itself = scale->week[slot_of(hour + 72, WEEK)];

  if (!casa_forecast_is_holiday(self, hour) || isnan(like_sunday) || isnan(like_itself))
    return;
  self->unlike_sunday += fabsf(value - like_sunday);
  self->unlike_itself += fabsf(value - like_itself);
}

static void
move_usual(float *usual, float value, float step)
{
  *usual = isnan(*usual) ? value : *usual + step * (value - *usual);
}

static void
settle(CasaForecaster *self, ForecastScale *scale, gint64 hour)
{
  const guint at = slot_of(hour, RING);
  const float value = scale->value[at];
  float *week = &scale->week[casa_forecast_hour_of_week(self, hour)];
  float *day = &scale->day[casa_forecast_is_day_off(self, hour)][casa_forecast_hour_of_week(self, hour) % 24];

  scale->apart[at] = NAN;
  if (isnan(value))
    return;
  if (scale == self->scales)
    compare_holiday(self, scale, hour, value);
  scale->apart[at] = value - (!isnan(*week) ? *week : !isnan(*day) ? *day : value);
  if (casa_forecast_is_holiday(self, hour))
    return; /* nor shall the next Sundays be like a feast */
  move_usual(week, value, WEEK_STEP);
  move_usual(day, value, DAY_STEP);
}

/* --- Saying what comes --- */

/* Weights of a horizon; those between two trained ones take the mean. */
static double
regress(const CasaForecaster *self, guint scale, guint below, guint above, const double *x)
{
  const float *low = casa_ridge_weights(self->scales[scale].ridges[below]);
  const float *high = casa_ridge_weights(self->scales[scale].ridges[above]);
  double sum = 0;

  for (guint i = 0; i < self->n_features; i++)
    sum += x[i] * ((double)low[i] + (double)high[i]) / 2;
  return casa_forecast_from_scale(self, scale, sum);
}

static double
last_value(const CasaForecaster *self)
{
  for (gint64 hour = self->hour; hour > self->hour - 3; hour--)
    if (!isnan(self->raw[slot_of(hour, RING)]))
      return (double)self->raw[slot_of(hour, RING)];
  return NAN;
}

static double
raw_at(const CasaForecaster *self, gint64 hour)
{
  return hour >= self->first_hour && hour <= self->hour ? (double)self->raw[slot_of(hour, RING)] : NAN;
}

static void
ask_experts(const CasaForecaster *self, guint horizon, guint below, guint above, const CasaForecastWeather *ahead, double *out)
{
  const gint64 target = self->hour + horizon;
  double x[FEATURES_MOST];

  for (guint scale = 0; scale < N_SCALES; scale++) {
    out[scale] = NAN;
    if (!has_scale(self, scale) || casa_ridge_n_learned(self->scales[scale].ridges[below]) < SPEAKS_AFTER)
      continue;
    casa_forecast_features(self, &self->scales[scale], self->hour, horizon, ahead, x);
    out[scale] = regress(self, scale, below, above, x);
  }
  out[EXPERT_LAST] = last_value(self);
  out[EXPERT_DAY] = raw_at(self, target - 24);
  out[EXPERT_WEEK] = raw_at(self, target - WEEK);
  out[EXPERT_USUAL] = casa_forecast_from_scale(
    self, EXPERT_VALUES, (double)self->scales[EXPERT_VALUES].week[casa_forecast_hour_of_week(self, target)]);
}

/* Who erred less has more to say: exponential weights (Vovk 1990; Cesa-Bianchi and Lugosi 2006) on the ratio of recent
 * errors. */
static double
blend(const CasaForecaster *self, guint below, guint above, const double *experts)
{
  double loss[N_EXPERTS], least = INFINITY, sum = 0, weights = 0;

  for (guint k = 0; k < N_EXPERTS; k++) {
    loss[k] = ((double)self->loss[below][k] + (double)self->loss[above][k]) / 2;
    if (loss[k] > 0 && !isnan(experts[k]))
      least = MIN(least, loss[k]);
  }
  for (guint k = 0; k < N_EXPERTS; k++) {
    if (isnan(experts[k]) || (loss[k] <= 0 && isfinite(least)))
      continue;
    const double weight = isfinite(least) ? exp(-KEENNESS * (loss[k] / least - 1)) : 1;
    sum += weight * experts[k];
    weights += weight;
  }
  return weights > 0 ? sum / weights : NAN;
}

/* How far the truth may be from @value. */
typedef struct {
  double unit, margin_80, margin_95; /* margins in units: usual errors at that hour and level */
} Reach;

static Reach
reach_of(const CasaForecaster *self, guint horizon, guint below, guint above, double value)
{
  const double restless = (double)self->restless[casa_forecast_hour_of_week(self, self->hour + horizon) % 24];
  const double usual = ((double)self->usual_error[below] + (double)self->usual_error[above]) / 2;
  double low_80, low_95, high_80, high_95;

  casa_band_margins(&self->bands[below], &low_80, &low_95);
  casa_band_margins(&self->bands[above], &high_80, &high_95);
  return (Reach){ usual * restless * level_of(self, value), (low_80 + high_80) / 2, (low_95 + high_95) / 2 };
}

static CasaForecast
between(const CasaForecaster *self, double value, const Reach *reach)
{
  const double floor = self->is_signed ? -INFINITY : 0;
  const double half_80 = reach->unit * reach->margin_80, half_95 = reach->unit * reach->margin_95;

  return (CasaForecast){ MAX(value, floor), MAX(value - half_80, floor), MAX(value, floor) + half_80,
                         MAX(value - half_95, floor), MAX(value, floor) + half_95 };
}

static void
remember(CasaForecaster *self, guint i, const double *experts, double value, const Reach *reach)
{
  float *told = told_at(self, i, self->hour);

  for (guint k = 0; k < N_EXPERTS; k++)
    told[k] = (float)experts[k];
  told[TOLD_BLEND] = (float)value;
  told[TOLD_UNIT] = (float)reach->unit;
  told[TOLD_MARGIN_80] = (float)reach->margin_80;
  told[TOLD_MARGIN_95] = (float)reach->margin_95;
}

/* @i: the first trained horizon that is not below. */
static void
tell(CasaForecaster *self, guint horizon, guint i, const CasaForecastWeather *ahead)
{
  const guint below = trained[i] == horizon ? i : i - 1;
  double experts[N_EXPERTS];

  ask_experts(self, horizon, below, i, ahead, experts);
  const double value = blend(self, below, i, experts);
  const Reach reach = reach_of(self, horizon, below, i, value);
  if (below == i)
    remember(self, i, experts, value, &reach);
  self->out[horizon - 1] =
    casa_forecaster_is_ready(self) && !isnan(value) ? between(self, value, &reach) : (CasaForecast){ NAN, NAN, NAN, NAN, NAN };
}

static void
tell_all(CasaForecaster *self, const CasaForecastWeather *ahead)
{
  for (guint horizon = 1, i = 0; horizon <= CASA_FORECAST_HOURS; horizon++) {
    if (trained[i] < horizon)
      i++;
    tell(self, horizon, i, ahead);
  }
}

/* --- Hours --- */

static void
live_through(CasaForecaster *self, gint64 hour, const CasaForecastWeather *ahead)
{
  const guint at = slot_of(hour, RING);
  const double value = (double)self->raw[at];
  const gboolean learns = !isnan(value) && hour - self->first_hour >= LEARNS_AFTER;

  for (guint scale = 0; scale < N_SCALES; scale++)
    self->scales[scale].value[at] = isnan(value) ? NAN : (float)casa_forecast_to_scale(self, scale, value);
  for (guint i = 0; learns && i < N_TRAINED; i++) {
    judge(self, hour, value, i);
    for (guint scale = 0; scale < N_SCALES; scale++)
      if (has_scale(self, scale))
        teach(self, scale, hour, i);
  }
  for (guint scale = 0; scale < N_SCALES; scale++)
    settle(self, &self->scales[scale], hour);
  tell_all(self, ahead);
}

/* The first week tells the series' size; then it is lived through. */
static void
find_unit(CasaForecaster *self)
{
  const gint64 last = self->hour;
  double sum = 0;
  guint n = 0;

  for (gint64 hour = MAX(self->first_hour, last - RING + 1); hour <= last; hour++) {
    const double value = (double)self->raw[slot_of(hour, RING)];
    sum += isnan(value) ? 0 : fabs(value);
    n += !isnan(value);
  }
  self->unit = sum > 0 ? sum / n : 1;
  for (gint64 hour = MAX(self->first_hour, last - RING + 1); hour <= last; hour++) {
    self->hour = hour;
    live_through(self, hour, NULL);
  }
}

static void
mark_holiday(CasaForecaster *self, gint64 day)
{
  self->holidays[((day % HOLIDAYS) + HOLIDAYS) % HOLIDAYS] =
    self->options.is_holiday && self->options.is_holiday(day, self->options.data);
}

static void
pass_hour(CasaForecaster *self, gint64 hour, double value, const CasaForecastWeather *weather, const CasaForecastWeather *ahead)
{
  const guint at = slot_of(hour, RING);

  self->hour = hour;
  mark_holiday(self, casa_forecast_day(hour));
  mark_holiday(self, casa_forecast_day(hour + CASA_FORECAST_HOURS));
  self->n_hours++;
  self->n_seen += !isnan(value);
  self->is_signed |= value < 0;
  self->raw[at] = (float)value;
  self->temp_c[at] = weather ? (float)weather->temp_c : NAN;
  self->wind_ms[at] = weather ? (float)weather->wind_ms : NAN;
  if (self->unit > 0)
    live_through(self, hour, ahead);
  else if (self->n_seen >= WEEK)
    find_unit(self);
}

void
casa_forecaster_add(CasaForecaster *self, gint64 hour, double value, const CasaForecastWeather *weather,
                    const CasaForecastWeather *ahead)
{
  if (self->n_hours == 0)
    self->first_hour = hour;
  else if (hour <= self->hour)
    return;
  /* Of a gap that is longer than what is kept, its end is as good as the whole. */
  for (gint64 missing = self->n_hours ? MAX(self->hour + 1, hour - RING) : hour; missing < hour; missing++)
    pass_hour(self, missing, NAN, NULL, NULL);
  pass_hour(self, hour, isfinite(value) ? value : NAN, weather, ahead);
}

gboolean
casa_forecaster_is_ready(const CasaForecaster *self)
{
  return self->n_seen >= CASA_FORECAST_NEEDS;
}

guint
casa_forecaster_n_missing(const CasaForecaster *self)
{
  return CASA_FORECAST_NEEDS - MIN(self->n_seen, CASA_FORECAST_NEEDS);
}

CasaForecast
casa_forecaster_ask(const CasaForecaster *self, guint horizon)
{
  if (horizon < 1 || horizon > CASA_FORECAST_HOURS)
    return (CasaForecast){ NAN, NAN, NAN, NAN, NAN };
  return self->out[horizon - 1];
}

gsize
casa_forecaster_size(const CasaForecaster *self)
{
  const gsize ridge = (gsize)self->n_features * (self->n_features + 5) / 2 * sizeof(float);
  return sizeof *self + (gsize)N_SCALES * N_TRAINED * ridge;
}
