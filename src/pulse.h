/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/counters.h"
#include "city/city.h"
#include "forward/forwarder.h"
#include "ingest/ingest.h"
#include "series/hub.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* The pipeline: broker → ingest → store → {hub, forwarder}. The only file that knows every stage. */
typedef struct _CasaPulse CasaPulse;

/* Opens the store, loads metrics, builds every stage; nothing runs yet. @config must outlive it. @with_hub FALSE: no
 * screen (casa record), nothing is queued for it. */
CasaPulse *casa_pulse_new(const CasaConfig *config, gboolean with_hub, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Starts upkeep, forwarder, source. A broker that is away is no error (see casa_pulse_read_link()). */
gboolean casa_pulse_start(CasaPulse *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Source → hub → forwarder (deadline) → store. Idempotent; NULL is fine. */
void casa_pulse_stop(CasaPulse *self);
void casa_pulse_free(CasaPulse *self); /* Stops first. NULL is fine. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaPulse, casa_pulse_free)

/* All below: any thread, never block on network or disk. (transfer none) */
const CasaMetrics *casa_pulse_metrics(CasaPulse *self);
CasaCatalogue *casa_pulse_catalogue(CasaPulse *self);          /* Owned by the store */
CasaHub *casa_pulse_hub(CasaPulse *self);                      /* NULL without hub */
CasaStore *casa_pulse_store(CasaPulse *self);                  /* The store that it writes */
void casa_pulse_read_counts(CasaPulse *self, CasaCounts *out); /* A consistent copy of the counters */
/* How the link is; @blocked (may be NULL): why the store refuses, as casa_ingest_read_link(). */
void casa_pulse_read_link(CasaPulse *self, CasaLink *out, CasaFault *blocked);
/* The sources that sent more than their quota, most first; returns how many were written to @out. */
guint casa_pulse_read_over_quota(CasaPulse *self, CasaQuotaTally *out, guint max);
/* The sources that wanted more series than they may have, most refused first; returns how many were written to @out. */
guint casa_pulse_read_over_series(CasaPulse *self, CasaSeriesTally *out, guint max);
/* What a simulator says that the events that work cost, as casa_ingest_read_tolls(). */
guint casa_pulse_read_tolls(CasaPulse *self, CasaToll *out);
void casa_pulse_read_forward(CasaPulse *self, CasaForwardStatus *out); /* How forwarding to InfluxDB is */
/* Path a corrupt store was moved to at start, or NULL. */
const char *casa_pulse_set_aside(CasaPulse *self);

G_END_DECLS
