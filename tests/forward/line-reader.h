/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A strict reader of line protocol, written from the published reference and from what influxd 1.6.7 refuses; it shares
 * nothing with the writer. Only what Casa Pulse writes: two tags, float fields, a time. */

#define LINE_FIELDS_MAX 128

typedef struct {
  char *measurement, *source, *station;
  guint n;
  char *fields[LINE_FIELDS_MAX];
  double values[LINE_FIELDS_MAX];
  gint64 t_ms;
} LineRead;

/* Reads one line at *@p, its '\n' included, and moves *@p behind it. NULL: read. Otherwise what is wrong with it. */
const char *line_read(const char **p, LineRead *out);
void line_read_clear(LineRead *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LineRead, line_read_clear)

G_END_DECLS
