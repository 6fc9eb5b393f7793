/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "state.h"
#include "transit-line.h"

G_BEGIN_DECLS

/* One line's whole service day, played through once: every trip, every call. A pure function of (seed, scenario, line,
 * day): any moment of it can then be asked for. Times are ms after the day's local midnight; service that begins in the
 * evening may end after 24 h. */
typedef struct {
  gint32 arrive, depart;
  gint32 ready;                    /* when it would have left, had nothing held it; 0 on a day without events */
  guint16 boarded, alighted, load; /* load: on board when leaving */
} CasaSimCall;

typedef struct {
  guint direction, vehicle; /* vehicle: 0-based */
  gint32 sched_ms;          /* departure from the first stop by the timetable */
  gint32 headway_ms;        /* behind the trip before, at the first stop; 0 = first of the day */
  CasaSimCall *calls;       /* [n_calls] */
} CasaSimTrip;

typedef struct {
  const CasaSimLine *line;
  gint64 number, start_ms; /* the local day */
  CasaSimTrip *trips[2];   /* in running order; none overtakes */
  guint n_trips[2];
  GPtrArray **by_vehicle; /* [fleet] of CasaSimTrip*, in time */
  guint changes;          /* casa_sim_model_n_changes() when it was played */
  guint refused;          /* times somebody found a full vehicle */
} CasaSimTransitDay;

/* Plays local day @day_number (days since 1970). @line outlives it. (transfer full) */
CasaSimTransitDay *casa_sim_transit_day_new(CasaSimModel *model, const CasaSimLine *line, gint64 day_number);
void casa_sim_transit_day_free(CasaSimTransitDay *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimTransitDay, casa_sim_transit_day_free)

G_END_DECLS
