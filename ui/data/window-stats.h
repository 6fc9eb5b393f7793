/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/columns.h"

G_BEGIN_DECLS

/* Statistics of what one series has stored in a stretch of time. Pure. */
typedef struct {
  guint64 n;             /* samples */
  double min, max, mean; /* exact; NAN without a sample */
  double median, p95;    /* of the samples' columns, each as often as it has samples: nearest rank */
  gboolean exact;        /* median and p95 too: no column has more than one sample */
  guint n_gaps;          /* silences longer than was allowed, those at both ends too */
  gint64 gaps_ms;        /* how long they are together */
  double coverage;       /* 0…1: share of the stretch that is in none of them */
} CasaWindowStats;

/* Silences of one series in @columns, within [@from_ms, @to_ms): longer than @patience_ms, and than three times what stands
 * between samples around them, so that a past kept in coarser steps is not taken for one full of holes. Those at both ends too.
 * *@joined_ms (may be NULL): the longest time between two samples that is no silence. (element-type CasaGap) (transfer full) */
GArray *casa_window_silences(const CasaColumns *columns, gint64 from_ms, gint64 to_ms, gint64 patience_ms, gint64 *joined_ms);

/* Of @columns (of one series, CASA_COLUMNS_ONE) within [@from_ms, @to_ms). @patience_ms: see
 * casa_window_silences(). */
CasaWindowStats casa_window_stats(const CasaColumns *columns, gint64 from_ms, gint64 to_ms, gint64 patience_ms);

G_END_DECLS
