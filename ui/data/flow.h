/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* How reports of many stations came in, before any of them has reported twice: where several a second came for a while without
 * a pause, several a second are promised. Once that was so it stays so. */
typedef struct {
  gint64 since_ms, last_ms; /* arrivals without a pause between them */
  guint n;
  gboolean steady;
} CasaFlow;

/* A report that was measured just before it arrived at @t_ms. */
void casa_flow_note(CasaFlow *self, gint64 t_ms);

G_END_DECLS
