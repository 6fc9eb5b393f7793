/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define CASA_NAME_MAX 64 /* bytes of one topic level (CONTRACT §1) */

typedef enum {
  CASA_TOPIC_STATION_READING, /* <root>/<source>/<domain>/<station> */
  CASA_TOPIC_METRIC_READING,  /* <root>/<source>/<domain>/<station>/<metric> */
  CASA_TOPIC_DESCRIPTOR,      /* <root>/<source>/$station/<station> */
  CASA_TOPIC_EVENT,           /* <root>/<source>/$event/<id> */
  CASA_TOPIC_STATUS,          /* <root>/<source>/$status */
  CASA_TOPIC_OWN,             /* <root>/<source>/$feedback, <root>/$control/…: written by us, not data */
} CasaTopicKind;

typedef struct {
  CasaTopicKind kind; /* of an event, the station is its id */
  char source[CASA_NAME_MAX + 1], domain[CASA_NAME_MAX + 1], station[CASA_NAME_MAX + 1], metric[CASA_NAME_MAX + 1];
} CasaTopic; /* levels a kind does not have are "" */

/* Why something was refused: a stable code for machines, words for people (what, where, how to mend it). */
typedef struct {
  const char *code; /* static: "topic", "payload-size", "utf8", "json", "empty", "no-metric", "type", "non-finite",
                     * "out-of-range", "unit", "time", "time-future", "time-past", "depth", "fields", "duplicate-key",
                     * "domain", "series-limit", "quota" */
  char text[256];   /* UTF-8, may quote (escaped, shortened) foreign text; for gtk_label_set_text, never markup */
} CasaReason;

/* Splits and checks a topic of @len bytes (need not end in NUL). FALSE: @why is filled. No allocation. Any thread. */
gboolean casa_topic_parse(const char *root, const char *topic, gsize len, CasaTopic *out, CasaReason *why);

/* Fills a reason, cutting at a UTF-8 boundary. */
void casa_reason_set(CasaReason *why, const char *code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Writes @len foreign bytes into @buf as printable UTF-8: unprintable bytes as \xNN, "…" when it was cut. Returns @buf. */
#define CASA_QUOTE_SIZE 80
char *casa_reason_quote(char buf[CASA_QUOTE_SIZE], const char *bytes, gsize len);

G_END_DECLS
