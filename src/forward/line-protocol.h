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

/* Appends one line with '\n'. FALSE and nothing appended: no finite field, or a name that cannot be written (empty,
 * newline, trailing backslash). */
gboolean casa_line_append(GString *out, const char *domain, const char *source, const char *station,
                          const CasaLineField *fields, guint n, gint64 t_ms);

G_END_DECLS
