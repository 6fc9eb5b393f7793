/* SPDX-License-Identifier: Apache-2.0 */
#include "transit-line.h"

#include <math.h>
#include <string.h>

#include "maths/rng.h"

#define COMMERCIAL_KMH 19.0 /* stops included; 2012 design of T1, taken for every line */
#define TRAM_DWELL_MS 22000
#define BUS_DWELL_MS 18000
#define TRAM_CAPACITY 600 /* 65 m double set, "more than 600" */
#define BUS_CAPACITY 196  /* 21 m articulated bus */
#define LAYOVER_MIN 5.0

/* Stops that draw more than their neighbours. The first three are the busiest by the operator's 2015 count, in that
 * order (Place des Nations Unies: 11,776 trips a day); the weights of the others are estimates. */
static const struct {
  const char *part;
  double weight;
} magnets[] = { { "nations-unies", 4.2 }, { "hassan-ii", 3.4 },        { "facultes", 3.0 },    { "casa-voyageurs", 2.4 },
                { "casa-port", 2.4 },     { "place-financiere", 1.9 }, { "oulad-ziane", 1.7 }, { "abdelmoumen", 1.6 },
                { "technopark", 1.6 },    { "nearshore", 1.6 },        { "derb-sultan", 1.5 }, { "marche-central", 1.7 },
                { "mohammed-v", 1.7 },    { "ain-diab", 1.4 },         { "oasis", 1.3 } };

static double
stop_weight(const CasaStop *stop, gboolean terminus)
{
  double w = 0.75 + 0.5 * casa_sim_uniform(casa_sim_stream(0, stop->id), 0);
  for (guint i = 0; i < G_N_ELEMENTS(magnets); i++) {
    if (strstr(stop->id, magnets[i].part))
      return magnets[i].weight;
  }
  return terminus ? 1.5 : w;
}

const CasaStop *
casa_sim_line_stop(const CasaSimLine *self, guint direction, guint k)
{
  return &self->line->stops[direction == 0 ? k : self->n_calls - 1 - k];
}

static void
fill_schedule(CasaSimLine *self, guint direction)
{
  guint n = self->n_calls, dwell = self->line->busway ? BUS_DWELL_MS : TRAM_DWELL_MS;
  double first = casa_sim_line_stop(self, direction, 0)->km;
  double length = fabs(casa_sim_line_stop(self, direction, n - 1)->km - first);
  double running_ms = MAX(length / COMMERCIAL_KMH * 3.6e6 - (n - 2.0) * dwell, length / 40 * 3.6e6);
  self->sched_arrive[direction] = g_new0(guint32, n);
  self->sched_depart[direction] = g_new0(guint32, n);
  for (guint k = 1; k < n; k++) {
    double km = fabs(casa_sim_line_stop(self, direction, k)->km - first);
    double at = running_ms * (length > 0 ? km / length : 0) + (k - 1.0) * dwell;
    self->sched_arrive[direction][k] = (guint32)(at + 0.5);
    self->sched_depart[direction][k] = self->sched_arrive[direction][k] + (k + 1 < n ? dwell : 0);
  }
}

/* A trip from i to j in one direction is as likely as weight i times weight j: who boards at i is then in proportion to
 * what still lies ahead, who alights at j to its share of what lay ahead. */
static void
fill_flows(CasaSimLine *self)
{
  guint n = self->n_calls;
  double total = 0;
  for (guint d = 0; d < 2; d++) {
    self->board[d] = g_new0(double, n);
    self->alight[d] = g_new0(double, n);
    double ahead = 0;
    for (guint k = n; k-- > 0;) {
      double w = self->weight[d == 0 ? k : n - 1 - k];
      self->board[d][k] = w * ahead;
      ahead += w;
      self->alight[d][k] = k == 0 ? 0 : w / ahead;
      total += self->board[d][k];
    }
  }
  for (guint d = 0; d < 2; d++) {
    for (guint k = 0; k < n; k++)
      self->board[d][k] /= total > 0 ? total : 1;
  }
}

static double
at_most(const CasaSimLine *self, double headway_min)
{
  return self->headway_most > 0 ? MIN(headway_min, self->headway_most) : headway_min;
}

void
casa_sim_line_init(CasaSimLine *self, const CasaLine *line, double headway_most)
{
  memset(self, 0, sizeof *self);
  self->line = line;
  self->headway_most = headway_most;
  self->n_calls = line->n_stops;
  self->capacity = line->busway ? BUS_CAPACITY : TRAM_CAPACITY;
  /* Where no count is published: 4,300 boardings per km of tram and 2,800 of busway, which brings the network near
   * the 400,000 a day its operator was contracted for. */
  self->riders_per_day = line->riders_per_day > 0 ? line->riders_per_day : line->length_km * (line->busway ? 2800 : 4300);
  if (self->n_calls < 2)
    return;
  self->weight = g_new0(double, self->n_calls);
  for (guint k = 0; k < self->n_calls; k++)
    self->weight[k] = stop_weight(&line->stops[k], k == 0 || k + 1 == self->n_calls);
  fill_schedule(self, 0);
  fill_schedule(self, 1);
  fill_flows(self);
  double cycle_min = 2 * (self->sched_arrive[0][self->n_calls - 1] / 60000.0 + LAYOVER_MIN);
  self->fleet = (guint)ceil(cycle_min / MAX(at_most(self, line->headway_peak_min), 1)) + 2;
}

void
casa_sim_line_clear(CasaSimLine *self)
{
  g_free(self->weight);
  for (guint d = 0; d < 2; d++) {
    g_free(self->sched_arrive[d]);
    g_free(self->sched_depart[d]);
    g_free(self->board[d]);
    g_free(self->alight[d]);
  }
  memset(self, 0, sizeof *self);
}

double
casa_sim_line_headway_min(const CasaSimLine *self, const CasaSimDay *day, double hour)
{
  const CasaLine *line = self->line;
  if (day->kind == CASA_SIM_SATURDAY || day->kind == CASA_SIM_SUNDAY)
    return MAX(at_most(self, line->headway_weekend_min), 2);
  gboolean peak = day->ramadan ? (hour >= 8 && hour < 10.5) || (hour >= day->sunset_h - 3.5 && hour < day->sunset_h - 0.7)
                               : (hour >= 6.5 && hour < 9.5) || (hour >= 12 && hour < 14) || (hour >= 16.5 && hour < 20);
  return MAX(at_most(self, peak ? line->headway_peak_min : line->headway_offpeak_min), 2);
}

double
casa_sim_line_day_factor(const CasaSimDay *day)
{
  static const double factors[] = { 1.0, 0.97, 0.72, 0.55 }; /* weekend about 0.6 of a weekday (2016) */
  gboolean no_school = day->school_holiday && (day->kind == CASA_SIM_WEEKDAY || day->kind == CASA_SIM_FRIDAY);
  return factors[day->kind] * (day->ramadan ? 0.88 : 1) * (no_school ? 0.91 : 1); /* the last two: estimates */
}
