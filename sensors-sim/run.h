/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "stations/fault-injector.h"

G_BEGIN_DECLS

/* What a run plays. */
typedef struct {
  gint64 start_ms; /* where history ends and live begins */
  gint64 backfill_ms, backfill_step_ms;
  gint64 duration_ms; /* of live time; -1 = until stopped */
  gint64 step_ms;
  double rate_hz;    /* 0 = by kind */
  double speed;      /* simulated seconds per second, for a sink that waits */
  gboolean progress; /* say on stderr how far the filling of the past is, and when live time falls behind */
  gboolean terminal; /* stderr is one: draw a bar */
  gint64 report_ms;  /* between two lines about the load; 0 = none */
  guint faults;      /* CasaSimFault bits */
  gboolean silent;   /* one of several programs, and not the first: obeys commands, but leaves answers and events to that one */
  const char *keep;  /* file in which commanded events outlive the run, not owned; NULL: they end with it */
  gboolean twin;     /* say also what would be without the events that work */
} CasaSimPlan;

typedef struct {
  CasaSimFaultCounts sent;
  gint64 last_backfill_ms, first_live_ms, last_live_ms; /* 0 = none */
} CasaSimRunStats;

/* History, then live, into @sink; then sink->finish(). Ends after the duration, when the sink takes no more, or when a
 * stop is requested. FALSE: not everything arrived. */
gboolean casa_sim_run(CasaSimWorld *world, const CasaSimPlan *plan, CasaSimSink *sink, CasaSimRunStats *out);

G_END_DECLS
