/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What became of one received message. Every message has exactly one outcome. */
typedef enum {
  CASA_OUTCOME_STORED,     /* at least one new or changed sample, or a new station descriptor, is in the store */
  CASA_OUTCOME_DUPLICATE,  /* everything in it was already stored */
  CASA_OUTCOME_REJECTED,   /* nothing in it could be used; kept in `rejection` with its reason */
  CASA_OUTCOME_IGNORED,    /* not meant for the store: $feedback, $control, empty retained clear */
  CASA_OUTCOME_OVER_QUOTA, /* its source sent more than it may: ignored, and counted as such besides */
} CasaOutcome;

/* A consistent copy. In every one hold, of messages, received = stored + duplicates + rejected + ignored, with over_quota <=
 * ignored; and of values, samples_received = samples + samples_duplicate + fields_rejected. A message that could not be read
 * has no values. */
typedef struct {
  guint64 received, stored, duplicates, rejected, ignored; /* messages since start */
  guint64 over_quota;                                      /* of the ignored: those over their source's quota */
  guint64 samples_received;                                /* values in those messages that were read */
  guint64 samples;                                         /* of them: stored */
  guint64 samples_duplicate;                               /* of them: stored before */
  guint64 fields_rejected;                                 /* of them: refused, in messages stored or not */
  guint64 forwarded;                                       /* samples acknowledged by InfluxDB since start */
  guint64 pending;         /* samples in the store not yet acknowledged by InfluxDB; 0 when forwarding is off */
  guint64 dropped_display; /* samples the screen did not get live (it reads them from the store later) */
  guint64 reconnects;      /* broker connections after the first */
  guint64 gaps;            /* gap rows written since start */
  guint64 broker_dropped;  /* messages that the broker says it threw away since start, of any client */
  guint64 quarantined;     /* samples InfluxDB refused for good */
  double latency_ms;       /* recent median of (stored - sensor time) over live messages, NAN when unknown */
  double latency_p50_ms, latency_p95_ms, latency_p99_ms; /* the same over the last minute, within 4.5 %; NAN when unknown */
  double rate;                                           /* samples per second over the last 5 s */
} CasaCounts;

typedef struct _CasaCounters CasaCounters; /* all functions: any thread */

/* All at 0. NULL may be freed. */
CasaCounters *casa_counters_new(void);
void casa_counters_free(CasaCounters *self); /* NULL is fine */

/* What one message was. */
typedef struct {
  CasaOutcome outcome;
  guint samples, duplicates, refused; /* its values: stored, stored before, and fields that could not be used */
  double
    latency_ms; /* newest sample's age when stored; NAN if it has waited on its way (see ingest/backlog.h) or has no own time */
} CasaMessageCount;

/* Counts one received message with all that was in it, in one step. */
void casa_counters_message(CasaCounters *self, const CasaMessageCount *message);
void casa_counters_add_forwarded(CasaCounters *self, guint64 samples); /* InfluxDB acknowledged so many samples */
/* They were acknowledged, and the server may have forgotten them: they are pending again. */
void casa_counters_take_back_forwarded(CasaCounters *self, guint64 samples);
void casa_counters_set_pending(CasaCounters *self, guint64 samples);         /* So many samples wait for InfluxDB */
void casa_counters_add_quarantined(CasaCounters *self, guint64 samples);     /* InfluxDB refused so many samples for good */
void casa_counters_add_dropped_display(CasaCounters *self, guint64 samples); /* The screen did not get so many samples */
void casa_counters_add_reconnect(CasaCounters *self);                        /* The broker was connected to again */
void casa_counters_add_gap(CasaCounters *self);                              /* A gap row was written */
void casa_counters_add_broker_dropped(CasaCounters *self, guint64 messages); /* The broker says that it threw away so many */
void casa_counters_read(CasaCounters *self, CasaCounts *out);                /* A consistent copy */

G_END_DECLS
