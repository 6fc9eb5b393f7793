/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/forecast-private.h"
#include <math.h>
#include <string.h>

/* Measured with bench-forecast. */
#define WEEK_STEP 0.12f    /* how far a week moves its usual hour */
#define DAY_STEP 0.25f     /* and a day */
#define LOSS_MEMORY 0.9985 /* an error of three weeks ago counts half */
#define YOUNG 4.0          /* errors of when little was learned are forgotten sooner */
#define KEENNESS 12.0      /* how much more is given to who is better */
#define BY_FAR 0.6f        /* share of the last weeks' hours in which a naive forecast was nearer to the truth than the blend */
#define CLOSE 1.015        /* to the blend: so much more it may err in sum */
#define ERROR_MEMORY 0.995
#define LEVEL_FLOOR 0.5  /* of the series' size: errors grow with the level, but are not nothing at 0 */
#define CARRY 0.95f      /* of how far the hour before was from the usual, where an hour is missing */
#define LEVEL_HOURS 360  /* the mean of the last weeks reaches back about so far */
#define LEARNS_AFTER 200 /* hours: the lags of the first examples are there */
#define SPEAKS_AFTER 50  /* examples, before a regression has a say */

static const guint trained[N_REGRESSIONS][N_TRAINED + 1] = {
  { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 19, 22, 23, 24 },
  { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 19, 22, 23, 24 },
  { 1, 2, 4, 7, 10, 14, 19, 24 },
};

/* An example of three months ago weighs half as much as one of now; to the lags, one of three weeks. */
static const double memories[N_REGRESSIONS] = { 0.9997, 0.9997, 0.9985 };

static void
fill(float *values, gsize n, float value)
{
  for (gsize i = 0; i < n; i++)
    values[i] = value;
}

static void
scale_init(ForecastScale *scale)
{
  fill(scale->week, WEEK, NAN);
  fill(&scale->day[0][0], 48, NAN);
  fill(scale->value, RING, NAN);
  fill(scale->apart, RING, NAN);
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
  fill(self->level, RING, NAN);
  fill(self->above, RING, NAN);
  fill(&self->told[0][0], sizeof self->told / sizeof(float), NAN);
  fill(self->restless, 24, 1);
  for (guint i = 0; i < CASA_FORECAST_HOURS; i++) {
    casa_band_init(&self->bands[i], i + 1);
    self->out[i] = (CasaForecast){ NAN, NAN, NAN, NAN, NAN };
  }
  for (guint i = 0; i < N_SCALES; i++)
    scale_init(&self->scales[i]);
  for (guint r = 0; r < N_REGRESSIONS; r++) {
    self->n_features[r] = casa_forecast_features(self, r, 0, 1, NULL, x);
    g_assert(self->n_features[r] <= FEATURES_MOST);
    for (guint i = 0; trained[r][i]; i++)
      self->ridges[r][i] = casa_ridge_new(self->n_features[r], memories[r]);
  }
  return self;
}

void
casa_forecaster_free(CasaForecaster *self)
{
  if (!self)
    return;
  for (guint r = 0; r < N_REGRESSIONS; r++)
    for (guint i = 0; trained[r][i]; i++)
      casa_ridge_free(self->ridges[r][i]);
  g_free(self);
}

static guint
slot_of(gint64 hour, guint n)
{
  return (guint)(((hour % n) + n) % n);
}

/* Where what was said at @hour of @horizon is kept. */
static float *
told_at(CasaForecaster *self, guint horizon, gint64 hour)
{
  return self->told[horizon * (horizon - 1) / 2 + slot_of(hour, horizon)];
}

static gboolean
has_scale(const CasaForecaster *self, guint scale)
{
  return scale != SCALE_LOGS || !self->is_signed;
}

static double
raw_at(const CasaForecaster *self, gint64 hour)
{
  return hour >= self->first_hour && hour <= self->hour ? (double)self->raw[slot_of(hour, RING)] : NAN;
}

/* What needs no learning said, or says, at @origin. */
static void
ask_naive(const CasaForecaster *self, gint64 origin, guint horizon, double out[N_EXPERTS])
{
  const gint64 target = origin + horizon;
  const float usual = self->scales[SCALE_VALUES].week[casa_forecast_hour_of_week(self, target)];

  out[EXPERT_LAST] = NAN;
  for (gint64 hour = origin; hour > origin - 3 && isnan(out[EXPERT_LAST]); hour--)
    out[EXPERT_LAST] = raw_at(self, hour);
  out[EXPERT_DAY] = raw_at(self, target - 24);
  out[EXPERT_WEEK] = raw_at(self, target - WEEK);
  out[EXPERT_USUAL] = casa_forecast_from_scale(self, SCALE_VALUES, (double)usual);
}

/* --- Learning from an hour that has come --- */

static void
teach(CasaForecaster *self, guint regression, gint64 hour, guint i)
{
  const guint scale = casa_forecast_scale_of(regression);
  const guint horizon = trained[regression][i];
  double x[FEATURES_MOST];

  casa_forecast_features(self, regression, hour - horizon, horizon, NULL, x);
  casa_ridge_learn(self->ridges[regression][i], x, (double)self->scales[scale].value[slot_of(hour, RING)]);
  casa_ridge_solve(self->ridges[regression][i]);
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
judge(CasaForecaster *self, gint64 hour, double value, guint horizon)
{
  const guint i = horizon - 1;
  const float *told = told_at(self, horizon, hour - horizon);
  const double said = (double)told[TOLD_VALUE];

  const double age = (double)(hour - self->first_hour),
               memory = MIN(LOSS_MEMORY, 1 - YOUNG / MAX(age - LEARNS_AFTER + YOUNG, YOUNG));
  double experts[N_EXPERTS];

  for (guint k = 0; k < N_REGRESSIONS; k++)
    experts[k] = (double)told[k];
  ask_naive(self, hour - horizon, horizon, experts);
  for (guint k = 0; k < N_EXPERTS; k++)
    if (!isnan(experts[k]))
      self->loss[i][k] = fade(self->loss[i][k], fabs(experts[k] - value), memory);
  if (isnan(said))
    return;
  const double blend_error = fabs((double)told[TOLD_BLEND] - value);
  self->blend_loss[i] = fade(self->blend_loss[i], blend_error, memory);
  for (guint k = EXPERT_LAST; k <= EXPERT_WEEK; k++)
    if (!isnan(experts[k])) {
      float *nearer = &self->nearer[i][k - EXPERT_LAST];
      *nearer += (float)(1 - memory) * ((fabs(experts[k] - value) < blend_error ? 1 : 0) - *nearer);
    }
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

/* Where nothing was measured the series is thought to come back to what is usual. */
static float
apart_from(float value, float usual, const float *apart, guint at)
{
  return isnan(value) ? CARRY * apart[(at + RING - 1) % RING] : value - usual;
}

static void
place_level(CasaForecaster *self, float value, guint at)
{
  const float before = self->level[(at + RING - 1) % RING];

  self->level[at] = isnan(before) ? value : isnan(value) ? before : before + (value - before) / LEVEL_HOURS;
  self->above[at] = apart_from(value, self->level[at], self->above, at);
}

static void
settle(CasaForecaster *self, ForecastScale *scale, gint64 hour)
{
  const guint at = slot_of(hour, RING);
  const float value = scale->value[at];
  float *week = &scale->week[casa_forecast_hour_of_week(self, hour)];
  float *day = &scale->day[casa_forecast_is_day_off(self, hour)][casa_forecast_hour_of_week(self, hour) % 24];

  scale->apart[at] = apart_from(value, !isnan(*week) ? *week : !isnan(*day) ? *day : value, scale->apart, at);
  if (isnan(value))
    return;
  if (scale == self->scales)
    compare_holiday(self, scale, hour, value);
  if (casa_forecast_is_holiday(self, hour))
    return; /* nor shall the next Sundays be like a feast */
  move_usual(week, value, WEEK_STEP);
  move_usual(day, value, DAY_STEP);
}

/* --- Saying what comes --- */

/* With the weights of the trained horizons beside it. */
static double
regress(const CasaForecaster *self, guint regression, guint horizon, const double *x)
{
  const guint *hours = trained[regression];
  guint above = 0;

  while (hours[above] < horizon)
    above++;
  if (casa_ridge_n_learned(self->ridges[regression][above]) < SPEAKS_AFTER)
    return NAN;
  const guint below = hours[above] == horizon ? above : above - 1;
  const double share = below == above ? 1 : (double)(horizon - hours[below]) / (hours[above] - hours[below]);
  const float *low = casa_ridge_weights(self->ridges[regression][below]);
  const float *high = casa_ridge_weights(self->ridges[regression][above]);
  double sum = 0;

  for (guint i = 0; i < self->n_features[regression]; i++)
    sum += x[i] * ((1 - share) * (double)low[i] + share * (double)high[i]);
  return casa_forecast_from_scale(self, casa_forecast_scale_of(regression), sum);
}

static void
ask_experts(const CasaForecaster *self, guint horizon, const CasaForecastWeather *ahead, double *out)
{
  double x[FEATURES_MOST];

  for (guint r = 0; r < N_REGRESSIONS; r++) {
    out[r] = NAN;
    if (!has_scale(self, casa_forecast_scale_of(r)))
      continue;
    casa_forecast_features(self, r, self->hour, horizon, ahead, x);
    out[r] = regress(self, r, horizon, x);
  }
  ask_naive(self, self->hour, horizon, out);
}

/* Who erred less has more to say: exponential weights (Vovk 1990; Cesa-Bianchi and Lugosi 2006) on the ratio of recent
 * errors. */
static double
blend(const CasaForecaster *self, guint horizon, const double *experts)
{
  const float *loss = self->loss[horizon - 1];
  double least = INFINITY, sum = 0, weights = 0;

  for (guint k = 0; k < N_EXPERTS; k++)
    if (loss[k] > 0 && !isnan(experts[k]))
      least = MIN(least, (double)loss[k]);
  for (guint k = 0; k < N_EXPERTS; k++) {
    if (isnan(experts[k]) || (loss[k] <= 0 && isfinite(least)))
      continue;
    const double weight = isfinite(least) ? exp(-KEENNESS * ((double)loss[k] / least - 1)) : 1;
    sum += weight * experts[k];
    weights += weight;
  }
  return weights > 0 ? sum / weights : NAN;
}

/* Where nothing is to be learned, as of lamps that burn as the day before, the best naive forecast is followed to the letter:
 * one that errs about as little as the blend in sum, and less in most hours, which is no luck. */
static double
choose(const CasaForecaster *self, guint horizon, const double *experts, double blended)
{
  const guint i = horizon - 1;
  double least = CLOSE * (double)self->blend_loss[i], best = blended;

  for (guint k = EXPERT_LAST; k <= EXPERT_WEEK; k++)
    if (self->loss[i][k] > 0 && (double)self->loss[i][k] < least && self->nearer[i][k - EXPERT_LAST] > BY_FAR &&
        !isnan(experts[k])) {
      least = (double)self->loss[i][k];
      best = experts[k];
    }
  return best;
}

/* How far the truth may be from @value. */
typedef struct {
  double unit, margin_80, margin_95; /* margins in units: usual errors at that hour and level */
} Reach;

/* How likely a value is farther than @half from @said, when it is now thought to be @value, with a mean error of @unit
 * (Laplace's law of errors). */
static double
likely_outside(double value, double unit, double said, double half)
{
  const double above = (said + half - value) / unit, below = (value - said + half) / unit;

  return (above > 0 ? exp(-above) / 2 : 1 - exp(above) / 2) + (below > 0 ? exp(-below) / 2 : 1 - exp(below) / 2);
}

/* What was said of the hours to come, and how that looks now. */
static void
expect_misses(CasaForecaster *self, guint horizon, double *out_80, double *out_95)
{
  *out_80 = *out_95 = 0;
  for (guint h = 1; h < horizon; h++) {
    const float *now = told_at(self, h, self->hour), *then = told_at(self, horizon, self->hour + h - horizon);
    const double value = (double)now[TOLD_VALUE], unit = (double)now[TOLD_UNIT], said = (double)then[TOLD_VALUE];
    if (isnan(value) || isnan(said) || !(unit > 0))
      continue;
    const double half = (double)then[TOLD_UNIT];
    *out_80 += likely_outside(value, unit, said, half * (double)then[TOLD_MARGIN_80]) - 0.20;
    *out_95 += likely_outside(value, unit, said, half * (double)then[TOLD_MARGIN_95]) - 0.05;
  }
}

static Reach
reach_of(CasaForecaster *self, guint horizon, double value)
{
  const double restless = (double)self->restless[casa_forecast_hour_of_week(self, self->hour + horizon) % 24];
  Reach reach = { (double)self->usual_error[horizon - 1] * restless * level_of(self, value), 0, 0 };

  double pending_80, pending_95;

  expect_misses(self, horizon, &pending_80, &pending_95);
  casa_band_margins(&self->bands[horizon - 1], pending_80, pending_95, &reach.margin_80, &reach.margin_95);
  return reach;
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
remember(CasaForecaster *self, guint horizon, const double *experts, double blended, double value, const Reach *reach)
{
  float *told = told_at(self, horizon, self->hour);

  for (guint k = 0; k < N_REGRESSIONS; k++)
    told[k] = (float)experts[k];
  told[TOLD_BLEND] = (float)blended;
  told[TOLD_VALUE] = (float)value;
  told[TOLD_UNIT] = (float)reach->unit;
  told[TOLD_MARGIN_80] = (float)reach->margin_80;
  told[TOLD_MARGIN_95] = (float)reach->margin_95;
}

static void
tell(CasaForecaster *self, guint horizon, const CasaForecastWeather *ahead)
{
  double experts[N_EXPERTS];

  ask_experts(self, horizon, ahead, experts);
  const double blended = blend(self, horizon, experts), value = choose(self, horizon, experts, blended);
  const Reach reach = reach_of(self, horizon, value);
  remember(self, horizon, experts, blended, value, &reach);
  self->out[horizon - 1] =
    casa_forecaster_is_ready(self) && !isnan(value) ? between(self, value, &reach) : (CasaForecast){ NAN, NAN, NAN, NAN, NAN };
}

static void
tell_all(CasaForecaster *self, const CasaForecastWeather *ahead)
{
  for (guint horizon = 1; horizon <= CASA_FORECAST_HOURS; horizon++)
    tell(self, horizon, ahead);
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
  for (guint horizon = 1; learns && horizon <= CASA_FORECAST_HOURS; horizon++)
    judge(self, hour, value, horizon);
  for (guint r = 0; learns && r < N_REGRESSIONS; r++)
    for (guint i = 0; has_scale(self, casa_forecast_scale_of(r)) && trained[r][i]; i++)
      teach(self, r, hour, i);
  for (guint scale = 0; scale < N_SCALES; scale++)
    settle(self, &self->scales[scale], hour);
  place_level(self, self->scales[SCALE_LOGS].value[at], at);
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
  gsize numbers = 0;

  for (guint r = 0; r < N_REGRESSIONS; r++)
    for (guint i = 0; trained[r][i]; i++)
      numbers += (gsize)self->n_features[r] * (self->n_features[r] + 5) / 2;
  return sizeof *self + numbers * sizeof(float);
}
