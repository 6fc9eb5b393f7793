/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "events/faults.h"
#include "publish/sink.h"
#include "world.h"

G_BEGIN_DECLS

/* Between the city and the sink: lets the faults of faults.h befall what the stations say. Without faults it hands every
 * report on as it is. One thread. */
typedef struct _CasaSimFaultInjector CasaSimFaultInjector;

typedef struct {
  guint64 messages, samples;                        /* handed to the sink */
  guint64 silent, late, twice, frozen, wrong_clock; /* messages, by what befell them */
  guint waiting;                                    /* late ones not yet delivered */
} CasaSimFaultCounts;

/* @world and @sink outlive it. */
CasaSimFaultInjector *casa_sim_fault_injector_new(CasaSimWorld *world, CasaSimSink *sink, guint faults);
void casa_sim_fault_injector_free(CasaSimFaultInjector *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimFaultInjector, casa_sim_fault_injector_free)

/* From the next report on; what waits is still delivered. */
void casa_sim_fault_injector_set_faults(CasaSimFaultInjector *self, guint faults);
guint casa_sim_fault_injector_faults(const CasaSimFaultInjector *self); /* CasaSimFault bits */

/* Station @i reports at @t_ms, the world's moment. FALSE: the sink takes no more. */
gboolean casa_sim_fault_injector_say(CasaSimFaultInjector *self, guint i, gint64 since_ms, gint64 t_ms);
/* As casa_sim_fault_injector_say(), but only what arrives after @start_ms is kept: what was under way when a run begins. Sets
 * the world's moment to @t_ms if it needs it. */
void casa_sim_fault_injector_recall(CasaSimFaultInjector *self, guint i, gint64 since_ms, gint64 t_ms, gint64 start_ms);
/* Hands on what is due at @now_ms. FALSE: the sink takes no more. */
gboolean casa_sim_fault_injector_deliver(CasaSimFaultInjector *self, gint64 now_ms);

/* Since it was made. */
void casa_sim_fault_injector_counts(const CasaSimFaultInjector *self, CasaSimFaultCounts *out);

G_END_DECLS
