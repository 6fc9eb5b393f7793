/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest-fixture.h"

#include <string.h>

IngestFixture *
ingest_fixture_new(const char *conf)
{
  IngestFixture *self = g_new0(IngestFixture, 1);
  g_autoptr(GError) error = NULL;
  self->pipeline = pipeline_new(conf, NULL);
  CasaStoreOptions options = { .path = self->pipeline->store, .max_series = self->pipeline->config->max_series };
  self->metrics = casa_metrics_load(self->pipeline->config->dir, &error);
  g_assert_no_error(error);
  g_autofree char *aside = NULL;
  self->store = casa_store_open(&options, &aside, &error);
  g_assert_no_error(error);
  self->counters = casa_counters_new();
  self->ingest = casa_ingest_new(self->pipeline->config, self->metrics, self->store, NULL, self->counters);
  return self;
}

void
ingest_fixture_free(IngestFixture *self)
{
  casa_ingest_free(self->ingest);
  casa_counters_free(self->counters);
  casa_store_close(self->store);
  casa_metrics_free(self->metrics);
  pipeline_free(self->pipeline);
  g_free(self);
}

void
ingest_fixture_give(IngestFixture *self, const char *topic, const char *payload)
{
  CasaMessage message = {
    .topic = topic, .topic_len = strlen(topic), .payload = payload, .payload_len = strlen(payload), .qos = 1
  };
  g_assert_true(casa_ingest_message(&message, self->ingest));
}

CasaCounts
ingest_fixture_counts(IngestFixture *self)
{
  CasaCounts c;
  casa_counters_read(self->counters, &c);
  pipeline_assert_adds_up(&c);
  return c;
}
