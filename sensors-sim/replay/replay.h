/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "replay-rows.h"
#include "publish/sink.h"

G_BEGIN_DECLS

/* Rows that are at most so far from their place in time come out in order. */
#define CASA_SIM_REPLAY_WINDOW 10000

typedef enum {
  CASA_SIM_REPLAY_NOW,      /* each reading is dated with the moment it is played; marked as replayed */
  CASA_SIM_REPLAY_START,    /* the first is dated start_ms, the others at their distance from it; marked too */
  CASA_SIM_REPLAY_RECORDED, /* the table's own times */
} CasaSimReplayDating;

typedef struct {
  CasaSimReplayDating dating;
  gint64 start_ms;
  double speed;          /* recorded seconds per second; 0 = as fast as the sink takes them */
  gint64 from_ms, to_ms; /* recorded times outside are passed over: [from, to) */
} CasaSimReplayPlan;

typedef struct {
  guint64 messages, samples;
  guint64 outside;          /* rows before from or after to */
  guint64 out_of_order;     /* rows older than one that had to be played before */
  gint64 first_ms, last_ms; /* recorded times played; 0 = none */
} CasaSimReplayCounts;

/* Plays @rows into @sink, then finishes it. A station is announced when the table first speaks of it: through
 * sink->announce, or as a line of its own. FALSE: not everything arrived. */
gboolean casa_sim_replay(CasaSimRows *rows, const CasaSimMap *map, const char *root, const char *source,
                         const CasaSimReplayPlan *plan, CasaSimSink *sink, CasaSimReplayCounts *out);

G_END_DECLS
