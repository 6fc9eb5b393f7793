/* SPDX-License-Identifier: Apache-2.0 */
#include "civic.h"

#include "base/time-units.h"
#include "maths/maths.h"
#include "maths/rng.h"

/* All estimates: nothing is published. 50 to 150 reports a day for the whole city, cleanliness first, most at 10 to 12 h and at
 * 20 to 22 h, two to three times as many when it rains. */
#define A_DAY 90.0
#define RAIN_MORE 1.8  /* of all; streets and sewers twice that */
#define DARK_HOUR 45.0 /* reports an hour of lamps and of the rest, from a district that is in the dark */
#define BURST_HOUR 40.0
#define PILE_HOUR 30.0 /* of cleanliness, while containers overflow */
#define UNFIXED 0.12   /* closed without anything being mended: nothing found, not the city's, twice told */
#define CELL_MS (5 * CASA_MINUTE_MS)
#define WINDOW_MS (7 * CASA_DAY_MS)
#define N_CELLS ((guint)(WINDOW_MS / CELL_MS) + 2)

static const struct {
  const char *metric;
  double share;                      /* of the reports */
  double seen_h, planned_h, fixed_h; /* means: until somebody looks, until it is planned, until it is mended */
} services[CASA_SIM_N_SERVICES] = {
  [CASA_SIM_CLEANLINESS] = { "reports_cleanliness", 0.40, 2, 6, 16 },
  [CASA_SIM_LAMPS] = { "reports_lamps", 0.18, 4, 16, 48 },
  [CASA_SIM_STREETS] = { "reports_streets", 0.15, 8, 30, 96 },
  [CASA_SIM_SEWERS] = { "reports_sewers", 0.13, 2, 6, 24 },
  [CASA_SIM_ELSE] = { "reports_other", 0.14, 6, 24, 60 },
};

static const char *const states[CASA_SIM_N_STATES] = { "reports_open", "reports_investigating", "reports_scheduled",
                                                       "reports_fixed", "reports_closed" };

/* One report: when it came, and when it went on. */
typedef struct {
  guint16 district;
  guint8 service;
  gboolean unfixed; /* closed when it would have been planned */
  gint64 at_ms, seen_ms, planned_ms, fixed_ms;
} Case;

typedef struct {
  gint64 number;
  gboolean filled;
  GArray *cases; /* Case; NULL: none */
} Cell;

struct _CasaSimCivic {
  CasaSimModel *model;
  guint64 stream;
  guint n_changes;
  double inhabitants;
  Cell *cells;
};

CasaSimCivic *
casa_sim_civic_new(CasaSimModel *model)
{
  const CasaCity *city = casa_sim_model_city(model);
  CasaSimCivic *self = g_new0(CasaSimCivic, 1);
  self->model = model;
  self->stream = casa_sim_stream(casa_sim_model_seed(model), "people/reports");
  self->cells = g_new0(Cell, N_CELLS);
  for (guint i = 0; i < city->n_districts; i++)
    self->inhabitants += city->districts[i].population;
  return self;
}

void
casa_sim_civic_free(CasaSimCivic *self)
{
  if (!self)
    return;
  for (guint i = 0; i < N_CELLS; i++)
    g_clear_pointer(&self->cells[i].cases, g_array_unref);
  g_free(self->cells);
  g_free(self);
}

/* Reports an hour from the whole city, as a share of a day's. */
static double
of_hour(double h)
{
  return (0.25 + 0.9 * casa_sim_ramp(h, 6.5, 10) * (1 - casa_sim_ramp(h, 22, 24)) + 1.1 * casa_sim_bump(h, 11, 1.1) +
          1.2 * casa_sim_bump(h, 21, 1.0)) /
         25.2;
}

/* Reports an hour that are to be expected from district @i. */
static double
expected(CasaSimCivic *self, const GArray *events, guint i, guint service, double usual, double rain, gint64 t_ms)
{
  const CasaDistrict *d = &casa_sim_model_city(self->model)->districts[i];
  double back, rate = usual * services[service].share * d->population / MAX(self->inhabitants, 1);
  gboolean wet = service == CASA_SIM_STREETS || service == CASA_SIM_SEWERS;
  rate *= 1 + RAIN_MORE * rain * (wet ? 2 : 0.5);
  if (service == CASA_SIM_LAMPS || service == CASA_SIM_ELSE)
    rate += DARK_HOUR / 2 * casa_sim_events_dark(events, d->id, t_ms, &back);
  if (service == CASA_SIM_SEWERS)
    rate += BURST_HOUR * casa_sim_events_burst(events, d->id, t_ms);
  if (service == CASA_SIM_CLEANLINESS)
    rate += PILE_HOUR * casa_sim_events_piled(events, d->id, t_ms);
  return rate;
}

static gint64
later(guint64 stream, guint64 n, double mean_h)
{
  return (gint64)(mean_h * (0.4 + 1.2 * casa_sim_uniform(stream, n)) * CASA_HOUR_MS);
}

static void
open_case(CasaSimCivic *self, Cell *cell, guint i, guint service, guint64 n)
{
  Case c = { .district = (guint16)i, .service = (guint8)service };
  const guint64 stream = casa_sim_draw(self->stream + 1, n);
  c.unfixed = casa_sim_uniform(stream, 0) < UNFIXED;
  c.at_ms = cell->number * CELL_MS + (gint64)(casa_sim_uniform(stream, 1) * CELL_MS);
  c.seen_ms = c.at_ms + later(stream, 2, services[service].seen_h);
  c.planned_ms = c.seen_ms + later(stream, 3, services[service].planned_h);
  c.fixed_ms = c.planned_ms + later(stream, 4, services[service].fixed_h);
  if (!cell->cases)
    cell->cases = g_array_new(FALSE, FALSE, sizeof(Case));
  g_array_append_val(cell->cases, c);
}

/* What comes within five minutes: what works at their beginning decides how many. */
static const Cell *
cell_at(CasaSimCivic *self, gint64 number)
{
  Cell *cell = &self->cells[(guint64)number % N_CELLS];
  if (cell->filled && cell->number == number)
    return cell;
  const CasaCity *city = casa_sim_model_city(self->model);
  const gint64 t_ms = number * CELL_MS;
  const CasaSimDay *day = casa_sim_calendar_at(casa_sim_model_calendar(self->model), t_ms);
  const double usual = A_DAY * of_hour(casa_sim_day_hour(day, t_ms)) * (day->kind == CASA_SIM_SUNDAY ? 0.7 : 1);
  const GArray *events = casa_sim_model_events(self->model, t_ms);
  const double rain = casa_sim_events_mean(events, CASA_SIM_RAIN, t_ms, 2 * CASA_HOUR_MS);
  g_clear_pointer(&cell->cases, g_array_unref);
  cell->number = number;
  cell->filled = TRUE;
  for (guint i = 0; i < city->n_districts; i++) {
    for (guint service = 0; service < CASA_SIM_N_SERVICES; service++) {
      guint64 n = ((guint64)number * 64 + i) * CASA_SIM_N_SERVICES + service;
      double mean = expected(self, events, i, service, usual, rain, t_ms) * CELL_MS / CASA_HOUR_MS;
      guint come = casa_sim_round_random(self->stream, n, mean);
      for (guint k = 0; k < come; k++)
        open_case(self, cell, i, service, 16 * n + k);
    }
  }
  return cell;
}

static CasaSimReportState
state_of(const Case *c, gint64 t_ms)
{
  if (t_ms < c->seen_ms)
    return CASA_SIM_OPEN;
  if (t_ms < c->planned_ms)
    return CASA_SIM_INVESTIGATING;
  if (c->unfixed)
    return CASA_SIM_CLOSED;
  return t_ms < c->fixed_ms ? CASA_SIM_SCHEDULED : CASA_SIM_FIXED;
}

void
casa_sim_civic_count(CasaSimCivic *self, guint i, gint64 t_ms, CasaSimReports *out)
{
  *out = (CasaSimReports){ 0 };
  if (self->n_changes != casa_sim_model_n_changes(self->model)) {
    for (guint k = 0; k < N_CELLS; k++)
      self->cells[k].filled = FALSE;
    self->n_changes = casa_sim_model_n_changes(self->model);
  }
  for (gint64 n = (t_ms - WINDOW_MS) / CELL_MS; n * CELL_MS < t_ms; n++) {
    const GArray *cases = cell_at(self, n)->cases;
    for (guint k = 0; cases && k < cases->len; k++) {
      const Case *c = &g_array_index(cases, Case, k);
      if (c->district != i || c->at_ms > t_ms || c->at_ms <= t_ms - WINDOW_MS)
        continue;
      out->count[c->service][state_of(c, t_ms)]++;
      out->today += c->at_ms > t_ms - CASA_DAY_MS;
    }
  }
}

void
casa_sim_civic_report(CasaSimCivic *self, guint i, CasaSimReport *r)
{
  CasaSimReports counted;
  casa_sim_civic_count(self, i, r->t_ms, &counted);
  casa_sim_report_add(r, "reports", counted.today, 0, 1e6, 0);
  for (guint state = 0; state < CASA_SIM_N_STATES; state++) {
    guint sum = 0;
    for (guint service = 0; service < CASA_SIM_N_SERVICES; service++)
      sum += counted.count[service][state];
    casa_sim_report_add(r, states[state], sum, 0, 1e6, 0);
  }
  for (guint service = 0; service < CASA_SIM_N_SERVICES; service++) {
    const guint *count = counted.count[service];
    casa_sim_report_add(r, services[service].metric,
                        count[CASA_SIM_OPEN] + count[CASA_SIM_INVESTIGATING] + count[CASA_SIM_SCHEDULED], 0, 1e6, 0);
  }
}
