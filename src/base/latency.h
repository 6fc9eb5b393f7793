/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Percentiles of the last minute in a fixed few KiB: a histogram whose buckets grow by an eighth of a doubling, so that a
 * percentile is at most 4.5 % away from the true one; from 1 ms (less is told as 0.5) to 65.5 s (more is told as that).
 * Kept as slices of ten seconds; whole slices are forgotten. Whoever has one guards it. */
#define CASA_LATENCY_BUCKETS 129 /* below 1 ms, and 16 doublings of 8 */
#define CASA_LATENCY_SLICES 7    /* six whole ones and the one being filled */

typedef struct {
  guint32 counts[CASA_LATENCY_SLICES][CASA_LATENCY_BUCKETS];
  gint64 newest; /* number of the slice being filled: monotonic time / 10 s */
} CasaLatency;

/* Zeroed memory is an empty one. @now_us monotonic; @ms finite. */
void casa_latency_add(CasaLatency *self, gint64 now_us, double ms);
/* NAN each while nothing was added in the last minute. Also forgets. */
void casa_latency_read(CasaLatency *self, gint64 now_us, double *p50, double *p95, double *p99);

G_END_DECLS
