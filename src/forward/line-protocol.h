/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* InfluxDB line protocol (InfluxDB docs, "Line protocol reference"), pure. Measurement = domain, tags sorted: source,
 * station; one or more float fields; millisecond time. */
typedef struct {
  const char *metric;
  double value; /* not finite: the field is left out */
} CasaLineField;

/* What the forwarder's own trial is written to (influx-trial.c): no domain goes there. */
#define CASA_LINE_TRIAL "casa_pulse"

/* Names that mean something to a server get a prefix no name of a topic can have, since it has a full stop: a metric `time`,
 * `source`, `station` or one that begins with _ is written as `field.time` …, a domain `casa_pulse` or one that begins with _
 * as `domain.casa_pulse` …. These two take it away again. Return a part of their argument; any thread. */
const char *casa_line_metric(const char *field);
const char *casa_line_domain(const char *measurement);

/* Appends one line with '\n'. FALSE and nothing appended: no finite field, or a name that cannot be written (empty,
 * control character, trailing backslash, not UTF-8; a domain beginning with #). A metric that cannot be written is left out
 * like a value that is not finite. */
gboolean casa_line_append(GString *out, const char *domain, const char *source, const char *station,
                          const CasaLineField *fields, guint n, gint64 t_ms);

/* Whether a line of this one field could be written; what says no belongs in quarantine, not in a batch. */
gboolean casa_line_can_write(const char *domain, const char *source, const char *station, const CasaLineField *field);

G_END_DECLS
