/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include <math.h>

#include "climate.h"
#include "maths/maths.h"
#include "overlay.h"
#include "maths/rng.h"
#include "base/time-units.h"

#define N_BASE 2048 /* minutes of causes kept: a day's warmth looks back that far */
#define N_KNOTS 64
#define HOMES_DIFFER 0.029 /* neighbouring days' load shapes then correlate like a real city's (docs/SIMULATOR.md) */
#define SERVICES_DIFFER 0.026
#define N_FIELDS (sizeof(CasaSimState) / sizeof(double))

G_STATIC_ASSERT(sizeof(CasaSimState) % sizeof(double) == 0);

/* Causes: what a minute's weather and people alone decide. */
typedef struct {
  gint64 minute;
  gboolean filled;
  CasaSimWeather weather;
  CasaSimActivity people;
} Base;

typedef struct {
  gint64 minute;
  gboolean filled;
  CasaSimState state;
} Knot;

struct _CasaSimModel {
  const CasaCity *city;
  const CasaSimScenario *scenario;
  guint64 seed, traffic_stream, grid_stream, haze_stream, use_stream;
  CasaSimCalendar *calendar;
  GArray *added;    /* live events */
  GArray *events;   /* added, and the scenario's of the days about events_day */
  GArray *left_out; /* never happen here */
  gint64 events_day;
  guint n_changes;
  Base base[N_BASE];
  Knot knots[N_KNOTS];
};

CasaSimModel *
casa_sim_model_new(const CasaCity *city, const CasaSimScenario *scenario, guint64 seed)
{
  CasaSimModel *self = g_new0(CasaSimModel, 1);
  self->city = city;
  self->scenario = scenario;
  self->seed = seed;
  self->traffic_stream = casa_sim_stream(seed, "people/traffic");
  self->grid_stream = casa_sim_stream(seed, "grid/frequency");
  self->haze_stream = casa_sim_stream(seed, "air/haze");
  self->use_stream = casa_sim_stream(seed, "people/electricity");
  self->calendar = casa_sim_calendar_new(scenario);
  self->added = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  self->events = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  self->left_out = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  self->events_day = G_MININT64;
  return self;
}

void
casa_sim_model_free(CasaSimModel *self)
{
  if (!self)
    return;
  casa_sim_calendar_free(self->calendar);
  g_array_unref(self->added);
  g_array_unref(self->events);
  g_array_unref(self->left_out);
  g_free(self);
}

guint64
casa_sim_model_seed(const CasaSimModel *self)
{
  return self->seed;
}

const CasaCity *
casa_sim_model_city(const CasaSimModel *self)
{
  return self->city;
}

CasaSimCalendar *
casa_sim_model_calendar(CasaSimModel *self)
{
  return self->calendar;
}

const CasaSimScenario *
casa_sim_model_scenario(const CasaSimModel *self)
{
  return self->scenario;
}

static gboolean
is_left_out(const CasaSimModel *self, const CasaSimEvent *e)
{
  for (guint i = 0; i < self->left_out->len; i++) {
    const CasaSimEvent *out = &g_array_index(self->left_out, CasaSimEvent, i);
    if (out->kind == e->kind && out->start_ms == e->start_ms && strcmp(out->place, e->place) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
leave_out(const CasaSimModel *self, GArray *events)
{
  for (guint i = events->len; i > 0; i--) {
    if (is_left_out(self, &g_array_index(events, CasaSimEvent, i - 1)))
      g_array_remove_index(events, i - 1);
  }
}

/* Daily events of the scenario, and what the climate brings, become events of the days about @number: those that may
 * still be felt, and tomorrow's for a service day that ends after midnight. */
static void
gather_events(CasaSimModel *self, gint64 number)
{
  g_array_set_size(self->events, 0);
  for (gint64 n = number - 2; self->scenario->climate && n <= number + 1; n++)
    casa_sim_climate_events(self->seed, casa_sim_calendar_day(self->calendar, n), self->events);
  for (guint i = 0; i < self->scenario->events->len; i++) {
    for (gint64 n = number - 2; n <= number + 1; n++) {
      CasaSimEvent e = g_array_index(self->scenario->events, CasaSimEvent, i);
      e.start_ms += casa_sim_calendar_day(self->calendar, n)->start_ms;
      e.daily = FALSE;
      g_array_append_val(self->events, e);
    }
  }
  g_array_append_vals(self->events, self->added->data, self->added->len);
  leave_out(self, self->events);
  self->events_day = number;
}

const GArray *
casa_sim_model_events(CasaSimModel *self, gint64 t_ms)
{
  if (self->scenario->events->len == 0 && !self->scenario->climate)
    return self->added;
  gint64 number = casa_sim_calendar_at(self->calendar, t_ms)->number;
  if (number != self->events_day)
    gather_events(self, number);
  return self->events;
}

static void
changed(CasaSimModel *self)
{
  self->events_day = G_MININT64;
  self->n_changes++;
}

void
casa_sim_model_add_event(CasaSimModel *self, const CasaSimEvent *event)
{
  g_array_append_vals(self->added, event, 1);
  changed(self);
}

const GArray *
casa_sim_model_commanded(const CasaSimModel *self)
{
  return self->added;
}

guint
casa_sim_model_calm(CasaSimModel *self, const CasaSimEventKind *kind, const char *place, gint64 t_ms)
{
  guint n = 0;
  for (guint i = 0; i < self->added->len; i++) {
    CasaSimEvent *e = &g_array_index(self->added, CasaSimEvent, i);
    if ((kind && e->kind != *kind) || (place && strcmp(e->place, place) != 0))
      continue;
    /* One on its way out is left alone: it would come back for a moment. */
    if (t_ms < e->start_ms || t_ms >= e->start_ms + e->duration_ms - e->ramp_ms)
      continue;
    e->duration_ms = t_ms - e->start_ms + e->ramp_ms;
    n++;
  }
  if (n > 0)
    changed(self);
  return n;
}

void
casa_sim_model_follow(CasaSimModel *self, const CasaSimModel *other, const GArray *left_out)
{
  g_array_set_size(self->left_out, 0);
  g_array_append_vals(self->left_out, left_out->data, left_out->len);
  g_array_set_size(self->added, 0);
  g_array_append_vals(self->added, other->added->data, other->added->len);
  leave_out(self, self->added);
  changed(self);
}

guint
casa_sim_model_n_changes(const CasaSimModel *self)
{
  return self->n_changes;
}

/* The day differs from the timetable of habits by some per cent, slowly and quickly. */
static double
demand(CasaSimModel *self, double habit, gint64 t_ms)
{
  double mood = 1 + 0.03 * casa_sim_noise(self->traffic_stream, t_ms, 9 * CASA_HOUR_MS) +
                0.02 * casa_sim_noise(self->traffic_stream + 1, t_ms, CASA_HOUR_MS);
  return MAX(habit * mood * self->scenario->traffic_factor, 0);
}

/* Habits belong to the evening before until people sleep: the night from Saturday to Sunday is a Saturday's, and turns
 * into the new day's from three to five in the morning. */
static void
people_at(CasaSimModel *self, gint64 t_ms, CasaSimActivity *out)
{
  const CasaSimDay *today = casa_sim_calendar_at(self->calendar, t_ms);
  double hour = casa_sim_day_hour(today, t_ms), begun = casa_sim_ramp(hour, 3, 5);
  const CasaSimDay *day = begun > 0 ? today : casa_sim_calendar_day(self->calendar, today->number - 1);
  casa_sim_activity(day, hour, out);
  if (begun > 0 && begun < 1) {
    CasaSimActivity before;
    casa_sim_activity(casa_sim_calendar_day(self->calendar, today->number - 1), hour, &before);
    double *a = (double *)out;
    const double *b = (const double *)&before;
    for (guint i = 0; i < sizeof *out / sizeof *a; i++)
      a[i] = b[i] + (a[i] - b[i]) * begun;
  }
  out->traffic = demand(self, out->traffic, t_ms);
}

static const Base *
base_at(CasaSimModel *self, gint64 minute)
{
  Base *b = &self->base[(guint64)minute % N_BASE];
  if (b->filled && b->minute == minute)
    return b;
  gint64 t_ms = minute * CASA_MINUTE_MS;
  people_at(self, t_ms, &b->people);
  casa_sim_weather(self->seed, self->scenario, casa_sim_calendar_at(self->calendar, t_ms), t_ms, &b->weather);
  b->minute = minute;
  b->filled = TRUE;
  return b;
}

/* Ozone of the whole region is made by the light and warmth of the last two hours. */
static double
photo(CasaSimModel *self, gint64 minute)
{
  double weight = 1, sum = 0, light = 0;
  for (guint i = 0; i <= 8; i++) {
    const Base *b = base_at(self, minute - 15 * (gint64)i);
    light += weight * b->weather.ghi / 950 * CLAMP(0.55 + (b->weather.temp_c - 10) / 35, 0.4, 1.3);
    sum += weight;
    weight *= 0.687; /* exp(-15/40) */
  }
  return light / sum;
}

/* Walls keep warmth: the mean of the last day, three-hourly, counts for cooling. */
static double
heat(CasaSimModel *self, gint64 minute)
{
  double sum = 0;
  for (guint i = 0; i < 8; i++)
    sum += base_at(self, minute - 180 * (gint64)i)->weather.temp_c;
  return MAX(sum / 8 - 18, 0);
}

/* They give it back: cooling goes on when the sun is low, and until late. */
static double
stored(CasaSimModel *self, gint64 minute)
{
  double sum = 0;
  for (guint i = 1; i <= 4; i++)
    sum += base_at(self, minute - 120 * (gint64)i)->weather.warm;
  return sum / 4;
}

/* The whole country's grid: noise of generation, and a dip while demand climbs at the end of the day. */
static double
frequency(CasaSimModel *self, const CasaSimActivity *people, gint64 t_ms, double dark)
{
  return 50 + 0.012 * casa_sim_noise(self->grid_stream, t_ms, 4 * CASA_MINUTE_MS) +
         0.010 * casa_sim_noise(self->grid_stream + 1, t_ms, 25 * CASA_MINUTE_MS) - 0.014 * people->settled * dark;
}

static const CasaSimState *
knot_at(CasaSimModel *self, gint64 minute)
{
  Knot *k = &self->knots[(guint64)minute % N_KNOTS];
  if (k->filled && k->minute == minute)
    return &k->state;
  CasaSimState *s = &k->state;
  s->photo = photo(self, minute);
  s->heat = heat(self, minute);
  const Base *b = base_at(self, minute);
  s->weather = b->weather;
  s->people = b->people;
  /* Rooms differ: the first lamps are lit with the sun 8 degrees up, the last when it is 13 below; signs from 5 up to 10
   * below. */
  s->dark = casa_sim_ramp(-s->weather.sun, -0.14, 0.22);
  s->signs = casa_sim_ramp(-s->weather.sun, -0.08, 0.17);
  s->stored = stored(self, minute);
  s->use_homes = 1 + HOMES_DIFFER * casa_sim_noise(self->use_stream, minute * CASA_MINUTE_MS, 3 * CASA_HOUR_MS);
  s->use_services = 1 + SERVICES_DIFFER * casa_sim_noise(self->use_stream + 1, minute * CASA_MINUTE_MS, 3 * CASA_HOUR_MS);
  s->frequency_hz = frequency(self, &s->people, minute * CASA_MINUTE_MS, s->dark);
  s->haze = casa_sim_exp(0.28 * casa_sim_noise(self->haze_stream, minute * CASA_MINUTE_MS, 50 * CASA_HOUR_MS) - 0.04);
  k->minute = minute;
  k->filled = TRUE;
  return s;
}

static gint64
minute_of(gint64 t_ms)
{
  return t_ms >= 0 ? t_ms / CASA_MINUTE_MS : -((-t_ms + CASA_MINUTE_MS - 1) / CASA_MINUTE_MS);
}

static void
ordinary_at(CasaSimModel *self, gint64 t_ms, CasaSimState *out)
{
  gint64 minute = minute_of(t_ms);
  *out = *knot_at(self, minute);
  double u = (double)(t_ms - minute * CASA_MINUTE_MS) / (double)CASA_MINUTE_MS;
  if (u == 0)
    return;
  double *a = (double *)out;
  const double *b = (const double *)knot_at(self, minute + 1);
  for (guint i = 0; i < N_FIELDS; i++)
    a[i] += (b[i] - a[i]) * u;
}

void
casa_sim_model_at(CasaSimModel *self, gint64 t_ms, CasaSimState *out)
{
  ordinary_at(self, t_ms, out);
  casa_sim_overlay(casa_sim_model_events(self, t_ms), t_ms, out);
}

double
casa_sim_model_traffic(CasaSimModel *self, gint64 t_ms)
{
  CasaSimActivity people;
  people_at(self, t_ms, &people);
  return people.traffic;
}
