/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/forecast.h"
#include "city/city-calendar.h"
#include "hours.h"
#include <errno.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Forecasts of hourly series against the naive ones and a plain ridge, hour by hour as they would have been made: the last two
 * fifths of each series are judged, everything before an hour has been learned at that hour, and nothing after it.
 *
 * usage: bench-forecast [--simulated SEED] [--morocco] FILE:COLUMN[:TEMP[:WIND]] …    columns by name, of a CSV
 * whose first is a local time, an hour a line. --simulated: a year of the simulated city; --morocco: what follows lives by
 * Morocco's public holidays
 * Weather of the hour that is forecast is used only in lines marked "weather known": as if its forecast had been right. */

#define MAX_HOURS HOURS_MOST
#define HORIZONS CASA_FORECAST_HOURS
#define WINDOW 720 /* hours: 30 days */

typedef struct {
  double error, naive[3], pinball_10, pinball_90, naive_pinball, width_80, width_95;
  guint n, in_80, in_95;
  guint8 *hits;                            /* of each judged hour, bit 0: in 80 %, bit 1: in 95 % */
  double low_80, high_80, low_95, high_95; /* least and most coverage of any 30 days */
} Score;

static int
column_of(char **names, const char *name)
{
  for (int i = 0; name && names[i]; i++)
    if (strcmp(g_strstrip(names[i]), name) == 0)
      return i;
  return -1;
}

static double
cell(char **cells, int column)
{
  if (column < 0 || (guint)column >= g_strv_length(cells))
    return NAN;
  char *end;
  const double value = g_ascii_strtod(g_strstrip(cells[column]), &end);
  return end == cells[column] ? NAN : value;
}

/* Local times are taken as they stand: the clock that people live by. */
static gint64
hour_of(const char *text)
{
  struct tm tm = { 0 };
  if (sscanf(text, "%d-%d-%dT%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour) != 4)
    return -1;
  tm.tm_year -= 1900;
  tm.tm_mon--;
  return timegm(&tm) / 3600;
}

static Series *
load(const char *spec)
{
  g_auto(GStrv) parts = g_strsplit(spec, ":", 4);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  if (g_strv_length(parts) < 2 || !g_file_get_contents(parts[0], &text, NULL, &error)) {
    fprintf(stderr, "bench-forecast: %s: %s\n", spec, error ? error->message : "wants FILE:COLUMN[:TEMP[:WIND]]");
    return NULL;
  }
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_auto(GStrv) names = g_strsplit(lines[0], ",", -1);
  const int value = column_of(names, parts[1]), temp = column_of(names, parts[2]);
  const int wind = parts[2] ? column_of(names, parts[3]) : -1;
  if (value < 0) {
    fprintf(stderr, "bench-forecast: %s has no column \"%s\"\n", parts[0], parts[1]);
    return NULL;
  }
  Series *self = g_new0(Series, 1);
  self->has_weather = temp >= 0;
  for (guint i = 1; lines[i] && self->n < MAX_HOURS; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
    const gint64 hour = *lines[i] ? hour_of(cells[0]) : -1;
    if (hour < 0 || (self->n && hour <= self->hour[self->n - 1]))
      continue;
    for (gint64 h = self->n ? self->hour[self->n - 1] + 1 : hour; h <= hour && self->n < MAX_HOURS; h++, self->n++) {
      self->hour[self->n] = h;
      self->value[self->n] = h == hour ? cell(cells, value) : NAN;
      self->weather[self->n] =
        h == hour ? (CasaForecastWeather){ cell(cells, temp), cell(cells, wind) } : (CasaForecastWeather){ NAN, NAN };
    }
  }
  return self;
}

static double
pinball(double truth, double told, double share)
{
  return truth > told ? share * (truth - told) : (1 - share) * (told - truth);
}

static void
judge(Score *score, const Series *s, guint origin, guint horizon, const CasaForecast *told)
{
  const guint target = origin + horizon;
  const double truth = hours_at(s, target);
  double naive[3];
  hours_naive(s, origin, horizon, naive);
  if (isnan(truth) || isnan(told->value) || isnan(naive[0]) || isnan(naive[1]) || isnan(naive[2]))
    return;
  const gboolean in_80 = truth >= told->low_80 && truth <= told->high_80,
                 in_95 = truth >= told->low_95 && truth <= told->high_95;
  score->error += fabs(told->value - truth);
  for (guint k = 0; k < 3; k++)
    score->naive[k] += fabs(naive[k] - truth);
  score->pinball_10 += pinball(truth, told->low_80, 0.1);
  score->pinball_90 += pinball(truth, told->high_80, 0.9);
  score->width_80 += told->high_80 - told->low_80;
  score->width_95 += told->high_95 - told->low_95;
  score->in_80 += in_80;
  score->in_95 += in_95;
  score->hits[score->n++] = (guint8)(in_80 | in_95 << 1);
}

static void
find_windows(Score *score)
{
  guint in_80 = 0, in_95 = 0;
  score->low_80 = score->low_95 = 1;
  for (guint i = 0; i < score->n; i++) {
    in_80 += score->hits[i] & 1;
    in_95 += score->hits[i] >> 1;
    if (i >= WINDOW) {
      in_80 -= score->hits[i - WINDOW] & 1;
      in_95 -= score->hits[i - WINDOW] >> 1;
    }
    if (i + 1 < WINDOW)
      continue;
    score->low_80 = MIN(score->low_80, (double)in_80 / WINDOW);
    score->high_80 = MAX(score->high_80, (double)in_80 / WINDOW);
    score->low_95 = MIN(score->low_95, (double)in_95 / WINDOW);
    score->high_95 = MAX(score->high_95, (double)in_95 / WINDOW);
  }
}

/* On the same hours of the same series: what another stretch of the same kind gives says little. */
static void
print_ridge(const Series *s, Sees sees, double ours)
{
  static const guint horizons[] = { 1, 6, 12, 24 };
  double sum = 0;
  printf("  a plain ridge that sees the same:");
  for (guint i = 0; i < G_N_ELEMENTS(horizons); i++) {
    const double ratio = hours_plain_ridge(s, horizons[i], sees);
    printf(" %.3f", ratio);
    sum += ratio / G_N_ELEMENTS(horizons);
  }
  printf(", mean %.3f; this one is %.1f %% better\n", sum, 100 * (1 - ours / sum));
}

/* Returns the mean ratio of 1, 6, 12 and 24 h. */
static double
print_scores(Score *scores)
{
  static const guint shown[] = { 1, 2, 3, 6, 12, 18, 24 };
  static const char *const names[] = { "last", "day", "week" };
  double ratios = 0, four = 0, worst = 0;
  printf("   h     MAE   best naive     ratio  pinball  in 80 %% (any 30 d)   in 95 %% (any 30 d)   widths\n");
  for (guint h = 1; h <= HORIZONS; h++) {
    Score *s = &scores[h];
    guint best = 0;
    for (guint k = 1; k < 3; k++)
      best = s->naive[k] < s->naive[best] ? k : best;
    const double ratio = s->error / s->naive[best];
    ratios += ratio;
    four += h == 1 || h == 6 || h == 12 || h == 24 ? ratio : 0;
    worst = MAX(worst, ratio);
    find_windows(s);
    for (guint k = 0; k < G_N_ELEMENTS(shown); k++)
      if (shown[k] == h)
        printf("  %2u  %8.4g  %8.4g %-4s   %.3f  %7.4g  %4.1f (%4.1f-%4.1f)      %4.1f (%4.1f-%4.1f)      %.4g %.4g\n", h,
               s->error / s->n, s->naive[best] / s->n, names[best], ratio, (s->pinball_10 + s->pinball_90) / 2 / s->n,
               100.0 * s->in_80 / s->n, 100 * s->low_80, 100 * s->high_80, 100.0 * s->in_95 / s->n, 100 * s->low_95,
               100 * s->high_95, s->width_80 / s->n, s->width_95 / s->n);
  }
  printf("  mean ratio of 24 horizons %.3f, of 1, 6, 12 and 24 h %.3f, worst %.3f\n", ratios / HORIZONS, four / 4, worst);
  return four / 4;
}

static gboolean
is_holiday_cb(gint64 day, gpointer unused)
{
  return casa_city_holiday(day) != CASA_HOLIDAY_NONE;
}

static void
run(const char *name, const Series *s, Sees sees, gboolean in_morocco)
{
  const CasaForecastOptions options = { .has_weather = sees >= SEES_WEATHER,
                                        .knows_ahead = sees == SEES_WEATHER_AHEAD,
                                        .is_holiday = in_morocco ? is_holiday_cb : NULL };
  g_autoptr(CasaForecaster) forecaster = casa_forecaster_new(&options);
  Score scores[HORIZONS + 1] = { 0 };
  const guint first = s->n * 3 / 5;
  for (guint h = 1; h <= HORIZONS; h++)
    scores[h].hits = g_new(guint8, s->n);
  const gint64 began = g_get_monotonic_time();
  for (guint i = 0; i < s->n; i++) {
    CasaForecastWeather ahead[HORIZONS];
    for (guint h = 1; h <= HORIZONS; h++)
      ahead[h - 1] = i + h < s->n ? s->weather[i + h] : (CasaForecastWeather){ NAN, NAN };
    casa_forecaster_add(forecaster, s->hour[i], s->value[i], &s->weather[i], ahead);
    for (guint h = 1; i >= first && h <= HORIZONS; h++) {
      const CasaForecast told = casa_forecaster_ask(forecaster, h);
      judge(&scores[h], s, i, h, &told);
    }
  }
  const double us = (double)(g_get_monotonic_time() - began) / s->n;
  static const char *const seen[] = { "", ", weather of the past", ", weather known" };
  printf("%s%s\n", name, seen[sees]);
  print_ridge(s, sees, print_scores(scores));
  printf("  %.0f µs an hour that is added, %" G_GSIZE_FORMAT " bytes a series\n\n", us, casa_forecaster_size(forecaster));
  for (guint h = 1; h <= HORIZONS; h++)
    g_free(scores[h].hits);
}

static void
run_city(guint64 seed)
{
  const char *const *names;
  Series **all = hours_simulate(seed, &names);

  printf("a simulated year, seed %" G_GUINT64_FORMAT "\n\n", seed);
  for (guint i = 0; all[i]; i++) {
    run(names[i], all[i], SEES_VALUES, TRUE);
    g_free(all[i]);
  }
  g_free(all);
}

static gboolean
run_file(const char *spec, gboolean in_morocco)
{
  g_autofree Series *series = load(spec);
  g_autofree char *name = g_path_get_basename(spec);

  for (Sees sees = SEES_VALUES; series && sees <= (series->has_weather ? SEES_WEATHER_AHEAD : SEES_VALUES); sees++)
    run(name, series, sees, in_morocco);
  return series != NULL;
}

int
main(int argc, char **argv)
{
  gboolean in_morocco = FALSE;

  if (argc < 2) {
    printf(
      "bench-forecast: nothing to do; give --simulated SEED, or series as FILE:COLUMN[:TEMP[:WIND]], see bench/README.md\n");
    return 0;
  }
  for (int i = 1; i < argc; i++) {
    if (g_str_equal(argv[i], "--morocco"))
      in_morocco = TRUE;
    else if (g_str_equal(argv[i], "--simulated") && i + 1 < argc)
      run_city(g_ascii_strtoull(argv[++i], NULL, 10));
    else if (!run_file(argv[i], in_morocco))
      return 1;
  }
  return 0;
}
