/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "wire/topic.h"

G_BEGIN_DECLS

/* What each source may send (config: [quota]), so that one that floods never delays the others: a bucket of messages and
 * one of bytes a source, refilled at the quota's rate. Memory is bounded however many sources are invented: those beyond
 * CASA_QUOTA_SOURCES that are active at once share one quota. Any thread. */
typedef struct _CasaQuota CasaQuota;

#define CASA_QUOTA_SOURCES 4096
/* Messages whose topic names no valid source count as this one's. */
#define CASA_QUOTA_NOBODY "?"

/* What a source had too much of. */
typedef enum { CASA_QUOTA_MESSAGES, CASA_QUOTA_BYTES, CASA_QUOTA_WORK } CasaQuotaKind;

typedef struct {
  char source[CASA_NAME_MAX + 1];
  guint64 over;       /* messages over quota since start */
  guint limit;        /* that it came up against last, per second; of WORK in ms of processor time */
  CasaQuotaKind kind; /* of that limit */
} CasaQuotaTally;

/* @config must outlive it. */
CasaQuota *casa_quota_new(const CasaConfig *config);
void casa_quota_free(CasaQuota *self); /* NULL is fine */

/* One message of @source. FALSE: it is over quota, and counted so; @why is filled at most once a second for each source
 * (its code is NULL otherwise: no more words about it now). @now_us monotonic. */
gboolean casa_quota_take(CasaQuota *self, const char *source, gsize bytes, gint64 now_us, CasaReason *why);

/* The broker's guard holds @source back, which may send @limit of @kind a second: told as one message over quota. */
void casa_quota_note_held(CasaQuota *self, const char *source, CasaQuotaKind kind, guint limit, gint64 now_us);

/* What decoding and storing the message has cost that passed last, us. Later ones of its source pay for it: what a message
 * costs is known when it is done. The thread that took it. */
void casa_quota_charge(CasaQuota *self, gint64 spent_us);

/* The work of the source that was charged last, once there is as much of it as is worth a message: us since it was told, which
 * are then told, and whose. Or 0. The thread that charged it. */
gint64 casa_quota_take_untold(CasaQuota *self, char source[CASA_NAME_MAX + 1]);

/* Credits every source with an outage of ours of @away_us (link down, disk full, program off, machine asleep): what a source
 * was allowed to send meanwhile, and the broker kept for us, may arrive now. */
void casa_quota_credit(CasaQuota *self, gint64 away_us, gint64 now_us);

/* Whether some source's summary is due: the first time it went over quota, and then every 10 s that it did again. @why: who,
 * how many, the limit, and the key that raises it. Cheap when nothing is due. */
gboolean casa_quota_report(CasaQuota *self, gint64 now_us, char source[CASA_NAME_MAX + 1], CasaReason *why);

/* The sources that went over quota, most first; returns how many were written to @out. */
guint casa_quota_read(CasaQuota *self, CasaQuotaTally *out, guint max);

G_END_DECLS
