/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "calendar.h"
#include "city/city.h"

G_BEGIN_DECLS

/* What never changes about a line: its timetable's shape, its vehicles, and where people get on and off.
 * Direction 0 runs from terminus A to B, direction 1 back. "Call" k is the k-th stop in running order. */
typedef struct {
  const CasaLine *line;
  guint n_calls;
  double capacity;          /* passengers a vehicle holds */
  guint fleet;              /* vehicles that exist; ids 1..fleet */
  guint32 *sched_arrive[2]; /* [n_calls] ms after departure from the first stop, by the timetable */
  guint32 *sched_depart[2];
  double *weight;        /* [n_calls] of each stop by position from A; attraction, mean about 1 */
  double *board[2];      /* [n_calls] share of the line's day boardings at this call; sums to 1 over both */
  double *alight[2];     /* [n_calls] share of those on board who get off here */
  double riders_per_day; /* boardings on a weekday */
  double headway_most;   /* minutes between departures, at most; 0: as the timetable has it */
} CasaSimLine;

/* @line outlives it; with fewer than two stops nothing runs. @headway_most: see above. */
void casa_sim_line_init(CasaSimLine *self, const CasaLine *line, double headway_most);
void casa_sim_line_clear(CasaSimLine *self); /* Frees what it holds, not itself */

/* The stop of call @k in @direction, and its km along the track. */
const CasaStop *casa_sim_line_stop(const CasaSimLine *self, guint direction, guint k);

/* Minutes between departures at @hour of @day. */
double casa_sim_line_headway_min(const CasaSimLine *self, const CasaSimDay *day, double hour);

/* Riders of a kind of day, as a share of a weekday's. */
double casa_sim_line_day_factor(const CasaSimDay *day);

G_END_DECLS
