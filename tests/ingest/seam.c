/* SPDX-License-Identifier: Apache-2.0 */
#include "seam.h"

#include <string.h>

Seam *
seam_new(const char *conf)
{
  Seam *self = g_new0(Seam, 1);
  g_autoptr(GError) error = NULL;
  self->house = house_new(conf, NULL);
  CasaStoreOptions options = { .path = self->house->store, .max_series = self->house->config->max_series };
  self->metrics = casa_metrics_load(self->house->config->dir, &error);
  g_assert_no_error(error);
  g_autofree char *aside = NULL;
  self->store = casa_store_open(&options, &aside, &error);
  g_assert_no_error(error);
  self->counters = casa_counters_new();
  self->ingest = casa_ingest_new(self->house->config, self->metrics, self->store, NULL, self->counters);
  return self;
}

void
seam_free(Seam *self)
{
  casa_ingest_free(self->ingest);
  casa_counters_free(self->counters);
  casa_store_close(self->store);
  casa_metrics_free(self->metrics);
  house_free(self->house);
  g_free(self);
}

void
seam_give(Seam *self, const char *topic, const char *payload)
{
  CasaMessage message = {
    .topic = topic, .topic_len = strlen(topic), .payload = payload, .payload_len = strlen(payload), .qos = 1
  };
  g_assert_true(casa_ingest_message(&message, self->ingest));
}

CasaCounts
seam_counts(Seam *self)
{
  CasaCounts c;
  casa_counters_read(self->counters, &c);
  house_assert_adds_up(&c);
  return c;
}
