/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pulse.h"

G_BEGIN_DECLS

/* A second, small pipeline beside the live one: a past → a hub of its own, by a clock of its own. A stretch of the store is
 * shown once more and never stored again. A recording goes through an ordinary ingest (so that quotas, silences and history
 * are as they were) into a scratch store, which is gone with the replay. */
typedef struct _CasaReplay CasaReplay;

typedef struct {
  char *path; /* a recording; NULL: a stretch of the store */
  gint64 from_ms, to_ms;
  double speed;
  gboolean loop;
  gboolean bare;       /* nobody scrubs in it: no bar for that in the hall */
  gint64 same_hour_ms; /* a recording begins at this time of the day, where it has it; 0: at its beginning */
} CasaReplayOptions;

/* The last moment of [@from_ms, @to_ms) that has the time of day of @now_ms, and a minute after it; 0: there is none. Pure. */
gint64 casa_replay_same_hour(gint64 now_ms, gint64 from_ms, gint64 to_ms);

#define CASA_REPLAY_SPEED_MIN 0.1
#define CASA_REPLAY_SPEED_MAX 1440 /* a day in a minute */

/* Reads what --replay is given: FROM/TO, two times as casa_time_parse_at() takes them, else the name of a recording. FALSE:
 * CASA_ERROR_USAGE. Fills path, from_ms and to_ms only; casa_replay_options_clear() afterwards. */
gboolean casa_replay_options_parse(CasaReplayOptions *self, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_replay_options_clear(CasaReplayOptions *self); /* Frees what it holds, not itself */

typedef struct {
  CasaLinkState state; /* CASA_LINK_UP: it runs; OFF: it stays at its end; REFUSED: it cannot be read */
  gint64 from_ms;
  gint64 to_ms; /* 0: not known (a recording) */
  double speed;
  gboolean bare; /* as the options say */
} CasaReplayState;

/* @config and @pulse, which owns the store and its catalogue, must outlive it. Nothing runs yet. FALSE also when there is
 * nothing to replay. Copies the options. */
CasaReplay *casa_replay_new(const CasaConfig *config, CasaPulse *pulse, const CasaReplayOptions *options,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Starts to play; returns at once. FALSE: the thread or the past cannot be started, @error says why. */
gboolean casa_replay_start(CasaReplay *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A started replay of the store goes on with another stretch of it, or at another speed: same hub, clock and catalogue, so that
 * whoever shows it need not begin anew, but forgets what it knows. FALSE: nothing is stored of the stretch, or @self is of a
 * recording, and it goes on as before. Nothing of before is in the hub afterwards. The thread that drains the hub only; waits
 * for the message that is being shown. */
gboolean casa_replay_seek(CasaReplay *self, const CasaReplayOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_replay_free(CasaReplay *self); /* stops first; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaReplay, casa_replay_free)

gboolean casa_replay_can_seek(const CasaReplay *self, const CasaReplayOptions *options); /* Both are of the store, alike */

/* All below: any thread, never block. (transfer none) */
const CasaClock *casa_replay_clock(CasaReplay *self);
CasaHub *casa_replay_hub(CasaReplay *self);                      /* What is played, for the screen */
CasaCatalogue *casa_replay_catalogue(CasaReplay *self);          /* Of what is played */
const char *casa_replay_store_path(CasaReplay *self);            /* where its history is read */
void casa_replay_read_counts(CasaReplay *self, CasaCounts *out); /* A consistent copy of its own counters */
void casa_replay_read(CasaReplay *self, CasaReplayState *out);   /* How the replay is */

G_END_DECLS
