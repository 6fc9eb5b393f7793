/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reason.h"

G_BEGIN_DECLS

#define CASA_NAME_MAX 64 /* bytes of one topic level */

typedef enum {
  CASA_TOPIC_STATION_READING, /* <root>/<source>/<domain>/<station> */
  CASA_TOPIC_METRIC_READING,  /* <root>/<source>/<domain>/<station>/<metric> */
  CASA_TOPIC_KIT,             /* <root>/<source>/kit/<anything…>: a kit's own topic and payload */
  CASA_TOPIC_DESCRIPTOR,      /* <root>/<source>/$station/<station> */
  CASA_TOPIC_EVENT,           /* <root>/<source>/$event/<id> */
  CASA_TOPIC_REPORT,          /* <root>/<source>/$report/<id> */
  CASA_TOPIC_TWIN,   /* <root>/<source>/$twin/<domain>/<station>: what a station would say without the events that work */
  CASA_TOPIC_TOLL,   /* <root>/<source>/$twin: what those cost */
  CASA_TOPIC_STATUS, /* <root>/<source>/$status */
  CASA_TOPIC_OWN,    /* <root>/<source>/$feedback, <root>/$control/…: written by us, not data */
} CasaTopicKind;

typedef struct {
  CasaTopicKind kind; /* of an event or a report, the station is its id */
  char source[CASA_NAME_MAX + 1], domain[CASA_NAME_MAX + 1], station[CASA_NAME_MAX + 1], metric[CASA_NAME_MAX + 1];
  const char *kit; /* the kit's own topic, in the bytes that were parsed; no NUL at its end; NULL for other kinds */
  gsize kit_len;
} CasaTopic; /* levels a kind does not have are "" */

/* The word that stands in the domain's place in the topics of kits. What a kit measures that no domain knows is of this
 * domain. */
#define CASA_KIT_DOMAIN "kit"

/* Whether its payloads are decoded to readings. */
gboolean casa_topic_has_readings(const CasaTopic *topic);

/* Splits and checks a topic of @len bytes (need not end in NUL). FALSE: @why is filled, and out->source names whose
 * topic it is, where that can be told. No allocation. Any thread. */
gboolean casa_topic_parse(const char *root, const char *topic, gsize len, CasaTopic *out, CasaReason *why);

G_END_DECLS
