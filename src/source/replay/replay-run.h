/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "source/source.h"

G_BEGIN_DECLS

/* What the replays have in common: one thread that plays a past from its beginning to its end, moves the clock as it goes,
 * and begins again or stays at the end. */
typedef struct _CasaReplayRun CasaReplayRun;

struct _CasaReplayRun {
  CasaSource base;

  /* Set in new. */
  CasaReceiver receiver;
  CasaClock *clock; /* not owned; moved by the own thread only */
  gint64 from_ms;
  gboolean loop;
  /* Plays all of it once. FALSE: stopped before its end, or it cannot be read; then *error says why. Own thread. */
  gboolean (*play)(CasaReplayRun *self, GError **error);
  void (*clear)(CasaReplayRun *self); /* frees what the kind itself has; may be NULL */

  GThread *thread;

  /* Own thread only: at @paced_us (monotonic) the clock was to stand at @paced_ms. */
  gint64 paced_us, paced_ms;

  GMutex lock;
  GCond wake;
  gboolean stopping; /* guarded by lock */
};

/* The table of every replay; for CasaSource.table. */
extern const CasaSourceTable casa_replay_run_table;

/* Fills what is common; @self is all zero. */
void casa_replay_run_init(CasaReplayRun *self, const CasaReceiver *receiver, CasaClock *clock, gint64 from_ms, gboolean loop);

/* Both below: own thread, from play(). FALSE: it is to stop. */

/* Moves the clock on to @t_ms at its speed. One that is late is not hurried for more than a second's worth. */
gboolean casa_replay_run_wait(CasaReplayRun *self, gint64 t_ms);
/* Hands a message over. */
gboolean casa_replay_run_deliver(CasaReplayRun *self, const char *topic, gsize topic_len, const char *payload,
                                 gsize payload_len, gboolean retained);

G_END_DECLS
