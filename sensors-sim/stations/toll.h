/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "world.h"

G_BEGIN_DECLS

/* What events cost people, added up minute by minute from two cities that differ by nothing else (docs/SIMULATOR.md, "Without
 * it"). A pure function of the two and of the time that it began at. One thread. */
typedef struct {
  gint64 since_ms, done_ms; /* whole minutes; what is between the two is in the sums */
  guint n_changes;          /* of both cities, when it was added up */
  double aboard_min;        /* person-minutes more in vehicles */
  double boarded;           /* passengers fewer that have boarded since */
  double waiting_min;       /* person-minutes more at stops */
  double *dose;             /* [n_districts] µg/m³·h of PM10 more */
  gboolean same_demand;     /* the same people want to travel: else their minutes compare nothing */
} CasaSimToll;

void casa_sim_toll_clear(CasaSimToll *self); /* Frees what it holds, not itself */

/* Adds up to @t_ms what @city has more than @without since @since_ms. Both are set to moments before @t_ms meanwhile; whoever
 * needs them sets them anew. */
void casa_sim_toll_reach(CasaSimToll *self, CasaSimWorld *city, CasaSimWorld *without, gint64 since_ms, gint64 t_ms);

/* Person-minutes lost in vehicles and at stops; NAN: the event changes who travels, so they cannot be compared. */
double casa_sim_toll_passenger_min(const CasaSimToll *self);
/* Mean dose of PM10 that came on top for each of those whose district had more, µg/m³·h; *@out_people: how many they are. */
double casa_sim_toll_pm10(const CasaSimToll *self, const CasaCity *city, guint *out_people);

G_END_DECLS
