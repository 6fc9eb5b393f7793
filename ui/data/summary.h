/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/counters.h"
#include "forward/forwarder.h"
#include "replay.h"
#include "source/source.h"
#include "ingest/series-limiter.h"
#include "ingest/quota.h"
#include "ui/data/latest-values.h"

G_BEGIN_DECLS

/* How the house does, worked out once a second: who is heard, what the pipeline says. Figures are in figures.h. Pure: no
 * widget, no clock, no thread of its own. */

typedef struct {
  gint64 now_ms;
  guint sensors_alive, sensors_known; /* fixed stations, every source */
  guint teams_active, teams_known;
  gboolean simulated; /* anything on the screen is */
  gint64 live_ms;     /* arrival of the newest live sample of who was promised: the city's stations, else anybody's; 0 none */
  gint64 patience_ms; /* silence after which nobody is heard any more, by what stations have kept so far */
  gint64 newest_ms;   /* newest sample at all, 0 none */
  gint64 loading_ms;  /* arrival of the newest report of a past that is being sent, 0 none */
  gboolean replaying; /* a past is shown; counts (but for the rate), link and store are of what is recorded meanwhile */
  CasaReplayState replay;
  CasaCounts counts;
  CasaLink link;
  CasaFault blocked; /* why the store refuses; CASA_FAULT_NONE: it takes */
  gboolean erased;   /* the store's file has lost its name: see CasaHistory */
  char config_fault
    [100]; /* where the configuration is wrong, so that what was shown before stays: "indicators.conf:14"; "" nowhere */
  CasaForwardStatus forward;
  gboolean dropping;      /* the broker throws messages away right now */
  CasaQuotaTally over[2]; /* who sent most over quota */
  guint n_over;
  gboolean over_hidden[2]; /* whose name the hall may not see */
  gboolean flooding;       /* somebody does right now */
  CasaSeriesTally crowded; /* who wanted most series beyond what it may have; refused 0: nobody */
  gboolean crowded_hidden; /* its name may not be seen */
  gboolean crowding;       /* somebody does right now */
} CasaSummary;

/* Fills everything that comes from the stations; leaves the rest alone. */
void casa_summary_compute(CasaSummary *self, CasaLatestValues *latest, gint64 now_ms);

/* Whether none of the stations that should report is heard (the badge MUET). The silence that is allowed follows the intervals
 * that stations have kept so far. It does not grow when stations fall silent. */
gboolean casa_summary_is_mute(const CasaSummary *self);
/* Whether nobody is heard for a good reason: a past is still coming in, or the link has been there for so few seconds that
 * nobody can have reported yet. It ends by itself; then casa_summary_is_mute() is a silence. FALSE while somebody is heard. */
gboolean casa_summary_is_loading(const CasaSummary *self);

G_END_DECLS
