/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "house.h"

G_BEGIN_DECLS

/* Ingest and store without a link: what a broker would hand over goes straight in. Aborts on failure. */
typedef struct {
  House *house;
  CasaMetrics *metrics;
  CasaStore *store;
  CasaCounters *counters;
  CasaIngest *ingest;
} Seam;

Seam *seam_new(const char *conf); /* text of pulse.conf, or NULL */
void seam_free(Seam *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seam, seam_free)

/* One message (QoS 1); it must be taken. */
void seam_give(Seam *self, const char *topic, const char *payload);
CasaCounts seam_counts(Seam *self); /* they add up, or the test ends */

G_END_DECLS
