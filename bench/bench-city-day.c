/* SPDX-License-Identifier: Apache-2.0 */
/* How true the simulated city's days are: the hourly shape of its load beside a real city's, what neighbouring days have in
 * common, how steep its hours are, and how slow its roads are by the hour. Prints; judges nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time-units.h"
#include "casa-build.h"
#include "model/energy.h"
#include "model/state.h"

#define SAMPLES 6 /* an hour */
#define DAYS 91   /* a season */
#define HOURS 24

typedef struct {
  const char *name, *column; /* of the reference */
  const char *from;          /* first day, UTC */
  double shape[HOURS];       /* of a weekday, as a share of its mean */
  double neighbours[DAYS];   /* correlation of the shapes of a day and the next */
  guint n_neighbours;
  double ramps[DAYS * HOURS]; /* from hour to hour, shares of the season's mean */
  guint n_ramps;
  double mean_mw;
} Season;

static int
by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static double
quantile(double *sorted, guint n, double share)
{
  return n ? sorted[(guint)(share * (n - 1) + 0.5)] : NAN;
}

static double
correlation(const double *x, const double *y, guint n)
{
  double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;

  for (guint i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (guint i = 0; i < n; i++) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / sqrt(xx * yy);
}

static double
load_at(CasaSimModel *model, const CasaSimGrid *grids, gint64 t_ms)
{
  CasaSimState state;
  double sum = 0;

  casa_sim_model_at(model, t_ms, &state);
  for (guint i = 0; i < casa_sim_model_city(model)->n_districts; i++)
    sum += casa_sim_grid_demand_mw(&grids[i], &state);
  return sum;
}

/* Hours of one local day. FALSE: the clock was changed in it. */
static gboolean
read_day(CasaSimModel *model, const CasaSimGrid *grids, gint64 number, double *hours)
{
  CasaSimCalendar *calendar = casa_sim_model_calendar(model);
  const gint64 start_ms = casa_sim_calendar_day(calendar, number)->start_ms;

  if (casa_sim_calendar_day(calendar, number + 1)->start_ms - start_ms != CASA_DAY_MS)
    return FALSE;
  for (guint h = 0; h < HOURS; h++) {
    hours[h] = 0;
    for (guint k = 0; k < SAMPLES; k++)
      hours[h] += load_at(model, grids, start_ms + (gint64)(h * SAMPLES + k) * CASA_HOUR_MS / SAMPLES) / SAMPLES;
  }
  return TRUE;
}

static double
mean_of(const double *values, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += values[i] / n;
  return sum;
}

/* A weekday is one from Monday to Friday that is no day of the fast. */
static void
play(Season *season, CasaSimModel *model, const CasaSimGrid *grids)
{
  g_autoptr(GDateTime) from = g_date_time_new_from_iso8601(season->from, NULL);
  const gint64 first = g_date_time_to_unix(from) / 86400;
  double days[2][HOURS], sum[HOURS] = { 0 };
  guint n_weekdays = 0, n_days = 0;
  gboolean known = FALSE;

  for (guint d = 0; d < DAYS; d++) {
    double *hours = days[d % 2], *before = days[(d + 1) % 2];
    if (casa_sim_calendar_day(casa_sim_model_calendar(model), first + d)->ramadan ||
        !read_day(model, grids, first + d, hours)) {
      known = FALSE;
      continue;
    }
    const CasaSimDay *day = casa_sim_calendar_day(casa_sim_model_calendar(model), first + d);
    const double mean = mean_of(hours, HOURS);
    const gboolean weekday = day->kind == CASA_SIM_WEEKDAY || day->kind == CASA_SIM_FRIDAY;
    for (guint h = 0; h < HOURS && weekday; h++)
      sum[h] += hours[h] / mean;
    n_weekdays += weekday;
    season->mean_mw += mean;
    n_days++;
    if (known)
      season->neighbours[season->n_neighbours++] = correlation(before, hours, HOURS);
    for (guint h = known ? 0 : 1; h < HOURS; h++)
      season->ramps[season->n_ramps++] = hours[h] - (h ? hours[h - 1] : before[HOURS - 1]);
    known = TRUE;
  }
  season->mean_mw /= MAX(n_days, 1);
  for (guint h = 0; h < HOURS; h++)
    season->shape[h] = sum[h] / MAX(n_weekdays, 1);
  for (guint i = 0; i < season->n_ramps; i++)
    season->ramps[i] /= season->mean_mw;
  qsort(season->neighbours, season->n_neighbours, sizeof(double), by_value);
  qsort(season->ramps, season->n_ramps, sizeof(double), by_value);
}

/* The column @name of a table of 24 hours. FALSE: it has none. */
static gboolean
read_reference(const char *path, const char *name, double *out)
{
  g_autofree char *text = NULL;
  gint column = -1;
  guint h = 0;

  if (!g_file_get_contents(path, &text, NULL, NULL))
    return FALSE;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_auto(GStrv) cells = g_strsplit(g_strstrip(lines[i]), ",", -1);
    if (*lines[i] == '\0' || *lines[i] == '#')
      continue;
    if (column < 0) {
      for (gint c = 0; cells[c]; c++)
        column = strcmp(cells[c], name) == 0 ? c : column;
      if (column < 0)
        return FALSE;
    } else if (h < HOURS && (gint)g_strv_length(cells) > column)
      out[h++] = g_ascii_strtod(cells[column], NULL);
  }
  return h == HOURS;
}

static void
print(Season *s, const char *reference)
{
  double known[HOURS];
  const gboolean compares = reference && read_reference(reference, s->column, known);

  g_print("%s, mean %.0f MW\n  hour ", s->name, s->mean_mw);
  for (guint h = 0; h < HOURS; h++)
    g_print(" %4u", h);
  g_print("\n  city ");
  for (guint h = 0; h < HOURS; h++)
    g_print(" %4.2f", s->shape[h]);
  if (compares) {
    g_print("\n  known");
    for (guint h = 0; h < HOURS; h++)
      g_print(" %4.2f", known[h]);
    g_print("\n  r = %.4f", correlation(s->shape, known, HOURS));
  }
  g_print("\n  neighbouring days: r 5 %% %.4f, median %.4f, 95 %% %.4f\n", quantile(s->neighbours, s->n_neighbours, 0.05),
          quantile(s->neighbours, s->n_neighbours, 0.5), quantile(s->neighbours, s->n_neighbours, 0.95));
  g_print("  hourly ramps, of the mean: 1 %% %+.3f, 99 %% %+.3f\n", quantile(s->ramps, s->n_ramps, 0.01),
          quantile(s->ramps, s->n_ramps, 0.99));
}

int
main(int argc, char **argv)
{
  static Season seasons[] = { { .name = "spring", .column = "spring_mam", .from = "2027-03-10T00:00:00Z" },
                              { .name = "summer", .column = "summer_jja", .from = "2027-06-01T00:00:00Z" },
                              { .name = "autumn", .column = "autumn_son", .from = "2027-09-01T00:00:00Z" },
                              { .name = "winter", .column = "winter_djf", .from = "2026-12-01T00:00:00Z" } };
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);

  if (!city) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  g_autoptr(CasaSimModel) model = casa_sim_model_new(city, scenario, 1);
  g_autofree CasaSimGrid *grids = g_new0(CasaSimGrid, city->n_districts);
  casa_sim_grid_init(grids, city);
  for (guint i = 0; i < G_N_ELEMENTS(seasons); i++) {
    play(&seasons[i], model, grids);
    print(&seasons[i], argc > 1 ? argv[1] : NULL);
  }
  return 0;
}
