/* SPDX-License-Identifier: Apache-2.0 */
#include "base/latency.h"

#include <math.h>
#include <string.h>

#define SLICE_US (10 * G_USEC_PER_SEC)
#define PER_DOUBLING 8

static guint
bucket_of(double ms)
{
  if (ms < 1)
    return 0;
  double place = log2(ms) * PER_DOUBLING;
  return place >= CASA_LATENCY_BUCKETS - 2 ? CASA_LATENCY_BUCKETS - 1 : 1 + (guint)place;
}

/* The middle of a bucket, on the same scale. */
static double
value_of(guint bucket)
{
  return bucket == 0 ? 0.5 : exp2((bucket - 0.5) / PER_DOUBLING);
}

static void
advance(CasaLatency *self, gint64 now_us)
{
  gint64 slice = now_us / SLICE_US;
  gint64 steps = MIN(slice - self->newest, CASA_LATENCY_SLICES);
  for (gint64 i = 0; i < steps; i++)
    memset(self->counts[(slice - i) % CASA_LATENCY_SLICES], 0, sizeof self->counts[0]);
  self->newest = MAX(self->newest, slice);
}

void
casa_latency_add(CasaLatency *self, gint64 now_us, double ms)
{
  advance(self, now_us);
  self->counts[self->newest % CASA_LATENCY_SLICES][bucket_of(ms)]++;
}

static double
percentile(const guint64 *sums, guint64 total, guint percent)
{
  guint64 rank = (total * percent + 99) / 100, seen = 0; /* nearest rank, from 1 */
  for (guint i = 0; i < CASA_LATENCY_BUCKETS; i++) {
    seen += sums[i];
    if (seen >= rank && seen > 0)
      return value_of(i);
  }
  return NAN;
}

void
casa_latency_read(CasaLatency *self, gint64 now_us, double *p50, double *p95, double *p99)
{
  guint64 sums[CASA_LATENCY_BUCKETS] = { 0 }, total = 0;
  advance(self, now_us);
  for (guint s = 0; s < CASA_LATENCY_SLICES; s++)
    for (guint i = 0; i < CASA_LATENCY_BUCKETS; i++)
      sums[i] += self->counts[s][i];
  for (guint i = 0; i < CASA_LATENCY_BUCKETS; i++)
    total += sums[i];
  *p50 = percentile(sums, total, 50);
  *p95 = percentile(sums, total, 95);
  *p99 = percentile(sums, total, 99);
}
