/* SPDX-License-Identifier: Apache-2.0 */
#include "waste.h"

#include <math.h>

#include "base/time-units.h"
#include "maths/maths.h"
#include "maths/rng.h"

/* All of it assumed, but that trucks come mostly at night (Afrik21, 2019). */
#define LEAST_DAY 45.0 /* % of its size that a container takes in on a weekday; the fullest 40 more */
#define SPREAD_DAY 40.0
#define SHOPS 0.25                    /* more of it in the district with the most offices and shops */
#define RESIDUE 4.0                   /* %, what a truck leaves behind */
#define HEAP 180.0                    /* %, more than that lies on the ground beside it */
#define FIRST_ROUND_H 21.5            /* the first containers of the night, local time */
#define ROUNDS_H 7.0                  /* until the last */
#define LATE_MS (15 * CASA_MINUTE_MS) /* a truck is so much early or late */
#define LEFT_ON_SUNDAYS 55.0          /* containers that take in less a day wait for the next round on Sundays and holidays */
#define DIFFERS 0.12                  /* from one round to the next, standard deviation */
#define PILE_DAYS 1.5 /* what an event's missed rounds have left, in days' waste; it is told within ten minutes */
#define PILE_MS (10 * CASA_MINUTE_MS)
#define N_QUARTERS 96
#define N_DAYS 8
#define LOOK_BACK 6 /* nights: a truck has come since, whatever was missed */

typedef struct {
  guint64 stream;
  double day_pct; /* taken in on an ordinary weekday */
  double round_h; /* after the local midnight of the evening */
  double order;   /* 0..1: which are concerned first */
} Container;

typedef struct {
  gint64 number;
  gboolean filled;
  gint64 start_ms;
  double brought[N_QUARTERS + 1]; /* since midnight, in days' waste */
} Day;

struct _CasaSimWaste {
  CasaSimModel *model;
  Container *containers; /* CASA_SIM_CONTAINERS of each district */
  Day days[N_DAYS];
};

CasaSimWaste *
casa_sim_waste_new(CasaSimModel *model, const CasaSimGrid *grids)
{
  const CasaCity *city = casa_sim_model_city(model);
  CasaSimWaste *self = g_new0(CasaSimWaste, 1);
  double busiest = 1e-9;
  self->model = model;
  self->containers = g_new0(Container, city->n_districts * CASA_SIM_CONTAINERS + 1);
  for (guint i = 0; i < city->n_districts; i++)
    busiest = MAX(busiest, grids[i].services);
  for (guint i = 0; i < city->n_districts; i++) {
    for (guint k = 0; k < CASA_SIM_CONTAINERS; k++) {
      Container *c = &self->containers[i * CASA_SIM_CONTAINERS + k];
      g_autofree char *name = g_strdup_printf("container/%s-%u", city->districts[i].id, k + 1);
      guint64 place = casa_sim_stream(0, name); /* it stands there whatever the seed */
      c->stream = casa_sim_stream(casa_sim_model_seed(model), name);
      c->day_pct =
        (LEAST_DAY + SPREAD_DAY * casa_sim_uniform(place, 0)) * (1 + SHOPS * grids[i].services / busiest) / (1 + SHOPS / 2);
      c->round_h = FIRST_ROUND_H + ROUNDS_H * casa_sim_uniform(place, 1);
      c->order = (double)k / CASA_SIM_CONTAINERS;
    }
  }
  return self;
}

void
casa_sim_waste_free(CasaSimWaste *self)
{
  if (!self)
    return;
  g_free(self->containers);
  g_free(self);
}

/* Days' waste an hour: what lies about whenever somebody is up, kitchens an hour after cooking, shops, and who is out late. */
static double
brought_at(const CasaSimDay *day, double hour)
{
  CasaSimActivity now, before;
  casa_sim_activity(day, hour, &now);
  casa_sim_activity(day, hour >= 1 ? hour - 1 : 0, &before);
  return (0.10 * now.up + 0.55 * before.cooking + 0.20 * now.open + 0.15 * now.evening) / 0.275 / 24;
}

static const Day *
day_of(CasaSimWaste *self, gint64 number)
{
  Day *d = &self->days[(guint64)number % N_DAYS];
  if (d->filled && d->number == number)
    return d;
  const CasaSimDay *day = casa_sim_calendar_day(casa_sim_model_calendar(self->model), number);
  d->start_ms = day->start_ms;
  for (guint q = 0; q < N_QUARTERS; q++)
    d->brought[q + 1] = d->brought[q] + brought_at(day, (q + 0.5) / 4) / 4;
  d->number = number;
  d->filled = TRUE;
  return d;
}

/* From midnight of local day @number to @t_ms, which may be days later. */
static double
brought(CasaSimWaste *self, gint64 number, gint64 t_ms)
{
  double sum = 0;
  for (;; number++) {
    const Day *d = day_of(self, number);
    double quarters = (double)(t_ms - d->start_ms) / (15.0 * CASA_MINUTE_MS);
    if (quarters < N_QUARTERS) {
      guint q = (guint)MAX(quarters, 0);
      return sum + d->brought[q] + (d->brought[q + 1] - d->brought[q]) * (MAX(quarters, 0) - q);
    }
    sum += d->brought[N_QUARTERS];
  }
}

static gboolean
is_concerned(const CasaSimEvent *e, const char *district, const Container *c)
{
  return e->kind == CASA_SIM_OVERFLOW && g_strcmp0(e->district, district) == 0 && c->order < e->intensity;
}

/* The truck that comes after all, one container after the other, while the event ends. */
static gint64
made_up_ms(const CasaSimEvent *e, const Container *c)
{
  return e->start_ms + e->duration_ms - (gint64)((1 - c->order) * (double)e->ramp_ms);
}

static gboolean
is_missed(const GArray *events, const char *district, const Container *c, gint64 round_ms)
{
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (is_concerned(e, district, c) && round_ms > e->start_ms && round_ms < made_up_ms(e, c))
      return TRUE;
  }
  return FALSE;
}

/* Never two nights in a row: a feast of two days is no reason. */
static gboolean
is_left(CasaSimCalendar *calendar, const Container *c, gint64 number)
{
  return c->day_pct < LEFT_ON_SUNDAYS && casa_sim_calendar_day(calendar, number)->kind == CASA_SIM_SUNDAY &&
         casa_sim_calendar_day(calendar, number - 1)->kind != CASA_SIM_SUNDAY;
}

gint64
casa_sim_waste_emptied_ms(CasaSimWaste *self, guint i, guint k, gint64 t_ms)
{
  const Container *c = &self->containers[i * CASA_SIM_CONTAINERS + k];
  const char *district = casa_sim_model_city(self->model)->districts[i].id;
  CasaSimCalendar *calendar = casa_sim_model_calendar(self->model);
  const GArray *events = casa_sim_model_events(self->model, t_ms);
  gint64 last = G_MININT64, number = casa_sim_calendar_at(calendar, t_ms)->number;
  for (guint n = 0; n < events->len; n++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, n);
    if (is_concerned(e, district, c) && made_up_ms(e, c) <= t_ms)
      last = MAX(last, made_up_ms(e, c));
  }
  for (gint64 n = number; n >= number - LOOK_BACK; n--) {
    const CasaSimDay *day = casa_sim_calendar_day(calendar, n);
    gint64 at = day->start_ms + (gint64)(c->round_h * CASA_HOUR_MS) +
                (gint64)((2 * casa_sim_uniform(c->stream, (guint64)n) - 1) * (double)LATE_MS);
    if (at > t_ms || is_left(calendar, c, n) || is_missed(events, district, c, at))
      continue;
    return MAX(last, at);
  }
  return MAX(last, casa_sim_calendar_day(calendar, number - LOOK_BACK)->start_ms);
}

/* What is told of missed rounds, in days' waste. */
static double
piled(const CasaSimWaste *self, guint i, const Container *c, gint64 t_ms)
{
  const GArray *events = casa_sim_model_events(self->model, t_ms);
  const char *district = casa_sim_model_city(self->model)->districts[i].id;
  double most = 0;
  for (guint n = 0; n < events->len; n++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, n);
    if (is_concerned(e, district, c) && t_ms > e->start_ms && t_ms < made_up_ms(e, c))
      most = MAX(most, casa_sim_ramp((double)(t_ms - e->start_ms), 0, PILE_MS));
  }
  return PILE_DAYS * most;
}

double
casa_sim_waste_fill(CasaSimWaste *self, guint i, guint k, gint64 t_ms)
{
  const Container *c = &self->containers[i * CASA_SIM_CONTAINERS + k];
  const gint64 emptied = casa_sim_waste_emptied_ms(self, i, k, t_ms);
  const gint64 from = casa_sim_calendar_at(casa_sim_model_calendar(self->model), emptied)->number;
  double days = brought(self, from, t_ms) - brought(self, from, emptied) + piled(self, i, c, t_ms);
  double differs = 1 + DIFFERS * casa_sim_normal(c->stream + 1, (guint64)(emptied / CASA_MINUTE_MS));
  return MIN(RESIDUE + c->day_pct * differs * days, HEAP);
}

void
casa_sim_waste_report(CasaSimWaste *self, guint i, guint k, CasaSimReport *r)
{
  double fill =
    casa_sim_waste_fill(self, i, k, r->t_ms) + 0.7 * casa_sim_noise(r->station->stream, r->t_ms, 20 * CASA_MINUTE_MS);
  casa_sim_report_add(r, "fill_pct", fill, 0, HEAP, 0);
}
