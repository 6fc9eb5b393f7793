/* SPDX-License-Identifier: Apache-2.0 */
/* How well unusual things are told: on simulated weeks, against the simulator's own list of events, and of sensors' faults
 * against what the simulator did to them (docs/ANALYSIS.md). usage: bench-anomaly [SEED] */
#include "analysis/anomaly.h"
#include "analysis/sensor-watch.h"
#include "base/time-units.h"
#include "casa-build.h"
#include "maths/rng.h"
#include "model/sensor.h"
#include "series/stats.h"
#include "stations/world.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_MS G_GINT64_CONSTANT(1776038400000) /* Monday 2026-04-13 */
#define LEARN_DAYS 28
#define JUDGED_DAYS 28
#define STEP ((gint64)CASA_ANOMALY_STEP_MS)
#define LATE_MS (30 * CASA_MINUTE_MS) /* an alert so long after an event is still its */
#define SAME_MS CASA_HOUR_MS          /* alerts of one domain no further apart are one story */

/* What is watched: a mean, or the highest, of one metric over stations of a kind, of one district, one line or all. */
typedef struct {
  const char *domain;
  CasaSimKind kind;
  const char *metric;
  double least;
  enum { ALL, DISTRICT, LINE } per;
  gboolean highest;
} Figure;

static const Figure figures[] = {
  { "energy", CASA_SIM_SUBSTATION, "load_mw", 0.5, DISTRICT },   { "roads", CASA_SIM_ROAD, "speed_kmh", 0.4, DISTRICT },
  { "roads", CASA_SIM_ROAD, "flow_vph", 40, DISTRICT },          { "transit", CASA_SIM_VEHICLE, "speed_kmh", 1.2, LINE },
  { "transit", CASA_SIM_STOP, "passengers", 12, DISTRICT },      { "transit", CASA_SIM_STOP, "passengers", 20, LINE },
  { "crowds", CASA_SIM_STOP, "passengers", 30, DISTRICT, TRUE }, { "roads", CASA_SIM_PARKING, "parking_free", 8, DISTRICT },
  { "noise", CASA_SIM_AIR, "noise_dba", 0.8, DISTRICT },         { "air", CASA_SIM_AIR, "pm10", 3, ALL },
  { "weather", CASA_SIM_WEATHER_STATION, "rh_pct", 3, ALL },     { "water", CASA_SIM_WATER, "pressure_bar", 0.05, DISTRICT },
  { "waste", CASA_SIM_CONTAINER, "fill_pct", 8, DISTRICT },
};

typedef struct {
  const Figure *figure;
  char *name;
  CasaAnomaly *anomaly;
  GArray *stations; /* guint */
  gboolean lasts;
} Watched;

typedef struct {
  gint64 begin_ms, end_ms; /* end: of the last step that it lasted */
  const char *domain;
  char *what;
  gboolean right;
} Alert;

typedef struct {
  CasaCity *city;
  CasaSimScenario *scenario;
  CasaSimModel *model;
  CasaSimWorld *world;
  GArray *watched; /* Watched */
  GArray *alerts;  /* Alert */
  gint64 start_ms, judged_ms;
} Bench;

static double
value_of(const char *payload, const char *metric)
{
  g_autofree char *key = g_strdup_printf("\"%s\":", metric);
  const char *at = strstr(payload, key);

  return at ? g_ascii_strtod(at + strlen(key), NULL) : NAN;
}

static void
watch(Bench *b, const Figure *figure, const char *place, const char *key)
{
  Watched w = { .figure = figure,
                .name = g_strdup_printf("%s %s", figure->metric, place),
                .anomaly = casa_anomaly_new(figure->least),
                .stations = g_array_new(FALSE, FALSE, sizeof(guint)) };

  for (guint i = 0; i < casa_sim_world_size(b->world); i++) {
    const CasaSimStation *s = casa_sim_world_station(b->world, i);
    const char *of = figure->per == DISTRICT ? s->district
                     : figure->per == LINE && (s->kind == CASA_SIM_VEHICLE || s->kind == CASA_SIM_STOP)
                       ? casa_sim_transit_line(casa_sim_world_transit(b->world), s->a)->line->id
                       : NULL;
    if (s->kind == figure->kind && (figure->per == ALL || g_strcmp0(of, key) == 0))
      g_array_append_val(w.stations, i);
  }
  if (w.stations->len)
    g_array_append_val(b->watched, w);
}

static void
open_city(Bench *b, guint64 seed)
{
  g_autoptr(GError) error = NULL;

  b->city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  if (!b->city)
    g_error("%s", error->message);
  b->scenario = casa_sim_scenario_new();
  b->scenario->climate = FALSE; /* nothing happens but what is on the list */
  b->model = casa_sim_model_new(b->city, b->scenario, seed);
  b->world = casa_sim_world_new(b->model, "casa/v1", 0);
  b->watched = g_array_new(FALSE, TRUE, sizeof(Watched));
  b->alerts = g_array_new(FALSE, TRUE, sizeof(Alert));
  for (guint f = 0; f < G_N_ELEMENTS(figures); f++) {
    if (figures[f].per == ALL)
      watch(b, &figures[f], "city", NULL);
    for (guint i = 0; figures[f].per == DISTRICT && i < b->city->n_districts; i++)
      watch(b, &figures[f], b->city->districts[i].id, b->city->districts[i].id);
    for (guint i = 0; figures[f].per == LINE && i < b->city->n_lines; i++)
      watch(b, &figures[f], b->city->lines[i].id, b->city->lines[i].id);
  }
}

static void
close_city(Bench *b)
{
  for (guint i = 0; i < b->watched->len; i++) {
    Watched *w = &g_array_index(b->watched, Watched, i);
    g_free(w->name);
    casa_anomaly_free(w->anomaly);
    g_array_unref(w->stations);
  }
  for (guint i = 0; i < b->alerts->len; i++)
    g_free(g_array_index(b->alerts, Alert, i).what);
  g_array_unref(b->watched);
  g_array_unref(b->alerts);
  casa_sim_world_free(b->world);
  casa_sim_model_free(b->model);
  casa_sim_scenario_free(b->scenario);
  casa_city_free(b->city);
}

static double
mean_of(Bench *b, const Watched *w, GPtrArray *payloads)
{
  double sum = 0, most = -G_MAXDOUBLE;
  guint n = 0;

  for (guint i = 0; i < w->stations->len; i++) {
    const char *payload = payloads->pdata[g_array_index(w->stations, guint, i)];
    const double x = payload ? value_of(payload, w->figure->metric) : NAN;
    sum += isfinite(x) ? x : 0;
    n += isfinite(x);
    most = isfinite(x) ? MAX(most, x) : most;
  }
  if (w->figure->highest)
    return n ? most : NAN;
  return n >= 3 || w->figure->per != LINE ? (n ? sum / n : NAN) : NAN;
}

/* One story a domain: what else of it begins meanwhile is part of it. */
static void
note(Bench *b, const Watched *w, const CasaAnomalyVerdict *v, gint64 t_ms)
{
  if (t_ms < b->judged_ms)
    return;
  for (guint i = b->alerts->len; i > 0; i--) {
    Alert *a = &g_array_index(b->alerts, Alert, i - 1);
    if (t_ms - a->end_ms <= SAME_MS && g_str_equal(a->domain, w->figure->domain)) {
      a->end_ms = t_ms;
      return;
    }
  }
  if (!v->begins)
    return;
  Alert alert = { .begin_ms = t_ms,
                  .end_ms = t_ms,
                  .domain = w->figure->domain,
                  .what = g_strdup_printf("%s, %.1f deviations, 1 day of %u", w->name, v->score, v->of / MAX(v->rank, 1)) };
  g_array_append_val(b->alerts, alert);
}

static void
step(Bench *b, gint64 t_ms, GPtrArray *payloads)
{
  const CasaSimDay *day = casa_sim_calendar_at(casa_sim_model_calendar(b->model), t_ms);
  g_autoptr(GString) text = g_string_new(NULL);

  casa_sim_world_set_time(b->world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(b->world); i++) {
    g_clear_pointer(&payloads->pdata[i], g_free);
    if (casa_sim_world_report(b->world, i, t_ms - STEP, text)) /* counters count the whole step */
      payloads->pdata[i] = g_strdup(text->str);
  }
  for (guint i = 0; i < b->watched->len; i++) {
    Watched *w = &g_array_index(b->watched, Watched, i);
    CasaAnomalyVerdict v;
    casa_anomaly_add(w->anomaly, t_ms, (guint)((t_ms - day->start_ms) / STEP), day->kind, day->number, mean_of(b, w, payloads),
                     &v);
    if (v.lasts)
      note(b, w, &v, t_ms);
  }
}

/* One a day, of every kind in turn, each at an hour when it has something to disturb. */
static void
plan_events(Bench *b, guint64 seed, guint n)
{
  static const char *const trams[] = { "t1", "t2", "t3", "t4" };
  const guint64 stream = casa_sim_stream(seed, "bench/events");

  for (guint k = 0; k < n; k++) {
    CasaSimEvent e;
    const CasaSimEventKind kind = k % CASA_SIM_N_EVENTS;
    const double u = casa_sim_uniform(stream, 4 * k), v = casa_sim_uniform(stream, 4 * k + 1);
    const char *place = kind == CASA_SIM_TRAM_INCIDENT ? trams[(guint)(v * 4)]
                        : kind == CASA_SIM_POWER_CUT || kind == CASA_SIM_PIPE_BURST || kind == CASA_SIM_OVERFLOW
                          ? b->city->districts[(guint)(v * b->city->n_districts)].id
                          : "";
    const double minutes = kind == CASA_SIM_DERBY_NIGHT    ? 285
                           : kind == CASA_SIM_CAR_FREE_DAY ? 360
                           : kind == CASA_SIM_CHERGUI      ? 360
                                                           : 45;
    casa_sim_event_init(&e, kind, 0.5 + 0.5 * casa_sim_uniform(stream, 4 * k + 2), minutes, -1, place);
    e.start_ms = b->judged_ms + k * CASA_DAY_MS + (gint64)((9 + 9 * u) * CASA_HOUR_MS);
    if (!casa_sim_event_settle(&e, b->city, NULL))
      g_error("an event has no place");
    casa_sim_model_add_event(b->model, &e);
  }
}

static void
play(Bench *b)
{
  g_autoptr(GPtrArray) payloads = g_ptr_array_new_with_free_func(g_free);

  g_ptr_array_set_size(payloads, (gint)casa_sim_world_size(b->world));
  for (gint64 t = b->start_ms; t < b->judged_ms + JUDGED_DAYS * CASA_DAY_MS; t += STEP)
    step(b, t, payloads);
}

static int
compare(const void *a, const void *b)
{
  return *(const double *)a < *(const double *)b ? -1 : 1;
}

static void
judge_events(Bench *b)
{
  const GArray *events = casa_sim_model_events(b->model, b->judged_ms);
  double delays[JUDGED_DAYS];
  guint found[CASA_SIM_N_EVENTS] = { 0 }, all[CASA_SIM_N_EVENTS] = { 0 }, n_found = 0, right = 0;

  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    gint64 first = G_MAXINT64;
    for (guint k = 0; k < b->alerts->len; k++) {
      Alert *a = &g_array_index(b->alerts, Alert, k);
      if (a->begin_ms < e->start_ms || a->begin_ms > e->start_ms + e->duration_ms + LATE_MS)
        continue;
      a->right = TRUE;
      first = MIN(first, a->begin_ms);
    }
    all[e->kind]++;
    if (first == G_MAXINT64)
      continue;
    found[e->kind]++;
    delays[n_found++] = (double)(first - e->start_ms) / CASA_MINUTE_MS;
  }
  for (guint k = 0; k < b->alerts->len; k++)
    right += g_array_index(b->alerts, Alert, k).right;
  qsort(delays, n_found, sizeof *delays, compare);
  printf("events of intensity 0.5 to 1: %u, of which told %u: recall %.2f; alerts %u, of which of an event %u: precision %.2f; "
         "median delay %.0f min\n",
         events->len, n_found, (double)n_found / events->len, b->alerts->len, right,
         b->alerts->len ? (double)right / b->alerts->len : NAN, n_found ? delays[n_found / 2] : NAN);
  for (guint k = 0; k < CASA_SIM_N_EVENTS; k++)
    printf("  %-14s %u of %u\n", casa_sim_event_name(k), found[k], all[k]);
}

static void
list_wrong(const Bench *b)
{
  for (guint k = 0; k < b->alerts->len; k++) {
    const Alert *a = &g_array_index(b->alerts, Alert, k);
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(a->begin_ms / 1000);
    g_autofree char *when = g_date_time_format(t, "%a %d %b %H:%M UTC");
    if (!a->right)
      printf("  not of an event: %s %s\n", when, a->what);
  }
}

static void
bench_city(guint64 seed, gboolean eventful)
{
  Bench b = { 0 };

  open_city(&b, seed);
  b.start_ms = START_MS;
  b.judged_ms = b.start_ms + LEARN_DAYS * CASA_DAY_MS;
  if (eventful)
    plan_events(&b, seed, JUDGED_DAYS - 1);
  play(&b);
  if (eventful)
    judge_events(&b);
  else
    printf("%u days without an event, %u series: %u alerts, %.2f a week\n", JUDGED_DAYS, b.watched->len, b.alerts->len,
           b.alerts->len * 7.0 / JUDGED_DAYS);
  list_wrong(&b);
  close_city(&b);
}

/* --- Sensors ------------------------------------------------------------------------------------------------------- */

#define SENSOR_DAYS 14
#define STUCK_LEAST_MS (75 * CASA_MINUTE_MS) /* what sticks for less than an hour is not to be told */
#define CLOCK_LEAST_MS (2 * CASA_MINUTE_MS)

static const Figure sensed[] = { { "air", CASA_SIM_AIR, "pm10", 1, ALL },
                                 { "air", CASA_SIM_AIR, "temp_c", 0.1, ALL },
                                 { "energy", CASA_SIM_SUBSTATION, "load_mw", 0.01, ALL },
                                 { "roads", CASA_SIM_ROAD, "speed_kmh", 1, ALL } };

typedef struct {
  guint there, found; /* faults that there were; of those, told */
  guint told, right;  /* that were told; of those, where there was one */
} Score;

/* What one sensor did, and what was told of it. */
typedef struct {
  guint station;
  CasaSensorWatch *watch;
  double value, right; /* of the step in hand, and without an outlier */
  double held;         /* while it sticks */
  gint64 stuck_ms, said_ms, arrived_ms;
  gboolean stuck, stuck_told, clock_there, clock_told;
  gint64 outlier_ms; /* arrival of the last that there was; 0: none */
} Sensed;

static void
read_sensor(Bench *b, Sensed *s, const Figure *figure, gint64 t_ms, GString *text, Score *stuck)
{
  const CasaSimStation *station = casa_sim_world_station(b->world, s->station);
  CasaSimFate fate;

  casa_sim_fate(CASA_SIM_FIELD, station->stream, casa_sim_sensor_makeup(station->kind), t_ms, &fate);
  casa_sim_world_set_faults(b->world, CASA_SIM_FIELD);
  casa_sim_world_report(b->world, s->station, t_ms - STEP, text);
  s->value = value_of(text->str, figure->metric);
  casa_sim_world_set_faults(b->world, CASA_SIM_FIELD & ~(guint)CASA_SIM_FAULT_OUTLIERS);
  casa_sim_world_report(b->world, s->station, t_ms - STEP, text);
  s->right = value_of(text->str, figure->metric);
  if (s->stuck && !fate.frozen && t_ms - s->stuck_ms >= STUCK_LEAST_MS) {
    stuck->there++;
    stuck->found += s->stuck_told;
  }
  if (fate.frozen && !s->stuck) {
    s->held = s->value;
    s->stuck_ms = t_ms;
    s->stuck_told = FALSE;
  }
  s->stuck = fate.frozen;
  s->value = fate.silent ? NAN : fate.frozen ? s->held : s->value;
  if (fate.frozen || s->value < -100) /* an error code is refused before anybody judges it */
    s->right = s->value = s->value < -100 ? NAN : s->value;
  s->said_ms = fate.said_ms;
  s->arrived_ms = t_ms + fate.delay_ms;
}

static void
judge_sensor(Sensed *s, double neighbours, gint64 t_ms, Score *stuck, Score *outlier, Score *clock)
{
  CasaSensorVerdict v;

  casa_sensor_watch_add(s->watch, s->said_ms, s->arrived_ms, s->value, neighbours, &v);
  if (v.begins && v.fault == CASA_SENSOR_STUCK) {
    stuck->told++;
    stuck->right += s->stuck;
    s->stuck_told |= s->stuck;
  }
  if (v.begins && v.fault == CASA_SENSOR_OUTLIER) {
    outlier->told++;
    outlier->right += v.since_ms == s->outlier_ms;
    outlier->found += v.since_ms == s->outlier_ms;
  }
  if (v.begins && v.fault == CASA_SENSOR_CLOCK && !s->clock_told) {
    clock->told++;
    s->clock_told = TRUE;
  }
  s->clock_there |= isfinite(s->value) && ABS(s->said_ms - t_ms) >= CLOCK_LEAST_MS;
  if (isfinite(s->value) && s->value != s->right && fabs(s->value - s->right) > 0.5 * fabs(s->right)) {
    outlier->there++;
    s->outlier_ms = s->arrived_ms;
  }
}

static double
others(const GArray *all, guint but)
{
  g_autofree double *values = g_new(double, MAX(all->len, 1));
  guint n = 0;

  for (guint i = 0; i < all->len; i++)
    if (i != but && isfinite(g_array_index(all, Sensed, i).value))
      values[n++] = g_array_index(all, Sensed, i).value;
  return casa_median(values, n);
}

static void
say_score(const char *figure, const char *fault, const Score *s)
{
  printf("  %-10s %-8s there were %3u, told %3u: recall %.2f, precision %.2f\n", figure, fault, s->there, s->told,
         s->there ? (double)s->found / s->there : NAN, s->told ? (double)s->right / s->told : NAN);
}

static void
bench_sensors_of(Bench *b, const Figure *figure)
{
  g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(Sensed));
  g_autoptr(GString) text = g_string_new(NULL);
  Score stuck = { 0 }, outlier = { 0 }, clock = { 0 };

  for (guint i = 0; i < casa_sim_world_size(b->world); i++)
    if (casa_sim_world_station(b->world, i)->kind == figure->kind) {
      Sensed s = { .station = i, .watch = casa_sensor_watch_new(figure->least) };
      g_array_append_val(all, s);
    }
  for (gint64 t = b->start_ms; t < b->start_ms + SENSOR_DAYS * CASA_DAY_MS; t += STEP) {
    casa_sim_world_set_time(b->world, t);
    for (guint i = 0; i < all->len; i++)
      read_sensor(b, &g_array_index(all, Sensed, i), figure, t, text, &stuck);
    for (guint i = 0; i < all->len; i++)
      judge_sensor(&g_array_index(all, Sensed, i), others(all, i), t, &stuck, &outlier, &clock);
  }
  for (guint i = 0; i < all->len; i++) {
    Sensed *s = &g_array_index(all, Sensed, i);
    clock.there += s->clock_there;
    clock.found += s->clock_there && s->clock_told;
    clock.right += s->clock_there && s->clock_told;
    casa_sensor_watch_free(s->watch);
  }
  say_score(figure->metric, "stuck", &stuck);
  say_score(figure->metric, "outlier", &outlier);
  say_score(figure->metric, "clock", &clock);
}

static void
bench_sensors(guint64 seed)
{
  Bench b = { 0 };

  open_city(&b, seed);
  b.start_ms = START_MS;
  printf("%u days of --sensors field:\n", SENSOR_DAYS);
  for (guint i = 0; i < G_N_ELEMENTS(sensed); i++)
    bench_sensors_of(&b, &sensed[i]);
  close_city(&b);
}

int
main(int argc, char **argv)
{
  const guint64 seed = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 1;

  setlinebuf(stdout);
  bench_sensors(seed);
  bench_city(seed, FALSE);
  bench_city(seed, TRUE);
  return 0;
}
