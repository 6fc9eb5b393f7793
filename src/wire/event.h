/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reading.h"

G_BEGIN_DECLS

/* What a retained `$event` message says: something happens, or is simulated, in the city (docs/WIRE.md, "Events"). */
typedef struct {
  char source[CASA_NAME_MAX + 1], id[CASA_NAME_MAX + 1]; /* of the topic: id names one occurrence */
  gboolean over;                                         /* an empty payload: it has ended; nothing below is set */
  char event[CASA_NAME_MAX + 1];                         /* its kind: "chergui", "power-cut" */
  char place[CASA_NAME_MAX + 1];    /* as it was given: a line, stop, district, landmark; "" = the whole city */
  char district[CASA_NAME_MAX + 1]; /* id of the district concerned; "" = none named */
  char line[CASA_NAME_MAX + 1];     /* id of the public transport line concerned; "" = none named */
  gint64 start_ms;
  gint64 end_ms;    /* planned; CASA_EVENT_OPEN: nobody knows yet */
  double intensity; /* 0..1; 1 when the message says nothing */
  gboolean simulated;
} CasaEvent;

#define CASA_EVENT_OPEN G_MAXINT64

/* Payload of a CASA_TOPIC_EVENT. @now_ms: start of an event that names none. FALSE: nothing usable, @why filled. Pure; any
 * thread. */
gboolean casa_decode_event(const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len, gint64 now_ms,
                           CasaEvent *out, CasaReason *why);

/* TRUE: both say the same of the same occurrence. */
gboolean casa_event_equal(const CasaEvent *a, const CasaEvent *b);

G_END_DECLS
