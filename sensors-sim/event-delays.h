/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "events/scenario.h"

G_BEGIN_DECLS

/* What one event, begun at a given moment, makes of the figure that tells it, and how soon. */
typedef struct {
  CasaSimEventKind event;
  const char *place, *metric; /* static; place "": none is given */
  double factor;              /* of the figure without the event: from here on it is plain to see */
  double before, after;       /* the figure without and with the event, when it was reached */
  int seconds; /* from the command to then, with the longest wait for a report; -1: not within the event's 30 minutes */
} CasaSimEventDelay;

/* Plays each kind of event at strength 0.8 for 30 minutes from @start_ms, beside the same city without it. Deterministic.
 * (element-type CasaSimEventDelay) (transfer full) */
GArray *casa_sim_event_delays(const CasaCity *city, const CasaSimScenario *scenario, guint64 seed, gint64 start_ms);

/* The same as a table for people and for docs/SIMULATOR.md, in Markdown. (transfer full) */
char *casa_sim_event_delays_text(const GArray *delays);

G_END_DECLS
