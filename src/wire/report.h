/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reading.h"

G_BEGIN_DECLS

#define CASA_REPORT_TEXT_MAX 1024 /* bytes: 280 characters of any script */

/* What a `$report` message says: somebody saw something somewhere (docs/WIRE.md, "Reports"). A stranger's words: shown to
 * nobody before the organiser did. */
typedef struct {
  char source[CASA_NAME_MAX + 1], id[CASA_NAME_MAX + 1]; /* of the topic */
  char service[CASA_NAME_MAX + 1];                       /* what it is about: "eclairage" */
  double lat, lon;                                       /* degrees */
  char text[CASA_REPORT_TEXT_MAX + 1];                   /* one line or more, without control characters; may be "" */
  gboolean closed;                                       /* its sender says that it is dealt with */
  gboolean withdrawn; /* an empty payload: its sender takes it back; nothing above but the names is set */
} CasaReport;

/* Payload of a CASA_TOPIC_REPORT. FALSE: nothing usable, @why filled. Pure; any thread. */
gboolean casa_decode_report(const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len,
                            CasaReport *out, CasaReason *why);

G_END_DECLS
