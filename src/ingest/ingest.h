/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "base/config.h"
#include "base/counters.h"
#include "city/metrics.h"
#include "source/source.h"
#include "ingest/series-limiter.h"
#include "ingest/quota.h"
#include "series/hub.h"
#include "store/store.h"
#include "wire/toll.h"

G_BEGIN_DECLS

/* Message → decoder → store (commit) → hub. One instance, driven by one source's thread. When the store refuses (disk
 * full), it blocks and tries again until it can or casa_ingest_stop(): the broker keeps the rest. */
typedef struct _CasaIngest CasaIngest;

/* None of the parts is owned; all must outlive it. */
CasaIngest *casa_ingest_new(const CasaConfig *config, const CasaMetrics *metrics, CasaStore *store, CasaHub *hub,
                            CasaCounters *counters);
void casa_ingest_free(CasaIngest *self); /* NULL is fine. The source is stopped before. */

/* For a CasaReceiver: @data is the CasaIngest. The link function also writes gap rows. FALSE: see CasaMessageFunc. */
gboolean casa_ingest_message(const CasaMessage *message, gpointer data);
void casa_ingest_link(const CasaLink *link, gpointer data); /* For a CasaReceiver's on_link */

/* By which clock ages, quotas and gaps are judged (not owned; the real one unless set). Before the source starts. */
void casa_ingest_set_clock(CasaIngest *self, const CasaClock *clock);

/* Where $feedback goes; may be NULL (none). Set before the source starts. */
void casa_ingest_set_feedback(CasaIngest *self, CasaSource *source);

/* Copy of the newest link state, any thread, without touching the source. @blocked: why the store refuses; CASA_FAULT_NONE: it
 * takes. May be NULL. */
void casa_ingest_read_link(CasaIngest *self, CasaLink *out, CasaFault *blocked);
/* Who sent more than its quota, most first; how many were written. Any thread. */
guint casa_ingest_read_over_quota(CasaIngest *self, CasaQuotaTally *out, guint max);
/* Who wanted more series than it may have, most refused first; how many were written. Any thread. */
guint casa_ingest_read_over_series(CasaIngest *self, CasaSeriesTally *out, guint max);
/* The newest that a simulator has said of what the events that work cost, into @out[CASA_TOLLS]; returns how many. Any
 * thread. */
guint casa_ingest_read_tolls(CasaIngest *self, CasaToll *out);
void casa_ingest_stop(CasaIngest *self); /* wakes a blocked callback; it gives up: the message is not acknowledged */

G_END_DECLS
