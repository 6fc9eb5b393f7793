/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* What the city's indicators say now, worked out from the newest values of a store: for programs without a screen. Those of the
 * wall (ui/data/figures.h) follow each station's own pace instead, and also tell what is only the last known value. */

/* A value that is older counts no more, milliseconds: what the wall grants a station whose pace it does not know. */
#define CASA_FIGURES_FRESH_MS G_GINT64_CONSTANT(180000)

typedef struct {
  const CasaIndicator *indicator; /* lives as long as its set */
  double value;                   /* in the indicator's metric's unit; finite */
  gint64 t_ms;                    /* newest sample in it, UTC milliseconds */
  guint n, known;                 /* stations in it, stations that have this quantity */
  gboolean simulated;             /* some of it is */
} CasaFigureNow;

/* Of each indicator of @set that is the city's, of newest values and known at @now_ms (UTC milliseconds), in the order of
 * the file. Left out: means over hours, indexes, and counts of publishers. The caller's thread, which uses @reader. Errors: as
 * other reads of @reader. (element-type CasaFigureNow) (transfer full) */
GArray *casa_figures_now(CasaReader *reader, const CasaIndicators *set, gint64 now_ms,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
