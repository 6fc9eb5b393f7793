/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pipeline-fixture.h"

G_BEGIN_DECLS

/* Ingest and store without a link: what a broker would hand over goes straight in. Aborts on failure. */
typedef struct {
  PipelineFixture *pipeline;
  CasaMetrics *metrics;
  CasaStore *store;
  CasaCounters *counters;
  CasaIngest *ingest;
} IngestFixture;

IngestFixture *ingest_fixture_new(const char *conf); /* text of pulse.conf, or NULL */
void ingest_fixture_free(IngestFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IngestFixture, ingest_fixture_free)

/* One message (QoS 1); it must be taken. */
void ingest_fixture_give(IngestFixture *self, const char *topic, const char *payload);
CasaCounts ingest_fixture_counts(IngestFixture *self); /* they add up, or the test ends */

G_END_DECLS
