/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/file-stamp.h"
#include "ingest/backlog.h"
#include "ingest/coverage.h"
#include "ingest/drops.h"
#include "ingest/feedback.h"
#include "ingest/ingest.h"
#include "wire/decoder.h"

G_BEGIN_DECLS

struct _CasaIngest {
  /* Set in new; the source is set before it starts. */
  const CasaConfig *config;
  const CasaMetrics *metrics;
  CasaStore *store;
  CasaHub *hub;
  CasaCounters *counters;
  CasaSource *source;
  const CasaClock *clock;
  CasaQuota *quota;
  CasaWireLimits limits;
  CasaBacklog *backlog; /* the source's message thread; held from both */

  /* The source's message thread only. */
  CasaFeedback *feedback;
  CasaCoverage *coverage;
  CasaDrops *drops;
  char *dropped_key, *dropped_since_key; /* of the broker, in the store; set in new */
  CasaSeriesLimiter *series_limiter;
  CasaDecoder *decoder;
  CasaDecoded *decoded;
  CasaPutResult put;
  gint64 next_quota_look_us, next_feeds_look_us;
  CasaFileStamp feeds_stamp; /* of feeds.conf as it was last read */
  gint64 last_message_us;    /* when the last message came, by casa_clock_away_us() */

  /* The source's link thread only. */
  gint64 last_before_ms; /* newest arrival known when the link was last down: where a gap begins */
  guint connections;
  gboolean was_up;
  char *said; /* last, of the link */

  GMutex lock;
  GCond wake;
  gboolean stopping;          /* guarded by lock */
  CasaLink link;              /* guarded by lock */
  CasaToll tolls[CASA_TOLLS]; /* guarded by lock */
  guint n_tolls;              /* guarded by lock */
  CasaFault blocked;          /* guarded by lock: why the store refuses; CASA_FAULT_NONE: it takes */
};

/* What became of a message, while it is on its way. */
typedef struct {
  const CasaMessage *message;
  CasaTopic topic;
  gint64 now_ms, now_us; /* wall clock, monotonic */
  CasaOutcome outcome;
  CasaReason why;        /* code NULL: nothing to tell the publisher */
  const GArray *refused; /* CasaRefused; NULL: no more than @why */
  guint samples, duplicates, fields_rejected;
  double latency_ms;
} CasaPassage;

/* ingest-store.c. After a failure: says so and waits a little; FALSE: the program is stopping. Consumes @error. And after
 * success. Any thread. */
gboolean casa_ingest_wait_for_store(CasaIngest *self, guint *wait_ms, GError *error);
/* The store takes again: the fault is over. @wait_ms: how long the last pause was; 0: it never refused. */
void casa_ingest_store_took(CasaIngest *self, guint wait_ms);

/* ingest-store.c, the source's message thread. Tries @act until the store takes it: what it does not take is not acknowledged.
 * FALSE: the program is stopping. */
typedef gboolean (*CasaStoreAct)(CasaIngest *self, const CasaPassage *p, gpointer data, GError **error);
/* FALSE: neither stored nor to be acknowledged. */
gboolean casa_ingest_insist(CasaIngest *self, const CasaPassage *p, CasaStoreAct act, gpointer data);
/* Keeps the message as it came, with why (something of) it was refused; the second as one of which nothing is used. */
gboolean casa_ingest_keep_refused(CasaIngest *self, const CasaPassage *p);
/* The same for a message of which nothing is used: its outcome is REJECTED. */
gboolean casa_ingest_reject(CasaIngest *self, CasaPassage *p);
/* Stores what a station says of itself. *@out_changed: it is new. */
gboolean casa_ingest_put_descriptor(CasaIngest *self, CasaPassage *p, const CasaDescriptor *descriptor, gboolean *out_changed);

/* ingest-readings.c: decodes, stores and shows the readings of a message. FALSE: the program is stopping. */
gboolean casa_ingest_take_readings(CasaIngest *self, CasaPassage *p);
/* The same of what would be measured without the events that work: never stored, shown only beside series that there are. */
gboolean casa_ingest_take_twin(CasaIngest *self, CasaPassage *p);

G_END_DECLS
