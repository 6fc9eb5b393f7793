/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The bounded queue between the ingest thread and the screen. When it is full the oldest are dropped and counted: the
 * screen is a copy, the store has everything. */

typedef struct {
  guint series;      /* CasaSeriesInfo.id */
  gboolean retained; /* last known value, arrived on subscribe */
  gint64 t_ms, received_ms;
  double value;
  gboolean twin; /* not measured: what would be without the events that work (docs/WIRE.md, "Without it") */
} CasaLive;

typedef struct _CasaHub CasaHub;

CasaHub *casa_hub_new(guint capacity); /* An empty queue for @capacity samples. (transfer full) */
void casa_hub_free(CasaHub *self);     /* NULL is fine. Nobody may push or drain any more. */
/* Producer side, any thread; never blocks on the consumer. Returns how many older ones were dropped (0 or 1). */
guint casa_hub_push(CasaHub *self, const CasaLive *live);
/* Consumer: moves up to @max into @out, oldest first; returns how many. */
guint casa_hub_drain(CasaHub *self, CasaLive *out, guint max);
void casa_hub_close(CasaHub *self); /* further pushes are no-ops */

G_END_DECLS
